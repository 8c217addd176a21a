"""A person fills in a form: what they leave alone keeps its default, and the client checks the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import options as opts
from tests.fakes.discord.component_limits import CHECK, CHECKS, LABEL, RADIO, ROW, TEXT, TEXT_INPUT, UPLOAD
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.world import Channel, User

if TYPE_CHECKING:
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
POINTERS = {5: opts.USER, 6: opts.ROLE, 7: opts.ANYBODY, 8: opts.CHANNEL}


def filled_form(rig: Rig, place: Channel, user: User, modal: Json, values: Mapping[str, Any]) -> Json:
    """The data of a modal's interaction. Values are found by custom id or by label."""
    left = dict(values)
    pairs: list[tuple[int, str]] = []
    sent: list[Json] = []
    for number, part in enumerate(modal["components"], start=1):
        if part["type"] == TEXT:
            sent.append({"type": TEXT, "id": number})
        elif part["type"] == ROW:
            field = part["components"][0]
            inner = _field(rig, field, field["label"], left, pairs)
            sent.append({"type": ROW, "id": number, "components": [inner]})
        else:
            inner = _field(rig, part["component"], part["label"], left, pairs)
            sent.append({"type": LABEL, "id": number, "component": inner})
    if left:
        raise Impossible(f"the form {modal['title']!r} does not ask for {sorted(left)}")
    data: Json = {"custom_id": modal["custom_id"], "components": sent}
    if pairs:
        data["resolved"] = opts.resolved(rig, place, user, pairs)
    return data


def _field(rig: Rig, field: Json, label: str, left: dict[str, Any], pairs: list[tuple[int, str]]) -> Json:
    key = next((k for k in (field["custom_id"], label) if k in left), None)
    given = left.pop(key) if key is not None else None
    shape: Json = {"type": field["type"], "custom_id": field["custom_id"], "id": field.get("id") or 0}
    required = field.get("required", True)
    if field["type"] == TEXT_INPUT:
        return shape | {"value": _text(field, label, given, required)}
    if field["type"] == CHECK:
        return shape | {"value": bool(field.get("default", False) if given is None else given)}
    if field["type"] == RADIO:
        value = _options(field, label, [given] if given is not None else None)
        if required and not value:
            raise Impossible(f"{label!r} is required")
        return shape | {"value": value[0] if value else None}
    if field["type"] in POINTERS:
        default = [d["id"] for d in field.get("default_values") or []]
        ids = [str(v.id) for v in _several(given)] if given is not None else [str(d) for d in default]
        pairs += [(POINTERS[field["type"]], v) for v in ids]
    elif field["type"] == UPLOAD:
        ids = [opts._uploaded(rig, name, data) for name, data in (given or {}).items()]
        pairs += [(opts.FILE, v) for v in ids]
    else:
        ids = _options(field, label, _several(given) if given is not None else None)
    _check_count(field, label, ids, required)
    return shape | {"values": ids}


def _several(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple | set) else [given]


def _text(field: Json, label: str, given: Any, required: bool) -> str:
    text = field.get("value") or "" if given is None else str(given)
    if required and not text.strip():
        raise Impossible(f"{label!r} is required")
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if text and not least <= len(text) <= most:
        raise Impossible(f"{label!r} takes {least} to {most} characters, not {len(text)}")
    return text


def _options(field: Json, label: str, given: list[Any] | None) -> list[str]:
    """Chosen values by value or label; without a choice, what is chosen beforehand."""
    options = field.get("options") or []
    if given is None:
        return [str(o["value"]) for o in options if o.get("default")]
    values: list[str] = []
    for wanted in given:
        found = next((o for o in options if wanted in (o["value"], o["label"])), None)
        if found is None:
            raise Impossible(f"{wanted!r} is no option of {label!r}: {[o['label'] for o in options]}")
        values.append(str(found["value"]))
    return values


def _check_count(field: Json, label: str, values: list[str], required: bool) -> None:
    least, most = field.get("min_values"), field.get("max_values")
    most = most or (len(field.get("options") or []) if field["type"] == CHECKS else 1)
    least = 1 if least is None else least
    if not values and not required:
        return
    if not (max(1, least) if required else least) <= len(values) <= most:
        raise Impossible(f"{label!r} takes {least} to {most} choices")
