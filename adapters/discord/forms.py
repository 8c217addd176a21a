"""Forms as Discord's modals, and submitted modals as values by field name. Pure.

A modal holds one to five parts (docs interactions/receiving-and-responding), words between the fields among them, and
a label has 45 characters. So a long question stands above its field where there is room, and else in the field's
description; hints go where room is left. Which field comes back as what is told by its own type: nothing is
remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.discord.handed_files import read_reference
from adapters.discord.markdown import clip_text, escape_markdown, render_markdown, size
from bot.chat import forms
from bot.chat.forms import Form, Hint, Input
from bot.chat.language import _, drawn_in_own_language

Json = dict[str, Any]
PARTS = 5
TITLE = 45
LABEL = 45
DESCRIPTION = 100
LETTERS = 4000
OPTION = 100
(
    STRING_SELECT,
    TEXT_INPUT,
    USER_SELECT,
    ROLE_SELECT,
    CHANNEL_SELECT,
    TEXT,
    LABEL_TYPE,
    UPLOAD,
    RADIO,
    CHECKS,
) = (
    3,
    4,
    5,
    6,
    8,
    10,
    18,
    19,
    21,
    22,
)
CHANNELS = [0, 5, 15]
"""Kinds of channels that can be picked: text, announcements, forum."""


@drawn_in_own_language
def modal_payload(form: Form, kept: Mapping[str, object] | None = None) -> Json:
    """A form as a modal; `kept` are values that were filled in before and refused."""
    room = PARTS - len(form.inputs)
    # What stands before all fields is a notice, and is read before any long question.
    notice = int(room > 0 and isinstance(form.fields[0], Hint))
    room -= notice
    above: set[int] = set()
    for at, part in enumerate(form.fields):
        if not isinstance(part, Hint) and room and _is_long(part):
            above.add(at)
            room -= 1
    room += notice
    parts: list[Json] = []
    waiting = ""
    for at, part in enumerate(form.fields):
        if isinstance(part, Hint):
            if room and part.text.strip():
                parts.append({"type": TEXT, "content": render_markdown(part.text)[:LETTERS]})
                room -= 1
            elif not _describe(parts, part.text):
                waiting = part.text
            continue
        if at in above:
            parts.append({"type": TEXT, "content": f"**{escape_markdown(part.label)}**"[:LETTERS]})
        shown = part if kept is None or part.name not in kept else _filled(part, kept[part.name])
        parts.append(_labelled(shown, waiting))
        waiting = ""
    return {
        "custom_id": f"{form.id}:{form.value}",
        "title": clip_text(form.title, TITLE),
        "components": parts,
    }


def read_modal_id(custom_id: str) -> tuple[str, str]:
    """The form and its value that a modal's custom id names."""
    id, _, value = custom_id.partition(":")
    return id, value


def role_word(role: str, server: str) -> str:
    """A picked role as its id; the one that everybody has, whose id is the server's, as a word that no schedule may call."""
    return "everyone" if role == server else role


def read_fields(
    components: Iterable[Mapping[str, Any]], server: str = "", files: Mapping[str, Any] | None = None
) -> dict[str, object]:
    """What was filled in, by field name: a text, an option, a tuple of options, or a reference to a file.

    `server`: where that was; `files`: what Discord tells of attachments, by their ids.
    """
    found: dict[str, object] = {}
    for part in components:
        inner = part.get("component")
        for field in [inner] if isinstance(inner, Mapping) else part.get("components") or ():
            name = field.get("custom_id")
            if name is None:
                continue
            values = tuple(str(value) for value in field.get("values") or ())
            match field.get("type"):
                case 22:
                    found[name] = values
                case 6:
                    found[name] = role_word(values[0], server) if values else ""
                case 19:
                    told = (files or {}).get(values[0]) if values else None
                    found[name] = read_reference(told) if told is not None else ""
                case 3 | 5 | 7 | 8:
                    found[name] = values[0] if values else ""
                case _:
                    found[name] = field.get("value") or ""
    return found


# ── one field ─────────────────────────────────────────────────────────────────


def _is_long(part: Input) -> bool:
    """Whether a question fits neither the label nor, with its hint, what stands below it."""
    rest = _split(part.label)[1]
    return size(rest) > DESCRIPTION or bool(rest and (part.hint or isinstance(part, forms.DateTime)))


def _labelled(part: Input, more: str) -> Json:
    label, rest = _split(part.label)
    hint = " ".join(text for text in (more.replace("**", ""), part.hint) if text)
    if isinstance(part, forms.DateTime):
        shape = _("Local time in {zone}, like 2026-10-02 18:30.", zone=part.zone)
        hint = f"{hint} {shape}".strip()
    shown: Json = {"type": LABEL_TYPE, "label": label, "component": _component(part)}
    if description := hint or rest:
        shown["description"] = clip_text(description, DESCRIPTION)
    return shown


def _split(label: str) -> tuple[str, str]:
    """A label that fits, and the rest of it."""
    label = " ".join(label.split())
    if size(label) <= LABEL:
        return label or "…", ""
    head = clip_text(label, LABEL)
    return head, f"…{label[len(head) - 1 :].lstrip()}"


def _describe(parts: Sequence[Json], text: str) -> bool:
    """Put a hint below the field before it, when nothing stands there yet."""
    if not parts or parts[-1]["type"] != LABEL_TYPE or "description" in parts[-1]:
        return False
    parts[-1]["description"] = clip_text(text, DESCRIPTION)
    return True


def _component(part: Input) -> Json:
    it: Json = {"custom_id": part.name, "required": part.required}
    match part:
        case forms.ShortText():
            return it | _text(1, " ".join(part.value.splitlines()), part.limit)
        case forms.LongText():
            return it | _text(2, part.value, part.limit)
        case forms.DateTime():
            value = f"{part.value:%Y-%m-%d %H:%M}" if part.value is not None else ""
            return it | _text(1, value, 40) | {"placeholder": "2026-10-02 18:30"}
        case forms.Scale():
            steps = tuple((str(step), _step(part, step)) for step in range(part.low, part.high + 1))
            return it | _one_of(steps, "" if part.value is None else str(part.value))
        case forms.Choice():
            return it | _one_of(part.options, part.value)
        case forms.Choices():
            return it | {
                "type": CHECKS,
                "options": _options(part.options, part.value),
                "min_values": int(part.required),
                "max_values": len(part.options),
            }
        case forms.Upload():  # which kinds of files, its newest clients can be told; the library cannot
            return it | {"type": UPLOAD, "min_values": int(part.required), "max_values": 1}
        case forms.Pick():
            return it | _picker(part)


def _picker(part: forms.Pick) -> Json:
    """Discord's own list of members, channels or roles."""
    kinds = {
        "member": (USER_SELECT, "user"),
        "channel": (CHANNEL_SELECT, "channel"),
        "group": (ROLE_SELECT, "role"),
    }
    number, name = kinds[part.what]
    made: Json = {"type": number} | ({"channel_types": CHANNELS} if part.what == "channel" else {})
    if part.value.isdecimal():
        made["default_values"] = [{"id": part.value, "type": name}]
    return made


def _text(style: int, value: str, limit: int) -> Json:
    it: Json = {
        "type": TEXT_INPUT,
        "style": style,
        "max_length": max(1, min(max(limit, len(value)), LETTERS)),
    }
    return it | ({"value": value} if value else {})


def _step(part: forms.Scale, step: int) -> str:
    word = {part.low: part.low_label, part.high: part.high_label}.get(step, "")
    return f"{step} ({word})" if word else str(step)


def _one_of(options: Sequence[tuple[str, str]], chosen: str) -> Json:
    """Radio buttons; a list where there are too few or too many for them (2 to 10)."""
    kind = RADIO if 2 <= len(options) <= 10 else STRING_SELECT
    return {"type": kind, "options": _options(options, (chosen,))}


def _options(options: Sequence[tuple[str, str]], chosen: Sequence[str]) -> list[Json]:
    return [
        {"value": value, "label": clip_text(label, OPTION) or value}
        | ({"default": True} if value in chosen else {})
        for value, label in options
    ]


def _filled(part: Input, value: object) -> Input:
    """The field holding what somebody filled in before, as far as it can show that."""
    match part:
        case forms.Upload():
            return part
        case forms.Choices():
            return replace(
                part, value=tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()
            )
        case forms.Scale():
            return replace(part, value=int(str(value)) if str(value).lstrip("-").isdecimal() else None)
        case forms.DateTime():
            try:
                return replace(part, value=datetime.fromisoformat(str(value)))
            except ValueError:
                return part
        case forms.LongText():
            kept = str(value)[: forms.LONGEST]  # what was refused may be longer than it may be
            return replace(part, value=kept, limit=max(part.limit, len(kept)))
        case _:
            return replace(part, value=str(value))
