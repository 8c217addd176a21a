"""Messages and forms of one answer, told in any order: the last form and what was said after it is the answer."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from bot.capture.message_versions import APPEND
from bot.chat.events import FormSubmitted, MessageReceived
from bot.chat.models import Message, Person

CASES = 50
DOOR = pytest.mark.only("local", reason="the events are told to the door itself, not through a platform")


async def told(stage, event):
    """A message in whatever version; or a form, at its own time."""
    if isinstance(event, Message):
        await stage.app.dispatcher.hear(MessageReceived(event))
        return
    at, form = event
    stage.clock.set(at)
    await stage.app.dispatcher.hear(form)


def form_of(person, place, text):
    return FormSubmitted(person, place.root, "reflect.answer", "o1", {"q0": text, "sharing": "everyone"})


def expected(final, forms):
    """The rule, as docs/answers.md states it."""
    counting = [one for one in final if not one.to]
    first = min((one.at for one in counting), default=None)
    since, text = max(forms)
    later = [one for one in counting if first is not None and one.at - first <= APPEND and one.at > since]
    return "\n\n".join(
        [text, *(one.text for one in sorted(later, key=lambda one: one.at) if not one.deleted)]
    )


@DOOR
async def test_every_order_of_a_reply_its_edit_an_addition_and_the_form(monday):
    stage, [prompt] = monday, monday.prompts()
    place, start = stage.place(thread=prompt), stage.clock.now()
    wanted = {}
    orders = [
        order
        for order in permutations(("reply", "edit", "addition", "form", "more"))
        if order.index("more") > order.index("form")  # nobody hears what was not said yet
    ]
    for number, order in enumerate(orders):
        person = Person(stage.space, f"p{number}", f"Person {number}")

        def said(id, minutes, text, person=person):
            at = start + timedelta(minutes=minutes)
            return Message(place, f"{person.id}-{id}", person, text, at, at)

        reply = said("reply", 3, "The bus.")
        events = {
            "reply": reply,
            "edit": replace(reply, text="The late bus.", version=start + timedelta(minutes=50)),
            "addition": said("addition", 20, "And the bell."),
            "form": (start + timedelta(minutes=30), form_of(person, place, "By form.")),
            "more": said("more", 40, "And the lift."),
        }
        for name in (*order, *order):  # everything once more, as a re-reading does; a form is sent once
            if name != "form" or name not in wanted.get(person.name, ""):
                await told(stage, events[name])
                wanted[person.name] = wanted.get(person.name, "") + name
    found = await stage.answers()
    assert {found[name] for name in wanted} == {"By form.\n\nAnd the lift."}
    assert len(found) == len(wanted) == 60


@DOOR
async def test_the_last_form_and_what_follows_it_stand_in_whatever_order_they_are_told(monday):
    stage, [prompt] = monday, monday.prompts()
    place, dice, wanted = stage.place(thread=prompt), random.Random(20261128), {}
    for case in range(CASES):
        person, start = Person(stage.space, f"p{case}", f"Person {case}"), stage.clock.now()
        versions, final, at = [], [], start
        for number in range(dice.randint(1, 4)):
            at += timedelta(minutes=dice.choice((3, 17, 25, 50)))
            to = frozenset({"somebody"}) if dice.random() < 0.2 else frozenset()
            one = Message(place, f"{person.id}-{number}", person, f"{person.id} {number}", at, at, to=to)
            versions.append(one)
            for turn in range(dice.randint(0, 2)):
                one = replace(
                    one, text=f"{one.text} again", version=one.version + timedelta(seconds=7 + turn)
                )
                versions.append(one)
            if dice.random() < 0.2:
                one = replace(one, text="", version=one.version + timedelta(minutes=30), deleted=True)
                versions.append(one)
            final.append(one)
        forms = sorted(
            (start + timedelta(minutes=minute, seconds=30), f"Form of {case} at {minute}.")
            for minute in dice.sample(range(1, 90), dice.randint(1, 2))
        )
        keys = sorted(dice.random() for _ in forms)
        events = [
            (key, (sent, form_of(person, place, text))) for key, (sent, text) in zip(keys, forms, strict=True)
        ]
        for one in versions:  # nobody hears what was not said yet
            since = max((key for key, (sent, _) in zip(keys, forms, strict=True) if sent < one.at), default=0)
            events += [(dice.uniform(since, 1), one) for _ in range(dice.randint(1, 2))]
        for _, event in sorted(events, key=lambda pair: pair[0]):
            await told(stage, event)
        wanted[person.name] = expected(final, forms)
    found = await stage.answers()
    wrong = {name: (found.get(name), wanted[name]) for name in wanted if found.get(name) != wanted[name]}
    assert wrong == {}
    assert await stage.broken() == []


@DOOR
async def test_a_platform_that_dates_the_form_late_brings_nothing_back(monday):
    stage, [prompt] = monday, monday.prompts()
    place, now, ada = stage.place(thread=prompt), stage.clock.now(), Person(stage.space, "p1", "Ada Quinn")
    reply = Message(place, "r1", ada, "The bus.", now, now)
    await told(stage, reply)
    await stage.app.dispatcher.hear(replace(form_of(ada, place, "By form."), at=now - timedelta(minutes=10)))
    await told(stage, replace(reply, text="The late bus.", version=now + timedelta(minutes=1)))
    assert await stage.answers() == {"Ada Quinn": "By form."}


@DOOR
async def test_a_clock_that_is_ahead_loses_no_reply_that_follows_the_form(monday):
    stage, [prompt] = monday, monday.prompts()
    place, now, ada = stage.place(thread=prompt), stage.clock.now(), Person(stage.space, "p1", "Ada Quinn")
    stage.clock.set(now + timedelta(minutes=10))
    await stage.app.dispatcher.hear(replace(form_of(ada, place, "By form."), at=now))
    later = now + timedelta(minutes=2)
    await told(stage, Message(place, "r1", ada, "And the lift.", later, later))
    assert await stage.answers() == {"Ada Quinn": "By form.\n\nAnd the lift."}
