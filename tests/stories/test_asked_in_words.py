"""What somebody asks in their own words is answered with what they asked for: who reads, what comes, what others said."""

from __future__ import annotations

import pytest

from bot.chat.models import Person
from bot.people.channel_members import leave_channel
from tests.stories.stage import ROOM
from tests.stories.test_talk import reply_to


def plain(stage, card) -> str:
    """The words of a card without what makes them bold or slanted."""
    return stage.text(card).replace("*", "").replace("_", "")


async def test_whoever_asks_who_reads_what_they_write_is_told_by_the_door_and_as_their_settings_are(monday):
    for text in ("who can read what I write", "is this anonymous?", "quién lee esto"):
        said = monday.text(await reply_to(monday, "ada", text))
        assert "In a thread:" in said, text
        assert "everyone in the channel can read your reply" in said
        assert "only you can read your answer, until you share it" in said
    await monday.asks("ada", "/my settings share:team")
    assert "these can read your answer: My team." in plain(
        monday, await reply_to(monday, "ada", "who reads this")
    )
    assert await monday.answers() == {}


async def test_whoever_asks_when_the_next_prompt_comes_is_told_and_then_it_comes(monday):
    said = monday.text(await reply_to(monday, "ada", "when is the next question"))
    assert "The next prompt is planned for" in said
    assert "12" in said.split("planned for")[1]
    await monday.until("2026-10-12 08:59")
    assert len(monday.prompts()) == 1
    await monday.until("2026-10-12 09:01")
    assert len(monday.prompts()) == 2
    assert "planned for" in monday.text(await monday.asks("ada", "/reflect"))
    await monday.asks("mo", "/prompt pause s1")
    assert "planned for" not in monday.text(await monday.asks("ada", "/reflect"))


async def test_whoever_will_be_away_is_asked_for_the_days_and_nothing_is_stopped(monday):
    card = await reply_to(monday, "ada", "I'm out next week")
    assert "I send you nothing while you are away" in monday.text(card)
    form = await monday.presses("ada", card, "Days away")
    assert "away" in monday.text(await monday.fills_in("ada", form, days="12 oct to 16 oct"))
    assert await monday.answers() == {}
    assert "no more messages" not in "".join(map(monday.text, monday.inbox("ada")))


async def test_what_others_answered_is_shown_to_whoever_asks_for_it(monday):
    await monday.asks("ben", "/reflect answer share:everyone -- The caretaker held the door.")
    assert "The caretaker held the door." in monday.text(await reply_to(monday, "ada", "what did others say"))
    assert "What I can do" in monday.text(await reply_to(monday, "ada", "?"))
    assert set(await monday.answers()) == {"Ben Okafor"}


@pytest.mark.only("local", reason="who is in which channel is the core's")
async def test_nobody_is_told_of_a_prompt_in_a_channel_they_are_not_in(monday):
    assert "planned for" in monday.text(await monday.asks("ada", "/reflect"))
    ada = Person(monday.space, "ada", "Ada Quinn")
    await monday.app.store.write(lambda conn: leave_channel(conn, ada, ROOM))
    assert "planned for" not in monday.text(await reply_to(monday, "ada", "when is the next question"))
