"""A command line as somebody fills it into a client with one box for each option."""

from __future__ import annotations

from bot.chat.menu import Command, Menu, OptionKind
from bot.chat.parsing.argument_reader import ArgumentReader
from bot.chat.parsing.command_line import find_command
from bot.chat.parsing.tokens import Token
from bot.chat.parsing.values import NameLookup

Given = dict[str, str | int | bool]


class _Boxes(ArgumentReader):
    """Notes which words of the line each option got, as they were typed."""

    def __init__(self, command: Command, said: str, at: int, names: NameLookup) -> None:
        super().__init__(command, said, at, names)
        self.boxes: dict[str, str] = {}

    def _take_option(self, token: Token) -> bool:
        before = set(self.values)
        taken = super()._take_option(token)
        self._note(before, token.value)
        return taken

    def _take_positional(self, token: Token) -> bool:
        before = set(self.values)
        taken = super()._take_positional(token)
        self._note(before, token.start)
        return taken

    def _note(self, before: set[str], start: int) -> None:
        for name in set(self.values) - before:
            text = self.said[start : self.at].strip()
            whole = len(text) > 1 and text[0] == text[-1] == '"'
            self.boxes[name] = text[1:-1] if whole else text


def filled_in(menu: Menu, line: str, names: NameLookup) -> tuple[Command, Given]:
    """The command of a line, and what stands in the box of each option. Raises `Refusal`.

    Members and channels are ids; numbers and yes or no have their own types.
    """
    command, at = find_command(menu, line)
    reading = _Boxes(command, line, at, names)
    reading.read()
    given: Given = {}
    for option in command.options:
        if option.name in reading.values:
            value = reading.values[option.name]
            exact = option.kind in (
                OptionKind.NUMBER, OptionKind.YES_NO, OptionKind.CHOICE, OptionKind.MEMBER, OptionKind.CHANNEL, OptionKind.TEXT
            )  # fmt: skip
            given[option.name] = value if exact else reading.boxes[option.name]  # type: ignore[assignment]
    return command, given
