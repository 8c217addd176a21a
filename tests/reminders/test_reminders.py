"""Reminders follow their rules, whatever happens and in whatever order; each rule is missed when it is switched off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.people.preferences import Reminders
from bot.reminders import policy
from tests.reminders.rig import CAP, MEMBERS, START, fresh, template

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return template(tmp_path_factory.mktemp("reminders"))


@pytest.fixture
def rig(file, tmp_path):
    one = fresh(file, tmp_path, 0)
    yield one
    one.close()


# ── the rules, one by one ─────────────────────────────────────────────────────


def test_one_reason_and_period_is_one_reminder_across_restarts(rig):
    assert rig.wish(1, "course:1", "lesson:1", "W41").id is not None
    rig.restart()
    assert rig.wish(1, "course:1", "lesson:1", "W41").why == "reminded for this already"
    rig.send()
    rig.move(WEEK + HOUR)
    rig.restart()
    assert rig.wish(1, "course:1", "lesson:1", "W41").id is None
    assert len(rig.said) == 0, "it was a second too early for the first sending, and too late for the second"


def test_the_ladder_backs_off_and_ends_by_itself(rig):
    when = []
    for number in range(60):
        if rig.wish(1, "course:1", "lesson:1", f"d{number}").id is not None:
            when.append(rig.now)
            rig.move(timedelta(seconds=1))
            rig.send()
            rig.move(-timedelta(seconds=1))
        rig.move(DAY)
    assert [after - before for before, after in pairwise(when)] == [7 * DAY, 15 * DAY], (
        "26 October is a holiday"
    )
    assert len(rig.said) == 3
    assert rig.wish(1, "course:1", "lesson:1", "later").why == "left alone"


def test_the_cap_counts_over_all_features(rig):
    assert rig.wish(1, "course:1", "a", "1").id is not None
    rig.move(DAY)
    assert rig.wish(1, "prompts", "b", "1").id is not None
    rig.move(DAY)
    refused = rig.wish(1, "course:2", "c", "1")
    assert refused.id is None
    rig.move(5 * DAY)
    assert rig.wish(1, "course:2", "c", "1").id is not None


def test_two_reminders_are_twenty_hours_apart(rig):
    assert rig.wish(1, "course:1", "a", "1").id is not None
    rig.move(8 * HOUR)
    assert rig.wish(1, "course:2", "b", "1").id is None


def test_at_night_nothing_is_queued_and_the_morning_is_named(rig):
    rig.now = datetime(2026, 10, 5, 21, 0, tzinfo=UTC)
    verdict = rig.wish(1, "course:1", "a", "1")
    assert verdict.id is None
    assert verdict.again == datetime(2026, 10, 6, 7, 0, tzinfo=UTC)  # eight in Dublin


def test_what_is_queued_in_the_evening_expires_with_the_evening(rig):
    rig.now = datetime(2026, 10, 5, 15, 30, tzinfo=UTC)  # half past four in Dublin: quiet from five
    assert rig.wish(1, "course:1", "a", "1").id is not None
    rig.move(40 * timedelta(minutes=1))
    rig.send()
    assert rig.said == []
    # What was never said counts for nothing.
    rig.move(16 * HOUR)
    assert rig.wish(1, "course:1", "a", "2").id is not None


def test_two_hours_late_is_too_late(rig):
    assert rig.wish(1, "course:1", "a", "1").id is not None
    rig.move(2 * HOUR)
    rig.send()
    assert rig.said == []


def test_stop_takes_back_what_waits(rig):
    assert rig.wish(1, "course:1", "a", "1").id is not None
    rig.stop(1)
    rig.move(timedelta(minutes=1))
    rig.send()
    assert rig.said == []
    assert rig.wish(1, "course:1", "a", "2").why == "no reminders wanted"
    rig.resume(1)
    assert rig.wish(1, "course:1", "a", "2").id is not None


def test_going_away_and_a_break_take_back_what_waits(rig):
    assert rig.wish(1, "course:1", "a", "1").id is not None
    assert rig.wish(2, "course:1", "a", "1").id is not None
    rig.move(timedelta(minutes=1))
    rig.away(1, rig.now.date(), rig.now.date())
    rig.take_break(rig.now.date(), rig.now.date())
    rig.send()
    assert rig.said == []


def test_later_is_later(rig):
    assert rig.wish(1, "course:1", "a", "1").id is not None
    rig.later(1)
    rig.resume(1)  # which forgets "later" too: one word brings everything back
    rig.later(1)
    rig.move(2 * DAY)
    assert rig.wish(1, "course:1", "a", "2").id is None
    rig.move(DAY + HOUR)
    rig.resume(1)
    assert rig.wish(1, "course:1", "a", "2").id is not None


def test_nobody_says_later_to_somebody_elses_reminder(rig):
    verdict = rig.wish(1, "course:1", "a", "1")
    assert rig.write(lambda conn: policy.postpone_series(conn, 1, 2, verdict.id, rig.now)) is None


def test_who_has_left_is_not_written_to(rig):
    from sqlalchemy import update

    from bot.people.accounts import account

    rig.write(
        lambda conn: conn.execute(update(account).where(account.c.person == "p1").values(left_at=START))
    )
    assert rig.wish(1, "course:1", "a", "1").why == "nowhere to write to"


# ── all of them at once, in any order ─────────────────────────────────────────

_members = st.sampled_from(MEMBERS)
_days = st.integers(-2, 12)
_steps = st.one_of(
    st.tuples(st.just("move"), st.integers(1, 60 * 24 * 3)),
    st.tuples(st.just("move"), st.integers(1, 90)),
    st.tuples(st.just("back"), st.integers(1, 60 * 24 * 9)),
    st.tuples(st.just("wish"), _members, st.integers(0, 2), st.integers(0, 3)),
    st.tuples(st.just("wish"), _members, st.integers(0, 2), st.integers(0, 3)),
    st.tuples(st.just("send")),
    st.tuples(st.just("restart")),
    st.tuples(st.just("stop"), _members),
    st.tuples(st.just("resume"), _members),
    st.tuples(st.just("later"), _members),
    st.tuples(st.just("reminders"), _members, st.sampled_from(list(Reminders))),
    st.tuples(st.just("direct"), _members, st.booleans()),
    st.tuples(st.just("quiet"), _members, st.integers(0, 23), st.integers(0, 23)),
    st.tuples(st.just("away"), _members, _days, st.integers(0, 9)),
    st.tuples(st.just("break"), _days, st.integers(0, 9)),
)
_numbers = count(1)


def play(rig, step) -> None:
    """One thing that happens."""
    today = rig.now.date()
    match step:
        case ("move", minutes):
            rig.move(timedelta(minutes=minutes))
        case ("back", minutes):
            rig.move(-timedelta(minutes=minutes))
        case ("wish", member, series, period):
            rig.wish(member, f"series:{series}", f"reason:{series}", f"{period}")
            rig.move(timedelta(seconds=1))
        case ("send",):
            rig.send()
        case ("restart",):
            rig.restart()
        case ("stop", member):
            rig.stop(member)
        case ("resume", member):
            rig.resume(member)
        case ("later", member):
            rig.later(member)
        case ("reminders", member, wanted):
            rig.change(member, reminders=wanted)
        case ("direct", member, wanted):
            rig.change(member, direct=wanted)
        case ("quiet", member, start, end):
            rig.change(member, quiet_from=f"{start:02}:00", quiet_to=f"{end:02}:00")
        case ("away", member, first, length):
            rig.away(member, today + first * DAY, today + (first + length) * DAY)
        case ("break", first, length):
            rig.take_break(today + first * DAY, today + (first + length) * DAY)
        case _:
            raise AssertionError(step)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_steps, min_size=5, max_size=50))
def test_reminders_keep_their_manners_whatever_happens(file, tmp_path, steps):
    rig = fresh(file, tmp_path, next(_numbers))
    try:
        for step in steps:
            play(rig, step)
            if step[0] != "wish" or step[3] % 2:  # else something may happen while it waits
                rig.send()
        assert all(one.welcome for one in rig.said), "said in quiet hours, on a day away or in a break"
        assert not any(one.stopped for one in rig.said), "said after stop"
        assert len({one.key for one in rig.said}) == len(rig.said), "said twice for one reason and period"
        for member in MEMBERS:
            times = sorted(one.at for one in rig.said if one.member == member)
            for at in times:
                assert sum(at - WEEK < other <= at for other in times) <= CAP, "over the cap"
    finally:
        rig.close()
        rig.file.unlink()
