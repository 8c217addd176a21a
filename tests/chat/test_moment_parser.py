"""How people write times: what is understood, what is refused and how, and what is left alone as prose."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.language import speaking
from bot.chat.time.days import past_day
from bot.chat.time.moment_parser import (
    After,
    AtLocal,
    Day,
    DaysAhead,
    Lasting,
    Monthly,
    MonthlyNth,
    Once,
    PhraseError,
    Rule,
    WeekDay,
    Weekly,
    YearDay,
    parse_day,
    parse_duration,
    parse_moment_or_rule,
    parse_rule,
    parse_span,
    parse_when,
    resolve_day,
    resolve_span,
    resolve_when,
    take_day,
    take_duration,
    take_moment_or_rule,
    take_rule,
    take_span,
    take_when,
)
from bot.chat.time.rules import write_rule

DUBLIN = ZoneInfo("Europe/Dublin")
THURSDAY = date(2026, 10, 1)
NOON = datetime(2026, 10, 1, 12, tzinfo=DUBLIN)
"""A Thursday."""


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # noqa: DTZ001 - local wall time


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────

ACCEPTED_RULES = {
    "every mon 09:00": "every mon 09:00",
    "every monday at 9": "every mon 09:00",
    "Every MONDAY at 9:00": "every mon 09:00",
    "mondays 9am": "every mon 09:00",
    "on mondays at 9 am": "every mon 09:00",
    "weekly on mon 09:00": "every mon 09:00",
    "every week on mon 09:00": "every mon 09:00",
    "9am every monday": "every mon 09:00",
    "thu 16:00": "every thu 16:00",
    "each tues 9.30": "every tue 09:30",
    "every thurs 17h": "every thu 17:00",
    "every thurs 17h30": "every thu 17:30",
    "every sun noon": "every sun 12:00",
    "every sun at midnight": "every sun 00:00",
    "every sun 12am": "every sun 00:00",
    "every sun 12:30 p.m.": "every sun 12:30",
    "every mon, wed 09:00": "every mon, wed 09:00",
    "every wed,mon 09:00": "every mon, wed 09:00",
    "every mon and wed and mon 09:00": "every mon, wed 09:00",
    "mon/wed/fri 9am": "every mon, wed, fri 09:00",
    "every mon-fri 08:00": "every weekday 08:00",
    "every mon to thu 08:00": "every mon, tue, wed, thu 08:00",
    "every fri–mon 08:00": "every mon, fri, sat, sun 08:00",
    "every weekday 08:00": "every weekday 08:00",
    "weekdays at 8": "every weekday 08:00",
    "weekends 10am": "every sat, sun 10:00",
    "every day 08:00": "every day 08:00",
    "daily 8am": "every day 08:00",
    "every 2 weeks on wed 17:00": "every 2 weeks on wed 17:00",
    "every two weeks on wed, fri 5pm": "every 2 weeks on wed, fri 17:00",
    "every other wed 17:00": "every 2 weeks on wed 17:00",
    "every other week on wed 17:00": "every 2 weeks on wed 17:00",
    "every second wed 17:00": "every 2 weeks on wed 17:00",
    "fortnightly on wed 17:00": "every 2 weeks on wed 17:00",
    "biweekly wed 17:00": "every 2 weeks on wed 17:00",
    "every fortnight on wed 17:00": "every 2 weeks on wed 17:00",
    "every 3 weeks on mon 09:00": "every 3 weeks on mon 09:00",
    "every month on 15 08:00": "every month on 15 08:00",
    "every month on the 15th at 8": "every month on 15 08:00",
    "monthly on day 15 08:00": "every month on 15 08:00",
    "every 15th of the month 08:00": "every month on 15 08:00",
    "every 3 months on 1 08:00": "every 3 months on 1 08:00",
    "last day of month 08:00": "last day of month 08:00",
    "on the last day of the month at 8am": "last day of month 08:00",
    "every month on the last day 08:00": "last day of month 08:00",
    "every 2 months on last day 08:00": "every 2 months on last day 08:00",
    "first mon of month 09:00": "first mon of month 09:00",
    "1st Monday of every month 09:00": "first mon of month 09:00",
    "every second tue of the month 9pm": "second tue of month 21:00",
    "every last fri 15:00": "last fri of month 15:00",
    "monthly on the last fri 15:00": "last fri of month 15:00",
    "every 2 months on first mon 09:00": "every 2 months on first mon 09:00",
    "2026-10-02 18:30": "2026-10-02 18:30",
    "2 oct 2026 18:30": "2026-10-02 18:30",
    "Fri, 2 Oct 2026, 18:30": "2026-10-02 18:30",
}


@pytest.mark.parametrize(("written", "proper"), ACCEPTED_RULES.items())
def test_a_rule_is_understood_as_people_write_it(written: str, proper: str) -> None:
    rule, zone = parse_rule(written)
    assert (str(rule), zone) == (proper, None)


REFUSED_RULES = {
    "": "Nothing is written here.",
    "hello there": "I can’t read “hello there” as a schedule.",
    "every mon": "At what time of day?",
    "every mon at nine": "“nine” is not a time of day.",
    "every mon 25:00": "“25:00” is not a time of day.",
    "every mon 9:75": "“9:75” is not a time of day.",
    "every mon 13 pm": "“13 pm” is not a time of day.",
    "every mon 09:00 sharp": "I understood “every mon 09:00”, but not “sharp”.",
    "every mon 09:00 Dublin": "I understood “every mon 09:00”, but not “Dublin”.",
    "every 3 days 09:00": "A schedule repeats in weeks or months only.",
    "every 2 hours": "A schedule repeats in weeks or months only.",
    "every week 09:00": "On which weekday?",
    "every month 9am": "On which day of the month?",
    "every month on 32 09:00": "On which day of the month?",
    "every fifth mon of month 9am": "Use first to fourth, or last. Not every month has a fifth.",
    "every 0 weeks on mon 09:00": "It can repeat every 1 to 52, not every 0.",
    "every 99 weeks on mon 09:00": "It can repeat every 1 to 52, not every 99.",
    "every 25 months on 1 09:00": "It can repeat every 1 to 24, not every 25.",
    "31 feb 2026 09:00": "February does not have 31 days.",
    "thu 2 oct 2026 09:00": "Friday, October 2, 2026 is not a Thursday.",
    "2/10/2026 09:00": "I can’t read “2/10/2026 09:00” as a schedule.",
}


@pytest.mark.parametrize(("written", "said"), REFUSED_RULES.items())
def test_a_rule_that_makes_no_sense_is_refused_with_examples_that_work(written: str, said: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_rule(written)
    assert refused.value.problem == said
    assert refused.value.examples


@pytest.mark.parametrize("zone", ["Europe/Dublin", "america/argentina/buenos_aires", "UTC", "Etc/GMT+3"])
def test_a_zone_at_the_end_is_handed_on_as_written(zone: str) -> None:
    assert parse_rule(f"every mon 09:00 {zone}") == (Weekly(1, (0,), time(9)), zone)
    assert parse_when(f"fri 09:00, {zone}") == (AtLocal(WeekDay(4), time(9)), zone)


minutes = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
rules = st.one_of(
    st.builds(
        Weekly,
        st.integers(1, 52),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        minutes,
    ),
    st.builds(Monthly, st.integers(1, 24), st.integers(1, 31) | st.just("last"), minutes),
    st.builds(MonthlyNth, st.integers(1, 24), st.sampled_from([1, 2, 3, 4, -1]), st.integers(0, 6), minutes),
    st.builds(Once, st.dates(), minutes),
)


@given(rules)
def test_the_proper_text_of_a_rule_reads_back_as_the_same_rule(rule: Rule) -> None:
    assert parse_rule(str(rule)) == (rule, None)
    words = str(rule).split()
    assert take_rule([*words, "deck:weekly"]) == (rule, None, len(words))


# ── moments ───────────────────────────────────────────────────────────────────────────────────────────────────

MOMENTS = {
    "fri 09:00": wall(2026, 10, 2, 9),
    "on friday at 9": wall(2026, 10, 2, 9),
    "thu 11:00": wall(2026, 10, 8, 11),
    "thu 12:00": wall(2026, 10, 8, 12),
    "thu 12:01": wall(2026, 10, 1, 12, 1),
    "this fri 09:00": wall(2026, 10, 2, 9),
    "next tue 16:00": wall(2026, 10, 6, 16),
    "next fri 16:00": wall(2026, 10, 9, 16),
    "2026-10-02 18:30": wall(2026, 10, 2, 18, 30),
    "fri 2 oct 18:30": wall(2026, 10, 2, 18, 30),
    "tomorrow 9am": wall(2026, 10, 2, 9),
    "9am tomorrow": wall(2026, 10, 2, 9),
    "today 17:00": wall(2026, 10, 1, 17),
    "17:00": wall(2026, 10, 1, 17),
    "at 9am": wall(2026, 10, 2, 9),
    "now": wall(2026, 10, 1, 12),
    "in 2h": wall(2026, 10, 1, 14),
    "in 45m": wall(2026, 10, 1, 12, 45),
    "+45m": wall(2026, 10, 1, 12, 45),
    "in 1h30m": wall(2026, 10, 1, 13, 30),
    "in 1 hour 30 minutes": wall(2026, 10, 1, 13, 30),
    "in 3 days": wall(2026, 10, 4, 12),
    "in a week": wall(2026, 10, 8, 12),
    "in two weeks at 10:00": wall(2026, 10, 15, 10),
    "+2d 16:00": wall(2026, 10, 3, 16),
    "19 dec": wall(2026, 12, 19, 9),
    "19th of december at noon": wall(2026, 12, 19, 12),
    "dec 19 2027": wall(2027, 12, 19, 9),
    "dec 19th, 2027 at 9": wall(2027, 12, 19, 9),
    "1 oct 17:00": wall(2026, 10, 1, 17),
    "30 sep 17:00": wall(2027, 9, 30, 17),
    "29 feb 09:00": wall(2028, 2, 29, 9),
}


@pytest.mark.parametrize(("written", "meant"), MOMENTS.items())
def test_a_moment_written_on_thursday_at_noon_means(written: str, meant: datetime) -> None:
    when, zone = parse_when(written)
    assert (resolve_when(when, NOON), zone) == (meant, None)


def test_a_date_without_a_time_takes_the_usual_time_of_whoever_asks() -> None:
    assert resolve_when(parse_when("19 dec")[0], NOON, time(18)) == wall(2026, 12, 19, 18)


def test_a_moment_that_is_past_is_given_as_past_for_the_caller_to_refuse() -> None:
    assert resolve_when(parse_when("today 09:00")[0], NOON) == wall(2026, 10, 1, 9)
    assert resolve_when(parse_when("2020-01-01 09:00")[0], NOON) == wall(2020, 1, 1, 9)


def test_days_keep_the_time_on_the_clock_and_hours_are_counted() -> None:
    before_the_change = datetime(2026, 10, 24, 12, tzinfo=DUBLIN)
    assert resolve_when(After(timedelta(days=1)), before_the_change) == wall(2026, 10, 25, 12)
    assert resolve_when(After(timedelta(hours=23)), before_the_change) == wall(2026, 10, 25, 10)


def test_counting_hours_into_a_repeated_hour_keeps_which_pass_is_meant() -> None:
    second_pass = resolve_when(
        After(timedelta(minutes=10)), datetime(2026, 10, 25, 1, 40, fold=1, tzinfo=DUBLIN)
    )
    assert (second_pass, second_pass.fold) == (wall(2026, 10, 25, 1, 50), 1)


def test_now_is_a_moment_where_it_stands_alone_and_nothing_to_plan_ahead() -> None:
    second_pass = datetime(2026, 10, 25, 1, 40, fold=1, tzinfo=DUBLIN)
    assert resolve_when(parse_when("Now")[0], second_pass).fold == 1
    assert take_when(["now", "lesson:c1.2"]) == (After(timedelta()), None, 1)
    assert take_when(["now", "we", "talk"]) is None
    assert take_moment_or_rule(["now"]) is None
    with pytest.raises(PhraseError):
        parse_moment_or_rule("now")


@pytest.mark.parametrize(
    ("written", "said"),
    {
        "": "Nothing is written here.",
        "now please": "I understood “now”, but not “please”.",
        "soon": "I can’t read “soon” as a time.",
        "may": "I can’t read “may” as a time.",
        "in 3 months": "I can’t read “in 3 months” as a time.",
        "in 0m": "That length of time is zero.",
        "in 9999w": "That is longer than ten years.",
        "fri 24:00": "“24:00” is not a time of day.",
        "31 feb": "February does not have 31 days.",
        "29 feb 2027 09:00": "February 2027 has only 28 days.",
        "2026-13-01 09:00": "There is no month 13.",
        "19/13/2026": "There is no month 19.",
        "2/30": "February does not have 30 days.",
        "fri 09:00 please": "I understood “fri 09:00”, but not “please”.",
    }.items(),
)
def test_a_moment_that_makes_no_sense_is_refused_with_examples_that_work(written: str, said: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_when(written)
    assert refused.value.problem == said
    assert refused.value.examples


def test_a_weekday_that_does_not_fit_a_date_without_a_year_is_refused_when_the_year_is_known() -> None:
    with pytest.raises(PhraseError, match="Friday, October 2, 2026 is not a Monday"):
        resolve_when(parse_when("mon 2 oct 18:30")[0], NOON)


# ── days and spans ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "day", "meant"),
    [
        ("today", DaysAhead(0), THURSDAY),
        ("tomorrow", DaysAhead(1), date(2026, 10, 2)),
        ("thu", WeekDay(3), THURSDAY),
        ("wed", WeekDay(2), date(2026, 10, 7)),
        ("next thu", WeekDay(3, next_week=True), date(2026, 10, 8)),
        ("1 oct", YearDay(10, 1), THURSDAY),
        ("30 sep", YearDay(9, 30), date(2027, 9, 30)),
        ("30 september 2026", date(2026, 9, 30), date(2026, 9, 30)),
        ("in 10 days", DaysAhead(10), date(2026, 10, 11)),
    ],
)
def test_a_day_written_on_thursday_the_first_of_october_means(written: str, day: Day, meant: date) -> None:
    assert parse_day(written) == day
    assert resolve_day(day, THURSDAY) == meant


@pytest.mark.parametrize(
    ("written", "in_the_us", "in_ireland"),
    [
        ("12/5", date(2026, 12, 5), date(2027, 5, 12)),
        ("12/5/2026", date(2026, 12, 5), date(2026, 5, 12)),
        ("12/5/26", date(2026, 12, 5), date(2026, 5, 12)),
        ("10.12.2026", date(2026, 10, 12), date(2026, 12, 10)),
        ("sat 12/5", date(2026, 12, 5), None),
        ("sat 5/12", None, date(2026, 12, 5)),
        ("12/20", date(2026, 12, 20), date(2026, 12, 20)),
        ("20/12", date(2026, 12, 20), date(2026, 12, 20)),
        ("20/12/2026", date(2026, 12, 20), date(2026, 12, 20)),
        ("11/11", date(2026, 11, 11), date(2026, 11, 11)),
        ("2026/12/05", date(2026, 12, 5), date(2026, 12, 5)),
    ],
)
def test_a_day_in_numbers_is_read_by_the_country_unless_only_one_order_can_be(
    written: str, in_the_us: date | None, in_ireland: date | None
) -> None:
    for locale, meant in (("es_US", in_the_us), ("en_US", in_the_us), ("en_IE", in_ireland)):
        with speaking(locale):
            if meant is not None:
                assert resolve_day(parse_day(written), THURSDAY) == meant
            else:
                with pytest.raises(PhraseError, match=r"Saturday|sábado"):
                    resolve_day(parse_day(written), THURSDAY)


@pytest.mark.parametrize(
    "written", ["12/20 to 1/3", "12/20-1/3", "from 12/20 through 1/3", "12/20/2026 - 1/3/27"]
)
def test_the_winter_break_is_understood_as_it_is_written_in_the_us(written: str) -> None:
    assert resolve_span(parse_span(written), THURSDAY) == (date(2026, 12, 20), date(2027, 1, 3))


@pytest.mark.parametrize("written", ["12/4 9am", "12/4 at 9:00 AM", "friday, december 4 at 9 a.m."])
def test_a_moment_in_numbers_reads_as_one_in_words(written: str) -> None:
    when, zone = parse_when(written)
    assert (resolve_when(when, NOON), zone) == (wall(2026, 12, 4, 9), None)


SPANS = {
    "19 dec to 5 jan": (date(2026, 12, 19), date(2027, 1, 5)),
    "from 19 dec until 5 jan": (date(2026, 12, 19), date(2027, 1, 5)),
    "dec 19 – jan 5": (date(2026, 12, 19), date(2027, 1, 5)),
    "2026-12-19 until 2027-01-05": (date(2026, 12, 19), date(2027, 1, 5)),
    "19 dec to 5 jan 2027": (date(2026, 12, 19), date(2027, 1, 5)),
    "5 sep to 9 oct 2026": (date(2026, 9, 5), date(2026, 10, 9)),
    "fri to mon": (date(2026, 10, 2), date(2026, 10, 5)),
    "fri to fri": (date(2026, 10, 2), date(2026, 10, 9)),
    "today to fri": (THURSDAY, date(2026, 10, 2)),
    "next fri to next mon": (date(2026, 10, 9), date(2026, 10, 12)),
    "mon to next fri": (date(2026, 10, 5), date(2026, 10, 9)),
    "until 5 oct": (THURSDAY, date(2026, 10, 5)),
    "for 2 weeks": (THURSDAY, date(2026, 10, 14)),
    "for a week": (THURSDAY, date(2026, 10, 7)),
    "19 dec for 3 days": (date(2026, 12, 19), date(2026, 12, 21)),
    "tomorrow": (date(2026, 10, 2), date(2026, 10, 2)),
    "next fri": (date(2026, 10, 9), date(2026, 10, 9)),
}


@pytest.mark.parametrize(("written", "meant"), SPANS.items())
def test_a_span_written_on_thursday_the_first_of_october_means(
    written: str, meant: tuple[date, date]
) -> None:
    assert resolve_span(parse_span(written), THURSDAY) == meant


def test_a_span_inside_the_holidays_starts_next_december() -> None:
    meant = resolve_span(parse_span("19 dec to 5 jan"), date(2027, 1, 2))
    assert meant == (date(2027, 12, 19), date(2028, 1, 5))


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(PhraseError, match="last day is before the first"):
        resolve_span(parse_span("2026-12-19 to 2026-12-01"), THURSDAY)
    with pytest.raises(PhraseError, match="last day is before the first"):
        resolve_span(parse_span("19 dec to tomorrow"), THURSDAY)


def test_a_span_is_counted_in_days() -> None:
    with pytest.raises(PhraseError, match="whole days or weeks"):
        parse_span("for 3 hours")


@given(
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1, 12),
    st.integers(1, 28),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_a_span_without_years_starts_within_a_year_and_lasts_less_than_one(
    month: int, day: int, until_month: int, until_day: int, today: date
) -> None:
    first, last = resolve_span((YearDay(month, day), YearDay(until_month, until_day)), today)
    assert today <= first < today + timedelta(days=366)
    assert first <= last < first + timedelta(days=366)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_the_next_29_february_is_found_even_around_1900(today: date) -> None:
    found = resolve_day(YearDay(2, 29), today)
    assert (found.month, found.day) == (2, 29)
    assert found >= today


@given(st.dates(date(2009, 1, 1), date(2200, 1, 1)))
def test_the_last_29_february_is_found_even_around_2100(today: date) -> None:
    found = past_day(YearDay(2, 29), today)
    assert (found.month, found.day) == (2, 29)
    assert found <= today


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("mon", date(2026, 11, 23)),
        ("fri", date(2026, 11, 27)),
        ("sun", date(2026, 11, 29)),
        ("next fri", date(2026, 11, 27)),
        ("tomorrow", date(2026, 11, 29)),
        ("29 feb", date(2024, 2, 29)),
        ("1 dec", date(2025, 12, 1)),
        ("29 nov", date(2026, 11, 29)),
        ("12/5", date(2025, 12, 5)),
        ("2027-01-05", date(2027, 1, 5)),
        ("0001-01-01", date(2000, 1, 1)),
    ],
)
def test_a_day_that_looks_back_from_sunday_the_29th_of_november_means(written: str, meant: date) -> None:
    with speaking("en_US"):
        assert past_day(parse_day(written), date(2026, 11, 29)) == meant


# ── lengths of time ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "length"),
    {
        "6d": timedelta(days=6),
        "1w": timedelta(days=7),
        "2h": timedelta(hours=2),
        "90m": timedelta(minutes=90),
        "36 hours": timedelta(hours=36),
        "1d12h": timedelta(hours=36),
        "an hour": timedelta(hours=1),
        "Two Weeks": timedelta(days=14),
        "1 day 6 hours": timedelta(hours=30),
    }.items(),
)
def test_a_length_of_time_is_understood(written: str, length: timedelta) -> None:
    assert parse_duration(written) == length


@pytest.mark.parametrize(
    "written", ["", "6", "6x", "d", "0d", "-2h", "2h 3h", "30m 1h", "1m1h", "3 months", "99999w"]
)
def test_what_is_no_length_of_time_is_refused(written: str) -> None:
    with pytest.raises(PhraseError):
        parse_duration(written)


# ── prose ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "prose",
    [
        "We tried wait time",
        "sun was out today",
        "sat in a circle",
        "mon 9 of us met",
        "mon at 9 we met",
        "today we talked",
        "tomorrow is another day",
        "every child mattered",
        "every second counts",
        "every day 8 children came late",
        "every other voice was heard",
        "each day was better",
        "weekly planning helped",
        "daily life at 9",
        "second try",
        "first mon we met",
        "last day of school was 09:00",
        "may be we should ask",
        "may 5 children came",
        "march 9 students walked out",
        "19 dec was cold",
        "in a week we read it",
        "in 2 weeks we read it",
        "in the end",
        "2 weeks of rain",
        "5 minutes is too short",
        "a day in the life",
        "fri to mon was long",
        "for a week we listened",
        "until then",
        "to be honest",
        "next time I will wait",
        "noon was loud",
        "9 of us came",
        "on reflection yes",
        "and/or both",
        "at first nothing",
        "31 feb 09:00",
        "every mon 25:00",
        "",
    ],
)
def test_prose_is_left_alone(prose: str) -> None:
    words = prose.split()
    found = [take(words) for take in (take_rule, take_when, take_span, take_day, take_duration)]
    assert found == [None] * 5


@pytest.mark.parametrize(
    ("line", "used"),
    [
        ("every mon 09:00 deck:weekly", 3),
        ("every mon 09:00 We tried", 3),
        ("every mon 9 deck:weekly", 3),
        ("every mon, wed and fri at 9am -- text", 7),
        ("every mon 09:00 Europe/Dublin deck:weekly", 4),
        ("last day of month 08:00 closes:2d", 5),
        ("mon 9 —", 2),
    ],
)
def test_a_rule_at_the_start_of_a_line_is_taken_and_no_more(line: str, used: int) -> None:
    found = take_rule(line.split())
    assert found is not None
    assert found[2] == used


@pytest.mark.parametrize(
    ("line", "used"),
    [
        ("in 2h we meet", 2),
        ("fri 09:00 we meet", 2),
        ("fri 9 title:Circle", 2),
        ("tomorrow 9 am we meet", 3),
        ("19 dec 2026 09:00 Europe/Dublin title:x", 5),
        ("19 dec", 2),
        ("in 2 weeks title:x", 3),
        ("+2d 16:00 we meet", 2),
    ],
)
def test_a_moment_at_the_start_of_a_line_is_taken_and_no_more(line: str, used: int) -> None:
    found = take_when(line.split())
    assert found is not None
    assert found[2] == used


@pytest.mark.parametrize(
    ("take", "line", "taken"),
    [
        (take_span, "19 dec to 5 jan see you", ((YearDay(12, 19), YearDay(1, 5)), 5)),
        (take_span, "for 2 weeks", ((DaysAhead(0), Lasting(14)), 3)),
        (take_span, "fri to mon", ((WeekDay(4), WeekDay(0)), 3)),
        (take_day, "fri reason:trip", (WeekDay(4), 1)),
        (take_duration, "6d please", (timedelta(days=6), 1)),
        (take_duration, "36 hours", (timedelta(hours=36), 2)),
    ],
)
def test_other_phrases_at_the_start_of_a_line_are_taken_and_no_more(
    take: Callable[[list[str]], object], line: str, taken: object
) -> None:
    assert take(line.split()) == taken


vocabulary = sorted({word for line in [*ACCEPTED_RULES, *MOMENTS, *SPANS] for word in line.split()})
times_and_prose = st.lists(
    st.sampled_from([*vocabulary, "25:00", "31", "feb", "1d0h"]) | st.text(max_size=6), max_size=9
)


@given(times_and_prose)
def test_whatever_is_written_is_read_or_refused_and_never_breaks(words: list[str]) -> None:
    for parse in (parse_rule, parse_when, parse_day, parse_span, parse_duration):
        with suppress(PhraseError):
            parse(" ".join(words))
    for take in (take_rule, take_when, take_span, take_day, take_duration):
        found = take(words)
        assert found is None or 0 < found[-1] <= len(words)


@given(times_and_prose)
def test_what_is_taken_means_the_same_when_it_stands_alone(words: list[str]) -> None:
    found = take_when(words)
    if found is not None:
        when, zone, used = found
        assert parse_when(" ".join(words[:used])) == (when, zone)
    rule = take_rule(words)
    if rule is not None:
        assert parse_rule(" ".join(words[: rule[2]])) == rule[:2]


@pytest.mark.parametrize("locale", ["en_US", "es_US", "en_IE"])
@pytest.mark.parametrize(
    "rule",
    [
        "every mon 09:00",
        "every 2 weeks on mon, thu 13:05",
        "last day of month 12:00",
        "every weekday 00:00",
        "every day 12:30",
    ],
)
def test_a_rule_is_written_on_the_clock_of_the_reader_and_read_back(rule, locale):
    with speaking(locale):
        written = write_rule(rule)
        assert str(parse_rule(written)[0]) == rule
        assert (written == rule) is (locale == "en_IE")
