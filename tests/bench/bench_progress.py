"""How fast `/team progress` and `/course progress` answer, beside a command that does nothing, in one run.

    python -m tests.bench.bench_progress [seconds]

650 members in 80 teams take three courses. Commands come at random times (a Poisson process of 25 a second, a quarter of
each kind and half of them the bare one) through the same door, counted from the moment they were meant to come, while
lessons are being marked 20 times a second. SQLite as shipped (`synchronous=FULL`). A platform waits 3 seconds. Memory is
what the process gained while all members asked once, and the size of the database, by member.
"""

from __future__ import annotations

import asyncio
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.app import App, build_app
from bot.chat.cards import Card, say
from bot.chat.events import CommandInvoked
from bot.chat.menu import Command
from bot.chat.models import Person, Place, Sharing
from bot.chat.parsing import command_line
from bot.courses.enrollment import tables
from bot.courses.lessons import catalog
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.model import Course
from bot.courses.lessons.release import plan_enrollment
from bot.courses.teams import tables as teams_tables
from bot.danger.cards import HotlineTerms
from bot.danger.hotline import Hotline
from bot.dispatch import Dispatcher
from bot.feature import CommandHandler, Feature, Request, Waits
from bot.people import accounts, preferences
from bot.people import tables as people
from bot.people.roles import RoleSources
from bot.runtime.clock import SteerableClock
from bot.store.startup import open_store
from tests.courses.taught import WEEKLY, lesson
from tests.stories.stage import settings_for

MEMBERS, TEAMS, COURSES, LESSONS = 650, 80, 3, 3
RATE, MARKS = 25.0, 20.0
LIMIT = 3.0
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
SPACE = "local:bench"
LINES = {"bare": "/bare", "team": "/team progress", "course": "/course progress c1"}


def courses() -> tuple[Course, ...]:
    return tuple(
        Course(
            f"course-{one}", f"Course number {one}", "A course.", "en", WEEKLY,
            tuple(lesson(f"lesson-{number}", f"The lesson number {number}") for number in range(1, LESSONS + 1)),
        )
        for one in range(1, COURSES + 1)
    )  # fmt: skip


def person(number: int) -> Person:
    return Person(SPACE, f"p{number}", f"Member {number}", zone="Europe/Dublin")


def populate(conn: Connection) -> None:
    """Everybody is in a team and in all courses; two of three lessons have come, about half of them are done."""
    dice = random.Random(1)
    home = people.communities(conn)[0]
    people.see_space(conn, SPACE, "Bench", home.id, NOW)
    made = [teams_tables.create_team(conn, home.id, f"Team {number}", NOW) for number in range(TEAMS)]
    marking = LessonCompletion(lambda _conn, _fact: None)
    offered = catalog.offered_courses(conn, home.id)
    for number in range(MEMBERS):
        who = accounts.member_of(conn, person(number), home, NOW)
        if dice.random() < 0.3:
            preferences.change_preferences(conn, home.id, who.id, progress=Sharing.TEAM.value)
        for listed in offered:
            one = tables.enroll_member(conn, home.id, listed.id, who.id, "self", NOW.date(), NOW)
            for place, each in enumerate(listed.course.lessons[:2]):
                came = NOW - timedelta(days=14 - 7 * place)
                lessons_tables.insert_mark(conn, home.id, one.id, listed.id, who.id, each, place, came, NOW)
                if dice.random() < 0.5:
                    marking.done(conn, one, each.slug, "button", "", NOW, came + timedelta(days=1))
            plan_enrollment(conn, one, NOW)
        teams_tables.join_team(conn, home.id, made[number % TEAMS] or 0, who.id, NOW)


def bare() -> Feature:
    """A command that answers at once."""

    async def nothing(_ask: Request) -> Card:
        return say("Nothing.")

    return Feature(
        name="bare",
        forget=lambda _conn, _whose: None,
        hand_over=lambda _conn, _whose: {},
        nouns={"bare": "Nothing"},
        commands=(CommandHandler(Command("bare", "", "Nothing"), Waits(nothing)),),
    )


async def ask(door: Dispatcher, number: int, line: str) -> None:
    who = person(number)
    noun, _, rest = line.removeprefix("/").partition(" ")
    call = command_line.parse_call(door.menu, noun, rest)
    reply = await door.hear(CommandInvoked(who, Place(SPACE, "c1"), call))
    assert isinstance(reply, Card)
    assert "went wrong" not in reply.title


async def timed(
    door: Dispatcher, kind: str, number: int, meant: float, spent: dict[str, list[float]]
) -> None:
    await ask(door, number, LINES[kind])
    spent[kind].append(time.perf_counter() - meant)


async def mark(app: App, stop: asyncio.Event) -> int:
    """Lessons are marked all the while, so that pictures have to be drawn anew."""
    dice, marking, count = random.Random(2), LessonCompletion(lambda _conn, _fact: None), 0
    while not stop.is_set():
        number = dice.randrange(1, MEMBERS + 1)

        def work(conn: Connection, number: int = number) -> None:
            one = tables.enrollment_in(conn, 1, number)
            if one is not None and not marking.done(conn, one, "lesson-2", "button", "", NOW):
                marking.undo(conn, one, "lesson-2", NOW)

        await app.store.write(work)
        count += 1
        await asyncio.sleep(1 / MARKS)
    return count


async def load(app: App, door: Dispatcher, seconds: float) -> tuple[dict[str, list[float]], int]:
    dice = random.Random(3)
    spent: dict[str, list[float]] = {kind: [] for kind in LINES}
    stop = asyncio.Event()
    marks = asyncio.create_task(mark(app, stop))
    start = time.perf_counter()
    meant, running = 0.0, []
    while meant < seconds:
        meant += dice.expovariate(RATE)
        await asyncio.sleep(max(0.0, start + meant - time.perf_counter()))
        kind = dice.choice(("bare", "bare", "team", "course"))
        running.append(asyncio.create_task(timed(door, kind, dice.randrange(MEMBERS), start + meant, spent)))
    await asyncio.gather(*running)
    stop.set()
    return spent, await marks


def resident() -> int:
    """Bytes of memory the process has taken at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def run(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder))
        store, release = open_store(settings)
        app = build_app(
            settings, SteerableClock(NOW), store, [], decks=(), lessons=courses(), release=release
        )
        await app.start()
        await store.write(populate)
        door = Dispatcher(
            store, app.clock, RoleSources(frozenset(), frozenset()), app.erasure.erasures,
            [*app.features, bare()], lambda _space: settings.community.slug, Hotline(store, app.clock, lambda _space: HotlineTerms()),
        )  # fmt: skip
        try:
            for line in LINES.values():
                await ask(door, 0, line)
            before = resident()
            for number in range(MEMBERS):
                await ask(door, number, LINES["course"])
            gained = resident() - before
            spent, marks = await load(app, door, seconds)
        finally:
            await app.stop()
        report(spent, marks, gained, (Path(folder) / "tilth.db").stat().st_size)


def report(spent: dict[str, list[float]], marks: int, gained: int, size: int) -> None:
    print(f"{MEMBERS} members, {TEAMS} teams, {COURSES} courses; {marks} lessons marked meanwhile")
    print(f"{'':<18}{'count':>7}{'p50 ms':>9}{'p99 ms':>9}{'p99 / bare':>12}{'p99 / limit':>13}")
    floor = quantile(spent["bare"], 0.99)
    for kind, times in spent.items():
        high = quantile(times, 0.99)
        print(
            f"{LINES[kind]:<18}{len(times):>7}{statistics.median(times) * 1000:>9.1f}{high * 1000:>9.1f}"
            f"{high / floor:>12.2f}{high / LIMIT:>13.3f}"
        )
    print(f"memory: {gained / MEMBERS:,.0f} bytes a member while all asked; {size / MEMBERS:,.0f} on disk")
    worst = max(quantile(times, 0.99) for times in spent.values())
    print("p99 within a fifth of the limit:", "ok" if worst <= LIMIT / 5 else "MISSED")


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def main() -> None:
    asyncio.run(run(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0))


if __name__ == "__main__":
    main()
