"""Spreadsheet tables: read as they come, written so that no cell of ours is ever run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULAS = frozenset("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that a spreadsheet would run (OWASP, CSV injection; LF was added in 2025)."""


def inert(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if cell[:1] in FORMULAS else cell


MARK = b"\xef\xbb\xbf"
"""The mark by which spreadsheets know that a file is in UTF-8."""


def write(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV in UTF-8, with the mark by which spreadsheets know it."""
    return MARK + write_lines((columns, *rows))


def write_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Lines of CSV. A whole number stays one, also a negative one; every other cell is made inert.

    All cells stand in quotes: a spreadsheet that also splits at semicolons or tabs would find new cells in the others.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([str(cell) if type(cell) is int else inert(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode()


def read(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells) of every line that is not empty; separated by commas, semicolons or tabs."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    first = text.lstrip("\n").partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    rows = []
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            rows.append((reader.line_num, cells))
    return rows
