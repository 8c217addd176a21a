"""The ways in for imported progress: a moderator's form, and an HTTP call from a course host."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aiohttp import web
from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Facts, File, Heading, Markdown, Note, Table, say
from bot.chat.forms import FieldErrors, Form, Hint, LongText
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.content import spreadsheet
from bot.courses.lessons import catalog
from bot.courses.lessons.course_views import COURSE
from bot.courses.progress_import import deliveries
from bot.courses.progress_import.deliveries import Delivery, DeliveryRefused
from bot.courses.progress_import.formats import COLUMNS, ProgressRow, UnreadableTable, read_csv, read_events
from bot.courses.progress_import.rows import ProgressRows, RejectedRow, Report
from bot.feature import CommandHandler, FormHandler, Reads, Request, Waits, note_change
from bot.people import tables as people
from bot.store.store import Store

log = logging.getLogger(__name__)

SHOWN = 10
"""Refused lines that are shown; all of them are in the file."""
MOST_BYTES = 256 * 1024
"""Bytes of a call; the web server refuses more."""
PASTED = 3000
"""Characters that fit into a form."""
TIMELESS = "It says no time (at). A call with the bare secret needs one on each line; a signed one does not."


@dataclass(frozen=True, slots=True)
class Hook:
    """A course host as the settings name it: its secret, and the slug of its community."""

    secret: str
    community: str


class ProgressImport:
    """Progress that is handed in, by a moderator or by a call of a course host."""

    def __init__(self, store: Store, importing: ProgressRows, hooks: Mapping[str, Hook]) -> None:
        self._store = store
        self._importing = importing
        self._hooks = hooks

    # ── the form ──────────────────────────────────────────────────────────────

    async def import_lines(self, request: Request) -> Form | Card:
        """Take the lines that came with the command, or ask for them; waits for several transactions."""
        if request.text("lines"):
            return await self._take(request, request.number("course"), request.text("lines"))
        return _form(request)

    async def submit_form(self, request: Request) -> Card | FieldErrors:
        """Take the lines of the form; waits for several transactions."""
        try:
            number = read_id(request.value, "c") if request.value else None
            return await self._take(request, number, request.text("lines"))
        except Refusal as refusal:
            return FieldErrors({"lines": f"{refusal.problem} {refusal.fix}".strip()})

    async def _take(self, request: Request, number: int | None, text: str) -> Card:
        try:
            lines = read_csv(text)
        except UnreadableTable as unfit:
            raise Refusal(str(unfit), "", text) from None
        if number is not None:
            listed = await self._store.read(
                lambda conn: catalog.find_course(conn, request.community.id, number)
            )
            if listed is None:
                raise Refusal(
                    _("There is no course c{number}.", number=number), _("`/course list` shows them."), text
                )
        report = await self._importing.take(
            request.community, number, lines, "import", request.person.space, request.member.id
        )

        after = {"taken": report.taken, "known": report.known, "refused": len(report.refused)}
        subject = "every course" if number is None else f"c{number}"
        await self._store.write(
            lambda conn: note_change(conn, request, "imported progress", subject, None, after)
        )
        return report_card(report)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The moderators' command."""
        lines = Option("lines", N_("The table, with the line that names its columns"), OptionKind.TEXT)
        command = Command(
            "course", "import", N_("Progress from where the course is hosted"), (COURSE, lines),
            role=Role.MODERATOR, opens=True, label=N_("Import progress"),
        )  # fmt: skip
        return (CommandHandler(command, Waits(self.import_lines)),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The moderators' form."""
        return (FormHandler("course.import", Reads(import_form), Waits(self.submit_form), Role.MODERATOR),)

    # ── the hook ──────────────────────────────────────────────────────────────

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`POST /hooks/courses/{name}`: JSON events or a CSV file, signed with the secret of that name.

        See docs/course-hooks.md. Answers with the report as JSON: 200, also when some lines were refused, or when this
        delivery has been taken in before. 401 with the reason for a call that is not, or no longer, the host's, 400 for
        what cannot be read, 413 and 415.
        """
        name, body = request.match_info.get("name", ""), await request.read()
        try:
            hook, delivery = self._authenticate(name, request.headers, body)
            lines = await asyncio.to_thread(_lines, request.content_type, body)
        except DeliveryRefused as refused:
            return web.json_response({"error": str(refused)}, status=401)
        except UnreadableTable as unfit:
            return web.json_response({"error": str(unfit)}, status=400)
        if lines is None:
            return web.json_response({"error": "send application/json or text/csv"}, status=415)
        home = await self._store.read(lambda conn: _community(conn, hook.community))
        if home is None:
            return web.json_response({"error": "the hook's community is not there"}, status=503)
        report, repeated = await self._take_delivery(home, name, delivery, lines)
        log.info("hook: %s taken, %s known, %s refused", report.taken, report.known, len(report.refused))
        rejected = [{"line": one.line.number, "why": one.why} for one in report.refused]
        told = {"taken": report.taken, "known": report.known, "refused": rejected, "repeated": repeated}
        return web.json_response(told)

    def _authenticate(self, name: str, headers: Mapping[str, str], body: bytes) -> tuple[Hook, Delivery]:
        """Whose call this is; raises `DeliveryRefused`."""
        hook = self._hooks.get(name)
        if hook is None:
            raise DeliveryRefused(deliveries.UNKNOWN)
        return hook, deliveries.authenticate(headers, body, hook.secret, self._importing.clock.now())

    async def _take_delivery(
        self, home: people.Community, hook: str, delivery: Delivery, lines: list[ProgressRow]
    ) -> tuple[Report, bool]:
        """Take in what came, unless it has been; and whether it has been."""
        id = delivery.id
        if id is None:
            # Nothing tells this call from a recorded one, so only lines that say their time are safe to repeat.
            timeless = tuple(RejectedRow(line, TIMELESS) for line in lines if not line.at)
            report = await self._importing.take(home, None, [line for line in lines if line.at], "webhook")
            return replace(report, refused=(*timeless, *report.refused)), False
        if await self._store.read(lambda conn: deliveries.is_taken(conn, home.id, hook, id)):
            return Report(0, 0, ()), True
        dated = [replace(line, sent_at=delivery.at) for line in lines]
        report = await self._importing.take(home, None, dated, "webhook")
        # Recorded afterwards: what was interrupted is sent again, and half of it twice is the same as once.
        now = self._importing.clock.now()
        await self._store.write(lambda conn: deliveries.record_delivery(conn, home.id, hook, id, now))
        return report, False

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The address; none where the settings name no hook."""
        return (web.post("/hooks/courses/{name}", self.handle),) if self._hooks else ()


def import_form(_conn: Connection, request: Request) -> Form:
    """The form for pasted lines."""
    return _form(request)


def _form(request: Request) -> Form:
    number = request.number("course")
    number = read_id(request.value, "c") if request.value else number
    value = f"c{number}" if number is not None else ""
    return Form(
        "course.import", _("Progress from elsewhere"),
        (
            Hint(
                _("Paste a table with a line for each lesson somebody began or finished. The first line names " "the columns: person, lesson, status, at. Sending it again does no harm. A whole file goes " "to the hook.")
            ),
            LongText("lines", _("The table"), _("person,lesson,status,at\n" "Ada Quinn,1,done,2026-10-05"), limit=PASTED),
        ),
        value,
        submit=_("Take it in"),
    )  # fmt: skip


def _lines(kind: str, body: bytes) -> list[ProgressRow] | None:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableTable("This is not UTF-8.") from None
    if kind in ("text/csv", "application/csv", "text/plain"):
        return read_csv(text)
    if kind != "application/json":
        return None
    try:
        return read_events(json.loads(text))
    except (ValueError, RecursionError):
        raise UnreadableTable("This is not JSON.") from None


def _community(conn: Connection, slug: str) -> people.Community | None:
    return next((home for home in people.communities(conn) if home.slug == slug), None)


def report_card(report: Report) -> Card:
    """What became of handed-in progress."""
    rows = (
        (_("Changed something"), str(report.taken)),
        (_("Known already"), str(report.known)),
        ("Refused", str(len(report.refused))),
    )
    blocks: list[Block] = [Heading(_("Progress is in")), Facts(rows)]
    if report.refused:
        shown = tuple((str(one.line.number), one.why[:120]) for one in report.refused[:SHOWN])
        blocks.append(Table((_("Line"), _("Why not")), shown))
        table = spreadsheet.write(
            (*COLUMNS, "why not"),
            (
                (one.line.person, one.line.lesson, one.line.status, one.line.at, one.why)
                for one in report.refused
            ),
        )
        blocks.append(
            Markdown(
                _("The refused lines are in the file, each with its reason. Fix them and send it again.")
            )
        )
        blocks.append(File("tilth-refused.csv", table, _("Refused lines with reasons")))
    return say(_("Progress is in"), *blocks, Note(_("Sending the same lines again changes nothing.")))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.courses.progress_import.rows import RejectedRow  # examples only

    wrong = RejectedRow(ProgressRow(4, "Nobody Here", "1", "done", ""), "I know nobody called “Nobody Here”.")
    return (report_card(Report(12, 3, (wrong,))), report_card(Report(2, 0, ())))
