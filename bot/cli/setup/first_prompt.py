"""The last steps of `tilth setup`: the calendar and the first schedule go into the database, before the bot runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.app import App, build_app
from bot.calendars.school_year import SchoolCalendarYear, find_year, lay_school_year, warm_holidays
from bot.chat.time.rule_parser import parse_rule
from bot.chat.time.rules import Once, OnDates
from bot.chat.time.zones import zone as known_zone
from bot.people import tables as people
from bot.reflections.schedule.settings import KIND, OPEN_FOR, PromptSettings
from bot.runtime.clock import SystemClock
from bot.scheduled_posts.rule_input import rule_from
from bot.schedules import edits, tables
from bot.schedules.breaks import rule_of
from bot.schedules.forecast import upcoming_occurrences
from bot.schedules.model import Schedule, SchedulePlace
from bot.schedules.recurrence import describe
from bot.settings.model import Settings
from bot.store.startup import open_store

DATES = 3
LOOK = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class FirstPrompt:
    """What is planned. `space` is a space key; `year` None: no calendar. `channel` empty: no schedule yet.

    A year that was `guessed` changes none that was set before.
    """

    space: str
    channel: str
    rule: str
    year: tuple[date, date] | None
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """What stands in the database now: the name of the schedule, and its next dates as (when, why it is skipped).

    `channel` and `rule` are those of a schedule that was there before, else empty; `year` is the first and last day of
    school that stand there.
    """

    schedule: str
    dates: tuple[tuple[datetime, str], ...]
    zone: str
    channel: str = ""
    rule: str = ""
    year: tuple[date, date] | None = None


async def plan_first_prompt(settings: Settings, wanted: FirstPrompt, *, at_once: bool = False) -> Planned:
    """Put the calendar and the schedule into the database, unless they are there; `at_once`: the first one is due now.

    Raises `StoreFault`; `AlreadyRunning` where a bot runs on the database.
    """
    store, release = open_store(settings)
    app = build_app(settings, SystemClock(), store, [], release=release)
    try:
        await store.write(app.prepare)
        home = (await store.read(people.communities))[0]
        year = wanted.year and warm_holidays(
            SchoolCalendarYear(*wanted.year, home.country), home.day_of(app.clock.now())
        )
        name, known = await store.write(lambda conn: _plan(conn, app, wanted, year))
        await app.planner.tick()
        if at_once and name:
            await store.write(lambda conn: _hurry(conn, app, name))
        return await store.read(lambda conn: _look_ahead(conn, app, wanted, name, known=known))
    finally:
        await app.stop()


def _plan(
    conn: Connection, app: App, wanted: FirstPrompt, year: SchoolCalendarYear | None
) -> tuple[str, bool]:
    """The name of the schedule, and whether it was there before."""
    home, now = people.communities(conn)[0], app.clock.now()
    stands = wanted.guessed and find_year(conn, home.id, home.day_of(now)) is not None
    if year is not None and not stands:
        lay_school_year(conn, home, year, now)
    if not wanted.channel:
        return "", False
    known = find_planned(conn, home.id, wanted.space, wanted.channel)
    if known is not None:
        return known.name or "", True
    place = SchedulePlace(wanted.space, wanted.channel)
    given, named = parse_rule(wanted.rule)
    zone = str(known_zone(named or home.zone))
    rule, starts = rule_from(given, "", ZoneInfo(zone), now)
    later = starts > home.day_of(now) and not isinstance(rule, Once | OnDates)
    deck = next((one.slug for one in app.decks if one.language == home.language), app.decks[0].slug)
    made = edits.add_schedule(
        conn, home.id, kind=KIND, letter="s", title=deck, rule=str(rule), zone=zone, anchor=starts, now=now,
        places=(place,), open_minutes=OPEN_FOR // timedelta(minutes=1), details=PromptSettings((deck,)).to_details(),
        paused_until=starts if later else None,
    )  # fmt: skip
    found = tables.find_schedule(conn, home.id, made)
    return (found.name if found else None) or "", False


def find_planned(conn: Connection, community_id: int, space: str, channel: str) -> Schedule | None:
    """The schedule of prompts that runs in this space, in this channel if there is one: a second would ask everybody twice."""
    found = [
        one
        for one in tables.schedules(conn, community_id)
        if one.kind == KIND and one.running and one.name and space in [each.space for each in one.places]
    ]
    here = [one for one in found if (space, channel) in _channels(one)]
    return next(iter(here or found), None)


def _channels(one: Schedule) -> list[tuple[str, str]]:
    return [(each.space, each.channel) for each in one.places]


def _hurry(conn: Connection, app: App, name: str) -> None:
    """Let the next prompt be due now; it takes the place of that period's automatic one."""
    home, now = people.communities(conn)[0], app.clock.now()
    for one in upcoming_occurrences(conn, home.id, now, now + LOOK, kinds=(KIND,)):
        if one.schedule.name == name and one.occurrence_id is not None:
            edits.post_now(conn, home.id, one.occurrence_id, now)
            return


def _look_ahead(conn: Connection, app: App, wanted: FirstPrompt, name: str, *, known: bool) -> Planned:
    home, now = people.communities(conn)[0], app.clock.now()
    found = upcoming_occurrences(conn, home.id, now, now + LOOK, kinds=(KIND,))
    mine = [one for one in found if one.schedule.name == name][:DATES]
    dates = tuple((one.at, "" if one.goes_out else str(one.reason or "")) for one in mine)
    year = find_year(conn, home.id, home.day_of(now))
    planned = Planned(name, dates, home.zone, year=year and year[:2])
    before = next((one for one in tables.schedules(conn, home.id) if known and one.name == name), None)
    if before is None:
        return planned
    here = [channel for space, channel in _channels(before) if space == wanted.space]
    channel = wanted.channel if wanted.channel in here else next(iter(here), "")
    rule = describe(rule_of(before.rule), ZoneInfo(before.zone))
    return replace(planned, channel=channel, rule=rule)
