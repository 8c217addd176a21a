"""Pieces of Block Kit for the fake's own tests."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str, action: str = "go", value: str = "1") -> Json:
    return {"type": "button", "text": plain(text), "action_id": action, "value": value}


def actions(*elements: Json, block: str = "row") -> Json:
    return {"type": "actions", "block_id": block, "elements": list(elements)}


def text_input(block: str = "words", optional: bool = False, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": f"{block}_in", **more}
    return {
        "type": "input",
        "block_id": block,
        "label": plain(block.title()),
        "optional": optional,
        "element": element,
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("A form"),
        "submit": plain("Send"),
        "callback_id": "form",
        "blocks": list(blocks),
    } | more
