"""The pretend platform behaves like a platform toward the bot: what it keeps, tells, shows and gets wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.local.adapter import LocalAdapter
from adapters.local.page.breakage import set_switch
from bot.chat.cards import Button, Buttons, Card, Select, say
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    FormSubmitted,
    MessageReceived,
    PersonUpdated,
    ReactionChanged,
    ShortcutUsed,
    SpaceConnected,
)
from bot.chat.forms import FieldErrors
from bot.chat.models import Place
from bot.chat.port import (
    Adapter,
    History,
    HistoryUnavailable,
    NotStored,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)
from bot.runtime.clock import SteerableClock
from tests.adapters.local.recording_door import FORM, START, Notebook, RecordingDoor, clock

HERE = Place("local:playground", "staffroom")
PROMPT = Card(
    "What did you notice?",
    (
        Buttons(
            (
                Button("Answer", opens="reflect.answer", value="o1"),
                Button("Not this week", does="reflect.skip", value="o1"),
                Button("Read", link="https://example.org/"),
            )
        ),
        Select("Help", "reflect.help", (("full", "Full"), ("half", "Half")), value="o1"),
    ),
)


def settle(memory: Notebook | None, time: SteerableClock | None = None) -> LocalAdapter:
    adapter: Adapter = LocalAdapter(time or clock(), memory)
    assert isinstance(adapter, LocalAdapter)
    adapter.world.add_person("ada", "Ada Byrne", facts={"moderator"})
    adapter.world.add_person("ben", "Ben")
    adapter.world.add_channel("staffroom", "staffroom")
    return adapter


@pytest.fixture
def memory() -> Notebook:
    return Notebook()


@pytest.fixture
def door() -> RecordingDoor:
    return RecordingDoor()


@pytest.fixture
async def adapter(memory: Notebook, door: RecordingDoor) -> LocalAdapter:
    adapter = settle(memory)
    await adapter.start(door)
    door.heard.clear()
    memory.written.clear()
    return adapter


# ── what is told ──────────────────────────────────────────────────────────────


async def test_starting_tells_the_space_and_then_who_is_there(door: RecordingDoor):
    await settle(None).start(door)
    assert door.heard[0] == SpaceConnected("local:playground", "Playground")
    seen = [(e.person.id, e.channel) for e in door.heard if isinstance(e, PersonUpdated)]
    assert seen == [("ada", None), ("ada", "staffroom"), ("ben", None), ("ben", "staffroom")]


async def test_what_people_write_edit_and_delete_is_told_as_one_message(
    adapter: LocalAdapter, door: RecordingDoor
):
    id = await adapter.say("ben", "staffroom", "helo")
    await adapter.edit("ben", "staffroom", id, "hello")
    await adapter.erase("ben", "staffroom", id)
    assert door.told == [("helo", False), ("hello", False), ("", True)]
    assert {e.message.id for e in door.heard if isinstance(e, MessageReceived)} == {id}


async def test_nobody_changes_somebody_elses_message(adapter: LocalAdapter):
    id = await adapter.say("ben", "staffroom", "mine")
    with pytest.raises(Rejected, match="not_your_message"):
        await adapter.edit("ada", "staffroom", id, "mine now")


async def test_reactions_are_told(adapter: LocalAdapter, door: RecordingDoor):
    id = await adapter.say("ben", "staffroom", "hello")
    await adapter.react("ada", "staffroom", id, "🌱")
    await adapter.react("ada", "staffroom", id, "🌱", gone=True)
    assert [(e.emoji, e.gone) for e in door.heard if isinstance(e, ReactionChanged)] == [
        ("seedling", False),
        ("seedling", True),
    ]


async def test_people_come_and_go(adapter: LocalAdapter, door: RecordingDoor):
    await adapter.join("cy", "Cy", facts={"admin"})
    await adapter.leave("cy")
    assert [(e.channel, e.left) for e in door.heard if isinstance(e, PersonUpdated)] == [
        (None, False),
        ("staffroom", False),
        (None, True),
    ]


# ── what is answered ──────────────────────────────────────────────────────────


async def test_a_command_that_opens_a_form_shows_it_and_keeps_it_open_on_errors(
    adapter: LocalAdapter, door: RecordingDoor
):
    shown = await adapter.command("ben", "staffroom", "/reflect answer -- We tried wait time.")
    assert shown == FORM
    called = door.opened[0]
    assert isinstance(called, CommandInvoked)
    assert called.call.values["text"] == "We tried wait time."
    door.answers = [FieldErrors({"text": "Please fill this in."}), say("Kept.")]
    assert await adapter.submit("ben", HERE, FORM, {"text": ""}) == FieldErrors(
        {"text": "Please fill this in."}
    )
    assert await adapter.submit("ben", HERE, FORM, {"text": "x"}) == say("Kept.")
    assert [e.fields for e in door.heard if isinstance(e, FormSubmitted)] == [{"text": ""}, {"text": "x"}]


async def test_answers_are_private_unless_they_are_public(adapter: LocalAdapter, door: RecordingDoor):
    door.answers = [say("For you"), replace(say("For all"), public=True)]
    await adapter.command("ben", "staffroom", "/reflect now")
    await adapter.command("ben", "staffroom", "/team add @Ada Byrne")
    assert [one.text for one in adapter.world.look("staffroom", person="ben")] == ["For you", "For all"]
    assert [one.text for one in adapter.world.look("staffroom", person="ada")] == ["For all"]
    called = door.heard[-1]
    assert isinstance(called, CommandInvoked)
    assert called.call.values["person"] == "ada"


async def test_a_line_nobody_understands_is_given_back_privately(adapter: LocalAdapter, door: RecordingDoor):
    shown = await adapter.command("ben", "staffroom", "/refelct answer -- We tried wait time.")
    assert isinstance(shown, Card)
    assert door.heard == []
    assert adapter.world.look("staffroom", person="ada") == ()


async def test_buttons_and_selects_carry_their_state(adapter: LocalAdapter, door: RecordingDoor):
    id = await adapter.post(HERE, PROMPT, "m1")
    assert await adapter.press("ben", "staffroom", id, "Answer") == FORM
    await adapter.press("ben", "staffroom", id, "Not this week")
    await adapter.choose("ben", "staffroom", id, "Help", "Half")
    assert await adapter.press("ben", "staffroom", id, "Read") is None
    ben = adapter.world.who("ben")
    assert door.opened == [ButtonPressed(ben, HERE, "reflect.answer", "o1", id)]
    assert door.heard == [
        ButtonPressed(ben, HERE, "reflect.skip", "o1", id),
        ButtonPressed(ben, HERE, "reflect.help", "o1/half", id),
    ]


async def test_a_card_takes_the_place_of_a_private_one_and_never_of_a_public_one(
    adapter: LocalAdapter, door: RecordingDoor
):
    answer = replace(say("Skipped."), replaces=True)
    public = await adapter.post(HERE, PROMPT, "m1")
    await adapter.private(HERE, "ben", PROMPT)
    private = adapter.world.look("staffroom", person="ben")[-1].id
    door.answers = [answer, answer]
    await adapter.press("ben", "staffroom", private, "Not this week")
    assert [one.card for one in adapter.world.look("staffroom", person="ben")] == [PROMPT, answer]
    await adapter.press("ben", "staffroom", public, "Not this week")
    assert [one.card for one in adapter.world.look("staffroom", person="ada")] == [PROMPT]


async def test_nobody_presses_a_button_they_cannot_see(adapter: LocalAdapter):
    await adapter.private(HERE, "ben", PROMPT)
    private = adapter.world.look("staffroom", person="ben")[-1].id
    with pytest.raises(Rejected, match="message_not_found"):
        await adapter.press("ada", "staffroom", private, "Not this week")


async def test_in_a_direct_message_an_answer_is_an_ordinary_message(
    adapter: LocalAdapter, door: RecordingDoor
):
    place = await adapter.direct("local:playground", "ben")
    door.answers = [say("Kept.")]
    await adapter.say("ben", place.channel, "my answer")
    history = await adapter.history(place, None)
    assert isinstance(history, History)
    assert [(one.text, one.own) for one in history.messages] == [("my answer", False), ("Kept.", True)]
    assert history.messages[0].place.private


# ── what cannot be kept ───────────────────────────────────────────────────────


async def test_a_message_that_could_not_be_kept_is_told_again_before_the_next(
    adapter: LocalAdapter, door: RecordingDoor
):
    door.answers = [NotStored(say("Not saved."))]
    await adapter.say("ben", "staffroom", "one")
    assert adapter.shown["ben"] == say("Not saved.")
    await adapter.say("ada", "staffroom", "two")
    assert door.told == [("one", False), ("one", False), ("two", False)]
    await adapter.redeliver()
    assert len(door.told) == 3


async def test_a_message_that_could_not_be_kept_is_told_again_after_a_restart(
    adapter: LocalAdapter, door: RecordingDoor, memory: Notebook
):
    door.answers = [NotStored(say("Not saved."))]
    await adapter.say("ben", "staffroom", "one")
    later = RecordingDoor()
    await LocalAdapter(clock(), memory).start(later)
    assert later.told == [("one", False)]


async def test_while_the_network_is_cut_the_bot_is_told_nothing_until_it_is_mended(
    adapter: LocalAdapter, door: RecordingDoor
):
    await set_switch(adapter, "network", broken=True)
    await set_switch(adapter, "token", broken=True)
    await set_switch(adapter, "token", broken=False)
    assert door.heard == []
    await set_switch(adapter, "network", broken=False)
    assert [type(one) for one in door.heard] == [SpaceConnected]


async def test_a_deaf_bot_finds_everything_in_the_history(adapter: LocalAdapter, door: RecordingDoor):
    root = await adapter.post(HERE, PROMPT, "m1")
    adapter.faults.drop_events = True
    await adapter.say("ben", "staffroom", "an answer", thread=root)
    assert door.heard == []
    history = await adapter.history(Place(HERE.space, HERE.channel, root), None)
    assert isinstance(history, History)
    assert history.complete
    assert [one.text for one in history.messages][1:] == ["an answer"]


async def test_a_stopped_bot_hears_nothing_and_says_so_when_asked(adapter: LocalAdapter, door: RecordingDoor):
    await adapter.stop()
    await adapter.say("ben", "staffroom", "hello?")
    shown = await adapter.command("ben", "staffroom", "/reflect now")
    assert isinstance(shown, Card)
    assert shown.title == "Tilth does not answer."
    assert door.heard == []


# ── what the bot says ─────────────────────────────────────────────────────────


async def test_a_post_is_kept_before_it_returns(adapter: LocalAdapter, memory: Notebook):
    id = await adapter.post(HERE, PROMPT, "m1")
    assert memory.written == [(f"message:{id}",)]
    again = LocalAdapter(clock(), memory)
    await again.start(RecordingDoor())
    assert await again.find(HERE, "m1", START) == (id,)


async def test_a_post_that_the_memory_does_not_take_is_unclear_and_kept_later(
    adapter: LocalAdapter, memory: Notebook
):
    memory.fail = OSError("the disk is full")
    with pytest.raises(OutcomeUnknown):
        await adapter.post(HERE, PROMPT, "m1")
    memory.fail = None
    await adapter.keep()
    assert len(memory.written) == 1


async def test_updating_and_deleting_are_idempotent(adapter: LocalAdapter):
    id = await adapter.post(HERE, PROMPT, "m1")
    await adapter.update(HERE, id, say("Closed."))
    await adapter.update(HERE, id, say("Closed."))
    assert adapter.world.message("staffroom", id).marker == "m1"
    await adapter.delete(HERE, id)
    await adapter.delete(HERE, id)
    assert await adapter.find(HERE, "m1", START) == ()
    with pytest.raises(Rejected, match="message_not_found"):
        await adapter.update(HERE, id, say("Again."))


async def test_the_bot_touches_only_its_own_messages(adapter: LocalAdapter):
    id = await adapter.say("ben", "staffroom", "mine")
    with pytest.raises(Rejected, match="not_our_message"):
        await adapter.update(HERE, id, PROMPT)
    with pytest.raises(Rejected, match="not_our_message"):
        await adapter.delete(HERE, id)


async def test_a_thread_is_its_root(adapter: LocalAdapter):
    id = await adapter.post(HERE, PROMPT, "m1")
    place = await adapter.thread(HERE, id, "Week 1")
    assert place == await adapter.thread(HERE, id, "Week 1") == Place(HERE.space, HERE.channel, id)
    assert adapter.world.message("staffroom", id).thread_name == "Week 1"


async def test_links_lead_to_the_page_when_there_is_one(adapter: LocalAdapter):
    id = await adapter.post(HERE, PROMPT, "m1")
    assert await adapter.link(HERE, id) is None
    adapter.address = "http://127.0.0.1:8300/"
    assert await adapter.link(HERE, id) == f"http://127.0.0.1:8300/?channel=staffroom#m{id}"


# ── what goes wrong on request ────────────────────────────────────────────────


async def test_an_error_before_the_deed_leaves_nothing(adapter: LocalAdapter):
    adapter.faults.next("post", before=RetryLater("ratelimited", 3))
    with pytest.raises(RetryLater):
        await adapter.post(HERE, PROMPT, "m1")
    assert await adapter.find(HERE, "m1", START) == ()
    assert await adapter.post(HERE, PROMPT, "m1")


async def test_a_lost_answer_leaves_the_message(adapter: LocalAdapter):
    adapter.faults.next("post", after=OutcomeUnknown("timed_out"))
    with pytest.raises(OutcomeUnknown):
        await adapter.post(HERE, PROMPT, "m1")
    found = await adapter.find(HERE, "m1", START)
    assert not isinstance(found, HistoryUnavailable)
    assert len(found) == 1


async def test_a_late_message_lands_later(adapter: LocalAdapter):
    adapter.faults.next("post", late=True)
    with pytest.raises(OutcomeUnknown):
        await adapter.post(HERE, PROMPT, "m1")
    assert await adapter.find(HERE, "m1", START) == ()
    await adapter.land()
    found = await adapter.find(HERE, "m1", START)
    assert not isinstance(found, HistoryUnavailable)
    assert len(found) == 1


async def test_a_hidden_history_is_no_answer(adapter: LocalAdapter):
    adapter.faults.hide_history = True
    assert isinstance(await adapter.find(HERE, "m1", START), HistoryUnavailable)
    assert isinstance(await adapter.history(HERE, None), HistoryUnavailable)


async def test_a_rate_limit_ends_when_the_clock_says_so(memory: Notebook, door: RecordingDoor):
    time = clock()
    adapter = settle(memory, time)
    await adapter.start(door)
    adapter.faults.rate_limit(30)
    with pytest.raises(RetryLater) as limited:
        await adapter.post(HERE, PROMPT, "m1")
    assert limited.value.seconds == 30
    time.advance(timedelta(seconds=30))
    assert await adapter.post(HERE, PROMPT, "m1")


async def test_a_channel_can_refuse_the_bot(adapter: LocalAdapter):
    adapter.faults.refuse("staffroom", "is_archived")
    with pytest.raises(Rejected, match="is_archived"):
        await adapter.post(HERE, PROMPT, "m1")
    adapter.faults.allow("staffroom")
    assert await adapter.post(HERE, PROMPT, "m1")


async def test_watchers_learn_which_documents_changed(adapter: LocalAdapter):
    seen: list[frozenset[str]] = []
    stop = adapter.watch(seen.append)
    id = await adapter.say("ben", "staffroom", "hello")
    stop()
    await adapter.say("ben", "staffroom", "again")
    assert seen == [frozenset({f"message:{id}"})]


async def test_a_shortcut_is_told_with_its_message_and_opens_what_it_is_declared_to_open(
    adapter: LocalAdapter, door: RecordingDoor
):
    said = await adapter.say("ben", "staffroom", "Worth keeping.")
    door.heard.clear()
    await adapter.shortcut("ben", "reflect.save", "staffroom", said)
    [event] = door.heard
    assert isinstance(event, ShortcutUsed)
    assert (event.id, event.message and event.message.text) == ("reflect.save", "Worth keeping.")
    assert await adapter.shortcut("ben", "reflect.answer", "staffroom") == FORM
    assert isinstance(door.opened[-1], ShortcutUsed)
    assert door.opened[-1].message is None
