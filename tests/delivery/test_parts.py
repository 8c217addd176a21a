"""A card that takes several calls: each of its parts is there once, in order, whatever happens between them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.chat.cards import say
from bot.chat.port import OutcomeUnknown
from bot.delivery.facts import marker_of
from tests.delivery.rig import Killed, Rig, dies_at

PARTS = ("long", "long:part:1", "long:part:2")


@pytest.fixture
def rig(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """On a platform where every card that is called long takes three calls."""
    post = rig.adapter.post

    async def post_part(*given: Any) -> str:
        return await post(*given[:3])

    monkeypatch.setattr(rig.adapter, "count_parts", lambda card: 3 if card.title == "long" else 1)
    monkeypatch.setattr(rig.adapter, "post", post_part)
    return rig


def whole(rig: Rig) -> None:
    for key in PARTS:
        rig.once(key)
    root = rig.row("long").external_id
    said = [rig.adapter.world.messages[str(rig.row(key).external_id)] for key in PARTS]
    assert [one.thread for one in said] == [None, root, root]
    assert [one.at for one in said] == sorted(one.at for one in said)
    assert [rig.row(key).card for key in PARTS[1:]] == [None, None], "no copy of the words stays behind"
    rig.sound()


async def test_every_part_is_said_once_and_in_the_thread_of_the_first(rig: Rig) -> None:
    rig.queue("long")
    rig.queue("short", "random")
    await rig.run(60)
    whole(rig)
    rig.once("short")


@pytest.mark.parametrize("point", ["claimed", "guarded", "called", "finish written", "finished"])
async def test_a_process_that_ends_between_any_two_steps_loses_and_doubles_no_part(
    rig: Rig, point: str
) -> None:
    rig.queue("long")
    for number in range(6):
        with suppress(Killed):
            await rig.run(200, rig.another(f"process {number}", at=dies_at(point)))
    await rig.run(400, rig.another("last"))
    whole(rig)


async def test_a_lost_answer_of_a_part_is_looked_for_in_the_thread(rig: Rig) -> None:
    rig.queue("long")
    rig.faults.next("post")
    rig.faults.next("post", after=OutcomeUnknown("disconnected"))
    await rig.run(60)
    assert rig.row(PARTS[1]).attempt == 1
    whole(rig)


async def test_a_card_that_is_drawn_when_it_is_said_is_drawn_for_each_part_and_stored_for_none(
    rig: Rig,
) -> None:
    sender = rig.another("drawing", draws={"digest": lambda conn, community, ref: say("long")})
    rig.queue("long", kind="digest", card=None, drawn=True)
    await rig.run(60, sender)
    whole(rig)
    assert rig.row("long").card is None


async def test_features_hear_of_the_whole_card_and_not_of_its_parts(rig: Rig) -> None:
    kinds: list[tuple[str, str]] = []
    rig.queue("long")
    sender = rig.another("telling", tell=lambda conn, fact: kinds.append((fact.key, fact.kind)))
    await rig.run(60, sender)
    assert kinds == [("long", "prompt"), (PARTS[1], "part"), (PARTS[2], "part")]


async def test_where_another_installation_said_the_first_part_the_others_are_looked_for_too(rig: Rig) -> None:
    due = rig.clock.now()
    place = rig.adapter.world.place("general")
    root = await rig.adapter.post(place, say("long"), marker_of("long"))
    thread = rig.adapter.world.place("general", root)
    await rig.adapter.post(thread, say("long"), marker_of(PARTS[1]))
    rig.clock.advance(timedelta(minutes=40))
    rig.queue("long", not_before=due)
    await rig.run(60)
    whole(rig)
    assert [rig.row(key).attempt for key in PARTS] == [0, 0, 1]
