"""Notes that members write as a message: a reply to a lesson or its reminder, and words that may belong to one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from bot.capture import held_messages
from bot.chat.cards import Card
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_fields, read_id
from bot.courses.enrollment import tables
from bot.courses.lessons import cards, resolve
from bot.courses.lessons.learner_path import Station, open_stations
from bot.courses.lessons.lesson_commands import LessonCommands, checked_note
from bot.courses.lessons.release import LESSON, stations_of
from bot.courses.lessons.resolve import EnrolledCourse
from bot.delivery.facts import OutboxState
from bot.delivery.tables import outbox
from bot.feature import ButtonHandler, IncomingMessage, Request, SaveOffer, Taken, Writes
from bot.intents.classifier import understand
from bot.intents.intent import Intent, TalkFacts
from bot.intents.sentences import split_words
from bot.intents.substance import DONE, DONE_BESIDE
from bot.reminders.policy import KIND as REMINDER
from bot.reminders.tables import reminder

KEEP = "course.keep"
"""The button that saves held words as the note to a lesson."""


@dataclass(frozen=True, slots=True)
class MessageNotes:
    """Takes notes that come as a message."""

    lessons: LessonCommands

    def buttons(self) -> Sequence[ButtonHandler]:
        """The button that saves held words."""
        return (ButtonHandler(KEEP, Writes(self.keep_note)),)

    def take_reply(self, conn: Connection, said: IncomingMessage) -> Taken | None:
        """Take a reply to a lesson that arrived, or to a reminder of one: it is the note to that lesson."""
        request, message = said.request, said.message
        answered = message.answers or message.place.thread
        if not message.place.private or message.deleted or answered is None:
            return None
        found = _find_lesson(conn, request, answered)
        if found is None:
            return None
        row, station = found
        if _says_done(message.text):
            return Taken(self._finish(conn, request, row, station, ""))
        if understand(message.text, TalkFacts(noting=True)) is Intent.ANSWER:
            return Taken(self._finish(conn, request, row, station, message.text))
        return None

    def list_offers(self, conn: Connection, request: Request) -> Sequence[SaveOffer]:
        """The open lesson that words of a direct message may be a note to; the one that arrived last."""
        rows = [row for row in resolve.taken_courses(conn, request) if row.one.running]
        here = [
            (one.mark.released_at, row, one)
            for row in rows
            for one in open_stations(row.stations)
            if one.mark
        ]
        if not here:
            return ()
        _at, row, station = max(here, key=lambda each: each[0])
        title = station.lesson.title
        return (
            SaveOffer(
                _("Note: {title}", title=title[:60]), _("Save this as your note to the lesson *{title}*?", title=title),
                KEEP, cards.button_value(row.one, station.lesson), _told_last(conn, request),
            ),
        )  # fmt: skip

    def keep_note(self, conn: Connection, request: Request) -> Card:
        """Save held words as the note to a lesson."""
        first, lesson = read_fields(request.value, 2)
        account = (request.person.space, request.person.id)
        held = held_messages.find_held(conn, request.community.id, account, read_id(first, "h"), request.now)
        if held is None:
            raise Refusal(_("I no longer have those words."), _("Please send them again."))
        row, station = resolve.lesson_of_button(conn, replace(request, value=lesson))
        card = self._finish(conn, request, row, station, held.text)
        held_messages.release_held(conn, held.id)
        return replace(card, replaces=True)

    def _finish(
        self, conn: Connection, request: Request, row: EnrolledCourse, station: Station, text: str
    ) -> Card:
        return self.lessons.finish(conn, request, row, station, "message", checked_note(request, text))


def _says_done(text: str) -> bool:
    """Whether words say that a lesson is done, and nothing else; no question and no picture does."""
    words = set(split_words(text))
    return bool(words & DONE) and words <= DONE | DONE_BESIDE


_TOLD = (
    select(outbox.c.kind, outbox.c.key, outbox.c.sent_at, reminder.c.reason)
    .outerjoin(reminder, reminder.c.key == outbox.c.key)
    .where(outbox.c.state == OutboxState.SENT)
)
"""What was said to somebody directly, with the reason where it was a reminder."""


def _told_last(conn: Connection, request: Request) -> datetime | None:
    """When the last thing that was said to this account directly was about a lesson; None where it was about another."""
    ours = and_(outbox.c.space == request.person.space, outbox.c.person == request.person.id)
    kinds = outbox.c.kind.in_((LESSON, REMINDER, "prompt"))
    row = conn.execute(_TOLD.where(ours, kinds).order_by(outbox.c.sent_at.desc()).limit(1)).first()
    return row.sent_at if row is not None and _lesson_of(row.kind, row.key, row.reason) is not None else None


def _lesson_of(kind: str, key: str, reason: str | None) -> tuple[int, str] | None:
    """(enrollment id, slug) of the lesson that a post of ours is about."""
    named = key if kind == LESSON else reason or ""
    parts = named.split(":")
    if len(parts) != 3 or parts[0] != "lesson" or not parts[1].isdecimal():
        return None
    return int(parts[1]), parts[2]


def _find_lesson(conn: Connection, request: Request, answered: str) -> tuple[EnrolledCourse, Station] | None:
    """The lesson of the asker that a post of ours was about, where they still take it."""
    post = and_(
        outbox.c.space == request.person.space,
        outbox.c.person == request.person.id,
        or_(outbox.c.external_id == answered, outbox.c.message == answered),
    )
    row = conn.execute(_TOLD.where(post).limit(1)).first()
    about = None if row is None else _lesson_of(row.kind, row.key, row.reason)
    one = None if about is None else tables.find_enrollment(conn, request.community.id, about[0])
    if about is None or one is None or one.member_id != request.member.id or one.left_at is not None:
        return None
    course = EnrolledCourse(one, *stations_of(conn, one))
    station = course.station(about[1])
    return None if station is None else (course, station)
