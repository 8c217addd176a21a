"""An example community with a whole school year of schedules, discussions and days away.

It is written into a database by the same functions that moderators' commands use, so that `tilth preview --example`
shows what the planner makes of it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.calendars import tables as calendars
from bot.calendars.rebuild import lay, read_days
from bot.calendars.tables import SourceKind
from bot.discussions import topics
from bot.discussions.settings import KIND as DISCUSSION
from bot.discussions.settings import DiscussionSettings, Dry
from bot.people import tables as people
from bot.people.tables import Community
from bot.reflections.prompts import bank
from bot.reflections.prompts.model import Deck
from bot.reflections.schedule.settings import KIND as PROMPT
from bot.reflections.schedule.settings import PromptSettings
from bot.schedules import edits
from bot.schedules.model import BreakPolicy, SchedulePlace
from bot.store.migrate import upgrade
from bot.store.store import Store

PRAIRIE, LAKESHORE = "local:prairie", "local:lakeshore"
ZONE = "America/Chicago"
TOPICS = (
    "Wait time", "The first five minutes", "Hallways", "Whose questions", "Bells", "What we stopped doing",
    "A student's week", "Meetings that could be notes", "Who is not in the room", "Homework", "The long table",
    "What we keep",
)  # fmt: skip
YEAR = (
    (SourceKind.TERM, "Fall semester", "08-17", "12-18"),
    (SourceKind.TERM, "Spring semester", "+01-04", "+06-04"),
    (SourceKind.BREAK, "Thanksgiving break", "11-25", "11-27"),
    (SourceKind.BREAK, "Spring break", "+03-15", "+03-19"),
)
"""(what, label, first day, last day); a plus is the year after the one in which the school year begins."""


@contextmanager
def open_example(decks: Sequence[Deck], start: date) -> Iterator[Store]:
    """A store that holds the imagined community, as it stands on the morning of a day."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/imagined.db"
        upgrade(url)
        now = datetime(start.year, start.month, start.day, 6, tzinfo=ZoneInfo(ZONE))
        with Store.open(url) as store:
            store.write_now(lambda conn: fill_example(conn, decks, now))
            yield store


def fill_example(conn: Connection, decks: Sequence[Deck], now: datetime) -> Community:
    """Write the imagined community down."""
    home = people.ensure_community(conn, "imagined", "The Prairie and Lakeshore network", ZONE, now)
    for key, name in ((PRAIRIE, "Prairie"), (LAKESHORE, "Lakeshore")):
        people.see_space(conn, key, name, home.id, now)
    bank.sync_bank(conn, home.id, decks, now)
    _schedules(conn, home.id, [deck.slug for deck in decks], now)
    _discussions(conn, home.id, now)
    _calendar(conn, home, now)
    return home


def _schedules(conn: Connection, home: int, decks: Sequence[str], now: datetime) -> None:
    many = (
        ("every mon 09:00", (PRAIRIE, "staff-lounge")),
        ("every 2 weeks on wed 12:30", (LAKESHORE, "lunch-table")),
        ("first thu of month 16:30", (PRAIRIE, "staff-lounge")),
    )
    for number, (rule, (space, channel)) in enumerate(many):
        deck = decks[number % len(decks)]
        edits.add_schedule(
            conn,
            home,
            kind=PROMPT,
            title=deck,
            rule=rule,
            zone=ZONE,
            anchor=now.date(),
            now=now,
            letter="s",
            places=(SchedulePlace(space, channel),),
            open_minutes=4 * 1440,
            details=PromptSettings((deck,)).to_details(),
        )


def _discussions(conn: Connection, home: int, now: datetime) -> None:
    weekly = DiscussionSettings("Week {week}: {topic}", "What did you try?", dry=Dry.OPEN)
    late = DiscussionSettings("Night shift {n}", "For those who are up.")
    first, second = SchedulePlace(PRAIRIE, "staff-lounge"), SchedulePlace(LAKESHORE, "lunch-table")
    for plan, place, days, rule, policy in (
        (weekly, first, 6, "every thu 16:00", BreakPolicy.HOLD),
        (late, second, 2, "last sun of month 01:30", BreakPolicy.IGNORE),
    ):
        made = edits.add_schedule(
            conn, home, kind=DISCUSSION, title=plan.title, rule=rule, zone=ZONE, anchor=now.date(), now=now,
            break_policy=policy, letter="d", places=(place,), open_minutes=days * 1440, details=plan.to_details(),
        )  # fmt: skip
        if plan is weekly:
            topics.add_topics(conn, home, made, TOPICS, None, now)


def _calendar(conn: Connection, home: Community, now: datetime) -> None:
    year = now.year if now.month >= 7 else now.year - 1
    for origin, label, first, last in YEAR:
        details = {"starts": _day(first, year), "ends": _day(last, year)}
        made = calendars.add(conn, home.id, origin, label, details, now)
        lay(conn, home, now, {made.id: read_days(made, now.date())})


def _day(written: str, year: int) -> str:
    return f"{year + written.startswith('+')}-{written.lstrip('+')}"
