"""`/team import`: a table of teams is looked at, then imported on a tap, and can be undone for a day."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card
from bot.chat.forms import Choice, FieldErrors, Form, Hint, LongText, Upload
from bot.chat.handed_file import MOST_BYTES
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.chat.port import Adapter
from bot.courses.rosters import cards, tables
from bot.courses.rosters.carrying_out import QUIET, RosterWork
from bot.courses.rosters.formats import UnreadableRoster, read_roster
from bot.courses.rosters.intake import RosterIntake
from bot.courses.rosters.outlook import UnclearLine, look_ahead
from bot.courses.rosters.tables import OPEN, Roster
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Waits, Writes, note_change
from bot.store.store import Store

PASTED = 3000
"""Characters that fit into a form."""
ASKED = 5
"""Lines that a form asks about at once."""
CHAT = "chat"


class RosterImport:
    """The moderators' command, form and buttons."""

    def __init__(self, store: Store, alerts: Alerts, adapters: Mapping[str, Adapter]) -> None:
        self._store, self._work = store, RosterWork(store, alerts)
        self._intake = RosterIntake(store, adapters)

    # ── looking ───────────────────────────────────────────────────────────────

    async def look_at_lines(self, request: Request) -> Form | Card:
        """Look at the lines that came with the command, or ask for them."""
        if request.text("lines"):
            return await self._look(request, request.text("lines"))
        return build_form(request)

    async def submit_form(self, request: Request) -> Card | FieldErrors:
        """Look at the file or the lines of the form."""
        field = "file" if request.text("file") else "lines"
        if not request.text(field):
            return FieldErrors({"file": _("Please choose a file, or paste the table.")})
        try:
            return await self._look(request, request.text(field))
        except Refusal as refusal:
            return FieldErrors({field: f"{refusal.problem} {refusal.fix}".strip()})

    async def _look(self, request: Request, text: str) -> Card:
        try:
            table = await asyncio.to_thread(read_roster, text)
        except UnreadableRoster as unfit:
            raise Refusal(str(unfit), "", text[:PASTED]) from None
        home, space = request.community.id, request.person.space
        people, unmatched = await self._intake.find_people(home, table, space)
        made = await self._store.write(
            lambda conn: tables.insert_roster(conn, home, request.member.id, CHAT, request.now, people)
        )
        outlook = await self._store.read(partial(look_ahead, one=made))
        return cards.outlook_card(made, outlook, table, unmatched)

    # ── importing and undoing ─────────────────────────────────────────────────

    async def take(self, request: Request) -> Card:
        """Import what was looked at."""
        number = read_id(request.value, "i")
        one = await self._store.write(lambda conn: _claim(conn, request, number))
        began = one.imported_at or request.now
        result = await self._work.carry_out(one, began)
        if began == request.now:
            after = {"teams": result.teams, "people": result.joined, "leads": result.led}
            await self._note(request, "imported teams", one, None, after)
        outlook = await self._store.read(partial(look_ahead, one=one))
        card = cards.imported_card(
            one, result, len(outlook.unclear), began + QUIET, began + OPEN, request.community.zone
        )
        return replace(card, replaces=True)

    async def undo(self, request: Request) -> Card:
        """Take an import back."""
        number = read_id(request.value, "i")
        one = await self._store.write(lambda conn: _claim_undo(conn, request, number))
        result = await self._work.undo(one, request.now)
        if one.undone_at == request.now:
            before = {"people": result.left, "leads": result.unled, "teams": result.teams}
            await self._note(request, "undid an import of teams", one, before, None)
        return replace(cards.undone_card(result), replaces=True)

    async def _note(
        self,
        request: Request,
        what: str,
        one: Roster,
        before: Mapping[str, int] | None,
        after: Mapping[str, int] | None,
    ) -> None:
        """Write it into the audit log, once however often a button is pressed."""
        await self._store.write(lambda conn: note_change(conn, request, what, f"i{one.id}", before, after))

    # ── the menu ──────────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The moderators' command."""
        lines = Option("lines", N_("The table: team, person, lead"), OptionKind.TEXT)
        command = Command(
            "team", "import", N_("Make teams from a table, after you have seen what changes"), (lines,),
            role=Role.MODERATOR, opens=True, label=N_("Import teams"),
        )  # fmt: skip
        return (CommandHandler(command, Waits(self.look_at_lines)),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The form of a table, and the one that asks who is meant."""
        return (
            FormHandler(
                "team.import",
                Reads(lambda _conn, request: build_form(request)),
                Waits(self.submit_form),
                Role.MODERATOR,
            ),
            FormHandler("team.import.choose", Reads(build_choices), Writes(submit_choices), Role.MODERATOR),
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Import, cancel, undo."""
        return (
            ButtonHandler("team.import.take", Waits(self.take), Role.MODERATOR),
            ButtonHandler("team.import.drop", Writes(drop), Role.MODERATOR),
            ButtonHandler("team.import.undo", Waits(self.undo), Role.MODERATOR),
        )


def build_form(_request: Request) -> Form:
    """The form for a file or a pasted table."""
    return Form(
        "team.import", _("Import teams"),
        (
            Hint(
                _(
                    "A table with a line for each person: the team, the person's e-mail, id or whole name, and “yes” "
                    "for whoever leads. You see what it changes before anything is changed."
                )
            ),
            Upload("file", _("The file"), ("csv", "txt", "tsv"), required=False, limit=MOST_BYTES),
            LongText(
                "lines", _("Or the table as text"), _("team,person,lead\nNorth,Ada Quinn,yes"), required=False, limit=PASTED,
            ),
        ),
        submit=_("Look at it"),
    )  # fmt: skip


# ── who is meant ──────────────────────────────────────────────────────────────


def build_choices(conn: Connection, request: Request) -> Form | Card:
    """The form that asks who is meant by the next few lines."""
    one = _open_roster(conn, request, read_id(request.value, "i"))
    outlook = look_ahead(conn, one)
    if not outlook.unclear:
        return cards.outlook_card(one, outlook)
    asked = tuple(_ask_line(line) for line in outlook.unclear[:ASKED])
    return Form(
        "team.import.choose", _("Who is meant?"), asked, f"i{one.id}",
        submit=_("Choose"),
    )  # fmt: skip


def _ask_line(line: UnclearLine) -> Choice:
    options = tuple((str(one.member_id), cards.describe_namesake(one)[:75]) for one in line.people)
    label = _("{name}, for {team}", name=line.people[0].name, team=line.team)
    hint = _("Line {number} of the table. Choose nobody to leave it out.", number=line.number)
    return Choice(f"line{line.number}", label[:45], options, hint[:100], required=False)


def submit_choices(conn: Connection, request: Request) -> Card | FieldErrors:
    """Take in who is meant, and show what the import changes now."""
    one = _open_roster(conn, request, read_id(request.value, "i"))
    for line in look_ahead(conn, one).unclear:
        chosen = request.text(f"line{line.number}")
        if chosen.isdigit():
            tables.choose_person(conn, one.id, line.number, int(chosen))
    return cards.outlook_card(one, look_ahead(conn, one))


def drop(conn: Connection, request: Request) -> Card:
    """Forget a table without importing it."""
    one = _open_roster(conn, request, read_id(request.value, "i"))
    tables.drop_roster(conn, one.id)
    return replace(cards.dropped_card(), replaces=True)


# ── what is still open ────────────────────────────────────────────────────────


def _find(conn: Connection, request: Request, number: int) -> Roster:
    found = tables.find_roster(conn, request.community.id, number)
    if found is None:
        raise Refusal(_("This table is no longer here."), _("`/team import` takes it once more."))
    return found


def _open_roster(conn: Connection, request: Request, number: int) -> Roster:
    """A table that can still be imported."""
    one = _find(conn, request, number)
    if one.imported_at is not None:
        raise Refusal(_("This table is imported already."), _("`/team list` shows the teams."))
    if request.now - one.made_at > OPEN:
        raise Refusal(
            _("You looked at this table more than a day ago."), _("`/team import` takes it once more.")
        )
    return one


def _claim(conn: Connection, request: Request, number: int) -> Roster:
    """Begin an import, or go on with one that was interrupted."""
    one = _find(conn, request, number)
    if one.undone_at is not None:
        raise Refusal(_("This import was undone."), _("`/team import` takes the table once more."))
    if one.imported_at is None:
        tables.claim_import(conn, _open_roster(conn, request, number).id, request.now)
    return _find(conn, request, number)


def _claim_undo(conn: Connection, request: Request, number: int) -> Roster:
    """Begin to undo an import, or go on with that."""
    one = _find(conn, request, number)
    if one.imported_at is None:
        raise Refusal(_("This table is not imported yet."), _("There is nothing to undo."))
    if one.undone_at is None and request.now - one.imported_at > OPEN:
        raise Refusal(
            _("There is nothing to undo anymore."), _("`/team remove` takes somebody out of a team.")
        )
    tables.claim_undo(conn, one.id, request.now)
    return _find(conn, request, number)
