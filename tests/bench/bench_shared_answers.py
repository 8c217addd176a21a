"""How fast `/reflect read` and the bot's own page answer with a million answers in the table.

    python -m tests.bench.bench_shared_answers [answers] [database URL]

10,000 members in 1,000 teams answered every prompt; two in five keep theirs, the others share with the moderators, their
team or everyone, a fifth each. Somebody else asks each time: one page of a prompt, the page after it, the list of
prompts, the own page. SQLite as shipped, or the database that is named (it is filled, so take an empty one). Aim: the
95th percentile of every page within a second.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, text

from bot.app import App, build_app
from bot.chat.cards import Buttons, Card
from bot.chat.events import ButtonPressed, CommandInvoked, HomeOpened
from bot.chat.models import Person, Place, Sharing
from bot.chat.parsing import command_line
from bot.courses.teams import tables as teams_tables
from bot.people import accounts
from bot.people import tables as people
from bot.reflections.answers.tables import answer, part
from bot.reflections.prompts import bank
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from bot.reflections.schedule.asked_prompts import open_asking
from bot.runtime.clock import SteerableClock
from bot.store.startup import open_store
from tests.stories.stage import settings_for

MEMBERS, TEAMS, ROUNDS = 10_000, 1_000, 60
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
SPACE = "local:bench"
AIM = 1.0
CIRCLES = (Sharing.ME, Sharing.ME, Sharing.MODERATORS, Sharing.TEAM, Sharing.EVERYONE)


def person(number: int) -> Person:
    facts = frozenset({"moderator"} if number % 100 == 0 else ())
    return Person(SPACE, f"p{number}", f"Member {number}", facts, zone="Europe/Dublin")


def populate(conn: Connection, prompts: int) -> list[int]:
    """Everybody is in a team, and every prompt was asked; the ids of the members."""
    home = people.communities(conn)[0]
    people.see_space(conn, SPACE, "Bench", home.id, NOW)
    teams = [teams_tables.create_team(conn, home.id, f"Team {number}", NOW) or 0 for number in range(TEAMS)]
    members = [accounts.member_of(conn, person(number), home, NOW).id for number in range(MEMBERS)]
    rows = [
        {
            "team_id": teams[number % TEAMS], "member_id": one, "community_id": home.id, "lead": False,
            "joined_at": NOW,
        }
        for number, one in enumerate(members)
    ]  # fmt: skip
    conn.execute(insert(teams_tables.teammate), rows)
    for number in range(1, prompts + 1):
        ask = f"What did you notice in week {number}?"
        made = bank.add_prompt(conn, home.id, "bench", plain_prompt(ask, (Question(ask),)))
        opened = NOW - timedelta(weeks=prompts - number + 1)
        open_asking(
            conn, occurrence_id=number, community_id=home.id, schedule_id=1, prompt_id=made.id, prompt=made.prompt,
            direct=False, opened_at=opened, closes_at=opened + timedelta(days=4),
        )  # fmt: skip
    return members


def fill(conn: Connection, occurrence: int, members: list[int], prompts: int) -> None:
    """One prompt's answers."""
    dice, opened = random.Random(occurrence), NOW - timedelta(weeks=prompts - occurrence + 1)
    start = (occurrence - 1) * MEMBERS
    answers, parts = [], []
    for number, member in enumerate(members, start + 1):
        at = opened + timedelta(seconds=dice.randrange(300_000))
        answers.append(
            {
                "id": number, "community_id": 1, "occurrence_id": occurrence, "member_id": member,
                "sharing": dice.choice(CIRCLES).value, "first_at": at, "shared_at": at, "late": False,
            }
        )  # fmt: skip
        parts.append(
            {
                "community_id": 1, "answer_id": number, "via": "form", "source": f"form/{number}/0",
                "text": f"By the bins, number {number}. " * 4, "said_at": at,
            }
        )  # fmt: skip
    conn.execute(insert(answer), answers)
    conn.execute(insert(part), parts)


class Asker:
    """Somebody who asks through the core's own door."""

    def __init__(self, app: App, number: int) -> None:
        self._app, self._who, self._place = app, person(number), Place(SPACE, "c1")

    async def command(self, line: str) -> Card:
        call = command_line.parse_call(self._app.dispatcher.menu, "", line)
        reply = await self._app.dispatcher.hear(CommandInvoked(self._who, self._place, call))
        assert isinstance(reply, Card)
        assert "went wrong" not in reply.title
        return reply

    async def turn(self, card: Card, label: str) -> Card:
        rows = (row for row in card.blocks if isinstance(row, Buttons))
        [one] = [one for row in rows for one in row.buttons if one.label == label][:1]
        reply = await self._app.dispatcher.hear(
            ButtonPressed(self._who, self._place, one.does or "", one.value)
        )
        assert isinstance(reply, Card)
        return reply

    async def home(self) -> Card:
        reply = await self._app.dispatcher.hear(HomeOpened(self._who))
        assert isinstance(reply, Card)
        return reply


async def measure(app: App, prompts: int) -> dict[str, list[float]]:
    """Every page for somebody else each time, moderators among them."""
    dice = random.Random(5)
    spent: dict[str, list[float]] = {}

    async def clock(kind: str, work: Callable[[], Awaitable[Card]]) -> Card:
        start = time.perf_counter()
        card = await work()
        spent.setdefault(kind, []).append(time.perf_counter() - start)
        return card

    for turn in range(ROUNDS):
        number = dice.randrange(MEMBERS) if turn % 3 else dice.randrange(0, MEMBERS, 100)
        asker = Asker(app, number)
        await clock("the list of prompts", lambda one=asker: one.command("/reflect read"))
        which = f"/reflect read p{dice.randrange(prompts) + 1}"
        page = await clock("a page of answers", lambda one=asker, line=which: one.command(line))
        await clock("the page after it", lambda one=asker, card=page: one.turn(card, "Older"))
        await clock("the own page", asker.home)
    return spent


async def run(answers: int, url: str) -> None:
    prompts = max(1, answers // MEMBERS)
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), url)
        store, release = open_store(settings)
        app = build_app(settings, SteerableClock(NOW), store, [], decks=(), lessons=(), release=release)
        await app.start()
        try:
            members = await store.write(lambda conn: populate(conn, prompts))
            for occurrence in range(1, prompts + 1):
                await store.write(lambda conn, one=occurrence: fill(conn, one, members, prompts))
            if url:
                await store.write(lambda conn: conn.execute(text("ANALYZE")).rowcount)
            report(prompts * MEMBERS, await measure(app, prompts))
        finally:
            await app.stop()


def report(answers: int, spent: dict[str, list[float]]) -> None:
    print(f"{answers:,} answers of {MEMBERS:,} members in {TEAMS:,} teams")
    print(f"{'':<22}{'count':>6}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    for kind, times in spent.items():
        high = sorted(times)[int(len(times) * 0.95)]
        middle, most = statistics.median(times), max(times)
        print(f"{kind:<22}{len(times):>6}{middle * 1000:>9.1f}{high * 1000:>9.1f}{most * 1000:>9.1f}")
    worst = max(sorted(times)[int(len(times) * 0.95)] for times in spent.values())
    print("p95 of every page within a second:", "ok" if worst <= AIM else "MISSED")


def main() -> None:
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    asyncio.run(run(answers, sys.argv[2] if len(sys.argv) > 2 else ""))


if __name__ == "__main__":
    main()
