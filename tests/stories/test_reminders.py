"""Reminders are seldom, never at night or while people are away, and one word stops them or brings them back."""

from __future__ import annotations

import pytest


def reminders(stage, who: str) -> list[str]:
    """The reminders that somebody got, without the note of the week that moderators get."""
    told = [stage.text(one) for one in stage.inbox(who)]
    return [one for one in told if "You get this because" in one and not one.startswith("The week of ")]


async def take(stage, who: str, course: str = "c1") -> None:
    await stage.asks(who, f"/course join {course}")
    await stage.presses(who, stage.last(who), "Join")


@pytest.fixture
async def reminded(stage):
    """Ada takes a course, lets the first lesson lie, and has been reminded of it: Monday 12 October."""
    await take(stage, "ada")
    await stage.until("2026-10-12 09:20")
    assert len(reminders(stage, "ada")) == 1
    return stage


async def test_stop_is_stop_and_resume_brings_reminders_back(reminded):
    stage = reminded
    await stage.writes_to_the_bot("ada", "Stop.")
    assert "write resume" in stage.plain(stage.inbox("ada")[-1])
    await stage.until("2026-11-30 09:00")
    assert len(reminders(stage, "ada")) == 1
    await stage.writes_to_the_bot("ada", "resume")
    await stage.later(minutes=2)
    assert len(reminders(stage, "ada")) == 2


async def test_the_buttons_of_a_reminder(reminded):
    stage = reminded
    reminder = stage.inbox("ada")[-1]
    assert "15 October 2026" in stage.text(await stage.presses("ada", reminder, "Later"))
    await stage.until("2026-10-19 09:25")
    again = [one for one in stage.inbox("ada") if "You get this because" in stage.text(one)][-1]
    form = await stage.presses("ada", again, "Done already")
    await stage.fills_in("ada", form, note="We wrote it down.")
    assert "Prepare Your Soil: done" in stage.text(await stage.asks("ada", "/course progress"))
    await stage.until("2026-10-24 09:02")
    third = [one for one in stage.inbox("ada") if "You get this because" in stage.text(one)][-1]
    assert "Change the Discourse" in stage.title(third)
    assert "is paused until you resume it" in stage.text(
        await stage.presses("ada", third, "Pause this course")
    )
    count = len(reminders(stage, "ada"))
    await stage.until("2026-11-30 09:00")
    assert len(reminders(stage, "ada")) == count


async def test_stop_all_on_a_reminder_stops_all(reminded):
    stage = reminded
    await stage.presses("ada", stage.inbox("ada")[-1], "Stop all")
    await stage.until("2026-12-07 09:00")
    assert len(reminders(stage, "ada")) == 1


async def test_nobody_marks_somebody_elses_lesson(reminded):
    stage = reminded
    await stage.asks("ben", "/course list")
    await stage.asks("ada", "/course lesson c1.1")
    for button in ("Done", "I have begun"):
        said = stage.text(await stage.forges("ben", stage.last("ada"), button))
        assert "You are no longer in that course" in said
    assert "Prepare Your Soil: open" in stage.text(await stage.asks("ada", "/course progress"))


async def test_light_means_once(stage):
    await stage.asks("ada", "/my settings reminders:light")
    await take(stage, "ada")
    await stage.until("2026-12-07 09:00")
    assert len(reminders(stage, "ada")) == 1


async def test_no_reminders_and_no_direct_messages_mean_none(stage):
    await stage.asks("ada", "/my settings reminders:off")
    await stage.asks("ben", "/my settings direct:no")
    for who in ("ada", "ben"):
        await take(stage, who)
    await stage.until("2026-10-26 09:00")
    assert "Open" in stage.text(await stage.asks("ben", "/course"))
    await stage.until("2026-12-07 09:00")
    assert reminders(stage, "ada") == []
    assert [one for one in stage.inbox("ben") if stage.title(one).startswith("Lesson")] == []
    assert "Resume" in stage.text(await stage.asks("ben", "/course")), "six silent weeks have paused it"


async def test_quiet_hours_are_kept_in_ones_own_zone(stage):
    await stage.joins("kim", "Kim Vale", zone="Asia/Tokyo")
    await stage.asks("kim", "/my settings quiet:18:00-12:00")
    await take(stage, "kim")
    await stage.until("2026-10-05 03:59")  # noon in Tokyo is four in the morning in Dublin
    assert stage.inbox("kim") == []
    await stage.until("2026-10-05 04:00")
    assert len(stage.inbox("kim")) == 1
    shown = stage.text(await stage.asks("kim", "/my settings"))
    assert "18:00 to 12:00" in shown
    assert "is not a range of hours" in stage.text(await stage.asks("kim", "/my settings quiet:soon"))


async def test_going_away_takes_back_what_waits(stage):
    """A reminder that is queued and not yet said is taken back when somebody goes away."""
    await take(stage, "ada")
    await stage.until("2026-10-12 09:14")
    stage.limit(600)
    await stage.until("2026-10-12 09:17")
    await stage.asks("ada", "/my away 12 oct to 14 oct")
    await stage.until("2026-10-14 23:00")
    assert reminders(stage, "ada") == []
    await stage.asks("ada", "/my back")
    assert await stage.broken() == []


async def test_who_takes_part_is_asked_before_a_prompt_closes_and_nobody_else(monday):
    stage = monday
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[0])
    await stage.says("ben", "A bell.", thread=stage.prompts()[0])
    await stage.until("2026-10-16 08:59")
    assert len(stage.prompts()) == 2
    assert len(reminders(stage, "ada")) == 1
    assert "because you answered a prompt on Monday 5 October 2026, and" in reminders(stage, "ada")[0]
    assert reminders(stage, "cleo") == []
    assert reminders(stage, "mo") == []
    # Ben says "not this week" next time, and is left alone; Ada answers from the reminder.
    await stage.until("2026-10-19 09:00")
    await stage.presses("ben", stage.prompts()[-1], "Not this week")
    count = len(reminders(stage, "ben"))
    await stage.until("2026-10-22 20:00")
    assert len(reminders(stage, "ben")) == count
    reminder = stage.inbox("ada")[-1]
    form = await stage.presses("ada", reminder, "Answer")
    assert stage.is_form(form)


async def test_a_week_never_brings_more_than_two_over_all_features(monday):
    stage = monday
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[0])
    for course in ("c1", "c2"):
        await take(stage, "ada", course)
    seen = []
    for _ in range(40):
        await stage.later(hours=24)
        seen.append(len(reminders(stage, "ada")))
    assert max(after - before for before, after in zip([0] * 7 + seen, seen, strict=False)) <= 2
    assert seen[-1] >= 4


async def test_a_direct_prompt_waits_for_the_end_of_quiet_hours_and_spares_who_is_away(stage):
    await stage.asks("ada", "/my settings quiet:18:00-11:00")
    await stage.asks("ben", "/my away 5 oct to 6 oct")
    await stage.asks("cleo", "/my settings direct:no")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-05 10:59")
    assert len(stage.inbox("ada")) == 0
    await stage.until("2026-10-05 12:00")
    assert len(stage.inbox("ada")) == 1
    assert stage.inbox("ben") == stage.inbox("cleo") == []


async def test_everything_about_manners_is_handed_over_and_forgotten(reminded):
    stage = reminded
    await stage.asks("ada", "/my away 1 dec to 5 dec")
    import json

    whole = json.loads(stage.files(await stage.asks("ada", "/my data export"))["tilth-my-data.json"])
    assert whole["your wishes"][0]["away"] == ["2026-12-01 to 2026-12-05"]
    assert len(whole["reminders"]) == 1
    assert whole["courses"][0]["lessons"][0]["lesson"] == "Prepare Your Soil"
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    for table in ("reminder", "snooze", "preferences", "away", "enrollment", "progress", "teammate"):
        left = [line for line in await stage.dump() if line.startswith(f'INSERT INTO "{table}"')]
        assert left == [], table
