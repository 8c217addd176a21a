"""The files that course hosts export, recognized by their first line: who did what, host by host.

- **Canvas**, Grades, Export: `Student` (or `LastName`, `FirstName`), `ID`, `SIS User ID`, `SIS Login ID`, perhaps
  `Integration ID` and `Root Account`, `Section`, then own columns, each assignment as `Title (id)`, and totals such as
  `Current Score`; below it perhaps a line of posting policies, and the line `Points Possible`
  (canvas-lms, lib/gradebook_exporter.rb). `EX` is excused, `N/A` not assigned; complete or incomplete is full or no points.
- **Google Classroom**, Grades, Download as CSV: `Last Name`, `First Name`, `Email Address`, then each assignment; below it
  the lines `Date` and `Points`. Google publishes no description: this is what its files look like.
- **Moodle**, Reports, Activity completion: an empty cell above the names, identity fields such as `Email address`, then
  each activity with, beside it, when it was expected, or nothing; in the lines a state such as `Completed` and its date
  (moodle, report/progress/index.php; lang/en/completion.php). The file for Excel is UTF-16 with tabs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.content.spreadsheet import fold_heading
from bot.courses.table_headings import EMAIL, FIRST, LAST

CANVAS, CLASSROOM, MOODLE = "Canvas", "Google Classroom", "Moodle"
Rows = Sequence[tuple[int, list[str]]]
"""(line number, cells) of a table, its heading first."""
_ASSIGNMENT = re.compile(r"\s*\(\d+\)$")
_TOTAL = re.compile(r"(Current|Final|Override) (Score|Grade|Points)( \(.*\))?$", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TEST_STUDENT = "student, test"
_FIRST = (*FIRST, "nombre")
"""In the second column, after the last name, this is the first name; elsewhere it may be the whole."""
_ABOVE = ("date", "due date", "points", "max points", "class average", "fecha", "puntos")
"""What the lines of Classroom begin with that are about nobody."""
_IDENTITY = frozenset(
    (
        *EMAIL, "id number", "username", "department", "institution", "phone", "mobile phone", "city town", "country",
        "numero de id", "nombre de usuario", "departamento", "institucion", "ciudad", "pais",
    )
)  # fmt: skip
"""What Moodle may show of a person before their activities, as `fold_heading` compares it."""
_FINISHED = ("completed", "finalizad", "completad")


@dataclass(frozen=True, slots=True)
class HostMark:
    """What a cell says: `done`, `started`, nothing (""), or a word that is none of these; and when, where it says so."""

    status: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class HostLearner:
    """A line: what its person is called, and their mark in each column."""

    number: int
    names: tuple[str, ...]
    emails: tuple[str, ...]
    marks: tuple[HostMark, ...]


@dataclass(frozen=True, slots=True)
class HostTable:
    """A file of a course host: the columns that may be lessons, and its learners. `others` are columns that are neither
    known nor graded."""

    host: str
    columns: tuple[str, ...]
    learners: tuple[HostLearner, ...]
    others: tuple[str, ...] = ()


def read_host(rows: Rows) -> HostTable | None:
    """The table of a course host; None where it is none that we know."""
    return _read_canvas(rows) or _read_classroom(rows) or _read_moodle(rows)


# ── Canvas ────────────────────────────────────────────────────────────────────


def _read_canvas(rows: Rows) -> HostTable | None:
    heading = rows[0][1]
    low = [cell.casefold() for cell in heading]
    apart = low[:2] == ["lastname", "firstname"]
    if not (apart or low[:1] == ["student"]) or "section" not in low or "id" not in low:
        return None
    rest = [at for at in range(low.index("section") + 1, len(heading)) if heading[at]]
    graded = [at for at in rest if _ASSIGNMENT.search(heading[at])]
    others = [at for at in rest if at not in graded and not _TOTAL.search(heading[at])]
    if not graded:  # the numbers were taken out by hand
        graded, others = others, []
    login = low.index("sis login id") if "sis login id" in low else None
    learners = []
    for number, cells in rows[1:]:
        first = _cell(cells, 0)
        name = f"{first}, {_cell(cells, 1)}" if apart else first
        if not first or first.casefold() == "points possible" or name.casefold() == _TEST_STUDENT:
            continue
        address = _cell(cells, login) if login is not None else ""
        marks = tuple(_grade(_cell(cells, at)) for at in graded)
        emails = (address,) if "@" in address else ()
        learners.append(HostLearner(number, _turned(name), emails, marks))
    columns = tuple(_ASSIGNMENT.sub("", heading[at]) for at in graded)
    return HostTable(CANVAS, columns, tuple(learners), tuple(heading[at] for at in others))


def _turned(name: str) -> tuple[str, ...]:
    """A name as it is said, where it is written with the last name first."""
    last, comma, first = name.partition(",")
    return (f"{first.strip()} {last.strip()}", name) if comma and first.strip() else (name,)


# ── Google Classroom ──────────────────────────────────────────────────────────


def _read_classroom(rows: Rows) -> HostTable | None:
    heading = rows[0][1]
    low = [fold_heading(cell) for cell in heading[:3]]
    if len(low) < 3 or low[0] not in LAST or low[1] not in _FIRST or low[2] not in EMAIL:
        return None
    there = [at for at in range(3, len(heading)) if heading[at]]
    learners = []
    for number, cells in rows[1:]:
        last, first, address = (_cell(cells, at) for at in range(3))
        if last.casefold() in _ABOVE and not first and not address:
            continue
        name = f"{first} {last}".strip()
        names = tuple(filter(None, (name, f"{last} {first}".strip()))) or (address,)
        if not names[0]:
            continue
        marks = tuple(_grade(_cell(cells, at)) for at in there)
        learners.append(HostLearner(number, names, (address,) if "@" in address else (), marks))
    return HostTable(CLASSROOM, tuple(heading[at] for at in there), tuple(learners))


def _grade(cell: str) -> HostMark:
    """A grade: points above nothing, or a letter other than F, is done."""
    text = cell.strip()
    if re.fullmatch(r"[\d.,\s]+(/\s*[\d.,]+)?%?", text):
        return HostMark("done" if re.search(r"[1-9]", text.partition("/")[0]) else "")
    if re.fullmatch(r"[A-E][+−-]?|complete", text, re.IGNORECASE):
        return HostMark("done")
    return HostMark("")


# ── Moodle ────────────────────────────────────────────────────────────────────


def _read_moodle(rows: Rows) -> HostTable | None:
    heading = rows[0][1]
    if len(heading) < 3 or heading[0]:
        return None
    first = next(
        (at for at in range(1, len(heading)) if fold_heading(heading[at]) not in _IDENTITY), len(heading)
    )
    rest = heading[first:]
    expected = [cell for cell in rest[1::2] if cell]
    if len(rest) % 2 or not rest or not all(rest[::2]) or not all(map(_DATE.match, expected)):
        return None
    addresses = [at for at in range(1, first) if fold_heading(heading[at]) in EMAIL]
    starts = range(first, len(heading), 2)
    learners = [
        HostLearner(
            number,
            (cells[0],),
            tuple(address for at in addresses if "@" in (address := _cell(cells, at))),
            tuple(_state(_cell(cells, at), _cell(cells, at + 1)) for at in starts),
        )
        for number, cells in rows[1:]
        if cells[0]
    ]
    return HostTable(MOODLE, tuple(rest[::2]), tuple(learners))


def _state(said: str, at: str) -> HostMark:
    """A state of Moodle. Completed without the pass grade is begun; it can be tried again."""
    low = said.casefold()
    when = at if _DATE.match(at) else ""
    if not low or low.startswith(("not ", "no ")):
        return HostMark("")
    if not low.startswith(_FINISHED):
        return HostMark(said)
    return HostMark("started" if re.search(r"\((did not|no) ", low) else "done", when)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""
