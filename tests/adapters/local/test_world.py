"""The pretend platform keeps what was said, in order, and shows each person what they may see."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from adapters.local.world import World
from bot.chat.card_examples import examples
from bot.chat.cards import Card
from bot.chat.port import Rejected
from bot.runtime.clock import SteerableClock
from tests.adapters.local.recording_door import START, clock


@pytest.fixture
def time() -> SteerableClock:
    return clock()


@pytest.fixture
def world(time: SteerableClock) -> World:
    world = World("local:playground", time)
    world.add_person("ada", "Ada Byrne", facts={"moderator"}, zone="Europe/Dublin")
    world.add_person("ben", "Ben")
    world.add_channel("staffroom", "staffroom")
    return world


def test_ids_grow_and_times_come_from_the_clock(world: World, time: SteerableClock):
    first = world.write("staffroom", "ada", "one")
    time.advance(timedelta(hours=1))
    second = world.write("staffroom", "ben", "two")
    assert first.id < second.id
    assert (first.at, second.at) == (START, START + timedelta(hours=1))


def test_two_edits_under_a_paused_clock_still_have_an_order(world: World):
    one = world.write("staffroom", "ada", "one")
    two = world.edit("staffroom", one.id, "two")
    three = world.erase("staffroom", one.id)
    assert one.version < two.version < three.version


def test_a_deleted_message_keeps_no_words(world: World):
    one = world.write("staffroom", "ada", "a secret")
    world.erase("staffroom", one.id)
    keep, _ = world.changes()
    assert "a secret" not in json.dumps(keep)
    assert world.look("staffroom") == ()


def test_a_deleted_message_cannot_be_edited(world: World):
    one = world.write("staffroom", "ada", "one")
    world.erase("staffroom", one.id)
    with pytest.raises(Rejected, match="message_not_found"):
        world.edit("staffroom", one.id, "two")


def test_a_message_belongs_to_its_channel(world: World):
    world.add_channel("library", "library")
    one = world.write("staffroom", "ada", "one")
    with pytest.raises(Rejected, match="message_not_found"):
        world.message("library", one.id)
    with pytest.raises(Rejected, match="thread_not_found"):
        world.place("library", one.id)


def test_a_private_card_is_seen_by_its_person_only(world: World):
    world.write("staffroom", None, Card("For you"), private_to="ben")
    assert len(world.look("staffroom", person="ben")) == 1
    assert world.look("staffroom", person="ada") == ()
    assert world.history(world.place("staffroom"), None) == ()


def test_threads_are_apart_from_their_channel(world: World):
    root = world.write("staffroom", None, Card("Prompt"))
    reply = world.write("staffroom", "ada", "an answer", thread=root.id)
    assert [one.id for one in world.look("staffroom")] == [root.id]
    assert [one.id for one in world.look("staffroom", thread=root.id)] == [root.id, reply.id]
    assert world.replies(root.id) == 1


def test_history_lists_the_root_always_and_the_rest_since_a_time(world: World, time: SteerableClock):
    root = world.write("staffroom", None, Card("Prompt"))
    world.write("staffroom", "ada", "early", thread=root.id)
    later = time.advance(timedelta(hours=1))
    world.write("staffroom", "ben", "late", thread=root.id)
    told = world.history(world.place("staffroom", root.id), later)
    assert told is not None
    assert [(one.text, one.own) for one in told] == [("Prompt", True), ("late", False)]


def test_a_deleted_root_is_listed_as_deleted(world: World):
    root = world.write("staffroom", "ada", "Prompt")
    world.write("staffroom", "ben", "late", thread=root.id)
    world.erase("staffroom", root.id)
    told = world.history(world.place("staffroom", root.id), None)
    assert told is not None
    assert [(one.text, one.deleted) for one in told] == [("", True), ("late", False)]


def test_a_reply_to_somebody_is_addressed_to_them_and_never_to_the_bot(world: World):
    root = world.write("staffroom", None, Card("Prompt"))
    answer = world.write("staffroom", "ada", "an answer", thread=root.id)
    talk = world.write("staffroom", "ben", "well said", thread=root.id, reply_to=answer.id)
    to_bot = world.write("staffroom", "ben", "@Tilth yes", thread=root.id, reply_to=root.id)
    assert world.told(talk).to == {"ada"}
    assert world.told(to_bot).to == frozenset()


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("@Ada Byrne I agree", {"ada"}),
        ("@ada byrne, @Ben: both of you", {"ada", "ben"}),
        ("@Tilth @Ben look", {"ben"}),
        ("I agree with @Ben", set()),
        ("@Benedict who", set()),
        ("@", set()),
    ],
)
def test_only_mentions_before_the_first_word_address_somebody(world: World, text: str, to: set[str]):
    assert world.told(world.write("staffroom", "ada", text)).to == to


def test_each_change_hands_over_only_what_it_touched(world: World):
    world.changes()
    one = world.write("staffroom", "ada", "one")
    assert list(world.changes()[0]) == [f"message:{one.id}"]
    world.react("staffroom", one.id, "ben", "👍")
    keep, gone = world.changes()
    assert keep[f"message:{one.id}"]["reactions"] == [["👍", "ben"]]
    assert gone == ()
    world.remove_person("ben")
    assert world.changes() == ({}, ("person:ben",))
    assert world.changes() == ({}, ())


def test_a_world_is_rebuilt_from_its_documents(world: World, time: SteerableClock):
    root = world.write("staffroom", None, examples()[0], marker="m1")
    world.write("staffroom", "ada", "an answer", thread=root.id, reply_to=root.id, files=("photo.png",))
    world.edit("staffroom", world.write("staffroom", "ben", "typo").id, "fixed")
    world.react("staffroom", root.id, "ben", "🌱")
    world.name_thread("staffroom", root.id, "Week 1")
    world.direct("ada")
    world.owe(root.id, owed=True)
    again = World(world.space, time)
    again.load(json.loads(json.dumps(world.changes()[0])))
    assert again.people == world.people
    assert again.channels == world.channels
    assert again.messages == world.messages
    assert again.undelivered == world.undelivered
    assert again.write("staffroom", "ada", "next").id > max(world.messages)
