"""What may have been said is looked for, never repeated blindly; what was said twice is removed."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import build_app
from bot.chat.cards import say
from bot.chat.port import CredentialsRejected, OutcomeUnknown, Rejected, RetryLater
from bot.delivery import outbox, pacing
from bot.delivery.facts import marker_of
from bot.delivery.outcomes import CallDelayed, CallLost, CallRejected, CallSkipped, CallSucceeded
from bot.delivery.restore_guard import RestoreGuard
from bot.store import Store
from tests.delivery.rig import SPACE, Pace, Rig, dies_at
from tests.stories.stage import settings_for


async def test_a_lost_answer_is_found_and_not_repeated(rig: Rig) -> None:
    rig.faults.next("post", after=OutcomeUnknown("disconnected"))
    rig.queue("prompt")
    await rig.settle()
    assert (rig.row("prompt").state, rig.row("prompt").error) == ("unknown", "disconnected")
    await rig.run(31)
    rig.once("prompt")
    assert rig.row("prompt").attempt == 1
    rig.sound()


async def test_what_did_not_arrive_is_said_again_once_that_is_certain(rig: Rig) -> None:
    rig.faults.next("post", before=OutcomeUnknown("internal_error"))
    rig.queue("prompt")
    await rig.settle()
    await rig.run(29)
    assert rig.said("prompt") == []
    await rig.run(10)
    rig.once("prompt")
    assert rig.row("prompt").attempt == 2


async def test_a_message_that_lands_within_the_settling_time_stays_alone(rig: Rig) -> None:
    rig.faults.next("post", late=True)
    rig.queue("prompt")
    await rig.settle()
    await rig.run(20)
    await rig.adapter.land()
    await rig.run(20)
    rig.once("prompt")
    assert rig.row("prompt").attempt == 1
    await rig.run(700)
    assert rig.store.read_now(outbox.count_states)["duplicates_swept"] == 0


async def test_a_message_that_lands_after_the_settling_time_is_swept(rig: Rig) -> None:
    rig.faults.next("post", late=True)
    rig.queue("prompt")
    await rig.settle()
    await rig.run(40)
    await rig.adapter.land()
    assert len(rig.said("prompt")) == 2
    kept = rig.row("prompt").external_id
    await rig.run(11 * 60)
    rig.once("prompt")
    assert rig.row("prompt").external_id == kept
    assert rig.store.read_now(outbox.count_states)["duplicates_swept"] == 1
    assert rig.row("prompt").swept_at is not None


async def test_a_sweep_that_may_not_look_or_remove_tries_again(rig: Rig) -> None:
    rig.faults.next("post", late=True)
    rig.queue("prompt")
    await rig.settle()
    await rig.run(40)
    await rig.adapter.land()
    rig.faults.hide_history = True
    await rig.run(15 * 60)
    assert len(rig.said("prompt")) == 2
    rig.faults.hide_history = False
    rig.faults.next("delete", before=OutcomeUnknown("x"))
    await rig.run(10 * 60)
    rig.once("prompt")
    assert rig.row("prompt").extras == 1


@pytest.mark.parametrize("how", ["hidden", "refused", "locked", "broken", "slow"])
async def test_a_hidden_history_leaves_the_doubt_and_is_told_within_five_minutes(rig: Rig, how: str) -> None:
    rig.faults.next("post", after=OutcomeUnknown("timeout"))
    rig.queue("prompt")
    rig.queue("next")
    await rig.settle()
    errors: dict[str, BaseException] = {
        "refused": Rejected("missing_scope"), "locked": CredentialsRejected("token_revoked"),
        "broken": KeyError("x"), "slow": RetryLater("ratelimited", 50),
    }  # fmt: skip
    if how == "hidden":
        rig.faults.hide_history = True
    else:
        rig.faults.next("find", before=errors[how], times=1000)
    await rig.run(5 * 60)
    assert rig.row("prompt").state == "unknown"
    stuck = [fact for fact in rig.facts() if fact[0] == "Stuck"]
    if how != "locked":  # then nothing is asked, and the operators are told of the circuit
        assert [fact[1] for fact in stuck] == ["prompt"]
    await rig.run(3600)
    assert len([fact for fact in rig.facts() if fact[0] == "Stuck"]) == 1
    assert len(rig.said("prompt")) == 1
    assert rig.said("next") == []
    rig.sound()
    rig.faults.hide_history = False
    rig.faults._planned.clear()
    await rig.run(360)
    rig.once("prompt")
    rig.once("next")


async def test_a_moderator_who_looked_may_release_a_row_from_its_doubt(rig: Rig) -> None:
    rig.faults.next("post", before=OutcomeUnknown("timeout"))
    rig.queue("prompt")
    await rig.settle()
    rig.faults.hide_history = True
    await rig.run(600)
    assert rig.store.write_now(lambda conn: outbox.release_stuck(conn, "prompt", rig.clock.now()))
    await rig.settle()
    rig.once("prompt")
    assert not rig.store.write_now(lambda conn: outbox.release_stuck(conn, "prompt", rig.clock.now()))


async def test_an_expired_row_that_nobody_can_see_does_not_hold_up_its_lane(rig: Rig) -> None:
    rig.faults.next("post", after=OutcomeUnknown("timeout"))
    rig.faults.hide_history = True
    rig.direct("reminder", "ada", expires_at=rig.clock.now() + timedelta(minutes=3))
    rig.direct("later", "ada")
    await rig.run(600)
    assert (rig.row("reminder").state, rig.row("reminder").error) == ("failed", "unseen")
    rig.once("later")


# ── leases and fences ─────────────────────────────────────────────────────────


async def test_a_vanished_sender_is_followed_by_a_look(rig: Rig) -> None:
    rig.queue("said")
    with pytest.raises(Exception, match="called"):
        await rig.another("dying", at=dies_at("called")).beat()
    rig.queue("unsaid", "random")
    with pytest.raises(Exception, match="guarded"):
        await rig.another("dying", at=dies_at("guarded")).beat()
    assert rig.row("said").state == rig.row("unsaid").state == "sending"
    await rig.run(59)
    assert rig.row("said").state == "sending"
    await rig.run(5)
    rig.once("said")
    rig.once("unsaid")


async def test_a_sender_that_was_paused_before_its_call_gives_up(rig: Rig) -> None:
    def sleeps(point: str) -> None:
        if point == "claimed":
            rig.clock.advance(timedelta(seconds=50))

    rig.queue("prompt")
    seen = []
    sender = rig.another("sleepy", at=lambda point: (seen.append(point), sleeps(point))[0])  # type: ignore[func-returns-value]
    found = await sender._claim(1)
    await sender._send(found.rows[0])
    assert "calling" not in seen
    assert rig.said("prompt") == []
    assert (rig.row("prompt").state, rig.row("prompt").strikes) == ("pending", 0)
    await rig.settle()
    rig.once("prompt")


async def test_a_finish_with_an_old_attempt_changes_nothing(rig: Rig) -> None:
    """A sender freezes in its call for two minutes; another one takes over; the first one wakes up."""
    first = rig.another("frozen")
    frozen, thaw = asyncio.Event(), asyncio.Event()
    post = rig.adapter.post

    async def freezes(*given: Any) -> str:
        frozen.set()
        await thaw.wait()
        return await post(*given)

    rig.adapter.post = freezes  # type: ignore[method-assign]
    rig.queue("prompt")
    call = asyncio.ensure_future(first.beat())
    await frozen.wait()
    rig.adapter.post = post  # type: ignore[method-assign]
    await rig.run(120)
    second = rig.row("prompt")
    assert (second.state, second.attempt, len(rig.said("prompt"))) == ("sent", 2, 1)
    thaw.set()
    await call
    assert rig.row("prompt") == second
    assert len(rig.said("prompt")) == 2  # no platform could know better
    await rig.run(660)
    rig.once("prompt")


async def test_an_old_refusal_does_not_undo_a_newer_success(rig: Rig) -> None:
    rig.queue("prompt")
    old = (await rig.sender._claim(1)).rows[0]
    await rig.run(120)
    done = rig.row("prompt")
    for outcome in (CallRejected("x"), CallDelayed("x", 5), CallLost("x", None)):
        await rig.store.write(lambda conn, outcome=outcome: rig.sender._finish(conn, old, outcome))
    assert rig.row("prompt") == done


async def test_a_finish_of_the_same_senders_earlier_attempt_changes_nothing(rig: Rig) -> None:
    """Nobody looked in between, and the same process has it in hand again: only the attempt tells the two apart."""
    rig.queue("prompt")
    old = (await rig.sender._claim(1)).rows[0]
    await rig.store.write(lambda conn: rig.sender._finish(conn, old, CallLost("x", None)))
    assert rig.store.write_now(lambda conn: outbox.release_stuck(conn, "prompt", rig.clock.now()))
    new = (await rig.sender._claim(1)).rows[0]
    assert (new.attempt, new.lease_owner, new.looks) == (2, old.lease_owner, old.looks)
    there = rig.row("prompt")
    late = CallSucceeded(rig.adapter.world.place("general"), "1")
    for outcome in (CallRejected("x"), CallDelayed("x", 5), CallLost("x", None), CallSkipped(), late):
        await rig.store.write(lambda conn, outcome=outcome: rig.sender._finish(conn, old, outcome))
        assert rig.row("prompt") == there


async def test_who_said_it_may_say_so_as_long_as_nobody_repeats_it(rig: Rig) -> None:
    """The lease is lost and the history hidden, but the call does come back: its answer settles the doubt."""
    frozen, thaw = asyncio.Event(), asyncio.Event()
    post = rig.adapter.post

    async def slow(*given: Any) -> str:
        found = await post(*given)
        frozen.set()
        await thaw.wait()
        return found

    rig.adapter.post = slow  # type: ignore[method-assign]
    rig.faults.hide_history = True
    rig.queue("prompt")
    call = asyncio.ensure_future(rig.another("slow").beat())
    await frozen.wait()
    await rig.run(120)
    assert rig.row("prompt").state == "unknown"
    thaw.set()
    await call
    rig.once("prompt")


async def test_a_call_that_never_ends_is_given_up(rig: Rig) -> None:
    from tests.delivery.rig import LeaseTerms

    async def hangs(*given: Any) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    post, rig.adapter.post = rig.adapter.post, hangs  # type: ignore[method-assign]
    rig.queue("prompt")
    await rig.another("patient", terms=LeaseTerms(timeout=0.05)).beat()
    assert (rig.row("prompt").state, rig.row("prompt").error) == ("unknown", "TimeoutError")
    rig.adapter.post = post  # type: ignore[method-assign]
    await rig.run(60)
    rig.once("prompt")


# ── a past that this database does not know ───────────────────────────────────


async def elsewhere(rig: Rig, key: str, channel: str = "general") -> str:
    """Another installation, or a history that was lost, has said this already."""
    return await rig.adapter.post(rig.adapter.world.place(channel), say(key), marker_of(key))


async def test_what_is_overdue_is_looked_for_before_it_is_said(rig: Rig) -> None:
    due = rig.clock.now()
    there = await elsewhere(rig, "prompt")
    rig.clock.advance(timedelta(minutes=40))
    rig.queue("prompt", not_before=due)
    rig.queue("unsaid", not_before=due)
    await rig.settle()
    rig.once("prompt")
    assert rig.row("prompt").external_id == there
    assert rig.row("prompt").attempt == 0
    rig.once("unsaid")
    rig.sound()


async def test_what_waits_in_a_long_queue_is_not_overdue(store: Store) -> None:
    rig = Rig(store, pace=Pace(lane_rate=0.1))
    looked = []
    before = rig.faults.before
    rig.faults.before = lambda verb, channel, do=None: (looked.append(verb), before(verb, channel, do))[1]  # type: ignore[method-assign]
    for number in range(20):
        rig.queue(f"{number:03}")
    await rig.run(200)
    assert "find" not in looked
    assert rig.titles("general") == [f"{number:03}" for number in range(20)]


async def test_an_overdue_row_is_not_said_while_nobody_may_look(rig: Rig) -> None:
    rig.faults.hide_history = True
    due = rig.clock.now()
    rig.clock.advance(timedelta(minutes=40))
    rig.queue("prompt", not_before=due)
    await rig.run(5 * 60)
    assert rig.said("prompt") == []
    assert rig.facts() == [("Stuck", "prompt", "invisible")]
    assert rig.store.write_now(lambda conn: outbox.cancel_draft(conn, "prompt"))
    rig.queue("other", not_before=due)
    await rig.run(600)
    rig.clock.advance(timedelta(hours=24))
    await rig.settle()
    assert (rig.row("other").state, rig.row("other").error) == ("failed", "unseen")
    assert rig.said("other") == []


async def test_what_was_refused_before_is_no_doubt_however_late_it_is(rig: Rig) -> None:
    due = rig.clock.now()
    rig.clock.advance(timedelta(minutes=40))
    rig.queue("again", not_before=due, refused=True)
    rig.faults.hide_history = True
    await rig.settle()
    rig.once("again")


async def test_what_was_refused_before_is_looked_for_where_the_database_may_be_old(rig: Rig) -> None:
    await elsewhere(rig, "again")
    rig.queue("again", refused=True)
    await rig.settle(rig.another("restored", wary_until=rig.clock.now() + timedelta(hours=1)))
    rig.once("again")


async def test_what_is_due_now_is_said_even_where_the_history_is_hidden(rig: Rig) -> None:
    rig.faults.hide_history = True
    wary = rig.another("new", wary_until=rig.clock.now() + timedelta(hours=1))
    rig.queue("prompt")
    await rig.settle(wary)
    rig.once("prompt")


async def test_a_new_installation_that_may_not_read_history_survives_a_rate_limit(rig: Rig) -> None:
    rig.faults.hide_history = True
    rig.faults.next("post", before=RetryLater("ratelimited", 400))
    wary = rig.another("new", wary_until=rig.clock.now() + timedelta(hours=1))
    rig.queue("prompt")
    await rig.run(500, wary)
    rig.once("prompt")


class Crooked:
    """A clock that can be put right."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


async def test_a_clock_that_was_days_ahead_does_not_silence_the_bot_once_it_is_put_right(rig: Rig) -> None:
    right = rig.clock.now()
    clock = Crooked(right + timedelta(days=3))
    rig.clock = clock  # type: ignore[assignment]
    sender = rig.another("crooked")
    rig.queue("early")
    await rig.settle(sender)
    rig.faults.next("post", before=CredentialsRejected("clock_skew"))
    rig.queue("locked")
    await rig.settle(sender)
    rig.queue("left", "random")
    await rig.store.write(lambda conn: pacing.close_circuit(conn, SPACE, [""]))
    await sender._claim(1)
    clock.at = right
    for key in ("now", "then"):
        rig.queue(key)
    for _ in range(40):
        clock.at += timedelta(seconds=10)
        await rig.settle(sender)
    for key in ("locked", "left", "now", "then"):
        rig.once(key)


async def test_while_the_clock_is_not_steady_nothing_is_begun(rig: Rig) -> None:
    steady = False
    sender = rig.another("held", steady=lambda: steady)
    rig.queue("prompt")
    assert await sender.beat() == 0
    assert rig.row("prompt").state == "pending"
    steady = True
    await rig.settle(sender)
    rig.once("prompt")


async def test_the_senders_clock_is_guarded_as_the_planners_is(rig: Rig, tmp_path: Path) -> None:
    clock = Crooked(rig.clock.now())
    app = build_app(settings_for(tmp_path), clock, rig.store, [rig.adapter])
    assert app.sender._steady()
    clock.at += timedelta(minutes=10)
    assert not app.sender._steady()
    assert not app.planner._steady()


@pytest.mark.parametrize("wrong", [timedelta(minutes=10), timedelta(days=3), timedelta(days=-3)])
async def test_a_clock_that_is_moved_between_a_call_and_its_search_hides_nothing(
    rig: Rig, wrong: timedelta
) -> None:
    """The message is dated by the platform; the row by this machine, before its clock was put right or wrong."""
    clock = Crooked(rig.clock.now() + wrong)
    rig.clock, right = clock, rig.clock  # type: ignore[assignment]
    sender = rig.another("crooked")
    rig.faults.next("post", after=OutcomeUnknown("disconnected"))
    rig.queue("prompt")
    await rig.settle(sender)
    right.advance(timedelta(minutes=15))
    clock.at = right.now()
    await rig.settle(sender)
    rig.once("prompt")
    assert rig.row("prompt").attempt == 1


async def test_a_restored_database_on_a_machine_days_ahead_finds_what_was_said_before(rig: Rig) -> None:
    """No call of this database's is known, so only its own clock dates the row: no search begins in the future."""
    there = await elsewhere(rig, "prompt")
    rig.clock, right = Crooked(rig.clock.now() + timedelta(days=3)), rig.clock  # type: ignore[assignment]
    wary = rig.another("restored", wary_until=rig.clock.now() + timedelta(hours=1))
    right.advance(timedelta(seconds=30))
    rig.queue("prompt")
    await rig.settle(wary)
    rig.once("prompt")
    assert rig.row("prompt").external_id == there


async def test_a_platform_that_has_not_told_its_time_yet_is_searched_from_long_before(rig: Rig) -> None:
    rig.adapter.platform_time = lambda: None  # type: ignore[method-assign]
    rig.faults.next("post", after=OutcomeUnknown("disconnected"))
    rig.queue("prompt")
    await rig.run(60)
    rig.once("prompt")
    assert rig.row("prompt").called_after is None


async def test_after_a_restored_backup_everything_is_looked_for_first(rig: Rig, tmp_path: Path) -> None:
    """The messages exist, and the rows say otherwise."""
    there = {key: await elsewhere(rig, key) for key in ("one", "two")}
    private = await rig.adapter.direct(SPACE, "ada")
    there["reminder"] = await rig.adapter.post(private, say("reminder"), marker_of("reminder"))
    rig.clock.advance(timedelta(seconds=30))
    for key in ("one", "two", "three"):
        rig.queue(key)
    rig.direct("reminder", "ada")
    wary = rig.another("restored", wary_until=rig.clock.now() + timedelta(hours=1))
    await rig.settle(wary)
    for key in ("one", "two", "three", "reminder"):
        rig.once(key)
    assert {key: rig.row(key).external_id for key in there} == there


async def test_a_restored_or_empty_database_gives_itself_away(rig: Rig, tmp_path: Path) -> None:
    here = RestoreGuard(tmp_path / "outside" / "epoch")
    other = RestoreGuard(tmp_path / "elsewhere" / "epoch")
    now = rig.clock.now()
    assert await here.arrive(rig.store, now)
    assert await other.arrive(rig.store, now)
    assert not await here.arrive(rig.store, now)
    assert not await other.arrive(rig.store, now)
    from bot.delivery.restore_guard import epoch

    backup = rig.store.read_now(lambda conn: [dict(row._mapping) for row in conn.execute(epoch.select())])
    await here.renew(rig.store, now)
    rig.store.write_now(
        lambda conn: (conn.execute(epoch.delete()), conn.execute(epoch.insert(), backup))[0].rowcount
    )
    assert await here.arrive(rig.store, now)
    assert not await other.arrive(rig.store, now)
