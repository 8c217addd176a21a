"""A meeting that belongs to a discussion: who comes, who waits for a seat, reminders, a file for one's calendar."""

from __future__ import annotations

import pytest
from icalendar import Calendar

from tests.stories.test_discussions import planned
from tests.stories.test_linking import link

MEETING = (
    '/discuss schedule #staffroom "thu 16:00" title:"Book club {n}" repeat:weekly closes:6d'
    ' meets:"fri 15:00" lasts:90m seats:2 where:"Library" -- Chapter one.'
)


def notes(stage, who):
    """What the bot wrote to somebody; where files are messages of their own, without those."""
    with_a_file = "You asked for this, and only you can see it."
    return [one for one in stage.inbox(who) if one.text and not one.text.endswith(with_a_file)]


async def opened(stage, line=MEETING):
    said = await planned(stage, line)
    assert "fri 15:00, 1 hour 30 minutes, Library, 2 seats" in said
    await stage.until("2026-10-08 16:01")
    [post] = stage.room()
    return post


async def test_people_answer_and_everybody_sees_numbers_only(stage):
    post = await opened(stage)
    assert "Friday 9 October at 15:00" in stage.text(post)
    assert "0 of 2 seats" in stage.text(post)
    receipt = await stage.presses("ada", post, "I'm coming")
    assert "You are coming to" in stage.text(receipt)
    await stage.presses("ben", post, "Maybe")
    await stage.later(minutes=1)
    text = stage.text(stage.room()[0])
    assert "1 of 2 seats" in text
    assert "Maybe: 1" in text
    assert "Ada" not in text
    assert "Ada Quinn" in stage.text(await stage.asks("mo", "/discuss coming d1"))


async def test_the_receipt_holds_the_meeting_for_ones_own_calendar(stage):
    post = await opened(stage)
    receipt = await stage.presses("ada", post, "I'm coming")
    [(name, data)] = stage.files(receipt).items()
    assert name == "meeting.ics"
    [event] = Calendar.from_ical(data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Book club 1"
    assert event["DTSTART"].dt.isoformat() == "2026-10-09T14:00:00+00:00"
    assert event["DTEND"].dt.isoformat() == "2026-10-09T15:30:00+00:00"
    assert str(event["LOCATION"]) == "Library"
    again = await stage.presses("cleo", stage.room()[0], "Into my calendar")
    assert list(stage.files(again)) == ["meeting.ics"]


async def test_whoever_waits_gets_the_seat_that_becomes_free(stage):
    post = await opened(stage)
    for who in ("ada", "ben"):
        await stage.presses(who, post, "I'm coming")
    waiting = await stage.presses("cleo", post, "I'm coming")
    assert "You are on the waiting list" in stage.text(waiting)
    await stage.later(minutes=1)
    assert "2 of 2 seats\nWaiting for a seat: 1" in stage.text(stage.room()[0])
    await stage.presses("ada", stage.room()[0], "Can't come")
    await stage.later(minutes=1)
    assert "A seat is free, and it is yours" in stage.inbox("cleo")[-1].text
    assert "2 of 2 seats" in stage.text(stage.room()[0])
    # Pressing yes again puts one at the end of the line.
    assert "waiting list" in stage.text(await stage.presses("ada", stage.room()[0], "I'm coming"))


async def test_linked_accounts_take_one_seat_and_whoever_waits_gets_the_other(stage):
    post = await opened(stage)
    await stage.joins("ada2", "Ada at home")
    for who in ("ada", "ada2", "cleo"):
        await stage.presses(who, post, "I'm coming")
    shown = await link(stage)
    await stage.later(minutes=1)
    assert "2 of 2 seats" in stage.text(stage.room()[0])
    assert "Waiting" not in stage.text(stage.room()[0])
    assert any("A seat is free, and it is yours" in one.text for one in stage.inbox("cleo"))
    await stage.presses("ada2", shown, "Unlink")
    await stage.later(minutes=1)
    assert "2 of 2 seats\nWaiting for a seat: 1" in stage.text(stage.room()[0])
    coming = stage.text(await stage.asks("mo", "/discuss coming d1"))
    assert coming.index("Cleo Marsh") < coming.index("Waiting for a seat") < coming.index("Ada at home")
    assert await stage.broken() == []


async def test_reminders_come_an_hour_before_to_those_who_come(stage):
    post = await opened(stage)
    await stage.presses("ada", post, "I'm coming")
    await stage.presses("ben", post, "Can't come")
    await stage.until("2026-10-09 13:59")
    before = len(notes(stage, "ada"))
    await stage.until("2026-10-09 14:01")
    [reminder] = notes(stage, "ada")[before:]
    assert "You are coming to" in reminder.text
    assert "Library" in reminder.text
    assert notes(stage, "ben") == []
    # One can still say no from the reminder.
    await stage.presses("ada", reminder, "Can't come")
    await stage.later(minutes=1)
    assert "0 of 2 seats" in stage.text(stage.room()[0])


async def test_nobody_is_reminded_at_night(stage):
    await stage.joins("zoe", "Zoe Reed", zone="America/Los_Angeles")
    await planned(stage, MEETING.replace("fri 15:00", "sat 14:30"))
    await stage.until("2026-10-08 16:01")
    [post] = stage.room()
    await stage.presses("zoe", post, "Maybe")
    await stage.presses("ada", post, "I'm coming")
    await stage.until("2026-10-09 14:31")  # half past six in the morning in Los Angeles, a day before
    assert len(notes(stage, "ada")) == 1
    assert notes(stage, "zoe") == []
    await stage.until("2026-10-09 16:01")
    assert len(notes(stage, "zoe")) == 1
    await stage.until("2026-10-10 13:31")
    assert len(notes(stage, "ada")) == 2


async def test_a_meeting_that_began_takes_no_answers(stage):
    post = await opened(stage)
    await stage.until("2026-10-09 15:01")
    assert "has begun already" in stage.text(await stage.presses("ada", post, "I'm coming"))


async def test_cancelled_those_who_said_yes_are_told(stage):
    post = await opened(stage)
    await stage.presses("ada", post, "I'm coming")
    await stage.asks("mo", "/discuss cancel d1")
    await stage.later(minutes=1)
    assert "is canceled" in stage.inbox("ada")[-1].text
    assert "is canceled" in stage.text(stage.room()[0])
    assert "I'm coming" not in stage.room()[0].buttons


async def test_whoever_is_erased_is_no_longer_counted_and_took_their_answers_along(stage):
    post = await opened(stage)
    await stage.presses("ada", post, "I'm coming")
    export = await stage.asks("ada", "/my data export")
    assert b"Book club 1" in stage.files(export)["tilth-my-data.json"]
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    await stage.later(minutes=1)
    assert "0 of 2 seats" in stage.text(stage.room()[0])
    assert await stage.broken() == []


async def test_a_meeting_on_one_date_does_not_fit_a_rhythm(stage):
    said = stage.text(await stage.asks("mo", MEETING.replace("fri 15:00", "9 oct 15:00")))
    assert "A discussion that repeats needs a meeting that does." in said
    said = stage.text(await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title:"X" seats:3'))
    assert "belongs to a meeting" in said


@pytest.mark.only("discord", reason="the only one with a list of events")
async def test_a_meeting_is_on_the_platforms_list_of_events_until_it_is_called_off(stage):
    await opened(stage)
    await stage.later(minutes=1)
    [listed] = stage.platform.gatherings()
    assert listed.title == "Book club 1"
    assert listed.starts.isoformat() == "2026-10-09T14:00:00+00:00"
    assert listed.where == "Library"
    await stage.until("2026-10-15 16:05")
    assert [one.title for one in stage.platform.gatherings()][-1] == "Book club 2"
    await stage.asks("mo", "/discuss cancel d1")
    await stage.later(minutes=1)
    assert "Book club 2" not in [one.title for one in stage.platform.gatherings()]
