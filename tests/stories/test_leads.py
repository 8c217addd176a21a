"""Whoever leads a team hands it over to somebody who wants it, and nobody is left without a lead unnoticed."""

from __future__ import annotations

import pytest


@pytest.fixture
async def north(stage):
    """A team that Ada leads, with Ben in it."""
    await stage.asks("mo", "/team create North")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.asks("ben", "/team join North")
    await stage.later(minutes=10)
    return stage


async def leads(stage, who: str, name: str) -> bool:
    return f"{name} (leads)" in stage.plain(await stage.asks(who, "/team"))


async def test_a_lead_hands_over_and_leads_until_it_is_accepted(north):
    stage = north
    said = stage.plain(await stage.asks("ada", "/team handover @Ben Okafor North"))
    assert "I asked Ben Okafor to lead North" in said
    await stage.later(minutes=1)
    offer = stage.inbox("ben")[-1]
    assert "asks you to lead it" in stage.text(offer)
    assert await leads(stage, "ben", "Ada Quinn")
    assert not await leads(stage, "ben", "Ben Okafor")
    done = await stage.presses("ben", offer, "Accept")
    assert "You lead North now" in stage.plain(done)
    assert await leads(stage, "ben", "Ben Okafor")
    assert not await leads(stage, "ben", "Ada Quinn")
    await stage.later(minutes=1)
    assert "Ben Okafor leads North now" in stage.plain(stage.inbox("ada")[-1])
    refused = stage.text(await stage.asks("ada", "/team remove @Ben Okafor North"))
    assert "Only a moderator or a lead of" in refused


async def test_an_offer_that_is_declined_leaves_everything_as_it_was_and_is_told(north):
    stage = north
    await stage.asks("ada", "/team handover @Ben Okafor North")
    await stage.later(minutes=1)
    offer = stage.inbox("ben")[-1]
    await stage.presses("ben", offer, "Decline")
    await stage.later(minutes=1)
    assert "You still lead North" in stage.plain(stage.inbox("ada")[-1])
    assert await leads(stage, "ben", "Ada Quinn")


async def test_only_whom_it_is_for_accepts_an_offer_and_only_while_it_stands(north):
    stage = north
    await stage.asks("ada", "/team handover @Ben Okafor North")
    await stage.later(minutes=1)
    offer = stage.inbox("ben")[-1]
    await stage.asks("ada", "/team handover @Cleo Marsh North")
    await stage.later(minutes=1)
    await stage.presses("ben", offer, "Accept")
    assert await leads(stage, "ben", "Ada Quinn"), "the offer to Ben is over"
    await stage.asks("mo", "/team lead @Ada Quinn North leads:no")
    await stage.presses("cleo", stage.inbox("cleo")[-1], "Accept")
    assert "(leads)" not in stage.text(await stage.asks("ben", "/team")), "nobody may give what is not theirs"


async def test_who_said_stop_is_asked_nothing(north):
    stage = north
    await stage.asks("ben", "/my stop")
    said = stage.text(await stage.asks("ada", "/team handover @Ben Okafor North"))
    assert "I cannot write to Ben Okafor" in said
    await stage.later(minutes=1)
    assert not any("asks you to lead it" in stage.text(one) for one in stage.inbox("ben"))


async def test_who_does_not_lead_hands_nothing_over(north):
    said = north.text(await north.asks("ben", "/team handover @Cleo Marsh North"))
    assert "Only a lead of North can hand it over" in said


async def test_a_lead_who_leaves_the_team_is_told_and_so_are_the_moderators(north):
    stage = north
    said = await stage.asks("ada", "/team leave North")
    assert "Nobody leads it now" in stage.text(said)
    await stage.later(minutes=1)
    assert "The lead of North has left" in stage.plain(stage.inbox("mo")[-1])
    await stage.asks("mo", "/team lead @Ben Okafor North")
    await stage.later(minutes=1)
    assert "Ben Okafor leads North now" in stage.plain(stage.inbox("mo")[-1])


async def test_leaving_is_undone_as_it_was_for_a_lead_too(north):
    stage = north
    await stage.asks("ada", "/team leave North")
    await stage.presses("ada", stage.last("ada"), "Undo")
    assert await leads(stage, "ben", "Ada Quinn")


async def test_moderators_hear_of_a_lead_who_leaves_the_space(north):
    stage = north
    await stage.leaves("ada")
    await stage.later(minutes=1)
    assert any("has left" in stage.text(one) for one in stage.inbox("mo"))


async def test_whoever_is_erased_leaves_no_offer(north):
    stage = north
    await stage.asks("ada", "/team handover @Ben Okafor North")
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    await stage.later(minutes=1)
    assert not any("asks you to lead" in stage.text(one) for one in stage.inbox("ben"))
    assert [line for line in await stage.dump() if line.startswith('INSERT INTO "team_handover"')] == []
    assert await stage.broken() == []
