"""JSON Schemas of content models, for editors and for error messages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from bot.content.positions import Loc


def schema(model: type[BaseModel]) -> str:
    """The JSON Schema of a model as text for a file: what editors use to complete and check while writing."""
    content = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema()
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def branches(top: Mapping[str, Any], loc: Loc) -> list[Mapping[str, Any]]:
    """The parts of a JSON Schema that may describe the value at `loc`."""

    def spread(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        if "$ref" in part:
            return spread(top["$defs"][part["$ref"].rpartition("/")[2]])
        inner = [each for word in ("anyOf", "oneOf", "allOf") for each in part.get(word, ())]
        return [part, *(each for branch in inner for each in spread(branch))]

    here = spread(top)
    for step in loc:
        below = [
            part.get("items") if isinstance(step, int)
            else part.get("properties", {}).get(step, part.get("additionalProperties"))
            for part in here
        ]  # fmt: skip
        here = [each for part in below if isinstance(part, Mapping) for each in spread(part)]
    return here


def choices_of(branch: Mapping[str, Any]) -> Sequence[object]:
    """What the value may be, where a part of a JSON Schema lists it."""
    return [branch["const"]] if "const" in branch else branch.get("enum", ())
