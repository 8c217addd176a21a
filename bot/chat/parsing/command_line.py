"""The parser that turns a line of text into a command of the menu.

    line     = [root] noun [SP verb] { SP arg } [ SP freetext ]
    arg      = key ":" value | positional
    freetext = everything after a dash on its own, or from the first token that is no option or positional

Keys and verbs ignore case, and a verb may be cut short. Positional options may come in any order that leaves no
doubt. Whatever cannot be understood is a `Refusal` that returns the line, mended where one word is to blame.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.language import _
from bot.chat.menu import Call, Command, Menu, Option, OptionKind
from bot.chat.menu_cards import ROOM, fill_button, is_short, line_button, way_on
from bot.chat.models import Refusal
from bot.chat.parsing import suggestions
from bot.chat.parsing.argument_reader import ArgumentReader, next_words
from bot.chat.parsing.suggestions import (
    bad_value,
    nearest_words,
    replace_token,
)
from bot.chat.parsing.tokens import Token, readable_text, single_value, token_at
from bot.chat.parsing.values import NOBODY, NameLookup, parse_value

__all__ = [
    "NOBODY",
    "ROOT",
    "NameLookup",
    "find_command",
    "find_noun",
    "parse_call",
    "read_option",
]

ROOT = "tilth"
"""The noun that may stand before all others: for places where the other nouns belong to somebody else."""
WAYS = 4
"""Buttons for what an unfinished word can mean."""


def parse_call(menu: Menu, noun: str, line: str, names: NameLookup = NOBODY) -> Call:
    """The command that this line means.

    `noun` is the platform's own command (`/reflect`) and `line` what follows it; with an empty noun, the line
    holds it. Raises `Refusal`, never anything else.
    """
    noun = noun.strip()
    said = f"/{noun.lstrip('/')} {line}" if noun and not noun.startswith("@") else f"{noun} {line}".lstrip()
    try:
        command, at = find_command(menu, said)
    except Refusal as refusal:
        raise with_ways_on(menu, refusal, _nearest_home(menu, said), said) from None
    reading = ArgumentReader(command, said, at, names)
    try:
        reading.read()
    except Refusal as refusal:
        raise with_ways_on(menu, refusal, command, said) from None
    return Call(
        command, reading.values, readable_text(said).strip(), reading.written, frozenset(reading.loose)
    )


def read_option(option: Option, text: str, names: NameLookup = NOBODY) -> object:
    """The value of one option that came as text: from a platform's typed option or a form. Raises `Refusal`."""
    if option.kind is OptionKind.TEXT and text.strip():
        return text.strip()
    found = parse_value(option, [single_value(text)], names)
    if found is None or found.value == "":
        raise bad_value(option, single_value(text).text, "")
    return found.value


def with_ways_on(menu: Menu, refusal: Refusal, command: Command | None, said: str) -> Refusal:
    """A refusal of the parser with buttons: the line it was meant to be, a form for it, or the noun's home."""
    mended, written = refusal.returning, readable_text(said).strip()
    if mended and mended != written and not set("@#") & set(mended) and len(mended) <= ROOM:
        line = mended.lstrip("/@")
        if (meant := _meant(menu, line)) is not None:
            way_on(refusal, line_button(meant, line, mended))
            refusal.quotes = False
    elif is_short(mended) and mended == written:
        refusal.quotes = False
    if command is None:
        known = [one for one in menu.commands if f"/{one.noun}" == written]
        return way_on(refusal, *map(line_button, known[:WAYS]))
    return way_on(refusal, fill_button(command) if command.verb else line_button(command))


def _nearest_home(menu: Menu, said: str) -> Command | None:
    """The home of the noun that a line begins with, or the one from which everything is reached."""
    try:
        noun = find_noun(menu, said)[0]
    except Refusal:
        noun = ROOT
    return menu.find(noun, "") or menu.find(ROOT, "")


def _meant(menu: Menu, line: str) -> Command | None:
    try:
        return find_command(menu, line)[0]
    except Refusal:
        return None


# ── noun and verb ─────────────────────────────────────────────────────────────


def find_command(menu: Menu, said: str) -> tuple[Command, int]:
    """The command that a line begins with, and where its arguments begin."""
    noun, at = find_noun(menu, said)
    return _find_verb(menu, noun, said, at)


def find_noun(menu: Menu, said: str) -> tuple[str, int]:
    """The noun that a line begins with, past the root noun, and where the rest begins."""
    token = token_at(said, 0)
    noun = _name(token) if token else ROOT
    at = token.end if token else 0
    while noun == ROOT and (token := token_at(said, at)) is not None:
        inner = _name(token)
        if token.quoted or inner not in menu.nouns or menu.find(ROOT, inner) is not None:
            break
        noun, at = inner, token.end
    if noun not in menu.nouns:
        raise _no_noun(menu, said, token_at(said, 0))
    return noun, at


def _name(token: Token) -> str:
    return token.text.lstrip("/@").casefold()


def _no_noun(menu: Menu, said: str, token: Token | None) -> Refusal:
    near = nearest_words(_name(token), menu.nouns, 0.6) if token else []
    if not near or token is None:
        return Refusal(_("There is no such command."), "", readable_text(said).strip())
    mended = readable_text(replace_token(said, token, f"/{near[0]}")).strip()
    return Refusal(_("There is no such command."), _("Did you mean `/{command}`?", command=near[0]), mended)


def _find_verb(menu: Menu, noun: str, said: str, at: int) -> tuple[Command, int]:
    """The longest verb that the next words spell, or begin without doubt; else the noun's home."""
    home = menu.find(noun, "")
    verbs = {tuple(c.verb.casefold().split()): c for c in menu.of(noun) if c.verb}
    former = {tuple(old.casefold().split()): c for c in menu.of(noun) for old in c.formerly}
    tokens = next_words(said, at, max(map(len, (*verbs, *former)), default=0), dashes=False)
    spelled = [token.text.casefold() for token in tokens]
    for used in range(len(spelled), 0, -1):
        if (exact := verbs.get(tuple(spelled[:used]))) is not None:
            return exact, tokens[used - 1].end
        if (renamed := former.get(tuple(spelled[:used]))) is not None:
            raise suggestions.renamed_verb(said, tokens[:used], renamed)
    for used in range(len(spelled), 0, -1):
        if home is not None and home.text is not None:
            break  # "in my class …" is the text of this home, not the beginning of a verb
        begun = [c for verb, c in verbs.items() if _begins(spelled[:used], verb)]
        if len(begun) == 1:
            return begun[0], tokens[used - 1].end
        if begun:
            ways = tuple(line_button(command) for command in begun[:WAYS])
            raise Refusal(
                _("That could be several commands. Which one do you mean?"),
                "",
                readable_text(said).strip(),
                ways,
            )
    token = token_at(said, at)
    if home is not None and (token is None or home.options):
        return home, at
    raise _no_verb(menu, noun, said, token)


def _begins(spelled: Sequence[str], verb: Sequence[str]) -> bool:
    return len(spelled) <= len(verb) and all(
        word.startswith(cut) for cut, word in zip(spelled, verb, strict=False)
    )


def _no_verb(menu: Menu, noun: str, said: str, token: Token | None) -> Refusal:
    verbs = [c.verb for c in menu.of(noun) if c.verb]
    if token is None:
        return Refusal(_("What do you want to do?"), "", readable_text(said).strip())
    others = menu.nouns if noun == ROOT else ()
    near = nearest_words(token.text, [*(verb.split()[0] for verb in verbs), *others], 0.6)
    if not near:
        return Refusal(_("There is no such command."), "", readable_text(said).strip())
    mended = readable_text(replace_token(said, token, near[0])).strip()
    meant = _("Did you mean `/{command}`?", command=f"{noun} {near[0]}")
    return Refusal(_("There is no such command."), meant, mended)
