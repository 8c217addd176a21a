"""A sketch of a card on Slack as HTML, for the gallery, so that nobody needs a workspace to see it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import partial

from markupsafe import Markup, escape

from adapters.slack.blocks import Look
from adapters.slack.rich_text import Json
from adapters.slack.say import card_pages
from bot.chat.cards import Card, Picture

_LIST = {"bullet": "ul", "ordered": "ol"}


def draw_card(card: Card) -> Markup:
    """A card as the messages it becomes."""
    pngs = [block.png for block in card.blocks if isinstance(block, Picture)]
    pictures = {number: str(number) for number in range(len(pngs))}
    found = card_pages(card, look=Look(pictures=pictures, native=True))
    drawn = {str(number): png for number, png in enumerate(pngs)}
    return _join(_box("sketch slack", _join(map(partial(_block, pngs=drawn), page.blocks))) for page in found)


def _join(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _box(kind: str, inner: Markup) -> Markup:
    return Markup('<div class="{}">{}</div>').format(kind, inner)


def _picture(png: bytes, about: str) -> Markup:
    """A picture inside the page itself: it is on no platform yet."""
    return Markup("<img src='data:image/png;base64,{}' alt='{}'>").format(b64encode(png).decode(), about)


def _block(block: Json, pngs: Mapping[str, bytes]) -> Markup:
    match block["type"]:
        case "header":
            return Markup("<p class='head'>{}</p>").format(block["text"]["text"])
        case "rich_text":
            return _join(_rich(part) for part in block["elements"])
        case "context":
            return Markup("<p class='aside'>{}</p>").format(
                " ".join(one["text"] for one in block["elements"])
            )
        case "section":
            said = Markup("<p>{}</p>").format(block["text"]["text"])
            return said + (_input(block["accessory"]) if "accessory" in block else Markup(""))
        case "actions":
            return _box("row", _join(_input(one) for one in block["elements"]))
        case "data_visualization":
            return _chart(block)
        case "table" | "data_table":
            rows = _join(_row(row, "th" if not number else "td") for number, row in enumerate(block["rows"]))
            return Markup("<table>{}</table>").format(rows)
        case "image":
            return _picture(pngs[block["slack_file"]["id"]], block["alt_text"])
        case other:
            return Markup("<p class='aside'>[{}]</p>").format(other)


def _chart(block: Json) -> Markup:
    """About what Slack draws: a bar for each point, with its number."""
    [series] = block["chart"]["series"]
    most = max(one["value"] for one in series["data"]) or 1
    bars = _join(
        Markup("<tr><td>{}</td><td><meter min='0' max='{}' value='{}'></meter> {:g}</td></tr>").format(
            one["label"], most, one["value"], one["value"]
        )
        for one in series["data"]
    )
    under = block["chart"]["axis_config"].get("x_label", "")
    return Markup("<p><b>{}</b></p><p class='aside'>{}</p><table class='chart'>{}</table>").format(
        block["title"], under, bars
    )


def _row(row: list[Json], cell: str) -> Markup:
    inner = _join(Markup("<{0}>{1}</{0}>").format(cell, one["text"]) for one in row)
    return Markup("<tr>{}</tr>").format(inner)


def _input(element: Json) -> Markup:
    if element["type"] == "button":
        return Markup("<span class='button {}'>{}</span>").format(
            element.get("style", ""), element["text"]["text"]
        )
    label = (
        element["initial_option"]["text"]["text"]
        if "initial_option" in element
        else element["placeholder"]["text"]
    )
    return Markup("<span class='button select'>{} ▾</span>").format(label)


def _rich(part: Json) -> Markup:
    inner = part["elements"]
    match part["type"]:
        case "rich_text_quote":
            return Markup("<blockquote>{}</blockquote>").format(_line(inner))
        case "rich_text_preformatted":
            return Markup("<pre>{}</pre>").format(_line(inner))
        case "rich_text_list":
            items = _join(Markup("<li>{}</li>").format(_line(item["elements"])) for item in inner)
            return Markup("<{0} start='{2}'>{1}</{0}>").format(
                _LIST[part["style"]], items, part.get("offset", 0) + 1
            )
        case _:
            return Markup("<p>{}</p>").format(_line(inner))


def _line(elements: Iterable[Json]) -> Markup:
    return _join(map(_element, elements))


def _element(element: Json) -> Markup:
    match element["type"]:
        case "text":
            said = Markup("<br>").join(escape(line) for line in element["text"].split("\n"))
        case "link":
            said = Markup("<u>{}</u>").format(element.get("text") or element["url"])
        case "date":
            said = Markup("<span class='live'>{}</span>").format(element["fallback"])
        case "emoji":
            said = Markup(":{}:").format(element["name"])
        case "channel":
            said = Markup("<span class='live'>#{}</span>").format(element["channel_id"])
        case other:
            said = Markup("<span class='live'>@{}</span>").format(element.get("user_id", other))
    style = element.get("style", {})
    for name, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        if style.get(name):
            said = Markup("<{0}>{1}</{0}>").format(tag, said)
    return said
