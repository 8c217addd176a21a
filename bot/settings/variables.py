"""The list of every environment variable, and `.env.example`, which is made from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings.model import PREFIX, Settings

LAST = ("content", "log", "log_format")
"""Settings that stand after the groups."""


_EXAMPLES: dict[Any, str] = {frozenset: '["local:admin"]', dict: '{"name": "value"}'}
"""How a setting of each kind that is JSON is written, where it has no example of its own."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable; `several` says that it holds several things by name (`…__NORTH__NAME`)."""

    name: str
    default: str
    description: str
    several: bool
    example: str = ""
    """How its JSON is written; empty where it holds none."""


def list_variables(model: type[Settings]) -> list[Variable]:
    """Every variable of the settings, in the order of `.env.example`."""
    fields = sorted(model.model_fields.items(), key=lambda one: one[0] in LAST)
    return [one for name, field in fields for one in _of_field(name, field)]


def _of_field(name: str, field: FieldInfo) -> Iterator[Variable]:
    kind = field.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for inner, info in kind.model_fields.items():
            yield _variable(f"{name}__{inner}", info)
    else:
        yield _variable(name, field)


def _variable(path: str, field: FieldInfo) -> Variable:
    default = field.get_default(call_default_factory=True)
    return Variable(
        f"{PREFIX}{path}".upper(),
        _as_text(default),
        field.description or "",
        get_origin(field.annotation) is dict,
        _example(field),
    )


def _example(field: FieldInfo) -> str:
    """How its JSON is written; empty where it holds none."""
    usual = _EXAMPLES.get(get_origin(field.annotation) or object, "")
    return str(field.examples[0]) if usual and field.examples else usual


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, frozenset):
        return json.dumps(sorted(value))
    return "" if value is None or value == {} else str(value)


def env_example(model: type[Settings]) -> str:
    """The text of `.env.example`."""
    lines = ["# Every setting of Tilth with its default. Copy to .env and change what you need.", ""]
    for one in list_variables(model):
        lines += [f"# {one.description}", f"#{one.name}={one.default}", ""]
    return "\n".join(lines)
