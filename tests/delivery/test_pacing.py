"""The bot never speaks faster than a platform bears, and a clock that stands still is told where to go on."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from bot.chat.port import CredentialsRejected
from bot.delivery import outbox, pacing
from bot.delivery.pacing import Pace, free_calls
from tests.delivery.rig import MONDAY, Rig


def times(rig: Rig) -> dict[str, list[datetime]]:
    found = defaultdict(list)
    for one in rig.adapter.world.messages.values():
        found[one.channel].append(one.at)
        found["*"].append(one.at)
    return found


def busiest(instants: list[datetime], seconds: float) -> int:
    """The most messages in any window of so many seconds."""
    window = timedelta(seconds=seconds)
    return max(sum(start <= at < start + window for at in instants) for start in instants)


async def test_a_channel_hears_one_message_a_second(paced: Rig) -> None:
    for number in range(5):
        paced.queue(f"{number}")
    assert await paced.settle() == 1
    assert paced.store.read_now(paced.sender.next_due) == MONDAY + timedelta(seconds=1)
    await paced.run(10)
    assert [(at - MONDAY).total_seconds() for at in times(paced)["general"]] == [0, 1, 2, 3, 4]


async def test_threads_updates_and_deletions_do_not_wait_for_the_channel(paced: Rig) -> None:
    paced.queue("post")
    paced.queue("thread", verb="thread", after="post", name="x")
    await paced.settle()
    assert paced.row("thread").state == "sent"


async def test_monday_at_nine(store: object) -> None:
    """60 channels of a workspace at once: a burst of 10 and then 3 a second, as 500 would (in 163 s)."""
    rig = Rig(store, pace=Pace(), channels=[f"c{n}" for n in range(60)])  # type: ignore[arg-type]
    for number in range(60):
        rig.queue(f"{number}", f"c{number}")
    await rig.run(180)
    at = times(rig)["*"]
    assert len(at) == 60
    assert busiest(at, 1) <= 13
    assert busiest(at, 10) <= 10 + 30
    assert max(at) - MONDAY < timedelta(seconds=17)
    rig.sound()


async def test_a_restart_does_not_fill_the_buckets(paced: Rig) -> None:
    for number in range(3):
        paced.queue(f"{number}")
        await paced.settle(paced.another(f"sender {number}"))
    assert len(times(paced)["general"]) == 1


async def test_urgent_rows_go_first_when_the_space_is_busy(store: object) -> None:
    rig = Rig(store, pace=Pace(space_burst=1), channels=[f"c{n}" for n in range(20)])  # type: ignore[arg-type]
    for number in range(19):
        rig.queue(f"{number}", f"c{number}", priority=3)
    rig.queue("urgent", "c19", priority=0)
    await rig.settle()
    assert rig.row("urgent").state == "sent"
    assert len(times(rig)["*"]) == 1


async def test_a_revoked_token_costs_three_requests_in_ten_minutes_and_loses_nothing(store: object) -> None:
    rig = Rig(store, pace=Pace(), channels=[f"c{n}" for n in range(30)])  # type: ignore[arg-type]
    asked: list[tuple[str, datetime]] = []
    good = False
    before = rig.faults.before

    def revoked(verb: str, channel: str, do: object = None) -> BaseException | None:
        asked.append((verb, rig.clock.now()))
        if not good:
            raise CredentialsRejected("token_revoked")
        return before(verb, channel, do)  # type: ignore[arg-type]

    rig.faults.before = revoked  # type: ignore[method-assign, assignment]
    for number in range(30):
        rig.queue(f"{number}", f"c{number}")
    rig.direct("reminder", "ada")
    await rig.run(600)
    assert len(asked) <= 3
    assert rig.store.read_now(outbox.count_states)["pending"] == 31
    (circuit,) = rig.store.read_now(pacing.open_circuits)
    assert (circuit.code, circuit.failures) == ("token_revoked", len(asked))
    good = True
    rig.store.write_now(lambda conn: pacing.reconnect_space(conn, "local:harbour", rig.clock.now()))
    await rig.run(60)
    assert rig.store.read_now(outbox.count_states)["sent"] == 31
    assert rig.store.read_now(pacing.open_circuits) == ()
    rig.sound()


async def test_without_word_from_the_platform_a_probe_finds_out(rig: Rig) -> None:
    rig.faults.next("post", before=CredentialsRejected("invalid_auth"), times=2)
    for number in range(4):
        rig.queue(f"{number}")
    await rig.run(290)
    assert len(rig.said("0")) == 0
    await rig.run(400)
    assert rig.titles("general") == ["0", "1", "2", "3"]
    assert rig.row("0").strikes == 1


async def test_one_space_in_trouble_leaves_the_others_alone(rig: Rig) -> None:
    rig.store.write_now(
        lambda conn: pacing.open_circuit(conn, "local:other", "", rig.clock.now() + timedelta(hours=1), "x")
    )
    rig.queue("prompt")
    await rig.settle()
    rig.once("prompt")


async def test_next_due_is_nothing_when_there_is_nothing(rig: Rig) -> None:
    assert rig.store.read_now(rig.sender.next_due) is None
    rig.queue("later", not_before=MONDAY + timedelta(hours=5))
    assert rig.store.read_now(rig.sender.next_due) == MONDAY + timedelta(hours=5)
    rig.queue("now", "random")
    due = rig.store.read_now(rig.sender.next_due)
    assert due is not None
    assert due <= MONDAY
    await rig.run(6 * 3600)
    assert rig.store.read_now(rig.sender.next_due) is None


async def test_rows_of_a_platform_that_is_not_here_are_left_to_others(rig: Rig) -> None:
    sender = rig.another("elsewhere", adapters={"other": rig.adapter})
    rig.queue("prompt")
    assert await sender.beat() == 0
    assert rig.store.read_now(sender.next_due) is None
    await rig.settle()
    rig.once("prompt")


@pytest.mark.parametrize(
    ("ready", "calls"), [(None, 10), (0.01, 0), (0, 1), (-1 / 3, 2), (-0.9, 3), (-100, 10)]
)
def test_a_bucket_fills_with_time_and_no_further_than_its_burst(ready: float | None, calls: int) -> None:
    at = None if ready is None else MONDAY + timedelta(seconds=ready)
    assert free_calls(at, MONDAY, 3.0, 10) == calls
