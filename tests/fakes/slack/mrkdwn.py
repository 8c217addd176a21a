"""From what a person types to what Slack stores: escaped text and a rich_text block."""

from __future__ import annotations

import re
from typing import Any

ENTITY = re.compile(
    r"<(?P<inside>@[UW][A-Z0-9]+(?:\|[^>]*)?|#C[A-Z0-9]+(?:\|[^>]*)?|!(?:here|channel|everyone)(?:\|[^>]*)?"
    r"|!subteam\^S[A-Z0-9]+(?:\|[^>]*)?|https?://[^>|\s]+(?:\|[^>]*)?)>"
    r"|(?P<url>https?://[^\s<>]+)"
    r"|:(?P<emoji>[a-z0-9_+'-]+):"
)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str) -> tuple[str, dict[str, Any]]:
    """What Slack stores for typed text: `text` and its rich_text block.

    Mentions are written as Slack's own entities (`<@U…>`, `<#C…>`, `<!here>`); everything else is literal.
    """
    encoded: list[str] = []
    elements: list[dict[str, Any]] = []
    at = 0
    for found in ENTITY.finditer(text):
        _literal(text[at : found.start()], encoded, elements)
        at = found.end()
        if url := found["url"]:
            encoded.append(f"<{escape(url)}>")
            elements.append({"type": "link", "url": url})
        elif name := found["emoji"]:
            encoded.append(found[0])
            elements.append({"type": "emoji", "name": name})
        else:
            encoded.append(found[0])
            elements.append(_entity(found["inside"]))
    _literal(text[at:], encoded, elements)
    section = {"type": "rich_text_section", "elements": elements}
    return "".join(encoded), {"type": "rich_text", "elements": [section]}


def _literal(text: str, encoded: list[str], elements: list[dict[str, Any]]) -> None:
    if text:
        encoded.append(escape(text))
        elements.append({"type": "text", "text": text})


def _entity(inside: str) -> dict[str, Any]:
    what, _, label = inside.partition("|")
    if what.startswith("@"):
        return {"type": "user", "user_id": what[1:]}
    if what.startswith("#"):
        return {"type": "channel", "channel_id": what[1:]}
    if what.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": what.removeprefix("!subteam^")}
    if what.startswith("!"):
        return {"type": "broadcast", "range": what[1:]}
    return {"type": "link", "url": what, **({"text": label} if label else {})}


def mentions(text: str) -> set[str]:
    """The people an encoded text names."""
    return set(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", text))
