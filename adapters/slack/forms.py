"""Forms as Slack's modals, and submitted modals as raw fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.slack.blocks import EMPTY, Look, option_block, plain_text, shorten_text
from adapters.slack.handed_files import read_reference
from adapters.slack.markdown import Prose
from adapters.slack.rich_text import Json, cut_pieces
from adapters.slack.say import view_blocks
from bot.chat.cards import Card
from bot.chat.forms import (
    Choice,
    Choices,
    DateTime,
    FieldErrors,
    Form,
    FormField,
    Hint,
    Input,
    LongText,
    Pick,
    Scale,
    ShortText,
    Upload,
)
from bot.chat.language import _, drawn_in_own_language

TITLE = 24
"""Characters of the title and the buttons of a modal."""
LONGEST = 3000
"""Characters of a text field; also of the text it begins with."""
FEW = 5
"""Options that are shown as radio buttons; more become a list that opens."""
GROUP = "group"
"""The action of a field in which a user group is written."""
FIELD = "field:"


@drawn_in_own_language
def modal_view(form: Form, metadata: str) -> Json:
    """A form as a modal; `metadata` comes back with what is submitted."""
    blocks = [block for part in form.fields for block in _blocks(part)]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain_text(modal_title(form.title)),
        "submit": plain_text(modal_title(form.submit)),
        "close": plain_text(_("Cancel")),
        "private_metadata": metadata,
        "blocks": blocks,
    }


@drawn_in_own_language
def card_view(card: Card, metadata: str, look: Look) -> Json:
    """A card as a modal, for where there is no message to answer in."""
    return {
        "type": "modal",
        "callback_id": "card",
        "title": plain_text(modal_title(card.title)),
        "close": plain_text(_("Close")),
        "private_metadata": metadata,
        "blocks": view_blocks(card, look),
    }


def modal_title(text: str) -> str:
    """A title cut at a word to what a modal shows."""
    if len(text) <= TITLE:
        return text
    head = text[: TITLE - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > TITLE // 2 else head).rstrip(" ,.;:–-") + "…"


def error_payload(given: FieldErrors, view: Mapping[str, Any]) -> dict[str, str]:
    """Errors by block id. Slack shows none at all if one names no input, so those go to the first."""
    blocks = [str(one["block_id"]) for one in view.get("blocks") or () if one.get("type") == "input"]
    found: dict[str, str] = {}
    for name, words in given.errors.items():
        block = f"{FIELD}{name}" if f"{FIELD}{name}" in blocks else blocks[0]
        found[block] = shorten_text(f"{found[block]} {words}" if block in found else words, 1000)
    return found


def read_fields(view: Mapping[str, Any]) -> dict[str, object]:
    """What was filled in, by field name, as the core reads it: text, option values, a naive local time; and references to files."""
    values = (view.get("state") or {}).get("values") or {}
    found: dict[str, object] = {}
    for block, actions in values.items():
        if block.startswith(FIELD):
            for action, state in actions.items():
                found[block.removeprefix(FIELD)] = _value(action, state)
    return found


def list_groups(view: Mapping[str, Any]) -> list[str]:
    """The names of the fields in which a user group is written."""
    values = (view.get("state") or {}).get("values") or {}
    return [block.removeprefix(FIELD) for block, actions in values.items() if GROUP in actions]


def _value(action: str, state: Mapping[str, Any]) -> object:
    match state.get("type"):
        case "static_select" | "radio_buttons":
            return _chosen(state.get("selected_option"))
        case "checkboxes":
            return tuple(_chosen(one) for one in state.get("selected_options") or ())
        case "datetimepicker":
            return _local(state.get("selected_date_time"), action.partition(":")[2])
        case "users_select":
            return state.get("selected_user") or ""
        case "conversations_select":
            return state.get("selected_conversation") or ""
        case "file_input":
            files = state.get("files") or ()
            return read_reference(files[0]) if files else ""
        case _:
            return state.get("value") or ""


def _chosen(given: Mapping[str, Any] | None) -> str:
    value = str((given or {}).get("value") or "")
    return "" if value == EMPTY else value


def _local(seconds: object, zone: str) -> datetime | str:
    """An instant as the naive local time of the form's zone; the picker shows the reader's own."""
    if not isinstance(seconds, int):
        return ""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)


# ── fields ────────────────────────────────────────────────────────────────────


def _blocks(part: FormField) -> list[Json]:
    if isinstance(part, Hint):
        groups = cut_pieces(Prose().markdown(part.text))
        return [{"type": "rich_text", "elements": group} for group in groups]
    made: Json = {
        "type": "input",
        "block_id": f"{FIELD}{part.name}",
        "label": plain_text(shorten_text(part.label, 2000)),
        "element": _element(part),
        "optional": not part.required,
    }
    if hint := _hint(part):
        made["hint"] = plain_text(shorten_text(hint, 2000))
    return [made]


def _hint(part: Input) -> str:
    if isinstance(part, DateTime):
        # Slack's picker speaks the reader's own zone, as set in their profile.
        zone = _("Shown in your own Slack time zone. Saved for {zone}.", zone=part.zone)
        return f"{part.hint} {zone}".strip()
    return part.hint


def _element(part: Input) -> Json:
    match part:
        case ShortText() | LongText():
            return _text(part)
        case Choice():
            return _one_of(part.options, part.value, part.required)
        case Choices():
            options = [option_block(value, label) for value, label in part.options]
            chosen = [one for one in options if one["value"] in part.value]
            return {"type": "checkboxes", "action_id": "choices", "options": options} | (
                {"initial_options": chosen} if chosen else {}
            )
        case Scale():
            steps = tuple((str(n), _step(part, n)) for n in range(part.low, part.high + 1))
            return _one_of(steps, "" if part.value is None else str(part.value), part.required)
        case DateTime():
            made: Json = {"type": "datetimepicker", "action_id": f"when:{part.zone}"}
            if part.value is not None:
                local = part.value.replace(tzinfo=ZoneInfo(part.zone))
                made["initial_date_time"] = int(local.timestamp())
            return made
        case Upload():
            return {
                "type": "file_input",
                "action_id": "files",
                "filetypes": list(part.endings),
                "max_files": 1,  # Slack would take ten
            }
        case Pick(what="group"):  # Slack has no list of user groups to pick from
            return _text(ShortText(part.name, part.label, value=part.value)) | {"action_id": GROUP}
        case Pick():
            return _pick(part)


def _text(part: ShortText | LongText) -> Json:
    made: Json = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": isinstance(part, LongText),
        "max_length": max(1, min(max(part.limit, len(part.value)), LONGEST)),
    }
    if part.value:
        made["initial_value"] = part.value
    return made


def _one_of(options: tuple[tuple[str, str], ...], value: str, required: bool) -> Json:
    """Radio buttons for a few; a list for many, and where one must be able to choose nothing."""
    made: Json = {
        "type": "radio_buttons" if required and len(options) <= FEW else "static_select",
        "action_id": "choice",
        "options": [option_block(*one) for one in options],
    }
    for one, (given, _label) in zip(made["options"], options, strict=True):
        if given == value and (value or required):
            made["initial_option"] = one
    return made


def _step(scale: Scale, number: int) -> str:
    ends = {scale.low: scale.low_label, scale.high: scale.high_label}
    return f"{number} – {ends[number]}" if ends.get(number) else str(number)


def _pick(part: Pick) -> Json:
    if part.what == "member":
        made: Json = {"type": "users_select", "action_id": "member"}
        return made | ({"initial_user": part.value} if part.value else {})
    made = {
        "type": "conversations_select",
        "action_id": "channel",
        "filter": {
            "include": ["public", "private"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    return made | ({"initial_conversation": part.value} if part.value else {})
