"""Files that people hand in with a modal: fetched with the token, and never mistaken for a page."""

from __future__ import annotations

import pytest

from bot.chat.events import FormSubmitted
from bot.chat.forms import Form, LongText, Upload
from bot.chat.handed_file import MOST_BYTES
from tests.contract.door import CARD
from tests.fakes.slack.inputs import NotPossible

FORM = Form(
    "try.words", "A file",
    (Upload("file", "A table", ("csv",), required=False), LongText("text", "Or text", required=False)), "w1",
)  # fmt: skip
DATA = "person,lesson\nJosé,1\n".encode()


async def opened(here):
    """A form with a file, open in front of Ada."""
    here.slack.manifest.scopes.add("files:read")
    here.door.opening = FORM
    ts = await here.post_whole(CARD, "marker")
    await here.slack.click(here.ada, here.slack.message(here.room, ts), "Words")
    await here.rest()
    return here.slack.modal(here.ada)


async def test_a_file_arrives_with_its_form(here):
    view = await opened(here)
    [element] = [one["element"] for one in view["blocks"] if one["element"]["type"] == "file_input"]
    assert (element["filetypes"], element["max_files"]) == (["csv"], 1)
    await here.slack.submit(here.ada, {"A table": {"people.csv": DATA}, "Or text": "beside it"})
    await here.rest()
    [event] = here.door.of(FormSubmitted)
    handed = event.fields["file"]
    assert (handed.name, handed.size, handed.data, handed.fault) == ("people.csv", len(DATA), DATA, "")
    assert event.fields["text"] == "beside it"


async def test_a_form_without_its_file_says_nothing_of_one(here):
    await opened(here)
    await here.slack.submit(here.ada, {"Or text": "only this"})
    await here.rest()
    assert here.door.of(FormSubmitted)[0].fields == {"file": "", "text": "only this"}


async def test_slacks_client_takes_one_file_of_the_kinds_that_are_asked_for(here):
    await opened(here)
    with pytest.raises(NotPossible, match="kinds"):
        await here.slack.submit(here.ada, {"A table": {"people.pdf": DATA}})
    with pytest.raises(NotPossible, match="not complete"):
        await here.slack.submit(here.ada, {"A table": {"a.csv": DATA, "b.csv": DATA}})


async def test_a_file_that_is_too_large_is_not_fetched(here):
    await opened(here)
    await here.slack.submit(here.ada, {"A table": {"people.csv": b"x" * (MOST_BYTES + 1)}})
    await here.rest()
    handed = here.door.of(FormSubmitted)[0].fields["file"]
    assert (handed.size, handed.data) == (MOST_BYTES + 1, b"")


async def test_a_page_in_the_place_of_a_file_is_said_to_be_one(here):
    await opened(here)
    here.slack.fill(here.ada, {"A table": {"people.csv": DATA}})
    here.slack.manifest.scopes.discard("files:read")  # the operator takes it back meanwhile
    await here.slack.submit(here.ada)
    await here.rest()
    handed = here.door.of(FormSubmitted)[0].fields["file"]
    assert handed.data == b""
    assert "files:read" in handed.fault


async def test_a_file_that_cannot_be_fetched_is_said_to_be_so(here):
    await opened(here)
    here.slack.fill(here.ada, {"A table": {"people.csv": DATA}})
    for file in here.slack.world.files.values():
        file.deleted = True
    await here.slack.submit(here.ada)
    await here.rest()
    assert "could not fetch people.csv" in here.door.of(FormSubmitted)[0].fields["file"].fault


async def test_without_the_scope_the_form_asks_for_the_text_and_says_why(here):
    here.door.opening = FORM
    ts = await here.post_whole(CARD, "marker")
    await here.slack.click(here.ada, here.slack.message(here.room, ts), "Words")
    await here.rest()
    view = here.slack.modal(here.ada)
    assert "file_input" not in str(view)
    assert "files:read" in str(view["blocks"][0])
    await here.slack.submit(here.ada, {"Or text": "pasted"})
    await here.rest()
    assert here.door.of(FormSubmitted)[0].fields == {"text": "pasted"}
