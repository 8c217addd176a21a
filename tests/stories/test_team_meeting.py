"""A team's meeting: planned by its lead, run part by part from the thread, and written into the plan."""

from __future__ import annotations

import pytest

from bot.delivery.facts import Failed
from tests.stories.stage import Stage

said = Stage.plain


@pytest.fixture
async def north(stage):
    """A team of three that Ada leads."""
    await stage.asks("mo", "/team create North")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    for who in ("ben", "cleo"):
        await stage.asks(who, "/team join North")
    await stage.later(minutes=10)
    return stage


def no_thread(stage, meeting: str) -> Failed:
    """The platform opens no thread for a meeting."""
    return Failed("", "team-meeting-thread", meeting, 1, stage.place(), "missing_permissions")


async def test_a_lead_plans_a_meeting_that_the_team_runs_from_the_thread(north):
    stage = north
    refused = await stage.asks("ben", "/team meet")
    assert "Only a moderator or a lead of North" in said(stage, refused)
    form = await stage.asks("ada", "/team meet")
    wrong = await stage.fills_in("ada", form, when="when pigs fly", lesson="Prepare Your Soil", how="online")
    assert "Like Friday 3pm." in stage.errors(wrong)["when"]
    wrong = await stage.fills_in("ada", await stage.amends("ada", wrong), when="fri 3pm america/nowhere")
    assert "There is no time zone “america/nowhere”." in stage.errors(wrong)["when"]
    again = await stage.amends("ada", wrong)
    assert stage.value(again, "how") == "online", "nothing is lost"
    planned = await stage.fills_in("ada", again, when="fri 16:00")
    assert "The meeting of North is planned" in said(stage, planned)
    await stage.later(seconds=20)
    [post] = stage.room()
    for words in (
        "Prepare Your Soil, 45 minutes",
        "On a video call",
        "Bring",
        "Friday 9 October",
        "At the end I post what you wrote into the plan, under the meeting’s cards.",
    ):
        assert words in said(stage, post)
    assert "Prepare Your Soil" in said(stage, await stage.asks("ben", "/team meet")), "the team sees it"
    assert "Next meeting: Friday 9 October" in said(stage, await stage.asks("ben", "/team plan"))
    if not stage.space.startswith("discord"):  # which has no page of the bot's own
        home = await stage.opens_home("ben")
        assert "Next meeting: Friday 9 October" in said(stage, home)
        assert "Where: #staffroom" in said(stage, await stage.presses("ben", home, "See the meetings"))

    # At its time, anybody in the team starts it; two people who press at once start it once.
    early = await stage.presses("ben", post, "Start the meeting")
    assert "Start it now?" in said(stage, early)
    await stage.until("2026-10-09 16:01")
    bell = stage.room()[-1]
    assert "It is time for the meeting of North" in said(stage, bell)
    await stage.presses("ben", bell, "Start the meeting")
    twice = await stage.presses("cleo", bell, "Start the meeting")
    assert "part 1 of" in said(stage, twice)
    await stage.later(seconds=20)
    head, first = stage.thread("ben", stage.room()[-1])
    print(f"\n{said(stage, first)}\n{'─' * 60}")
    assert "Part 1 of" in said(stage, first)
    assert "Scribe" in said(stage, first), "the roles come first"
    assert "The host pastes both agreements into the chat." in said(stage, first), (
        "as it goes on a video call"
    )
    assert "Read the two agreements." in said(stage, first), "what to do"
    assert "Two agreements for today." in said(stage, first), "what to say"
    assert "Start" not in "".join(head.buttons)
    assert "This meeting runs now" in said(stage, stage.room()[0])

    # Next posts the next part; pressed twice, or by two at once, it moves once. Back says a part again.
    part = stage.thread("ben", head)[-1]
    await stage.presses("ben", part, "Next part")
    late = await stage.presses("cleo", part, "Next part")
    assert "at part 2 of" in said(stage, late)
    await stage.later(seconds=20)
    assert len(stage.thread("ben", head)) == 3
    assert not stage.thread("ben", head)[1].buttons, "what is left behind has no buttons"
    second = stage.thread("ben", head)[-1]
    await stage.presses("cleo", second, "Back")
    await stage.later(seconds=20)
    part = stage.thread("ben", head)[-1]
    assert "Part 1 of" in said(stage, part)

    # What the scribe writes goes into the plan.
    while "Who does what by when?" not in said(stage, part):
        if "Write it down" in part.buttons and "under Problem" in said(stage, part):
            form = await stage.presses("ben", part, "Write it down")
            saved = await stage.fills_in(
                "ben",
                form,
                what="Students wait for help.",
                students="Multilingual learners",
                evidence="4 of 52",
            )
            assert "Saved in the plan of North" in said(stage, saved)
        await stage.presses("ben", part, "Next part")
        await stage.later(seconds=20)
        part = stage.thread("ben", head)[-1]
        print(f"\n{said(stage, part)}\n{'─' * 60}")
    form = await stage.presses("cleo", part, "Add a next step")
    await stage.fills_in("cleo", form, what="Count the questions.", owner="cleo", day="Oct 16")
    await stage.presses("cleo", part, "End the meeting")
    assert "over" in said(stage, await stage.presses("ben", part, "End the meeting"))
    await stage.later(seconds=20)
    end = stage.thread("ben", head)[-1]
    print(f"\n{said(stage, end)}\n{'─' * 60}")
    for words in (
        "The meeting of North is over",
        "Students wait for help.",
        "Count the questions. (Cleo Marsh)",
    ):
        assert words in said(stage, end)
    assert "This meeting is over" in said(stage, stage.room()[0])
    assert not stage.room()[0].buttons
    plan = said(stage, await stage.asks("ada", "/team plan"))
    assert "Students wait for help." in plan
    assert "Count the questions." in plan

    # What changes in the plan changes there, for a day.
    await stage.fills_in(
        "ben", await stage.asks("ben", "/team plan problem"), what="Few students ask for help."
    )
    await stage.later(minutes=1)
    end = stage.thread("ben", head)[-1]
    assert "Few students ask for help." in said(stage, end)
    assert "Students wait" not in said(stage, end)

    # Who is erased is out of what was posted, which stays.
    await stage.fills_in("cleo", await stage.asks("cleo", "/my data delete"), word="DELETE")
    await stage.later(minutes=5)
    end = stage.thread("ben", head)[-1]
    assert "Count the questions." in said(stage, end)
    assert "Cleo" not in said(stage, end)
    assert await stage.broken() == []


async def test_a_meeting_is_moved_called_off_and_ends_by_itself(north):
    stage = north
    offered = await stage.asks("ada", "/team meet fri 16:00 lesson:c9.9")
    assert "There is no lesson c9.9." in said(stage, offered)
    assert "Prepare Your Soil" in offered.buttons
    planned = await stage.asks("ada", "/team meet fri 16:00 online:yes")
    await stage.later(seconds=20)
    form = await stage.presses("ada", planned, "Move or change it")
    changed = await stage.fills_in("ada", form, when="fri 17:00", how="person", end="keep")
    assert "is changed" in said(stage, changed)
    await stage.later(seconds=20)
    post, moved = stage.room()
    assert "In person" in said(stage, post)
    assert "plan only" in said(stage, post)
    assert "is moved" in said(stage, moved)
    refused = await stage.presses("ben", post, "Call it off")
    assert "Only a moderator or a lead of" in said(stage, refused)
    off = await stage.presses("ada", post, "Call it off")
    await stage.later(seconds=20)
    assert "is called off" in said(stage, stage.room()[-1])
    assert not stage.room()[0].buttons
    await stage.presses("ada", off, "Undo")
    await stage.later(seconds=20)
    assert "takes place after all" in said(stage, stage.room()[-1])
    count = len(stage.room())
    await stage.until("2026-10-09 16:30")
    assert len(stage.room()) == count, "nothing is posted at the time it had before"
    await stage.until("2026-10-09 17:01")
    bell = stage.room()[-1]
    assert "It is time" in said(stage, bell)
    await stage.presses("mo", bell, "Start the meeting")
    await stage.later(seconds=20)
    head, part = stage.thread("ben", stage.room()[-1])
    assert "Go through the last next steps" in said(stage, part), "without a lesson, a plain agenda"
    await stage.joins("dora", "Dora Lind")
    outside = await stage.presses("dora", part, "Next part")
    assert "Only people in North" in said(stage, outside)
    await stage.until("2026-10-09 22:00")
    assert len(stage.thread("ben", head)) == 2, "it ends quietly"
    part = stage.thread("ben", head)[-1]
    assert not part.buttons
    assert "This meeting is over" in said(stage, stage.room()[0])
    # One that nobody starts is over by itself, too; one that is called off stays silent.
    # A moderator plans one, too, and only the team lets its words be posted.
    await stage.asks("mo", "/team meet sat 10:00 team:North")
    await stage.later(seconds=20)
    assert "plan only" in said(stage, stage.room()[-1])
    await stage.asks("ada", "/team meet sun 10:00")
    coming = await stage.asks("ada", "/team meet")
    assert said(stage, coming).count("Plain agenda") == 2
    await stage.later(seconds=20)
    await stage.presses("ada", stage.room()[-1], "Call it off")
    await stage.until("2026-10-10 10:30")
    assert "Next meeting: Saturday" in said(stage, await stage.asks("ben", "/team plan"))
    await stage.until("2026-10-10 20:00")
    assert "Next meeting" not in said(stage, await stage.asks("ben", "/team plan")), "its time is over"
    await stage.until("2026-10-12 09:00")
    assert sum("It is time" in said(stage, one) for one in stage.room()) == 2
    assert all(not one.buttons for one in stage.room() if "Meeting of North" in said(stage, one))
    form = await stage.asks("ada", "/team meet")
    assert stage.is_form(form), "nothing is planned any more"
    # A form left empty means now, to the second; what was not touched in it later moves nothing.
    await stage.later(seconds=20)
    planned = await stage.fills_in("ada", form)
    await stage.later(minutes=2)
    changed = await stage.fills_in(
        "ada", await stage.presses("ada", planned, "Move or change it"), how="online"
    )
    assert "is changed" in said(stage, changed)
    await stage.later(seconds=20)
    assert not any("is moved" in said(stage, one) for one in stage.room()[-2:])
    # Where no thread can be opened, the meeting runs in the channel.
    await stage.presses("ada", stage.room()[-1], "Start the meeting")
    await stage.app.store.write(lambda conn: stage.app.dispatcher.tell(conn, no_thread(stage, "4")))
    await stage.later(seconds=20)
    assert "Part 1 of 3" in said(stage, stage.room()[-1])
    assert sum("This meeting runs now, in the channel." in said(stage, one) for one in stage.room()) == 1
    await stage.later(hours=5)
    # Where the bot cannot post, nothing is planned, and whoever wanted it is told.
    await stage.asks("ada", "/team meet wed 10:00")
    stage.shut()
    await stage.later(minutes=30)
    assert "I could not post the meeting of North" in said(stage, stage.inbox("ada")[-1])
    assert stage.is_form(await stage.asks("ada", "/team meet"))
    assert "can’t post in #staffroom" in said(stage, await stage.asks("ada", "/team meet wed 10:00"))
    # A team with a place of its own meets there, wherever it is planned.
    await stage.opens_channel("c2", "team-north")
    asked = await stage.presses(
        "ada", await stage.asks("ada", "/team place", "c2"), "Post it in this channel"
    )
    await stage.presses("ada", asked, "Post it there")
    planned = await stage.asks("ada", "/team meet wed 10:00")
    assert "team-north" in said(stage, planned)
    await stage.later(minutes=1)
    assert any("Meeting of North" in said(stage, one) for one in stage.room(None, "c2"))
    # The form knows the meeting's own lesson, also where the team takes another course.
    await stage.asks("ada", "/course join c1")
    planned = await stage.asks("ada", "/team meet wed 10:00 lesson:c3.1")
    form = await stage.presses("ada", planned, "Move or change it")
    assert stage.value(form, "lesson") == "c3.1"
    assert await stage.broken() == []
