"""The id and value of a pressed button or a chosen option, read from Slack's payload. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapters.slack.blocks import EMPTY, plain_text

Json = dict[str, Any]

LINE = 2000
"""Characters of a button's value."""


@dataclass(frozen=True, slots=True)
class ButtonState:
    """A button or select: `kind` is what it does, `id` and `value` its state.

    `line` is a button of ours that opens the form of a command which came as a message: Slack opens forms only
    for a click. Its value is the line itself.
    """

    kind: Literal["does", "opens", "line"]
    id: str
    value: str


def read_pressed(action: Mapping[str, Any]) -> ButtonState | None:
    """The meaning of one action; None for a link, or something that was never ours."""
    kind, _, state = str(action.get("action_id", "")).partition(":")
    if kind == "select":
        does, _, value = state.partition(":")
        chosen = str((action.get("selected_option") or {}).get("value") or "")
        return ButtonState("does", does, f"{value}/{'' if chosen == EMPTY else chosen}")
    given = str(action.get("value") or "")
    if kind == "line":
        return ButtonState("line", "", given)
    if kind not in ("does", "opens"):
        return None
    id, _, value = given.partition(":")
    return ButtonState("does" if kind == "does" else "opens", id, value)


def line_button(label: str, line: str) -> Json | None:
    """A row with the button that opens the form of a command; None when the line does not fit."""
    if len(line) > LINE:
        return None
    button = {
        "type": "button",
        "text": plain_text(label),
        "action_id": "line:0",
        "value": line,
        "style": "primary",
    }
    return {"type": "actions", "elements": [button]}
