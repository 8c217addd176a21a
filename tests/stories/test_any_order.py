"""Every event told up to three times, in any order: the rows end up the same, because only what was said counts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.capture.message_versions import APPEND
from bot.chat.events import MessageReceived
from bot.chat.models import Message, Person
from bot.reflections.answers import tables

CASES = 150


def _thread_of(dice: random.Random, person: Person, place, start) -> tuple[list[Message], list[Message]]:
    """What a person said in a thread: every version that was ever told, and how each message ended."""
    told, final = [], []
    at = start
    for number in range(dice.randint(1, 4)):
        at += timedelta(minutes=dice.choice((3, 25, 50, 70)))
        to = frozenset({"somebody"}) if dice.random() < 0.25 else frozenset()
        one = Message(place, f"{person.id}-{number}", person, f"{person.id} {number}", at, at, to=to)
        told.append(one)
        for turn in range(dice.randint(0, 2)):
            one = replace(one, text=f"{one.text} again", version=one.version + timedelta(seconds=7 + turn))
            told.append(one)
        if dice.random() < 0.2:
            gone = Message(
                place, one.id, person, "", one.at, one.version + timedelta(seconds=5), deleted=True, to=to
            )
            told.append(gone)
            one = gone
        final.append(one)
    return told, final


def _answer(final: list[Message]) -> str:
    """The rule, as docs/answers.md states it."""
    counting = [one for one in final if not one.to]
    if not counting:
        return ""
    first = min(one.at for one in counting)
    return "\n\n".join(one.text for one in counting if one.at - first <= APPEND and not one.deleted)


DOOR = pytest.mark.only("local", reason="the events are told to the door itself, not through a platform")


@DOOR
async def test_the_rows_equal_what_was_said_in_whatever_order_it_is_told(monday):
    stage, [prompt] = monday, monday.prompts()
    place = stage.place(thread=prompt)
    dice = random.Random(20261005)
    expected = {}
    for case in range(CASES):
        person = Person(stage.space, f"p{case}", f"Person {case}")
        told, final = _thread_of(dice, person, place, stage.clock.now())
        events = [one for one in told for _ in range(dice.randint(1, 3))]
        dice.shuffle(events)
        for event in events:
            await stage.app.dispatcher.hear(MessageReceived(event))
        expected[person.name] = _answer(final)
    found = await stage.answers()
    wrong = {
        name: (found.get(name, ""), text) for name, text in expected.items() if found.get(name, "") != text
    }
    assert wrong == {}


@DOOR
async def test_an_answer_begins_when_its_first_part_was_said_even_if_that_is_heard_last(monday):
    stage, [prompt] = monday, monday.prompts()
    place = stage.place(thread=prompt)
    who, start = Person(stage.space, "zoe", "Zoe Reed"), stage.clock.now()
    for minutes in (40, 10):
        at = start + timedelta(minutes=minutes)
        await stage.app.dispatcher.hear(
            MessageReceived(Message(place, f"z{minutes}", who, f"At {minutes}.", at, at))
        )
    [row] = await stage.app.store.read(lambda conn: conn.execute(tables.answer.select()).all())
    assert row.first_at == start + timedelta(minutes=10)
    assert await stage.answers() == {"Zoe Reed": "At 10.\n\nAt 40."}


async def test_a_message_without_words_is_no_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "   ", thread=prompt)
    assert await stage.answers() == {}
    assert await stage.broken() == []
