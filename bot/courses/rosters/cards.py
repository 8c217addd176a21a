"""Cards about imports of teams: what one would change, what it changed, and what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    File,
    Heading,
    Markdown,
    Moment,
    Note,
    Table,
    compose,
    say,
)
from bot.chat.language import N_, _, format_list, ngettext
from bot.content import spreadsheet
from bot.courses.left_out import SHOWN, left_out_blocks
from bot.courses.rosters.candidates import UnmatchedRow
from bot.courses.rosters.carrying_out import PER_MINUTE, ImportResult, UndoResult
from bot.courses.rosters.formats import RosterRow, RosterTable
from bot.courses.rosters.outlook import Namesake, Outlook, UnclearLine
from bot.courses.rosters.tables import Roster

COLUMNS = {
    "team": N_("the team"),
    "email": N_("the person's e-mail"),
    "id": N_("the person's id"),
    "name": N_("the person"),
    "first": N_("the first name"),
    "last": N_("the last name"),
    "lead": N_("whether they lead"),
}


def outlook_card(
    one: Roster, outlook: Outlook, table: RosterTable | None = None, unmatched: Sequence[UnmatchedRow] = ()
) -> Card:
    """What an import would change; nothing is changed yet. `table` as it was just read, with the lines that cannot be taken."""
    title = _("Import teams: nothing is changed yet")
    blocks: list[Block] = [Heading(title), Facts(_count_rows(outlook, unmatched))]
    if outlook.new_teams:
        names = list(outlook.new_teams[:SHOWN])
        if more := len(outlook.new_teams) - SHOWN:
            names += [ngettext("{count} more", "{count} more", more)] if more > 0 else []
        blocks.append(Markdown(_("**New teams:** {names}", names=format_list(names))))
    if outlook.unclear:
        blocks += _unclear_blocks(outlook.unclear)
    if unmatched:
        blocks += _unmatched_blocks(unmatched, table)
    if not outlook.changes and not outlook.unclear:
        nothing = (
            _("Nothing to import") if unmatched else _("Everybody in this table is in their team already")
        )
        return say(nothing, Heading(nothing), *blocks[1:])
    blocks.append(Buttons(_outlook_buttons(one, outlook)))
    if table is not None:
        blocks.append(Note(_read_as(table)))
    blocks.append(Note(_("An import only adds: it takes nobody out of a team. You can undo it for a day.")))
    return say(title, *blocks)


def _count_rows(outlook: Outlook, unmatched: Sequence[UnmatchedRow]) -> tuple[tuple[str, str], ...]:
    counts = (
        (_("New teams"), len(outlook.new_teams)),
        (_("People who join a team"), outlook.joining),
        (_("People who become a lead"), outlook.leading),
        (_("In their team already"), outlook.known),
        (_("Several people of that name"), len(outlook.unclear)),
        (_("Not found"), len(unmatched)),
    )
    return tuple((label, str(count)) for label, count in counts if count) or ((_("New teams"), "0"),)


def _unclear_blocks(lines: Sequence[UnclearLine]) -> list[Block]:
    rows = tuple(
        (str(one.number), one.people[0].name, format_list([describe_namesake(each) for each in one.people]))
        for one in lines[:SHOWN]
    )
    words = _("Several people have these names. Choose who is meant, or these lines are left out.")
    return [Markdown(words), Table((_("Line"), _("Name"), _("Who it may be")), rows)]


def describe_namesake(one: Namesake) -> str:
    """Somebody, so that they can be told from others of their name."""
    if one.teams:
        return _("{person} (in {teams})", person=one.person, teams=format_list(list(one.teams)))
    return one.person


def _unmatched_blocks(unmatched: Sequence[UnmatchedRow], table: RosterTable | None) -> list[Block]:
    words = _(
        "The lines that I cannot import are in the file, each with its reason. Fix them and import the file again."
    )
    heading = table.heading if table is not None else ()
    data, about = write_unmatched(heading, unmatched), _("Lines that were not imported, with reasons")
    file = File("tilth-not-found.csv", data, about)
    return left_out_blocks(((one.row.number, one.why) for one in unmatched), words, file)


def write_unmatched(heading: Sequence[str], unmatched: Sequence[UnmatchedRow]) -> bytes:
    """The rows that cannot be imported as a table to mend, each as it was written, with the reason behind it."""
    width = len(heading)
    rows = ((*_fit(one.row, width), one.why) for one in unmatched)
    return spreadsheet.write((*heading, _("why not")), rows)


def _fit(row: RosterRow, width: int) -> tuple[str, ...]:
    return (row.cells + ("",) * width)[:width]


def _outlook_buttons(one: Roster, outlook: Outlook) -> tuple[Button, ...]:
    state = f"i{one.id}"
    choose = Button(_("Choose who is meant"), opens="team.import.choose", value=state)
    take = Button(_("Import"), does="team.import.take", value=state, style="main")
    drop = Button(_("Cancel"), does="team.import.drop", value=state)
    return (
        *((take,) if outlook.changes else ()),
        *((choose,) if outlook.unclear else ()),
        drop,
    )


def _read_as(table: RosterTable) -> str:
    read = [
        _("“{heading}” is {column}", heading=heading, column=_(COLUMNS[column]))
        for heading, column in table.columns
    ]
    return _("I read the columns like this: {columns}.", columns=format_list(read))


def imported_card(
    one: Roster, result: ImportResult, left_out: int, told_from: datetime, until: datetime, zone: str
) -> Card:
    """What an import changed, and until when it can be undone."""
    title = _("The teams are imported")
    told = compose(
        _(
            "They are told in private from {told_from} on, up to {count} people a minute, never in their quiet hours. "
            "If you undo it before, nobody is told."
        ),
        told_from=Moment(told_from, zone, "time"),
        count=PER_MINUTE,
    )
    counts = (
        (_("New teams"), result.teams),
        (_("People who joined a team"), result.joined),
        (_("People who lead a team now"), result.led),
        (_("Lines left out"), left_out),
    )
    facts = tuple((label, str(count)) for label, count in counts if count)
    return say(
        title,
        Heading(title),
        *(
            (Facts(facts),)
            if facts
            else (Markdown(_("Nothing changed: everybody was in their team already.")),)
        ),
        *((Markdown(told),) if result.joined or result.led else ()),
        Buttons((Button(_("Undo"), does="team.import.undo", value=f"i{one.id}"),)),
        Note(compose(_("You can undo this until {until}."), until=Moment(until, zone))),
    )


def undone_card(result: UndoResult) -> Card:
    """What was taken back."""
    title = _("The import is undone")
    counts = (
        (_("People taken out of a team"), result.left),
        (_("People who no longer lead"), result.unled),
        (_("Teams removed"), result.teams),
        (_("Left as it is, because it was changed since"), result.stayed),
    )
    facts = tuple((label, str(count)) for label, count in counts if count)
    return say(
        title,
        Heading(title),
        *((Facts(facts),) if facts else ()),
        Note(_("Whoever was told already is not written to again.")),
    )


def dropped_card() -> Card:
    """The answer to whoever does not import a table after all."""
    return say(_("Nothing was imported"))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime.fromisoformat("2026-10-05T14:05:00+00:00")
    one = Roster(3, 1, 7, "chat", at, None, None)
    sams = (Namesake(4, "Sam Lee", "U04", ("North",)), Namesake(5, "Sam Lee", "U05", ()))
    wrong = RosterRow(4, "North", ("Nobody Here",), False, ("North", "Nobody Here", ""))
    table = RosterTable(
        (wrong,), ("Team", "Person", "Lead"), (("Team", "team"), ("Person", "name"), ("Lead", "lead"))
    )
    missing = [UnmatchedRow(wrong, _("I found nobody called “{wanted}”.", wanted="Nobody Here"))]
    full = Outlook(("North", "South"), 41, 2, 3, (UnclearLine(7, "North", sams),))
    return (
        outlook_card(one, full, table, missing),
        outlook_card(one, Outlook((), 0, 0, 44, ())),
        outlook_card(one, Outlook((), 0, 0, 0, ()), table, missing),
        imported_card(one, ImportResult(2, 41, 2), 1, at, at, "America/Chicago"),
        imported_card(one, ImportResult(0, 0, 0), 0, at, at, "America/Chicago"),
        undone_card(UndoResult(40, 1, 2, 1)),
        dropped_card(),
    )
