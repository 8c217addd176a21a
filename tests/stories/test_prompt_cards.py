"""The card of a prompt through its life: its notes shrink, its button fits everybody, and moderators see what asks what."""

from __future__ import annotations

import pytest

FULL, SHORT = "Reply in the thread, and everyone here can read it.", "Everyone here reads replies."
DIRECT, DIRECT_SHORT = "Write your answer here, or press Answer.", "Write here or press Answer."


async def confirm(stage, line):
    await stage.asks("mo", line)
    return await stage.presses("mo", stage.last("mo"), "Confirm")


def notes(stage, who):
    """Whether each prompt that somebody was sent has its note in full."""
    prompts = [stage.text(one) for one in stage.inbox(who) if "Answer" in one.buttons]
    return [DIRECT in one for one in prompts]


async def test_the_note_under_a_prompt_is_in_full_once_in_each_channel(monday):
    stage = monday
    await stage.restarts()
    await stage.until("2026-10-12 09:01")
    await stage.opens_channel("c2", "lounge")
    await stage.asks("mo", "/prompt place s1 #lounge")
    await stage.until("2026-10-19 09:01")
    first, second, third = stage.prompts()
    assert FULL in stage.text(first)
    for later in (second, third):
        assert FULL not in stage.text(later)
        assert SHORT in stage.text(later)
    [new] = stage.room(channel="c2")
    assert FULL in stage.text(new)


@pytest.mark.only("local", reason="which notes a card carries is chosen behind every door")
async def test_the_note_of_a_direct_prompt_is_in_full_once_for_each_member(stage):
    await confirm(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-05 09:01")
    await stage.joins("dara", "Dara Lake")
    await stage.restarts()
    await stage.until("2026-10-12 09:01")
    assert (notes(stage, "ada"), notes(stage, "dara")) == ([True, False], [True])
    assert DIRECT_SHORT in stage.text(stage.inbox("ada")[-1])
    before = [one for one in await stage.dump() if '"seen_note"' in one]
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    left = [one for one in await stage.dump() if '"seen_note"' in one]
    assert len(left) < len(before), "what she has seen was erased with her"


@pytest.mark.only("local", reason="which notes a card carries is chosen behind every door")
async def test_the_note_of_a_direct_prompt_says_who_reads_an_answer_of_this_member(stage):
    await stage.asks("ada", "/my settings share:everyone")
    await confirm(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-05 09:01")
    assert "It is shared as you chose in /my settings." in stage.text(stage.inbox("ada")[-1])
    assert "Only you can read it" in stage.text(stage.inbox("ben")[-1])


async def test_the_form_and_private_cards_say_whether_somebody_answered(monday):
    stage, [prompt] = monday, monday.prompts()
    assert "Answer or edit" in prompt.buttons
    form = await stage.presses("ada", prompt, "Answer or edit")
    assert stage.title(form).startswith("Answer: ")
    await stage.fills_in("ada", form, q0="The caretaker.")
    assert stage.title(await stage.presses("ada", prompt, "Answer or edit")).startswith("Edit your answer")
    opened = {}
    for who in ("ada", "ben"):
        await stage.asks(who, "/reflect")
        opened[who] = stage.last(who)
    assert opened["ada"].buttons[0] == "Edit your answer"
    assert opened["ben"].buttons[0] == "Answer"


async def test_posting_now_shows_the_post_first(monday):
    stage = monday
    shown = await stage.asks("mo", "/prompt now s1")
    assert len(stage.prompts()) == 1
    preview = stage.last("mo")
    assert preview.buttons == ("Post", "Cancel")
    assert "Nothing was posted" in stage.text(await stage.presses("mo", preview, "Cancel"))
    await stage.settles()
    assert len(stage.prompts()) == 1
    title = [one for one in stage.text(shown).splitlines() if one][1]
    await stage.asks("mo", "/prompt now s1")
    await stage.presses("mo", stage.last("mo"), "Post")
    await stage.later(minutes=1)
    assert title.strip("# *") in stage.text(stage.prompts()[-1])


async def test_the_list_names_the_channels_of_each_schedule(monday):
    stage = monday
    await stage.opens_channel("c2", "lounge")
    await stage.asks("mo", "/prompt place s1 #lounge")
    listed = stage.text(await stage.asks("mo", "/prompt list"))
    [line] = [one for one in listed.splitlines() if "every Monday" in one]
    assert "#staffroom" in line
    assert "#lounge" in line


async def test_a_deck_that_nothing_asks_says_so_when_it_is_made(monday):
    stage = monday
    unasked = "Nothing asks the deck"
    assert unasked not in stage.text(
        await stage.asks("mo", "/prompt import deck:weekly -- What did you hear?")
    )
    shown = await stage.asks("mo", "/prompt import deck:corridor -- Who said hello first?")
    assert unasked in stage.text(shown)
    form = await stage.presses("mo", stage.last("mo"), "Schedule it")
    assert stage.value(form, "deck") == "corridor"
    form = await stage.asks("mo", "/prompt add deck:stairs")
    made = await stage.fills_in("mo", form, question="Who waits on the stairs?", deck="stairs")
    assert unasked in stage.text(made)
    await confirm(stage, "/prompt schedule #staffroom every tue 09:00 deck:corridor")
    again = await stage.asks("mo", "/prompt import deck:corridor -- Who said goodbye?")
    assert unasked not in stage.text(again)
