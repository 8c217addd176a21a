"""A channel that disappears: one alert with what to do, two more tries, then the schedule rests until somebody says go."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.schedules import tables
from bot.schedules.model import OccurrenceState


async def rhythm(stage, more=""):
    await stage.confirms(f"/prompt schedule #staffroom every mon 09:00 closes:4d {more}")


async def says(stage, line, who="mo"):
    return stage.text(await stage.asks(who, line))


async def gone_at_nine(stage):
    """The channel disappears a minute before the prompt is due, after it was last looked at."""
    await rhythm(stage)
    await stage.until("2026-10-05 08:59")
    code = stage.shut()
    await stage.until("2026-10-05 09:01")
    return code


WORDS = {
    "The week of": "note",
    "was not posted in": "refused",
    "could not be posted in": "suspended",
    "that it has not asked": "dry",
    "again.": "well",
}


def told(stage, who="mo"):
    """What each direct message is about, in a word."""
    texts = [stage.text(one) for one in stage.inbox(who)]
    return [next(what for words, what in WORDS.items() if words in text) for text in texts]


async def test_moderators_hear_once_and_it_is_posted_when_the_channel_is_back(stage):
    code = await gone_at_nine(stage)
    [alert] = stage.inbox("mo")
    assert "(s1) was not posted in" in stage.text(alert)
    assert "I try again in 10 minutes" in stage.text(alert)
    assert code in stage.text(alert)
    await stage.until("2026-10-05 09:05")
    stage.reopen()
    await stage.until("2026-10-05 09:15")
    assert len(stage.prompts()) == 1
    assert told(stage) == ["well"]
    await stage.says("ada", "Better late.", thread=stage.prompts()[0])
    assert await stage.answers() == {"Ada Quinn": "Better late."}


async def test_a_moderator_tries_again_at_once_and_it_is_there_once(stage):
    await gone_at_nine(stage)
    stage.reopen()
    await stage.presses("mo", stage.inbox("mo")[0], "Try now")
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1
    await stage.later(hours=3)
    assert len(stage.prompts()) == 1
    assert "tried again" in await says(stage, "/tilth audit", who="ida")


async def test_after_three_refusals_the_schedule_is_suspended_and_one_click_resumes_it(stage):
    await gone_at_nine(stage)
    await stage.until("2026-10-05 10:30")
    assert told(stage) == ["refused", "suspended"]
    assert told(stage, "ida") == ["refused", "suspended"]
    assert "suspended" in await says(stage, "/prompt list")
    assert "Tilth suspended s1" in await says(stage, "/tilth audit", who="ida")
    await stage.until("2026-10-12 09:30")
    assert told(stage) == ["refused", "suspended", "note"], "told no more, and once how the week went"
    stage.reopen()
    await stage.presses("mo", stage.inbox("mo")[1], "Resume")
    await stage.until("2026-10-19 09:01")
    assert len(stage.prompts()) == 1


async def test_resuming_in_time_posts_the_one_that_could_not_be_posted(stage):
    await gone_at_nine(stage)
    await stage.until("2026-10-05 10:30")
    stage.reopen()
    said = stage.text(await stage.presses("mo", stage.inbox("mo")[1], "Resume"))
    assert "I try again to post the one that failed" in said
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1
    rows = await stage.app.store.read(lambda conn: conn.execute(select(tables.occurrence)).all())
    assert rows[0].state is OccurrenceState.DONE
    await stage.says("ada", "The side gate.", thread=stage.prompts()[0])
    await stage.until("2026-10-09 10:00")
    assert len(stage.digests()) == 1


@pytest.mark.parametrize("after", [{"minutes": 5}, {"hours": 2}], ids=["while it is tried", "suspended"])
async def test_another_channel_is_picked_from_the_alert_and_gets_what_was_refused(stage, after):
    await stage.opens_channel("c2", "lounge")
    await gone_at_nine(stage)
    await stage.later(**after)
    form = await stage.presses("mo", stage.inbox("mo")[-1], "Choose another channel")
    said = await stage.fills_in("mo", form, channel="c2")
    assert "s1 posts in #lounge now" in stage.text(said)
    await stage.later(minutes=1)
    assert len(stage.room(channel="c2")) == 1
    await stage.until("2026-10-12 09:01")
    assert len(stage.room(channel="c2")) == 2  # nobody answered the first, so it has no digest
    assert stage.prompts() == []
    assert "was not posted" not in " ".join(stage.text(one) for one in stage.inbox("mo")[-1:])


@pytest.mark.parametrize(
    "line", ["/prompt schedule #lounge every mon 09:00", "/discuss schedule #lounge thu 16:00"]
)
async def test_a_channel_the_bot_cannot_post_in_is_refused_when_it_is_planned(stage, line):
    await stage.opens_channel("c2", "lounge")
    stage.shut("c2")
    shown = stage.text(await stage.asks("mo", f'{line} title:"Tea"' if "discuss" in line else line))
    assert "so nothing is planned" in shown
    assert any(why in shown for why in ("Unarchive it", "Let Tilth view it"))
    assert "Confirm" not in shown
    stage.reopen("c2")
    assert "so nothing is planned" not in stage.text(await stage.asks("mo", line))


async def test_a_channel_the_bot_cannot_post_in_is_named_below_its_field(stage):
    await stage.opens_channel("c2", "lounge")
    stage.shut("c2")
    form = await stage.asks("mo", "/prompt schedule")
    complaint = await stage.fills_in("mo", form, channel="c2", when="every mon 09:00")
    assert any(why in stage.errors(complaint).get("channel", "") for why in ("is archived", "can’t see"))


async def test_an_edit_and_one_more_place_ask_about_the_channel_too(stage):
    await rhythm(stage)
    await stage.opens_channel("c2", "lounge")
    stage.shut("c2")
    for line in ("/prompt edit s1 channel:#lounge", "/prompt place s1 #lounge"):
        assert "so nothing is planned" in await says(stage, line)
    assert "#lounge" not in await says(stage, "/prompt show s1")


async def test_where_one_of_two_places_is_gone_the_other_goes_on(stage):
    await stage.opens_channel("c2", "lounge")
    await rhythm(stage, "also:#lounge")
    await stage.until("2026-10-05 08:59")
    stage.shut("c2")
    await stage.until("2026-10-05 10:30")
    assert len(stage.prompts()) == 1
    assert "It goes on in its other channels" in stage.text(stage.inbox("mo")[1])
    await stage.says("ada", "The side gate.", thread=stage.prompts()[0])
    await stage.until("2026-10-09 10:00")
    assert len(stage.digests()) == 1
    await stage.until("2026-10-12 09:01")
    assert len(stage.prompts()) == 2
    assert told(stage) == ["refused", "suspended", "note", "dry"]


async def test_a_digest_that_cannot_be_posted_is_told(stage):
    await rhythm(stage)
    await stage.until("2026-10-05 09:01")
    await stage.says("ada", "The side gate.", thread=stage.prompts()[0])
    stage.shut()
    await stage.until("2026-10-09 10:00")
    [alert] = stage.inbox("mo")
    assert "I could not post the summary of the prompt" in stage.text(alert)


async def test_a_lost_answer_is_no_refusal(stage):
    await rhythm(stage)
    await stage.until("2026-10-05 08:59")
    stage.lose_answer()
    await stage.until("2026-10-05 09:30")
    assert len(stage.prompts()) == 1
    assert stage.inbox("mo") == []


# ── cancelled meanwhile ───────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", ["cancel", "delete"])
async def test_what_is_cancelled_is_not_tried_again_and_moderators_hear_of_it_where_they_were_told(
    stage, verb
):
    await gone_at_nine(stage)
    alert = stage.inbox("mo")[0]
    assert "I try again in 10 minutes" in stage.text(alert)
    assert "is already going out" not in await says(stage, f"/prompt {verb} s1")
    stage.reopen()
    await stage.until("2026-10-05 12:00")
    assert stage.prompts() == []
    [alert] = stage.inbox("mo")
    assert "s1 was canceled" in stage.text(alert)
    assert "I try" not in stage.text(alert)
    assert alert.buttons == ("See what is due",)


async def test_no_word_comes_after_the_cancel_while_the_channel_stays_away(stage):
    await gone_at_nine(stage)
    await says(stage, "/prompt cancel s1")
    await stage.until("2026-10-06 12:00")
    assert [stage.text(one) for one in stage.inbox("mo")] == [stage.text(stage.inbox("mo")[0])]
    assert "Resume" not in stage.text(stage.inbox("mo")[0])


async def test_the_buttons_of_a_cancelled_schedule_say_so(stage):
    await gone_at_nine(stage)
    old = stage.inbox("mo")[0]
    await stage.until("2026-10-05 10:30")
    suspended = stage.inbox("mo")[-1]
    await says(stage, "/prompt cancel s1")
    # Before anything was told anew, the old cards still have their buttons.
    for card, button in ((old, "Try now"), (suspended, "Resume")):
        said = stage.text(await stage.presses("mo", card, button))
        assert "s1 is canceled" in said
    assert "s1 is canceled" in await says(stage, "/prompt resume s1")


async def test_taking_the_cancel_back_tries_again_what_was_waiting(stage):
    await gone_at_nine(stage)
    await says(stage, "/prompt cancel s1")
    cancelled = stage.last("mo")
    stage.reopen()
    await stage.until("2026-10-05 09:05")
    assert stage.prompts() == []
    await stage.presses("mo", cancelled, "Undo")
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1


async def test_what_was_going_out_when_it_was_cancelled_and_is_refused_is_not_tried_again(stage):
    await rhythm(stage)
    await stage.until("2026-10-05 08:59")
    stage.limit(120)  # the first try is put off
    await stage.until("2026-10-05 09:00")
    await says(stage, "/prompt cancel s1")
    stage.shut()
    await stage.until("2026-10-05 12:00")
    assert stage.inbox("mo") == []
    assert stage.prompts() == []
