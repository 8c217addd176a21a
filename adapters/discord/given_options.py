"""What Discord made of a command's options, read as a call of the menu. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.menu import Call, Command, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing import command_line

Given = Mapping[str, object]
_QUOTES = '"“”„«'
_TIMESTAMP = re.compile(r"<t:(-?\d{1,13})(?::[a-zA-Z])?>")


def may_open(command: Command, given: Given) -> bool:
    """Whether the answer may be a form: the command's own, or one that asks for what is missing."""
    return _call_as_given(command, given).opens


def read_call(command: Command, given: Given) -> Call:
    """A command with its values, from what Discord made of its options. Raises `Refusal`."""
    said = _call_as_given(command, given)
    line, values = f"/{said.rewrite()}", dict(said.values)
    for option in command.options:
        raw = values.get(option.name)
        if isinstance(raw, str) and option.kind not in (
            OptionKind.CHOICE,
            OptionKind.MEMBER,
            OptionKind.CHANNEL,
        ):
            try:
                values[option.name] = command_line.read_option(option, _instants(raw))
            except Refusal as refusal:
                raise Refusal(refusal.problem, refusal.fix, line) from None
    return replace(said, values=values, line=line)


def _call_as_given(command: Command, given: Given) -> Call:
    """A command with its values as they came, none of them read yet."""
    told = {one.name: given[one.name] for one in command.options if given.get(one.name) not in (None, "")}
    written = {name: _spell(value) for name, value in told.items()}
    # People write a whole line into the first box; what stands in quotes there is one name.
    loose = frozenset(name for name, text in written.items() if text[0] not in _QUOTES)
    return Call(command, told, written=written, loose=loose)


def _spell(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _instants(text: str) -> str:
    """Discord's own way of writing an instant, as people write it."""

    def written(found: re.Match[str]) -> str:
        return f"{datetime.fromtimestamp(int(found[1]), UTC):%Y-%m-%d %H:%M} UTC"

    try:
        return _TIMESTAMP.sub(written, text)
    except (OverflowError, ValueError, OSError):
        return text
