"""When a rule comes round, in every zone of the world from 2024 to 2037.

The oracle here only ever asks a zone which wall time a UTC moment has, never the other way round, so it shares no
step with the code that it checks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.language import speaking
from bot.chat.time.moment_parser import Monthly, MonthlyNth, Once, PhraseError, Rule, Weekly, parse_rule
from bot.chat.time.zones import nearest_zones, zone
from bot.schedules.recurrence import (
    Instant,
    clock_notes,
    describe,
    find_day_start,
    instants,
    local_to_utc,
    next_instant,
)

DUBLIN, NEW_YORK, APIA = ZoneInfo("Europe/Dublin"), ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia")
ANCHOR = date(2026, 1, 5)
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
CHUNKS = 8


def rule(text: str) -> Rule:
    return parse_rule(text)[0]


def first(text: str, where: ZoneInfo, after: datetime, count: int, anchor: date = ANCHOR) -> list[Instant]:
    return list(islice(instants(rule(text), where, anchor, after), count))


def keys(text: str, after: datetime, count: int) -> list[str]:
    return [instant.key for instant in first(text, DUBLIN, after, count)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# ── every zone ────────────────────────────────────────────────────────────────────────────────────────────────

Changes = tuple[tuple[datetime, timedelta], ...]
"""The naive UTC moments at which an offset begins, and the offset."""


def offset_at(where: ZoneInfo, moment: datetime) -> timedelta:
    """The offset at a naive UTC moment."""
    return where.fromutc(moment.replace(tzinfo=where)).replace(tzinfo=None) - moment


def changes(where: ZoneInfo) -> Changes:
    """Every change of the offset, to the second.

    Looks every fifth day: no zone changes twice so soon (the shortest season is a Ramadan), and if one did, what is
    expected here would contradict the code, so it could not pass unseen.
    """
    moment = datetime(2023, 12, 1)  # noqa: DTZ001 - UTC, kept naive to be quick
    until = datetime(2038, 2, 1)  # noqa: DTZ001
    known = offset_at(where, moment)
    found = [(moment - 100 * DAY, known)]
    while moment < until:
        after = moment + 5 * DAY
        if (new := offset_at(where, after)) != known:
            low, high = moment, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                low, high = (low, middle) if offset_at(where, middle) != known else (middle, high)
            found.append((high.replace(microsecond=0), new))
            known = new
        moment = after
    return tuple(found)


@cache
def kinds_of_zone() -> tuple[tuple[ZoneInfo, Changes], ...]:
    """One zone for each way in which clocks are set in these years; the others behave exactly alike."""
    kinds: dict[Changes, ZoneInfo] = {}
    for name in sorted(available_timezones() - {"localtime", "posixrules"}):
        where = ZoneInfo(name)
        kinds.setdefault(changes(where), where)
    return tuple((where, known) for known, where in kinds.items())


def expected(local: datetime, known: Changes) -> tuple[datetime, str | None]:
    """What a wall time must become: its first moment, or in a gap the wall time by the offset before the gap."""
    begins = [moment for moment, _ in known]
    last = bisect_right(begins, local + DAY) - 1
    near = [last] if begins[last] < local - DAY else [last - 1, last]
    moments = []
    for index in near:
        moment = local - known[index][1]
        if known[bisect_right(begins, moment) - 1][1] == known[index][1]:
            moments.append(moment)
    if not moments:
        return local - known[near[0]][1], "gap"
    return min(moments), "fold" if len(set(moments)) == 2 else None


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize(
    "text",
    [
        "every sun 00:00",
        "every sun 00:30",
        "every sun 02:30",
        "every mon 00:30",
        "every mon 09:00",
        "every mon 23:30",
    ],
)
def test_in_every_zone_a_weekly_rule_comes_once_in_each_iso_week(text: str, chunk: int) -> None:
    weekly = rule(text)
    assert isinstance(weekly, Weekly)
    for where, known in kinds_of_zone()[chunk::CHUNKS]:
        day, previous = date(2024, 1, 1) + timedelta(days=weekly.weekdays[0]), None
        for instant in takewhile(lambda found: found.at < END, instants(weekly, where, ANCHOR, BEGIN - DAY)):
            if instant.local.date() < day:
                continue  # the Sunday or Monday that BEGIN - DAY may let in
            local = datetime.combine(day, weekly.at)
            assert (instant.local, instant.key) == (local, f"{day:%G-W%V}"), (where, instant)
            assert (instant.at.replace(tzinfo=None), instant.note) == expected(local, known), (where, instant)
            if previous is not None:
                assert abs(instant.at - previous - WEEK) <= 2 * HOUR, (where, instant)
            day, previous = day + WEEK, instant.at
        assert day > date(2037, 12, 26)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_in_every_zone_no_quarter_hour_near_a_clock_change_goes_wrong(chunk: int) -> None:
    quarters = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
    for where, known in kinds_of_zone()[chunk::CHUNKS]:
        for moment, offset in known[1:5]:
            for day in ((moment + offset).date() + step * DAY for step in (-1, 0, 1)):
                for at in quarters:
                    local = datetime.combine(day, at)
                    found, note = local_to_utc(local, where)
                    assert (found.replace(tzinfo=None), note) == expected(local, known), (where, local)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_in_every_zone_it_does_not_matter_from_where_one_starts(chunk: int) -> None:
    daily = rule("every day 02:30")
    for where, known in kinds_of_zone()[chunk::CHUNKS]:
        for moment, _ in known[1:5]:
            begin = moment.replace(tzinfo=UTC) - 3 * DAY
            whole = list(islice(instants(daily, where, ANCHOR, begin), 6))
            assert all(one.at < two.at for one, two in pairwise(whole))
            for after in (begin + hours * HOUR for hours in range(5 * 24)):
                later = next(instant for instant in whole if instant.at > after)
                assert next_instant(daily, where, ANCHOR, after) == later, (where, after)


def test_the_whole_world_is_looked_at() -> None:
    changing = [known for _, known in kinds_of_zone() if len(known) > 1]
    assert len(changing) > 20
    assert len({known[0][1] for _, known in kinds_of_zone()}) > 30


# ── weeks, months and years ───────────────────────────────────────────────────────────────────────────────────


def test_the_year_of_53_weeks_has_a_week_53_and_the_next_year_a_week_1() -> None:
    assert keys("every fri 09:00", utc(2026, 12, 22), 3) == ["2026-W52", "2026-W53", "2027-W01"]
    assert [one.local.date() for one in first("every fri 09:00", DUBLIN, utc(2026, 12, 30), 1)] == [
        date(2027, 1, 1)
    ]


def test_keys_say_the_weekday_only_when_there_are_several() -> None:
    assert keys("every mon, thu 09:00", utc(2026, 12, 30), 3) == [
        "2026-W53-thu",
        "2027-W01-mon",
        "2027-W01-thu",
    ]
    assert keys("every day 09:00", utc(2026, 12, 31, 12), 2) == ["2026-W53-fri", "2026-W53-sat"]


def test_months_and_single_dates_have_plain_keys() -> None:
    assert keys("last day of month 08:00", utc(2026, 9, 30, 12), 3) == ["2026-10", "2026-11", "2026-12"]
    assert keys("first mon of month 08:00", utc(2026, 12, 30), 1) == ["2027-01"]
    assert keys("2026-10-02 18:30", utc(2026, 1, 1), 5) == ["2026-10-02"]


def test_a_single_date_comes_once_and_not_after_it_is_past() -> None:
    assert [one.at for one in first("2026-10-02 18:30", DUBLIN, utc(2026, 1, 1), 5)] == [
        utc(2026, 10, 2, 17, 30)
    ]
    assert first("2026-10-02 18:30", DUBLIN, utc(2026, 10, 2, 17, 30), 5) == []


@pytest.mark.parametrize(
    "anchor", [date(2026, 12, 20), date(2026, 12, 21), date(2027, 3, 1), date(2020, 6, 10)]
)
@pytest.mark.parametrize("every", [2, 3, 5])
def test_every_n_weeks_is_never_a_week_early_or_late(every: int, anchor: date) -> None:
    found = first(f"every {every} weeks on wed 17:00", DUBLIN, utc(2024, 1, 1), 200, anchor)
    dates = [one.local.date() for one in found]
    assert {later - earlier for earlier, later in pairwise(dates)} == {every * WEEK}
    monday = anchor - timedelta(days=anchor.weekday())
    assert all((day - monday).days // 7 % every == 0 for day in dates)


def test_every_2_weeks_crosses_week_53_without_counting_week_numbers() -> None:
    found = first("every 2 weeks on mon 09:00", DUBLIN, utc(2026, 12, 10), 3, date(2026, 12, 14))
    assert [one.key for one in found] == ["2026-W51", "2026-W53", "2027-W02"]


def test_the_last_day_of_february_is_the_29th_in_leap_years() -> None:
    found = first("last day of month 08:00", DUBLIN, utc(2024, 1, 1), 48)
    days = [one.local.date() for one in found]
    assert all((day + DAY).day == 1 for day in days)
    assert date(2024, 2, 29) in days
    assert date(2026, 2, 28) in days


def test_day_31_falls_on_the_last_day_of_shorter_months() -> None:
    found = first("every month on 31 08:00", DUBLIN, utc(2028, 1, 1), 4)
    assert [(one.local.month, one.local.day) for one in found] == [(1, 31), (2, 29), (3, 31), (4, 30)]


def test_every_3_months_counts_from_the_month_of_the_anchor() -> None:
    found = first("every 3 months on 15 08:00", DUBLIN, utc(2026, 1, 20), 3, date(2025, 11, 30))
    assert [one.key for one in found] == ["2026-02", "2026-05", "2026-08"]


def test_the_last_friday_is_the_fourth_or_the_fifth() -> None:
    found = first("last fri of month 15:00", DUBLIN, utc(2026, 9, 1), 4)
    assert [one.local.day for one in found] == [25, 30, 27, 25]


# ── clock changes ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_skipped_time_comes_an_hour_later_by_the_clock() -> None:
    found = first("every sun 02:30", NEW_YORK, utc(2026, 3, 7), 1)[0]
    assert (found.at, found.note, found.local) == (utc(2026, 3, 8, 7, 30), "gap", datetime(2026, 3, 8, 2, 30))  # noqa: DTZ001
    assert found.at.astimezone(NEW_YORK).time() == time(3, 30)


def test_a_repeated_time_comes_the_first_time_only() -> None:
    found = first("every sun 01:30", NEW_YORK, utc(2026, 10, 31), 2)
    assert [(one.at, one.note) for one in found] == [
        (utc(2026, 11, 1, 5, 30), "fold"),
        (utc(2026, 11, 8, 6, 30), None),
    ]


def test_the_day_after_a_clock_change_is_not_missed() -> None:
    found = first("every mon 00:30", NEW_YORK, utc(2026, 3, 8, 12), 1)
    assert found[0].at == utc(2026, 3, 9, 4, 30)


def test_a_skipped_date_lands_on_the_next_day() -> None:
    found = first("every fri 08:00", APIA, utc(2011, 12, 26), 2)
    assert [one.key for one in found] == ["2011-W52", "2012-W01"]
    assert found[0].at.astimezone(APIA).date() == date(2011, 12, 31)


def test_a_daily_rule_says_nothing_twice_when_a_date_is_skipped() -> None:
    found = first("every day 08:00", APIA, utc(2011, 12, 28, 12), 4)
    days = ["2011-W52-wed", "2011-W52-thu", "2011-W52-fri", "2011-W52-sun"]
    assert [one.key for one in found] == days, "Friday did not exist and has Saturday's moment"


def test_the_second_pass_can_be_asked_for() -> None:
    local = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 - a wall time
    assert local_to_utc(local, DUBLIN) == (utc(2026, 10, 25, 0, 30), "fold")
    assert local_to_utc(local.replace(fold=1), DUBLIN) == (utc(2026, 10, 25, 1, 30), "fold")


@given(
    st.sampled_from(
        ["every sun 01:30", "every day 02:30", "every 3 weeks on mon, sat 00:15", "last day of month 02:00"]
    ),
    st.sampled_from(
        ["Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Africa/Casablanca"]
    ),
    st.datetimes(datetime(2015, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_instants_rise_and_keys_never_repeat(text: str, name: str, after: datetime) -> None:
    found = first(text, ZoneInfo(name), after, 30)
    assert found[0].at > after
    assert all(one.at < two.at for one, two in pairwise(found))
    assert len({one.key for one in found}) == len(found)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_starting_later_gives_the_same_instants(after: datetime) -> None:
    found = first("every 2 weeks on tue, sun 01:30", DUBLIN, after, 6)
    assert first("every 2 weeks on tue, sun 01:30", DUBLIN, found[2].at, 3) == found[3:]


def test_a_time_without_a_zone_is_no_start() -> None:
    with pytest.raises(ValueError, match="aware"):
        next_instant(rule("every mon 09:00"), DUBLIN, ANCHOR, datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_end_of_time_ends_a_rule() -> None:
    assert first("every mon 09:00", DUBLIN, utc(9990, 1, 1), 1) == []


@pytest.fixture
def in_ireland() -> Iterator[None]:
    """Texts are said as in Ireland."""
    with speaking("en_IE"):
        yield


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every mon 09:00", "every Monday at 09:00, Irish Time"),
        ("every 2 weeks on mon, wed 17:00", "every 2 weeks on Monday and Wednesday at 17:00, Irish Time"),
        ("every day 08:00", "every day at 08:00, Irish Time"),
        ("every weekday 08:00", "every weekday, Monday to Friday, at 08:00, Irish Time"),
        ("every month on 15 08:00", "on day 15 of every month at 08:00, Irish Time"),
        (
            "every 2 months on 30 08:00",
            "on day 30 of every 2 months (or the last day of a shorter month) at 08:00, Irish Time",
        ),
        ("last day of month 08:00", "on the last day of every month at 08:00, Irish Time"),
        ("last fri of month 08:00", "on the last Friday of every month at 08:00, Irish Time"),
        ("2026-10-02 18:30", "once, on Friday 2 October 2026 at 18:30, Irish Time"),
    ],
)
def test_a_rule_is_described_in_plain_english(text: str, said: str) -> None:
    with speaking("en_IE"):
        assert describe(rule(text), DUBLIN) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("every mon 09:00", "every Monday at 9:00 AM, Central Time"),
        ("every 2 weeks on mon, wed 17:00", "every 2 weeks on Monday and Wednesday at 5:00 PM, Central Time"),
        ("first tue of month 15:30", "on the first Tuesday of every month at 3:30 PM, Central Time"),
        ("2026-12-04 09:00", "once, on Friday, December 4, 2026 at 9:00 AM, Central Time"),
    ],
)
def test_a_rule_in_the_us_has_a_12_hour_clock_and_the_month_before_the_day(text: str, said: str) -> None:
    assert describe(rule(text), ZoneInfo("America/Chicago")) == said


@pytest.mark.usefixtures("in_ireland")
def test_a_time_that_the_clock_skips_or_repeats_is_named() -> None:
    assert clock_notes(rule("every sun 01:30"), DUBLIN, date(2026, 1, 1), 400) == (
        "On Sunday 29 March 2026 the clock skips 01:30. It will be 02:30 there.",
        "On Sunday 25 October 2026 the clock shows 01:30 twice. The first one counts.",
    )


def test_a_time_in_the_working_day_needs_no_note() -> None:
    assert clock_notes(rule("every mon 09:00"), DUBLIN, date(2026, 1, 1), 400) == ()


def test_notes_cover_the_days_asked_for_and_no_more() -> None:
    assert len(clock_notes(rule("every day 01:30"), DUBLIN, date(2026, 3, 29), 1)) == 1
    assert clock_notes(rule("every day 01:30"), DUBLIN, date(2026, 3, 30), 200) == ()
    assert clock_notes(rule("every day 01:30"), DUBLIN, date(2026, 3, 1), 28) == ()


@pytest.mark.usefixtures("in_ireland")
def test_a_skipped_date_is_named_with_the_date_it_becomes() -> None:
    assert clock_notes(rule("every fri 08:00"), APIA, date(2011, 12, 1), 31) == (
        "On Friday 30 December 2011 the clock skips 08:00. It will be 08:00 on Saturday 31 December 2011 there.",
    )


def test_every_other_week_notes_follow_the_anchor() -> None:
    text = "every 2 weeks on sun 01:30"
    with_change = clock_notes(rule(text), DUBLIN, date(2026, 3, 1), 60, anchor=date(2026, 3, 29))
    without = clock_notes(rule(text), DUBLIN, date(2026, 3, 1), 60, anchor=date(2026, 3, 22))
    assert (len(with_change), len(without)) == (1, 0)


NAMED = "Name a city or a zone, like Chicago or America/Chicago."


# ── zones ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["Europe/Dublin", "europe/dublin", " America/New York ", "utc"])
def test_a_zone_is_found_in_any_case(name: str) -> None:
    assert zone(name).key in {"Europe/Dublin", "America/New_York", "UTC"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Europe/Dublim", "There is no time zone “Europe/Dublim”. Did you mean Europe/Dublin?"),
        ("America/Dublin", "There is no time zone “America/Dublin”. Did you mean Europe/Dublin?"),
        ("zzz", f"There is no time zone “zzz”. {NAMED}"),
        ("localtime", f"There is no time zone “localtime”. {NAMED}"),
        ("../../etc/passwd", f"There is no time zone “../../etc/passwd”. {NAMED}"),
        ("", "Which time zone? Name a city or a zone, like Chicago or America/Chicago."),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_names(name: str, said: str) -> None:
    with pytest.raises(PhraseError) as refused:
        zone(name)
    assert refused.value.problem == said


@pytest.mark.parametrize(
    ("written", "meant"),
    {
        "chicago": "America/Chicago",
        "New York": "America/New_York",
        "san juan": "America/Puerto_Rico",
        "Central Time": "America/Chicago",
        "EST": "America/New_York",
        "texas": "America/Chicago",
        "dublin": "Europe/Dublin",
    }.items(),
)
def test_a_zone_is_found_by_its_city_its_state_and_its_common_name(written: str, meant: str) -> None:
    assert zone(written).key == meant


@pytest.mark.parametrize(
    ("begun", "offered"),
    {
        "chic": "America/Chicago",
        "new y": "America/New_York",
        "los ang": "America/Los_Angeles",
        "san j": "America/Puerto_Rico",
        "central t": "America/Chicago",
        "phila": "America/New_York",
        "": "America/New_York",
    }.items(),
)
def test_a_zone_is_offered_while_its_city_or_its_name_is_typed(begun: str, offered: str) -> None:
    assert offered in nearest_zones(begun, 5)[:2]


def test_every_listed_zone_opens() -> None:
    for name in available_timezones() - {"localtime", "posixrules", "Factory", "EST", "MST", "HST"}:
        assert zone(name).key == name


def test_rules_cannot_be_made_that_never_come_round() -> None:
    nine = time(9)
    for make in (
        lambda: Weekly(0, (0,), nine),
        lambda: Weekly(1, (), nine),
        lambda: Weekly(1, (1, 0), nine),
        lambda: Weekly(1, (7,), nine),
        lambda: Monthly(1, 32, nine),
        lambda: MonthlyNth(1, 5, 0, nine),
        lambda: MonthlyNth(1, 1, 7, nine),
        lambda: Once(date(2026, 1, 1), time(9, 0, 30)),
        lambda: Weekly(1, (0,), nine.replace(tzinfo=UTC)),
    ):
        with pytest.raises(ValueError):
            make()


@pytest.mark.parametrize(
    ("day", "place", "first"),
    [
        (date(2026, 11, 2), "America/Denver", datetime(2026, 11, 2, 7, tzinfo=UTC)),
        (date(2024, 3, 31), "Asia/Beirut", datetime(2024, 3, 30, 22, tzinfo=UTC)),  # midnight is skipped
        (date(2024, 11, 3), "America/Havana", datetime(2024, 11, 3, 4, tzinfo=UTC)),  # midnight comes twice
    ],
)
def test_a_day_starts_at_its_first_moment(day, place, first):
    at = find_day_start(day, ZoneInfo(place))
    assert at == first
    assert at.astimezone(ZoneInfo(place)).date() == day
    assert (at - timedelta(seconds=1)).astimezone(ZoneInfo(place)).date() < day
