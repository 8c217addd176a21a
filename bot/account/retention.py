"""What the ground floor removes by its age: messages said and heard, reminders, and people and spaces that left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from bot.account.erasure import MemberErasure
from bot.capture.tables import heard, watched
from bot.chat.language import N_
from bot.delivery import outbox, pacing
from bot.people import tables as people
from bot.people.accounts import account
from bot.people.departures import members_who_left
from bot.reminders.tables import reminder, snooze
from bot.runtime.clock import Clock
from bot.store.retention import Ages, Retention, old_rows

SILENT = timedelta(days=7)
"""How long a direct message in which nothing was said is stored after its prompt is over. A large community has thousands of
them for each prompt, and there is nothing in them whose edits could be followed."""


def ground_floor_retention(ages: Ages, erasure: MemberErasure, clock: Clock) -> tuple[Retention, ...]:
    """The kinds of the ground floor, each with its age."""
    said, told, events = ages["messages"], ages["reminders"], ages["events"]
    return (
        old_rows("messages", said, outbox.outbox, outbox.done_before, words=N_("that I wrote to you")),
        old_rows("pacing", said, pacing.pace, lambda before: pacing.pace.c.ready_at < before),
        old_rows("circuits", said, pacing.circuit, pacing.is_over),
        old_rows(
            "reminders",
            told,
            reminder,
            lambda before: reminder.c.at < before,
            words=N_("that I reminded you"),
        ),
        old_rows("snoozes", told, snooze, lambda before: snooze.c.until < before),
        # Messages before their conversations: a thread with thousands of them goes in slices, too.
        old_rows(
            "events",
            events,
            heard,
            _heard_in_the_past,
            words=N_("which of your messages I read, without the words"),
        ),
        old_rows("conversations", events, watched, _without_messages),
        old_rows("silent direct messages", SILENT, watched, _silent),
        _left_members(ages, erasure, clock),
        _left_spaces(ages, erasure, clock),
    )


def _heard_in_the_past(before: datetime) -> ColumnElement[bool]:
    return heard.c.watched_id.in_(select(watched.c.id).where(watched.c.until < before))


def _without_messages(before: datetime) -> ColumnElement[bool]:
    return and_(watched.c.until < before, ~exists().where(heard.c.watched_id == watched.c.id))


def _silent(before: datetime) -> ColumnElement[bool]:
    """Direct messages that were listened to for a prompt that is over, and that brought nothing: most of them all."""
    return and_(_without_messages(before), watched.c.private)


def _left_members(ages: Ages, erasure: MemberErasure, clock: Clock) -> Retention:
    """People who left every space: they are asked nothing, and erased after some time, one at a time."""

    def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
        return members_who_left(conn, before, limit=min(limit, 1))

    def remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
        return erasure.erase_left_members(conn, found, before, clock.now())

    words = N_("everything, once you have left")
    return Retention(
        "left", ages["left"], find, remove, words, tables=(people.member, account), finish=erasure.go_on
    )


def _left_spaces(ages: Ages, erasure: MemberErasure, clock: Clock) -> Retention:
    """Spaces that the bot was removed from."""

    def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
        return people.left_spaces(conn, before)[: min(limit, 1)]

    def remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
        return erasure.erase_left_spaces(conn, found, before, clock.now())

    return Retention("spaces", ages["spaces"], find, remove, tables=(people.space,), finish=erasure.go_on)
