"""The bot's own page on the pretend platform: no message, answered in the direct message, asked for once a change."""

from __future__ import annotations

import asyncio

import pytest

from adapters.local.adapter import LocalAdapter
from adapters.local.model import HOME
from adapters.local.page.homes import HomeCache
from adapters.local.page.open_forms import FILES, clean_file_names
from bot.chat.cards import Button, Buttons, Card, Select, say
from bot.chat.events import ButtonPressed, HomeOpened
from bot.chat.port import NotStored, Rejected
from bot.runtime.clock import SteerableClock
from tests.adapters.local.recording_door import START, RecordingDoor

PAGE = say(
    "Playground",
    Buttons((Button("Skip", does="reflect.skip", value="o1"), Button("Answer", opens="reflect.answer"))),
    Select("Reminders", "my.reminders", (("light", "Light"), ("none", "None"))),
)
DM = "dm-ben"


@pytest.fixture
def door() -> RecordingDoor:
    return RecordingDoor()


@pytest.fixture
async def adapter(door: RecordingDoor) -> LocalAdapter:
    adapter = LocalAdapter(SteerableClock(START), None)
    adapter.world.add_channel("staffroom", "staffroom")
    for id in ("ada", "ben"):
        adapter.world.add_person(id, id.title())
    await adapter.start(door)
    door.heard.clear()
    return adapter


async def page_of(adapter: LocalAdapter, door: RecordingDoor, card: Card = PAGE) -> None:
    door.answers = [card]
    assert await adapter.open_home("ben") == card
    door.heard.clear()


async def test_the_page_is_no_message_and_only_its_person_can_use_it(adapter, door):
    await page_of(adapter, door)
    assert adapter.world.messages == {}
    assert adapter.seen("ben", DM, HOME).card == PAGE
    with pytest.raises(Rejected, match="message_not_found"):
        adapter.seen("ada", DM, HOME)
    with pytest.raises(Rejected, match="message_not_found"):
        adapter.seen("ben", "staffroom", HOME)


async def test_a_button_of_the_page_is_told_without_a_message_and_answered_in_the_direct_message(
    adapter, door
):
    await page_of(adapter, door)
    done = Card("Skipped.", (), replaces=True)
    door.answers = [done]
    await adapter.press("ben", DM, HOME, "Skip")
    [pressed] = door.heard
    assert isinstance(pressed, ButtonPressed)
    assert (pressed.id, pressed.value, pressed.message) == ("reflect.skip", "o1", None)
    assert pressed.place.private
    [answer] = adapter.world.look(DM)
    assert answer.card == done
    assert adapter.answered == {"ben": answer.id}
    assert adapter.homes["ben"].card == PAGE


async def test_what_is_chosen_on_the_page_is_told_with_its_option(adapter, door):
    await page_of(adapter, door)
    await adapter.choose("ben", DM, HOME, "Reminders", "Light")
    [chosen] = door.heard
    assert (chosen.id, chosen.value, chosen.message) == ("my.reminders", "/light", None)
    assert adapter.answered == {}


async def test_an_answer_elsewhere_is_none_of_the_page(adapter, door):
    await page_of(adapter, door)
    door.answers = [say("Open prompts")]
    await adapter.command("ben", "staffroom", "/reflect now")
    assert adapter.answered == {}


async def test_a_page_that_cannot_be_made_says_so(adapter, door):
    door.answers = [NotStored(say("Not now"))]
    assert await adapter.open_home("ben") == say("Not now")
    await adapter.stop()
    assert "does not answer" in str(await adapter.open_home("ben"))


async def test_many_looks_between_two_changes_ask_the_bot_once(adapter, door):
    homes = HomeCache(adapter)
    door.answers = [PAGE, say("Later")]
    looks = [*await asyncio.gather(*(homes.look("ben") for _ in range(20))), await homes.look("ben")]
    assert {look and look.card for look in looks} == {PAGE}
    assert len([event for event in door.heard if isinstance(event, HomeOpened)]) == 1
    homes.stir()
    again = await homes.look("ben")
    assert again is not None
    assert again.card == say("Later")


def test_names_of_files_lose_their_folders_and_what_cannot_be_printed():
    assert clean_file_names(["C:\\photos\\board.jpg", "../notes\x00.pdf", " ", "/"]) == (
        "board.jpg",
        "notes.pdf",
    )
    assert len(clean_file_names(["a.png"] * 20)) == FILES
    assert [len(one) for one in clean_file_names(["x" * 500])] == [120]
