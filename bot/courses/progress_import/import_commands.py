"""`/course import`: a moderator hands in a file or a table, sees what it would do, and takes it in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, Hint, LongText, Upload
from bot.chat.handed_file import MOST_BYTES
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.chat.port import Adapter
from bot.courses.email_addresses import ask_addresses
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.course_views import COURSE
from bot.courses.progress_import import cards, columns, drafts
from bot.courses.progress_import.cards import ImportPreview
from bot.courses.progress_import.drafts import ProgressDraft
from bot.courses.progress_import.formats import ProgressRow, UnreadableTable
from bot.courses.progress_import.previews import (
    HandedTable,
    choose_course,
    columns_form,
    preview_host,
    preview_own,
    read_handed,
)
from bot.courses.progress_import.rows import Foreseen, ProgressRows
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Waits, Writes, note_change
from bot.store.store import Store

PASTED = 3000
"""Characters that fit into a form."""


class ProgressCommands:
    """The moderators' way in for progress from where a course is hosted."""

    def __init__(self, store: Store, importing: ProgressRows, adapters: Mapping[str, Adapter]) -> None:
        self._store = store
        self._importing = importing
        self._adapters = adapters

    # ── handing in ────────────────────────────────────────────────────────────

    async def import_lines(self, request: Request) -> Form | Card:
        """Show what the lines would do that came with the command, or ask for them."""
        if request.text("lines"):
            return await self._hand_in(request, request.number("course"), request.text("lines"))
        return _form(request)

    async def submit_form(self, request: Request) -> Card | FieldErrors:
        """Show what the file or the lines of the form would do."""
        field = "file" if request.text("file") else "lines"
        if not request.text(field):
            return FieldErrors({"file": _("Please choose a file, or paste the table.")})
        try:
            number = read_id(request.value, "c") if request.value else None
            return await self._hand_in(request, number, request.text(field))
        except Refusal as refusal:
            return FieldErrors({field: f"{refusal.problem} {refusal.fix}".strip()})

    async def _hand_in(self, request: Request, number: int | None, text: str) -> Card:
        """Keep a table that can be read, and show what it would do."""
        home, member, space = request.community, request.member, request.person.space
        try:
            await asyncio.to_thread(read_handed, text)
        except UnreadableTable as unfit:
            raise Refusal(str(unfit), "", text[:PASTED]) from None
        if number is not None:
            listed = await self._store.read(lambda conn: catalog.find_course(conn, home.id, number))
            if listed is None:
                raise Refusal(
                    _("There is no course c{number}.", number=number),
                    _("`/course list` shows them."),
                    text[:PASTED],
                )
        draft = await self._store.write(
            lambda conn: drafts.add_draft(conn, home.id, member.id, space, number, text, request.now)
        )
        return await self._show(request, draft)

    # ── before it is taken in ─────────────────────────────────────────────────

    async def _show(self, request: Request, draft: ProgressDraft) -> Card:
        """What a table would do, with what is still to be said of it."""
        table, offered, course = await self._look(request, draft)
        if table.host is None:
            foreseen = await self._foresee(request, draft, table.rows)
            return cards.preview_card(preview_own(draft, table, offered, foreseen))
        if course is None:
            return cards.course_card(ImportPreview(draft.id, table.host.host, None, tuple(offered)))
        matched = columns.match_columns(table.host.columns, course.course, draft.chosen)
        rows = columns.make_rows(table.host, course.id, matched)
        foreseen = await self._foresee(request, draft, rows)
        return cards.preview_card(preview_host(draft, table.host, course, matched, foreseen))

    async def _look(
        self, request: Request, draft: ProgressDraft
    ) -> tuple[HandedTable, list[CatalogCourse], CatalogCourse | None]:
        """A table that waits, the courses it may be about, and the one that a course host's table is about."""
        table = await asyncio.to_thread(read_handed, draft.content)
        offered = await self._store.read(lambda conn: _courses(conn, request.community.id, draft.course_id))
        return table, offered, None if table.host is None else choose_course(table.host, offered)

    async def _foresee(self, request: Request, draft: ProgressDraft, rows: Sequence[ProgressRow]) -> Foreseen:
        addresses = await self._ask_addresses(request, rows)
        return await self._importing.foresee(request.community, draft.course_id, rows, draft.space, addresses)

    async def _ask_addresses(
        self, request: Request, rows: Sequence[ProgressRow]
    ) -> Mapping[str, tuple[str, str]]:
        """Who has the addresses in a table, as far as a platform says."""
        emails = {email.casefold() for one in rows for email in one.emails}
        book = await ask_addresses(
            self._store, self._adapters, request.community.id, emails, request.person.space
        )
        return book.people

    async def pick_course(self, request: Request) -> Card:
        """Note which course a table is about, and show what it would do."""
        named, _slash, option = request.value.partition("/")
        draft, number = await self._draft(request, named), read_id(option, "c")
        listed = await self._store.read(lambda conn: catalog.find_course(conn, request.community.id, number))
        if listed is None:
            raise Refusal(_("There is no course c{number}.", number=number), _("`/course list` shows them."))
        await self._store.write(lambda conn: drafts.change_draft(conn, draft.id, number, draft.chosen))
        return await self._show(request, replace(draft, course_id=number))

    async def _draft(self, request: Request, value: str) -> ProgressDraft:
        """The table that a button is about. Raises `Refusal` when it is gone."""
        id = read_id(value, "d")
        return await self._store.read(lambda conn: _find(conn, request, id))

    # ── columns ───────────────────────────────────────────────────────────────

    async def build_columns(self, request: Request) -> Form | Card:
        """Ask in which columns the lessons are of which that is not clear; else of all of them."""
        draft = await self._draft(request, request.value)
        table, _offered, course = await self._look(request, draft)
        if table.host is None or course is None:
            return await self._show(request, draft)
        return columns_form(draft, table.host, course)

    async def submit_columns(self, request: Request) -> Card:
        """Note the columns that were named, and show what the table would do now."""
        draft = await self._draft(request, request.value)
        course = (await self._look(request, draft))[2]
        if course is None:
            return await self._show(request, draft)
        said = {one.slug: request.text(f"l{n}") for n, one in enumerate(course.course.lessons)}
        chosen = {**draft.chosen, **{slug: int(at) for slug, at in said.items() if at}}
        await self._store.write(lambda conn: drafts.change_draft(conn, draft.id, course.id, chosen))
        return await self._show(request, replace(draft, course_id=course.id, chosen=chosen))

    # ── taking it in ──────────────────────────────────────────────────────────

    async def take(self, request: Request) -> Card:
        """Take a table in, a few rows in each transaction; once more does no harm."""
        draft = await self._draft(request, request.value)
        table, _offered, course = await self._look(request, draft)
        number, rows = draft.course_id, table.rows
        if table.host is not None:
            if course is None:
                return await self._show(request, draft)
            matched = columns.match_columns(table.host.columns, course.course, draft.chosen)
            number, rows = course.id, tuple(columns.make_rows(table.host, course.id, matched))
        report = await self._importing.take(
            request.community, number, rows, "import", draft.space, request.member.id,
            await self._ask_addresses(request, rows),
        )  # fmt: skip
        after: dict[str, object] = {
            "taken": report.taken, "known": report.known, "refused": len(report.refused),
            "from": "a table" if table.host is None else table.host.host,
        }  # fmt: skip
        subject = "every course" if number is None else f"c{number}"

        def finish(conn: Connection) -> None:
            note_change(conn, request, "imported progress", subject, None, after)
            drafts.drop_draft(conn, request.community.id, request.member.id, draft.id)

        await self._store.write(finish)
        return cards.report_card(report)

    # ── what it offers ────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The moderators' command."""
        lines = Option("lines", N_("The table, with the line that names its columns"), OptionKind.TEXT)
        command = Command(
            "course", "import", N_("Progress from where the course is hosted"), (COURSE, lines),
            role=Role.MODERATOR, opens=True, label=N_("Import progress"),
        )  # fmt: skip
        return (CommandHandler(command, Waits(self.import_lines)),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The form for a file or a table, and the one for its columns."""
        return (
            FormHandler("course.import", Reads(import_form), Waits(self.submit_form), Role.MODERATOR),
            FormHandler(
                "course.import.columns", Waits(self.build_columns), Waits(self.submit_columns), Role.MODERATOR
            ),
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """What the card before an import offers."""
        return (
            ButtonHandler("course.import.take", Waits(self.take), Role.MODERATOR),
            ButtonHandler("course.import.course", Waits(self.pick_course), Role.MODERATOR),
            ButtonHandler("course.import.drop", Writes(drop), Role.MODERATOR),
        )


# ── a table ───────────────────────────────────────────────────────────────────


def _courses(conn: Connection, community_id: int, number: int | None) -> list[CatalogCourse]:
    """The course that was named, or all that can be joined."""
    if number is None:
        return catalog.offered_courses(conn, community_id)
    named = catalog.find_course(conn, community_id, number)
    return [] if named is None else [named]


def _find(conn: Connection, request: Request, id: int) -> ProgressDraft:
    found = drafts.find_draft(conn, request.community.id, request.member.id, id)
    if found is None:
        raise Refusal(
            _(
                "That table is not here any more: it was taken in or left, another came after it, or a day has passed."
            ),
            _("Hand it in again with `/course import`; sending it again does no harm."),
        )
    return found


def drop(conn: Connection, request: Request) -> Card:
    """Leave everything as it is, and delete the table."""
    drafts.drop_draft(conn, request.community.id, request.member.id, read_id(request.value, "d"))
    return cards.dropped_card()


# ── forms ─────────────────────────────────────────────────────────────────────


def import_form(_conn: Connection, request: Request) -> Form:
    """The form for a file or a pasted table."""
    return _form(request)


def _form(request: Request) -> Form:
    number = request.number("course")
    number = read_id(request.value, "c") if request.value else number
    value = f"c{number}" if number is not None else ""
    hint = _(
        "A file that Canvas, Google Classroom or Moodle exported, or a table with the columns person, lesson, status, at. "
        "You see first what it would do."
    )
    return Form(
        "course.import", _("Progress from elsewhere"),
        (
            Hint(hint),
            Upload("file", _("The file"), ("csv", "txt", "tsv"), required=False, limit=MOST_BYTES),
            LongText(
                "lines", _("Or the table as text"), _("person,lesson,status,at\n" "Ada Quinn,1,done,2026-10-05"),
                required=False, limit=PASTED,
            ),
        ),
        value,
        submit=_("Look at it"),
    )  # fmt: skip
