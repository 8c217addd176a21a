"""Pieces of Block Kit for the fake's own tests."""

from __future__ import annotations


def plain(text):
    return {"type": "plain_text", "text": text}


def button(text, action="go", value="1"):
    return {"type": "button", "text": plain(text), "action_id": action, "value": value}


def actions(*elements, block="row"):
    return {"type": "actions", "block_id": block, "elements": list(elements)}


def text_input(block="words", optional=False, **more):
    element = {"type": "plain_text_input", "action_id": f"{block}_in", **more}
    return {
        "type": "input",
        "block_id": block,
        "label": plain(block.title()),
        "optional": optional,
        "element": element,
    }


def modal(*blocks, **more):
    return {
        "type": "modal",
        "title": plain("A form"),
        "submit": plain("Send"),
        "callback_id": "form",
        "blocks": list(blocks),
    } | more
