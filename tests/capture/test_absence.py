"""What an absent message means: nothing, before two complete listings ten minutes apart were both without it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.chat.port import HistoryUnavailable, OutcomeUnknown
from tests.capture.shelf import START, Reading, reading

SURE = timedelta(minutes=10)
ANSWERS = tuple(f"a{number}" for number in range(40))
STEPS = 40
PAUSES = (4, 9, 9, 10, 10, 11, 60)


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Reading]:
    with reading(sqlite_url) as one:
        one.open_thread("1")
        for number, id in enumerate(ANSWERS):
            one.say("1", id, START + timedelta(seconds=number))
        yield one


class Truth:
    """The rule in its simplest form: since when each message has been missing without a break."""

    def __init__(self) -> None:
        self.missing: dict[str, datetime] = {}
        self.gone: set[str] = set()

    def look(self, shown: set[str], now: datetime) -> None:
        for id in set(ANSWERS) - self.gone:
            if id in shown:
                self.missing.pop(id, None)
            elif now - self.missing.setdefault(id, now) >= SURE:
                self.gone.add(id)


async def test_only_two_complete_listings_without_a_break_delete(here):
    dice, truth, scanner = random.Random(20261005), Truth(), here.scanner()
    await scanner.beat()
    whole = list(here.shelf.threads["1"])
    for _ in range(STEPS):
        here.clock.advance(timedelta(minutes=dice.choice(PAUSES)))
        shown = {id for id in ANSWERS if dice.random() < 0.8}
        here.shelf.threads["1"] = [one for one in whole if one.own or one.id in shown]
        here.shelf.complete = dice.random() < 0.7
        trouble = (HistoryUnavailable("missing_scope"), OutcomeUnknown("timeout"))
        here.shelf.answer = dice.choice((None, None, None, None, *trouble))
        if here.shelf.complete and here.shelf.answer is None:
            truth.look(shown, here.clock.now())
        here.make_due()
        await scanner.beat()
        assert {one.id for _, one in here.told if one.deleted} == truth.gone
    assert 0 < len(truth.gone) < len(ANSWERS)


async def test_a_message_that_was_shown_again_was_never_gone(here):
    scanner = here.scanner()
    await scanner.beat()
    whole, without = list(here.shelf.threads["1"]), here.shelf.threads["1"][:-1]
    for listed in (without, whole, without):
        here.shelf.threads["1"] = listed
        here.clock.advance(timedelta(hours=1))
        here.make_due()
        await scanner.beat()
    assert [one for _, one in here.told if one.deleted] == []


async def test_an_incomplete_listing_never_deletes_however_often_it_comes(here):
    scanner = here.scanner()
    await scanner.beat()
    here.shelf.threads["1"], here.shelf.complete = here.shelf.threads["1"][:1], False
    for _ in range(5):
        here.clock.advance(timedelta(hours=1))
        here.make_due()
        await scanner.beat()
    assert [one for _, one in here.told if one.deleted] == []
