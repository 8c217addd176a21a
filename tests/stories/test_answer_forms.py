"""The answer form holds what stands, however it came and however long it is, and what is sent replaces it."""

from __future__ import annotations

import pytest

from bot.chat.forms import LongText
from bot.reflections.answers.long_text import FormShape, join_fields, piece_name, read_shape, split_text

LONG = "\n\n".join(
    f"Paragraph {n}." + " We asked the students first, and wrote down what they said." * 8 for n in range(10)
)
"""About 5,000 characters: more than one field of a form holds on any platform."""


async def prompt_called(stage, title):
    """The newest prompt, once it is the one with this title."""
    while stage.title(stage.prompts()[-1]) != title:
        await stage.later(weeks=1)
    return stage.prompts()[-1]


def filled(stage, form):
    """What the text fields of a form hold, joined as they are read."""
    names = [one.name for one in form.blanks if one.name[0] in "qrw"]
    return [stage.value(form, name) for name in names]


async def test_the_form_of_somebody_who_answered_in_the_thread_is_filled_and_replaces(monday):
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", "The caretaker.", thread=prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    assert stage.value(form, "q0") == "The caretaker."
    receipt = await stage.fills_in("ada", form, q0="The caretaker, on Tuesday.")
    assert "no longer follows" in stage.text(receipt)
    assert await stage.answers() == {"Ada Quinn": "The caretaker, on Tuesday."}
    await stage.edits("ada", message, "The caretaker, every day.")
    assert await stage.answers() == {"Ada Quinn": "The caretaker, on Tuesday."}
    await stage.restarts()
    await stage.later(hours=1)
    assert await stage.answers() == {"Ada Quinn": "The caretaker, on Tuesday."}
    await stage.until("2026-10-09 12:00")
    assert "The caretaker, on Tuesday." in stage.text(stage.digests()[0])


async def test_the_form_of_somebody_who_wrote_directly_is_filled_and_replaces(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.writes_to_the_bot("ada", "The caretaker.")
    form = await stage.presses("ada", prompt, "Answer or edit")
    assert stage.value(form, "q0") == "The caretaker."
    await stage.fills_in("ada", form, q0="The lift.")
    await stage.restarts()
    await stage.later(hours=17)
    assert await stage.answers() == {"Ada Quinn": "The lift."}


async def test_words_from_the_thread_stand_beside_a_scale(monday):
    stage = monday
    prompt = await prompt_called(stage, "Room to think")
    await stage.says("ada", "Not much, with three assemblies.", thread=prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    assert stage.value(form, "r0") == "Not much, with three assemblies."
    await stage.fills_in("ada", form, q0="2")
    assert (await stage.answers())["Ada Quinn"] == "2 of 5\nNot much, with three assemblies."


@pytest.mark.only("local", reason="what is optional is the same behind every door")
async def test_a_reason_that_is_emptied_is_gone(monday):
    stage = monday
    prompt = await prompt_called(stage, "Room to think")
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, q0="2", r0="Three assemblies.")
    await stage.says("ada", "And the bus.", thread=prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, r0=None)
    assert (await stage.answers())["Ada Quinn"] == "2 of 5"


async def test_a_long_answer_in_a_command_is_kept_whole(monday):
    stage = monday
    assert 4000 < len(LONG) < 6000
    receipt = await stage.asks("ada", f"/reflect answer {' '.join(LONG.split())}")
    assert not stage.is_form(receipt)
    assert await stage.answers() == {"Ada Quinn": " ".join(LONG.split())}


async def test_a_long_text_for_a_scale_is_spread_over_several_fields(monday):
    stage, words = monday, " ".join(LONG.split())
    await prompt_called(stage, "Room to think")
    form = await stage.asks("ada", f"/reflect answer {words}")
    assert stage.is_form(form)
    assert " ".join(filled(stage, form)).split() == words.split()
    await stage.fills_in("ada", form, q0="2")
    assert (await stage.answers())["Ada Quinn"] == f"2 of 5\n{words}"


async def test_a_long_answer_that_is_edited_loses_nothing(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.writes_to_the_bot("ada", LONG)
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, sharing="team")
    assert await stage.answers() == {"Ada Quinn": LONG}
    form = await stage.asks("ada", "/reflect edit a1")
    await stage.fills_in("ada", form, sharing="me")
    assert await stage.answers() == {"Ada Quinn": LONG}


async def test_a_command_with_words_shows_what_stands_before_it_replaces_that(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    form = await stage.asks("ada", "/reflect answer And the lift.")
    assert stage.value(form, "q0") == "The caretaker.\n\nAnd the lift."
    await stage.fills_in("ada", form)
    assert await stage.answers() == {"Ada Quinn": "The caretaker.\n\nAnd the lift."}


async def test_a_message_too_long_for_a_suggestion_is_not_cut_unseen(monday):
    stage = monday
    said = await stage.says("ada", LONG)
    shown = await stage.uses("ada", "reflect.suggest", said)
    assert not stage.is_form(shown)
    assert "A question has at most 299 characters; this one has 4,9" in stage.text(shown)


async def test_an_edit_from_before_a_deletion_does_not_join_the_answer_that_follows(monday):
    stage, [prompt] = monday, monday.prompts()
    first = await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.later(minutes=1)
    await stage.asks("ada", "/reflect delete a1")
    await stage.later(minutes=20)
    await stage.says("ada", "The lift.", thread=prompt)
    await stage.edits("ada", first, "The caretaker, again.")
    assert await stage.answers() == {"Ada Quinn": "The lift."}


async def test_a_message_saved_after_the_form_joins_it(monday):
    stage, [prompt] = monday, monday.prompts()
    talk = await stage.says("ada", "@Ben Okafor it was the caretaker", thread=prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, q0="The lift.")
    await stage.later(minutes=5)
    await stage.reacts("ada", talk, "seedling")
    await stage.later(minutes=1)
    assert sorted((await stage.answers())["Ada Quinn"].split("\n\n")) == [
        "@Ben Okafor it was the caretaker",
        "The lift.",
    ]
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, q0="Only the lift.")
    await stage.edits("ada", talk, "@Ben Okafor it was the caretaker, really")
    await stage.restarts()
    await stage.later(hours=1)
    assert await stage.answers() == {"Ada Quinn": "Only the lift."}


async def test_a_form_that_comes_too_late_goes_back_to_its_author(monday):
    stage, [prompt] = monday, monday.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.until("2026-10-17 10:00")
    reply = stage.text(await stage.fills_in("ada", form, q0="The caretaker, at last."))
    assert "late answers are over" in reply
    assert "The caretaker, at last." in reply
    assert await stage.answers() == {}


async def test_a_long_text_is_one_text_again_wherever_it_was_cut():
    for text in ("x" * 9001, "word " * 1500 + "end", "One line.\n" * 800 + "end", "😀" * 5000, LONG * 2):
        pieces, joints = split_text(text)
        assert max(len(one.encode("utf-16-le")) // 2 for one in pieces) <= 3000
        values = {piece_name("q0", number): piece for number, piece in enumerate(pieces)}
        assert join_fields(values, "q0", joints) == text
        assert read_shape(FormShape(False, joints).write("o57")) == FormShape(False, joints)


async def test_a_field_is_never_filled_with_more_than_it_holds():
    with pytest.raises(ValueError, match="not 3001"):
        LongText("q0", "Your answer", value="x" * 3001)
    with pytest.raises(ValueError, match="takes 4000"):
        LongText("q0", "Your answer", limit=4000)
