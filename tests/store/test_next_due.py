"""When something is due next: alone, together with others, and in as few statements as that needs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from bot.store import Store
from bot.store.next_due import ask_together, earliest, only_where, soonest
from tests.store.tables import NOON, Mood, note

HOUR = timedelta(hours=1)


def fill(store: Store) -> None:
    rows = [
        {"id": 1, "words": "later", "at": NOON + 5 * HOUR, "mood": Mood.CALM},
        {"id": 2, "words": "first", "at": NOON, "mood": Mood.CALM},
        {"id": 3, "words": "lively", "at": NOON + HOUR, "mood": Mood.LIVELY},
        {"id": 4, "words": "whenever", "at": None, "mood": Mood.LIVELY},
    ]
    store.write_now(lambda conn: conn.execute(note.insert(), rows))


def test_the_oldest_instant_is_due_and_none_where_there_is_no_row(store):
    assert store.read_now(earliest(note.c.at)) is None
    fill(store)
    assert store.read_now(earliest(note.c.at)) == NOON
    assert store.read_now(earliest(note.c.at, note.c.mood == Mood.LIVELY, plus=HOUR)) == NOON + 2 * HOUR


def test_of_several_the_first_is_due_each_with_its_own_delay(store):
    fill(store)
    calm = earliest(note.c.at, note.c.mood == Mood.CALM, plus=3 * HOUR)
    lively = earliest(note.c.at, note.c.mood == Mood.LIVELY)
    assert store.read_now(soonest(calm, lively)) == NOON + HOUR
    assert store.read_now(soonest(lively, earliest(note.c.at, note.c.id < 0))) == NOON + HOUR
    early = only_where(note, lambda _conn: NOON - HOUR, note.c.mood == Mood.LIVELY)
    assert store.read_now(soonest(calm, early, lively)) == NOON - HOUR
    assert store.read_now(soonest(earliest(note.c.at, note.c.id < 0))) is None


def test_many_are_asked_in_one_statement_and_answered_in_their_order(store):
    fill(store)
    said: list[str] = []

    def ask(conn):
        event.listen(conn, "before_cursor_execute", lambda *call: said.append(call[2]))
        return ask_together(
            conn,
            [
                soonest(earliest(note.c.at), earliest(note.c.at, note.c.id == 3)),
                lambda _conn: NOON - HOUR,
                earliest(note.c.at, note.c.id == 3),
                earliest(note.c.at, note.c.id == 4),
                earliest(note.c.at, note.c.id == 1, plus=HOUR),
            ],
        )

    assert store.read_now(ask) == [NOON, NOON - HOUR, NOON + HOUR, None, NOON + 6 * HOUR]
    assert len(said) == 1
    assert store.read_now(lambda conn: ask_together(conn, [])) == []


def test_what_waits_for_a_row_is_asked_only_where_there_is_one(store):
    asked: list[str] = []

    def answer(name):
        def tell(_conn):
            asked.append(name)
            return NOON

        return tell

    of_all = only_where(note, answer("all"))
    of_lively = only_where(note, answer("lively"), note.c.mood == Mood.LIVELY)
    of_none = only_where(note, answer("none"), note.c.id < 0)
    assert store.read_now(of_all) is None
    assert asked == []
    fill(store)
    said: list[str] = []

    def ask(conn):
        event.listen(conn, "before_cursor_execute", lambda *call: said.append(call[2]))
        return ask_together(conn, [of_all, earliest(note.c.at), of_none, of_lively])

    assert store.read_now(ask) == [NOON, NOON, None, NOON]
    assert asked == ["all", "lively"]
    assert len(said) == 1
