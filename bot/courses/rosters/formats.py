"""The table in which teams and their people arrive, read into rows: its columns may be called and ordered as they like."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.language import _
from bot.content import spreadsheet
from bot.courses import table_headings
from bot.courses.teams.resolve import NAME

MOST = 5000
"""Lines that are taken at once."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "team": (
        "team", "team name", "teams", "equipo", "nombre del equipo", "group", "group name", "grupo", "school", "escuela",
    ),
    "email": table_headings.EMAIL,
    "id": ("id", "user id", "userid", "member id", "person id", "id de usuario", "id de miembro"),
    "first": table_headings.FIRST,
    "last": table_headings.LAST,
    "name": (
        "person", "name", "full name", "fullname", "display name", "displayname", "member", "participant", "teacher",
        "educator", "nombre completo", "nombre", "nombres", "persona", "miembro", "participante", "docente", "maestro", "maestra",
    ),
    "lead": (
        "lead", "leads", "leader", "team lead", "team leader", "is lead", "lider", "lidera", "es lider", "lider del equipo",
    ),
}  # fmt: skip
"""What each column may be called in the languages of the catalog, as `fold_heading` compares it; the likeliest first."""
YES = frozenset(("yes", "y", "true", "1", "x", "✓", "✔", "si", "s", "verdadero", "lead", "leader", "lider"))
NO = frozenset(("", "no", "n", "false", "0", "-", "falso", "member", "miembro"))
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row as it was written: the team, ways to say who it is about, the likeliest first, and whether they lead.

    `cells` is all of the row, to be handed back. `why`: what is wrong with it; empty: nothing.
    """

    number: int
    team: str
    people: tuple[str, ...]
    lead: bool
    cells: tuple[str, ...]
    why: str = ""

    @property
    def emails(self) -> tuple[str, ...]:
        """The addresses among them."""
        return tuple(one for one in self.people if is_email(one))


@dataclass(frozen=True, slots=True)
class RosterTable:
    """A whole table: its rows, what its columns were called (`Team`, `E-mail`) and what they were taken for."""

    rows: tuple[RosterRow, ...]
    heading: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]


class UnreadableRoster(Exception):
    """The error of a table of which nothing can be read; its words are for whoever handed it in."""


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def read_roster(text: str) -> RosterTable:
    """The rows of a table of teams; raises `UnreadableRoster`."""
    try:
        lines = spreadsheet.read(text)
    except csv.Error:
        raise UnreadableRoster(_("This is not a table that I can read.")) from None
    if not lines:
        raise UnreadableRoster(_("There is nothing in it. Write a line for each person: team, person, lead."))
    where = spreadsheet.find_columns(lines[0][1], HEADINGS)
    named = "team" in where and len(where) > 1
    body = lines[1:] if named else lines
    if not named:
        where = _guess_columns(lines[0][1])
    if "team" not in where or len(where) < 2 or not body:
        raise UnreadableRoster(
            _(
                "I need two columns at least: the team, and the person's e-mail, id or name. Then a line for each person."
            )
        )
    if len(body) > MOST:
        raise UnreadableRoster(
            _("There are {count} lines. I take up to {most} at once.", count=len(body), most=MOST)
        )
    heading = (
        tuple(lines[0][1]) if named else tuple(_name_column(where, at) for at in range(len(lines[0][1])))
    )
    columns = tuple((heading[at], column) for column, at in sorted(where.items(), key=lambda one: one[1]))
    return RosterTable(tuple(_row(number, cells, where) for number, cells in body), heading, columns)


def _guess_columns(cells: Sequence[str]) -> dict[str, int]:
    """What the columns of a table without a heading hold, from its first row."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        if is_email(cell):
            found.setdefault("email", at)
        elif at > 0 and cell and _fold(cell) in YES | NO:
            found.setdefault("lead", at)
        elif cell and "team" not in found:
            found["team"] = at
        elif cell:
            found.setdefault("name", at)
    return found if {"email", "name"} & found.keys() else {}


def _name_column(where: Mapping[str, int], at: int) -> str:
    """The heading of a column that has none, so that what is handed back can be read again."""
    return next((HEADINGS[column][0] for column, place in where.items() if place == at), f"column {at + 1}")


def _row(number: int, cells: Sequence[str], where: Mapping[str, int]) -> RosterRow:
    def cell(column: str) -> str:
        return cells[where[column]] if column in where and where[column] < len(cells) else ""

    team = " ".join(cell("team").replace('"', "'").split())  # a button holds the name between quotes
    lead, said = _fold(cell("lead")), cell("lead")
    why = ""
    if not 0 < len(team) <= NAME:
        why = _("A team's name has 1 to {name} characters.", name=NAME)
    elif lead not in YES | NO:
        why = _("Write yes or no for the lead, not “{said}”.", said=said[:40])
    people = _people(cell)
    if not people and not why:
        why = _("There is no name in it.")
    return RosterRow(number, team, people, lead in YES, tuple(cells), why)


def _people(read: Callable[[str], str]) -> tuple[str, ...]:
    """Who a row is about, the surest way to say it first."""
    name, first, last = read("name"), read("first"), read("last")
    whole = " ".join(filter(None, (first or (name if last else ""), last)))
    given = [read("id"), read("email"), whole if last or first else "", name]
    given += [_turn(one) for one in (name,) if "," in one]
    return tuple(dict.fromkeys(one for one in given if one))


def _turn(name: str) -> str:
    """`Quinn, Ada` as people say it."""
    last, _comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}".strip()


def _fold(text: str) -> str:
    return spreadsheet.fold_heading(text) or text.strip()
