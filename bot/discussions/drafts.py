"""A discussion in the making: read from a command, a form or a message, shown before anything is planned, confirmed.

It is written down switched off and marked as a draft, so that the preview's buttons find it after a restart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Moment, Words
from bot.chat.forms import Choice, FieldErrors, Form, LongText, Pick, ShortText
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import read_option
from bot.chat.time.moment_parser import After, AtLocal, When
from bot.chat.time.rule_parser import parse_rule
from bot.chat.time.rules import Monthly, MonthlyNth, Once, Rule, Weekly
from bot.chat.time.zones import zone as known_zone
from bot.discussions import moderator_cards
from bot.discussions.due_list import clashes, upcoming_lines
from bot.discussions.options import SCHEDULE, plan_from, rest_of
from bot.discussions.rule_input import REPEATS, rhythm_of, spell
from bot.discussions.settings import KIND, TEXT, TITLE, DiscussionSettings, read
from bot.discussions.wording import NO_TOPIC, Lessons, check_words, uses_topics
from bot.feature import Request, note
from bot.schedules import edits, tables
from bot.schedules.model import BreakPolicy, CatchUp, Schedule, ScheduleState
from bot.schedules.recurrence import clock_notes, describe
from bot.store.store import Store

GRACE = timedelta(hours=2)
"""How late a discussion still goes out by itself; later, a moderator is asked."""
DATES = 5
SEPARATED = re.compile(r"\s(--|–|—)\s")
STRAY = re.compile(rf"\b({'|'.join(one.name for one in SCHEDULE[2:-1])}):\S+")
"""An option that slipped into the free text, because a title of several words was not quoted."""


@dataclass(frozen=True, slots=True)
class DiscussionDraft:
    """A discussion as somebody described it: its rule in a zone, the first day it counts, and the plan."""

    rule: Rule
    zone: str
    starts: date
    plan: DiscussionSettings
    breaks: BreakPolicy = BreakPolicy.SKIP


class DiscussionDrafts:
    """How a moderator plans a discussion."""

    def __init__(self, store: Store, lessons: Lessons | None) -> None:
        self._store, self._lessons = store, lessons

    # ── from a command, a form, a message ─────────────────────────────────────

    async def schedule(self, request: Request) -> Card | Form:
        """Plan a discussion and show what it will do; with something missing, ask for it in a form."""
        lost = request.text("text")
        if "channel" in request.missing and lost.startswith("#"):
            raise Refusal(
                f"I know no channel {lost.split()[0]} here.",
                "Pick it from the list as you type.",
                request.line,
            )
        stray = None if SEPARATED.search(request.line) else STRAY.search(lost)
        if stray is not None:
            raise Refusal(
                f"`{stray[0]}` stands in the opening text.",
                'Options come before it, and a title of several words is quoted: title:"Week {week}".',
                request.line,
            )
        if request.missing:
            return await self.new_form(request)
        wanted = self._wanted(request, request.values)
        return await self._store.write(lambda conn: self._prepare(conn, request, wanted))

    async def new_form(self, request: Request) -> Form:
        """The form of a new discussion, filled with what was understood, or with the words of a message."""
        about = request.about.text if request.about is not None else ""
        text = request.text("text") or about
        channel = request.text("channel")
        if not channel and not request.place.private:
            channel = request.place.channel
        title = request.text("title") or (about.strip().splitlines() or [""])[0][:TITLE]
        rest = rest_of(request.values)
        return Form(
            "discuss.new", "A new discussion",
            (
                Pick("channel", "Where", "channel", value=channel),
                ShortText("when", "First time", "thu 16:00", value=_written(request)),
                Choice("repeat", "How often", tuple((one, one.capitalize()) for one in REPEATS),
                       value=request.text("repeat") or "once"),
                ShortText("title", "Title", "Week {week}: {topic}", value=title, limit=TITLE),
                LongText("text", "Opening text", f"You may use {moderator_cards.placeholders_line()}", required=False,
                         value=text[:TEXT], limit=TEXT),
            ),
            value=rest, submit="Preview",
        )  # fmt: skip

    async def take_new(self, request: Request) -> Card | FieldErrors:
        """The form of a new discussion came back."""
        return await self._taken(request, lambda conn, wanted: self._prepare(conn, request, wanted))

    async def draft_form(self, request: Request) -> Form:
        """The form that changes a discussion before it is confirmed."""
        found = await self._store.read(lambda conn: find(conn, request, _number(request.value), drafts=True))
        plan = read(found)
        return Form(
            "discuss.draft", "Before it is planned",
            (
                ShortText("title", "Title", value=plan.title, limit=TITLE),
                LongText("text", "Opening text", f"You may use {moderator_cards.placeholders_line()}", required=False,
                         value=plan.text, limit=TEXT),
                ShortText("when", "When", "every thu 16:00", value=rule_text(found, request.community.zone)),
                ShortText("close", "Open for", "6d; empty: until the next one", required=False,
                          value=moderator_cards.length(plan.close) if plan.close else ""),
                ShortText("tags", "Tags of the forum post", "weekly, staff", required=False, value=", ".join(plan.tags)),
            ),
            value=request.value, submit="Preview",
        )  # fmt: skip

    async def take_draft(self, request: Request) -> Card | FieldErrors:
        """The changed draft came back: shown again."""
        number = _number(request.value)

        def change(conn: Connection, wanted: DiscussionDraft) -> Card:
            found = find(conn, request, number, drafts=True)
            old = read(found)
            plan = replace(
                old,
                title=wanted.plan.title,
                text=wanted.plan.text,
                close=wanted.plan.close,
                tags=wanted.plan.tags,
            )
            self._check(conn, request, plan)
            starts = wanted.starts.isoformat()
            if str(wanted.rule) == found.rule:
                starts = found.anchor.isoformat()
            edits.change_schedule(
                conn, request.community.id, number, request.now,
                title=plan.title, rule=str(wanted.rule), zone=wanted.zone, anchor=date.fromisoformat(starts),
                paused_until=_later(date.fromisoformat(starts), request, wanted.zone), **plan.columns(),
            )  # fmt: skip
            return self.preview(conn, request, find(conn, request, number, drafts=True))

        return await self._taken(request, change)

    async def _taken(self, request: Request, keep: Any) -> Card | FieldErrors:
        """Read the fields of a form as a command would, and keep what they say."""
        values: dict[str, object] = {
            name: value for name, value in request.values.items() if value is not None
        }
        errors: dict[str, str] = {}
        for name, kind in (("when", OptionKind.COMING), ("close", OptionKind.DURATION)):
            if values.get(name):
                try:
                    values[name] = read_option(Option(name, "", kind), str(values[name]))
                except Refusal as refusal:
                    errors[name] = f"{refusal.problem} {refusal.fix}".strip()
        if errors:
            return FieldErrors(errors)
        wanted = self._wanted(request, values)
        card: Card = await self._store.write(lambda conn: keep(conn, wanted))
        return card

    def _wanted(self, request: Request, values: Mapping[str, object]) -> DiscussionDraft:
        """What was asked for, checked. Raises `Refusal`."""
        given: tuple[When | Rule, str | None] = values["when"]  # type: ignore[assignment]
        name = given[1] or request.community.zone
        try:
            zone = known_zone(name)
        except ValueError as error:
            raise Refusal(str(error), "", request.line) from None
        rule, starts = rhythm_of(given[0], str(values.get("repeat") or ""), zone, request.now, request.line)
        plan = plan_from(request, values, rule)
        policy = BreakPolicy(str(values.get("breaks") or BreakPolicy.SKIP))
        return DiscussionDraft(rule, str(zone), starts, plan, policy)

    # ── the draft ─────────────────────────────────────────────────────────────

    def _prepare(self, conn: Connection, request: Request, wanted: DiscussionDraft) -> Card:
        """Write a draft down and show what it will do."""
        self._check(conn, request, wanted.plan)
        made = edits.add_draft(
            conn, request.community.id,
            kind=KIND, title=wanted.plan.title, rule=str(wanted.rule), zone=wanted.zone, anchor=wanted.starts,
            now=request.now, catch_up=CatchUp.ASK, grace_minutes=GRACE // timedelta(minutes=1), break_policy=wanted.breaks,
            places=wanted.plan.places, paused_until=_later(wanted.starts, request, wanted.zone), **wanted.plan.columns(),
        )  # fmt: skip
        draft = tables.find_schedule(conn, request.community.id, made)
        if draft is None:
            raise LookupError(f"schedule {made} was written and is not there")
        return self.preview(conn, request, draft)

    def _check(self, conn: Connection, request: Request, plan: DiscussionSettings) -> None:
        check_words(
            conn, self._lessons, request.community.id, request.now, plan.title, plan.text, request.line
        )

    def preview(self, conn: Connection, request: Request, draft: Schedule) -> Card:
        """What a draft will do."""
        zone, plan = ZoneInfo(draft.zone), read(draft)
        rule, _ = parse_rule(draft.rule)
        lines = upcoming_lines(conn, draft, request.now, DATES, self._lessons)
        if not lines:
            raise Refusal("That time has passed.", "Pick one that is still to come.", request.line)
        once = isinstance(rule, Once)
        facts = moderator_cards.plan_facts(plan, describe(rule, zone), once, draft.break_policy)
        notes = [
            *clock_notes(rule, zone, request.now.astimezone(zone).date(), 400, anchor=draft.anchor),
            *clashes(conn, draft, plan, [line.at for line in lines], request.now),
        ]
        if uses_topics(plan):
            lines = [replace(line, state="" if line.state == NO_TOPIC else line.state) for line in lines]
            notes.append("{topic} is the next one of its queue, which you can fill after Confirm.")
        return moderator_cards.preview_card(draft.id, plan, facts, lines, draft.zone, notes, once)

    async def confirm(self, request: Request) -> Card:
        """Start what was prepared."""

        def start(conn: Connection) -> Card:
            draft = find(conn, request, _number(request.value), drafts=True)
            lines = upcoming_lines(conn, draft, request.now, 1, self._lessons)
            if not lines:
                raise Refusal("That time has passed meanwhile.", "Plan it again with a later one.")
            if draft.state is ScheduleState.DRAFT:
                self._start(conn, request, draft)
            name = f"d{draft.id}"
            when: Words = (
                f"It is planned ({name}). The first one comes on ", Moment(lines[0].at, draft.zone),
                ". `/discuss list` shows what is due.",
            )  # fmt: skip
            if "{topic}" in read(draft).templates:
                when = (*when, f" Fill its queue with `/discuss topics {name} add -- one topic a line`.")
            return moderator_cards.done(when, replaces=True)

        return await self._store.write(start)

    @staticmethod
    def _start(conn: Connection, request: Request, draft: Schedule) -> None:
        edits.confirm_draft(conn, request.community.id, draft.id, "d", request.now)
        note(conn, request, "planned", f"d{draft.id}", None, state_of(draft))

    async def drop(self, request: Request) -> Card:
        """Forget what was prepared."""

        def forget(conn: Connection) -> Card:
            draft = find(conn, request, _number(request.value), drafts=True)
            if draft.state is ScheduleState.DRAFT:
                edits.remove_schedule(conn, request.community.id, draft.id)
                return moderator_cards.done("Cancelled. Nothing was planned.", replaces=True)
            return moderator_cards.done(
                f"d{draft.id} runs already; `/discuss cancel d{draft.id}` ends it.", replaces=True
            )

        return await self._store.write(forget)


def drop_old(conn: Connection, before: datetime) -> int:
    """Forget prepared discussions that nobody confirmed since then; how many."""
    old = [one for one in tables.drafts_before(conn, before) if one.kind == KIND]
    for one in old:
        edits.remove_schedule(conn, one.community_id, one.id)
    return len(old)


def find(
    conn: Connection, request: Request, number: int, *, drafts: bool = False, cancelled: bool = False
) -> Schedule:
    """The row of discussions with this number; a draft or a cancelled one only where such are meant."""
    found = tables.find_schedule(conn, request.community.id, number)
    wanted = found is not None and found.kind == KIND
    if found is not None and found.state is ScheduleState.DRAFT:
        wanted = wanted and drafts
    elif found is not None and not found.running:
        wanted = wanted and cancelled
    if found is None or not wanted:
        there = [f"d{one.id}" for one in running(conn, request.community.id)]
        fix = f"There is {', '.join(there)}." if there else "`/discuss schedule` plans one."
        raise Refusal(f"I know no discussion d{number}.", fix, request.line)
    return found


def running(conn: Connection, community_id: int) -> list[Schedule]:
    """Every discussion that was confirmed and not cancelled."""
    return [one for one in tables.schedules(conn, community_id) if one.kind == KIND and one.running]


def state_of(schedule: Schedule) -> dict[str, Any]:
    """What the audit log keeps of a discussion."""
    plan = read(schedule)
    said = {name: value for name, value in plan.columns()["details"].items() if value}
    more = {"close": plan.close, "approve": plan.approve, "headsup": plan.heads_up}
    said |= {name: str(value) for name, value in more.items() if value is not None}
    return {**said, "channel": plan.place.channel, "rule": schedule.rule, "zone": schedule.zone}


def _later(starts: date, request: Request, zone: str) -> date | None:
    """The first day it counts, where that is not today."""
    return starts if starts > request.now.astimezone(ZoneInfo(zone)).date() else None


def rule_text(schedule: Schedule, zone: str) -> str:
    """The rule of a schedule as a moderator would write it."""
    return schedule.rule if schedule.zone == zone else f"{schedule.rule} {schedule.zone}"


def _written(request: Request) -> str:
    """When it was to be, as it was understood."""
    match request.values.get("when"):
        case (Weekly() | Monthly() | MonthlyNth() | Once() as rule, zone):
            return f"{rule} {zone or ''}".strip()
        case (AtLocal() | After() as when, zone):
            return f"{spell(when)} {zone or ''}".strip()
    return ""


def _number(value: str) -> int:
    """The number in a button's value like `d4`."""
    return int(value[1:].partition("/")[0])
