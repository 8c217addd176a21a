"""Whoever was overtaken while it looked, or called, changes nothing any more."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.port import OutcomeUnknown
from bot.delivery import results
from tests.delivery.rig import Rig


async def test_a_look_that_was_overtaken_concludes_nothing(rig: Rig) -> None:
    """A process looked, saw nothing and froze; meanwhile the message landed, and another looked in vain."""
    rig.queue("it")
    rig.faults.next("post", after=OutcomeUnknown("lost"))
    await rig.settle()
    rig.clock.advance(timedelta(seconds=31))
    frozen = rig.another("frozen")
    _, taken = rig.store.write_now(frozen.recovery._take)
    (seen_by_it,) = taken
    rig.clock.advance(timedelta(seconds=61))
    rig.faults.hide_history = True
    await rig.settle()
    assert not rig.store.write_now(lambda conn: results.mark_absent(conn, seen_by_it, rig.clock.now()))
    rig.faults.hide_history = False
    await rig.run(900)
    rig.once("it")
    assert len(rig.titles("general")) == 1
