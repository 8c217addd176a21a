"""What is an answer, what is talk, and what happens to each."""

from __future__ import annotations

import pytest


async def test_what_is_added_within_the_hour_belongs_to_the_answer_and_later_words_do_not(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.later(minutes=50)
    await stage.says("ada", "And the lift.", thread=prompt)
    await stage.later(minutes=50)
    await stage.says("ada", "Is there soup today?", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "The caretaker.\n\nAnd the lift."}


async def test_a_reply_to_another_person_is_talk(monday):
    stage, [prompt] = monday, monday.prompts()
    ada = await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.says("ben", "Tell me more!", thread=prompt, to=ada)
    await stage.says("cleo", "@Ada Quinn same here", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}
    await stage.says("ben", "For me it was the bus.", thread=prompt)
    assert (await stage.answers())["Ben Okafor"] == "For me it was the bus."


async def test_an_edit_that_turns_the_first_reply_into_talk_lets_the_next_one_count(monday):
    stage, [prompt] = monday, monday.prompts()
    first = await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.later(hours=2)
    await stage.says("ada", "My answer is the lift.", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}
    await stage.edits("ada", first, "@Ben Okafor the caretaker says hello")
    await stage.later(minutes=1)
    assert await stage.answers() == {"Ada Quinn": "My answer is the lift."}


async def test_a_reaction_saves_ones_own_message_as_an_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    talk = await stage.says("ada", "@Ben Okafor it was the caretaker", thread=prompt)
    assert await stage.answers() == {}
    await stage.reacts("ben", talk, "seedling")
    await stage.later(minutes=1)
    assert await stage.answers() == {}, "only one's own message"
    await stage.reacts("ada", talk, "seedling")
    await stage.later(minutes=1)
    assert await stage.answers() == {"Ada Quinn": "@Ben Okafor it was the caretaker"}


async def test_the_form_and_the_thread_are_one_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, q0="By form.", sharing="me")
    await stage.later(minutes=5)
    await stage.says("ada", "And in the thread.", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "By form.\n\nAnd in the thread."}
    again = await stage.presses("ada", prompt, "Answer or edit")
    assert stage.is_form(again)
    assert stage.value(again, "q0") == "By form.\n\nAnd in the thread.", "the form comes back filled"
    await stage.fills_in("ada", again, q0="By form, better.", sharing="me")
    assert await stage.answers() == {"Ada Quinn": "By form, better."}


@pytest.mark.only("local", "slack", reason="Discord's client sends no empty field")
async def test_an_empty_field_keeps_the_form_open_and_loses_nothing(monday):
    stage, [prompt] = monday, monday.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    reply = await stage.fills_in("ada", form, q0="   ", sharing="everyone")
    assert set(stage.errors(reply)) == {"q0"}
    assert await stage.answers() == {}


async def test_a_late_answer_is_kept_and_marked_and_left_out_of_the_digest(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("cleo", "The bus.", thread=prompt)
    await stage.until("2026-10-10 10:00")
    before = stage.text(stage.digests()[0])
    await stage.says("ada", "The caretaker, I only now remember.", thread=prompt)
    assert (await stage.answers())["Ada Quinn"] == "The caretaker, I only now remember."
    assert "This answer was late." in stage.text(await stage.asks("ada", "/reflect history"))
    await stage.settles()
    assert stage.text(stage.digests()[0]) == before
    # Too late even for that: the words go back to their author.
    await stage.until("2026-10-17 10:00")
    reply = await stage.asks("ben", "/reflect answer p1")
    assert "late answers are over" in stage.text(reply)


async def test_a_direct_message_without_an_open_prompt_is_not_stored_and_leads_on(stage):
    await stage.writes_to_the_bot("ada", "The caretaker was there for us all week.")
    assert "There's no open prompt right now" in stage.text(stage.inbox("ada")[-1])
    assert not [
        line for line in await stage.dump() if "The caretaker was" in line and "adapter_state" not in line
    ]


async def test_a_direct_message_after_closing_is_late_or_belongs_to_the_prompt_that_is_open_by_then(monday):
    stage = monday
    await stage.writes_to_the_bot("ada", "The caretaker.")
    await stage.until("2026-10-10 10:00")
    await stage.writes_to_the_bot("ada", "And the lift, late.")
    assert await stage.answers() == {"Ada Quinn": "The caretaker.\n\nAnd the lift, late."}
    await stage.until("2026-10-12 10:00")
    await stage.writes_to_the_bot("ada", "Four of them came early.")
    assert await stage.answers() == {"Ada Quinn": "Four of them came early."}, (
        "the answer to the newest prompt is another one"
    )


async def test_an_oversized_message_gets_a_clear_answer_and_is_taken_once_it_is_shorter(monday):
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", "x" * 9000, thread=prompt)
    assert "9,000 characters. I can save up to 8,000" in stage.text(stage.last("ada", thread=prompt))
    assert await stage.answers() == {}
    await stage.edits("ada", message, "Short now.")
    assert await stage.answers() == {"Ada Quinn": "Short now."}


async def test_a_deleted_answer_can_be_brought_back_for_ten_minutes_and_an_edit_does_not_revive_it(monday):
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.later(minutes=1)
    card = await stage.asks("ada", "/reflect delete a1")
    assert "deleted" in stage.text(card)
    assert await stage.answers() == {}
    await stage.presses("ada", stage.last("ada"), "Undo")
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}
    await stage.asks("ada", "/reflect delete a1")
    await stage.later(minutes=11)
    assert "You have no answer a1" in stage.text(await stage.presses("ada", stage.last("ada"), "Undo"))
    await stage.edits("ada", message, "The caretaker, again.")
    assert await stage.answers() == {}


async def test_the_digest_follows_what_its_quotes_do_afterwards(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    message = await stage.says("ben", "The bus.", thread=prompt)
    await stage.until("2026-10-09 12:00")
    assert "2 people shared an answer with everyone." in stage.text(stage.digests()[0])
    await stage.erases("ben", message)
    await stage.settles()
    [digest] = stage.digests()
    assert "The bus." not in stage.text(digest)
    assert "One person shared an answer with everyone." in stage.text(digest)


async def test_answers_stay_private_until_their_author_shares_them(monday):
    stage, [prompt] = monday, monday.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, q0="Between us.", sharing="me")
    assert "You have no answer a1" in stage.text(await stage.asks("ben", "/reflect share a1 everyone"))
    await stage.until("2026-10-09 12:00")
    assert stage.digests() == [], "there is nothing to show yet"
    await stage.asks("ada", "/reflect share a1 everyone")
    await stage.settles()
    assert "Between us." in stage.text(stage.digests()[0])


async def test_a_direct_message_meant_for_another_prompt_can_be_moved(stage):
    for rule in ("every mon 09:00", "every mon 10:00"):
        await stage.confirms(f"/prompt schedule #staffroom {rule} closes:4d")
    await stage.until("2026-10-05 10:00")
    await stage.writes_to_the_bot("ada", "The caretaker.")
    receipt = stage.inbox("ada")[-1]
    assert "This was meant for" in stage.text(receipt)
    other = stage.options(receipt, "This was meant for")[0]
    await stage.chooses("ada", receipt, "This was meant for", other)
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}
    assert other in stage.text(stage.inbox("ada")[-1])


async def test_a_command_answers_the_only_open_prompt_or_opens_the_form(monday):
    stage = monday
    receipt = await stage.asks("ada", "/reflect answer We held it ourselves.")
    assert "We held it ourselves." in stage.text(receipt)
    assert stage.is_form(await stage.asks("ben", "/reflect answer"))
    refused = await stage.asks("ben", "/reflect answer p9 -- Something dear.")
    assert "There is no prompt p9. Open now:" in stage.text(refused)
    receipt = await stage.presses("ben", refused, refused.buttons[0])
    assert "Something dear." in stage.text(receipt)


async def test_somebody_who_wants_nothing_kept_is_not_kept(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.asks("ada", "/my settings keep:no")
    await stage.says("ada", "Do not keep this.", thread=prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    assert "Saving is off for you" in stage.text(form)
    assert await stage.answers() == {}
    assert [line for line in await stage.dump() if "Do not keep this" in line] == []
