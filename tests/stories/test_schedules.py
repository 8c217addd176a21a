"""Prompt schedules in chat: seen before they start, changed once or for good, skipped, hurried, paused, deleted."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.reflections.schedule.settings import settings_of
from bot.schedules import tables
from bot.schedules.model import Approver, BreakPolicy, CatchUp, Unapproved


async def rhythm(stage, more="", who="mo"):
    preview = await stage.asks(who, f"/prompt schedule #staffroom every mon 09:00 closes:4d {more}")
    await stage.presses(who, stage.last(who), "Confirm")
    return stage.text(preview)


async def says(stage, line, who="mo", channel="c1"):
    return stage.text(await stage.asks(who, line, channel=channel))


# ── before it starts ──────────────────────────────────────────────────────────


async def test_the_preview_shows_five_dates_as_members_elsewhere_see_them(stage):
    await stage.joins("kim", "Kim Vale", zone="Asia/Tokyo")
    await stage.joins("zoe", "Zoe Reed", zone="America/New_York")
    shown = await rhythm(stage)
    assert "Monday 2 November at 09:00" in shown
    assert "a member in Japan Standard Time" in shown
    assert "Mon, 5 Oct, 17:00" in shown
    # Dublin's clocks go back on 25 October, New York's a week later: four hours, not five.
    assert "Mon, 26 Oct, 05:00" in shown
    assert "Mon, 2 Nov, 04:00" in shown


async def test_a_direct_schedule_reaches_everybody_at_their_own_hour(stage):
    await stage.joins("kim", "Kim Vale", zone="Asia/Tokyo")
    shown = await rhythm(stage, "to:dm")
    assert "direct messages to everyone Tilth can reach in" in shown
    assert "Mon, 5 Oct, 09:00" in shown
    assert "17:00" not in shown


async def test_the_preview_says_what_a_break_takes_out(stage):
    await stage.app.store.write(lambda conn: _break(conn, stage.clock.now()))
    shown = await rhythm(stage)
    assert re.search(r"Monday 26 October at 09:00[^\n]*break: mid-term", shown)
    await stage.until("2026-10-20 09:00")
    queue = await says(stage, "/prompt list days:14")
    assert "skipped (break: mid-term)" in queue


def _break(conn, now):
    from datetime import date

    from bot.schedules.breaks import add_break

    add_break(conn, 1, date(2026, 10, 26), date(2026, 10, 30), "mid-term", now)


async def test_the_preview_names_a_clash_and_a_deck_that_begins_again_soon(stage):
    first = await rhythm(stage)
    assert "After 3 prompts it begins again" in first
    assert "“weekly” (s1) is posted there at 09:00." in await rhythm(stage)


async def test_several_schedules_live_side_by_side(stage):
    await rhythm(stage)
    await stage.opens_channel("c2", "lounge")
    await stage.confirms("/prompt schedule #lounge every fri 15:00")
    listed = await says(stage, "/prompt list")
    assert "s1 weekly" in listed
    assert "every Friday at 15:00" in listed
    await stage.until("2026-10-09 15:01")
    assert len(stage.prompts()) == 1
    assert len(stage.room(channel="c2")) == 1


# ── changing ──────────────────────────────────────────────────────────────────


async def test_this_and_all_that_follow_are_changed(stage):
    await rhythm(stage)
    said = await says(stage, '/prompt edit s1 when:"every tue 10:00" scope:following')
    assert "The next one comes on Tuesday 6 October at 10:00" in said
    await stage.until("2026-10-05 12:00")
    assert stage.prompts() == []
    await stage.until("2026-10-13 10:01")
    assert len(stage.prompts()) == 2


async def test_only_the_next_one_is_changed_and_the_rhythm_goes_on(stage):
    await rhythm(stage)
    said = await says(stage, '/prompt edit s1 when:"tue 10:00" scope:this')
    assert "Only this one is changed: it comes on Tuesday 6 October at 10:00" in said
    assert "once, instead of one of s1" in await says(stage, "/prompt list")
    await stage.until("2026-10-05 12:00")
    assert stage.prompts() == []
    await stage.until("2026-10-06 10:01")
    assert len(stage.prompts()) == 1
    assert "s2" not in await says(stage, "/prompt list")
    await stage.until("2026-10-12 09:01")
    assert len(stage.prompts()) == 2
    # It belongs to its rhythm: no prompt comes back before the deck is exhausted.
    await stage.until("2026-10-19 09:01")
    assert len({stage.title(one) for one in stage.prompts()}) == 3


async def test_a_change_of_one_date_is_taken_back(stage):
    await rhythm(stage)
    said = await says(stage, '/prompt edit s1 when:"tue 10:00" scope:this')
    number = re.search(r"/prompt unskip (o\d+)", said)[1]
    said = await says(stage, f"/prompt unskip {number}")
    assert "is posted on Monday 5 October at 09:00" in said
    assert "after all" in said
    await stage.until("2026-10-06 12:00")
    assert len(stage.prompts()) == 1


async def test_the_form_changes_what_was_filled_in_and_nothing_else(stage):
    await rhythm(stage)
    form = await stage.asks("mo", "/prompt edit s1")
    assert stage.value(form, "when") == "every mon 09:00"
    assert stage.value(form, "closes") == "4d"
    await stage.fills_in("mo", form, closes="2d", headsup="2h")
    log = await says(stage, "/tilth audit", who="ida")
    assert "open: 4 days, 0:00:00 → 2 days, 0:00:00" in log
    assert "headsup: none → 2:00:00" in log
    assert "when" not in log.partition("changed s1")[2].partition("planned")[0]
    form = await stage.asks("mo", "/prompt edit s1")
    errors = stage.errors(await stage.fills_in("mo", form, when="every blue moon"))
    assert "when" in errors


async def test_a_rhythm_is_no_time_for_one_and_one_time_is_no_rhythm(stage):
    await rhythm(stage)
    assert "needs one time" in await says(stage, '/prompt edit s1 when:"every tue 10:00" scope:this')
    assert "That is a single time, not a schedule" in await says(stage, "/prompt edit s1 when:tomorrow 10:00")
    assert "has passed" in await says(stage, '/prompt edit s1 when:"2026-10-01 10:00" scope:this')


async def test_an_edit_after_it_went_out_says_that_the_old_one_is_out(stage):
    await rhythm(stage)
    await stage.until("2026-10-05 08:59")
    # Queued, and not yet said: the platform is slow.
    stage.limit(120)
    await stage.until("2026-10-05 09:00")
    said = await says(stage, '/prompt edit s1 when:"every tue 10:00"')
    assert "is going out already, as it was before" in said
    await stage.until("2026-10-05 09:10")
    assert len(stage.prompts()) == 1
    # One a week: this week has had its own.
    await stage.until("2026-10-06 12:00")
    assert len(stage.prompts()) == 1
    await stage.until("2026-10-13 10:01")
    assert len(stage.prompts()) == 2


# ── one date ──────────────────────────────────────────────────────────────────


async def test_a_skipped_date_is_left_out_and_taken_back(stage):
    await rhythm(stage)
    assert "Mo Hale skipped the one on" in await says(stage, "/prompt skip s1")
    left_out = stage.last("mo")
    queue = await says(stage, "/prompt list")
    assert "skipped (skipped by a moderator)" in queue
    await stage.presses("mo", left_out, "Undo")
    await stage.until("2026-10-05 09:01")
    assert len(stage.prompts()) == 1
    await says(stage, "/prompt skip s1")
    await stage.until("2026-10-12 09:01")
    assert len(stage.prompts()) == 1


async def test_a_date_is_named_by_its_number(stage):
    await rhythm(stage)
    await stage.settles()
    queue = await says(stage, "/prompt list")
    number = next(
        word
        for word in queue.replace("·", " ").split()
        if word.startswith("o") and word[1:].rstrip(":").isdecimal()
    )
    await says(stage, f"/prompt skip {number.rstrip(':')}")
    await stage.until("2026-10-05 09:01")
    assert stage.prompts() == []
    assert "There is no date o999." in await says(stage, "/prompt skip o999")
    assert "Which schedule do you mean?" in await says(stage, "/prompt skip")


async def test_one_that_is_posted_now_takes_the_place_of_that_periods_own(stage):
    await rhythm(stage)
    shown = await says(stage, "/prompt now s1")
    assert "Who or what held a door open for you this week?" in shown
    assert stage.prompts() == []
    await stage.presses("mo", stage.last("mo"), "Post")
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1
    await stage.until("2026-10-05 09:01")
    assert len(stage.prompts()) == 1
    await stage.until("2026-10-12 09:01")
    assert len(stage.prompts()) == 2


# ── resting and going ─────────────────────────────────────────────────────────


async def test_a_pause_ends_on_the_day_that_was_named(stage):
    await rhythm(stage)
    assert "is paused until Monday 19 October 2026" in await says(stage, "/prompt pause s1 until:19 oct")
    assert "paused until Mon 19 Oct 2026" in await says(stage, "/prompt list")
    await stage.until("2026-10-12 09:01")
    assert stage.prompts() == []
    await stage.until("2026-10-19 09:01")
    assert len(stage.prompts()) == 1
    assert "has passed" in await says(stage, "/prompt pause s1 until:today")


async def test_a_deleted_schedule_comes_back_for_ten_minutes_as_it_was(stage):
    await rhythm(stage)
    await says(stage, "/prompt pause s1 until:19 oct")
    await says(stage, "/prompt delete s1")
    gone = stage.last("mo")
    assert "plans the first one" in await says(stage, "/prompt list")
    assert "s1 is canceled" in await says(stage, "/prompt resume s1")
    await stage.later(minutes=5)
    assert "as it was" in stage.text(await stage.presses("mo", gone, "Undo"))
    assert "paused until Mon 19 Oct 2026" in await says(stage, "/prompt list")
    await says(stage, "/prompt delete s1")
    gone = stage.last("mo")
    await stage.later(minutes=11)
    assert "ten minutes are over" in stage.text(await stage.presses("mo", gone, "Undo"))
    await stage.until("2026-10-19 09:01")
    assert stage.prompts() == []


async def test_a_deleted_schedule_takes_its_moved_date_with_it_and_back(stage):
    await rhythm(stage)
    await says(stage, '/prompt edit s1 when:"tue 10:00" scope:this')
    await says(stage, "/prompt delete s1")
    gone = stage.last("mo")
    assert "plans the first one" in await says(stage, "/prompt list")
    await stage.presses("mo", gone, "Undo")
    assert "once, instead of one of s1" in await says(stage, "/prompt list")
    await says(stage, "/prompt delete s1")
    await stage.until("2026-10-06 12:00")
    assert stage.prompts() == []


# ── what was late ─────────────────────────────────────────────────────────────


async def late(stage, choice):
    """The bot is away from Sunday to Thursday: longer than any prompt waits."""
    await rhythm(stage, f"late:{choice}")
    await stage.settles()
    await stage.stops()
    from datetime import timedelta

    stage.clock.set(stage.clock.now() + timedelta(days=3, hours=16))
    await stage.starts()
    await stage.settles()


async def test_a_prompt_that_is_too_late_asks_a_moderator_who_posts_it(stage):
    await late(stage, "ask")
    assert stage.prompts() == []
    [question] = stage.inbox("mo")
    assert "was due on Monday 5 October at 09:00" in stage.text(question)
    assert "waits for you" in await says(stage, "/prompt list")
    await stage.presses("mo", question, "Post it now")
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1
    assert "It has gone out" in stage.text(stage.inbox("ida")[0])


async def test_a_prompt_that_is_too_late_is_skipped_by_a_moderator(stage):
    await late(stage, "ask")
    await stage.presses("mo", stage.inbox("mo")[0], "Skip it")
    await stage.later(minutes=1)
    assert stage.prompts() == []
    assert "skipped the one on" in stage.text(stage.inbox("ida")[0])


async def test_a_question_that_nobody_answers_is_overtaken_by_the_next_prompt(stage):
    await late(stage, "ask")
    await stage.until("2026-10-12 09:01")
    assert len(stage.prompts()) == 1
    shown = stage.text(await stage.presses("mo", stage.inbox("mo")[0], "Post it now"))
    assert "skipped already" in shown
    await stage.later(minutes=1)
    assert len(stage.prompts()) == 1


# ── calls ─────────────────────────────────────────────────────────────────────


async def test_only_an_admin_lets_a_schedule_call_a_group_and_never_everybody(stage):
    refused = await says(stage, "/prompt schedule #staffroom every mon 09:00 pings:@teachers")
    assert refused == "Only an admin can do that. Ask one of them to do it for you."
    await rhythm(stage)
    assert "Only an admin" in await says(stage, "/prompt pings s1 @teachers")
    assert "never everybody" in await says(stage, "/prompt pings s1 @everyone", who="ida")
    assert "notifies @teachers" in await says(stage, "/prompt pings s1 @teachers", who="ida")
    assert "changed whom s1 notifies" in await says(stage, "/tilth audit", who="ida")
    cards = await outgoing(stage)
    teachers = group_id(stage)
    assert [card.pings for card in cards] == [teachers]
    assert "notifies @teachers" in await says(stage, "/prompt pings s1", who="ida"), (
        "bare, it changes nothing"
    )
    gone = stage.text(await stage.presses("ida", stage.last("ida"), "Remove"))
    assert "notifies no group here" in gone
    assert "notifies no group here" in await says(stage, "/prompt pings s1", who="ida")
    form = await stage.presses("ida", stage.last("ida"), "Choose a group")
    assert form.blank("schedule").value == "s1"
    await says(stage, "/prompt now s1", who="ida")
    await stage.presses("ida", stage.last("ida"), "Post")
    cards = await outgoing(stage, "2026-10-12 09:01")
    assert [card.pings for card in cards] == [teachers, ""]


def group_id(stage):
    """What the group of teachers is called where its name means nothing."""
    match stage.platform.platform:
        case "discord":
            return str(stage.platform.role("teachers").id)
        case "slack":
            return stage.platform.teachers
        case _:
            return "teachers"


@pytest.mark.only("slack", reason="elsewhere a group is picked from a list, or has no other name")
async def test_a_user_group_is_known_by_its_handle_its_name_and_its_link_and_no_other_is_taken(stage):
    await rhythm(stage)
    for said in (
        "@teachers",
        "Teachers",
        f"<!subteam^{stage.platform.teachers}|@teachers>",
        stage.platform.teachers,
    ):
        assert "s1 notifies" in await says(stage, f"/prompt pings s1 {said}", who="ida")
        assert "notifies no group" in await says(stage, "/prompt pings s1 none", who="ida")
    refused = await says(stage, "/prompt pings s1 @stewards", who="ida")
    assert "I know no group called @stewards here." in refused
    assert "Type @ and pick the group from the list" in refused
    await says(stage, "/prompt pings s1", who="ida")
    form = await stage.presses("ida", stage.last("ida"), "Choose a group")
    written = stage.text(await stage.fills_in("ida", form, group="@stewards"))
    assert "I know no group called @stewards here." in written
    assert "notifies @teachers" in await says(stage, "/prompt pings s1 @teachers", who="ida")
    assert [card.pings for card in await outgoing(stage)] == [stage.platform.teachers]


async def outgoing(stage, until="2026-10-05 09:01"):
    """The prompts that were posted, as cards: what a group hears of is in no text."""
    await stage.until(until)
    return [stage.record.as_posted(one.id) for one in stage.prompts()]


# ── several places ────────────────────────────────────────────────────────────


async def test_one_schedule_asks_in_two_channels_and_an_answer_counts_once(stage):
    await stage.opens_channel("c2", "lounge")
    await rhythm(stage)
    assert "It has 2 places" in await says(stage, "/prompt place s1 #lounge")
    await stage.until("2026-10-05 09:01")
    [here], [there] = stage.prompts(), stage.room(channel="c2")
    assert stage.title(here) == stage.title(there)
    await stage.says("ada", "In the one.", thread=here)
    await stage.says("ada", "And the other.", thread=there, channel="c2")
    assert await stage.answers() == {"Ada Quinn": "In the one.\n\nAnd the other."}
    await stage.until("2026-10-09 10:00")
    for digest in (stage.digests()[0], stage.room(channel="c2")[-1]):
        assert "One person shared an answer with everyone." in stage.text(digest)
    assert "is its only place" not in await says(stage, "/prompt place s1 #lounge remove:yes")
    assert "That is its only place" in await says(stage, "/prompt place s1 #staffroom remove:yes")


async def test_settings_are_kept_through_every_change(stage):
    await rhythm(
        stage, "headsup:2h approve:moderator unapproved:skip breaks:hold late:ask tag:x also:#staffroom"
    )
    [one] = await stage.app.store.read(lambda conn: tables.schedules(conn, 1))
    settings = settings_of(one)
    assert settings_of(replace(one, details=settings.to_details())) == settings
    assert (settings.tag, one.headsup, one.approver, one.unapproved) == (
        "x", timedelta(hours=2), Approver.MODERATOR, Unapproved.SKIP
    )  # fmt: skip
    assert (one.break_policy, one.catch_up) == (BreakPolicy.HOLD, CatchUp.ASK)
