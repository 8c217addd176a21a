"""Files that people hand in with a modal on Discord: fetched at once, and chosen again when a form was refused."""

from __future__ import annotations

from bot.chat.cards import say
from bot.chat.events import FormSubmitted
from bot.chat.forms import FieldErrors, Form, LongText, Upload
from bot.chat.handed_file import MOST_BYTES
from tests.adapters.discord.test_asking import post

FORM = Form(
    "try.words", "A file",
    (Upload("file", "A table", ("csv",), required=False), LongText("text", "Or text", required=False)), "w1",
)  # fmt: skip
DATA = "person,lesson\nJosé,1\n".encode()


async def opened(school):
    bot = await school.start()
    school.door.opening = FORM
    id = await post(school, bot)
    await school.fake.press(school.ada, id, "Words")
    return school.fake.modal(school.ada)


async def test_a_file_arrives_with_its_form(school):
    form = await opened(school)
    assert [one["component"]["type"] for one in form["components"]] == [19, 4]
    await school.fake.submit(school.ada, {"file": {"people.csv": DATA}, "text": "beside it"})
    await school.fake.settle()
    [event] = school.door.of(FormSubmitted)
    handed = event.fields["file"]
    assert (handed.name, handed.size, handed.data, handed.fault) == ("people.csv", len(DATA), DATA, "")
    assert event.fields["text"] == "beside it"


async def test_a_form_without_its_file_says_nothing_of_one(school):
    await opened(school)
    await school.fake.submit(school.ada, {"text": "only this"})
    await school.fake.settle()
    assert school.door.of(FormSubmitted)[0].fields == {"file": "", "text": "only this"}


async def test_a_file_that_is_too_large_is_not_fetched(school):
    await opened(school)
    await school.fake.submit(school.ada, {"file": {"people.csv": b"x" * (MOST_BYTES + 1)}})
    await school.fake.settle()
    handed = school.door.of(FormSubmitted)[0].fields["file"]
    assert (handed.size, handed.data) == (MOST_BYTES + 1, b"")


async def test_a_file_that_is_gone_is_said_to_be_so(school):
    await opened(school)
    school.door.will_answer(FormSubmitted, say("Thank you."))
    keep = school.fake.uploads
    school.fake.uploads = type("Gone", (dict,), {"get": lambda *_: None, "__contains__": lambda *_: False})(
        keep
    )
    await school.fake.submit(school.ada, {"file": {"people.csv": DATA}})
    await school.fake.settle()
    assert "could not fetch people.csv" in school.door.of(FormSubmitted)[0].fields["file"].fault


async def test_a_refused_form_opens_with_its_words_and_asks_for_the_file_again(school):
    await opened(school)
    school.door.will_answer(FormSubmitted, FieldErrors({"file": "people.csv is empty."}), say("Thank you."))
    await school.fake.submit(school.ada, {"file": {"people.csv": DATA}, "text": "All that I had to say."})
    await school.fake.settle()
    [complaint] = school.fake.ephemerals(school.ada, school.room)
    said = school.fake.text(complaint)
    assert "A table: people.csv is empty." in said
    assert "A file has to be chosen again." in said
    assert "José" not in said
    await school.fake.press(school.ada, complaint, "Correct it")
    held = [one["component"].get("value") for one in school.fake.modal(school.ada)["components"]]
    assert held == [None, "All that I had to say."]
