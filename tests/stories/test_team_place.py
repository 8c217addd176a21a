"""The place of a team: its plan as one message there, asked about before, pinned, kept true, moved and taken away."""

from __future__ import annotations

import pytest

from tests.stories.test_team_plan import PROBLEM, TEAM, facts, writes


@pytest.fixture
async def north(stage):
    """A team of five that Ada leads, and a channel beside the room."""
    await stage.joins("dora", "Dora Lind")
    await stage.joins("eli", "Eli Stone")
    await stage.opens_channel("c2", "team-north")
    await stage.asks("mo", "/team create North")
    for who in TEAM:
        await stage.asks(who, "/team join North")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    return stage


def pages(stage, channel="c2"):
    """The pages of plans that stand in a channel."""
    return [one for one in stage.room(None, channel) if "Plan of" in one.text]


async def page(stage, channel="c2"):
    """The one page that stands in a channel, printed for whoever reads along with `-s`."""
    await stage.later(seconds=30)
    [one] = pages(stage, channel)
    print(f"\n#{channel}\n{stage.text(one)}\n{'─' * 60}")
    return one


async def places(stage, channel="c2", who="ada"):
    """Somebody chooses the channel they are in, and confirms who will read it."""
    asked = await stage.presses(who, await stage.asks(who, "/team place", channel), "Post it in this channel")
    return await stage.presses(who, asked, "Post it there")


async def test_a_plan_lives_in_its_teams_place(north):
    stage = north
    await writes(stage, "ada", "problem", **PROBLEM)
    # Only whoever leads the team chooses; bare, the command says where the plan is and offers what can be done.
    assert "a lead of the team" in stage.text(await stage.asks("ben", "/team place #team-north"))
    if stage.space.startswith("local"):  # elsewhere everybody is in the channel from the start
        refused = await stage.asks("ada", "/team place #team-north")
        assert "You can choose a channel that you are in" in facts(stage, refused)
    bare = await stage.asks("ada", "/team place", "c2")
    assert "The plan of North has no place yet" in facts(stage, bare)
    form = await stage.presses("ada", bare, "Choose a channel")
    asked = await stage.fills_in("ada", form, channel="c2")
    assert "team-north will see it" in facts(stage, asked)
    await stage.settles()
    assert pages(stage) == [], "nothing is posted before it was confirmed"
    done = await stage.presses("ada", asked, "Post it there")
    assert "keep it up to date" in facts(stage, done)
    await stage.presses("ada", asked, "Post it there")
    first = await page(stage)
    assert "Students ask for help only after class." in first.text
    assert "Everybody here can read this plan. Only people in North can change it." in first.text
    assert stage.pinned("c2") == [first.id]
    assert "where it is posted" in facts(stage, await stage.asks("ben", "/team plan"))
    # Whoever is in the team writes from there; many changes are one edit, with the fishbone.
    form = await stage.presses("ben", first, "Add a cause")
    await stage.fills_in(
        "ben", form, cause="We answer the first hand.", category="relationships", basis="guess"
    )
    await writes(stage, "cleo", "change", what="Ben Okafor waits five seconds.", owner="ben", day="Oct 7")
    said = await page(stage)
    assert said.id == first.id
    for words in ("We answer the first hand.", "Ben Okafor waits five seconds.", "Relationships, 1 cause"):
        assert words in said.text
    edits = [line for line in await stage.dump() if "plan-page-again" in line]
    assert len(edits) == 1
    assert not any("first hand" in line for line in edits), "no words of a plan are stored with what is said"
    await stage.asks("mo", "/team rename North to:Harbor")
    assert "Plan of Harbor" in (await page(stage)).text
    # Erasing a person redraws it without them.
    form = await stage.asks("ben", "/my data delete")
    await stage.fills_in("ben", form, word="DELETE")
    await stage.settles()
    left = await page(stage)
    assert "somebody waits five seconds." in left.text
    assert "Okafor" not in left.text
    assert await stage.broken() == []


async def test_a_page_that_is_removed_moved_or_refused_has_a_clear_answer(north):
    stage = north
    await writes(stage, "ada", "problem", **PROBLEM)
    await places(stage)
    first = await page(stage)
    # Somebody deletes it: it comes once more, at once where the platform tells us, else with the next change.
    await stage.erases("ida", first.id)
    if not stage.space.startswith("discord"):
        await writes(stage, "ada", "problem", since="Last spring")
    second = await page(stage)
    # It does not come a third time by itself.
    await writes(stage, "ada", "problem", since="Last spring")
    second = await page(stage)
    assert second.id != first.id
    assert "Last spring" in second.text
    await stage.erases("ida", second.id)
    for since in ("Last fall", "Last week"):
        await writes(stage, "ada", "problem", since=since)
        await stage.later(seconds=30)
    assert pages(stage) == []
    bare = await stage.asks("ada", "/team place")
    assert "Somebody removed the plan of North" in facts(stage, bare)
    meeting = await stage.asks("ada", "/team meet fri 3pm")
    assert "team-north" in facts(stage, meeting), "the place is its team's all the same"
    await stage.presses("ada", meeting, "Call it off")
    await stage.presses("ada", bare, "Post it again")
    third = await page(stage)
    assert "Last week" in third.text
    # It moves: gone there, here and pinned.
    moved = await places(stage, "c1")
    assert "I move the plan of North" in facts(stage, moved)
    here = await page(stage, "c1")
    assert pages(stage) == []
    assert here.id in stage.pinned()
    # The channel is closed: moderators hear of it once, the lead sees it, and the next change finds it open again.
    stage.shut()
    for since in ("In May", "In June"):
        await writes(stage, "cleo", "problem", since=since)
        await stage.later(minutes=5)
    told = [one for one in stage.inbox("mo") if "up to date" in one.text]
    assert len(told) == 1
    assert "something is wrong there" in facts(stage, await stage.asks("ada", "/team place", "c2"))
    refused = await stage.asks("ada", "/team place #staffroom", "c2")
    assert "I can’t post in" in facts(stage, refused)
    stage.reopen()
    await writes(stage, "cleo", "problem", since="In July")
    assert "In July" in (await page(stage, "c1")).text
    assert "I keep it up to date there" in facts(stage, await stage.asks("ada", "/team place"))
    # It is taken away, twice, and the plan stays.
    bare = await stage.asks("ada", "/team place")
    assert "Nothing in the plan itself changes" in facts(
        stage, await stage.presses("ada", bare, "Remove it from there")
    )
    assert "not posted anywhere" in facts(stage, await stage.presses("ada", bare, "Remove it from there"))
    await stage.later(seconds=30)
    assert pages(stage, "c1") == []
    assert "In July" in facts(stage, await stage.asks("ada", "/team plan"))
    # A moderator outside the team shows nobody what only the team may read; where all are in the team, nobody is asked.
    refused = facts(stage, await stage.asks("mo", "/team place #staffroom team:North"))
    assert "only the team can read its plan" in refused
    for who in ("mo", "ida"):
        await stage.asks(who, "/team join North")
    done = await stage.asks("mo", "/team place #staffroom team:North")
    if stage.space.startswith("discord"):  # the server's owner is in every channel
        done = await stage.presses("mo", done, "Post it there")
    assert "keep it up to date" in facts(stage, done)
    assert await stage.broken() == []


def private_places(stage):
    """(who is in it, what the bot says there) of each place that the bot made, as the platform has it."""
    if stage.space.startswith("slack"):
        world, names = stage.platform.slack.world, {id: who for who, id in stage.platform._ids.items()}
        made = [one for one in world.channels.values() if one.kind == "group"]
        return [
            ({names[one] for one in there.members if one in names}, str(list(there.messages.values())))
            for there in made
        ]
    names = {user.id: who for who, user in stage.platform.users.items()}
    made = [one for one in stage.platform.fake.world.channels.values() if one.type == 12]
    return [
        (
            {names[one] for one in there.thread_members if one in names},
            str([one.components for one in there.messages.values()]),
        )
        for there in made
    ]


async def test_a_private_place_is_made_for_a_team_where_the_platform_has_them(north):
    stage = north
    await writes(stage, "ada", "problem", **PROBLEM)
    bare = await stage.asks("ada", "/team place", "c2")
    if stage.space.startswith("slack"):
        stage.platform.slack.manifest.scopes.discard("groups:write")
    if stage.space.startswith("discord"):
        fake, channel = stage.platform.fake, stage.platform.channels["c2"]
        fake.deny(channel, fake.world.bot, ["CREATE_PRIVATE_THREADS"])
    refused = facts(stage, await stage.presses("ada", bare, "Make a private place"))
    assert "I can’t make a private place here" in refused
    if stage.space.startswith("local"):
        return
    if stage.space.startswith("slack"):
        stage.platform.slack.manifest.scopes.add("groups:write")
    else:
        fake.allow(channel, fake.world.bot, ["CREATE_PRIVATE_THREADS"])
    made = facts(stage, await stage.presses("ada", bare, "Make a private place"))
    assert "I made a private place for North" in made
    await stage.presses("ada", bare, "Make a private place")
    await stage.later(minutes=1)
    assert len(private_places(stage)) == 1
    [(people, said)] = private_places(stage)
    assert people == set(TEAM)
    assert "Students ask for help only after class." in said
    assert "Only your team can read this plan. It is also posted in" in facts(
        stage, await stage.asks("ben", "/team plan", "c2")
    )
    # Whoever leaves the team is shown out, and whoever comes is let in.
    await stage.asks("ben", "/team leave North")
    await stage.asks("mo", "/team join North")
    await writes(stage, "cleo", "problem", since="Last spring")
    await stage.later(minutes=1)
    [(people, said)] = private_places(stage)
    assert people == {*TEAM, "mo"} - {"ben"}
    assert "Last spring" in said
    # The plan moves away and back: the place stays the team's, with whoever comes meanwhile, and without who is erased.
    moved = await places(stage)
    assert "I move the plan of North" in facts(stage, moved)
    await stage.asks("ben", "/team join North")
    await stage.fills_in("dora", await stage.asks("dora", "/my data delete"), word="DELETE")
    await stage.later(minutes=1)
    [(people, said)] = private_places(stage)
    assert people == {*TEAM, "mo"} - {"dora"}
    await stage.presses("ada", moved, "Move it back")
    await stage.later(minutes=1)
    assert "Only your team can read this plan. It is also posted in" in facts(
        stage, await stage.asks("ben", "/team plan", "c2")
    )
    assert len(private_places(stage)) == 1
    assert await stage.broken() == []
