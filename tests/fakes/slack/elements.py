"""Block Kit check, inner part: texts, options and interactive elements, with Slack's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.slack.world import Json, StoredFile

SELECTS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}
IN_INPUT = SELECTS | PICKERS | TYPED | {"radio_buttons", "checkboxes", "file_input"}
IN_ACTIONS = SELECTS | PICKERS | {"button", "overflow", "radio_buttons", "checkboxes", "workflow_button"}
IN_SECTION = IN_ACTIONS | {"image"}
PATTERNS = {
    "initial_date": r"\d{4}-\d{2}-\d{2}",
    "initial_time": r"\d{2}:\d{2}",
}


class Check:
    """Collects what is wrong, each with the JSON pointer of its place."""

    def __init__(self, files: Mapping[str, StoredFile]) -> None:
        self.errors: list[str] = []
        self.files = files
        self.seen_text = 0
        """Characters of all texts so far."""

    def wrong(self, path: str, what: str) -> None:
        self.errors.append(f"[ERROR] {what} [json-pointer:{path}]")

    # ── values ────────────────────────────────────────────────────────────────

    def text(
        self, value: Json, name: str, path: str, most: int, *, kinds: Sequence[str], need: bool = True
    ) -> None:
        """A text object. Its characters count toward the message."""
        at = f"{path}/{name}"
        given = value.get(name)
        if given is None:
            if need:
                self.wrong(path, f"missing required field: {name}")
            return
        if not isinstance(given, dict) or given.get("type") not in kinds:
            self.wrong(at, f"must be a valid text object: {', '.join(kinds)}")
            return
        self.string(given, "text", at, most)
        extra = set(given) - {"type", "text", "emoji", "verbatim"}
        for key in sorted(extra):
            self.wrong(at, f"invalid additional property: {key}")
        if given["type"] == "mrkdwn" and "emoji" in given:
            self.wrong(at, "invalid additional property: emoji")
        self.seen_text += len(str(given.get("text", "")))

    def string(
        self, value: Json, name: str, path: str, most: int, *, least: int = 1, need: bool = True
    ) -> None:
        at = f"{path}/{name}"
        given = value.get(name)
        if given is None:
            if need:
                self.wrong(path, f"missing required field: {name}")
        elif not isinstance(given, str):
            self.wrong(at, "must be a string")
        elif len(given) > most:
            self.wrong(at, f"must be less than {most + 1} characters")
        elif len(given) < least:
            self.wrong(at, f"must be more than {least - 1} characters")

    def items(self, value: Json, name: str, path: str, least: int, most: int) -> list[Any]:
        """A list of a permitted length; empty when there is none to go on with."""
        at = f"{path}/{name}"
        given = value.get(name)
        if not isinstance(given, list):
            self.wrong(path, f"missing required field: {name}")
            return []
        if len(given) > most:
            self.wrong(at, f"no more than {most} items allowed")
        if len(given) < least:
            self.wrong(at, f"no fewer than {least} items allowed")
        return given

    def whole(self, value: Json, name: str, path: str, least: int, most: int) -> None:
        given = value.get(name)
        if given is not None and not (type(given) is int and least <= given <= most):
            self.wrong(f"{path}/{name}", f"must be an integer from {least} to {most}")

    # ── elements ──────────────────────────────────────────────────────────────

    def element(self, element: Any, path: str, allowed: set[str]) -> None:
        if not isinstance(element, dict) or element.get("type") not in allowed:
            kind = element.get("type") if isinstance(element, dict) else element
            self.wrong(path, f"unsupported type: {kind}")
            return
        kind = element["type"]
        if kind == "image":
            self.image(element, path)
            return
        self.string(element, "action_id", path, 255, need=False)
        if "confirm" in element:
            self.confirm(element["confirm"], f"{path}/confirm")
        if "placeholder" in element:
            self.text(element, "placeholder", path, 150, kinds=["plain_text"])
        if kind == "button":
            self.button(element, path)
        elif kind in ("radio_buttons", "checkboxes", "overflow"):
            most = 5 if kind == "overflow" else 10
            self.options(
                element,
                "options",
                path,
                most,
                ["plain_text"] if kind == "overflow" else ["plain_text", "mrkdwn"],
            )
            self.initial(element, path)
        elif kind in SELECTS:
            self.select(element, path)
        elif kind in TYPED:
            self.typed(element, path)
        elif kind in PICKERS:
            self.picker(element, path)
        elif kind == "file_input":
            self.whole(element, "max_files", path, 1, 10)

    def button(self, button: Json, path: str) -> None:
        self.text(button, "text", path, 75, kinds=["plain_text"])
        self.string(button, "value", path, 2000, need=False, least=0)
        self.string(button, "url", path, 3000, need=False)
        self.string(button, "accessibility_label", path, 75, need=False)
        if button.get("style", "primary") not in ("primary", "danger"):
            self.wrong(f"{path}/style", "must be a valid enum value")

    def confirm(self, confirm: Any, path: str) -> None:
        if not isinstance(confirm, dict):
            self.wrong(path, "must be an object")
            return
        self.text(confirm, "title", path, 100, kinds=["plain_text"])
        self.text(confirm, "text", path, 300, kinds=["plain_text", "mrkdwn"])
        self.text(confirm, "confirm", path, 30, kinds=["plain_text"])
        self.text(confirm, "deny", path, 30, kinds=["plain_text"])
        if confirm.get("style", "primary") not in ("primary", "danger"):
            self.wrong(f"{path}/style", "must be a valid enum value")

    def options(self, value: Json, name: str, path: str, most: int, kinds: Sequence[str]) -> None:
        at = f"{path}/{name}"
        for n, option in enumerate(self.items(value, name, path, 1, most)):
            self.text(option, "text", f"{at}/{n}", 75, kinds=kinds)
            self.string(option, "value", f"{at}/{n}", 150)
            if "description" in option:
                self.text(option, "description", f"{at}/{n}", 75, kinds=kinds)

    def select(self, select: Json, path: str) -> None:
        if "static" in select["type"]:
            if "option_groups" in select:
                for n, group in enumerate(self.items(select, "option_groups", path, 1, 100)):
                    at = f"{path}/option_groups/{n}"
                    self.text(group, "label", at, 75, kinds=["plain_text"])
                    self.options(group, "options", at, 100, ["plain_text"])
            else:
                self.options(select, "options", path, 100, ["plain_text"])
            self.initial(select, path)
        if "external" in select["type"]:
            self.whole(select, "min_query_length", path, 0, 100)
        if select["type"].startswith("multi_"):
            self.whole(select, "max_selected_items", path, 1, 1000)

    def initial(self, element: Json, path: str) -> None:
        """Initial options must be exactly one of the options."""
        options = list(element.get("options") or [])
        for group in element.get("option_groups") or []:
            options += group.get("options") or []
        key = "initial_options" if "initial_options" in element else "initial_option"
        if key not in element:
            return
        chosen = element[key] if key == "initial_options" else [element[key]]
        if not chosen or any(option not in options for option in chosen):
            self.wrong(f"{path}/{key}", f"{key} must match one of the options")

    def typed(self, element: Json, path: str) -> None:
        kind = element["type"]
        if kind == "number_input":
            if not isinstance(element.get("is_decimal_allowed"), bool):
                self.wrong(path, "missing required field: is_decimal_allowed")
            for name in ("min_value", "max_value", "initial_value"):
                if name in element and not re.fullmatch(r"-?\d+(\.\d+)?", str(element[name])):
                    self.wrong(f"{path}/{name}", "must be a valid number")
            return
        if kind == "plain_text_input":
            self.whole(element, "min_length", path, 0, 3000)
            self.whole(element, "max_length", path, 1, 3000)
            most = element.get("max_length")
            most = most if isinstance(most, int) else 3000
            self.string(element, "initial_value", path, most, least=0, need=False)

    def picker(self, element: Json, path: str) -> None:
        for name, pattern in PATTERNS.items():
            if name in element and not re.fullmatch(pattern, str(element[name])):
                self.wrong(f"{path}/{name}", "is not a valid value")
        given = element.get("initial_date_time")
        if given is not None and not (type(given) is int and len(str(given)) == 10):
            self.wrong(f"{path}/initial_date_time", "must be a UNIX timestamp of 10 digits")

    # ── pictures ──────────────────────────────────────────────────────────────

    def image(self, image: Json, path: str) -> None:
        """An image element or block: one source, and words in its place."""
        self.string(image, "alt_text", path, 2000)
        if ("image_url" in image) == ("slack_file" in image):
            self.wrong(path, "must have exactly one of image_url and slack_file")
        elif "image_url" in image:
            self.string(image, "image_url", path, 3000)
        else:
            self.slack_file(image["slack_file"], f"{path}/slack_file")

    def slack_file(self, given: Any, path: str) -> None:
        if not isinstance(given, dict) or ("id" in given) == ("url" in given):
            self.wrong(path, "must have exactly one of id and url")
            return
        stored = next(
            (f for f in self.files.values() if given.get("id") == f.id or f.id in str(given.get("url"))), None
        )
        if stored is not None and stored.pending:
            stored.pending -= 1
            self.wrong(path, "invalid slack file")
        elif stored is None or stored.deleted or not stored.complete:
            self.wrong(path, "invalid slack file")
