"""A person's own messages are handed over, forgotten, and go when their time is over."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.chat.cards import say
from bot.chat.port import OutcomeUnknown, Rejected
from bot.delivery import outbox
from bot.delivery.facts import marker_of
from bot.store.retention import old_rows
from tests.delivery.rig import SPACE, Rig

ADA = [(SPACE, "ada")]


async def test_forgetting_somebody_drops_what_waits_and_keeps_no_trace_of_them(rig: Rig) -> None:
    rig.direct("said:@ada", "ada", card=say("secret one"))
    await rig.settle()
    rig.faults.next("post", before=OutcomeUnknown("timeout"))
    rig.direct("doubt:@ada", "ada", card=say("secret two"))
    await rig.settle()
    rig.direct("waiting:@ada", "ada", card=say("secret three"))
    rig.direct("other", "ben", card=say("not hers"), not_before=rig.clock.now() + timedelta(minutes=1))
    ids = [rig.row(key).id for key in ("said:@ada", "doubt:@ada", "waiting:@ada")]
    rig.store.write_now(lambda conn: outbox.forget_people(conn, 1, ADA))
    rig.store.write_now(lambda conn: outbox.forget_people(conn, 1, []))
    kept = str(rig.store.read_now(lambda conn: conn.execute(text("select * from outbox")).all()))
    assert "secret" not in kept
    assert "ada" not in kept
    assert not [key for key in ("said:@ada", "doubt:@ada", "waiting:@ada") if marker_of(key) in kept]
    await rig.run(120)
    assert rig.titles("dm-ada") == ["secret one"]
    states = rig.store.read_now(
        lambda conn: {row.id: row.state for row in conn.execute(select(outbox.outbox))}
    )
    assert [states[id] for id in ids] == ["sent", "dropped", "dropped"]
    rig.once("other")
    rig.sound()


@pytest.mark.parametrize("verb", ["direct", "post"])
async def test_what_is_settled_leaves_no_copy_of_what_was_said(rig: Rig, verb: str) -> None:
    def queue(key: str, words: str) -> None:
        if verb == "direct":
            rig.direct(key, "ada", card=say(words))
        else:
            rig.queue(key, card=say(words))

    queue("said", "secret one")
    await rig.settle()
    rig.faults.next("post", after=OutcomeUnknown("timeout"))
    queue("found", "secret two")
    await rig.run(120)
    rig.faults.next("post", before=Rejected("msg_too_long"))
    queue("refused", "secret three")
    await rig.settle()
    assert [rig.row(key).state for key in ("said", "found", "refused")] == ["sent", "sent", "failed"]
    assert "secret" not in str(
        rig.store.read_now(lambda conn: conn.execute(text("select * from outbox")).all())
    )


async def test_when_the_bot_told_somebody_something_is_handed_over(rig: Rig) -> None:
    rig.direct("a", "ada", card=say("for Ada"), kind="reminder")
    rig.direct("b", "ben", card=say("for Ben"))
    await rig.settle()
    found = rig.store.read_now(lambda conn: outbox.hand_over(conn, 1, ADA))
    assert found == [{"at": rig.clock.now().isoformat(), "kind": "reminder"}]
    assert rig.store.read_now(lambda conn: outbox.hand_over(conn, 2, ADA)) == []
    assert rig.store.read_now(lambda conn: outbox.hand_over(conn, 1, [])) == []


async def test_old_rows_are_purged_unless_something_still_depends_on_them(rig: Rig) -> None:
    far = rig.clock.now() + timedelta(days=90)
    rig.queue("old")
    rig.queue("parent")
    rig.queue("child", after="parent", not_before=far)
    await rig.settle()
    later = rig.clock.now() + timedelta(days=31)
    said = old_rows("messages", timedelta(days=30), outbox.outbox, outbox.done_before)
    found = rig.store.read_now(lambda conn: said.find(conn, later, 500))
    assert rig.store.write_now(lambda conn: said.remove(conn, found, later)) == 1
    assert rig.store.read_now(lambda conn: outbox.find_by_key(conn, "old")) is None
    assert rig.row("parent").state == "sent"
    assert rig.row("child").state == "pending"


async def test_rows_of_a_message_can_be_shown(rig: Rig) -> None:
    rig.queue("post")
    rig.queue("thread", verb="thread", after="post", name="x")
    await rig.settle()
    message = rig.row("post").external_id
    assert message is not None
    place = rig.adapter.world.place("general")
    found = rig.store.read_now(lambda conn: outbox.find_by_message(conn, place, message))
    assert [row.key for row in found] == ["post", "thread"]


async def test_no_word_of_a_card_reaches_a_log(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rig.faults.next("post", after=ValueError("SEEDED PHRASE"))
    rig.faults.next("post", before=OutcomeUnknown("timeout"))
    rig.queue("one", card=say("SEEDED PHRASE"))
    rig.queue("two", "random", card=say("SEEDED PHRASE"))
    await rig.run(100)
    assert "ValueError" in caplog.text
    assert "SEEDED" not in caplog.text
