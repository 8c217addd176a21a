"""What a Slack user reads: messages and views as plain lines, their titles, and whom they would notify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack.reading_words import Words

Json = dict[str, Any]


def text(payload: Json, users: Mapping[str, str] | None = None, zone: str | None = None) -> str:
    """A message or view as the lines on the screen.

    `users` are names by id (people, channels, groups: `slack.names()`). Times show their fallback text, or with
    `zone` (IANA) what Slack shows to a reader there. Buttons are `[Label]`, pictures `[picture: alt]`, files
    `[file: name]`, inputs `Label: [value]`.
    """
    return "\n".join(line for line in _Page(Words(users or {}, zone)).payload(payload))


def title(payload: Json) -> str:
    """The title of a view, else the first header, else the first line."""
    words = Words({}, None)
    if isinstance(payload.get("title"), dict):
        return words.object(payload["title"])
    for block in payload.get("blocks") or []:
        if block["type"] == "header":
            return words.object(block["text"])
    return text(payload).partition("\n")[0]


def live_mentions(payload: Json) -> list[str]:
    """Every entity that would notify or link somebody, once, as it stands: `<!here>`, `<@U…>`, `<!subteam^S…>`."""
    words = Words({}, None)
    found: list[str] = []
    for value in _values(payload):
        if isinstance(value, str):
            found += words.mentions(value)
        else:
            found += words.rich_mention(value)
    return list(dict.fromkeys(found))


def buttons(payload: Json) -> list[str]:
    """The labels of the buttons, in order."""
    return [
        element["text"]["text"]
        for block in payload.get("blocks") or []
        for element in [*(block.get("elements") or []), block.get("accessory") or {}]
        if element.get("type") == "button"
    ]


def _values(value: Any, key: str = "") -> Iterator[str | Json]:
    """Texts in which Slack looks for entities, and rich_text elements that are entities.

    plain_text objects, raw table cells and rich_text texts are literal; everything else that is called text,
    fallback, pretext or initial comment is not.
    """
    if isinstance(value, dict):
        kind = value.get("type")
        if kind in ("user", "usergroup", "broadcast") and "elements" not in value:
            yield value
        literal = kind in ("plain_text", "raw_text", "raw_number", "text")
        for name, inner in value.items():
            if not (literal and name == "text") and name not in (
                "state",
                "view",
                "metadata",
                "element_values",
            ):
                yield from _values(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, key)
    elif isinstance(value, str) and key in (
        "text",
        "pretext",
        "fallback",
        "markdown_text",
        "initial_comment",
    ):
        yield value


class _Page:
    """Puts blocks into lines."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def payload(self, payload: Json) -> Iterator[str]:
        if payload.get("type") in ("modal", "home") and payload.get("title"):
            yield self.words.object(payload["title"])
        values = (payload.get("state") or {}).get("values") or {}
        blocks = payload.get("blocks") or []
        for block in blocks:
            yield from self.block(block, values)
        if not blocks and payload.get("text"):
            yield from self.words.mrkdwn(payload["text"]).split("\n")
        for attachment in payload.get("attachments") or []:
            yield from self.payload(attachment)
        for file in payload.get("files") or []:
            gone = file.get("mode") == "tombstone"
            alt = f", {file['alt_txt']}" if file.get("alt_txt") else ""
            yield "[file: deleted]" if gone else f"[file: {file['title']}{alt}]"
        for name in ("submit", "close"):
            if payload.get("type") == "modal" and payload.get(name):
                yield f"[{self.words.object(payload[name])}]"

    def block(self, block: Json, values: Json) -> Iterator[str]:
        kind = block["type"]
        if kind == "header":
            yield self.words.object(block["text"])
        elif kind == "section":
            yield from self._section(block, values)
        elif kind == "context":
            yield " ".join(self._small(element) for element in block["elements"])
        elif kind == "divider":
            yield "———"
        elif kind == "actions":
            yield " ".join(self._element(e, block, values) for e in block["elements"])
        elif kind == "input":
            yield f"{self.words.object(block['label'])}: {self._element(block['element'], block, values)}"
            if block.get("hint"):
                yield self.words.object(block["hint"])
        elif kind == "image":
            if block.get("title"):
                yield self.words.object(block["title"])
            yield f"[picture: {block['alt_text']}]"
        elif kind == "markdown":
            yield from self.words.markdown(block["text"]).split("\n")
        elif kind == "rich_text":
            for part in block["elements"]:
                yield from self.words.rich_part(part)
        elif kind == "data_visualization":
            yield f"[chart: {block['title']}]"
            for series in block["chart"]["series"]:
                yield ", ".join(f"{one['label']}: {one['value']:g}" for one in series["data"])
        elif kind in ("table", "data_table"):
            for row in block["rows"]:
                yield " | ".join(self._cell(cell) for cell in row)
        else:
            yield f"[{kind}]"

    def _section(self, block: Json, values: Json) -> Iterator[str]:
        if block.get("text"):
            yield from self.words.object(block["text"]).split("\n")
        for field in block.get("fields") or []:
            yield from self.words.object(field).split("\n")
        if block.get("accessory"):
            yield self._element(block["accessory"], block, values)

    def _small(self, element: Json) -> str:
        if element["type"] == "image":
            return f"[picture: {element['alt_text']}]"
        return self.words.object(element)

    def _cell(self, cell: Json) -> str:
        if cell["type"] in ("raw_text", "raw_number"):
            return str(cell["text"])
        return " ".join(line for part in cell["elements"] for line in self.words.rich_part(part))

    def _element(self, element: Json, block: Json, values: Json) -> str:
        kind = element["type"]
        if kind == "button":
            return f"[{self.words.object(element['text'])}]"
        if kind == "image":
            return f"[picture: {element['alt_text']}]"
        state = values.get(block.get("block_id", ""), {}).get(element.get("action_id")) or element
        chosen = self._chosen(state)
        if kind in ("radio_buttons", "checkboxes"):
            return " ".join(
                f"({'x' if self.words.object(o['text']) in chosen else ' '}) {self.words.object(o['text'])}"
                for o in element["options"]
            )
        if chosen:
            return f"[{', '.join(chosen)}]"
        return f"[{self.words.object(element['placeholder'])}]" if element.get("placeholder") else "[]"

    def _chosen(self, state: Json) -> list[str]:
        """What a state or an element's initial values hold, as it is shown."""
        shown: list[str] = []
        for key, value in state.items():
            if not key.startswith(("selected_", "initial_", "value")) or value in (None, "", []):
                continue
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and "text" in one:
                    shown.append(self.words.object(one["text"]))
                elif key.rpartition("_")[2].startswith(("user", "conversation", "channel")):
                    shown.append(self.words.name(str(one)))
                else:
                    shown.append(str(one))
        return shown
