"""What Discord made of a command's options, read as a call of the menu. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.chat.menu import Call, Command, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing import command_line

Given = Mapping[str, object]
_TIMESTAMP = re.compile(r"<t:(-?\d{1,13})(?::[a-zA-Z])?>")


def may_open(command: Command, given: Given) -> bool:
    """Whether the answer may be a form: the command's own, or one that asks for what is missing."""
    return command.opens or any(
        option.required and given.get(option.name) in (None, "") for option in command.options
    )


def read_call(command: Command, given: Given) -> Call:
    """A command with its values, from what Discord made of its options. Raises `Refusal`."""
    line = _line(command, given)
    values: dict[str, object] = {}
    for option in command.options:
        raw = given.get(option.name)
        if raw is None or raw == "":
            continue
        if isinstance(raw, str) and option.kind not in (
            OptionKind.CHOICE,
            OptionKind.MEMBER,
            OptionKind.CHANNEL,
        ):
            try:
                values[option.name] = command_line.read_option(option, _instants(raw))
            except Refusal as refusal:
                raise Refusal(refusal.problem, refusal.fix, line) from None
        else:
            values[option.name] = raw
    missing = tuple(one.name for one in command.options if one.required and one.name not in values)
    return Call(command, values, line, missing, _written(command, given))


def _line(command: Command, given: Given) -> str:
    """The command as it would be written, for handing back."""
    parts = [f"/{command.path}"]
    for option in command.options:
        value = given.get(option.name)
        if value is None or value == "":
            continue
        said = _spell(value)
        if option.kind is OptionKind.TEXT:
            parts.append(f"-- {said}")
        else:
            parts.append(f'{option.name}:"{said}"' if " " in said else f"{option.name}:{said}")
    return " ".join(parts)


def _written(command: Command, given: Given) -> dict[str, str]:
    """Each value that was given, as people write it."""
    known = ((option.name, given.get(option.name)) for option in command.options)
    return {name: _spell(value) for name, value in known if value is not None and value != ""}


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
