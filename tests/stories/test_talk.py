"""What somebody writes to the bot in their own words is understood before anything of it is stored."""

from __future__ import annotations

import pytest

ASKED = "Save this as your answer to"


async def reply_to(stage, who: str, text: str):
    """What the bot answers to a direct message; whoever answers first is welcomed besides."""
    await stage.writes_to_the_bot(who, text)
    await stage.settles()
    return [one for one in stage.inbox(who) if "Welcome to Tilth" not in stage.text(one)][-1]


@pytest.mark.parametrize(
    "text",
    [
        "Please stop", "Stop all", "can you stop messaging me", "ya no quiero más mensajes",
        "pls unsuscribe me", "I don't want to get these anymore", "/ my stop",
    ],
)  # fmt: skip
async def test_whoever_asks_to_be_left_alone_is_left_alone_and_nothing_is_stored(monday, text):
    card = await reply_to(monday, "ada", text)
    assert "no more messages" in monday.text(card)
    assert await monday.answers() == {}


async def test_a_question_is_the_answer_to_a_prompt_that_asks_for_one(stage):
    await stage.asks("mo", "/prompt import deck:asking -- What would you ask a student?")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 deck:asking")
    await stage.until("2026-10-05 09:01")
    assert "Saved as your answer" in stage.text(await reply_to(stage, "ada", "What should I know about you?"))
    await stage.says("ben", "What did I get wrong about you?", thread=stage.prompts()[0])
    await stage.settles()
    kept = {"Ada Quinn": "What should I know about you?", "Ben Okafor": "What did I get wrong about you?"}
    assert await stage.answers() == kept
    assert "Save this as your answer to" in stage.text(
        await reply_to(stage, "mo", "What do you need from me?")
    )
    assert "What I can do" in stage.text(await reply_to(stage, "mo", "What is this?"))
    assert await stage.answers() == kept


async def test_stop_ends_lessons_too_and_resume_brings_them_back(stage):
    await stage.asks("ada", "/course join c1")
    await stage.presses("ada", stage.last("ada"), "Join")
    await reply_to(stage, "ada", "leave me alone please")
    await stage.until("2026-10-06 09:00")
    assert "no more messages" in stage.text(stage.inbox("ada")[-1]), "nothing came after that"
    assert "Messages are on" in stage.text(await reply_to(stage, "ada", "I changed my mind, start again"))
    await stage.until("2026-10-13 09:00")
    assert len([one for one in stage.inbox("ada") if "Lesson 2 of" in stage.text(one)]) == 1


async def join_course(stage):
    await stage.asks("ada", "/course join c1")
    await stage.presses("ada", stage.last("ada"), "Join")
    await stage.until("2026-10-05 12:00")
    return next(one for one in stage.inbox("ada") if "Lesson 1 of" in stage.text(one))


async def test_a_reply_to_a_lesson_is_the_note_that_finishes_it(stage):
    lesson = await join_course(stage)
    await stage.answers_card("ada", lesson, "I will ask two colleagues what they need first.")
    await stage.settles()
    slack = stage.space.startswith("slack")  # the answer stands in the thread
    done = stage.text(stage.last("ada", channel=lesson.channel, thread=lesson if slack else None))
    assert "is done" in done
    assert "I will ask two colleagues what they need first." in done
    assert "1 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


async def test_help_under_a_lesson_is_still_help_and_done_is_done(stage):
    lesson = await join_course(stage)
    await stage.answers_card("ada", lesson, "what is this?")
    await stage.settles()
    assert "0 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))
    await stage.answers_card("ada", lesson, "done!")
    await stage.settles()
    seen = [stage.text(one) for one in (*stage.inbox("ada"), *stage.thread("ada", lesson))]
    assert any("What is one thing you tried or saw?" in text for text in seen)
    await stage.answers_card("ada", lesson, "all done")
    await stage.settles()
    assert "1 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


@pytest.mark.parametrize("text", ["?", "…", "🎉", "done?", "this lesson"])
async def test_what_does_not_say_so_finishes_no_lesson(stage, text):
    lesson = await join_course(stage)
    await stage.answers_card("ada", lesson, text)
    await stage.settles()
    assert "0 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


async def test_a_picture_alone_finishes_no_lesson(stage):
    lesson = await join_course(stage)
    await stage.answers_card("ada", lesson, "", files=("desk.jpg",))
    await stage.settles()
    assert "0 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


async def test_done_in_spanish_is_done(stage):
    lesson = await join_course(stage)
    for words in ("Listo, ya la terminé", "Hecha"):  # it is asked once what was tried
        await stage.answers_card("ada", lesson, words)
        await stage.settles()
    assert "1 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


async def test_a_sentence_after_a_lesson_is_offered_as_its_note(stage):
    await join_course(stage)
    card = await reply_to(stage, "ada", "I will ask two colleagues what they need first.")
    assert "Save this as your note to the lesson" in stage.text(card)
    assert "0 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))
    done = await stage.presses("ada", card, "Save")
    assert "is done" in stage.text(done)
    assert "1 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


async def test_with_a_prompt_and_a_newer_lesson_somebody_is_asked_where_a_sentence_belongs(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 08:00 closes:4d")
    await join_course(stage)
    card = await reply_to(stage, "ada", "I will ask two colleagues what they need first.")
    assert "Where do you want to save this?" in stage.text(card)
    [answer] = [label for label in card.buttons if label.startswith("Answer: ")]
    saved = await stage.presses("ada", card, answer)
    assert "Saved as your answer" in stage.text(saved)
    assert "0 of 4 lessons done" in stage.text(await stage.asks("ada", "/course progress"))


async def test_help_thanks_and_greetings_are_answered_and_never_stored(monday):
    stage = monday
    assert "What I can do" in stage.text(await reply_to(stage, "ada", "hi, what can you do?"))
    assert "You're welcome" in stage.text(await reply_to(stage, "ada", "Thanks!"))
    assert "Hello" in stage.text(await reply_to(stage, "ada", "Buenos días"))
    assert "I can't answer questions" in stage.text(await reply_to(stage, "ada", "Can I answer in Spanish?"))
    assert await stage.answers() == {}


async def test_thanks_after_an_answer_are_no_part_of_it(monday):
    stage = monday
    await reply_to(stage, "ada", "We moved the desks into groups.")
    assert "You're welcome" in stage.text(await reply_to(stage, "ada", "Thank you!"))
    assert await stage.answers() == {"Ada Quinn": "We moved the desks into groups."}


async def test_what_only_sounds_like_a_wish_is_an_answer(monday):
    stage = monday
    card = await reply_to(stage, "ada", "Stop asking kids to line up. That was my moment.")
    assert "Saved as your answer" in stage.text(card)
    assert await stage.answers() == {"Ada Quinn": "Stop asking kids to line up. That was my moment."}


async def test_a_message_that_was_no_answer_is_taken_out_and_can_be_put_back(monday):
    stage = monday
    card = await reply_to(stage, "ada", "We moved the desks into groups.")
    gone = await stage.presses("ada", card, "Not an answer")
    assert "I removed it" in stage.text(gone)
    assert await stage.answers() == {}
    back = await stage.presses("ada", gone, "Undo")
    assert "Saved as your answer" in stage.text(back)
    assert await stage.answers() == {"Ada Quinn": "We moved the desks into groups."}


@pytest.mark.parametrize("text", ["undo", "delete that", "borra eso", "oops wrong chat"])
async def test_what_was_said_last_is_taken_back_and_the_words_for_it_are_not_appended(monday, text):
    stage = monday
    await reply_to(stage, "ada", "We moved the desks into groups.")
    await stage.later(minutes=1)
    await reply_to(stage, "ada", "And the bell was off all week.")
    await stage.later(minutes=1)
    gone = await reply_to(stage, "ada", text)
    assert "The rest of your answer" in stage.text(gone)
    assert await stage.answers() == {"Ada Quinn": "We moved the desks into groups."}


async def test_what_was_taken_back_is_gone_from_everywhere_after_ten_minutes(monday):
    stage = monday
    await reply_to(stage, "ada", "We moved the desks into groups.")
    await stage.later(minutes=1)
    await reply_to(stage, "ada", "undo")
    await stage.later(minutes=15)
    assert not [line for line in await stage.dump() if "moved the desks" in line and "playground" not in line]


async def test_words_that_are_too_few_are_asked_about_and_kept_only_by_a_button(monday):
    stage = monday
    card = await reply_to(stage, "ada", "not sure yet")
    assert ASKED in stage.text(card)
    assert await stage.answers() == {}
    await stage.restarts()
    saved = await stage.presses("ada", card, "Save")
    assert "Saved as your answer" in stage.text(saved)
    assert await stage.answers() == {"Ada Quinn": "not sure yet"}
    message = await stage.writes_to_the_bot("ben", "hmm")
    no = await stage.presses("ben", stage.inbox("ben")[-1], "No")
    assert "Not saved" in stage.text(no)
    assert await stage.answers() == {"Ada Quinn": "not sure yet"}
    assert message


async def test_without_an_open_prompt_there_is_a_way_on(stage):
    card = await reply_to(stage, "ada", "We moved the desks into groups.")
    assert "There's no open prompt right now" in stage.text(card)
    assert card.buttons == ("My answers", "My course", "What you can do")
    assert "What I can do" in stage.text(await stage.presses("ada", card, "What you can do"))


@pytest.mark.parametrize(
    "text", ["reflect history", "Reflect History", "mis respuestas", "/ reflect history"]
)
async def test_a_command_needs_no_slash(monday, text):
    card = await reply_to(monday, "ada", text)
    assert "You have no answers yet" in monday.text(card)
    assert await monday.answers() == {}


@pytest.mark.parametrize("lead", ["reflect answer p1 -- ", "@Tilth reflect answer p1 "])
async def test_the_words_of_a_command_without_a_slash_stay_as_they_are(monday, lead):
    words = "We tried it.\n\nIt  worked!"
    await reply_to(monday, "ada", f"{lead}{words}")
    assert await monday.answers() == {"Ada Quinn": words}


@pytest.mark.parametrize("text", ["reflect  history.", "@tilth, reflect\nhistory!"])
async def test_what_ends_a_command_without_words_says_nothing(monday, text):
    assert "You have no answers yet" in monday.text(await reply_to(monday, "ada", text))


async def test_who_calls_the_bot_in_a_channel_is_answered_alone(stage):
    await stage.says("ada", "@Tilth what can you do?")
    await stage.settles()
    alone = stage.last("ada") if stage.platform.whispers else stage.inbox("ada")[-1]
    assert "What I can do" in stage.text(alone)
    assert not [one for one in stage.room() if "What I can do" in stage.text(one)]


async def test_a_wish_in_a_thread_is_no_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "please stop messaging me", thread=prompt)
    await stage.settles()
    assert "no more messages" in stage.text(stage.last("ada", thread=prompt))
    await stage.says("ben", "Thanks!", thread=prompt)
    await stage.settles()
    assert await stage.answers() == {}


async def test_a_wish_that_was_written_while_the_bot_was_away_is_obeyed_or_answered_and_never_stored(monday):
    stage = monday
    await reply_to(stage, "ada", "We moved the desks into groups.")
    stage.deafen()
    await stage.writes_to_the_bot("ada", "please stop")
    await stage.writes_to_the_bot("ada", "what can you do?")
    stage.deafen(False)
    await stage.later(hours=7)
    said = "\n".join(stage.text(one) for one in stage.inbox("ada"))
    assert "no more messages" in said
    assert "I was not running then" in said
    assert await stage.answers() == {"Ada Quinn": "We moved the desks into groups."}
