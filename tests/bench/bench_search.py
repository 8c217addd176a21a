"""What finding costs: how fast answers are taken in with their words indexed and without, and how fast they are found.

    python -m tests.bench.bench_search [answers] [database URL]

Members answer in the thread of a prompt, 64 at once, each with a text of some forty words; with the index and without it,
by turns, in the same run. Then somebody else asks each time: a rare word, a usual one, three words, a slip, and a word in
every answer. Aims: with the index at least `INGEST` of the rate without it, the 95th percentile of a page within a second.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import Connection, func, insert, select

from bot.app import App, build_app
from bot.capture import tables as capture
from bot.chat.cards import Card
from bot.chat.events import CommandInvoked, MessageReceived
from bot.chat.models import Message, Person, Place
from bot.chat.parsing import command_line
from bot.people import accounts
from bot.people import tables as people
from bot.reflections.answers import intake
from bot.reflections.answers.intake import SUBJECT
from bot.reflections.answers.tables import answer, part
from bot.reflections.prompts import bank
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from bot.reflections.schedule.asked_prompts import find_asked_prompt, open_asking
from bot.runtime.clock import SteerableClock
from bot.search.tables import SearchEntry, row_of, search_entry
from bot.store.startup import open_store
from tests.stories.stage import settings_for

INGEST, AIM, AT_ONCE, ROUNDS = 0.65, 1.0, 64, 3
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
SPACE = "local:bench"
USUAL = [f"{start}{end}" for start in ("stu", "cla", "fam", "rea", "wri", "pla", "gro", "tal", "lis", "hom") for end in ("dent", "ssing", "ily", "ding", "ting", "nner", "wing", "king", "tened", "ework")]  # fmt: skip


def make_text(dice: random.Random, number: int) -> str:
    """A text of some forty words: mostly usual ones, and one of its own."""
    words = [dice.choice(USUAL) for _ in range(32)] + [
        f"rare{number % 5000}",
        "attendance" if number % 10 == 0 else "monday",
    ]
    dice.shuffle(words)
    return " ".join(("We noticed that the", *words, "and it was in the end."))


def person(number: int) -> Person:
    return Person(SPACE, f"p{number}", f"Member {number}", frozenset(), zone="Europe/Dublin")


def populate(conn: Connection, members: int, prompts: int) -> None:
    """Members, and prompts that are open, each with a thread that is listened to."""
    home = people.communities(conn)[0]
    people.see_space(conn, SPACE, "Bench", home.id, NOW)
    for number in range(members):
        accounts.member_of(conn, person(number), home, NOW)
    for number in range(1, prompts + 1):
        ask = f"What did you notice in week {number}?"
        made = bank.add_prompt(conn, home.id, "bench", plain_prompt(ask, (Question(ask),)))
        open_asking(
            conn, occurrence_id=number, community_id=home.id, schedule_id=1, prompt_id=made.id, prompt=made.prompt,
            direct=False, opened_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=4),
        )  # fmt: skip
        until = NOW + timedelta(days=5)
        capture.watch_place(conn, home.id, Place(SPACE, "c1", f"t{number}"), SUBJECT, number, until, NOW)


async def take_in(app: App, prompt: int, members: int) -> float:
    """Answers a second, stored durably, `AT_ONCE` of them under way: everybody answers one prompt."""
    dice, waiting = random.Random(prompt), iter(range(members))

    async def worker() -> None:
        for one in waiting:
            number = prompt * members + one
            at = NOW + timedelta(milliseconds=number)
            where = Place(SPACE, "c1", f"t{prompt}")
            said = Message(where, f"m{number}", person(one), make_text(dice, number), at, at)
            await app.dispatcher.hear(MessageReceived(said))

    start = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return members / (time.perf_counter() - start)


@contextmanager
def without_index() -> Iterator[None]:
    """Answers are taken in, and not indexed: what the rate is measured against."""
    with mock.patch.object(intake, "index_message", return_value=None):
        yield


async def ingest(app: App, members: int, prompts: int) -> list[float]:
    """The rate with the index over the rate without it, prompt by prompt."""
    ratios = []
    for prompt in range(1, prompts, 2):
        with without_index():
            bare = await take_in(app, prompt, members)
        indexed = await take_in(app, prompt + 1, members)
        print(f"{bare:8.0f} answers/s without, {indexed:8.0f} with the index: {indexed / bare:.2f}")
        ratios.append(indexed / bare)
    return ratios


ASKED = ("rare77", "attendance", "student family rare9", "atendance", "student", "monday reading", "volcano")


async def search(app: App, members: int) -> dict[str, list[float]]:
    """Seconds of each kind of search, somebody else asking each time."""
    spent: dict[str, list[float]] = {}
    for turn in range(20):
        for words in ASKED:
            call = command_line.parse_call(app.dispatcher.menu, "", f"/find {words}")
            start = time.perf_counter()
            shown = await app.dispatcher.hear(
                CommandInvoked(person(turn % members), Place(SPACE, "c1"), call)
            )
            spent.setdefault(words, []).append(time.perf_counter() - start)
            assert isinstance(shown, Card)
            assert "went wrong" not in shown.title
    return spent


async def run(answers: int, url: str) -> tuple[list[float], dict[str, list[float]]]:
    """The rates with the index over those without, and seconds of each kind of search."""
    members = min(answers // (2 * ROUNDS), 2000)
    prompts = 2 * ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for(Path(folder), url)
        store, release = open_store(settings)
        app = build_app(settings, SteerableClock(NOW), store, [], decks=(), lessons=(), release=release)
        await app.start()
        try:
            await store.write(lambda conn: populate(conn, members, prompts))
            rates = await ingest(app, members, prompts)
            fill_up(app, answers)
            spent = await search(app, members)
        finally:
            await app.stop()
    return rates, spent


def fill_up(app: App, answers: int) -> None:
    """More answers in the table, so that as many are found in as were asked for; each shared with everyone."""
    dice = random.Random(1)
    have = app.store.read_now(
        lambda conn: conn.execute(select(func.count()).select_from(answer)).scalar_one()
    )
    first = app.store.read_now(lambda conn: conn.execute(select(func.max(answer.c.id))).scalar_one())
    members = app.store.read_now(lambda conn: list(conn.execute(select(people.member.c.id)).scalars()))
    for start in range(have, answers, 5000):
        app.store.write_now(
            lambda conn, start=start: add_answers(
                conn, first + 1 + start - have, min(5000, answers - start), members, dice
            )
        )


def add_answers(conn: Connection, first: int, count: int, members: list[int], dice: random.Random) -> None:
    """Answers with their parts and entries, to occurrences of their own."""
    made, parts, entries = [], [], []
    for number in range(first, first + count):
        at = NOW - timedelta(minutes=number % 500_000)
        text, occurrence = make_text(dice, number), 1000 + number // len(members)
        made.append({"id": number, "community_id": 1, "occurrence_id": occurrence, "member_id": members[number % len(members)], "sharing": "everyone", "first_at": at, "shared_at": at, "late": False})  # fmt: skip
        parts.append({"community_id": 1, "answer_id": number, "via": "form", "source": f"form/{number}/0", "text": text, "said_at": at})  # fmt: skip
        entries.append(row_of(SearchEntry(1, "answer", number, text, at)))
    for occurrence in sorted({one["occurrence_id"] for one in made}):
        here = find_asked_prompt(conn, 1, 1)
        assert here is not None
        open_asking(
            conn, occurrence_id=occurrence, community_id=1, schedule_id=1, prompt_id=here.prompt_id, prompt=here.prompt,
            direct=False, opened_at=NOW - timedelta(weeks=60), closes_at=NOW - timedelta(weeks=59),
        )  # fmt: skip
    conn.execute(insert(answer), made)
    conn.execute(insert(part), parts)
    conn.execute(insert(search_entry), entries)


def report(ratio: float, spent: dict[str, list[float]]) -> bool:
    print(f"ingest with the index over without: {ratio:.2f} (aim {INGEST})")
    high = {words: sorted(times)[int(len(times) * 0.95)] for words, times in spent.items()}
    for words, times in spent.items():
        print(f"{words:<24} p50 {statistics.median(times) * 1000:7.1f} ms   p95 {high[words] * 1000:7.1f} ms")
    good = ratio >= INGEST and max(high.values()) <= AIM
    print("aims:", "ok" if good else "MISSED")
    return good


def main() -> None:
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rates, spent = asyncio.run(run(answers, sys.argv[2] if len(sys.argv) > 2 else ""))
    report(statistics.median(rates), spent)


if __name__ == "__main__":
    main()
