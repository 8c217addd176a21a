"""Deliveries to a real receiver: signed, in order, again until they are taken, under one id, and not for ever."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import bot.all_tables  # noqa: F401 - every table must be known
from bot.delivery.claims import LeaseTerms
from bot.delivery.facts import HOOKS, OutboxState
from bot.delivery.hook_call import HookCaller
from bot.delivery.tables import outbox
from bot.store.secret import make_secret
from bot.webhooks import tables
from bot.webhooks.addresses import AddressRules
from bot.webhooks.events import TEST, list_kinds
from bot.webhooks.feature import PURPOSE, make_caller
from bot.webhooks.queue import queue_event, queue_test
from bot.webhooks.signatures import derive_secret, write_secret
from bot.webhooks.tables import add_webhook
from tests.delivery.conftest import *
from tests.delivery.rig import Rig
from tests.webhooks.receiver import Receiver, receiving
from tests.webhooks.test_addresses import Names

ROOT = Path(__file__).parents[2]
INSIDE = AddressRules(private=True, plain=True)


class HookRig:
    """A sender that tells webhooks, and a receiver that is told."""

    def __init__(self, rig: Rig, receiver: Receiver) -> None:
        self.rig, self.receiver, self.secret = rig, receiver, make_secret()
        self.store, self.clock = rig.store, rig.clock
        self.sender = self.another("hooks")

    def another(self, owner, rules=INSIDE, names=None, **more):
        caller = make_caller(self.store, self.clock, self.secret, rules, list_kinds(None), names)
        return self.rig.another(owner, hooks=caller, **more)

    def add(self, url: str = "", events=("webhook.test",)):
        url = url or self.receiver.url
        hook = self.store.write_now(lambda conn: add_webhook(conn, 1, url, events, self.clock.now()))
        self.receiver.secret = write_secret(derive_secret(self.secret.derive_key(PURPOSE), hook.salt))
        return hook

    def test(self, hook):
        self.store.write_now(lambda conn: queue_test(conn, hook, self.clock.now()))

    def event(self, about: str):
        self.store.write_now(lambda conn: queue_event(conn, 1, TEST, about, self.clock.now()))

    def rows(self):
        query = select(outbox.c.state, outbox.c.error, outbox.c.attempt).where(outbox.c.platform == HOOKS)
        return [
            tuple(row)
            for row in self.store.read_now(lambda conn: conn.execute(query.order_by(outbox.c.id)).all())
        ]

    async def run(self, sender=None, **length):
        await self.rig.run(timedelta(**length).total_seconds(), sender or self.sender)


@pytest.fixture
async def hooks(rig: Rig) -> AsyncIterator[HookRig]:
    async with receiving() as receiver:
        yield HookRig(rig, receiver)


async def test_a_delivery_is_signed_and_told_once(hooks):
    hook = hooks.add()
    hooks.test(hook)
    await hooks.run(seconds=5)
    [event] = hooks.receiver.events
    assert (event["type"], event["version"], event["community"]) == ("webhook.test", 1, "harbour")
    assert event["timestamp"] == hooks.clock.now().replace(second=0).isoformat()
    assert hooks.receiver.forged == 0
    assert hooks.receiver.timestamps == [int(hooks.clock.now().replace(second=0).timestamp())]
    assert hooks.rows() == [(OutboxState.SENT, None, 1)]


@pytest.mark.parametrize("status", [500, 503, 404, 401, 301, 302, 307, 308])
async def test_what_is_not_taken_is_told_again_under_the_same_id(hooks, status):
    hooks.receiver.answers = [{"status": status, "headers": {"Location": "/elsewhere"}}] * 2
    hooks.test(hooks.add())
    await hooks.run(minutes=10)
    assert len(hooks.receiver.ids) == 3
    assert len(set(hooks.receiver.ids)) == 1
    assert hooks.receiver.paths == ["/hook"] * 3, "no redirect is followed"
    assert hooks.receiver.timestamps == sorted(hooks.receiver.timestamps)
    assert len(set(hooks.receiver.timestamps)) == 3, "each attempt has a time of its own"
    assert hooks.receiver.forged == 0
    assert hooks.rows() == [(OutboxState.SENT, None, 3)]


async def test_a_service_that_says_how_long_is_left_alone_so_long(hooks):
    hooks.receiver.answers = [{"status": 429, "headers": {"Retry-After": "600"}}]
    hooks.test(hooks.add())
    await hooks.run(minutes=9)
    assert len(hooks.receiver.ids) == 1
    await hooks.run(minutes=3)
    assert len(hooks.receiver.ids) == 2


async def test_events_of_a_service_come_in_order_and_one_that_is_down_delays_no_other(hooks):
    down, well = hooks.add("http://127.0.0.1:9/hook"), hooks.add()
    for name in "abc":
        hooks.event(name)
    await hooks.run(minutes=2)
    assert len(hooks.receiver.ids) == 3
    states = [state for state, _error, _attempt in hooks.rows()]
    assert states.count(OutboxState.SENT) == 3
    assert states.count(OutboxState.PENDING) == 3
    waiting = hooks.store.read_now(lambda conn: tables.list_waiting(conn, down))
    assert [error for _key, error in waiting] == ["unreachable", None, None], (
        "the first holds up what comes after it"
    )
    assert hooks.store.read_now(lambda conn: tables.list_waiting(conn, well)) == []


async def test_after_a_day_without_an_answer_it_is_given_up_and_its_feature_told(hooks):
    assert LeaseTerms().patience == 86_400, "a day; here two hours, for the sake of time"
    hooks.receiver.always = 500
    hooks.test(hooks.add())
    await hooks.run(hooks.another("brief", terms=LeaseTerms(patience=7200.0)), hours=3)
    assert hooks.rows()[0][:2] == (OutboxState.FAILED, "http_500")
    assert hooks.rig.facts()[-1][0] == "Failed"
    assert hooks.rig.facts()[-1][2] == "http_500"
    assert 30 < len(hooks.receiver.ids) < 90, "ever more seldom, and every few minutes at last"


async def test_who_wants_nothing_more_is_asked_once(hooks):
    hooks.receiver.always = 410
    hooks.test(hooks.add())
    await hooks.run(hours=1)
    assert len(hooks.receiver.ids) == 1
    assert hooks.rows()[0][:2] == (OutboxState.FAILED, "http_410")


async def test_what_a_service_answers_is_neither_stored_nor_logged(hooks, caplog):
    caplog.set_level(logging.DEBUG)
    hooks.receiver.answers = [500]
    hook = hooks.add(hooks.receiver.url + "?token=not-for-logs")
    hooks.test(hook)
    await hooks.run(minutes=10)
    assert len(hooks.receiver.ids) == 2
    for kept in (caplog.text, str(hooks.rows())):
        assert "which nobody keeps" not in kept
        assert "not-for-logs" not in kept
        assert hooks.receiver.secret not in kept


async def test_a_redirect_inside_and_a_name_that_leads_inside_are_never_called(hooks):
    hook = hooks.add(f"http://rebinding.example:{hooks.receiver.port}/hook")
    strict = hooks.another("strict", rules=AddressRules(plain=True), names=Names("127.0.0.1"))
    hooks.test(hook)
    await hooks.run(strict, minutes=5)
    assert hooks.receiver.paths == []
    assert hooks.rows()[0][1] == "address_private"
    await hooks.run(hooks.another("allowed", names=Names("127.0.0.1")), minutes=10)
    assert hooks.receiver.paths == ["/hook"]


async def test_an_address_that_the_operator_allows_no_more_is_not_called(hooks):
    hooks.test(hooks.add())
    await hooks.run(hooks.another("strict", rules=AddressRules()), minutes=5)
    assert hooks.receiver.paths == []
    assert hooks.rows()[0][1] == "address_plain"


async def test_a_service_that_never_answers_ends_with_its_time(hooks, monkeypatch):
    monkeypatch.setattr("bot.webhooks.client.TIMEOUT", 0.2)
    silence = asyncio.Event()
    hooks.receiver.does = lambda _request: silence.wait()
    hooks.test(hooks.add())
    await hooks.run(seconds=1)
    assert hooks.rows()[0][:2] == (OutboxState.PENDING, "timeout")
    silence.set()
    hooks.receiver.does = lambda _request: None
    await hooks.run(minutes=5)
    assert len(set(hooks.receiver.ids)) == 1
    assert hooks.rows()[0][0] is OutboxState.SENT


async def test_what_nobody_foresaw_is_told_again(hooks):
    """An answer that ends in the middle of its first line, from something that is no web server."""

    async def break_off(request):
        request.transport.abort()

    hooks.receiver.does = break_off
    hooks.test(hooks.add())
    await hooks.run(seconds=1)
    assert hooks.rows()[0][0] is OutboxState.PENDING
    caller = HookCaller(_fault)
    await hooks.run(hooks.rig.another("broken", hooks=caller), minutes=5)
    assert hooks.rows()[0][:2] == (OutboxState.PENDING, "ZeroDivisionError")
    hooks.receiver.does = lambda _request: None
    await hooks.run(minutes=10)
    assert hooks.rows()[0][0] is OutboxState.SENT
    assert len(hooks.receiver.distinct) == 1


async def _fault(_row):
    raise ZeroDivisionError


async def test_a_paused_or_removed_webhook_is_told_nothing_that_waits(hooks):
    hook = hooks.add()
    hooks.test(hook)
    hooks.store.write_now(lambda conn: tables.pause_webhook(conn, hook.id, hooks.clock.now(), ""))
    await hooks.run(minutes=1)
    assert hooks.receiver.ids == []
    assert hooks.rows()[0][:2] == (OutboxState.FAILED, "orphaned")


async def test_five_are_the_most_and_a_removed_ones_number_is_not_given_again(hooks):
    made = [hooks.add(f"https://example.org/{number}").id for number in range(5)]
    assert (
        hooks.store.write_now(
            lambda conn: add_webhook(conn, 1, "https://example.org/6", (), hooks.clock.now())
        )
        is None
    )
    hooks.store.write_now(lambda conn: tables.remove_webhook(conn, made[-1]))
    assert hooks.add("https://example.org/7").id == made[-1] + 1


async def test_killed_after_the_service_took_it_it_is_told_again_under_the_same_id(
    hooks, database_url, tmp_path
):
    """Really killed: the receiver kills the process that calls it, before it answers."""
    hooks.test(hooks.add())
    key = tmp_path / "key"
    key.write_bytes(hooks.secret.material)
    command = [sys.executable, "-m", "tests.webhooks.victim", database_url, str(key)]
    victim = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    hooks.receiver.does = lambda _request: os.kill(victim.pid, signal.SIGKILL)
    assert await asyncio.wait_for(victim.wait(), 60) == -signal.SIGKILL
    hooks.receiver.does = lambda _request: None
    assert len(hooks.receiver.ids) == 1
    await hooks.run(minutes=5)
    assert len(hooks.receiver.ids) == 2
    assert len(hooks.receiver.distinct) == 1, "at least once, with an id by which the second is dropped"
    assert hooks.receiver.forged == 0
    assert hooks.rows()[0][0] is OutboxState.SENT
