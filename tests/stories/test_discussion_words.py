"""Whatever moderators type into a discussion comes out as they typed it, or is refused with words that help."""

from __future__ import annotations

import pytest

from bot.chat.models import clean_text
from tests.nasty import TEXTS
from tests.seeds import seeds
from tests.stories.test_discussions import titles

SORRY = "Something went wrong on my side"
PARTS = 6
"""Into how many tests the texts are dealt; all of them are tried at night."""


@pytest.mark.only(
    "local", reason="what people type is judged by the core; how it looks, by the contract of adapters"
)
@pytest.mark.parametrize("part", seeds(2, PARTS))
async def test_everything_people_can_type_is_planned_or_refused(stage, part):
    count, texts = 0, TEXTS[part::PARTS]
    for number, text in enumerate(texts):
        form = await stage.asks("mo", "/discuss schedule #staffroom")
        shown = await stage.fills_in(
            "mo", form, channel="c1", when="tomorrow 16:00", repeat="once", title=text[:100], text=text[:3000]
        )
        if stage.errors(shown) or stage.is_form(shown):
            continue
        said = stage.text(shown)
        assert SORRY not in said, repr(text)
        if "A new schedule" not in said:
            continue
        confirmed = await stage.presses("mo", stage.last("mo"), "Confirm")
        assert SORRY not in stage.text(confirmed), repr(text)
        count += 1
        added = await stage.asks("mo", f"/discuss topics d{number + 1} add -- {clean_text(text)[:79]}")
        assert SORRY not in stage.text(added)
    assert count > len(texts) / 3
    for line in ("/discuss list days:30", "/discuss preview weeks:3", "/tilth audit"):
        assert SORRY not in stage.text(await stage.asks("ida", line))
    await stage.until("2026-10-05 16:30")
    assert len(titles(stage)) == count
    assert await stage.broken() == []


@pytest.mark.parametrize(
    "line",
    [
        '/discuss schedule #staffroom "thu 16:00" title:"{" -- {topic',
        '/discuss schedule #staffroom "thu 16:00" title:"{}"',
        '/discuss schedule #staffroom "thu 16:00" title:"{{week}}"',
        '/discuss schedule #staffroom "thu 16:00" title:"x" closes:1m',
        '/discuss schedule #staffroom "thu 16:00" title:"x" closes:90d',
        '/discuss schedule #staffroom "thu 16:00 Mars/Olympus" title:"x"',
        '/discuss schedule #staffroom "every thu 16:00" title:"x" repeat:monthly',
        '/discuss schedule #staffroom "2020-01-01 16:00" title:"x"',
        '/discuss schedule #staffroom "thu 16:00" title:"x" seats:0 meets:"fri 15:00"',
        '/discuss schedule #staffroom "thu 16:00" title:"x" meets:"fri"',
        '/discuss schedule #staffroom "thu 16:00" title:"x" tags:a,b,c,d,e,f',
        "/discuss edit d999", "/discuss skip d999", "/discuss topics d999 add -- x", "/discuss now d999",
        "/discuss list days:0", "/discuss preview weeks:1000", "/tilth calendar remove b99",
        "/tilth calendar add 30 oct to 20 oct", "/tilth calendar policy x9 hold", "/tilth calendar holidays Atlantis",
        '/tilth calendar add "31 feb"',
    ],
)  # fmt: skip
@pytest.mark.only("local", reason="refusals are the core's")
async def test_what_cannot_be_done_says_so_and_what_to_do(stage, line):
    shown = await stage.asks("mo", line)
    if stage.is_form(shown):
        return
    said = stage.text(shown)
    assert SORRY not in said
    assert "runs already" not in said
