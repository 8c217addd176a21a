"""Changing a discussion: the one that is open, only the next one, or that one and all that follow.

An edit in the second in which it goes out ends in the old words once or the new words once, and the answer says
which: the schedule is locked, and what a sender has in hand already is changed in place afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Moment
from bot.chat.forms import Choice, FieldErrors, Form, LongText, ShortText
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import read_option
from bot.chat.time.rule_parser import parse_rule
from bot.chat.time.rules import Once
from bot.delivery import outbox
from bot.discussions import moderator_cards, tables, topics
from bot.discussions.closing import DiscussionCloser
from bot.discussions.drafts import find, rule_text, state_of
from bot.discussions.lifecycle import DiscussionLifecycle, on_record
from bot.discussions.options import close_of
from bot.discussions.rule_input import rhythm_of
from bot.discussions.settings import KIND, TEXT, TITLE, read
from bot.discussions.tables import Discussion
from bot.discussions.wording import Lessons, check_words, put_into_words, wordings
from bot.feature import Request
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import BreakPolicy, CatchUp, Schedule
from bot.store.store import Store

OPEN, NEXT, FOLLOWING = "open", "next", "following"
FAR = timedelta(days=400)


class DiscussionEdits:
    """How a moderator changes a discussion."""

    def __init__(self, store: Store, managing: DiscussionLifecycle, lessons: Lessons | None) -> None:
        self._store, self._managing, self._lessons = store, managing, lessons

    async def form(self, request: Request) -> Form:
        """The form for title, text, time and closing, with what it is to count for."""
        number, key = _which(request)

        def look(conn: Connection) -> Form:
            schedule = find(conn, request, number)
            plan = read(schedule)
            one = _next(conn, request, schedule, key)
            now_open = [it for it in tables.open_of(conn, schedule.id) if it.message]
            own = tables.by_key(conn, schedule.id, one.key) if one is not None else None
            scopes = []
            if one is not None:
                day = date.fromisoformat(one.wall[:10])
                scopes = [
                    (NEXT, f"Only the one on {day:%a} {day.day} {day:%b}"),
                    (FOLLOWING, "That one and all that follow"),
                ]
            if now_open and not key:
                scopes.append((OPEN, f"The one that is open: {now_open[-1].name}"[:75]))
            if not scopes:
                raise Refusal(
                    f"Nothing of d{number} is coming, and none is open.", "`/discuss schedule` plans one."
                )
            title = own.title if own is not None and own.title else plan.title
            text = own.text if own is not None and own.text is not None else plan.text
            return Form(
                "discuss.edit", f"Change d{number}",
                (
                    Choice("scope", "For", tuple(scopes), value=request.text("scope") or scopes[0][0]),
                    ShortText("title", "Title", value=title, limit=TITLE),
                    LongText("text", "Opening text", f"You may use {moderator_cards.placeholders_line()}", required=False,
                             value=text, limit=TEXT),
                    ShortText("when", "When", value=rule_text(schedule, request.community.zone)),
                    ShortText("close", "Open for", "6d; empty: until the next one", required=False,
                              value=moderator_cards.length(plan.close) if plan.close else ""),
                ),
                value=f"d{number}/{key}" if key else f"d{number}",
            )  # fmt: skip

        return await self._store.read(look)

    async def take(self, request: Request) -> Card | FieldErrors:
        """The form came back."""
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, kind in (("when", OptionKind.COMING), ("close", OptionKind.DURATION)):
            if not request.values.get(name):
                continue
            try:
                values[name] = read_option(Option(name, "", kind), request.text(name))
            except Refusal as refusal:
                errors[name] = f"{refusal.problem} {refusal.fix}".strip()
        if errors:
            return FieldErrors(errors)
        title, text = request.text("title").strip(), request.text("text").strip()
        number, key = _which(request)

        def change(conn: Connection) -> Card:
            check_words(conn, self._lessons, request.community.id, request.now, title, text, "")
            schedules_tables.lock_schedule(conn, request.community.id, find(conn, request, number).id)
            schedule = find(conn, request, number)
            match request.text("scope"):
                case "open":
                    return self._change_open(conn, request, schedule, title, text, values)
                case "next":
                    return self._change_next(conn, request, schedule, key, title, text, values)
                case _:
                    return self._change_following(conn, request, schedule, title, text, values)

        return await self._store.write(change)

    def _change_open(
        self,
        conn: Connection,
        request: Request,
        schedule: Schedule,
        title: str,
        text: str,
        values: Mapping[str, Any],
    ) -> Card:
        """The words of the one that is there already; its closing date counts from its own beginning."""
        now_open = [it for it in tables.open_of(conn, schedule.id) if it.message]
        if not now_open:
            raise Refusal(f"None of d{schedule.id} is open any more.", "", f"{title}\n\n{text}")
        return self._change_posted(conn, request, schedule, now_open[-1], title, text, values)

    def _change_posted(
        self,
        conn: Connection,
        request: Request,
        schedule: Schedule,
        row: Discussion,
        title: str,
        text: str,
        values: Mapping[str, Any],
    ) -> Card:
        plan = read(schedule)
        topic = topics.by_id(conn, row.topic_id) if row.topic_id is not None else None
        lesson = self._lessons(conn, request.community.id, request.now) if self._lessons else None
        opened = (row.opened_at or request.now).astimezone(ZoneInfo(schedule.zone)).date()
        own = replace(row, title=title, text=text)
        words = put_into_words(plan, own, opened, row.number or 1, topic, lesson)
        tables.change(
            conn,
            row.id,
            title=title,
            name=words.title,
            text=words.text,
            list_wanted=row.list_wanted + (row.meets_at is not None),
        )
        if "close" in values and row.opened_at is not None:
            length = close_of(values["close"], request.line)
            if length is not None and length != plan.close:
                tables.change(conn, row.id, closes_at=max(row.opened_at + length, request.now))
        unsaid = row.message is None and row.post is not None and _is_pending(conn, row.post)
        DiscussionCloser.show_again(conn, request.community.id, row.id, request.now)
        on_record(
            conn,
            request,
            "changed",
            schedule,
            {"title": row.name, "text": row.text},
            {"title": words.title, "text": words.text},
        )
        if unsaid:
            return moderator_cards.done("It was just about to go out, and goes out with the new words.")
        if row.message is None:
            return moderator_cards.done(
                "It was already on its way with the old words; they are changed as soon as it is there."
            )
        return moderator_cards.done("The message says the new words now.")

    def _change_next(
        self, conn: Connection, request: Request, schedule: Schedule, key: str, title: str, text: str,
        values: Mapping[str, Any],
    ) -> Card:  # fmt: skip
        """Only one of them; with another time, it is moved there."""
        one = _next(conn, request, schedule, key)
        gone = tables.by_key(conn, schedule.id, key) if key else None
        if gone is not None and gone.opened_at is not None:
            return self._change_posted(conn, request, schedule, gone, title, text, values)
        if one is None:
            raise Refusal(f"Nothing of d{schedule.id} is coming.", "", f"{title}\n\n{text}")
        plan = read(schedule)
        own = tables.draft_of(conn, request.community.id, schedule.id, one.key)
        tables.change(
            conn, own.id,
            title=title if title != plan.title else None, text=text if text != plan.text else None, told_at=None,
        )  # fmt: skip
        on_record(
            conn,
            request,
            "changed",
            schedule,
            {"title": own.title, "text": own.text},
            {"title": title, "text": text, "key": one.key},
        )
        if self._is_moved(request, schedule):
            return self._move(conn, request, schedule, one, values)
        return moderator_cards.done(
            ("The one on ", Moment(one.at, schedule.zone), " will say the new words; the others stay.")
        )

    @staticmethod
    def _is_moved(request: Request, schedule: Schedule) -> bool:
        return " ".join(request.text("when").split()) != rule_text(schedule, request.community.zone)

    def _move(
        self,
        conn: Connection,
        request: Request,
        schedule: Schedule,
        one: UpcomingOccurrence,
        values: Mapping[str, Any],
    ) -> Card:
        """One of them at another time: left out here, and planned there with the same words."""
        given, named = values["when"]
        zone = named or schedule.zone
        rule, starts = rhythm_of(given, "", ZoneInfo(zone), request.now, request.line)
        if not isinstance(rule, Once):
            raise Refusal(
                "One of them can only move to one other time.", "Write it like fri 16:00, or change all."
            )
        plan = read(schedule)
        [(words, _)] = wordings(conn, schedule, [one], self._lessons)
        if words is None:
            raise Refusal("That one does not go out.", "`/discuss list` says why.")
        if words.topic is not None:
            topics.use(conn, words.topic.id, request.now)
        edits.skip_occurrence(conn, request.community.id, self._managing.row_of(conn, schedule, one).id)
        alone = replace(plan, title=words.title, text=words.text, close=plan.close or timedelta(days=7))
        made = edits.add_schedule(
            conn, request.community.id,
            kind=KIND, title=words.title, rule=str(rule), zone=zone, anchor=starts, now=request.now,
            catch_up=CatchUp.ASK, grace_minutes=120, break_policy=BreakPolicy.IGNORE,
            places=alone.places, **alone.columns(),
        )  # fmt: skip
        on_record(
            conn, request, "changed", schedule, {"key": one.key}, {"moved to": str(rule), "as": f"d{made}"}
        )
        due = Moment(one.at, schedule.zone)
        return moderator_cards.done(
            (
                "The one on ",
                due,
                f" moves to {rule.on:%A} {rule.on.day} {rule.on:%B} at {rule.at:%H:%M}, as d{made}.",
            )
        )

    def _change_following(
        self,
        conn: Connection,
        request: Request,
        schedule: Schedule,
        title: str,
        text: str,
        values: Mapping[str, Any],
    ) -> Card:
        """The next one and all that follow: words, rhythm and closing."""
        old = read(schedule)
        length = close_of(values.get("close"), request.line)
        plan = replace(old, title=title, text=text, close=length)
        changes: edits.TimeColumns = {"title": title}
        if self._is_moved(request, schedule):
            given, named = values["when"]
            zone = named or schedule.zone
            rule, starts = rhythm_of(given, "", ZoneInfo(zone), request.now, request.line)
            if isinstance(rule, Once) and not isinstance(parse_rule(schedule.rule)[0], Once):
                raise Refusal("That comes only once.", "Write it like every thu 16:00.", f"{title}\n\n{text}")
            changes |= {"rule": str(rule), "zone": zone, "anchor": starts}
        going = edits.change_schedule(
            conn, request.community.id, schedule.id, request.now, **plan.columns(), **changes
        )
        fresh = find(conn, request, schedule.id)
        on_record(conn, request, "changed", schedule, state_of(schedule), state_of(fresh))
        one = _next(conn, request, fresh, "")
        late = " One is already going out with the old words." if going else ""
        if one is None:
            return moderator_cards.done(f"d{schedule.id} is changed.{late}")
        return moderator_cards.done(
            (f"d{schedule.id} is changed from the next one on, ", Moment(one.at, fresh.zone), f".{late}")
        )


def _which(request: Request) -> tuple[int, str]:
    """(number, key) from the command or from a button's `d4/2026-W41`."""
    given = request.number("discussion")
    if given is not None:
        return given, ""
    number, _, key = request.value.partition("/")
    return int(number[1:]), key


def _next(conn: Connection, request: Request, schedule: Schedule, key: str) -> UpcomingOccurrence | None:
    """The next one that goes out, or the one with this key."""
    ahead = upcoming_occurrences(conn, request.community.id, request.now, request.now + FAR, kinds=(KIND,))
    mine = (one for one in ahead if one.schedule.id == schedule.id)
    return next((one for one in mine if (one.key == key if key else one.goes_out)), None)


def _is_pending(conn: Connection, key: str) -> bool:
    row = outbox.by_key(conn, key)
    return row is not None and row.state is outbox.OutboxState.PENDING
