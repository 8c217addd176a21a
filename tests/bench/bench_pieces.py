"""How long one piece of work holds the one writer, in a community of 5,000 that has used the bot for some years.

    python -m tests.bench.bench_pieces [database URL] [word of the scenarios to run]

Everybody's commands wait for the writer, so what counts is the longest piece, not the whole. Each scenario says its longest
piece and what it was, how many pieces there were, how many of them were above the aim, and for how long they held the writer in
all. SQLite as shipped, or the database that is named: it is filled first, unless somebody is in it. Aim: no piece above 20 ms. On
SQLite the times are those in which the writer's thread was busy: on a machine that others use, the clock's say little, and even
these are half as long again. The first piece of a kind in a process has its statements put into words besides (SQLAlchemy does
that once for each). A start is measured, too, though nobody is served yet who could wait for it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select, text, update

from bot.app import App, build_app
from bot.calendars.additions import SlowAdditions
from bot.chat.events import PersonUpdated
from bot.chat.models import Place, Role
from bot.courses.enrollment import tables as enrollment_tables
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.progress_import.formats import ProgressRow
from bot.courses.progress_import.rows import ProgressRows
from bot.feature import DataSubject, Request
from bot.people import accounts
from bot.people import tables as people
from bot.people.tables import community
from bot.runtime.clock import SteerableClock
from bot.runtime.garbage import set_all_aside
from bot.store.pieces import COMMIT, PieceTime
from bot.store.startup import open_store
from tests.bench import grown
from tests.bench.bench_progress import courses
from tests.bench.grown import DAY, MEMBERS, NOW, SPACE
from tests.stories.stage import settings_for

AIM = 0.020
DUE, ANSWERS, PROMPTS, USUAL = 200, 2_000, 220, 120
ICS = "\r\n".join(
    (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN",
        *(
            f"BEGIN:VEVENT\r\nUID:{n}@x\r\nSUMMARY:Day {n}\r\nDTSTART;VALUE=DATE:{NOW + n * 7 * DAY:%Y%m%d}\r\nEND:VEVENT"
            for n in range(1, 100)
        ),
        "END:VCALENDAR",
    )
)  # fmt: skip
Scenario = Callable[[App], Awaitable[object]]


def job(name: str) -> Scenario:
    """The scenario of running one job."""

    async def run(app: App) -> object:
        return await next(one for one in app.runner.jobs if one.name == name).run()

    return run


async def settle_prompts(app: App) -> object:
    """200 prompts come due at once."""
    clock = app.clock
    assert isinstance(clock, SteerableClock)
    clock.set(datetime.fromisoformat("2026-11-02T09:00:00+00:00"))
    return await app.planner.tick()


async def erase_member(app: App) -> object:
    """The member with 220 answers has everything erased."""

    def find(conn: Connection) -> DataSubject:
        accounts_of = tuple(accounts.accounts_of(conn, 1, 7))
        return DataSubject(people.community_by_id(conn, 1), 7, accounts_of, app.clock.now())

    return await app.erasure.erase(await app.store.read(find))


async def link_accounts(app: App) -> object:
    """Two members with 220 answers each are one."""

    await app.store.write(lambda conn: app.linking.begin(conn, 1, 11, 12, (SPACE, "p12")))
    return await app.linking.go_on()


async def meet_everybody(app: App) -> object:
    """A platform lists a thousand people of one of its channels."""
    told = (PersonUpdated(grown.person(n), channel="c2") for n in range(1, 1_001))
    return await asyncio.gather(*(app.dispatcher.hear(one) for one in told))


async def import_progress(app: App) -> object:
    """An export of a learning platform with 1,000 lines."""
    now = app.clock.now()
    home = await app.store.read(lambda conn: people.community_by_id(conn, 1))
    lines = [
        ProgressRow(n + 1, f"p{n % 500 + 1}", f"lesson-{n // 500 + 1}", "done", now.isoformat())
        for n in range(1_000)
    ]
    rows = ProgressRows(app.store, app.clock, LessonCompletion(app.erasure.tell))
    return await rows.take(home, 1, lines, "import", SPACE)


async def import_calendar(app: App) -> object:
    """A calendar file with a day away in each of a hundred weeks."""
    home = await app.store.read(lambda conn: people.community_by_id(conn, 1))
    member = await app.store.write(lambda conn: accounts.member_of(conn, grown.person(1), home, NOW))
    who, place = grown.person(1), Place(SPACE, "c1")
    asked = Request(home, member, Role.MODERATOR, who, place, app.clock.now(), {"text": ICS})
    return await SlowAdditions(app.store).add_file(asked)


async def enroll_everybody(app: App) -> object:
    """A channel with everybody in it takes a course."""
    await app.store.write(
        lambda conn: enrollment_tables.add_rule(conn, 1, 2, "channel", f"{SPACE}/{grown.CHANNEL}", NOW, 1)
    )
    return await job("enrolling groups")(app)


async def start_again(app: App) -> object:
    """What every start makes true."""
    return await app.store.write(app.prepare)


async def retire_old(app: App) -> object:
    """100,000 rows are too old at once."""
    clock = app.clock
    assert isinstance(clock, SteerableClock)
    clock.set(clock.now() + 380 * DAY)
    return await app.upkeep.tidy()


SCENARIOS: dict[str, Scenario] = {
    "starting": start_again,
    "200 prompts due": settle_prompts,
    "closing a prompt": job("closing prompts"),
    "keeping digests true": job("keeping digests true"),
    "the Monday note": job("the Monday note"),
    "counting weeks": job("counting weeks"),
    "counting prompts": job("counting prompts"),
    "counting teams": job("counting teams"),
    "1,000 people told": meet_everybody,
    "importing progress": import_progress,
    "importing a calendar": import_calendar,
    "enrolling a channel": enroll_everybody,
    "telling who was enrolled": job("telling who was enrolled"),
    "lessons arriving": job("lessons arriving"),
    "asking after prompts": job("asking after prompts"),
    "linking two accounts": link_accounts,
    "erasing a member": erase_member,
    "forgetting again": job("forgetting again"),
    "recalling reminders": job("recalling reminders"),
    "retention": retire_old,
}


async def populate(app: App) -> None:
    """Everything the scenarios are about."""
    await app.store.write(grown.settle_people)
    deck = await app.store.write(grown.fill_deck)
    await app.store.write(partial(grown.plan, schedules=DUE))
    for number in range(1, PROMPTS):
        opened = NOW - (PROMPTS - number) * DAY
        known = deck[number % len(deck)]
        await app.store.write(
            lambda conn, n=number, at=opened, one=known: grown.ask(conn, one, n, at, at + 4 * DAY)
        )
        answers = partial(grown.answer_all, number=number, members=range(1, USUAL + 1), at=opened)
        await app.store.write(answers)
    last = PROMPTS
    await app.store.write(lambda conn: grown.ask(conn, deck[0], last, NOW - DAY, NOW + timedelta(minutes=1)))
    await app.store.write(
        lambda conn: grown.answer_all(conn, last, range(1, ANSWERS + 1), NOW - timedelta(hours=1))
    )
    await app.store.write(partial(grown.queue_old, count=100_000))
    await app.store.write(lambda conn: conn.execute(update(community).values(language="en")).rowcount)
    await app.store.write(lambda conn: conn.execute(text("ANALYZE")).rowcount)


async def measure(app: App, wanted: str) -> list[tuple[str, PieceTime, int, int, float]]:
    """Each scenario with its longest piece, how many there were, how many above the aim, and their seconds in all."""
    found = []
    for name, scenario in SCENARIOS.items():
        if wanted not in name:
            continue
        set_all_aside()  # as a running bot does at its beats: a look through everything is nobody's work
        pieces: list[PieceTime] = []
        app.store.times.watch = pieces.append
        await scenario(app)
        app.store.times.watch = None
        work = [one for one in pieces if one.name != COMMIT]
        longest = max(work, key=lambda one: one.seconds, default=PieceTime("", 0.0))
        above = sum(one.seconds > AIM for one in work)
        found.append((name, longest, len(work), above, sum(one.seconds for one in pieces)))
        print(line(*found[-1]), flush=True)
    return found


def line(name: str, longest: PieceTime, count: int, above: int, total: float) -> str:
    """One row of the table."""
    mark = "" if longest.seconds <= AIM else " !"
    return f"{name:<26}{longest.seconds * 1000:>10.1f}{mark:<2}{count:>8}{above:>8}{total * 1000:>11.0f}  {longest.name}"


async def run(url: str, wanted: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), url)
        store, release = open_store(settings)
        app = build_app(
            settings, SteerableClock(NOW), store, [], decks=(), lessons=courses(), release=release
        )
        await app.start()
        try:
            if (
                not url
                or await store.read(lambda conn: conn.execute(select(people.member.c.id)).first()) is None
            ):
                await populate(app)
            if store.dialect == "sqlite":
                store.times.clock = time.thread_time
            print(f"{store.dialect}, {MEMBERS:,} members, {PROMPTS} prompts, {PROMPTS * USUAL:,} answers")
            print(f"{'':<26}{'longest ms':>10}{'':<2}{'pieces':>8}{'above':>8}{'all ms':>11}  the longest")
            found = await measure(app, wanted)
        finally:
            await app.stop()
    late = [name for name, longest, *_rest in found if longest.seconds > AIM]
    print("no piece above 20 ms:", "ok" if not late else f"MISSED by {len(late)}: {', '.join(late)}")


def main() -> None:
    url = sys.argv[1] if len(sys.argv) > 1 else ""
    asyncio.run(run(url, sys.argv[2] if len(sys.argv) > 2 else ""))


if __name__ == "__main__":
    main()
