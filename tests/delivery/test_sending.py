"""What is queued is said once, in order, and its feature learns of it in the same transaction."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.chat.cards import say
from bot.chat.port import OutcomeUnknown, RetryLater
from bot.delivery import outbox, pacing
from bot.delivery import tables as delivery_tables
from bot.delivery.facts import CanvasKeeper, Draft, OutboxState, marker_of
from tests.delivery.rig import SPACE, Rig, card, dies_at, opened, tell


async def test_a_post_is_said_and_its_feature_told(rig: Rig) -> None:
    assert rig.queue("prompt:1", ref="17")
    assert await rig.sender.beat() == 1
    assert await rig.sender.beat() == 0
    rig.once("prompt:1")
    row = rig.row("prompt:1")
    assert (row.attempt, row.sent_at, row.lease_owner) == (1, rig.clock.now(), None)
    rig.sound()


async def test_the_same_key_is_queued_and_said_once(rig: Rig) -> None:
    assert rig.queue("prompt:1")
    assert not rig.queue("prompt:1", card=say("something else"))
    await rig.settle()
    assert not rig.queue("prompt:1")
    await rig.settle()
    rig.once("prompt:1")
    assert rig.titles("general") == ["prompt:1"]


async def test_a_thread_opens_under_the_post_it_comes_after_and_a_post_goes_into_it(rig: Rig) -> None:
    rig.queue("post", priority=3)
    rig.queue("thread", verb="thread", after="post", name="Wait time", priority=2)
    rig.queue("inside", after="thread", priority=1)
    await rig.settle()
    post, inside = rig.row("post").external_id, rig.row("inside").external_id
    assert rig.row("thread").external_id == post
    assert rig.adapter.world.messages[post].thread_name == "Wait time"
    assert rig.adapter.world.messages[inside].thread == post
    assert [fact[1] for fact in rig.facts()] == ["post", "thread", "inside"]
    assert rig.facts()[1][2] == post


async def test_a_pin_and_a_lock_wait_for_what_they_are_about(rig: Rig) -> None:
    rig.queue("post")
    rig.queue("pin", verb="pin", after="post")
    rig.queue("thread", verb="thread", after="post", name="Wait time")
    rig.queue("lock", verb="lock", after="thread")
    await rig.settle()
    post = rig.adapter.world.messages[rig.row("post").external_id or ""]
    assert (post.pinned, post.locked) == (True, True)
    rig.queue("unpin", verb="unpin", after="post")
    rig.queue("unlock", verb="unlock", message=post.id, thread=post.id)
    await rig.settle()
    post = rig.adapter.world.messages[post.id]
    assert (post.pinned, post.locked) == (False, False)


async def test_of_a_lock_and_an_unlock_that_wait_together_the_one_asked_for_last_holds(rig: Rig) -> None:
    rig.queue("post")
    rig.queue("thread", verb="thread", after="post", name="Wait time")
    await rig.settle()
    post = rig.row("post").external_id or ""
    rig.queue("unlock", verb="unlock", message=post, thread=post, priority=4)
    rig.queue("lock", verb="lock", message=post, thread=post)
    await rig.settle()
    assert rig.adapter.world.messages[post].locked
    rig.queue("lock:2", verb="lock", message=post, thread=post, priority=4)
    rig.queue("unlock:2", verb="unlock", message=post, thread=post)
    await rig.settle()
    assert not rig.adapter.world.messages[post].locked
    assert [rig.row(key).state for key in ("unlock", "lock", "lock:2", "unlock:2")] == [
        "dropped", "sent", "dropped", "sent"
    ]  # fmt: skip


async def test_an_update_queued_before_its_post_is_sent_reaches_it(rig: Rig) -> None:
    rig.queue("digest")
    rig.queue("digest:again", verb="update", after="digest", card=say("the newer one"))
    await rig.settle()
    assert rig.titles("general") == ["the newer one"]
    rig.queue("gone", verb="delete", message=rig.row("digest").external_id)
    await rig.settle()
    assert rig.titles("general") == []


async def test_a_direct_message_is_opened_first_and_can_be_updated_by_its_key(rig: Rig) -> None:
    rig.direct("reminder", "ada")
    rig.queue("reminder:again", None, person="ada", verb="update", after="reminder", card=say("newer"))
    await rig.settle()
    assert rig.titles("dm-ada") == ["newer"]
    row = rig.row("reminder")
    assert (row.lane, row.channel, row.private) == ("@ada", "dm-ada", True)


async def test_what_hangs_on_something_that_failed_is_dropped(rig: Rig) -> None:
    rig.faults.refuse("general", "is_archived")
    rig.queue("post")
    rig.queue("thread", verb="thread", after="post", name="x")
    rig.queue("inside", after="thread")
    await rig.settle()
    assert [rig.row(key).state for key in ("post", "thread", "inside")] == ["failed", "dropped", "dropped"]
    assert rig.facts() == [
        ("Failed", "post", "is_archived"),
        ("Failed", "thread", "orphaned"),
        ("Failed", "inside", "orphaned"),
    ]


async def test_a_fact_and_its_row_are_committed_together_or_not_at_all(rig: Rig) -> None:
    def refuses(conn: object, fact: object) -> None:
        tell(conn, fact)  # type: ignore[arg-type]
        raise LookupError("a bug in a feature")

    rig.queue("prompt")
    with pytest.raises(LookupError):
        await rig.another("bad", tell=refuses).beat()
    assert rig.facts() == []
    assert rig.row("prompt").state == "sending"
    await rig.run(180)
    rig.once("prompt")


async def test_rows_of_a_channel_go_by_priority_and_then_in_the_order_of_their_queueing(rig: Rig) -> None:
    for number, priority in enumerate((4, 2, 3, 2, 0, 1)):
        rig.queue(f"{number}", priority=priority)
    await rig.settle()
    assert rig.titles("general") == ["4", "5", "1", "3", "2", "0"]


async def test_nothing_overtakes_a_row_of_its_channel_that_is_in_doubt_or_put_off(rig: Rig) -> None:
    rig.faults.next("post", before=OutcomeUnknown("timeout"))
    for key in ("one", "two", "three"):
        rig.queue(key)
    rig.queue("urgent", not_before=rig.clock.now() + timedelta(seconds=5), priority=0)
    await rig.run(10)
    assert rig.row("one").state == "unknown"
    rig.queue("elsewhere", "random")
    await rig.settle()
    rig.once("elsewhere")
    rig.faults.next("post", before=RetryLater("ratelimited", 40))
    await rig.run(25)
    assert (rig.row("one").state, rig.row("one").error) == ("pending", "ratelimited")
    assert rig.titles("general") == []
    await rig.run(300)
    assert rig.titles("general") == ["one", "urgent", "two", "three"]
    rig.sound()


async def test_a_canvas_that_has_to_wait_keeps_no_message_of_its_channel_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def somebody_types(*_where: object) -> None:
        raise RetryLater("canvas_editing_locked")

    monkeypatch.setattr(rig.adapter, "read_canvas", somebody_types)
    sender = rig.another("second", canvases={"plan": CanvasKeeper(lambda *_: None, lambda *_: None)})
    rig.queue("canvas", verb="canvas", message="c", kind="plan")
    await rig.settle(sender)
    rig.queue("post")
    await rig.settle(sender)
    assert rig.row("canvas").state is OutboxState.PENDING
    assert rig.titles("general") == ["post"]


async def test_a_reminder_that_is_too_late_is_dropped_and_a_prompt_is_not(rig: Rig) -> None:
    soon = rig.clock.now() + timedelta(minutes=30)
    rig.direct("reminder", "ada", kind="reminder", expires_at=soon)
    rig.queue("prompt")
    rig.clock.advance(timedelta(hours=3))
    await rig.settle()
    assert rig.titles("dm-ada") == []
    assert (rig.row("reminder").state, rig.row("reminder").card) == ("dropped", None)
    assert ("Failed", "reminder", "expired") in rig.facts()
    rig.once("prompt")


async def test_a_refusal_takes_one_request_and_the_channel_is_left_alone_for_an_hour(rig: Rig) -> None:
    asked = []
    rig.faults.refuse("general", "channel_not_found")
    before = rig.faults.before
    rig.faults.before = lambda verb, channel, do=None: (
        asked.append((verb, channel)),
        before(verb, channel, do),
    )[1]  # type: ignore[method-assign]
    for key in ("one", "two"):
        rig.queue(key)
    await rig.run(3500)
    assert asked == [("post", "general")]
    assert rig.facts() == [("Failed", "one", "channel_not_found")]
    rig.queue("by hand", priority=1)
    await rig.settle()
    assert len(asked) == 2
    rig.faults.allow("general")
    await rig.run(3700)
    rig.once("two")
    assert rig.store.read_now(pacing.open_circuits) == ()


async def test_an_error_nobody_foresaw_counts_as_unclear(rig: Rig) -> None:
    rig.faults.next("post", after=KeyError("private words"))
    rig.queue("prompt")
    await rig.settle()
    row = rig.row("prompt")
    assert (row.state, row.error) == ("unknown", "KeyError")
    await rig.run(40)
    rig.once("prompt")


async def test_an_error_while_opening_a_direct_message_is_never_unclear(rig: Rig) -> None:
    rig.faults.next("direct", before=OutcomeUnknown("timeout"))
    rig.faults.next("direct", before=ValueError("x"))
    rig.direct("reminder", "ada")
    rig.direct("nobody", "zoe")
    await rig.settle()
    assert rig.row("reminder").state == "pending"
    await rig.run(60)
    rig.once("reminder")
    assert rig.row("nobody").error == "user_not_found"
    assert rig.row("nobody").state == "failed"


async def test_an_unclear_update_is_repeated_after_it_has_settled(rig: Rig) -> None:
    rig.queue("post")
    await rig.settle()
    message = rig.row("post").external_id
    rig.faults.next("update", late=True)
    rig.queue("a", verb="update", message=message, card=say("a"))
    rig.queue("b", verb="update", message=message, card=say("b"))
    await rig.run(10)
    await rig.adapter.land()
    await rig.run(60)
    assert rig.titles("general") == ["b"]


async def test_a_card_that_cannot_be_read_back_fails_without_a_request(rig: Rig) -> None:
    rig.queue("prompt")
    broken = delivery_tables.outbox.update().values(card='{"title": 3}')
    rig.store.write_now(lambda conn: conn.execute(broken).rowcount)
    rig.queue("next")
    await rig.settle()
    assert (rig.row("prompt").state, rig.row("prompt").error) == ("failed", "unreadable")
    rig.once("next")


async def test_what_was_told_to_wait_waits_exactly_so_long_across_a_restart(
    rig: Rig, database_url: str
) -> None:
    rig.faults.rate_limit(100)
    rig.queue("prompt")
    await rig.settle()
    assert rig.row("prompt").not_before == rig.clock.now() + timedelta(seconds=105)  # 100 and half of a tenth
    with opened(database_url) as again:
        sender = rig.another("second", store=again)
        rig.clock.advance(timedelta(seconds=104))
        assert await sender.beat() == 0
        rig.clock.advance(timedelta(seconds=1))
        assert await sender.beat() == 1
    rig.once("prompt")


async def test_a_platform_that_is_away_for_an_hour_costs_nothing_but_time(rig: Rig) -> None:
    rig.faults.next("post", before=RetryLater("connection_refused"), times=14)
    rig.queue("prompt")
    await rig.run(3600)
    rig.once("prompt")
    assert rig.row("prompt").attempt == 15


async def test_eight_calls_that_led_nowhere_are_enough(rig: Rig) -> None:
    rig.faults.next("post", before=OutcomeUnknown("internal_error"), times=20)
    rig.queue("prompt")
    await rig.run(3600)
    row = rig.row("prompt")
    assert (row.state, row.attempt, row.error) == ("failed", 8, "internal_error")
    assert rig.facts() == [("Failed", "prompt", "internal_error")]
    rig.sound()


async def test_what_has_not_been_said_can_be_taken_back_and_asked_for_again(rig: Rig) -> None:
    later = rig.clock.now() + timedelta(hours=1)
    rig.queue("prompt", not_before=later)
    assert rig.store.write_now(lambda conn: outbox.cancel_draft(conn, "prompt"))
    assert not rig.store.write_now(lambda conn: outbox.cancel_draft(conn, "prompt"))
    assert rig.row("prompt").card is None
    assert rig.queue("prompt", card=say("the new text"))
    await rig.settle()
    assert rig.titles("general") == ["the new text"]
    assert not rig.store.write_now(lambda conn: outbox.cancel_draft(conn, "prompt"))
    rig.once("prompt")


async def test_a_card_is_replaced_while_nobody_has_begun(rig: Rig) -> None:
    rig.queue("prompt")
    assert rig.store.write_now(lambda conn: outbox.replace_card(conn, "prompt", card("newer")))
    rig.faults.next("post", after=OutcomeUnknown("timeout"))
    await rig.settle()
    assert not rig.store.write_now(lambda conn: outbox.replace_card(conn, "prompt", card("too late")))
    await rig.run(60)
    assert rig.titles("general") == ["newer"]


async def test_stopping_begins_nothing_more(rig: Rig) -> None:
    rig.queue("prompt")
    await rig.sender.stop()
    assert await rig.sender.beat() == 0
    assert rig.row("prompt").state == "pending"


async def test_a_failure_before_the_claim_is_committed_changes_nothing(rig: Rig) -> None:
    rig.queue("prompt")
    with pytest.raises(Exception, match="claim written"):
        await rig.another("dying", at=dies_at("claim written")).beat()
    assert (rig.row("prompt").state, rig.row("prompt").attempt) == ("pending", 0)


def test_the_marker_is_the_same_for_the_same_key_and_fits_every_platform() -> None:
    markers = {marker_of(f"prompt:{number}") for number in range(1000)}
    assert len(markers) == 1000
    assert {len(marker) for marker in markers} == {24}
    assert marker_of("prompt:1") == marker_of("prompt:1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"priority": 5},
        {"card": None},
        {"channel": None},
        {"verb": "direct"},
        {"verb": "thread"},
        {"verb": "shout"},
        {"verb": "update"},
        {"after": "k"},
    ],
)
def test_a_draft_that_makes_no_sense_is_refused_where_it_is_made(wrong: dict[str, object]) -> None:
    given = {"community_id": 1, "space": SPACE, "key": "k", "kind": "x", "channel": "c", "card": say("x")}
    with pytest.raises(ValueError):
        Draft(**(given | wrong))  # type: ignore[arg-type]
