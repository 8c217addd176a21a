"""Whoever is put into a team, made its lead or enrolled by somebody else is told: once, by whom, what it means, how to leave."""

from __future__ import annotations

from tests.stories.test_courses import lessons

ADDED, LEADS, TAKES = "added you to the team", "made you lead", "you are in the course"
SOIL = "Prepare Your Soil"


def notices(stage, who: str) -> list[str]:
    """What somebody was told about being put somewhere, without the marks of bold type."""
    texts = [stage.plain(one) for one in stage.inbox(who)]
    return [one for one in texts if any(words in one for words in (ADDED, LEADS, TAKES))]


async def noon(stage) -> None:
    await stage.asks("mo", "/team create North")
    await stage.until("2026-10-05 12:00")


async def test_who_is_added_to_a_team_is_told_by_whom_and_how_to_leave(stage):
    await noon(stage)
    await stage.asks("mo", "/team add @Ada Quinn North")
    await stage.later(minutes=5)
    [told] = notices(stage, "ada")
    assert "Mo Hale added you to the team North" in told
    assert "Only you see how far you are" in told
    left = stage.text(await stage.presses("ada", stage.inbox("ada")[-1], "Leave North"))
    assert "You left North" in left.replace("*", "")
    await stage.later(days=3)
    assert len(notices(stage, "ada")) == 1
    assert notices(stage, "mo") == notices(stage, "ben") == []


async def test_who_is_made_lead_is_told_in_one_message_with_the_team(stage):
    await noon(stage)
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.later(minutes=5)
    [told] = notices(stage, "ada")
    assert "Mo Hale made you lead of the team North" in told
    assert "add and remove people" in told
    await stage.asks("mo", "/team lead @Ada Quinn North leads:no")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.later(minutes=20)
    assert len(notices(stage, "ada")) == 2


async def test_who_joins_and_enrolls_by_themselves_is_told_nothing(stage):
    await noon(stage)
    await stage.asks("ada", "/team join North")
    await stage.asks("mo", "/team add @Mo Hale North")
    await stage.asks("ben", "/course join c1")
    await stage.presses("ben", stage.last("ben"), "Join")
    await stage.later(minutes=10)
    assert notices(stage, "ada") == notices(stage, "mo") == notices(stage, "ben") == []


async def test_a_team_that_takes_a_course_brings_each_person_one_message(stage):
    await noon(stage)
    await stage.asks("mo", "/team add @Ada Quinn North")
    await stage.asks("mo", "/team add @Ben Okafor North")
    await stage.later(minutes=1)
    await stage.asks("mo", "/course enroll c1 team:North")
    await stage.later(minutes=10)
    for who in ("ada", "ben"):
        [told] = notices(stage, who)
        assert "Mo Hale added you to the team North" in told
        assert "you are in the course From Root Causes to Grassroots Action" in told
        assert "Monday 12 October at 09:00" in told
    # Whoever comes later hears of both at once, too.
    await stage.asks("mo", "/team add @Cleo Marsh North")
    await stage.later(minutes=10)
    [told] = notices(stage, "cleo")
    assert ADDED in told
    assert TAKES in told
    left = stage.text(await stage.presses("cleo", stage.inbox("cleo")[-1], "Leave the course"))
    assert "You left From Root Causes to Grassroots Action" in left.replace("*", "")
    await stage.later(days=8)
    assert lessons(stage, "cleo") == []
    assert len(notices(stage, "cleo")) == len(notices(stage, "ada")) == 1
    assert lessons(stage, "ada") == [SOIL]


async def test_a_channel_that_takes_a_course_is_told_without_whoever_enrolled_it(stage):
    await noon(stage)
    await stage.asks("mo", "/course enroll c1 channel:#staffroom")
    await stage.later(minutes=10)
    [told] = notices(stage, "ada")
    assert "Mo Hale enrolled everybody in #staffroom" in told
    assert TAKES in told
    assert notices(stage, "mo") == []


async def test_imported_progress_brings_each_person_one_message_however_many_lines_it_has(stage):
    await noon(stage)
    lines = "person,lesson,status\nAda Quinn,c1.1,done\nAda Quinn,c1.2,started\nAda Quinn,c2.1,done\nBen Okafor,c1.1,started"
    form = await stage.asks("mo", "/course import")
    seen = await stage.fills_in("mo", form, lines=lines)
    await stage.presses("mo", seen, "Take it in")
    await stage.presses("mo", seen, "Take it in")
    await stage.later(minutes=10)
    [told] = notices(stage, "ada")
    assert "Mo Hale added your progress" in told
    assert told.count(TAKES) == 2
    assert len(notices(stage, "ben")) == 1
    await stage.later(days=2)
    assert len(notices(stage, "ada")) == 1


async def test_it_waits_for_the_end_of_quiet_hours_and_is_not_said_when_it_was_taken_back_meanwhile(stage):
    await noon(stage)
    await stage.until("2026-10-05 22:00")
    await stage.asks("mo", "/team add @Ada Quinn North")
    await stage.asks("mo", "/team add @Ben Okafor North")
    await stage.asks("mo", "/team remove @Ben Okafor North")
    await stage.until("2026-10-06 06:30")
    assert notices(stage, "ada") == []
    await stage.until("2026-10-06 09:00")
    assert len(notices(stage, "ada")) == 1
    assert notices(stage, "ben") == []


async def test_it_comes_neither_after_stop_nor_to_whoever_wants_no_direct_messages(stage):
    await noon(stage)
    await stage.writes_to_the_bot("ada", "stop")
    await stage.asks("ben", "/my settings direct:no")
    await stage.asks("mo", "/team add @Ada Quinn North")
    await stage.asks("mo", "/team add @Ben Okafor North")
    await stage.later(minutes=10)
    assert notices(stage, "ada") == []
    assert notices(stage, "ben") == []
    assert "North" in stage.text(await stage.asks("ben", "/team"))


async def test_a_restart_between_says_it_once(stage):
    await noon(stage)
    await stage.asks("mo", "/team add @Ada Quinn North")
    await stage.restarts()
    await stage.later(minutes=5)
    await stage.restarts()
    await stage.later(days=1)
    assert len(notices(stage, "ada")) == 1


async def test_whoever_is_erased_leaves_their_name_in_no_notice(stage):
    await noon(stage)
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.asks("ada", "/team add @Ben Okafor North")
    await stage.later(minutes=5)
    await stage.asks("ada", "/team add @Cleo Marsh North")
    assert "Ada Quinn added you" in notices(stage, "ben")[0]
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    await stage.later(minutes=10)
    assert "Somebody who has left added you" in notices(stage, "cleo")[0]
    assert not [line for line in await stage.dump() if "Ada Quinn" in line]


async def test_who_joins_a_team_that_takes_a_course_is_enrolled_at_once_and_told(stage):
    await noon(stage)
    await stage.asks("mo", "/course enroll c2 team:North")
    await stage.asks("ada", "/team join North")
    assert "Two good questions" in stage.text(await stage.asks("ada", "/course"))
    await stage.asks("mo", "/team lead @Ben Okafor North")
    assert "Two good questions" in stage.text(await stage.asks("ben", "/course"))
    await stage.later(hours=1)
    for who in ("ada", "ben"):
        titles = [stage.title(one) for one in stage.inbox(who)]
        assert titles == ["You are in a course now", "Lesson 1 of 2: What else"]
