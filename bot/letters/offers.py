"""Offers of letters: once at the end of a course and of a school year, as a reminder within the budget of reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from bot.chat.cards import Card
from bot.chat.language import _
from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons import catalog
from bot.facts import LessonDone
from bot.feature import PeriodicJob
from bot.letters import cards, tables
from bot.letters.commands import COURSE, OF_YEAR
from bot.letters.letter import FEWEST, write_letter
from bot.letters.own_entries import read_entries
from bot.letters.school_year import SchoolYear, SchoolYears, usual_year
from bot.letters.tables import LetterOffer
from bot.people.accounts import zone_of
from bot.people.languages import speaking_to
from bot.people.tables import Community, communities, community_by_id
from bot.reflections.answers.tables import IS_GIVEN, answer
from bot.reminders import tables as reminders
from bot.reminders.policy import ReminderPolicy, ReminderRequest, Wording
from bot.runtime.clock import Clock
from bot.schedules.recurrence import find_day_start
from bot.store.store import Store

YEAR = "year:"
BATCH = 20
TOGETHER = 100
"""Members for whom an offer is planned in one piece of work."""
AFTER = timedelta(days=1)
"""How long after a course a letter is offered: finishing has its own card."""
FRESH = timedelta(days=21)
"""How long after its occasion a letter is offered."""
PUT_OFF = timedelta(days=4)
"""When it is looked whether somebody put an offer off: "later" is three days."""


@dataclass(slots=True)
class LetterOffers:
    """Plans offers and asks the reminder policy for them."""

    store: Store
    clock: Clock
    policy: ReminderPolicy
    years: SchoolYears
    _planned: dict[int, date] = field(default_factory=dict)
    """The day on which each community's year was last looked at."""
    _ends: dict[int, tuple[date, date]] = field(default_factory=dict)
    """The day after each community's school year, as it was on a day."""

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after."""
        return (
            PeriodicJob("offering letters", 300, self.offer_due, tables.next_due),
            PeriodicJob("planning letters", 3600, self.plan_year, self.next_year),
        )

    # ── what is planned ───────────────────────────────────────────────────────

    def lesson_done(self, conn: Connection, fact: LessonDone) -> None:
        """Plan an offer where the lesson was the last of its course."""
        slug, now = fact.lesson.partition("/")[0], self.clock.now()
        listed = catalog.course_by_slug(conn, fact.community_id, slug)
        if listed is None:
            return
        c = enrollment.c
        done = (c.course_id == listed.id) & (c.member_id == fact.member_id) & c.done_at.is_not(None)
        if conn.execute(select(c.id).where(done)).first() is not None:
            tables.plan_offer(
                conn, fact.community_id, fact.member_id, f"{COURSE}{slug}", now + AFTER, now
            )  # fmt: skip

    def next_year(self, conn: Connection) -> datetime | None:
        """When the next school year is over; each community's is looked up once a day."""
        now, soonest = self.clock.now(), []
        for home in communities(conn):
            today = home.day_of(now)
            known = self._ends.get(home.id)
            if known is None or known[0] != today:
                known = self._ends[home.id] = (today, _day_after_year(conn, self.years, home, today))
            done = self._planned.get(home.id)
            if done is None or done < max(known[1], today):
                soonest.append(max(now, find_day_start(known[1], ZoneInfo(home.zone))))
        return min(soonest, default=None)

    async def plan_year(self) -> int:
        """Plan offers to all who answered in a school year that ended lately; once a day, how many."""
        now, planned = self.clock.now(), 0
        for home in await self.store.read(communities):
            today = home.day_of(now)
            if self._planned.get(home.id) == today:
                continue
            self._planned[home.id] = today
            year, wanted = await self.store.read(
                partial(_whom_to_offer, years=self.years, home=home, today=today)
            )
            for at in range(0, len(wanted), TOGETHER):
                some = wanted[at : at + TOGETHER]
                await self.store.write(partial(_plan, home=home, year=year, members=some, now=now))
            planned += len(wanted)
        return planned

    # ── what is due ───────────────────────────────────────────────────────────

    async def offer_due(self) -> int:
        """Offer the letters that are due; how many were looked at."""
        now = self.clock.now()
        due = await self.store.read(lambda conn: tables.due_offers(conn, now, BATCH))
        for one in due:
            ready = await self.store.read(partial(_find_letter, years=self.years, one=one, now=now))
            await self.store.write(partial(self._look, one=one, ready=ready, now=now))
        return len(due)

    def _look(self, conn: Connection, one: LetterOffer, ready: str | None, now: datetime) -> None:
        """Ask the reminder policy for an offer; it is said once, and once more to whoever put it off.

        `ready` is what the button of the offer carries; None: there is no letter.
        """
        title = _title(conn, one)
        again = one.offered_at is not None and _was_said(conn, one)
        too_late = now - one.made_at > FRESH
        if title is None or too_late or (again and not _was_put_off(conn, one)) or ready is None:
            tables.set_offer(conn, one, None, one.offered_at)
            return
        kind = one.occasion.partition(":")[0]
        sentences = cards.AGAIN if again else cards.OFFERS
        with speaking_to(conn, one.member_id):
            sentence = _(sentences[kind], course=title)
        wish = ReminderRequest(
            community_id=one.community_id, member_id=one.member_id, series=_series(one), reason=_series(one),
            period="again" if again else "first", since=one.made_at, why=lambda: "", sentences=(sentence,),
            card=partial(_card, ready), until=one.made_at + FRESH,
        )  # fmt: skip
        verdict = self.policy.remind(conn, wish, now)
        if verdict.id is not None:
            tables.set_offer(conn, one, None if again else now + PUT_OFF, now)
        elif verdict.again is None:
            tables.set_offer(conn, one, None, one.offered_at)
        else:
            tables.set_offer(conn, one, max(verdict.again, now + timedelta(minutes=1)), one.offered_at)


def _series(one: LetterOffer) -> str:
    return f"letter:{one.occasion}"


def _card(value: str, wording: Wording) -> Card:
    return cards.offer_card(wording.sentence, value)


def _was_said(conn: Connection, one: LetterOffer) -> bool:
    return reminders.is_reminded(conn, one.member_id, _series(one), "first")


def _was_put_off(conn: Connection, one: LetterOffer) -> bool:
    return reminders.snoozed_until(conn, one.member_id, _series(one)) is not None


def _title(conn: Connection, one: LetterOffer) -> str | None:
    """The title of the course; empty for a year, None where the course is gone."""
    if not one.occasion.startswith(COURSE):
        return ""
    listed = catalog.course_by_slug(conn, one.community_id, one.occasion.removeprefix(COURSE))
    return None if listed is None else listed.course.title


def _find_letter(conn: Connection, years: SchoolYears, one: LetterOffer, now: datetime) -> str | None:
    """Which letter there is to read, as a button names it; None where it would be empty: that is offered to nobody."""
    zone, home = zone_of(conn, one.member_id), community_by_id(conn, one.community_id)
    if one.occasion.startswith(COURSE):
        course, since, value = one.occasion.removeprefix(COURSE), None, one.occasion
    else:
        year = years.find_year(conn, home, now.astimezone(ZoneInfo(zone)).date())
        course, since, value = "", find_day_start(year.starts, ZoneInfo(zone)), f"{OF_YEAR}{year.starts}"
    entries = read_entries(conn, one.community_id, one.member_id, since, zone, course)
    return value if write_letter(entries) is not None else None


def _day_after_year(conn: Connection, years: SchoolYears, home: Community, today: date) -> date:
    """The day after this school year; of the usual next one, where that was too long ago."""
    after = years.find_year(conn, home, today).ends + timedelta(days=1)
    return after if today - after <= FRESH else usual_year(home.country, after + timedelta(days=300)).ends


def _whom_to_offer(
    conn: Connection, years: SchoolYears, home: Community, today: date
) -> tuple[SchoolYear, Sequence[int]]:
    """The school year, and who answered often enough in it, where it ended lately and they are not planned yet."""
    year = years.find_year(conn, home, today)
    if not timedelta() < today - year.ends <= FRESH:
        return year, ()
    c = answer.c
    often = (
        select(c.member_id)
        .where(
            c.community_id == home.id,
            c.first_at >= find_day_start(year.starts, ZoneInfo(home.zone)),
            IS_GIVEN,
        )
        .group_by(c.member_id)
        .having(func.count() >= FEWEST)
    )
    planned = tables.planned_members(conn, home.id, _occasion(year))
    return year, sorted(set(conn.execute(often).scalars()) - planned)


def _plan(conn: Connection, home: Community, year: SchoolYear, members: Sequence[int], now: datetime) -> None:
    for member_id in members:
        tables.plan_offer(conn, home.id, member_id, _occasion(year), now, now)


def _occasion(year: SchoolYear) -> str:
    """The end of a year, by the number of the year alone: its last day is moved now and then."""
    return f"{YEAR}{year.ends.year}"
