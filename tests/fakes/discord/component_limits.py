"""What Discord refuses among the components of a message (docs components/reference)."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.discord.errors import Complaints

Json = dict[str, Any]
ROW, BUTTON, STRING_SELECT, TEXT_INPUT, SECTION, TEXT, THUMBNAIL = 1, 2, 3, 4, 9, 10, 11
GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, UPLOAD, RADIO, CHECKS, CHECK = 12, 13, 14, 17, 18, 19, 21, 22, 23
SELECTS = (3, 5, 6, 7, 8)
IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
LINK, PREMIUM = 5, 6


def walk(components: list[Json], at: str = "components") -> list[tuple[str, Json]]:
    """Every component with its path, outside in, in reading order."""
    found: list[tuple[str, Json]] = []
    for i, part in enumerate(components):
        here = f"{at}.{i}"
        found.append((here, part))
        found += walk(part.get("components") or [], f"{here}.components")
        for child in ("accessory", "component"):
            if isinstance(part.get(child), dict):
                found.append((f"{here}.{child}", part[child]))
    return found


def check_components(wrong: Complaints, components: Any, *, v2: bool, files: set[str]) -> None:
    """`files`: names that `attachment://` may point at."""
    if not wrong.count("components", components, 40 if v2 else 5, 1):
        return
    for i, part in enumerate(components):
        allowed = (*IN_CONTAINER, CONTAINER) if v2 else (ROW,)
        _check(wrong, f"components.{i}", part, allowed, files)
    everything = walk(components)
    if v2 and len(everything) > 40:
        wrong.add("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum is 40 components")
    if sum(len(str(p.get("content") or "")) for _, p in everything if p.get("type") == TEXT) > 4000:
        wrong.add("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Text exceeds 4000 characters")
    check_unique(wrong, everything)


def check_unique(wrong: Complaints, everything: list[tuple[str, Json]]) -> None:
    """Custom ids and numeric ids belong to one component each."""
    seen: set[tuple[str, Any]] = set()
    for at, part in everything:
        for key, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
            value = part.get(key)
            if value is None or value == 0:
                continue
            if (key, value) in seen:
                wrong.add(f"{at}.{key}", code, "Component id cannot be duplicated")
            seen.add((key, value))


def _check(wrong: Complaints, at: str, part: Json, allowed: tuple[int, ...], files: set[str]) -> None:
    kind = part.get("type")
    if kind not in allowed:
        wrong.add(f"{at}.type", "UNION_TYPE_CHOICES", f"Value of field 'type' must be one of {allowed}.")
        return
    if kind == ROW:
        _check_row(wrong, at, part)
    elif kind == SECTION:
        _check_section(wrong, at, part, files)
    elif kind == TEXT:
        wrong.longest(f"{at}.content", part.get("content"), 4000, 1)
    elif kind == GALLERY:
        if wrong.count(f"{at}.items", part.get("items"), 10, 1):
            for i, item in enumerate(part["items"]):
                _check_media(wrong, f"{at}.items.{i}", item, files)
    elif kind == FILE:
        url = str((part.get("file") or {}).get("url") or "")
        if not url.startswith("attachment://") and not url.startswith("http"):
            wrong.add(f"{at}.file.url", "URL_TYPE_INVALID_SCHEME", "Must be an attachment:// reference.")
        _check_reference(wrong, f"{at}.file.url", url, files)
    elif kind == SEPARATOR:
        if part.get("spacing") not in (None, 1, 2):
            wrong.add(f"{at}.spacing", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
    elif kind == CONTAINER and wrong.count(f"{at}.components", part.get("components"), 40, 1):
        for i, child in enumerate(part["components"]):
            _check(wrong, f"{at}.components.{i}", child, IN_CONTAINER, files)


def _check_row(wrong: Complaints, at: str, row: Json) -> None:
    if not wrong.count(f"{at}.components", row.get("components"), 5, 1):
        return
    children = row["components"]
    kinds = [c.get("type") for c in children]
    if any(k in SELECTS for k in kinds) and len(children) > 1:
        wrong.add(f"{at}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select takes the whole row.")
    for i, child in enumerate(children):
        here = f"{at}.components.{i}"
        if child.get("type") == BUTTON:
            _check_button(wrong, here, child)
        elif child.get("type") in SELECTS:
            check_select(wrong, here, child)
        else:
            wrong.add(f"{here}.type", "UNION_TYPE_CHOICES", "Only buttons and selects fit in a row.")


def _check_button(wrong: Complaints, at: str, button: Json) -> None:
    style = button.get("style")
    if style not in (1, 2, 3, 4, LINK, PREMIUM):
        wrong.add(f"{at}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if button.get("label") is not None:
        wrong.longest(f"{at}.label", button["label"], 80)
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        wrong.add(at, "BUTTON_COMPONENT_INVALID_LABEL_EMOJI", "A button needs a label or an emoji.")
    if style == LINK:
        wrong.longest(f"{at}.url", button.get("url"), 512, 1)
        if not re.match(r"(https?|discord)://", str(button.get("url"))):
            wrong.add(f"{at}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of http, https, discord.")
        if button.get("custom_id"):
            wrong.add(
                at, "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "A custom id and url cannot both be specified"
            )
    elif style != PREMIUM:
        wrong.longest(f"{at}.custom_id", button.get("custom_id"), 100, 1)
        if button.get("url"):
            wrong.add(f"{at}.url", "BUTTON_COMPONENT_CUSTOM_ID_AND_URL", "Only a link button has a url.")


def check_select(wrong: Complaints, at: str, select: Json, *, least: int = 0) -> None:
    """A select of any kind, in a message or in a form."""
    wrong.longest(f"{at}.custom_id", select.get("custom_id"), 100, 1)
    if select.get("placeholder") is not None:
        wrong.longest(f"{at}.placeholder", select["placeholder"], 150)
    most = select.get("max_values", 1)
    wrong.whole(f"{at}.min_values", select.get("min_values", 1), least, 25)
    wrong.whole(f"{at}.max_values", most, 1, 25)
    if select.get("type") == STRING_SELECT:
        options = select.get("options")
        check_options(wrong, f"{at}.options", options, 1, 25)
        if isinstance(options, list) and isinstance(most, int):
            if most > len(options) > 0:
                wrong.add(f"{at}.max_values", "BASE_TYPE_BAD_INT", "More values than there are options.")
            if sum(bool(o.get("default")) for o in options) > most:
                wrong.add(f"{at}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many defaults.")
    elif len(select.get("default_values") or []) > (most if isinstance(most, int) else 25):
        wrong.add(f"{at}.default_values", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many defaults.")


def check_options(wrong: Complaints, at: str, options: Any, least: int, most: int) -> None:
    """The options of a select, radio group or group of checkboxes."""
    if not wrong.count(at, options, most, least):
        return
    values: set[str] = set()
    for i, option in enumerate(options):
        wrong.longest(f"{at}.{i}.label", option.get("label"), 100, 1)
        wrong.longest(f"{at}.{i}.value", option.get("value"), 100, 1)
        if option.get("description") is not None:
            wrong.longest(f"{at}.{i}.description", option["description"], 100)
        if option.get("value") in values:
            wrong.add(f"{at}.{i}.value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Value is used already.")
        values.add(str(option.get("value")))


def _check_section(wrong: Complaints, at: str, section: Json, files: set[str]) -> None:
    if wrong.count(f"{at}.components", section.get("components"), 3, 1):
        for i, child in enumerate(section["components"]):
            _check(wrong, f"{at}.components.{i}", child, (TEXT,), files)
    accessory = section.get("accessory")
    if not isinstance(accessory, dict):
        wrong.add(f"{at}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
    elif accessory.get("type") == BUTTON:
        _check_button(wrong, f"{at}.accessory", accessory)
    elif accessory.get("type") == THUMBNAIL:
        _check_media(wrong, f"{at}.accessory", accessory, files)
    else:
        wrong.add(f"{at}.accessory.type", "UNION_TYPE_CHOICES", "Only a button or a thumbnail.")


def _check_media(wrong: Complaints, at: str, item: Json, files: set[str]) -> None:
    url = str((item.get("media") or {}).get("url") or "")
    if not re.match(r"(https?|attachment)://", url):
        wrong.add(f"{at}.media.url", "URL_TYPE_INVALID_SCHEME", "Not a URL.")
    _check_reference(wrong, f"{at}.media.url", url, files)
    if item.get("description") is not None:
        wrong.longest(f"{at}.description", item["description"], 1024)


def _check_reference(wrong: Complaints, at: str, url: str, files: set[str]) -> None:
    name = url.removeprefix("attachment://")
    if name != url and name not in files:
        wrong.add(at, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"No attachment named {name}.")
