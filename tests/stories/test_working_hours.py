"""A prompt by direct message waits for its reader's working hours, and for nobody else's."""

from __future__ import annotations

import pytest


async def plan(stage, when, more="closes:4d"):
    await stage.confirms(f"/prompt schedule #staffroom {when} to:dm {more}")


def asked(stage, who):
    return sum("Answer" in one.buttons for one in stage.inbox(who))


async def test_what_is_due_on_a_weekend_comes_on_monday_morning(stage):
    await plan(stage, "every sat 10:00")
    await stage.until("2026-10-11 23:00")
    assert asked(stage, "ada") == 0
    await stage.until("2026-10-12 07:59")
    assert asked(stage, "ada") == 0
    await stage.until("2026-10-12 08:01")
    assert asked(stage, "ada") == 1


async def test_what_is_due_in_the_evening_comes_the_next_morning(stage):
    await plan(stage, "every mon 18:30")
    await stage.until("2026-10-06 07:59")
    assert asked(stage, "ada") == 0
    await stage.until("2026-10-06 08:01")
    assert asked(stage, "ada") == 1


@pytest.mark.only("local", reason="hours are the core's")
async def test_hours_of_their_own_come_first_and_what_would_come_after_closing_does_not_come(stage):
    await stage.asks("ben", "/my settings quiet:23:00-06:00")
    await plan(stage, "every mon 18:30", "closes:12h")
    await stage.until("2026-10-06 06:29")
    assert (asked(stage, "ben"), asked(stage, "ada")) == (1, 0)
    await stage.until("2026-10-06 12:00")
    [told] = stage.inbox("ben")
    assert "This prompt is closed." in stage.text(told)
    assert (told.buttons, stage.inbox("ada")) == ((), [])
