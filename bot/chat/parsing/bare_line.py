"""Commands that somebody writes in a direct message as they would say them: without a slash, or with a space after it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from bot.chat.menu import Menu, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import ROOT, parse_call

_SLASH = re.compile(r"^[/\\]\s+(?=\w)")
_BETWEEN = frozenset(
    ("of", "the", "and", "for", "in", "at", "de", "del", "la", "las", "los", "el", "y", "&", "-")
)
"""Words that are small within a name."""
_NEAR = 0.8
"""How alike a word and a noun must be, where the next word is a verb of it."""


def command_line_in(menu: Menu, text: str) -> str:
    """The command line that a text is; empty where it is none. The member's own words in it stay as they are.

    Without a slash it is one only as a whole: a noun, or a noun and one of its verbs with options that can be read. So
    "course progress" is a command, and "course progress is slow this year" is not.
    """
    said = _SLASH.sub("/", text.strip())
    first, rest = _split_first(said)
    if first.lower().rstrip(",:") == f"@{ROOT}":
        said = rest or ROOT
        first, rest = _split_first(said)
    if not first or first.startswith("/"):
        return said
    noun = _noun_of(menu, said.split())
    if not noun:
        return ""
    whole = f"/{noun} {rest}".rstrip()
    line = whole.rstrip(".!")
    try:
        call = parse_call(menu, "", line)
    except Refusal:
        return ""
    names = (
        str(call.values.get(one.name, "")) for one in call.command.options if one.kind is OptionKind.NAME
    )
    if not all(map(_is_name, names)):
        return ""
    written = call.command.text is not None and call.command.text.name in call.values
    return whole if written else line


def _split_first(said: str) -> tuple[str, str]:
    """The first word of a text, and what follows it."""
    parts = said.split(maxsplit=1)
    return (parts[0] if parts else ""), (parts[1] if len(parts) > 1 else "")


def _is_name(words: str) -> bool:
    """Whether words may be a name: "team join Lincoln Middle School" is a command, "team progress is slow" is none."""
    first, *more = words.split() or [""]
    capital = (
        each[0].isupper() or each[0].isdigit() or each.lower() in _BETWEEN for each in (first, *more) if each
    )
    return not more or all(capital)


def _noun_of(menu: Menu, words: list[str]) -> str:
    """The noun that a text without a slash begins with, followed by nothing or by one of its verbs."""
    first = words[0].lower()
    second = words[1].lower().rstrip(".!") if len(words) > 1 else ""
    if first not in menu.nouns:
        near = get_close_matches(first, menu.nouns, n=1, cutoff=_NEAR) if second and len(first) > 3 else []
        first = near[0] if near else ""
    if not first or not second:
        return first.rstrip(".!")
    verbs = {each for one in menu.of(first) for each in (*one.verb.split()[:1], *one.formerly)}
    return first if second in verbs else ""
