"""Prompts by direct message: each member at their own hour, moderators in the community's, and lateness one by one.

The community is in New York, with Ada; Kim is in Kiritimati, where each day begins first, and Leilani in Honolulu.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.chat.language import country_of_zone, format_moment, locale_of, speaking
from bot.runtime.clock import SteerableClock
from tests.stories.stage import Stage, staged

SATURDAY = datetime(2026, 10, 3, 12, tzinfo=UTC)
KIM, LEILANI = "2026-10-04 14:00", "2026-10-05 14:00"
"""Monday 08:00 in Kiritimati and in Honolulu, as clocks in New York show it; there are 24 hours between them."""


@pytest.fixture
async def stage(tmp_path: Path, platform: str) -> AsyncIterator[Stage]:
    async with staged(tmp_path, platform, SteerableClock(SATURDAY), zone="America/New_York") as one:
        await one.joins("ada", "Ada Quinn", zone="America/New_York")
        await one.joins("kim", "Kim Vale", zone="Pacific/Kiritimati")
        await one.joins("leilani", "Leilani Kane", zone="Pacific/Honolulu")
        yield one


async def plan(stage: Stage, more: str = "", when: str = "every mon 08:00") -> None:
    await stage.confirms(f"/prompt schedule #staffroom {when} to:dm {more}")


def moment(stage: Stage, day: str) -> str:
    """A time of the community as a card shows it; on Discord everybody reads moments in their own zone, here Dublin's."""
    local = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(stage.zone))
    shown = local.astimezone(ZoneInfo("Europe/Dublin")) if stage.platform.platform == "discord" else local
    country = country_of_zone("Europe/Dublin" if stage.platform.platform == "discord" else stage.zone)
    with speaking(locale_of("en", country)):
        return format_moment(shown)


def asked(stage: Stage, *names: str) -> dict[str, int]:
    """How many prompts each of these was sent, open or closed by now."""
    closed = "This prompt is closed."
    return {
        who: sum("Answer" in one.buttons or closed in stage.text(one) for one in stage.inbox(who))
        for who in names
    }


def everybody(stage: Stage) -> dict[str, int]:
    return asked(stage, "kim", "ada", "leilani")


async def away(stage: Stage, until: str) -> None:
    """The bot is down until then."""
    await stage.stops()
    stage.clock.set(datetime.fromisoformat(until).replace(tzinfo=UTC))
    await stage.starts()
    await stage.settles()


# ── everybody's own hour ──────────────────────────────────────────────────────


async def test_each_member_is_asked_at_their_own_hour_from_one_end_of_the_world_to_the_other(stage):
    await plan(stage)
    await stage.until("2026-10-04 13:59")
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 0}
    await stage.until(KIM)
    assert everybody(stage) == {"kim": 1, "ada": 0, "leilani": 0}
    await stage.until("2026-10-05 07:59")
    assert everybody(stage) == {"kim": 1, "ada": 0, "leilani": 0}
    await stage.until("2026-10-05 08:00")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 13:59")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 14:01")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}
    await stage.until(
        "2026-10-12 15:00"
    )  # a public holiday where the community is, and a Tuesday in Kiritimati
    assert everybody(stage) == {"kim": 2, "ada": 1, "leilani": 1}
    await stage.until("2026-10-13 15:00")
    assert everybody(stage) == {"kim": 2, "ada": 2, "leilani": 2}
    assert await stage.broken() == []


async def test_somebody_who_comes_from_further_east_after_it_was_planned_still_gets_their_own_hour(stage):
    await plan(stage)
    await stage.leaves("kim")
    await stage.until("2026-10-04 12:00")
    await stage.joins("sato", "Sato Ono", zone="Asia/Tokyo")
    await stage.until("2026-10-04 18:59")
    assert asked(stage, "sato", "ada") == {"sato": 0, "ada": 0}
    await stage.until("2026-10-04 19:00")  # eight on Monday in Tokyo
    assert asked(stage, "sato", "ada") == {"sato": 1, "ada": 0}


# ── moderators ────────────────────────────────────────────────────────────────


async def test_the_queue_names_the_hour_of_the_community_before_and_after_the_first_were_asked(stage):
    await plan(stage)
    await stage.settles()
    said = moment(stage, "2026-10-05 08:00")
    assert said in stage.text(await stage.asks("mo", "/prompt list"))
    assert "4 October" not in stage.text(await stage.asks("mo", "/prompt show s1"))
    await stage.until("2026-10-04 18:00")
    assert asked(stage, "kim") == {"kim": 1}
    queue = stage.text(await stage.asks("mo", "/prompt list"))
    assert said in queue
    assert "going out, to each member at their own time of day" in queue
    await stage.until("2026-10-05 08:01")
    assert said not in stage.text(await stage.asks("mo", "/prompt list"))


async def test_a_heads_up_comes_before_the_hour_of_the_community(stage):
    await plan(stage, "headsup:2h")
    await stage.until("2026-10-05 05:59")
    assert stage.inbox("mo") == []
    await stage.until("2026-10-05 06:00")
    [shown] = stage.inbox("mo")
    assert moment(stage, "2026-10-05 08:00") in stage.text(shown)
    # Nobody has read what moderators had not seen, and it can still be left out.
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 0}
    said = stage.text(await stage.presses("mo", shown, "Skip"))
    assert f"skipped the one on {moment(stage, '2026-10-05 08:00')}" in said
    await stage.until("2026-10-06 20:00")
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 0}


async def test_a_heads_up_early_enough_leaves_everybody_their_own_hour(stage):
    await plan(stage, "headsup:23h")
    await stage.until("2026-10-04 09:00")
    assert len(stage.inbox("mo")) == 1
    await stage.until(KIM)
    assert everybody(stage) == {"kim": 1, "ada": 0, "leilani": 0}
    await stage.until("2026-10-05 08:00")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 0}


async def test_an_approval_an_hour_before_the_community_s_time_is_in_time(stage):
    await plan(stage, "approve:moderator unapproved:skip")
    await stage.until("2026-10-05 07:00")
    [shown] = [one for one in stage.inbox("mo") if "Approve" in one.buttons]
    assert "Approved by Mo Hale" in stage.text(await stage.presses("mo", shown, "Approve"))
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 0}
    await stage.until("2026-10-05 08:00")
    assert everybody(stage) == {"kim": 0, "ada": 1, "leilani": 0}
    # Kim's own eight o'clock had passed: hers comes on her next morning, for her alone.
    await stage.until("2026-10-05 13:59")
    assert everybody(stage) == {"kim": 0, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 14:01")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


async def test_an_approval_in_good_time_leaves_everybody_their_own_hour(stage):
    await plan(stage, "approve:moderator")
    await stage.until("2026-10-04 10:00")
    [shown] = [one for one in stage.inbox("mo") if "Approve" in one.buttons]
    await stage.presses("mo", shown, "Approve")
    await stage.until(KIM)
    assert everybody(stage) == {"kim": 1, "ada": 0, "leilani": 0}


async def test_what_nobody_approved_waits_from_the_community_s_hour_on(stage):
    await plan(stage, "approve:moderator")
    await stage.until("2026-10-05 07:59")
    assert "waits for approval" not in stage.text(await stage.asks("mo", "/prompt list"))
    await stage.until("2026-10-05 08:01")
    assert "waits for approval" in stage.text(await stage.asks("mo", "/prompt list"))
    [shown] = [one for one in stage.inbox("mo") if "Approve" in one.buttons]
    await stage.until("2026-10-05 09:30")
    await stage.presses("mo", shown, "Approve")
    await stage.later(minutes=1)
    assert everybody(stage) == {"kim": 0, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 13:59")
    assert asked(stage, "leilani") == {"leilani": 0}
    await stage.until("2026-10-05 14:01")
    assert asked(stage, "leilani") == {"leilani": 1}


async def test_posted_now_it_is_there_at_once_for_everybody_who_may_be_written_to(stage):
    await plan(stage, when="every fri 08:00")
    await stage.until("2026-10-05 15:00")  # nine in the morning in Honolulu and, on Tuesday, in Kiritimati
    await stage.asks("mo", "/prompt now s1")
    await stage.presses("mo", stage.last("mo"), "Post")
    await stage.later(minutes=1)
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


async def test_posted_now_on_a_weekend_it_waits_for_the_working_hours_of_each(stage):
    await plan(stage)
    await stage.until("2026-10-03 16:00")
    await stage.asks("mo", "/prompt now s1")
    await stage.presses("mo", stage.last("mo"), "Post")
    await stage.later(minutes=1)
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 0}
    await stage.until("2026-10-05 15:00")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


# ── the bot was away ──────────────────────────────────────────────────────────


async def test_away_at_the_first_hour_of_the_world_makes_nobody_else_late(stage):
    await plan(stage)
    await stage.settles()
    await stage.until("2026-10-04 12:00")
    await away(stage, "2026-10-04 23:00")  # Sunday 19:00 in New York; Monday 13:00 in Kiritimati
    assert everybody(stage) == {"kim": 1, "ada": 0, "leilani": 0}
    await stage.until("2026-10-05 08:00")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 14:01")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


async def test_away_at_the_first_hour_and_into_the_night_there_she_alone_waits_for_the_morning(stage):
    await plan(stage)
    await stage.settles()
    await stage.until("2026-10-04 12:00")
    await away(stage, "2026-10-05 11:00")  # Monday 07:00 in New York, and already Tuesday 01:00 in Kiritimati
    await stage.until("2026-10-05 08:00")
    assert everybody(stage) == {"kim": 0, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 13:59")
    assert everybody(stage) == {"kim": 0, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 14:01")  # Tuesday 08:00 there, Monday 08:00 in Honolulu
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


async def test_away_at_the_community_s_hour_is_late_for_whom_it_is_late(stage):
    await plan(stage)
    await stage.until("2026-10-04 20:00")
    await away(stage, "2026-10-05 14:00")  # 10:00 in New York
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 0}
    await stage.until("2026-10-05 13:59")
    assert asked(stage, "leilani") == {"leilani": 0}
    await stage.until("2026-10-05 14:01")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


async def test_in_the_evening_it_is_the_next_morning_where_it_is_evening_and_at_once_elsewhere(stage):
    await plan(stage, "headsup:1h")
    await stage.until("2026-10-05 07:30")
    await away(stage, "2026-10-06 01:00")  # Monday 21:00 in New York, 15:00 in Honolulu
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 1}
    await stage.until("2026-10-06 08:00")
    assert asked(stage, "ada") == {"ada": 1}


async def test_what_is_too_late_for_the_first_is_in_time_for_the_last(stage):
    await plan(stage, "late:skip closes:6d")
    await stage.asks("leilani", "/my settings quiet:20:00-06:00")
    await stage.settles()
    await stage.until("2026-10-04 12:00")
    await away(stage, "2026-10-07 17:30")  # 53 hours after Ada's hour, 47 after Leilani's
    assert everybody(stage) == {"kim": 0, "ada": 0, "leilani": 1}


# ── breaks and changes ────────────────────────────────────────────────────────


async def test_a_break_is_about_the_day_it_is_meant_for_wherever_it_is_asked(stage):
    await plan(stage)
    await stage.asks("mo", "/tilth calendar add 4 oct to 4 oct -- Founders' day")
    await stage.until(KIM)
    assert asked(stage, "kim") == {"kim": 1}
    await stage.asks("mo", "/tilth calendar add 12 oct to 12 oct -- Columbus day")
    await stage.until("2026-10-13 15:00")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 1}


async def test_a_single_date_is_moved_in_the_community_s_time(stage):
    await plan(stage)
    said = stage.text(await stage.asks("mo", '/prompt edit s1 when:"tue 09:00" scope:this'))
    assert f"it comes on {moment(stage, '2026-10-06 09:00')}" in said
    await stage.until("2026-10-05 15:00")  # nine on Tuesday in Kiritimati
    assert everybody(stage) == {"kim": 1, "ada": 0, "leilani": 0}
    await stage.until("2026-10-06 09:00")
    assert everybody(stage) == {"kim": 1, "ada": 1, "leilani": 0}


async def test_moderators_are_shown_the_card_that_members_get(stage):
    await plan(stage, "headsup:2h")
    await stage.until("2026-10-05 06:00")
    shown = stage.text(stage.inbox("mo")[-1])
    assert "Write your answer here" in shown
    assert "Reply in the thread" not in shown
    now = stage.text(await stage.asks("mo", "/prompt now s1"))
    assert "direct messages to everyone Tilth can reach in" in now
    assert "Write your answer here" in now
