"""When a school year ends, teams are archived by a tap, never by themselves; the plan stays, and a new year begins with one more."""

from __future__ import annotations

import pytest

NOON = "2026-10-05 12:00"


def words(stage, shown) -> str:
    return " ".join(stage.plain(shown).split())


@pytest.fixture
async def north(stage):
    """A team that Ada leads, with Ben in it, and a cause in its plan."""
    await stage.until(NOON)
    await stage.asks("mo", "/team create North")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.asks("ben", "/team join North")
    form = await stage.asks("ada", "/team plan cause")
    await stage.fills_in(
        "ada", form, cause="Nobody greets us in the hallway.", category="instruction", basis="guess"
    )
    return stage


async def test_an_archived_team_keeps_its_plan_and_nobody_joins(north):
    stage = north
    done = words(stage, await stage.asks("ada", "/team archive North"))
    assert "North is archived" in done
    assert "There is no team yet" in words(stage, await stage.asks("mo", "/team list"))
    assert "North is archived. Nobody joins it any more" in words(
        stage, await stage.asks("cleo", "/team join North")
    )
    plan = words(stage, await stage.presses("ada", stage.last("ada"), "See the plan"))
    assert "Nobody greets us in the hallway" in plan
    assert "Earlier teams" in [one.label for one in (await stage.asks("ben", "/team")).selects]


async def test_typed_bare_it_asks_first_and_says_what_ends(north):
    stage = north
    asked = words(stage, await stage.asks("ada", "/team archive"))
    assert "Archive North? In it: Ada Quinn and Ben Okafor." in asked
    assert "meetings that were planned are called off" in asked
    assert "North · 2 people" in words(stage, await stage.asks("mo", "/team list")), "nothing has happened"
    await stage.asks("ada", "/team archive")
    assert "Nothing has changed" in words(stage, await stage.presses("ada", stage.last("ada"), "Not now"))
    await stage.asks("ada", "/team archive")
    assert "North is archived" in words(stage, await stage.presses("ada", stage.last("ada"), "Archive"))


async def test_only_a_lead_or_a_moderator_archives(north):
    refused = words(north, await north.asks("ben", "/team archive North"))
    assert "Only a moderator or a lead of the team" in refused
    assert "North is archived" in words(north, await north.asks("mo", "/team archive North"))


async def test_a_team_is_opened_again_as_it_was(north):
    stage = north
    await stage.asks("ada", "/team archive North")
    assert "goes on as before" in words(stage, await stage.presses("ada", stage.last("ada"), "Reopen"))
    assert "North · 2 people" in words(stage, await stage.asks("mo", "/team list"))
    assert "Nobody greets us in the hallway" in words(stage, await stage.asks("ada", "/team plan"))


async def test_next_years_team_has_the_same_people_and_an_empty_plan(north):
    stage = north
    await stage.asks("ada", "/team archive North")
    begun = words(stage, await stage.presses("ada", stage.last("ada"), "Start next year’s team"))
    assert "North begins with an empty plan" in begun
    assert "Ada Quinn and Ben Okafor" in begun
    mine = words(stage, await stage.asks("ben", "/team"))
    assert "North: Ada Quinn (leads), Ben Okafor" in mine
    assert "Nobody greets us" not in words(stage, await stage.asks("ada", "/team plan"))
    await stage.later(minutes=10)
    assert any("added you to the team North" in words(stage, one) for one in stage.inbox("ben"))
    home = await stage.asks("ada", "/team")
    earlier = await stage.chooses("ada", home, "Earlier teams", "North (2026)")
    again = words(stage, await stage.presses("ada", stage.last("ada"), "Start next year’s team"))
    assert "began a new year already" in again
    assert "In it: Ada Quinn and Ben Okafor" in words(stage, earlier)


async def test_nobody_is_asked_about_an_archived_plan(north):
    stage = north
    form = await stage.asks("ada", "/team plan next")
    await stage.fills_in("ada", form, what="Stand at the door.", owner="ben", day="2026-10-12")
    await stage.asks("ada", "/team archive North")
    await stage.until("2026-10-14 12:00")
    assert not [one for one in stage.inbox("ben") if "How is it going?" in words(stage, one)]


async def test_what_an_archived_team_planned_is_called_off_and_comes_back_with_it(north):
    stage = north
    await stage.asks("ada", "/team meet fri 16:00")
    await stage.later(seconds=20)
    archived = await stage.asks("mo", "/team archive North")
    await stage.later(seconds=20)
    post, *told = stage.room()
    assert not post.buttons
    assert ["The meeting of North on Friday" in words(stage, one) for one in told] == [True]
    assert "is called off" in words(stage, told[0])
    await stage.presses("mo", archived, "Reopen")
    await stage.later(seconds=20)
    assert "takes place after all" in words(stage, stage.room()[-1])
    await stage.asks("mo", "/team archive North")
    await stage.until("2026-10-09 18:00")
    assert not [one for one in stage.room() if "It is time" in words(stage, one)]


async def test_a_team_that_everybody_left_is_said_to_be_empty(north):
    stage = north
    for who in ("Ben Okafor", "Ada Quinn"):
        await stage.asks("mo", f"/team remove @{who} North")
    await stage.asks("mo", "/team archive North")
    begun = words(stage, await stage.presses("mo", stage.last("mo"), "Start next year’s team"))
    assert "Nobody is in it." in begun


async def test_moderators_are_asked_once_before_the_year_ends_and_nothing_happens_by_itself(north):
    stage = north
    await stage.asks("mo", "/tilth calendar term oct 1 to oct 30 -- Fall")
    await stage.until("2026-10-22 12:00")
    assert not [one for one in stage.inbox("mo") if "What about the teams" in words(stage, one)]
    await stage.until("2026-10-26 12:00")
    [asked] = [one for one in stage.inbox("mo") if "What about the teams" in words(stage, one)]
    await stage.until("2026-11-20 12:00")
    assert len([one for one in stage.inbox("mo") if "What about the teams" in words(stage, one)]) == 1
    assert "North · 2 people" in words(stage, await stage.asks("mo", "/team list"))
    shown = await stage.chooses("mo", asked, "Choose a team", "North")
    assert "In it: Ada Quinn and Ben Okafor" in words(stage, shown)
    assert "North is archived" in words(stage, await stage.presses("mo", shown, "Archive"))
