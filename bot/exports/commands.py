"""`/report export`: files with what every moderator may read, for whoever asks alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import Choice, FieldErrors, Form, Hint, ShortText
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id, read_number
from bot.chat.time.date_parser import parse_day
from bot.chat.time.days import Day, past_day
from bot.chat.time.vocabulary import PhraseError
from bot.courses.lessons import catalog
from bot.exports import cards, tables
from bot.exports.maker import ExportMaker
from bot.exports.records import count_progress
from bot.exports.scope import CSV, FORMATS, JSON, ExportScope, count_readable, list_asked
from bot.exports.seen import SeenAnswers, still_holds
from bot.exports.tables import GOING, ExportJob, ExportState
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Waits, Writes, note_change
from bot.reflections.prompts import bank

AT_ONCE = 1000
"""Up to so many answers and rows of progress the files come with the answer to the form."""
MOST_PROMPTS = 50
_FIELDS = ("prompts", "lesson", "since", "until")


class WrongField(Exception):
    """The error of one field of the form; its words are for whoever filled it in."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True, slots=True)
class ExportCommands:
    """The command, the form and the buttons. Up to `at_once` answers are exported while the asker waits."""

    maker: ExportMaker
    at_once: int = AT_ONCE

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/report export`."""
        options = (
            Option("prompt", N_("Which prompt"), OptionKind.ID, positional=True, letter="p"),
            Option("lesson", N_("Which lesson or course")),
            Option("since", N_("Prompts from which day on"), OptionKind.DAY),
            Option("until", N_("Prompts up to which day"), OptionKind.DAY),
            Option("format", N_("Which kind of file"), OptionKind.CHOICE, choices=FORMATS),
        )
        command = Command(
            "report", "export", N_("Answers and progress as files, without names"), options,
            role=Role.MODERATOR, opens=True, label=N_("Export"), examples=("/report export format:csv since:2026-09-01",),
        )  # fmt: skip
        return (CommandHandler(command, Waits(self.export)),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The form that asks what to export."""
        return (FormHandler(cards.FORM, Reads(export_form), Waits(self.submit), Role.MODERATOR),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of an export."""
        return (
            ButtonHandler(cards.SEE, Reads(see_export), Role.MODERATOR),
            ButtonHandler(cards.STOP, Writes(stop_export), Role.MODERATOR),
            ButtonHandler(cards.GET, Waits(self.get_file), Role.MODERATOR),
        )

    async def export(self, request: Request) -> Form | Card:
        """Export what the options say; without any, ask."""
        if not request.values:
            return export_form(None, request)
        given: dict[str, object] = dict(request.values)
        number = request.number("prompt")
        given["prompts"] = f"p{number}" if number is not None else ""
        try:
            return await self._export(request, given)
        except WrongField as wrong:
            raise Refusal(wrong.words, _("`/report export` opens a form."), request.line) from None

    async def submit(self, request: Request) -> Card | FieldErrors:
        """Export what the form says."""
        try:
            return await self._export(request, request.values)
        except WrongField as wrong:
            return FieldErrors({wrong.field: wrong.words})

    async def _export(self, request: Request, given: Mapping[str, object]) -> Card:
        store, home = self.maker.store, request.community
        going = await store.read(
            partial(tables.going_job, community_id=home.id, member_id=request.member.id)
        )  # fmt: skip
        if going is not None:
            return cards.going_card(going)
        scope = await store.read(partial(read_scope, request=request, given=given))
        asked = [one.id for one in await store.read(partial(list_asked, home=home, scope=scope))]
        if not asked:
            raise WrongField("prompts", _("No prompt was asked that fits all of this."))
        total, _sum = await store.read(partial(count_readable, community_id=home.id, asked=asked))
        rows = (
            0
            if scope.prompts
            else await store.read(partial(count_progress, home=home.id, lesson=scope.lesson))
        )
        if total + rows > self.at_once:
            return cards.going_card(
                await store.write(partial(_order, request=request, scope=scope, total=total))
            )
        build = await store.read(partial(self.maker.build, community_id=home.id, scope=scope))
        async for _done in build.slices():
            pass
        await store.write(partial(_note_export, request=request, scope=scope, answers=build.seen.count))
        day = home.day_of(request.now)
        files = [
            (cards.file_name(day, part, len(build.parts)), data) for part, data in enumerate(build.parts, 1)
        ]  # fmt: skip
        return cards.files_card(files, build.seen.count)

    async def get_file(self, request: Request) -> Card:
        """A finished file, if moderators may still read all that is in it; else it is deleted."""
        store, part = self.maker.store, read_number(request.value.partition("/")[2] or "1")
        job = await store.read(partial(_find, request=request))
        if job is None:
            return cards.gone_card()
        if job.state is not ExportState.READY or not 1 <= part <= job.parts:
            return cards.job_card(job, request.community.zone)
        scope, home = ExportScope.from_json(job.scope), request.community
        seen = SeenAnswers(*(job.seen or ()))
        if not await store.read(partial(still_holds, home=home, scope=scope, seen=seen)):
            await store.write(
                partial(
                    tables.end_job, job_id=job.id, state=ExportState.OUTDATED, before=(ExportState.READY,)
                )
            )
            return cards.ended_card(ExportState.OUTDATED)
        data = await store.read(partial(tables.read_part, job_id=job.id, part=part))
        day = home.day_of(job.made_at)
        return cards.files_card([(cards.file_name(day, part, job.parts), data)], job.done)


def export_form(_conn: Connection | None, _request: Request) -> Form:
    """The form that asks what to export."""
    return Form(
        cards.FORM, _("Export answers"),
        (
            Hint(
                _(
                    "You get a zip file with the answers that every moderator may read, with prompts, scales and course "
                    "progress. It names nobody: each person has a made-up name that stays the same. What people keep to "
                    "themselves or share with their team is not in it."
                )
            ),
            ShortText("prompts", _("Which prompts"), _("Like p12, p15. Empty: all."), required=False),
            ShortText("lesson", _("Which lesson or course"), _("Like c1.2 or c1. Empty: all."), required=False, limit=20),
            ShortText("since", _("Asked from this day on"), _("Like Sep 1. Empty: from the start."), required=False, limit=40),
            ShortText("until", _("Asked up to this day"), _("Like Nov 30. Empty: up to today."), required=False, limit=40),
            Choice("format", _("Which kind of file"), ((CSV, _("CSV, for a spreadsheet")), (JSON, _("JSON, for a program"))), value=CSV),
        ),
        submit=_("Export"),
    )  # fmt: skip


def see_export(conn: Connection, request: Request) -> Card:
    """How far an export is now, in the place of the card whose button was pressed."""
    job = _find(conn, request)
    card = cards.gone_card() if job is None else cards.job_card(job, request.community.zone)
    return replace(card, replaces=True)


def stop_export(conn: Connection, request: Request) -> Card:
    """Stop an export that is being made; one that is done is shown as it is."""
    job = _find(conn, request)
    if job is not None:
        tables.end_job(conn, job.id, ExportState.STOPPED, GOING)
    return see_export(conn, request)


def _find(conn: Connection, request: Request) -> ExportJob | None:
    return tables.find_job(conn, request.community.id, request.member.id, read_id(request.value, "e"))


def _order(conn: Connection, request: Request, scope: ExportScope, total: int) -> ExportJob:
    """Have an export made, unless the asker has one under way already."""
    home, member = request.community.id, request.member.id
    going = tables.going_job(conn, home, member)
    if going is not None:
        return going
    _note_export(conn, request, scope, total)
    to = (request.person.space, request.person.id)
    return tables.insert_job(conn, home, member, to, scope.to_json(), total, request.now)


def _note_export(conn: Connection, request: Request, scope: ExportScope, answers: int) -> None:
    note_change(conn, request, "exported answers", scope.brief, None, {"answers": answers})


# ── what somebody means ───────────────────────────────────────────────────────


def read_scope(conn: Connection, request: Request, given: Mapping[str, object]) -> ExportScope:
    """The scope that a command or the form describes; raises `WrongField`."""
    today = request.community.day_of(request.now)
    prompts = _read_prompts(conn, request, str(given.get("prompts") or ""))
    lesson = _read_lesson(conn, request, str(given.get("lesson") or ""))
    since, until = (_read_day(name, given.get(name), today) for name in ("since", "until"))
    if since is not None and until is not None and until < since:
        raise WrongField("until", _("This day is before the first one."))
    return ExportScope(prompts, lesson, since, until, str(given.get("format") or CSV))


def _read_prompts(conn: Connection, request: Request, text: str) -> tuple[int, ...]:
    words = [one for one in re.split(r"[\s,;]+", text) if one]
    if len(words) > MOST_PROMPTS:
        raise WrongField(
            "prompts", _("Name up to {most} prompts, or leave it empty for all.", most=MOST_PROMPTS)
        )
    found = []
    for word in words:
        number = re.fullmatch(r"[pP]?([0-9]{1,9})", word)
        if number is None or bank.find_prompt(conn, request.community.id, int(number[1])) is None:
            raise WrongField("prompts", _("There is no prompt {id}. `/prompt list` shows them.", id=word))
        found.append(int(number[1]))
    return tuple(dict.fromkeys(found))


def _read_lesson(conn: Connection, request: Request, text: str) -> str:
    if not text.strip():
        return ""
    named = re.fullmatch(r"[cC]([0-9]{1,9})(?:\.([0-9]{1,3}))?", text.strip())
    listed = None if named is None else catalog.find_course(conn, request.community.id, int(named[1]))
    lessons = () if listed is None else listed.course.lessons
    number = int(named[2]) if named is not None and named[2] else None
    if listed is None or (number is not None and not 1 <= number <= len(lessons)):
        raise WrongField(
            "lesson", _("There is no lesson {id}. `/course list` shows the courses.", id=text.strip())
        )
    return f"{listed.course.slug}/{lessons[number - 1].slug if number is not None else ''}"


def _read_day(name: str, given: object, today: date) -> date | None:
    """A day that has been: of `Sep 1` the last one, not the next."""
    if not given:
        return None
    try:
        day: Day = parse_day(given) if isinstance(given, str) else given  # type: ignore[assignment]
        return past_day(day, today)
    except PhraseError:
        raise WrongField(name, _("I can’t read this day. Write it like Sep 1, or 2026-09-01.")) from None
