"""What a discussion will say: its title and text with everything filled in, for one date or for all that come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import N_, _
from bot.chat.mass_mentions import refuse_calls
from bot.chat.short_text import shorten
from bot.chat.time.moment_parser import parse_when, resolve_when
from bot.discussions import tables, topics
from bot.discussions.left_out import NO_TOPIC
from bot.discussions.placeholders import FLOOR, check, fill, values, wanted
from bot.discussions.settings import TITLE, DiscussionSettings, Dry, Meeting, settings_of
from bot.discussions.tables import Discussion
from bot.discussions.topics import Topic
from bot.facts import CurrentLesson
from bot.people.languages import speaking_to_all
from bot.schedules.forecast import ForecastEntry, UpcomingOccurrence
from bot.schedules.model import Schedule
from bot.schedules.recurrence import local_to_utc

Lessons = Callable[[Connection, int, datetime], CurrentLesson | None]
"""(connection, community, instant) → the lesson the community is at, or None."""

ONLY_NEW = N_("it comes only when a new lesson with a starter has come")


@dataclass(frozen=True, slots=True)
class Words:
    """What one discussion says. `topic` is the one it uses up."""

    title: str
    text: str
    number: int
    topic: Topic | None = None


def check_words(
    conn: Connection,
    lessons: Lessons | None,
    community_id: int,
    now: datetime,
    title: str,
    text: str,
    line: str,
) -> None:
    """Refuse words that would call everybody, and placeholders that mean nothing here."""
    refuse_calls(title, text, returning=line or f"{title}\n\n{text}")
    lesson = lessons(conn, community_id, now) if lessons is not None else None
    check(f"{title}\n{text}", line or f"{title}\n\n{text}", lesson=lesson)


def uses_topics(plan: DiscussionSettings, own: Discussion | None = None) -> bool:
    """Whether a topic is wanted for the title or text, as they are or as they were changed for this one."""
    title, text = templates(plan, own)
    return "topic" in wanted(f"{title}\n{text}")


def templates(plan: DiscussionSettings, own: Discussion | None) -> tuple[str, str]:
    """Title and text of one discussion before anything is filled in."""
    title = own.title if own is not None and own.title else plan.title
    text = own.text if own is not None and own.text is not None else plan.text
    return title, text


def put_into_words(
    plan: DiscussionSettings,
    own: Discussion | None,
    day: date,
    number: int,
    topic: Topic | None,
    lesson: CurrentLesson | None,
) -> Words:
    """Title and text of one discussion on a local date."""
    title, text = templates(plan, own)
    course, starter = (lesson.title, lesson.starter) if lesson else (_("our course"), "")
    known = values(day, number, topic.text if topic else _(FLOOR), course, starter)
    name = " ".join(fill(title, known).split())
    return Words(shorten(name, TITLE), fill(text, known), number, topic)


def next_topic(conn: Connection, schedule_id: int, plan: DiscussionSettings) -> Topic | None:
    """The topic that comes next; None when there is none left."""
    waiting, used = topics.waiting_topics(conn, schedule_id), topics.used_topics(conn, schedule_id)
    return topics.line_up(waiting, used, plan.dry, 1)[0]


def make_forecaster(
    lessons: Lessons | None,
) -> Callable[[Connection, Schedule, Sequence[UpcomingOccurrence]], list[ForecastEntry]]:
    """What each coming discussion of a schedule will be called, by the same rules that open them."""

    def tell(
        conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence]
    ) -> list[ForecastEntry]:
        told = wordings(conn, schedule, ahead, lessons)
        return [
            ForecastEntry(
                words.title if words else "", _(warning) if warning else "", comes=words is not None
            )
            for words, warning in told
        ]

    return tell


def wordings(
    conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence], lessons: Lessons | None
) -> list[tuple[Words | None, str]]:
    """(what it says or None when it does not come, a warning) for each of these, in the language of the community."""
    with speaking_to_all(conn, schedule.community_id):
        return _word_all(conn, schedule, ahead, lessons)


def _word_all(
    conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence], lessons: Lessons | None
) -> list[tuple[Words | None, str]]:
    plan, own = settings_of(schedule), tables.drafts(conn, schedule.id)
    number = tables.count(conn, schedule.id)
    queue = iter(_topics(conn, schedule.id, plan, len(ahead)))
    found: list[tuple[Words | None, str]] = []
    told_dry = False
    for one in ahead:
        mine = own.get(one.key)
        if not one.goes_out:
            found.append((None, ""))
            continue
        topic = next(queue) if uses_topics(plan, mine) else None
        warning = ""
        if uses_topics(plan, mine) and topic is None:
            if plan.dry is Dry.SKIP:
                found.append((None, NO_TOPIC))
                continue
            warning, told_dry = ("" if told_dry else NO_TOPIC), True
        if not warning and "starter" in wanted("\n".join(templates(plan, mine))):
            warning = ONLY_NEW
        number += 1
        lesson = lessons(conn, schedule.community_id, one.at) if lessons else None
        found.append(
            (put_into_words(plan, mine, date.fromisoformat(one.wall[:10]), number, topic, lesson), warning)
        )
    return found


def _topics(conn: Connection, schedule_id: int, plan: DiscussionSettings, count: int) -> list[Topic | None]:
    waiting, used = topics.waiting_topics(conn, schedule_id), topics.used_topics(conn, schedule_id)
    return topics.line_up(waiting, used, plan.dry, count)


def meeting_times(meeting: Meeting, opens: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a meeting begins and ends (UTC), for a thread that opens at an instant."""
    when, _ = parse_when(meeting.when)
    local = resolve_when(when, opens.astimezone(zone))
    starts, _ = local_to_utc(local, zone)
    return starts, starts + timedelta(minutes=meeting.minutes)
