"""The card of a prompt through its life: its notes shrink, its button fits everybody, and moderators see what asks what."""

from __future__ import annotations

import pytest

FULL, SHORT = "Reply in the thread, and everyone here can read it.", "Everyone here reads replies."
DIRECT, DIRECT_SHORT = "Write your answer here, or press Answer.", "Write here or press Answer."


async def confirm(stage, line):
    return await stage.confirms(line)


def notes(stage, who):
    """Whether each open prompt that somebody was sent has its note in full."""
    prompts = [stage.text(one) for one in stage.inbox(who) if "Answer" in one.buttons]
    return [DIRECT in one for one in prompts]


def card(stage, who):
    """The first thing somebody was sent, as it reads now."""
    return stage.inbox(who)[0]


async def test_the_note_under_a_prompt_is_in_full_once_in_each_channel(monday):
    stage, [prompt] = monday, monday.prompts()
    assert FULL in stage.text(prompt)
    await stage.restarts()
    await stage.until("2026-10-12 09:01")
    assert SHORT in stage.text(stage.prompts()[-1])
    await stage.opens_channel("c2", "lounge")
    await stage.asks("mo", "/prompt place s1 #lounge")
    await stage.until("2026-10-19 09:01")
    later = stage.prompts()[-1]
    assert FULL not in stage.text(later)
    assert SHORT in stage.text(later)
    [new] = stage.room(channel="c2")
    assert FULL in stage.text(new)


@pytest.mark.only("local", reason="which notes a card carries is chosen behind every door")
async def test_the_note_of_a_direct_prompt_is_in_full_once_for_each_member(stage):
    await confirm(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-05 09:01")
    assert notes(stage, "ada") == [True]
    await stage.joins("dara", "Dara Lake")
    await stage.restarts()
    await stage.until("2026-10-12 09:01")
    assert (notes(stage, "ada"), notes(stage, "dara")) == ([False], [True]), "the first one is closed by now"
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


async def test_the_card_of_a_direct_prompt_follows_what_its_reader_does(stage):
    await confirm(stage, "/prompt schedule #staffroom every mon 09:00 to:dm closes:3d")
    await stage.until("2026-10-05 09:01")
    new = card(stage, "ada").buttons
    await stage.presses("ada", card(stage, "ada"), "Not this week")
    await stage.later(seconds=10)
    assert "You skipped this prompt." in stage.text(card(stage, "ada"))
    assert card(stage, "ada").buttons == ("Answer",)
    await stage.presses("ada", stage.inbox("ada")[-1], "Undo")
    await stage.later(seconds=10)
    assert card(stage, "ada").buttons == new
    await stage.writes_to_the_bot("ada", "We moved the chairs by the door.")
    await stage.later(seconds=10)
    assert "You answered. You can change your answer until" in stage.text(card(stage, "ada"))
    assert card(stage, "ada").buttons == ("Edit your answer", "My answers")
    assert "Answer" in card(stage, "ben").buttons, "nobody else's card says what she did"
    await stage.writes_to_the_bot("ada", "delete that")
    await stage.later(seconds=10)
    assert card(stage, "ada").buttons == new
    form = await stage.presses("ada", card(stage, "ada"), "Answer")
    await stage.fills_in("ada", form, q0="We moved the desks.")
    await stage.until("2026-10-08 10:00")
    assert [card(stage, who).buttons for who in ("ada", "ben")] == [(), ()]
    assert "This prompt is closed." in stage.text(card(stage, "ben"))


@pytest.mark.only("local", reason="which card is looked at again is chosen behind every door")
async def test_of_a_message_that_was_moved_the_card_it_was_moved_to_says_that_it_is_gone(stage):
    await confirm(stage, "/prompt schedule #staffroom every mon 09:00 to:dm closes:3d")
    await confirm(stage, "/prompt schedule #staffroom every mon 09:05 to:dm closes:3d")
    await stage.until("2026-10-05 09:06")
    said = await stage.writes_to_the_bot("ada", "We moved the chairs by the door.")
    [other] = stage.options(stage.inbox("ada")[-1], "This was meant for")
    await stage.chooses("ada", stage.inbox("ada")[-1], "This was meant for", other)
    await stage.later(seconds=10)
    assert "You answered." in stage.text(card(stage, "ada"))
    await stage.erases("ada", said)
    await stage.later(seconds=10)
    assert "You answered." not in stage.text(card(stage, "ada"))


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


# ── while it is open, and after ───────────────────────────────────────────────


async def crowd(stage, *names):
    """People who answer for themselves alone."""
    for who in names:
        await stage.joins(who, f"{who.title()} Lake")
        await stage.writes_to_the_bot(who, "The caretaker.")


async def test_an_open_card_says_how_many_answered_in_steps_that_name_nobody(monday):
    stage = monday
    told = "people answered so far"
    await crowd(stage, "dara", "eli", "fern", "gus")
    await stage.later(minutes=15)
    assert told not in stage.text(stage.prompts()[0])
    await crowd(stage, "hal")
    await stage.later(minutes=8)
    assert told not in stage.text(stage.prompts()[0]), "an edit at once would tell whose answer it was"
    await stage.restarts()
    await stage.later(minutes=4)
    assert "5 people answered so far" in stage.text(stage.prompts()[0])
    await crowd(stage, "ivy", "jo", "kim", "lou")
    await stage.later(minutes=15)
    assert "5 people answered so far" in stage.text(stage.prompts()[0])
    await stage.says("ada", "The bus driver.", thread=stage.prompts()[0])
    await crowd(stage, "max")
    await stage.later(minutes=15)
    assert "11 people answered so far" in stage.text(stage.prompts()[0])
    await crowd(stage, "ned")
    await stage.until("2026-10-09 12:00")
    assert "11 or more people answered." in stage.text(stage.digests()[0])


async def test_a_closed_card_has_no_button_but_the_way_to_its_digest(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.until("2026-10-09 12:00")
    [closed], [digest] = stage.prompts(), stage.digests()
    assert closed.id == prompt.id
    assert "This prompt is closed." in stage.text(closed)
    assert "Open until" not in stage.text(closed)
    assert closed.buttons in ((), ("See the answers",)), "the playground without a page has no addresses"
    assert closed.buttons or stage.platform.platform == "local"
    assert digest.buttons[0] != "Answer"


async def test_where_nothing_can_be_shown_nothing_is_said_and_moderators_hear_it_once(monday):
    stage = monday
    for day in ("2026-10-09", "2026-10-16"):
        await stage.until(f"{day} 12:00")
        assert stage.digests() == []
        assert "This prompt is closed." in stage.text(stage.prompts()[-1])
        assert stage.prompts()[-1].buttons == ()
    quiet = [one for one in stage.inbox("mo") if "closed with no answers to show" in stage.text(one)]
    assert len(quiet) == 1
    assert stage.inbox("ada") == []
    await stage.until("2026-10-19 10:00")
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[-1])
    await stage.until("2026-10-23 12:00")
    assert len(stage.digests()) == 1
    said = [stage.text(one) for one in stage.inbox("mo")]
    assert any("There are answers again to s1." in one for one in said)
    await stage.until("2026-10-30 12:00")
    quiet = [one for one in stage.inbox("mo") if "closed with no answers to show" in stage.text(one)]
    assert len(quiet) == 1, "after that it is news again"


# ── what a community remembers ────────────────────────────────────────────────


async def fills_deck(stage, deck, count):
    form = await stage.asks("mo", "/prompt import")
    lines = "\n".join(f"Door {number} | Who waited at door {number}?" for number in range(count))
    await stage.fills_in("mo", form, deck=deck, text=lines)


def asked_in(stage, *channels):
    shown = [stage.title(one) for channel in channels for one in stage.room(channel=channel) if one.own]
    return [one for one in shown if one.startswith("Door")]


async def test_two_schedules_ask_the_same_people_nothing_twice_before_all_was_asked(stage):
    await stage.opens_channel("c2", "lounge")
    await stage.restarts()  # it learns who is there
    await fills_deck(stage, "doors", 6)
    await confirm(stage, "/prompt schedule #staffroom every mon 09:00 deck:doors")
    await stage.asks("mo", "/prompt schedule #lounge every thu 09:00 deck:doors")
    preview = stage.last("mo")
    assert "s1 asks some of the same people from this deck." in stage.text(preview)
    await stage.presses("mo", preview, "Confirm")
    await stage.until("2026-10-15 10:00")
    await stage.asks("mo", "/prompt cancel s2")
    await confirm(stage, "/prompt schedule #lounge every fri 09:00 deck:doors")
    await stage.until("2026-10-22 10:00")
    asked = asked_in(stage, "c1", "c2")
    assert len(asked) == 6
    assert len(set(asked)) == 6, "another schedule in the same channel remembers too"
