"""The commands in texts: written in one neutral way, `/prompt place s3`, and shown as each platform's people write them.

A text names a command by a slash, its noun and its verb, in code or bare. A platform that writes them otherwise gives a
`write` function, and lets `CommandTexts` go over everything it draws.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar, cast

from bot.chat.cards import Block, Card, CommandLink, Facts, Heading, Markdown, Note, Part, Words
from bot.chat.events import CompletionRequest, Event, Opening, Reply
from bot.chat.forms import FieldErrors, Form, Hint
from bot.chat.menu import Command, Menu
from bot.chat.models import Refusal
from bot.chat.parsing.argument_reader import ArgumentReader
from bot.chat.parsing.command_line import ROOT
from bot.chat.parsing.values import ANYBODY
from bot.chat.port import CorePort

_ARGUMENT = re.compile(
    r" (?:[a-z]+:(?:\"[^\"\n]*\"|[^\s,;)]*[^\s,.;:)])|[a-z][0-9]+(?:\.[0-9]+)?(?![\w.])|[#@][\w-]+)"
)
_MOST_WORDS = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WrittenCommand:
    """A command in a text: `line` as it stands there, and what each option was given, as it was written.

    What cannot be read as options is under the empty name.
    """

    line: str
    command: Command
    given: tuple[tuple[str, str], ...]
    code: bool


Write = Callable[[WrittenCommand], str | CommandLink]
"""How a platform writes a command in Markdown."""


class CommandTexts:
    """Goes over cards and forms, and writes the commands in them as `write` does."""

    def __init__(self, menu: Callable[[], Menu | None], write: Write) -> None:
        self._menu, self._write = menu, write

    def card(self, card: Card) -> Card:
        """The card with its commands written anew; members' own words stay as they are."""
        return replace(card, blocks=tuple(self._block(one) for one in card.blocks))

    def form(self, form: Form) -> Form:
        """The form with the commands in its hints written anew."""
        fields = (
            replace(one, text=self._flat(one.text))
            if isinstance(one, Hint)
            else replace(one, hint=self._flat(one.hint))
            for one in form.fields
        )
        return replace(form, fields=tuple(fields))

    def reply(self, reply: T) -> T:
        """An answer of the core: a card, a form, what is wrong with one, or something without words."""
        match reply:
            case Card():
                return cast("T", self.card(reply))  # a card for a card: mypy does not narrow a type variable
            case Form():
                return cast("T", self.form(reply))
            case FieldErrors(errors):
                return replace(reply, errors={name: self._flat(text) for name, text in errors.items()})
            case _:
                return reply

    def _block(self, block: Block) -> Block:
        match block:
            case Markdown(words):
                return Markdown(self._words(words))
            case Note(words):
                return Note(self._words(words))
            case Facts(rows):
                return Facts(tuple((label, self._words(value)) for label, value in rows))
            case Heading(text):
                return Heading(self._flat(text))
            case _:
                return block

    def _words(self, words: Words) -> Words:
        found: list[Part] = []
        for part in (words,) if isinstance(words, str) else words:
            found += self._parts(part) if isinstance(part, str) else (part,)
        return "".join(map(str, found)) if all(isinstance(one, str) for one in found) else tuple(found)

    def _parts(self, text: str) -> Iterator[Part]:
        menu = self._menu()
        for one in split_commands(menu, text) if menu is not None else (text,):
            yield one if isinstance(one, str) else self._write(one)

    def _flat(self, text: str) -> str:
        """A text that takes nothing but characters."""
        return "".join(one if isinstance(one, str) else one.plain for one in self._parts(text))


class WritingCore:
    """The core as an adapter sees it whose platform writes commands in its own way."""

    def __init__(self, core: CorePort, texts: CommandTexts) -> None:
        self._core, self._texts = core, texts

    @property
    def menu(self) -> Menu:
        return self._core.menu

    async def hear(self, event: Event) -> Reply:
        return self._texts.reply(await self._core.hear(event))

    async def form(self, opening: Opening) -> Form | Card:
        return self._texts.reply(await self._core.form(opening))

    async def complete(self, typing: CompletionRequest) -> tuple[tuple[str, str], ...]:
        return await self._core.complete(typing)


def split_commands(menu: Menu, text: str) -> Iterator[str | WrittenCommand]:
    """A text in pieces: what is said, and the commands in it."""
    found = _named_command(tuple(menu.nouns)) if "/" in text else None
    at = said = 0
    while found is not None and (match := found.search(text, at)) is not None:
        code = match[1] is not None
        noun, rest, end = (
            (match[1], match[2], match.end()) if code else (match[3], text[match.end() :], match.end())
        )
        at = end
        if (read := _read_verb(menu, noun, rest)) is None:
            continue
        command, arguments = read
        if not code:
            while (one := _ARGUMENT.match(arguments)) is not None and command.options:
                arguments = arguments[one.end() :]
            at = end = len(text) - len(arguments)
            arguments = text[match.end() + len(rest) - len(read[1]) : end]
        yield text[said : match.start()]
        line = text[match.start() + code : end - code]
        yield WrittenCommand(line, command, _read_given(command, line, arguments), code)
        said = end
    yield text[said:]


@cache
def _named_command(nouns: tuple[str, ...]) -> re.Pattern[str]:
    """A command of these nouns as it begins in a text, in code or bare."""
    noun = "|".join(map(re.escape, nouns)) or "(?!)"
    return re.compile(rf"(?<!`)`/({noun})\b([^`\n]*)`(?!`)|(?<![\w/`:.<-])/({noun})\b(?![/:.]\w)")


def _read_verb(menu: Menu, noun: str, rest: str) -> tuple[Command, str] | None:
    """The command with the longest verb that stands here, and what follows it."""
    for count in range(_MOST_WORDS, -1, -1):
        verb = re.match(rf"(?: [a-z-]+\b){{{count}}}(?![\w:])", rest)
        command = menu.find(noun, verb[0].strip()) if verb is not None else None
        if command is not None and verb is not None:
            return command, rest[verb.end() :]
    return None


def _read_given(command: Command, line: str, arguments: str) -> tuple[tuple[str, str], ...]:
    """What each option was given; nothing where the line only shows which options there are."""
    if not arguments.strip() or re.search(r"[\[<|]", arguments):
        return ()
    reader = ArgumentReader(command, line, len(line) - len(arguments), ANYBODY)
    try:
        reader.read()
    except Refusal:
        return (("", arguments.strip()),)
    return tuple(reader.written.items())


def rooted(written: WrittenCommand) -> str:
    """A command behind the one root, where the other names belong to other apps: `/tilth prompt place s3`."""
    line = written.line if written.command.noun == ROOT else f"/{ROOT} {written.line[1:]}"
    return f"`{line}`" if written.code else line
