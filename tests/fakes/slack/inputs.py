"""What elements hold: what they start with, what a person puts in, and what Slack's client refuses."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.fakes.slack.elements import IN_ACTIONS, IN_INPUT
from tests.fakes.slack.world import Json


class NotPossible(AssertionError):
    """A person cannot do this in Slack's client; the message says why."""


KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
MANY = {k for k, (key, _) in KEYS.items() if key.endswith("s")}


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block with each element in it that a person can use."""
    for block in blocks:
        found = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        for element in found:
            if isinstance(element, dict) and element.get("type") in IN_ACTIONS | IN_INPUT:
                yield block, element


def names(block: Json, element: Json) -> list[str]:
    """Everything by which a test may call an element."""
    texts = [block.get("label"), element.get("text"), element.get("placeholder")]
    known = [element.get("action_id"), block.get("block_id"), element.get("value")]
    labels = [t.get("text") for t in texts if isinstance(t, dict)]
    return [str(name) for name in [*labels, *known] if isinstance(name, str) and name]


def find(blocks: list[Json], called: str, kinds: set[str]) -> tuple[Json, Json]:
    """The element that is called so, by label before id; `NotPossible` names what there is."""
    there = [(b, e) for b, e in interactive(blocks) if e["type"] in kinds]
    for block, element in there:
        if called in names(block, element)[:1] or called == element.get("action_id"):
            return block, element
    for block, element in there:
        if called in names(block, element):
            return block, element
    raise NotPossible(f"there is no {called!r} to use here, only {[names(b, e)[0] for b, e in there]}")


# ── states ────────────────────────────────────────────────────────────────────


def initial_state(element: Json) -> Json:
    key, initial = KEYS[element["type"]]
    empty: Any = [] if element["type"] in MANY else None
    return {"type": element["type"], key: copy.deepcopy(element.get(initial, empty))}


def given_state(element: Json, value: Any) -> Json:
    """What an element holds after a person put `value` in: text, an option's value or label, ids, an instant."""
    kind = element["type"]
    key, _ = KEYS[kind]
    if kind in MANY:
        values = [value] if isinstance(value, str) else list(value)
        held: Any = [_option(element, v) for v in values] if key == "selected_options" else values
    elif value is None:
        held = None
    elif key == "selected_option":
        held = _option(element, value)
    elif kind == "datetimepicker":
        held = int(value.timestamp()) if isinstance(value, datetime) else int(value)
    elif kind == "rich_text_input":
        held = value
    else:
        held = str(value)
    return {"type": kind, key: held}


def _option(element: Json, value: Any) -> Json:
    if isinstance(value, Mapping):  # an external option, as it was suggested
        return dict(value)
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    for option in options:
        if value in (option.get("value"), option["text"]["text"]):
            return copy.deepcopy({k: v for k, v in option.items() if k in ("text", "value", "description")})
    raise NotPossible(f"there is no option {value!r}, only {[o['text']['text'] for o in options]}")


def held(state: Json) -> Any:
    return state[KEYS[state["type"]][0]]


def refusal(block: Json, element: Json, state: Json) -> str | None:
    """What Slack's client says before it sends anything."""
    value = held(state)
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) > element.get("max_length", 3000):
            return f"Please use at most {element.get('max_length', 3000)} characters."
        if len(value) < element.get("min_length", 0):
            return f"Please use at least {element['min_length']} characters."
    elif kind == "number_input":
        return _number_refusal(element, value)
    elif kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    elif kind == "url_text_input" and not re.fullmatch(r"https?://\S+", value):
        return "Please enter a valid URL."
    elif kind == "file_input" and len(value) > element.get("max_files", 10):
        return f"Please choose at most {element.get('max_files', 10)} files."
    elif kind in MANY and len(value) > element.get("max_selected_items", 1000):
        return f"Please choose at most {element['max_selected_items']}."
    return None


def _number_refusal(element: Json, value: str) -> str | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "Please enter a number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Please enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number not below {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number not above {element['max_value']}."
    return None
