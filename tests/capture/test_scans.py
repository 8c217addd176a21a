"""How re-reading is shared and paced: no thread twice, no refusal, and little for what has become quiet."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.capture import scan_queue
from bot.chat.port import CredentialsRejected, HistoryUnavailable, RetryLater
from bot.delivery import pacing
from tests.capture.shelf import EVERY, SPACE, START, Reading, reading

THREADS = 40
TURN = timedelta(seconds=5)


@pytest.fixture
def here(database_url: str) -> Iterator[Reading]:
    with reading(database_url) as one:
        yield one


def open_threads(here: Reading, number: int = THREADS, *, age: timedelta = timedelta()) -> None:
    for one in range(number):
        here.open_thread(str(one + 1), since=START - age)


async def scan_for(here: Reading, length: timedelta, processes: int = 1, every: timedelta = EVERY) -> None:
    """Let every process look after its job on its beat."""
    scanners = [here.scanner(every) for _ in range(processes)]
    end = here.clock.now() + length
    while here.clock.now() <= end:
        await asyncio.gather(*(one.beat() for one in scanners))
        here.clock.advance(TURN)


async def test_two_processes_read_each_thread_once_between_them(here):
    open_threads(here)
    await scan_for(here, timedelta(minutes=2), processes=2, every=timedelta(days=7))
    assert Counter(here.shelf.asked) == {str(one + 1): 1 for one in range(THREADS)}


async def test_threads_are_read_at_times_of_their_own(here):
    open_threads(here)
    await scan_for(here, timedelta(minutes=2))
    due = here.due_times()
    assert max(Counter(due).values()) < THREADS / 4, "they are spread over the quarter of an hour"
    assert max(due) <= here.clock.now() + timedelta(minutes=15)


async def test_no_minute_sees_more_calls_than_the_platform_grants(here):
    open_threads(here, 120)
    calls = []
    scanner, minutes = here.scanner(), 6
    for _ in range(minutes * 12):
        before = len(here.shelf.asked)
        await scanner.beat()
        calls.append(len(here.shelf.asked) - before)
        here.clock.advance(TURN)
    a_minute = [sum(calls[turn : turn + 12]) for turn in range(len(calls) - 11)]
    assert max(a_minute) <= 50, "Slack grants 50 a minute"
    assert len(set(here.shelf.asked)) == 120


async def test_revoked_credentials_end_reading_after_a_call_or_two(here):
    open_threads(here)
    here.shelf.answer = CredentialsRejected("token_revoked")
    await scan_for(here, timedelta(minutes=4))
    assert len(here.shelf.asked) <= 2
    here.shelf.answer = None
    await scan_for(here, timedelta(minutes=12))
    assert len(set(here.shelf.asked)) == THREADS, "all of them are read once the credentials work again"


async def test_a_thread_that_is_quiet_is_read_less_and_less(here):
    here.open_thread("1")
    scanner, reads = here.scanner(), []
    while here.clock.now() < START + timedelta(days=6):
        if await scanner.beat():
            reads.append((here.clock.now() - START) // timedelta(days=1))
        here.clock.set(max(here.due_times()))
    by_day = Counter(reads)
    assert [by_day[day] for day in range(6)] == pytest.approx([96, 48, 24, 24, 12, 12], abs=2)


async def test_a_late_reply_in_an_old_thread_is_found_within_two_hours(here):
    here.open_thread("1", since=START - timedelta(days=10))
    scanner = here.scanner()
    await scanner.beat()
    here.clock.set(max(here.due_times()))
    await scanner.beat()
    said = here.clock.now() + timedelta(seconds=1)
    here.say("1", "late", said)
    here.clock.set(max(here.due_times()))
    await scanner.beat()
    [(found, message)] = here.told
    assert message.id == "late"
    assert timedelta(hours=1) < found - said <= timedelta(hours=2)
    assert max(here.due_times()) - found <= timedelta(minutes=15), "it is a lively thread again"


async def test_what_a_process_that_died_had_begun_is_read_by_another_one(here):
    open_threads(here, 3)
    paces, now = {"slack": here.shelf.pace}, here.clock.now()
    lost = here.store.write_now(
        lambda conn: scan_queue.claim_scans(conn, paces, now, now + timedelta(minutes=10))
    )
    assert len(lost) == 3
    await scan_for(here, timedelta(minutes=9))
    assert here.shelf.asked == []
    await scan_for(here, timedelta(minutes=2))
    assert sorted(here.shelf.asked) == ["1", "2", "3"]


async def test_a_post_in_doubt_is_looked_for_before_any_thread_is_read_again(here):
    open_threads(here)
    own, now = here.shelf.pace, here.clock.now()
    await here.scanner().beat()
    free = here.store.write_now(lambda conn: pacing.free_reads(conn, SPACE, own, now))
    assert free == own.read_burst // 2
    here.store.write_now(lambda conn: pacing.spend_reads(conn, SPACE, own, now, free))
    asked = len(here.shelf.asked)
    here.clock.advance(timedelta(seconds=6))
    await here.scanner().beat()
    assert len(here.shelf.asked) == asked, "recovery's calls count, and its share has to be there first"


async def test_a_refusal_that_says_how_long_is_heeded_by_every_process(here):
    open_threads(here)
    here.shelf.answer = RetryLater("ratelimited", 90.0)
    await here.scanner().beat()
    here.shelf.answer, before = None, len(here.shelf.asked)
    await scan_for(here, timedelta(seconds=85), processes=2)
    assert len(here.shelf.asked) == before
    await scan_for(here, timedelta(minutes=3))
    assert len(set(here.shelf.asked)) == THREADS


async def test_a_long_thread_spends_a_call_for_each_of_its_pages(here):
    open_threads(here, 12)
    here.shelf.calls = 4
    await here.scanner().beat()
    assert len(here.shelf.asked) == 5
    before = here.clock.now()
    while len(here.shelf.asked) == 5:
        here.clock.advance(TURN)
        await here.scanner().beat()
    assert here.clock.now() - before >= timedelta(seconds=20), "fifteen more calls than were foreseen"


async def test_what_is_about_to_close_is_read_before_a_backlog(here):
    open_threads(here)
    here.clock.advance(timedelta(hours=2))
    now = here.clock.now()
    here.store.write_now(lambda conn: scan_queue.scan_ref(conn, "prompt", THREADS, now))
    await here.scanner().beat()
    assert here.shelf.asked[0] == str(THREADS)


async def test_connecting_anew_takes_nobodys_turn_away(here):
    open_threads(here, 6)
    await here.scanner().beat()
    [left] = set(here.shelf.threads) - set(here.shelf.asked)
    here.clock.advance(timedelta(minutes=1))
    now = here.clock.now()
    here.store.write_now(lambda conn: scan_queue.scan_all(conn, SPACE, now))
    await here.scanner().beat()
    assert here.shelf.asked[5] == left


@pytest.mark.parametrize("answer", [None, HistoryUnavailable("missing_scope")])
async def test_whoever_asks_for_a_reading_while_one_runs_gets_another(here, answer):
    here.open_thread("1")

    def ask() -> None:
        here.shelf.meanwhile = lambda: None
        here.store.write_now(lambda conn: scan_queue.scan_ref(conn, "prompt", 1, here.clock.now()))

    here.shelf.answer, here.shelf.meanwhile = answer, ask
    await here.scanner().beat()
    await here.scanner().beat()
    assert here.shelf.asked == ["1", "1"]
