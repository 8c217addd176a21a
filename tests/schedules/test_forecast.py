"""Whatever the rule, the zone and the breaks: nothing falls into a break, and what was held comes once on return."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.time.rules import Monthly, MonthlyNth, Rule, Weekly
from bot.schedules.breaks import Break, after_break, covering, day_back, forecast
from bot.schedules.model import BreakPolicy, OccurrenceState

START = date(2026, 9, 1)
SINCE = datetime(2026, 9, 1, tzinfo=UTC)

times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))
weekdays = st.sets(st.integers(0, 6), min_size=1, max_size=4).map(lambda days: tuple(sorted(days)))
rules: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Weekly, st.integers(1, 3), weekdays, times),
    st.builds(Weekly, st.just(1), st.just((0, 1, 2, 3, 4, 5, 6)), times),
    st.builds(Monthly, st.integers(1, 2), st.one_of(st.integers(1, 31), st.just("last")), times),
    st.builds(MonthlyNth, st.integers(1, 2), st.sampled_from((1, 2, 3, 4, -1)), st.integers(0, 6), times),
)
zones = st.sampled_from(
    ("Europe/Dublin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
).map(ZoneInfo)
ranges = st.tuples(st.integers(0, 400), st.integers(0, 40))


@st.composite
def calendars(draw: st.DrawFn) -> list[Break]:
    """Breaks of up to six weeks, which may touch or overlap, as `breaks` orders them."""
    found = draw(st.lists(ranges, max_size=7))
    pairs = sorted((START + timedelta(days=first), length) for first, length in found)
    return [
        Break(number, 1, first, first + timedelta(days=length), f"break {number}")
        for number, (first, length) in enumerate(pairs)
    ]


def told(rule: Rule, zone: ZoneInfo, breaks: list[Break], policy: BreakPolicy, count: int = 60):
    return list(islice(forecast(rule, zone, START, SINCE, breaks, policy, None), count))


@given(rules, zones, calendars())
def test_what_skips_breaks_never_goes_out_in_one_and_says_which(rule, zone, breaks):
    for instant, verdict in told(rule, zone, breaks, BreakPolicy.SKIP):
        away = covering(breaks, instant.local.date())
        assert (verdict.state is OccurrenceState.SKIPPED) is (away is not None)
        assert verdict.reason == (f"break: {away.label}" if away else None)
        assert verdict.fire_at is None


@given(rules, zones, calendars())
def test_what_is_held_goes_out_on_a_day_that_is_no_break_and_once(rule, zone, breaks):
    out: Counter[date] = Counter()
    last: datetime | None = None
    for instant, verdict in told(rule, zone, breaks, BreakPolicy.HOLD):
        if verdict.state is OccurrenceState.SKIPPED:
            assert "a later one takes its place" in (verdict.reason or "")
            continue
        at = verdict.fire_at or instant.at
        # A time of day that a clock change skips may land on the next date; the date that is meant counts.
        day = instant.local.date() if verdict.fire_at is None else day_back(breaks, instant.local.date())
        assert covering(breaks, day) is None
        assert at >= instant.at or verdict.fire_at is None
        assert last is None or at > last
        last = at
        out[day] += 1
    assert max(out.values(), default=1) == 1


@given(rules, zones, calendars())
def test_after_every_break_at_least_the_last_of_what_it_held_comes(rule, zone, breaks):
    found = told(rule, zone, breaks, BreakPolicy.HOLD)
    for number, (instant, _) in enumerate(found[:-1]):
        back = day_back(breaks, instant.local.date())
        until = [verdict for other, verdict in found[number:] if other.local.date() <= back]
        if found[-1][0].local.date() > back:
            assert any(verdict.state is OccurrenceState.PLANNED for verdict in until)


@given(rules, zones, calendars())
def test_what_ignores_breaks_is_as_if_there_were_none(rule, zone, breaks):
    assert told(rule, zone, breaks, BreakPolicy.IGNORE) == told(rule, zone, [], BreakPolicy.SKIP)


moments = st.datetimes(datetime.fromisoformat("2026-09-01"), datetime.fromisoformat("2027-12-01"))


@given(moments, zones, calendars())
def test_a_deadline_never_falls_into_a_break_and_never_comes_earlier(local, zone, breaks):
    at = local.replace(tzinfo=zone).astimezone(UTC)
    moved = after_break(breaks, at, zone)
    assert moved >= at
    assert covering(breaks, moved.astimezone(zone).date()) is None
    assert after_break(breaks, moved, zone) == moved
    if covering(breaks, at.astimezone(zone).date()) is None:
        assert moved == at
