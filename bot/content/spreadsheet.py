"""Spreadsheet tables: read as they come, written so that no cell of ours is ever run."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.chat.accents import without_accents

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
    """(line number, cells) of every line that is not empty; separated by commas, semicolons or tabs.

    Raises `csv.Error` for what is no table.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    said = _SAYS_SEPARATOR.match(text)
    mark = said[1] if said is not None else _guess_separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=mark)
    rows = []
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells) and not (said is not None and reader.line_num == 1):
            rows.append((reader.line_num, cells))
    return rows


SEPARATORS = ",;\t"
_SAYS_SEPARATOR = re.compile(r'"?sep=([,;\t])"?;*[ ]*(?:\n|$)', re.IGNORECASE)
"""The line by which Excel says what separates its cells."""
_LOOKED_AT = 20
"""Lines that are looked at to guess it."""


def _guess_separator(text: str) -> str:
    """What separates the cells of a table: what makes its lines equally long, in the most cells."""
    start = "\n".join(line for line in text.split("\n", 200)[:200] if line.strip())

    def fit(mark: str) -> tuple[int, int]:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(start), delimiter=mark), _LOOKED_AT))
        except csv.Error:
            return 0, 0
        widths = Counter(len(row) for row in rows)
        cells = len(rows[0]) if rows else 0
        return (widths[cells] if cells > 1 else 0), cells

    return max(SEPARATORS, key=fit)


# ── columns ───────────────────────────────────────────────────────────────────


def fold_heading(text: str) -> str:
    """The name of a column as it is compared: without capitals, accents and punctuation."""
    return " ".join(re.findall(r"\w+", without_accents(text).casefold().replace("_", " ")))


def find_columns(heading: Sequence[str], names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Where the columns stand that a table's first line names: {"person": 2}. `names` are the headings of each, folded.

    A heading that is asked for first takes the column; one that nobody names is left out. Of two columns of one name the
    first counts.
    """
    there = [fold_heading(cell) for cell in heading]
    found: dict[str, int] = {}
    for column, called in names.items():
        free = (there.index(name) for name in called if name in there)
        at = next((one for one in free if one not in found.values()), None)
        if at is not None:
            found[column] = at
    return found
