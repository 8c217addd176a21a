"""The forms in which progress arrives, a table with a heading or a list of events, read into rows."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.content import spreadsheet

MOST = 5000
"""Lines that are taken at once."""
COLUMNS = ("person", "lesson", "status", "at")


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """One row as it was written: who, which lesson, its status, and when (empty: not said).

    `sent_at` is when all of it was sent, where that is certain: the time of a row that says none. `emails` and `also` are
    what else its person is known by. A row that `only_adds` comes from a host that tells no history: what somebody has done
    stays as it is, and what they took back stays taken back.
    """

    number: int
    person: str
    lesson: str
    status: str
    at: str
    sent_at: datetime | None = field(default=None, kw_only=True)
    emails: tuple[str, ...] = field(default=(), kw_only=True)
    also: tuple[str, ...] = field(default=(), kw_only=True)
    only_adds: bool = field(default=False, kw_only=True)


class UnreadableTable(Exception):
    """The error of a whole file that cannot be read; its words are for whoever sent it."""


def read_table(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of a table, its heading first; raises `UnreadableTable`."""
    try:
        rows = spreadsheet.read(text)
    except csv.Error as error:
        raise UnreadableTable(f"This is no table that I can read: {error}.") from None
    if not rows:
        raise UnreadableTable(
            "There is nothing in it. The first line names the columns: person, lesson, status, at."
        )
    if len(rows) - 1 > MOST:
        raise UnreadableTable(f"There are {len(rows) - 1:,} lines; I take up to {MOST:,} at once.")
    return rows


def read_csv(text: str) -> list[ProgressRow]:
    """The lines of a table with a heading; raises `UnreadableTable`."""
    return read_rows(read_table(text))


def read_rows(rows: Sequence[tuple[int, list[str]]]) -> list[ProgressRow]:
    """The lines of a table as `read_table` tells it; raises `UnreadableTable`."""
    heading = [cell.lower() for cell in rows[0][1]]
    for name in ("person", "lesson"):
        if name not in heading:
            raise UnreadableTable(
                f"The first line has no column “{name}”. It names the columns: person, lesson, status, at."
            )
    where = {name: heading.index(name) for name in COLUMNS if name in heading}

    def cell(cells: Sequence[str], name: str) -> str:
        return cells[where[name]] if name in where and where[name] < len(cells) else ""

    return [ProgressRow(number, *(cell(cells, name) for name in COLUMNS)) for number, cells in rows[1:]]


def read_events(events: object) -> list[ProgressRow]:
    """The lines of a call: a list of objects, or one; raises `UnreadableTable`."""
    found = events.get("events", [events]) if isinstance(events, Mapping) else events
    if not isinstance(found, list):
        raise UnreadableTable("Send a list of events, or an object with “events”.")
    if len(found) > MOST:
        raise UnreadableTable(f"There are {len(found):,} events; I take up to {MOST:,} at once.")
    lines = []
    for number, one in enumerate(found, 1):
        fields = one if isinstance(one, Mapping) else {}
        cells = tuple(str(fields.get(name) or "")[:200] for name in COLUMNS)
        lines.append(ProgressRow(number, *cells))
    return lines
