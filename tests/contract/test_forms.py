"""Forms: what is shown in every kind of field, what comes back, and what happens when it cannot be taken."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.chat.cards import say
from bot.chat.events import FormSubmitted
from bot.chat.forms import FieldErrors, read_fields
from tests.contract.door import CARD, OPTIONS, THINGS, WORDS
from tests.stories.room import Complaint, Line, Sheet


@pytest.fixture
async def words(here) -> Sheet:
    line = await here.post(CARD)
    sheet = await here.room.press("ada", line, "Words")
    assert isinstance(sheet, Sheet)
    return sheet


@pytest.fixture
async def things(here) -> Sheet:
    here.door.opening = THINGS
    line = await here.post(CARD)
    sheet = await here.room.press("ada", line, "Things")
    assert isinstance(sheet, Sheet)
    return sheet


def sent(here, form):
    """The submission as the core reads it: values and errors."""
    last = here.door.of(FormSubmitted)[-1]
    assert (last.id, last.value) == (form.id, form.value)
    return read_fields(form, last.fields)


async def test_a_form_shows_its_labels_hints_options_and_what_it_holds(words):
    assert [one.name for one in words.blanks] == ["short", "long", "choice", "choices", "scale"]
    assert [one.label for one in words.blanks] == [one.label for one in WORDS.inputs]
    assert [one.value for one in words.blanks] == ["as it was", "one\ntwo", "b", ("a", "c"), "4"]
    assert words.blank("choice").options == words.blank("choices").options == OPTIONS
    assert [value for value, _ in words.blank("scale").options] == ["1", "2", "3", "4", "5"]
    for said in ("Take your", "One line.", "little", "much"):
        assert said in words.text
    assert all(one.required for one in words.blanks)


async def test_a_form_sent_untouched_comes_back_as_it_was(here, words):
    await here.room.submit("ada", words, {})
    assert sent(here, WORDS) == (
        {"short": "as it was", "long": "one\ntwo", "choice": "b", "choices": ("a", "c"), "scale": 4},
        {},
    )
    [event] = here.door.of(FormSubmitted)
    assert (event.person, event.place) == (here.actor("ada"), here.place())


async def test_every_kind_of_word_comes_back_as_it_was_written(here, words):
    new = {
        "short": "a < b & *c*",
        "long": "ünï 🌱\n\n> <!here> @everyone",
        "choice": "c",
        "choices": ("b",),
        "scale": 2,
    }
    await here.room.submit("ada", words, new)
    assert sent(here, WORDS) == (new, {})


async def test_every_kind_of_thing_comes_back(here, things):
    assert things.blank("when").value == "2026-10-09 18:30"
    assert [one.required for one in things.blanks] == [True, True, True, False, False]
    await here.room.submit("ada", things, {"when": "2026-12-01 07:45", "member": "ben", "channel": "c2"})
    values, errors = sent(here, THINGS)
    assert errors == {}
    assert values == {
        "when": datetime(2026, 12, 1, 7, 45),  # noqa: DTZ001 - local by contract
        "member": here.room.id_of("ben"), "channel": here.room.id_of("c2"), "maybe": None, "any": (),
    }  # fmt: skip


async def test_fields_that_are_not_needed_may_be_filled_in(here, things):
    new = {"member": "cleo", "channel": "c1", "maybe": "Why not.", "any": ("a", "b", "c")}
    await here.room.submit("ada", things, new)
    values, _ = sent(here, THINGS)
    assert (values["maybe"], values["any"]) == ("Why not.", ("a", "b", "c"))
    assert values["when"] == THINGS.inputs[0].value


async def test_the_answer_to_a_form_is_shown_to_whoever_sent_it(here, words):
    here.door.will_answer(FormSubmitted, say("Thank you."))
    shown = await here.room.submit("ada", words, {})
    assert isinstance(shown, Line)
    assert (shown.text, shown.private) == ("Thank you.", True)
    assert all(one.text != "Thank you." for one in here.own("ben"))


async def test_a_form_that_cannot_be_taken_says_why_and_loses_nothing(here, words):
    here.door.will_answer(
        FormSubmitted,
        FieldErrors({"short": "Too few words.", "scale": "Pick another number."}),
        say("Thank you."),
    )
    filled = {"short": "no", "long": "All that I had to say.", "choice": "a", "choices": ("c",), "scale": 1}
    wrong = await here.room.submit("ada", words, filled)
    assert isinstance(wrong, Complaint)
    assert dict(wrong.errors) == {"short": "Too few words.", "scale": "Pick another number."}
    again = await here.room.amend("ada", wrong)
    kept = {one.name: one.value for one in again.blanks}
    assert kept == {**filled, "scale": "1"}
    shown = await here.room.submit("ada", again, {"short": "quite enough"})
    assert isinstance(shown, Line)
    assert shown.text == "Thank you."
    assert sent(here, WORDS) == ({**filled, "short": "quite enough"}, {})


async def test_a_form_from_a_command_comes_back_to_where_the_command_was_written(here):
    sheet = await here.room.command("ben", "c2", "/try form")
    assert isinstance(sheet, Sheet)
    here.door.will_answer(FormSubmitted, say("Thank you."))
    await here.room.submit("ben", sheet, {})
    [event] = here.door.of(FormSubmitted)
    assert (event.person, event.place) == (here.actor("ben"), here.place("c2"))
    assert [one.text for one in here.own("ben", "c2")] == ["Thank you."]


async def test_a_long_text_of_three_thousand_characters_fits(here, words):
    text = ("All that I had to say. " * 140)[:3000].strip()
    await here.room.submit("ada", words, {"long": text})
    values, _ = sent(here, WORDS)
    assert values["long"] == text
