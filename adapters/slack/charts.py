"""Charts and long tables that Slack draws itself: sharp on every screen, without an upload. Pure.

Slack takes few of them and short labels; what does not fit stays a picture, or a plain table.
"""

from __future__ import annotations

from adapters.slack.blocks import fits_natively
from adapters.slack.rich_text import Json
from bot.chat.cards import Card, Picture, Table
from bot.chat.charts import Chart

CHARTS = 2
"""Charts that one message may have."""
TITLE, LABEL, AXIS, SERIES = 50, 20, 50, 20
"""Characters of a chart's title, of the label of a point, of an axis and of what is counted."""
POINTS = 20
LONG, PAGE = 9, 10
"""Rows from which a table is one that people can sort and turn the pages of, and the rows of such a page."""


def charted_pictures(card: Card) -> tuple[int, ...]:
    """The pictures of a card, by their number, that Slack can draw from their numbers."""
    pictures = [one for one in card.blocks if isinstance(one, Picture)]
    return tuple(number for number, one in enumerate(pictures) if one.chart and _fits(one.chart))[:CHARTS]


def has_native(card: Card) -> bool:
    """Whether a card has something that Slack draws itself."""
    return bool(charted_pictures(card)) or any(
        isinstance(one, Table) and long_table(one, card.title) is not None for one in card.blocks
    )


def _fits(chart: Chart) -> bool:
    labels = [label for label, _value in chart.points]
    return (
        0 < len(labels) <= POINTS
        and len(set(labels)) == len(labels)
        and all(0 < len(one) <= LABEL for one in labels)
        and 0 < len(chart.title) <= TITLE
        and 0 < len(chart.counted) <= SERIES
        and len(chart.under) <= AXIS
    )


def chart_block(chart: Chart) -> Json:
    """A chart as Slack's own."""
    axes: Json = {"categories": [label for label, _value in chart.points]}
    if chart.under:
        axes["x_label"] = chart.under
    data = [{"label": label, "value": value} for label, value in chart.points]
    drawn = {"type": "bar", "series": [{"name": chart.counted, "data": data}], "axis_config": axes}
    return {"type": "data_visualization", "title": chart.title, "chart": drawn}


def long_table(table: Table, caption: str) -> Json | None:
    """A long table as one that can be sorted and has pages; None where it is short, or more than Slack takes."""
    rows = [table.columns, *table.rows]
    if len(table.rows) < LONG or not fits_natively(table):
        return None
    numbers = {
        at
        for at in range(len(table.columns))
        if all(at < len(row) and row[at].isdecimal() for row in table.rows)
    }
    return {
        "type": "data_table",
        "caption": caption or " ",
        "page_size": PAGE,
        "rows": [
            [_cell(row, at, at in numbers and bool(n)) for at in range(len(table.columns))]
            for n, row in enumerate(rows)
        ],
    }


def _cell(row: tuple[str, ...], at: int, number: bool) -> Json:
    """A cell; a column of numbers is sorted as numbers, so it has to be one throughout."""
    text = (row[at] if at < len(row) else "") or " "
    return (
        {"type": "raw_number", "value": int(text), "text": text}
        if number
        else {"type": "raw_text", "text": text}
    )
