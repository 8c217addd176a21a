"""Option values: how words become a number, a member, a channel or a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.chat.language import _
from bot.chat.mass_mentions import UnknownGroup
from bot.chat.menu import Option, OptionKind
from bot.chat.parsing.tokens import Token
from bot.chat.time import moment_parser
from bot.chat.time.zones import zone as known_zone


class NameLookup(Protocol):
    """Who and what a name means here; the name comes without its `@` or `#`, the answer is the platform's id."""

    def member(self, text: str) -> str | None: ...

    def channel(self, text: str) -> str | None: ...

    def group(self, text: str) -> str | UnknownGroup:
        """A role or group as `bot.chat.mass_mentions.group_of` reads it: its id, or what was written; or that none has this name."""
        ...


@dataclass(frozen=True, slots=True)
class _Nobody:
    def member(self, text: str) -> str | None:  # noqa: ARG002
        return None

    def channel(self, text: str) -> str | None:  # noqa: ARG002
        return None

    def group(self, text: str) -> str:
        return text


NOBODY: NameLookup = _Nobody()
"""Knows no name: for platforms whose mentions arrive escaped, with their ids."""


@dataclass(frozen=True, slots=True)
class _Anybody:
    def member(self, text: str) -> str | None:
        return text

    def channel(self, text: str) -> str | None:
        return text

    def group(self, text: str) -> str:
        return text


ANYBODY: NameLookup = _Anybody()
"""Knows every name: for lines of which only the shape matters."""


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """A value, and how many tokens it used."""

    value: object
    used: int = 1


_Parse = Callable[[str], object]
_Take = Callable[[Sequence[str]], tuple[object, int] | None]


def _apart(found: tuple[object, str | None, int] | None) -> tuple[object, int] | None:
    return None if found is None else ((found[0], found[1]), found[2])


_PHRASES: dict[OptionKind, tuple[_Parse, _Take]] = {
    OptionKind.WHEN: (moment_parser.parse_when, lambda words: _apart(moment_parser.take_when(words))),
    OptionKind.RHYTHM: (moment_parser.parse_rule, lambda words: _apart(moment_parser.take_rule(words))),
    OptionKind.COMING: (
        moment_parser.parse_moment_or_rule,
        lambda words: _apart(moment_parser.take_moment_or_rule(words)),
    ),
    OptionKind.SPAN: (moment_parser.parse_span, moment_parser.take_span),
    OptionKind.DURATION: (moment_parser.parse_duration, moment_parser.take_duration),
    OptionKind.DAY: (moment_parser.parse_day, moment_parser.take_day),
}
EXAMPLES = {
    OptionKind.WORD: '"two words"',
    OptionKind.NAME: "Lincoln Middle School",
    OptionKind.NUMBER: "14",
    OptionKind.YES_NO: "yes",
    OptionKind.MEMBER: "@ada",
    OptionKind.CHANNEL: "#staffroom",
    OptionKind.GROUP: "@teachers",
    OptionKind.WHEN: "fri 09:00",
    OptionKind.DAY: "19 dec",
    OptionKind.SPAN: "19 dec to 5 jan",
    OptionKind.RHYTHM: "every mon 9am",
    OptionKind.COMING: "thu 4pm",
    OptionKind.DURATION: "6d",
    OptionKind.ZONE: "Chicago",
}
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "on"), True),
    **dict.fromkeys(("no", "n", "false", "off"), False),
}
_LONGEST_NAME = 5  # words of a member's name


def parse_value(
    option: Option, tokens: Sequence[Token], names: NameLookup, prose: bool = False
) -> ParsedValue | None:
    """The value that these tokens start with, or None when they do not fit.

    `prose` says that the tokens may just as well begin the member's own text: take only what nobody would write
    there by chance.
    """
    first = tokens[0]
    if option.kind in _PHRASES:
        return _take_phrase(option.kind, tokens)
    if option.kind in (OptionKind.MEMBER, OptionKind.CHANNEL):
        return _take_name(option.kind, tokens, names, prose)
    if option.kind is OptionKind.NAME:
        return None if prose and not first.quoted else _take_words(tokens)
    if option.kind in (OptionKind.WORD, OptionKind.GROUP, OptionKind.TEXT):
        if not first.text or (prose and not first.quoted):
            return None
        return ParsedValue(names.group(first.text) if option.kind is OptionKind.GROUP else first.text)
    value = _one(option, first.text, prose)
    return None if value is None else ParsedValue(value)


def _take_words(tokens: Sequence[Token]) -> ParsedValue | None:
    """A name of several words: all of them, or the one phrase in quotes."""
    words = tokens[:1] if tokens[0].quoted else tokens
    name = " ".join(token.text for token in words).strip()
    return ParsedValue(name, len(words)) if name else None


def _one(option: Option, text: str, prose: bool) -> object:
    """The value of a kind that is always one word; None when this word is no such value."""
    match option.kind:
        case OptionKind.NUMBER:
            return int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else None
        case OptionKind.YES_NO:
            return _YES_NO.get(text.casefold())
        case OptionKind.CHOICE:
            return _choice(option.choices, text.casefold(), prose)
        case OptionKind.ID:
            return _id(option.letter, text, prose)
        case _:
            return find_zone(text)


def _choice(choices: tuple[str, ...], text: str, prose: bool) -> str | None:
    exact = [choice for choice in choices if choice.casefold() == text]
    begun = [choice for choice in choices if text and not prose and choice.casefold().startswith(text)]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def _id(letter: str, text: str, prose: bool) -> int | str | None:
    """`p12` as 12. A letter with a dot ("c.") is a pair of numbers: `c1.2` as "1.2"."""
    number = text.casefold().removeprefix(letter.rstrip("."))
    if prose and number == text:
        return None  # "3 of us …" begins a sentence
    if letter.endswith("."):
        return number if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,9}", number) else None
    return int(number) if re.fullmatch(r"[0-9]{1,15}", number) else None


def _take_phrase(kind: OptionKind, tokens: Sequence[Token]) -> ParsedValue | None:
    """A phrase of time: the whole of a quoted one, else as many of the words as belong to it."""
    parse, take_some = _PHRASES[kind]
    if tokens[0].quoted:
        try:
            return _with_zone(parse(tokens[0].text), 1)
        except moment_parser.PhraseError:
            return None
    found = take_some([token.text for token in tokens])
    return None if found is None else _with_zone(*found)


def _with_zone(value: object, used: int) -> ParsedValue | None:
    """The zone written after a time or rhythm under its proper name; a zone that does not exist fits nothing."""
    match value:
        case (first, str(written)):
            zone = find_zone(written)
            return None if zone is None else ParsedValue((first, zone), used)
        case _:
            return ParsedValue(value, used)


def _take_name(
    kind: OptionKind, tokens: Sequence[Token], names: NameLookup, prose: bool
) -> ParsedValue | None:
    first, sign = tokens[0], "@" if kind is OptionKind.MEMBER else "#"
    if first.mention:
        return ParsedValue(first.mention[1:]) if first.mention[0] == sign else None
    if prose and not first.text.startswith(sign):
        return None
    find = names.member if kind is OptionKind.MEMBER else names.channel
    longest = _LONGEST_NAME if kind is OptionKind.MEMBER and not first.quoted else 1
    for used in range(min(longest, len(tokens)), 0, -1):
        found = find(" ".join(token.text for token in tokens[:used]).removeprefix(sign))
        if found is not None:
            return ParsedValue(found, used)
    return None


def find_zone(text: str) -> str | None:
    """The IANA zone of this name, however it was capitalized."""
    try:
        return str(known_zone(text))
    except moment_parser.PhraseError:
        return None


def explain_bad_time(option: Option, text: str) -> str:
    """What is wrong with a time, in words for the person; empty for every other kind."""
    if option.kind not in _PHRASES:
        return ""
    try:
        value = _PHRASES[option.kind][0](text)
    except moment_parser.PhraseError as error:
        return error.problem
    match value:
        case (_first, str(written)):
            return _("There is no zone “{name}”.", name=written)
        case _other:
            return ""
