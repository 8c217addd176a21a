"""Whoever leaves the space is asked nothing any more, and keeps what is theirs until its days are over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.delivery.facts import UNREACHED
from bot.delivery.tables import outbox
from tests.stories.test_meetings import opened


async def test_whoever_left_hears_of_no_lesson_no_prompt_and_no_reminder(stage):
    shown = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 to:dm closes:4d")
    await stage.presses("mo", shown, "Confirm")
    await stage.until("2026-10-05 09:30")
    said = [len(stage.inbox(who)) for who in ("ada", "ben")]
    assert min(said) > 0
    await stage.asks("ada", "/course join c1")
    await stage.asks("ben", "/course join c1")
    await stage.writes_to_the_bot("ada", "The caretaker.")
    await stage.writes_to_the_bot("ben", "The lift.")
    await stage.later(minutes=5)
    await stage.leaves("ada")
    said = [len(stage.inbox(who)) for who in ("ada", "ben")]
    await stage.until("2026-11-09 12:00")
    now = [len(stage.inbox(who)) for who in ("ada", "ben")]
    assert now[0] == said[0], stage.text(stage.inbox("ada")[-1])
    assert now[1] > said[1] + 3, "who stays is asked"
    assert (await stage.answers())["Ada Quinn"] == "The caretaker.", "what is theirs stays"
    assert await stage.broken() == []


async def test_what_waits_for_somebody_who_leaves_is_not_said(stage):
    """A reminder of a meeting names an account, not a member: it is stopped where all that is said goes through."""
    post = await opened(stage)
    for who in ("ada", "ben"):
        await stage.presses(who, post, "I'm coming")
    await stage.later(minutes=5)
    said = [len(stage.inbox(who)) for who in ("ada", "ben")]
    await stage.leaves("ada")
    await stage.until("2026-10-09 14:30")
    assert len(stage.inbox("ada")) == said[0]
    assert len(stage.inbox("ben")) > said[1]
    theirs = select(outbox.c.error).where(
        outbox.c.person == stage.platform.id_of("ada"), outbox.c.error.is_not(None)
    )
    errors = await stage.app.store.read(lambda conn: set(conn.execute(theirs).scalars()))
    assert errors == {UNREACHED}, "the platform is not even asked"
    assert await stage.broken() == []


async def test_whoever_comes_back_is_asked_again(stage):
    shown = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 to:dm closes:4d")
    await stage.presses("mo", shown, "Confirm")
    await stage.leaves("ada")
    await stage.until("2026-10-05 09:30")
    assert not stage.inbox("ada")
    await stage.joins("ada", "Ada Quinn")
    await stage.until("2026-10-12 09:30")
    assert len(stage.inbox("ada")) == 1


@pytest.mark.only("discord", reason="who is gone from a Slack workspace or the playground cannot write there")
async def test_whoever_left_still_has_a_say_about_their_own_data_and_about_nothing_else(stage):
    post = await opened(stage)
    await stage.writes_to_the_bot("ada", "/my settings help:bare")
    await stage.presses("ada", post, "I'm coming")
    await stage.leaves("ada")
    stage.app.adapters["discord"].people._seen.clear()  # half a minute of the platform's own time passes
    refused = await stage.asks("ada", "/team list", "dm-ada")
    assert "Only a member" in stage.text(refused)
    await stage.writes_to_the_bot("ada", "Is anybody there?")
    mirror = await stage.asks("ada", "/my data mirror", "dm-ada")
    assert "Delete everything" in mirror.buttons
    said = len(stage.inbox("ada"))
    await stage.until("2026-10-09 14:30")
    assert len(stage.inbox("ada")) == said, "whoever asked from outside has not come back"
    form = await stage.presses("ada", mirror, "Delete everything")
    await stage.fills_in("ada", form, word="DELETE")
    assert "Ada Quinn" not in "\n".join(await stage.dump())
    assert await stage.broken() == []
