"""A moderator plans a discussion: it comes by itself, is pinned in place of the last, closes with thanks."""

from __future__ import annotations

import pytest

from tests.stories.test_schedules import group_id

WEEKLY = (
    '/discuss schedule #staffroom "thu 16:00" title:"Week {week}: {topic}" repeat:weekly closes:6d'
    " -- What did you try?"
)


async def planned(stage, line=WEEKLY, who="mo"):
    """Plan and confirm; the preview's text."""
    preview = await stage.asks(who, line)
    said = stage.text(preview)
    await stage.presses(who, stage.last(who), "Confirm")
    return said


def titles(stage, channel="c1"):
    return [stage.title(one) for one in stage.room(channel=channel)]


async def test_a_weekly_discussion_from_the_plan_to_the_thanks(stage):
    said = await planned(stage)
    assert "every Thursday at 16:00" in said
    assert "Thursday 8 October at 16:00: Week 41: open floor" in said.replace(" (Irish Time)", "")
    assert "What did you try?" in said
    added = await stage.asks("mo", "/discuss topics d1 add -- Wait time\nThe first five minutes")
    assert "Wait time" in stage.text(added)
    assert stage.room() == []

    await stage.until("2026-10-08 16:00")
    [first] = stage.room()
    assert stage.title(first) == "Week 41: Wait time"
    assert "What did you try?" in stage.text(first)
    assert "Open until Wednesday 14 October at 16:00" in stage.text(first)
    assert stage.pinned() == [first.id]
    for who in ("ada", "ben", "cleo", "mo", "ida"):
        await stage.says(who, "Ten seconds, twice.", thread=first)

    await stage.until("2026-10-14 16:01")
    assert "Thank you to the 5 people who wrote." in stage.thread("ada", first)[-1].text
    [first] = stage.room()
    assert "This discussion is closed" in stage.text(first)
    assert stage.pinned() == []

    await stage.until("2026-10-15 16:01")
    _, second = stage.room()
    assert stage.title(second) == "Week 42: The first five minutes"
    assert stage.pinned() == [second.id]
    assert await stage.broken() == []
    assert await stage.answers() == {}
    # Nothing that was said in the thread is in the database.
    assert not [line for line in await stage.dump() if "Ten seconds" in line]


async def test_a_thread_is_locked_at_closing_where_the_platform_can(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:00")
    [first] = stage.room()
    assert not stage.is_closed(first)
    await stage.until("2026-10-14 16:05")
    if not stage.platform.platform.startswith("slack"):  # a thread cannot be locked there
        assert stage.is_closed(first)


async def test_without_a_closing_date_the_next_one_closes_the_last(stage):
    await planned(stage, '/discuss schedule #staffroom "thu 16:00" title:"Round {n}" repeat:weekly')
    await stage.until("2026-10-15 15:59")
    [first] = stage.room()
    assert "Open until the next one." in stage.text(first)
    await stage.until("2026-10-15 16:01")
    first, second = stage.room()
    assert "closed" in stage.text(first)
    assert titles(stage) == ["Round 1", "Round 2"]
    assert stage.pinned() == [second.id]


async def test_few_people_are_not_counted_aloud(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:00")
    [first] = stage.room()
    await stage.says("ada", "Just me.", thread=first)
    await stage.until("2026-10-14 16:05")
    said = stage.thread("ada", first)[-1].text
    assert "Thank you to the few who wrote." in said
    assert "1" not in said.replace("41", "")


async def test_a_discussion_in_which_nobody_wrote_closes_without_a_word(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:00")
    [first] = stage.room()
    before = len(stage.thread("ada", first))
    await stage.until("2026-10-14 16:05")
    assert len(stage.thread("ada", first)) == before
    assert stage.is_closed(first) or stage.platform.platform.startswith("slack")


async def test_a_thread_that_cannot_be_read_is_thanked_without_a_number(stage):
    await planned(stage)
    await stage.until("2026-10-08 16:00")
    [first] = stage.room()
    await stage.says("ada", "Here.", thread=first)
    stage.hide_history()
    await stage.until("2026-10-14 16:05")
    assert len(stage.thread("ada", first)) == 2
    await stage.until("2026-10-14 16:15")
    assert "This discussion is closed." in stage.thread("ada", first)[-1].text


async def test_a_single_discussion_comes_once(stage):
    said = await planned(
        stage, '/discuss schedule #staffroom "tomorrow 12:30" title:"Lunch table" -- Bring one question.'
    )
    assert "once, on Monday 5 October 2026 at 12:30" in said
    await stage.until("2026-10-05 12:30")
    assert titles(stage) == ["Lunch table"]
    await stage.later(days=30)
    assert titles(stage) == ["Lunch table"]
    assert "closed" in stage.text(stage.room()[0])


async def test_a_bare_command_opens_the_form_and_its_text_can_be_edited_before_confirming(stage):
    form = await stage.asks("mo", "/discuss schedule #staffroom")
    assert stage.is_form(form)
    preview = await stage.fills_in(
        "mo",
        form,
        channel="c1",
        when="fri 15:00",
        repeat="weekly",
        title="Friday {date}",
        text="First draft.",
    )
    assert "every Friday at 15:00" in stage.text(preview)
    edit = await stage.presses("mo", stage.last("mo"), "Edit")
    assert stage.value(edit, "text") == "First draft."
    again = await stage.fills_in(
        "mo",
        edit,
        title="Friday {date}",
        text="Second draft.",
        when="every fri 15:30",
        closes="2d",
        tags="staff",
    )
    assert "every Friday at 15:30" in stage.text(again)
    assert "Second draft." in stage.text(again)
    await stage.presses("mo", stage.last("mo"), "Confirm")
    await stage.until("2026-10-09 15:30")
    [first] = stage.room()
    assert stage.title(first) == "Friday 9 October 2026"
    assert "Second draft." in stage.text(first)
    assert "Open until Sunday 11 October at 15:30" in stage.text(first)


async def test_a_form_with_a_time_that_cannot_be_read_stays_open(stage):
    form = await stage.asks("mo", "/discuss schedule")
    shown = await stage.fills_in("mo", form, channel="c1", when="whenever", repeat="once", title="X", text="")
    assert "whenever" in stage.errors(shown)["when"]


async def test_cancelled_before_it_is_confirmed_nothing_was_planned(stage):
    await stage.asks("mo", WEEKLY)
    await stage.presses("mo", stage.last("mo"), "Cancel")
    await stage.until("2026-10-09 09:00")
    assert stage.room() == []
    assert "Nothing is planned" in stage.text(await stage.asks("mo", "/discuss list"))


async def test_a_first_date_further_ahead_is_kept(stage):
    said = await planned(
        stage, '/discuss schedule #staffroom "29 oct 16:00" title:"Round {n}" repeat:every-2-weeks closes:3d'
    )
    assert "every 2 weeks on Thursday" in said
    assert "22 October" not in said
    assert "Thursday 12 November at 16:00" in said
    assert "paused" not in stage.text(await stage.asks("mo", "/discuss list"))
    await stage.until("2026-10-29 15:59")
    assert stage.room() == []
    await stage.until("2026-11-12 16:01")
    assert titles(stage) == ["Round 1", "Round 2"]


async def test_a_discussion_from_a_message(stage):
    message = await stage.says("ada", "Why do we ring the bell at all?")
    form = await stage.uses("mo", "discuss.new", message)
    assert stage.value(form, "text") == "Why do we ring the bell at all?"
    assert stage.value(form, "title") == "Why do we ring the bell at all?"
    shown = await stage.fills_in(
        "mo", form, channel="c1", when="tomorrow 16:00", repeat="once", title="The bell", text="Why ring it?"
    )
    assert "once, on Monday 5 October 2026 at 16:00" in stage.text(shown)


# ── words ─────────────────────────────────────────────────────────────────────


async def test_an_unknown_placeholder_is_refused_with_the_list(stage):
    said = stage.text(await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title:"Week {wek}"'))
    assert "“wek” is not a word that can be filled in." in said
    assert "{topic} (the next topic of its list)" in said
    said = stage.text(await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title:"On {lesson}"'))
    assert "The name of a lesson needs a course, and nobody takes one here." in said
    await stage.asks("ada", "/course join c1")
    await stage.presses("ada", stage.last("ada"), "Join")
    await stage.until("2026-10-05 10:00")
    said = stage.text(await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title:"On {lesson}"'))
    assert "On Prepare Your Soil" in said


async def test_the_starter_of_each_lesson_is_posted_once_on_its_day(stage):
    await stage.asks("mo", "/course join c1")
    await stage.presses("mo", stage.last("mo"), "Join")
    await stage.until("2026-10-05 09:30")
    lesson = await stage.asks("mo", "/course lesson c1.1")
    starter = await stage.presses("mo", lesson, "Conversation starter")
    form = await stage.presses("mo", starter, "Post starters in a channel")
    assert stage.value(form, "title") == "{lesson}"
    preview = await stage.fills_in("mo", form, channel="c1", when="mon 10:00", repeat="weekly")
    await stage.presses("mo", preview, "Confirm")
    # Two Mondays with the first lesson, as Mo moved the second: posted once. Then the second has come.
    await stage.asks("mo", "/course extend c1.2 1w")
    await stage.until("2026-10-05 10:05")
    [first] = [one for one in stage.room() if "Prepare Your Soil" in stage.text(one)]
    await stage.until("2026-10-12 10:05")
    assert [one for one in stage.room() if "Prepare Your Soil" in stage.text(one)] == [first]
    # It cannot be posted by hand either, and nothing is promised.
    refused = stage.text(await stage.asks("mo", "/discuss now d1"))
    assert "There is nothing to post right now: no new lesson has a starter." in refused
    listed = stage.text(await stage.asks("mo", "/discuss list"))
    assert "it comes only when a new lesson with a starter has come" in listed
    # When the next lesson has come, what is shown is what is posted.
    await stage.until("2026-10-19 09:30")
    shown = await stage.asks("mo", "/discuss now d1")
    assert "Change the Discourse" in stage.text(shown)
    await stage.presses("mo", shown, "Post")
    await stage.until("2026-10-19 10:05")
    assert len([one for one in stage.room() if "Change the Discourse" in stage.text(one)]) == 1


async def test_mentions_that_call_everybody_are_refused(stage):
    said = stage.text(
        await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title:"Hello" -- Come, @everyone!')
    )
    assert "That would notify everybody at once." in said
    said = stage.text(
        await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title:"Hello" pings:teachers')
    )
    assert "Only an admin" in said
    said = stage.text(
        await stage.asks("ida", '/discuss schedule #staffroom "thu 16:00" title:"Hello" pings:teachers')
    )
    assert "teachers" in said


async def test_when_the_topics_run_dry_moderators_hear_of_it_in_time(stage):
    await planned(stage, WEEKLY.replace(" closes:6d", " dry:skip"))
    await stage.asks("mo", "/discuss topics d1 add -- Wait time\nBells")
    await stage.until("2026-10-08 16:01")
    assert not [one for one in stage.inbox("mo") if "last topic" in one.text]
    await stage.until("2026-10-15 16:01")
    assert [one for one in stage.inbox("mo") if "has used its last topic" in one.text]
    listed = stage.text(await stage.asks("mo", "/discuss list"))
    assert "skipped (no topic is left)" in listed
    await stage.until("2026-10-22 16:01")
    assert titles(stage) == ["Week 41: Wait time", "Week 42: Bells"]
    await stage.asks("mo", "/discuss topics d1 add -- Corridors")
    await stage.until("2026-10-29 16:01")
    assert titles(stage)[-1] == "Week 44: Corridors"


async def test_topics_that_start_over_come_in_their_order(stage):
    await planned(stage, WEEKLY.replace(" closes:6d", " dry:again"))
    await stage.asks("mo", "/discuss topics d1 add -- One\nTwo\nThree")
    await stage.asks("mo", "/discuss topics d1 drop t2")
    undo = stage.last("mo")
    await stage.presses("mo", undo, "Undo")
    await stage.asks("mo", "/discuss topics d1 drop t3")
    await stage.until("2026-11-05 17:00")
    assert titles(stage) == [f"Week {41 + n}: {t}" for n, t in enumerate(("One", "Two", "One", "Two", "One"))]


# ── weeks that are odd ────────────────────────────────────────────────────────


async def test_the_week_in_which_the_clocks_go_back_has_one_discussion(stage):
    said = await planned(
        stage, '/discuss schedule #staffroom "sun 01:30" title:"Week {week}" repeat:weekly closes:2d'
    )
    assert "the clock shows 01:30 twice. The first one counts." in said
    await stage.until("2026-11-02 09:00")
    assert titles(stage) == ["Week 41", "Week 42", "Week 43", "Week 44"]


async def test_new_year_goes_from_week_53_to_week_1(stage):
    await planned(
        stage, '/discuss schedule #staffroom "24 dec 16:00" title:"Week {week}" repeat:weekly closes:2d'
    )
    await stage.until("2027-01-14 17:00")
    assert titles(stage) == ["Week 52", "Week 53", "Week 1", "Week 2"]


async def test_a_break_with_hold_brings_one_on_the_day_of_return_and_closing_waits_for_it(stage):
    await planned(stage, WEEKLY + "")
    await stage.asks("mo", "/discuss edit d1 breaks:hold")
    await stage.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term")
    listed = stage.text(await stage.asks("mo", "/discuss list days:14"))
    assert "Saturday 17 October at 16:00" in listed
    await stage.until("2026-10-08 16:00")
    assert "Open until Saturday 17 October at 16:00" in stage.text(stage.room()[0])
    await stage.until("2026-10-17 15:59")
    assert len(stage.room()) == 1
    await stage.until("2026-10-17 16:01")
    assert len(stage.room()) == 2
    await stage.until("2026-10-22 16:01")
    assert titles(stage) == ["Week 41: open floor", "Week 42: open floor", "Week 43: open floor"]


async def test_a_break_leaves_one_out_and_the_list_says_why(stage):
    await planned(stage)
    await stage.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term")
    listed = stage.text(await stage.asks("mo", "/discuss list days:20"))
    assert "skipped (break: Half term)" in listed
    await stage.until("2026-10-22 16:01")
    assert titles(stage) == ["Week 41: open floor", "Week 43: open floor"]


# ── looking after it ──────────────────────────────────────────────────────────


async def test_one_is_skipped_and_brought_back(stage):
    await planned(stage)
    said = stage.text(await stage.asks("mo", "/discuss skip d1"))
    assert "Thursday 8 October at 16:00" in said
    assert "skipped by a moderator" in stage.text(await stage.asks("mo", "/discuss list"))
    await stage.asks("mo", "/discuss unskip d1")
    await stage.asks("mo", "/discuss skip d1 on:15 oct")
    await stage.until("2026-10-22 16:01")
    assert titles(stage) == ["Week 41: open floor", "Week 43: open floor"]


async def test_it_rests_and_goes_on(stage):
    await planned(stage)
    await stage.asks("mo", "/discuss pause d1")
    assert "paused" in stage.text(await stage.asks("mo", "/discuss list"))
    await stage.until("2026-10-09 09:00")
    assert stage.room() == []
    assert "15 October" in stage.text(await stage.asks("mo", "/discuss resume d1"))
    await stage.until("2026-10-15 16:01")
    assert len(stage.room()) == 1


async def test_cancelled_it_ends_and_undo_brings_it_back(stage):
    await planned(stage)
    await stage.asks("mo", "/discuss cancel d1")
    assert "Nothing is planned" in stage.text(await stage.asks("mo", "/discuss list"))
    await stage.asks("mo", "/discuss cancel d1")
    assert "d1 is canceled" in stage.text(stage.last("mo"))


async def test_cancelling_can_be_undone_for_ten_minutes(stage):
    await planned(stage)
    await stage.asks("mo", "/discuss cancel d1")
    cancelled = stage.last("mo")
    await stage.presses("mo", cancelled, "Undo")
    await stage.until("2026-10-08 16:01")
    assert len(stage.room()) == 1


async def test_sent_now_it_takes_the_place_of_the_next(stage):
    await planned(stage)
    await stage.until("2026-10-06 09:00")
    assert "Week 41: open floor" in stage.text(await stage.asks("mo", "/discuss now d1"))
    assert stage.room() == []
    await stage.presses("mo", stage.last("mo"), "Post")
    await stage.later(minutes=1)
    assert titles(stage) == ["Week 41: open floor"]
    await stage.until("2026-10-15 15:59")
    assert len(stage.room()) == 1


async def test_what_needs_approval_waits_for_it(stage):
    await planned(stage, WEEKLY.replace("closes:6d", "closes:6d approve:admin"))
    await stage.until("2026-10-07 16:01")
    [shown] = stage.inbox("ida")
    assert "An admin has to approve it" in shown.text
    assert "What did you try?" in shown.text
    assert "needs approval" in stage.text(await stage.asks("mo", "/discuss list"))
    assert "Only an admin" in stage.text(await stage.asks("mo", "/discuss approve d1"))
    await stage.until("2026-10-08 16:05")
    assert stage.room() == []
    assert "waits for approval" in stage.text(await stage.asks("mo", "/discuss list"))
    await stage.asks("ida", "/discuss approve d1")
    await stage.later(minutes=1)
    assert titles(stage) == ["Week 41: open floor"]
    # The next one is approved in time, from the card that showed it.
    await stage.until("2026-10-14 16:01")
    await stage.presses("ida", stage.inbox("ida")[-1], "Approve")
    await stage.until("2026-10-15 16:01")
    assert len(stage.room()) == 2


async def test_a_heads_up_shows_it_as_it_will_look_and_can_skip_it(stage):
    await planned(stage, WEEKLY.replace("closes:6d", "closes:6d headsup:2h"))
    await stage.until("2026-10-08 14:01")
    [shown] = stage.inbox("mo")
    assert "Week 41: open floor" in shown.text
    await stage.presses("mo", shown, "Skip")
    await stage.until("2026-10-08 17:00")
    assert stage.room() == []


async def test_a_bot_that_was_away_asks_before_it_posts_late(stage):
    await planned(stage)
    await stage.until("2026-10-08 10:00")
    await stage.stops()
    stage.clock.advance(_hours(9))
    await stage.starts()
    await stage.settles()
    await stage.later(minutes=1)
    assert stage.room() == []
    [told] = stage.inbox("mo")
    assert "Tilth was not running" in told.text
    await stage.presses("mo", told, "Post it now")
    await stage.later(minutes=2)
    assert len(stage.room()) == 1


def _hours(number):
    from datetime import timedelta

    return timedelta(hours=number)


async def test_members_may_not_plan(stage):
    for line in (WEEKLY, "/discuss list", "/discuss cancel d1", "/discuss topics d1"):
        assert "Only a moderator" in stage.text(await stage.asks("ada", line))


async def test_every_change_is_on_record(stage):
    await planned(stage)
    await stage.asks("mo", "/discuss edit d1 closes:2d")
    await stage.asks("mo", "/discuss pause d1")
    await stage.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term")
    log = stage.text(await stage.asks("ida", "/tilth audit"))
    for words in ("planned d1", "changed d1", "paused d1", "Half term"):
        assert words in log


@pytest.mark.only("local", "slack", reason="Discord has no page of the bot's own")
async def test_the_home_page_of_a_moderator_shows_what_is_due(stage):
    await planned(stage)
    assert "Week 41: open floor" in stage.text(await stage.opens_home("mo"))
    assert "Week 41" not in stage.text(await stage.opens_home("ada"))


# ── where a newcomer stumbles ─────────────────────────────────────────────────


@pytest.mark.only("local", "slack", reason="typed options cannot slip into the text")
async def test_a_title_that_was_not_quoted_is_noticed(stage):
    said = stage.text(
        await stage.asks("mo", '/discuss schedule #staffroom "thu 16:00" title: Week {week} repeat:weekly')
    )
    assert "repeat:weekly" in said
    assert 'title:"Week {week}"' in said


async def test_another_thing_in_the_same_channel_at_that_time_is_told_before_it_is_confirmed(stage):
    await planned(stage)
    said = stage.text(await stage.asks("mo", '/discuss schedule #staffroom "thu 16:30" title:"Too close"'))
    assert "“Week [week]: [topic]” (d1) is posted there at 16:00" in said


@pytest.mark.only("discord", reason="the only one with forums")
async def test_in_a_forum_each_one_is_a_post_of_its_own_with_tags(stage):
    await stage.opens_channel("c3", "ideas", forum=True)
    await planned(stage, WEEKLY.replace("#staffroom", "#ideas").replace("closes:6d", "closes:6d tags:weekly"))
    await stage.until("2026-10-08 16:01")
    [first] = stage.room(channel="c3")
    assert "Week 41: open floor" in (stage.title(first), *stage.text(first).splitlines())
    await stage.says("ada", "In the forum.", thread=first)
    await stage.until("2026-10-14 16:05")
    assert "Thank you to the few who wrote." in stage.thread("ada", first)[-1].text
    assert stage.is_closed(first)


async def test_an_admin_lets_a_discussion_notify_one_group(stage):
    group = group_id(stage)
    await planned(stage, WEEKLY.replace(" closes:6d", " closes:6d pings:teachers"), who="ida")
    await stage.until("2026-10-08 16:01")
    notified = stage.platform.notified()
    assert len(notified) == (
        0 if stage.platform.platform == "local" else 1
    )  # nothing rings in the playground
    assert all(group in one for one in notified)
    # Its changes do not ring again.
    await stage.until("2026-10-14 16:05")
    assert set(stage.platform.notified()) <= set(notified)
