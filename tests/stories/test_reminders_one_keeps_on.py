"""What comes unasked keeps to working days and hours, says why in words true of its reader, and knows when to end."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.delivery.facts import Verb
from bot.delivery.tables import outbox
from tests.stories.stage import staged

NEW_YORK = "America/New_York"
WHY = "You get this because"


@pytest.fixture
async def school(tmp_path):
    """A school in New York that has set no calendar."""
    async with staged(tmp_path, zone=NEW_YORK) as stage:
        yield stage


async def take(stage, who, course="c1"):
    await stage.asks(who, f"/course join {course}")
    await stage.presses(who, stage.last(who), "Join")


async def plan(stage, what="every mon 09:00 closes:4d"):
    await stage.confirms(f"/prompt schedule #staffroom {what}")


async def sent(stage, who=None, *kinds):
    """When each direct message of the bot's own accord was sent, or those of some kinds, by the school's clock."""
    rows = await stage.app.store.read(
        lambda conn: conn.execute(
            outbox.select()
            .where(outbox.c.verb == Verb.DIRECT, outbox.c.sent_at.is_not(None), outbox.c.priority > 1)
            .order_by(outbox.c.sent_at)
        ).all()
    )
    person = None if who is None else stage.platform.id_of(who)
    mine = [one for one in rows if person in (None, one.person) and (not kinds or one.kind in kinds)]
    return [one.sent_at.astimezone(ZoneInfo(stage.zone)) for one in mine]


def reminders(stage, who):
    return [stage.text(one) for one in stage.inbox(who) if WHY in stage.text(one)]


async def test_nothing_comes_at_night_at_a_weekend_or_on_a_holiday(school):
    """From November to January: Veterans Day, Thanksgiving, Christmas and New Year are left out, nobody set a calendar."""
    stage = school
    await stage.until("2026-11-01 12:00")
    await plan(stage, "every fri 17:30 closes:7d")
    for who in ("ada", "ben"):
        await take(stage, who)
    await stage.until("2026-11-06 17:40")
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[-1])
    await stage.until("2027-01-08 12:00")
    times = await sent(stage)
    assert len(times) > 8
    holidays = {"2026-11-11", "2026-11-26", "2026-12-25", "2027-01-01"}
    assert [at for at in times if at.weekday() > 4 or str(at.date()) in holidays] == []
    assert [at for at in times if not 8 <= at.hour < 17] == []


async def test_a_calendar_of_ones_own_takes_the_place_of_public_holidays(school):
    stage = school
    await stage.asks("mo", "/tilth calendar add 13 oct to 13 oct -- Conference day")
    await stage.until("2026-10-06 12:00")
    for who in ("ada", "ben"):
        await take(stage, who)
    await stage.until("2026-10-12 12:00")
    assert len(await sent(stage)) == 2, "12 October is Columbus Day, and this school is open then"


async def test_who_says_otherwise_is_written_to_in_the_evening(school):
    stage = school
    await stage.asks("ada", "/my settings quiet:21:00-18:00")
    await take(stage, "ada")
    await stage.until("2026-10-05 17:59")
    assert stage.inbox("ada") == []
    await stage.until("2026-10-05 18:00")
    assert len(stage.inbox("ada")) == 1


async def test_the_reason_is_true_of_each_reader(school):
    """Ada answers every week, Ben answered once, Cleo never did; the fourth prompt is about to close."""
    stage = school
    await plan(stage)
    for day, who in (("05", ("ada", "ben")), ("12", ("ada",)), ("19", ("ada",))):
        await stage.until(f"2026-10-{day} 10:00")
        for one in who:
            await stage.says(one, f"On the {day}th.", thread=stage.prompts()[-1])
    await stage.until("2026-10-30 08:59")
    assert "you answered a prompt on Monday, October 19, 2026, and “" in reminders(stage, "ada")[-1]
    assert len(reminders(stage, "ada")) == 1
    assert all("you answered a prompt on Monday, October 5, 2026" in one for one in reminders(stage, "ben"))
    assert 1 <= len(reminders(stage, "ben")) <= 3
    assert reminders(stage, "cleo") == []
    assert not [one for one in reminders(stage, "ada") + reminders(stage, "ben") if "often" in one]


async def test_the_last_reminder_of_prompts_says_so_and_is_the_last(school):
    stage = school
    await plan(stage)
    await stage.until("2026-10-05 10:00")
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[-1])
    await stage.until("2026-11-30 12:00")
    assert len(reminders(stage, "ada")) == 3
    assert [("until you answer one" in one) for one in reminders(stage, "ada")] == [False, False, True]


async def test_a_farewell_to_a_lesson_is_final_also_in_july(school):
    stage = school
    await take(stage, "ada")
    for day in ("2026-10-13", "2026-10-26", "2026-11-13"):
        await stage.until(f"{day} 12:00")
    about = [one for one in reminders(stage, "ada") if one.startswith("Prepare Your Soil")]
    assert [("I will not remind you of this lesson again" in one) for one in about] == [False, False, True]
    assert "You get at most 2 reminders a week." in about[0]
    assert "You get at most" not in about[1]
    # A sign of life begins the ladder anew, for the other lessons only, and for nothing that is old.
    second = next(one for one in stage.inbox("ada") if stage.title(one).startswith("Lesson 2"))
    await stage.presses("ada", second, "I have begun")
    await stage.until("2026-12-10 12:00")
    stage.clock.set(datetime(2027, 7, 19, 15, tzinfo=UTC))
    third = next(one for one in stage.inbox("ada") if stage.title(one).startswith("Lesson 3"))
    await stage.presses("ada", third, "I have begun")
    await stage.later(hours=26)
    again = [one for one in reminders(stage, "ada") if one.startswith("Prepare Your Soil")]
    assert len(again) == 3
    days = [
        int(one[1]) for text in reminders(stage, "ada") if (one := re.search(r"open for (\d+) day", text))
    ]
    assert max(days) < 70
    assert len(reminders(stage, "ada")) > 3, "the other lessons are still reminded of"


async def test_no_sentence_comes_twice_within_a_month(school):
    """Ben answers only what he is reminded of, so that a reminder comes every week, for ten weeks."""
    stage = school
    await plan(stage)
    await stage.until("2026-10-05 10:00")
    await stage.says("ben", "A bell.", thread=stage.prompts()[-1])
    said = []
    for week in range(1, 11):
        monday = datetime(2026, 10, 5, 16, tzinfo=UTC) + timedelta(days=7 * week)
        await stage.until(f"{monday + timedelta(days=3, hours=-1):%Y-%m-%d} 16:00")
        if len(reminders(stage, "ben")) > len(said):
            said.append((monday, reminders(stage, "ben")[-1]))
            await stage.says("ben", "Then this.", thread=stage.prompts()[-1])
    assert len(said) > 7
    for at, text in said:
        lately = [
            line
            for then, other in said
            if timedelta() < at - then <= timedelta(days=30)
            for line in other.splitlines()
        ]
        lines = text.splitlines()  # the title, the sentence, the question, which belongs to the prompt
        ours = [lines[1], next(line for line in lines if line.startswith(WHY))]
        assert [line for line in ours if line in lately] == []


async def test_nobody_is_reminded_in_the_last_two_hours(school):
    stage = school
    await plan(stage, "every mon 09:00 closes:3h")
    await stage.until("2026-10-05 10:00")
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[-1])
    await stage.until("2026-10-20 12:00")
    assert len(stage.prompts()) > 2
    assert reminders(stage, "ada") == []


async def test_a_prompt_and_a_lesson_never_come_in_one_minute(school):
    stage = school
    await plan(stage, "every mon 09:00 closes:4d")
    await take(stage, "ada")
    await take(stage, "ada", "c2")
    await stage.until("2026-10-05 12:00")
    times = await sent(stage, "ada")
    assert len(times) == 2
    asked = datetime(2026, 10, 5, 9, tzinfo=ZoneInfo(NEW_YORK))
    for one, other in pairwise(sorted([*times, asked])):
        assert other - one >= timedelta(minutes=15)


async def test_what_comes_unasked_shares_one_budget(school):
    """Lessons, reminders and thanks wait while four direct messages came in seven days, whatever they were."""
    stage = school
    await plan(stage)
    for day in ("tue", "thu"):
        await plan(stage, f"every {day} 10:00 closes:2d to:dm")
    for course in ("c1", "c2"):
        await take(stage, "ada", course)
    await stage.until("2026-10-05 10:00")
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[-1])
    for week in range(3):
        friday = date(2026, 10, 9) + timedelta(days=7 * week)
        await stage.until(f"{friday} 12:00")
        digest = next(one for one in stage.digests() if "Thank Ada Quinn" in one.buttons)
        await stage.presses("ben", digest, "Thank Ada Quinn")
        await stage.asks("mo", f"/team create T{week}")
        await stage.asks("mo", f"/team add @Ada Quinn T{week}")
    await stage.until("2026-10-30 12:00")
    times = await sent(stage, "ada")
    assert len(times) > 12
    yielding = await sent(stage, "ada", "lesson", "reminder")
    assert len(yielding) > 5
    week = timedelta(days=7)
    assert max(sum(at - week < other <= at for other in times) for at in yielding) <= 4
    assert min(after - before for before, after in pairwise(times)) >= timedelta(minutes=15)


async def test_who_is_enrolled_hears_of_it_before_the_first_lesson_comes(school):
    """A course whose first lesson comes at once, and a team that was enrolled a minute before nine."""
    stage = school
    await stage.until("2026-10-05 08:58")
    await stage.asks("mo", "/team create North")
    await stage.asks("mo", "/team add @Ada Quinn North")
    for course in ("c1", "c2"):
        await stage.asks("mo", f"/course enroll {course} team:North")
    await stage.until("2026-10-05 12:00")
    titles = [stage.title(one) for one in stage.inbox("ada")]
    assert titles[0] == "You are in a course now"
    assert sorted(titles[1:]) == ["Lesson 1 of 2: What else", "Lesson 1 of 4: Prepare Your Soil"]
