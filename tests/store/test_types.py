"""The column types mean the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from bot.store import Store, UtcDateTime
from tests.store.tables import NOON, Mood, jot, note


def test_a_moment_comes_back_aware_in_utc_to_the_microsecond(store: Store):
    store.write_now(partial(jot, at=NOON))
    at = store.read_now(lambda conn: conn.scalar(select(note.c.at)))
    assert at == NOON
    assert at.tzinfo is UTC


def test_a_moment_of_another_zone_is_the_same_instant(store: Store):
    chicago = datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/Chicago"))
    store.write_now(partial(jot, at=chicago))
    at = store.read_now(lambda conn: conn.scalar(select(note.c.at)))
    assert at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def test_a_naive_datetime_is_refused_with_advice(store: Store):
    naive = datetime(2026, 10, 5, 12)  # noqa: DTZ001
    with pytest.raises(StatementError, match="a moment needs its zone"):
        store.write_now(partial(jot, at=naive))
    with pytest.raises(StatementError, match="a moment needs its zone"):
        store.read_now(lambda conn: conn.execute(select(note).where(note.c.at < naive)))


def test_a_moment_must_be_a_datetime(store: Store):
    with pytest.raises(StatementError, match="a moment is a datetime, not str"):
        store.write_now(partial(jot, at="2026-10-05"))


def test_moments_are_ordered_and_compared_by_the_database(store: Store):
    moments = [
        NOON + timedelta(microseconds=1),
        NOON,
        datetime(1969, 7, 20, tzinfo=UTC),
        NOON.replace(microsecond=0),
        datetime(9999, 1, 1, tzinfo=UTC),
    ]

    def work(conn: Connection) -> None:
        conn.execute(insert(note), [{"words": "", "at": at} for at in moments])

    store.write_now(work)
    kept = store.read_now(lambda conn: conn.scalars(select(note.c.at).order_by(note.c.at)).all())
    assert list(kept) == sorted(moments)
    later = store.read_now(lambda conn: conn.scalars(select(note.c.at).where(note.c.at > NOON)).all())
    assert set(later) == {moments[0], moments[4]}


@given(
    st.datetimes(
        min_value=datetime(2, 1, 1),  # noqa: DTZ001
        max_value=datetime(9998, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]),
    )
)
def test_every_moment_survives_as_a_number(at: datetime):
    moment, dialect = UtcDateTime(), sqlite.dialect()
    stored = moment.process_bind_param(at, dialect)
    assert isinstance(stored, int)
    assert moment.process_result_value(stored, dialect) == at


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        [],
        "",
        0,
        False,
        {"b": 1, "a": [1.5, None, True]},
        "naïve ✓ 🌱",
        "half \ud83d pair",
        "nul \0",
    ],
    ids=repr,
)
def test_json_of_every_kind_comes_back(store: Store, value: object):
    store.write_now(partial(jot, data=value))
    assert store.read_now(lambda conn: conn.scalar(select(note.c.data))) == value


def test_json_keeps_the_order_of_keys(store: Store):
    store.write_now(partial(jot, data={"b": 1, "a": 2}))
    assert list(store.read_now(lambda conn: conn.scalar(select(note.c.data)))) == ["b", "a"]


def test_json_refuses_what_json_cannot_say(store: Store):
    with pytest.raises(StatementError, match=r"not JSON compliant|not JSON serializable"):
        store.write_now(partial(jot, data=float("nan")))
    with pytest.raises(StatementError, match="not JSON serializable"):
        store.write_now(partial(jot, data={1, 2}))


def test_a_word_comes_back_as_a_member_and_an_unknown_one_is_refused(store: Store):
    store.write_now(partial(jot, mood=Mood.LIVELY))
    assert store.read_now(lambda conn: conn.scalar(select(note.c.mood))) is Mood.LIVELY
    found = store.read_now(lambda conn: conn.scalar(select(note.c.words).where(note.c.mood == "lively")))
    assert found == ""
    with pytest.raises(StatementError, match="'livly' is not a valid Mood"):
        store.write_now(partial(jot, mood="livly"))
