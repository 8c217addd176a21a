"""Help: cards that list what somebody may ask for, and suggestions for a line being typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.chat.cards import Block, Button, Card, Facts, Heading, Markdown, Note
from bot.chat.language import _
from bot.chat.menu import Command, Menu, Option, OptionKind
from bot.chat.menu_cards import MORE, home_buttons, line_button, offered, rows_of
from bot.chat.models import Refusal, Role
from bot.chat.parsing.argument_reader import ArgumentReader
from bot.chat.parsing.command_line import ROOT, find_command, find_noun
from bot.chat.parsing.tokens import normalize_text
from bot.chat.parsing.values import ANYBODY, EXAMPLES

# ── help ──────────────────────────────────────────────────────────────────────


def help_card(menu: Menu, role: Role, topic: str = "") -> Card:
    """What somebody with this role can ask; `topic` is a noun or a noun and a verb, written in any way."""
    mine = _allowed(menu, role)
    if not topic.strip():
        return _overview(mine)
    said = f"/{topic.strip().lstrip('/')}"
    try:
        noun, at = find_noun(mine, said)
        command = find_command(mine, said)[0] if said[at:].strip() else None
    except Refusal as refusal:
        return _overview(mine, f"{refusal.problem} {refusal.fix}".strip())
    return _noun_card(mine, noun) if command is None or not command.verb else _command_card(command)


def _allowed(menu: Menu, role: Role) -> Menu:
    commands = tuple(menu.allowed(role))
    kept = {command.noun for command in commands}
    return Menu(commands, {noun: about for noun, about in menu.nouns.items() if noun in kept})


def _overview(menu: Menu, problem: str = "") -> Card:
    title = _("What I can do")
    blocks: list[Block] = [Heading(title), *([Markdown(problem)] if problem else ())]
    homes = [home for noun in menu.nouns if noun != ROOT and (home := menu.find(noun, "")) is not None]
    names = [f"`/{home.noun}`" if home.under else f"**{home.title}**" for home in homes]
    lines = [f"- {name}: {_(menu.nouns[home.noun])}" for name, home in zip(names, homes, strict=True)]
    blocks.append(Markdown("\n".join(lines)))
    buttons = [line_button(home) for home in homes if not home.under]
    if (root := menu.find(ROOT, "")) is not None and offered(menu.below(root)):
        buttons.append(Button(_("Reports, calendar and setup"), does=MORE, value=f"{ROOT}/0"))
    blocks += rows_of(buttons)
    blocks.append(Note(_("Press a button to see what you can do there. You can also type a command.")))
    return Card(title, tuple(blocks))


def _noun_card(menu: Menu, noun: str) -> Card:
    commands = menu.of(noun)
    lines = [f"- `/{command.path}`: {_(command.summary)}" for command in commands if not command.repeats]
    # A few at a time: a paragraph of everything would be longer than a message may be.
    parts = [Markdown("\n".join(lines[at : at + 6])) for at in range(0, len(lines), 6)]
    about = Markdown(_(menu.nouns[noun]))
    home = menu.find(noun, "")
    title = home.title if home is not None else f"/{noun}"
    return Card(title, (Heading(title), about, *parts, *home_buttons(noun, menu.below(home) if home else ())))


def _command_card(command: Command) -> Card:
    blocks: list[Block] = [
        Heading(command.title), Markdown(f"{_(command.summary)}\n\n`{command.usage}`")
    ]  # fmt: skip
    if command.options:
        blocks.append(Facts(tuple((_label(option), _about(option)) for option in command.options)))
    if command.examples:
        lines = "\n".join(f"- `{line}`" for line in command.examples)
        blocks.append(Markdown(_("For example:\n{lines}", lines=lines)))
    blocks += rows_of([line_button(command)])
    blocks += [Note(_who_may(command)), Note(_who_sees(command))]
    return Card(command.title, tuple(blocks))


def _who_may(command: Command) -> str:
    match command.role:
        case Role.ADMIN:
            return _("Only admins can do this.")
        case Role.MODERATOR:
            return _("Only moderators can do this.")
        case _:
            return _("Every member can do this.")


def _who_sees(command: Command) -> str:
    return _("Everybody here can see the answer.") if command.public else _("Only you see the answer.")


def _label(option: Option) -> str:
    if option.kind is OptionKind.TEXT:
        return f"-- {option.name}"
    return option.name if option.positional else f"{option.name}:"


def _about(option: Option) -> str:
    about = _(option.summary).rstrip(".")
    if option.choices:
        return _("{about}: one of {choices}", about=about, choices=", ".join(option.choices))
    if option.kind is OptionKind.ID:
        number = "1.2" if option.letter.endswith(".") else "12"
        return _("{about}, like {example}", about=about, example=f"{option.letter.rstrip('.')}{number}")
    if option.kind in EXAMPLES and option.kind is not OptionKind.WORD:
        return _("{about}, like {example}", about=about, example=EXAMPLES[option.kind])
    return about


# ── suggestions ───────────────────────────────────────────────────────────────

_OPEN_QUOTE = re.compile(r"(?<!\S)(?:[^\W\d_][\w-]*:)?[\"“„«][^\"“”„»]*\Z")
_LAST_WORD = re.compile(r"\S*\Z")
_KEY = re.compile(r"([^\W\d_][\w-]*):(?!//)(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LineSuggestion:
    """One way to go on. `insert` is the whole line after taking it; `label` is what to show for it."""

    insert: str
    label: str
    summary: str


@dataclass(frozen=True, slots=True)
class Typed:
    """The cursor stands at the value of an option that the core completes: what `port.Typing` needs.

    `partial` is as much of the value as has been typed, `before` the line up to it.
    """

    command: Command
    option: Option
    partial: str
    before: str
    values: dict[str, object]

    def taking(self, value: str) -> str:
        """The whole line after taking this value."""
        return f'{self.before}"{value}" ' if re.search(r"\s", value) else f"{self.before}{value} "


def suggest_lines(menu: Menu, text: str, role: Role) -> tuple[LineSuggestion, ...]:
    """How a line that is being typed can go on, cursor at its end; only what this role may do."""
    mine = _allowed(menu, role)
    before, partial = _split(text)
    if not before.strip():
        return tuple(_nouns(mine, partial)) if partial.startswith("/") else ()
    if not before.lstrip().startswith(("/", f"@{ROOT}")):
        return ()
    reading = _read(mine, before)
    found = [*_verbs(mine, before, normalize_text(partial).casefold())]
    if reading is not None and not reading.listening:
        found += _values(reading, before, partial)
    return tuple(found)


def option_at_cursor(menu: Menu, text: str) -> Typed | None:
    """The option whose value is being typed, when the core offers choices for it; the cursor is at the end."""
    before, partial = _split(text)
    reading = _read(menu, before) if before.lstrip().startswith(("/", f"@{ROOT}")) else None
    if reading is None or reading.listening:
        return None
    option, begun = _typing(reading, partial)
    if reading.name is not None and ":" not in partial and not partial.startswith('"'):
        option, begun = reading.name[0], text[reading.name[1] :]  # the next word of a name
    if option is None or not option.completes:
        return None
    value = begun.lstrip('"“„«')
    return Typed(reading.command, option, value, text[: len(text) - len(begun)], reading.values)


def _split(text: str) -> tuple[str, str]:
    """What is finished, and the word or open quote that is being typed."""
    found = _OPEN_QUOTE.search(text) or _LAST_WORD.search(text)
    start = found.start() if found else len(text)
    return text[:start], text[start:]


def _read(menu: Menu, before: str) -> ArgumentReader | None:
    try:
        command, at = find_command(menu, before)
        reading = ArgumentReader(command, before, at, ANYBODY)
        reading.read()
    except Refusal:
        return None  # nothing sensible can follow; sending the line will say why
    return reading


def _nouns(menu: Menu, partial: str) -> Iterator[LineSuggestion]:
    for noun, about in menu.nouns.items():
        if noun.startswith(partial.lstrip("/").casefold()):
            yield LineSuggestion(f"/{noun} ", f"/{noun}", _(about))


def _verbs(menu: Menu, before: str, partial: str) -> Iterator[LineSuggestion]:
    try:
        noun, at = find_noun(menu, before)
    except Refusal:
        return
    spelled, start = normalize_text(before[at:]).casefold().split(), before[:at]
    for command in menu.of(noun):
        verb = command.verb.casefold().split()
        if (
            verb[: len(spelled)] == spelled
            and len(spelled) < len(verb)
            and verb[len(spelled)].startswith(partial)
        ):
            yield LineSuggestion(f"{start} {command.verb} ", f"/{command.path}", _(command.summary))
    if noun == ROOT and not spelled:
        for other, about in menu.nouns.items():
            if other != ROOT and other.startswith(partial):
                yield LineSuggestion(f"{start} {other} ", f"/{ROOT} {other}", _(about))


def _typing(reading: ArgumentReader, partial: str) -> tuple[Option | None, str]:
    """The option whose value the cursor is at, and as much of the value as there is."""
    if found := _KEY.match(partial):
        option = reading.command.option(found[1].casefold())
        return (None, "") if option is None or option.name in reading.values else (option, found[2])
    return (reading.waiting[0] if reading.waiting else None), partial


def _values(reading: ArgumentReader, before: str, partial: str) -> Iterator[LineSuggestion]:
    """Choices of the option at the cursor, then the options that have no value yet, then the free text."""
    option, begun = _typing(reading, partial)
    start = before + partial[: len(partial) - len(begun)]
    if option is not None:
        choices = option.choices or (("yes", "no") if option.kind is OptionKind.YES_NO else ())
        for choice in choices:
            if choice.casefold().startswith(begun.casefold()):
                yield LineSuggestion(f"{start}{choice} ", choice, _(option.summary))
    if ":" in partial:
        return
    for option in reading.command.options:
        fresh = option.name not in reading.values and option.kind is not OptionKind.TEXT
        if fresh and option.name.startswith(partial.casefold()):
            yield LineSuggestion(f"{before}{option.name}:", f"{option.name}:", _(option.summary))
    if (text := reading.command.text) is not None and "--".startswith(partial):
        yield LineSuggestion(f"{before}-- ", f"-- {text.name}", _(text.summary))


# ── how it looks ──────────────────────────────────────────────────────────────


def examples() -> tuple[Card, ...]:
    """The cards of this module, for the gallery and for the tests of every platform."""
    share = Option(
        "share", "Who may read it", OptionKind.CHOICE, choices=("me", "moderators", "team", "everyone")
    )
    text = Option("text", "Your answer", OptionKind.TEXT)
    prompt = Option("prompt", "Which prompt", OptionKind.ID, positional=True, letter="p", completes=True)
    lines = ("/reflect answer p12 share:team -- We tried wait time.", "/reflect answer We tried wait time.")
    answer = Command(
        "reflect", "answer", "Answer a prompt.", (prompt, share, text), opens=True, examples=lines
    )
    report = Command("report", "export", "Answers and progress as a file.", role=Role.MODERATOR)
    nouns = {"reflect": "Answer the prompts of your community.", "report": "How the community is doing."}
    menu = Menu((Command("reflect", "", "What is open now."), answer, report), nouns)
    return (
        help_card(menu, Role.MODERATOR),
        help_card(menu, Role.MEMBER, "refelct"),
        help_card(menu, Role.MEMBER, "reflect"),
        help_card(menu, Role.MEMBER, "reflect answer"),
    )
