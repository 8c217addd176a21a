"""What could be tapped and is said in words counts as if it were tapped, and goes with the message that says it."""

from __future__ import annotations

from sqlalchemy import select

from bot.people.tables import member
from bot.reflections.answers.tables import answer, part
from tests.stories.test_talk import reply_to


async def yes_or_no_prompt(stage):
    """A prompt that is answered by tapping yes or no is open in the room."""
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 deck:yes-or-no closes:4d")
    await stage.until("2026-10-05 09:00")
    return stage.prompts()[0]


async def picks(stage):
    """What was picked, by the name of the member."""

    def look(conn):
        rows = conn.execute(
            select(member.c.name, part.c.value)
            .join(answer, answer.c.id == part.c.answer_id)
            .join(member, member.c.id == answer.c.member_id)
            .where(part.c.value.is_not(None))
        )
        return {row.name: (row.value["pick"], row.value["reason"]) for row in rows}

    return await stage.app.store.read(look)


async def test_yes_or_no_said_in_words_counts_as_if_it_were_tapped(stage):
    prompt = await yes_or_no_prompt(stage)
    await reply_to(stage, "ada", "Yes, we met on Tuesday")
    await stage.says("ben", "no", thread=prompt)
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("yes", "we met on Tuesday"), "Ben Okafor": ("no", "")}
    await reply_to(stage, "ada", "no, please stop texting me")
    assert (await picks(stage))["Ada Quinn"] == ("yes", "we met on Tuesday")


async def test_a_pick_said_in_a_thread_changes_and_goes_with_its_message(stage):
    prompt = await yes_or_no_prompt(stage)
    said = await stage.says("ada", "yes, we met on Tuesday", thread=prompt)
    other = await stage.says("ben", "no", thread=prompt)
    await stage.settles()
    await stage.edits("ada", said, "yes")
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("yes", ""), "Ben Okafor": ("no", "")}, (
        "the reason is gone, too"
    )
    await stage.edits("ada", said, "no, she was out")
    await stage.settles()
    assert (await picks(stage))["Ada Quinn"] == ("no", "she was out")
    await stage.edits("ada", said, "We meet next week, she was out today.")
    await stage.settles()
    assert await picks(stage) == {"Ben Okafor": ("no", "")}
    assert (await stage.answers())["Ada Quinn"] == "We meet next week, she was out today."
    await stage.erases("ben", other)
    await stage.settles()
    assert await picks(stage) == {}
    assert "Ben Okafor" not in await stage.answers()


async def test_a_pick_said_in_a_direct_message_changes_and_goes_with_it(stage):
    await yes_or_no_prompt(stage)
    said = await stage.writes_to_the_bot("ada", "yes, we met on Tuesday")
    await stage.settles()
    await stage.edits("ada", said, "no, on Friday")
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("no", "on Friday")}
    await stage.edits("ada", said, "please stop messaging me")
    await stage.settles()
    assert await picks(stage) == {}, "what asks to stop is no pick"
    await stage.edits("ada", said, "yes")
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("yes", "")}
    await stage.erases("ada", said)
    await stage.settles()
    assert await picks(stage) == {}
    assert await stage.answers() == {}


async def test_a_pick_goes_when_its_message_was_deleted_while_nobody_listened(stage):
    prompt = await yes_or_no_prompt(stage)
    said = await stage.says("ada", "yes", thread=prompt)
    direct = await stage.writes_to_the_bot("ben", "no")
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("yes", ""), "Ben Okafor": ("no", "")}
    stage.deafen()
    await stage.erases("ada", said)
    await stage.erases("ben", direct)
    stage.deafen(False)
    await stage.later(hours=13)  # a message is gone when it was missing twice
    assert await picks(stage) == {}


async def test_what_was_tapped_since_stays_whatever_becomes_of_the_message(stage):
    prompt = await yes_or_no_prompt(stage)
    said = await stage.says("ada", "yes, we met on Tuesday", thread=prompt)
    await stage.settles()
    await stage.later(minutes=1)
    await stage.presses("ada", prompt, "No")
    assert await picks(stage) == {"Ada Quinn": ("no", "")}, "that was the reason of the other one"
    await stage.edits("ada", said, "yes, we met on Monday")
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("no", "")}
    await stage.erases("ada", said)
    await stage.settles()
    assert await picks(stage) == {"Ada Quinn": ("no", "")}


async def test_an_answer_that_was_deleted_does_not_come_back_with_an_edit_of_its_message(stage):
    prompt = await yes_or_no_prompt(stage)
    said = await stage.says("ada", "yes", thread=prompt)
    await stage.settles()
    await stage.later(minutes=1)
    await stage.asks("ada", "/reflect delete a1")
    await stage.edits("ada", said, "yes, we met")
    await stage.settles()
    assert await picks_left(stage) == {}


async def picks_left(stage):
    """The same without those whose answer was taken back."""
    kept = await stage.answers()
    return {name: pick for name, pick in (await picks(stage)).items() if name in kept}
