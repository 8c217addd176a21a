"""Changing the words of a discussion: of the one that is open, of the next one, or of that and all that follow.

An edit in the second in which it goes out ends in the old words once or the new words once, and the answer says
which: the schedule is locked, and what a sender has in hand already is changed in place afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Moment, compose
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.delivery import outbox
from bot.discussions import tables, topics
from bot.discussions.closing import DiscussionCloser
from bot.discussions.schedule_forms import OPEN, next_going
from bot.discussions.settings import settings_of
from bot.discussions.tables import Discussion
from bot.discussions.wording import Lessons, check_words, put_into_words
from bot.feature import Request, note_change
from bot.people.languages import speaking_to_all
from bot.scheduled_posts import headsups
from bot.scheduled_posts.cards import done_card
from bot.scheduled_posts.edit import THIS, PostEdits
from bot.scheduled_posts.options import read_open
from bot.schedules import tables as schedules_tables
from bot.schedules.model import Schedule


class DiscussionEdits:
    """How a moderator changes the words of a discussion."""

    def __init__(self, edits: PostEdits, lessons: Lessons | None) -> None:
        self._edits, self._lessons = edits, lessons

    def edit(
        self, conn: Connection, request: Request, schedule: Schedule, values: Mapping[str, object]
    ) -> Card:
        """Change what a form says, of what it is to count for."""
        title, text = str(values.get("title") or "").strip(), str(values.get("text") or "").strip()
        check_words(conn, self._lessons, request.community.id, request.now, title, text, "")
        schedules_tables.lock_schedule(conn, schedule.community_id, schedule.id)
        given = {"title": title, "text": text, "closes": values.get("closes")}
        if values.get("when"):
            given["when"] = values["when"]
        if request.text("scope") == OPEN:
            return self._change_open(conn, request, schedule, given)
        if request.text("scope") == THIS:
            return self._change_next(conn, request, schedule, given)
        return self._edits.change_following(conn, request, schedule, given)

    def _change_open(
        self, conn: Connection, request: Request, schedule: Schedule, given: Mapping[str, object]
    ) -> Card:
        """The words of the one that is there already; its closing date counts from its own beginning."""
        now_open = [it for it in tables.open_of(conn, schedule.id) if it.message]
        if not now_open:
            raise Refusal(
                _("Nothing from {schedule} is open anymore.", schedule=schedule.name), "", _written(given)
            )
        return self._change_posted(conn, request, schedule, now_open[-1], given)

    def _change_posted(
        self, conn: Connection, request: Request, schedule: Schedule, row: Discussion, given: Mapping[str, object]
    ) -> Card:  # fmt: skip
        topic = topics.by_id(conn, row.topic_id) if row.topic_id is not None else None
        lesson = self._lessons(conn, request.community.id, request.now) if self._lessons else None
        opened = (row.opened_at or request.now).astimezone(ZoneInfo(schedule.zone)).date()
        own = replace(row, title=str(given["title"]), text=str(given["text"]))
        with speaking_to_all(conn, schedule.community_id):
            words = put_into_words(settings_of(schedule), own, opened, row.number or 1, topic, lesson)
        wanted = row.list_wanted + (row.meets_at is not None)
        tables.change_discussion(
            conn, row.id, title=own.title, name=words.title, text=words.text, list_wanted=wanted
        )
        length = read_open(given.get("closes"), request.line)
        if row.opened_at is not None and length is not None and length != schedule.open_for:
            tables.change_discussion(conn, row.id, closes_at=max(row.opened_at + length, request.now))
        unsaid = row.message is None and row.post is not None and _is_pending(conn, row.post)
        DiscussionCloser.show_again(conn, request.community.id, row.id, request.now)
        before, after = {"title": row.name, "text": row.text}, {"title": words.title, "text": words.text}
        note_change(conn, request, "changed", schedule.name or "", before, after)
        if unsaid:
            return done_card(_("It was just about to go out, and goes out with the new words."))
        if row.message is None:
            return done_card(
                _("It was already on its way with the old words; they are changed as soon as it is there.")
            )
        return done_card(_("The message says the new words now."))

    def _change_next(
        self, conn: Connection, request: Request, schedule: Schedule, given: Mapping[str, object]
    ) -> Card:
        """Only one of them; with another time, it is moved there."""
        key = request.value.partition("/")[2]
        one = next_going(conn, request, schedule, key)
        gone = tables.by_key(conn, schedule.id, key) if key else None
        if gone is not None and gone.opened_at is not None:
            return self._change_posted(conn, request, schedule, gone, given)
        if one is None:
            raise Refusal(_("{schedule} has nothing planned.", schedule=schedule.name), "", _written(given))
        if given.get("when"):
            return self._edits.move(
                conn, replace(request, value=f"{schedule.name}/{one.key}"), schedule, given
            )
        plan, title, text = settings_of(schedule), str(given["title"]), str(given["text"])
        own = tables.draft_discussion(conn, request.community.id, schedule.id, one.key)
        tables.change_discussion(
            conn,
            own.id,
            title=title if title != plan.title else None,
            text=text if text != plan.text else None,
        )
        headsups.reopen_date(conn, schedule.id, one.key)
        before, after = {"title": own.title, "text": own.text}, {"title": title, "text": text, "key": one.key}
        note_change(conn, request, "changed", schedule.name or "", before, after)
        when = Moment(one.at, schedule.zone)
        return done_card(compose(_("The one on {when} will say the new words; the others stay."), when=when))


def _written(given: Mapping[str, object]) -> str:
    """Somebody's own words, to give back."""
    return f"{given['title']}\n\n{given['text']}"


def _is_pending(conn: Connection, key: str) -> bool:
    row = outbox.find_by_key(conn, key)
    return row is not None and row.state is outbox.OutboxState.PENDING
