"""A schedule follows a list of dates: read as people write it, once on each date, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.chat.language import speaking
from bot.chat.models import Refusal
from bot.chat.time.date_list import DateList
from bot.chat.time.moment_parser import parse_moment_or_rule, parse_rule, take_moment_or_rule
from bot.chat.time.rules import MOST_DATES, Once, OnDates
from bot.scheduled_posts.rule_input import rule_from
from bot.schedules.recurrence import clock_notes, describe, instants

NOW = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")


def rule_of(text, now=NOW, repeat=""):
    given, zone = parse_moment_or_rule(text)
    return rule_from(given, repeat, ZoneInfo(zone) if zone else CHICAGO, now)[0]


@pytest.mark.parametrize(
    "text",
    [
        "on 12/5, 1/9 and 2/13 at 9am",
        "12/5 1/9 2/13 9:00",
        "12/5,1/9,2/13 at 9 am",
        "Dec 5, Jan 9 and Feb 13 at 9am",
        "on 2/13, 12/5, 1/9, and 12/5 at 9am",
        "on 12/5/2026, 1/9/27 & 2027-02-13 09:00",
    ],
)
def test_dates_without_years_are_the_next_such_dates(text):
    with speaking("en_US"):
        assert rule_of(text) == OnDates((date(2026, 12, 5), date(2027, 1, 9), date(2027, 2, 13)), time(9))


def test_one_date_stays_one_time_and_days_of_the_week_stay_a_rule():
    with speaking("en_US"):
        assert not isinstance(parse_moment_or_rule("12/5 9am")[0], DateList)
        assert not isinstance(parse_moment_or_rule("every mon and wed 9am")[0], DateList)
        assert rule_of("on 12/5 and 12/5 at 9am") == Once(date(2026, 12, 5), time(9))


def test_what_follows_the_list_is_left():
    with speaking("en_US"):
        given, zone, used = take_moment_or_rule(["on", "12/5", "and", "1/9", "at", "9am", "deck:weekly"])
    assert (len(given.days), zone, used) == (2, None, 6)


def test_its_text_reads_back_as_itself():
    rule = OnDates((date(2026, 12, 5), date(2027, 1, 9)), time(9))
    assert str(rule) == "on 2026-12-05, 2027-01-09 09:00"
    assert parse_rule(str(rule)) == (rule, None)
    assert describe(rule, CHICAGO).startswith("on Saturday")


def test_a_date_that_has_passed_is_named():
    with speaking("en_US"), pytest.raises(Refusal) as refused:
        rule_of("on 2026-11-02 and 12/5 at 9am")
    assert "November 2, 2026 at 9:00 AM has passed" in refused.value.problem
    with speaking("en_US"), pytest.raises(Refusal) as refused:
        rule_of("on 11/29 and 12/5 at 9am", NOW)
    assert "has passed" in refused.value.problem


def test_it_does_not_repeat_and_has_an_end():
    with speaking("en_US"):
        with pytest.raises(Refusal, match="does not repeat"):
            rule_of("on 12/5 and 1/9 at 9am", repeat="weekly")
        days = " ".join(
            date.fromordinal(date(2027, 1, 1).toordinal() + n).isoformat() for n in range(MOST_DATES + 1)
        )
        with pytest.raises(Refusal, match="too many dates"):
            rule_of(f"on {days} at 9am")


def test_it_comes_once_on_each_date_also_where_the_clock_changes():
    rule = OnDates((date(2027, 3, 14), date(2027, 11, 7), date(2028, 2, 29)), time(2, 30))
    found = list(instants(rule, CHICAGO, date(2026, 11, 29), NOW))
    assert [one.key for one in found] == ["2027-03-14", "2027-11-07", "2028-02-29"]
    assert [one.note for one in found] == ["gap", None, None]
    assert found[0].at == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)
    assert len(clock_notes(rule, CHICAGO, date(2026, 11, 29))) == 1
    folded = OnDates((date(2027, 11, 6), date(2027, 11, 7)), time(1, 30))
    assert [one.note for one in instants(folded, CHICAGO, date(2026, 11, 29), NOW)] == [None, "fold"]


def test_the_next_one_is_after_now_and_none_is_after_the_last():
    rule = OnDates((date(2026, 12, 5), date(2027, 1, 9)), time(9))
    later = datetime(2026, 12, 5, 15, 0, tzinfo=UTC)  # nine o'clock in Chicago
    assert [one.key for one in instants(rule, CHICAGO, date(2026, 11, 29), later)] == ["2027-01-09"]
    assert list(instants(rule, CHICAGO, date(2026, 11, 29), datetime(2027, 2, 1, tzinfo=UTC))) == []
