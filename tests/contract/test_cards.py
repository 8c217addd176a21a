"""Every card anybody has thought of can be said, and every text anybody could write can be in it."""

from __future__ import annotations

import re

import pytest

from bot.chat import card_examples
from bot.chat.cards import Card, Facts, Heading, Markdown, Note, Quote, Table, say
from bot.chat.models import clean_text
from bot.chat.port import PlatformError
from bot.playground.bare_app import bare_gallery
from tests.nasty import TEXTS, escaped, label, readable
from tests.stories.stage import settings_for

SHORT = 120
"""A text up to this long is never shortened by any platform, whatever block it is in."""


async def test_every_example_card_can_be_posted_updated_and_shown_to_one_person(here, tmp_path):
    every = [
        *bare_gallery(settings_for(tmp_path)),
        *(("every block", card) for card in card_examples.examples()),
    ]
    assert len(every) > 20
    line = await here.post(say("First."))
    for name, card in every:
        where = f"{name}: {card.title}"
        posted = await here.post(card)
        assert posted.text.strip(), where
        assert posted.title, where
        await here.adapter.update(here.place(), line.id, card)
        await here.adapter.private(here.place(), here.room.id_of("ada"), card)
        await here.adapter.delete(here.place(), posted.id)  # each look at the room reads all that is there
    assert here.room.notified() == []


async def test_every_block_reads_as_its_plain_text_does(here):
    [card] = card_examples.examples()
    line = await here.post(card)
    for said in (
        "Every block a card can hold", "Strong", "soft", "exact", "@Ada",
        "Closes: Monday", "Where: #", "> We tried *wait time* <today> @everyone.",
        "Team", "Lessons", "North", "2 of 3", "South", "■", "2 of 3", "A single gray dot", "Only you can see this.",
    ):  # fmt: skip
        assert said in line.text.replace("**", ""), said
    moments = ("Monday, October 5 at 9:00 AM", "Monday 5 October at 09:00")  # Discord's reader is in Ireland
    assert any(moment in line.text for moment in moments)
    assert line.buttons == ("Answer", "Not this week", "Read more")
    assert [one.label for one in line.selects] == ["Help"]


def nasty_card(text: str) -> Card:
    """The text in every block that may hold a member's words; the door has cleaned it before."""
    text = clean_text(text)
    return Card(
        "Somebody's words",
        (
            Heading(text),
            Markdown(f"Said by **{escaped(text)}** here"),
            Facts((("Name", text),)),
            Quote(text, by=text),
            Table(("Name", "Words"), ((text, "1"), ("Ben", text))),
            Note(text),
        ),
    )


def chunks() -> list[tuple[str, ...]]:
    return [TEXTS[at : at + 40] for at in range(0, len(TEXTS), 40)]


@pytest.mark.parametrize("texts", chunks(), ids=lambda texts: label(texts[0]))
async def test_nasty_texts_are_read_as_they_were_written_and_mention_nobody(here, texts):
    for text in texts:
        try:
            line = await here.post(nasty_card(text))
        except PlatformError as error:
            pytest.fail(f"{label(text)}: {error!r}")
        assert here.room.notified() == [], label(text)
        if len(text) <= SHORT and readable(text):
            assert readable(text) in readable(line.text), label(text)


@pytest.mark.parametrize("texts", chunks(), ids=lambda texts: label(texts[0]))
async def test_nasty_texts_as_quotes_are_read_exactly(here, texts):
    for text in texts:
        if not readable(text) or len(text) > SHORT:
            continue
        line = await here.post(say("Quoted.", Quote(clean_text(text))))
        quoted = "\n".join(re.sub("^> ?", "", one) for one in line.text.splitlines())
        assert readable(quoted) == readable(text), label(text)


async def test_nasty_texts_that_people_write_arrive_as_they_typed_them(here):
    """As far as people can type them: not control characters, half characters or the platform's own entities."""
    from tests.nasty import CONTROLS, LONG, MENTIONS

    for text in TEXTS:
        if text in CONTROLS or text in LONG or text in MENTIONS or "<" in text or not readable(text):
            continue
        await here.room.say("ada", "c1", text)
        heard = here.door.messages[-1].text
        assert readable(heard) == readable(text), label(text)
