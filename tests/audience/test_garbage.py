"""What a client could send: no value of a button, form or field brings down an answer, and each is answered politely."""

from __future__ import annotations

import os

import pytest

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.menu_cards import CHOOSE, FILL, MORE, OPEN, RUN
from tests.audience.test_matrix import peopled
from tests.audience.town import words

HUGE = "99999999999999999999"
FIXED = (
    "", "x" * 90, "/", "||", "null", "\0", "\ud83d", "2026-13-45", "1/0/-5", "0", "-1", HUGE, "1e3", "٣", "²", "1.5", "c1.x",
)  # fmt: skip
"""What every button and form is sent; by day each a third of them, another third for its neighbor."""
SHAPED = (
    *(f"{letter}{number}" for letter in "aopsdcetbilu" for number in ("1", HUGE, "²", "٣", "-1")),
    "a1/nobody", "a1/everyone/more", "o1/x/y", "o1/" + "9" * 80, "c1.", "d1/2026-W99", "s1/" + "9" * 60, "t9/9", "e1/",
    "1|2026-10-05|", "0|never|", "0|2026-10-05T00:00:00|x", "9" * 15 + "||", "0|||", "1/99999", "99999999/1", "tilth/0",
)  # fmt: skip
"""What looks like the value of some button; by day each is sent a tenth of them, another tenth for its neighbor."""
MENU = (
    "nowhere", "prompt nowhere", "prompt/99", "nowhere/1", "99/schedule/prompt pause", "0/nothing/prompt pause",
    "prompt pause schedule:p1", 'my away days:"', "reflect share answer:a1 with:nobody", "tilth/0", "-1/x/y",
)  # fmt: skip
THIRD, TENTH = (1, 1) if os.environ.get("NIGHTLY") else (3, 10)
FIELDS = {
    "text": "x" * 5000,
    "q0": "٣",
    "word": "²",
    "code": "A1-",
    "sharing": "nobody",
    "zone": "Nowhere",
    "quiet": "25-99",
}


def complaint(shown: object, caplog: pytest.LogCaptureFixture) -> str:
    """What is wrong with an answer; empty for a polite one."""
    broken = [record for record in caplog.records if record.exc_info]
    caplog.clear()
    if broken and broken[0].exc_info:
        return repr(broken[0].exc_info[1])
    if isinstance(shown, Card) and "Something went wrong" in words(shown):
        return words(shown)
    return ""


async def test_no_value_of_a_button_or_form_brings_down_an_answer(tmp_path, caplog):
    async with peopled(tmp_path, secrets=False) as town:
        wrong = []
        await town.asks("admin", "/my stop")
        for feature in town.stage.app.features:
            for number, button in enumerate(feature.buttons):
                for value in (
                    *FIXED[number % THIRD :: THIRD],
                    *SHAPED[number % TENTH :: TENTH],
                    *(MENU if button.id in (RUN, MORE, CHOOSE) else ()),
                ):
                    shown: object = await town.presses("admin", button.id, value)
                    if problem := complaint(shown, caplog):
                        wrong.append((button.id, value[:30], problem))
            for number, form in enumerate(feature.forms):
                for value in (
                    *FIXED[number % THIRD :: THIRD],
                    *SHAPED[number % TENTH :: TENTH],
                    *(MENU if form.id in (OPEN, FILL) else ()),
                ):
                    shown = await town.opens("admin", form.id, value)
                    if problem := complaint(shown, caplog):
                        wrong.append((form.id, value[:30], problem))
                    fields = (
                        dict.fromkeys((one.name for one in shown.inputs), "²")
                        if isinstance(shown, Form)
                        else {}
                    )
                    sent = await town.submits("admin", form.id, value, **{**FIELDS, **fields})
                    assert isinstance(sent, Card | FieldErrors)
                    if problem := complaint(sent, caplog):
                        wrong.append((form.id, value[:30], problem))
        assert not wrong, "\n".join(map(str, wrong))


async def test_a_button_that_cannot_be_read_leads_to_where_it_belongs(tmp_path):
    async with peopled(tmp_path, secrets=False) as town:
        for door, home in (
            ("reflect.page", "[Reflections]"),
            ("discuss.ics", "[Discussions]"),
            ("alerts.leave", "[What I can do]"),
        ):
            said = words(await town.presses("moderator", door, "x"))
            assert said.startswith("That button is out of date."), said
            assert home in said
        assert "[What I can do]" in words(await town.presses("member", "no.such", ""))
