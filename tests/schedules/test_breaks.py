"""Breaks are local dates, and what they do to an occurrence is decided in one place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from bot.chat.time.moment_parser import Once, Weekly
from bot.people.tables import community
from bot.schedules import breaks as schedules_breaks
from bot.schedules import tables
from bot.schedules.breaks import Break, BreakVerdict, covering, day_back, foresee
from bot.schedules.model import BreakPolicy, OccurrenceState
from bot.schedules.occurrences import preview
from bot.store import Store, metadata

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
DUBLIN = ZoneInfo("Europe/Dublin")
WEEKLY = Weekly(1, (0,), time(9))


def prepare(conn: Connection) -> None:
    metadata.create_all(
        conn,
        tables=[
            community,
            tables.schedule,
            tables.schedule_place,
            tables.occurrence,
            schedules_breaks.away_break,
        ],
    )
    for number in (1, 2):
        row = {"id": number, "slug": f"c{number}", "name": "C", "zone": "Europe/Dublin", "created_at": NOW}
        conn.execute(insert(community).values(row))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url) as store:
        store.write_now(prepare)
        yield store


def day(number: int) -> date:
    return OCTOBER + timedelta(days=number - 1)


def away(first: int, last: int, label: str = "Autumn") -> Break:
    return Break(first, 1, day(first), day(last), label)


# ── records ───────────────────────────────────────────────────────────────────


def test_a_break_covers_its_first_and_its_last_day(store: Store):
    number = store.write_now(lambda conn: schedules_breaks.add_break(conn, 1, day(5), day(9), "Autumn", NOW))
    known = store.read_now(lambda conn: schedules_breaks.breaks(conn, 1))
    found = [schedules_breaks.covering(known, on) for on in map(day, (4, 5, 9, 10))]
    assert found == [None, *[Break(number, 1, day(5), day(9), "Autumn")] * 2, None]


def test_breaks_belong_to_one_community(store: Store):
    store.write_now(lambda conn: schedules_breaks.add_break(conn, 1, day(5), day(9), "Autumn", NOW))
    assert store.read_now(lambda conn: schedules_breaks.breaks(conn, 2)) == []
    assert len(store.read_now(lambda conn: schedules_breaks.breaks(conn, 1))) == 1
    laid = [(day(20), day(22), "Winter")]
    assert store.write_now(lambda conn: schedules_breaks.lay_breaks(conn, 1, 7, laid, NOW))
    assert not store.write_now(lambda conn: schedules_breaks.lay_breaks(conn, 2, 7, (), NOW))
    assert store.write_now(lambda conn: schedules_breaks.lay_breaks(conn, 2, 7, laid, NOW))
    assert store.write_now(lambda conn: schedules_breaks.lay_breaks(conn, 2, 7, (), NOW))
    kept = store.read_now(lambda conn: schedules_breaks.breaks(conn, 1))
    assert [one.label for one in kept] == ["Autumn", "Winter"], "the same source of another community"


def test_breaks_are_listed_soonest_first_from_a_date_on(store: Store):
    for first, last in ((20, 22), (5, 9), (1, 2)):
        store.write_now(
            lambda conn, f=first, t=last: schedules_breaks.add_break(conn, 1, day(f), day(t), "x", NOW)
        )
    assert [one.starts.day for one in store.read_now(lambda conn: schedules_breaks.breaks(conn, 1))] == [
        1,
        5,
        20,
    ]
    since = store.read_now(lambda conn: schedules_breaks.breaks(conn, 1, day(9)))
    assert [one.starts.day for one in since] == [5, 20]


def test_a_break_cannot_end_before_it_starts(store: Store):
    with pytest.raises(ValueError, match="ends on or after"):
        store.write_now(lambda conn: schedules_breaks.add_break(conn, 1, day(5), day(4), "x", NOW))


# ── pure ──────────────────────────────────────────────────────────────────────


def test_the_day_back_is_after_breaks_that_touch():
    breaks = [away(5, 6), away(7, 9), away(11, 11)]
    assert [day_back(breaks, day(n)).day for n in (4, 5, 9, 10, 11)] == [4, 10, 10, 10, 12]


@given(
    breaks=st.lists(
        st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda pair: away(pair[0], sum(pair))),
        max_size=8,
    ),
    start=st.integers(1, 60),
)
def test_the_day_back_is_the_first_day_in_no_break(breaks: list[Break], start: int):
    back = day_back(breaks, day(start))
    assert covering(breaks, back) is None
    between = (day(start) + timedelta(days=n) for n in range((back - day(start)).days))
    assert all(covering(breaks, one) for one in between)


@pytest.mark.parametrize(
    ("policy", "following", "expected"),
    [
        (BreakPolicy.IGNORE, 12, BreakVerdict(OccurrenceState.PLANNED)),
        (BreakPolicy.SKIP, 12, BreakVerdict(OccurrenceState.SKIPPED, "break: Autumn")),
        (
            BreakPolicy.HOLD,
            10,
            BreakVerdict(OccurrenceState.SKIPPED, "break: Autumn, a later one takes its place"),
        ),
        (BreakPolicy.HOLD, 12, "held"),
        (BreakPolicy.HOLD, None, "held"),
    ],
)
def test_what_a_break_does(policy: BreakPolicy, following: int | None, expected: BreakVerdict | str):
    successor = None if following is None else day(following)
    found = foresee(day(5), time(9), DUBLIN, lambda: successor, [away(5, 9)], policy, None)
    if expected == "held":
        at = datetime(2026, 10, 10, 8, tzinfo=UTC)
        expected = BreakVerdict(OccurrenceState.PLANNED, "break: Autumn, held until the return", at, at)
    assert found == expected


def test_a_pause_ends_on_its_day_and_goes_before_a_break():
    def on(number: int) -> BreakVerdict:
        return foresee(day(number), time(9), DUBLIN, lambda: None, [away(5, 6)], BreakPolicy.SKIP, day(6))

    assert on(5) == BreakVerdict(OccurrenceState.SKIPPED, "paused")
    assert on(6) == BreakVerdict(OccurrenceState.SKIPPED, "break: Autumn")
    assert on(7) == BreakVerdict(OccurrenceState.PLANNED)


def test_a_preview_shows_what_will_become_of_each_instant():
    breaks = [away(5, 13)]
    seen = preview(WEEKLY, DUBLIN, OCTOBER, NOW, breaks, BreakPolicy.HOLD, 4)
    assert [one.instant.key for one in seen] == ["2026-W41", "2026-W42", "2026-W43", "2026-W44"]
    assert [one.state for one in seen] == [OccurrenceState.SKIPPED, *[OccurrenceState.PLANNED] * 3]
    assert seen[0].fire_at is None
    assert seen[1].fire_at == datetime(2026, 10, 14, 8, tzinfo=UTC)
    assert seen[1].reason == "break: Autumn, held until the return"
    assert seen[3].fire_at == datetime(2026, 10, 26, 9, tzinfo=UTC)  # winter time


def test_a_preview_of_a_rule_that_ends_is_short():
    once = Once(day(5), time(9))
    assert [one.instant.key for one in preview(once, DUBLIN, OCTOBER, NOW)] == ["2026-10-05"]
