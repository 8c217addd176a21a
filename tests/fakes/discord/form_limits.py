"""What Discord refuses in a modal (docs components/reference and interactions/receiving-and-responding)."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.component_limits import (
    CHECK,
    CHECKS,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    TEXT,
    TEXT_INPUT,
    UPLOAD,
    check_options,
    check_select,
    check_unique,
    walk,
)
from tests.fakes.discord.errors import Complaints

Json = dict[str, Any]


def check_modal(modal: Json) -> None:
    """Refuse a modal with Discord's own words."""
    wrong = Complaints()
    wrong.longest("data.custom_id", modal.get("custom_id"), 100, 1)
    wrong.longest("data.title", modal.get("title"), 45, 1)
    parts = modal.get("components")
    if wrong.count("data.components", parts, 5, 1) and parts is not None:
        for i, part in enumerate(parts):
            _check_part(wrong, f"data.components.{i}", part)
        check_unique(wrong, walk(parts, "data.components"))
    wrong.refuse_if_any()


def _check_part(wrong: Complaints, at: str, part: Json) -> None:
    kind = part.get("type")
    if kind == TEXT:
        wrong.longest(f"{at}.content", part.get("content"), 4000, 1)
    elif kind == ROW:  # the old way: one text input with its own label
        if wrong.count(f"{at}.components", part.get("components"), 1, 1):
            child = part["components"][0]
            wrong.longest(f"{at}.components.0.label", child.get("label"), 45, 1)
            _check_field(wrong, f"{at}.components.0", child, (TEXT_INPUT,))
    elif kind == LABEL:
        wrong.longest(f"{at}.label", part.get("label"), 45, 1)
        if part.get("description") is not None:
            wrong.longest(f"{at}.description", part["description"], 100)
        child = part.get("component")
        if not isinstance(child, dict):
            wrong.add(f"{at}.component", "BASE_TYPE_REQUIRED", "This field is required")
            return
        if child.get("label"):
            wrong.add(f"{at}.component.label", "BASE_TYPE_NOT_ALLOWED", "The label belongs to the Label.")
        _check_field(wrong, f"{at}.component", child, (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKS, CHECK))
    else:
        wrong.add(f"{at}.type", "UNION_TYPE_CHOICES", "Value of field 'type' must be one of (1, 10, 18).")


def _check_field(wrong: Complaints, at: str, field: Json, allowed: tuple[int, ...]) -> None:
    kind = field.get("type")
    if kind not in allowed:
        wrong.add(f"{at}.type", "UNION_TYPE_CHOICES", f"Value of field 'type' must be one of {allowed}.")
        return
    if kind not in SELECTS:
        wrong.longest(f"{at}.custom_id", field.get("custom_id"), 100, 1)
    if kind == TEXT_INPUT:
        _check_input(wrong, at, field)
    elif kind in SELECTS:
        check_select(wrong, at, field)
        if field.get("disabled"):
            wrong.add(f"{at}.disabled", "BASE_TYPE_NOT_ALLOWED", "A select in a modal cannot be disabled.")
    elif kind == RADIO:
        check_options(wrong, f"{at}.options", field.get("options"), 2, 10)
        if sum(bool(o.get("default")) for o in field.get("options") or []) > 1:
            wrong.add(f"{at}.options", "RADIO_GROUP_TOO_MANY_DEFAULTS", "Only one option can be the default.")
    elif kind == CHECKS:
        check_options(wrong, f"{at}.options", field.get("options"), 1, 10)
        wrong.whole(f"{at}.min_values", _or(field.get("min_values"), 1), 0, 10)
        wrong.whole(f"{at}.max_values", _or(field.get("max_values"), 1), 1, 10)
    elif kind == UPLOAD:
        wrong.whole(f"{at}.min_values", _or(field.get("min_values"), 1), 0, 10)
        wrong.whole(f"{at}.max_values", _or(field.get("max_values"), 1), 1, 10)


def _check_input(wrong: Complaints, at: str, field: Json) -> None:
    if field.get("style") not in (1, 2):
        wrong.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
    least, most = _or(field.get("min_length"), 0), _or(field.get("max_length"), 4000)
    wrong.whole(f"{at}.min_length", least, 0, 4000)
    wrong.whole(f"{at}.max_length", most, 1, 4000)
    if field.get("value") is not None:
        wrong.longest(f"{at}.value", field["value"], min(4000, most) if isinstance(most, int) else 4000)
    if field.get("placeholder") is not None:
        wrong.longest(f"{at}.placeholder", field["placeholder"], 100)


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value
