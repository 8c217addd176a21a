"""Whoever moderates no longer loses within a minute what moderators see, also what they were told directly."""

from __future__ import annotations

import pytest

from tests.stories.platforms import DEFAULT

SUGGESTED = "A suggestion"


async def check_moderators(stage) -> None:
    """Half a minute passes."""
    [job] = [one for one in stage.app.runner.jobs if one.name == "checking who moderates"]
    await job.run()
    await stage.later(seconds=5)


async def headsup(stage):
    """Mo and Ida are shown in a direct message what comes on Monday."""
    shown = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 closes:4d headsup:2h")
    await stage.presses("mo", shown, "Confirm")
    await stage.until("2026-10-05 07:30")
    return stage.inbox("mo")[-1]


async def test_what_was_told_directly_goes_with_the_role_and_its_buttons_do_nothing(stage):
    card = await headsup(stage)
    told = len(stage.inbox("ida"))
    await stage.joins("mo", "Mo Hale")
    said = await stage.presses("mo", card, "Skip")
    assert "Only a moderator" in stage.text(said)
    await check_moderators(stage)
    assert card.id not in [one.id for one in stage.inbox("mo")]
    assert len(stage.inbox("ida")) == told, "who still moderates keeps it"
    await stage.until("2026-10-05 09:00")
    assert len(stage.prompts()) == 1
    assert await stage.broken() == []


async def test_what_waits_for_a_moderator_who_no_longer_is_one_is_not_said(stage):
    await stage.asks("ben", "/reflect suggest -- Who sweeps here?")
    await stage.joins("mo", "Mo Hale")
    before = len(stage.inbox("mo"))
    await stage.later(minutes=1)
    assert len(stage.inbox("mo")) == before
    assert stage.inbox("ida"), "the admin hears of it"


async def test_a_moderator_who_leaves_is_told_nothing_more(stage):
    await headsup(stage)
    await stage.leaves("mo")
    await check_moderators(stage)
    before = len(stage.inbox("mo"))
    await stage.asks("ben", "/reflect suggest -- Who sweeps here?")
    await stage.later(minutes=1)
    assert len(stage.inbox("mo")) == before


async def test_nothing_is_taken_back_from_whoever_still_moderates(stage):
    card = await headsup(stage)
    await check_moderators(stage)
    assert card.id in [one.id for one in stage.inbox("mo")]


@pytest.mark.only(DEFAULT, reason="elsewhere the platform tells of a change by itself")
async def test_where_the_platform_does_not_tell_of_a_demotion_it_is_asked(stage):
    card = await headsup(stage)
    await stage.joins("mo", "Mo Hale")
    stage.app.adapters["discord"].people._seen.clear()  # half a minute of the platform's own time passes
    await check_moderators(stage)
    assert card.id not in [one.id for one in stage.inbox("mo")]
    assert "Only a moderator" in stage.text(await stage.asks("mo", "/prompt list"))
