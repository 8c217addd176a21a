"""One statement serves both databases."""

from functools import partial

import pytest
from sqlalchemy import Connection, bindparam, create_engine, select, update
from sqlalchemy.exc import IntegrityError

from bot.store import CompiledStatement, Store, UtcDateTime, insert, upsert
from tests.store.tables import ADD, NOON, SET, Mood, counter, counts, jot, note


def test_an_upsert_inserts_then_changes(store: Store):
    store.write_now(lambda conn: conn.execute(SET, {"name": "a", "n": 1}).rowcount)
    store.write_now(lambda conn: conn.execute(SET, [{"name": "a", "n": 5}, {"name": "b", "n": 2}]).rowcount)
    assert store.read_now(counts) == {"a": 5, "b": 2}


def test_an_upsert_may_have_a_condition_and_return_what_it_did(store: Store):
    row = insert(counter)
    raise_only = row.on_conflict_do_update(
        index_elements=["name"], set_={"n": row.excluded.n}, where=counter.c.n < row.excluded.n
    ).returning(counter.c.n)

    def work(conn: Connection) -> list[int | None]:
        return [conn.execute(raise_only, {"name": "a", "n": n}).scalar_one_or_none() for n in (2, 1, 3)]

    assert store.write_now(work) == [2, None, 3]


def test_doing_nothing_on_conflict(store: Store):
    once = insert(counter).on_conflict_do_nothing(index_elements=["name"])

    def work(conn: Connection) -> list[int]:
        return [conn.execute(once, {"name": "a", "n": n}).rowcount for n in (1, 2)]

    assert store.write_now(work) == [1, 0]
    assert store.read_now(counts) == {"a": 1}


def test_a_claim_with_skip_locked_runs_on_both(store: Store):
    def work(conn: Connection) -> list[int]:
        conn.execute(insert(note), [{"words": "first"}, {"words": "second"}])
        due = (
            select(note.c.id).order_by(note.c.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
        )
        claim = update(note).where(note.c.id == due).values(words="claimed").returning(note.c.id)
        return list(conn.scalars(claim))

    assert len(store.write_now(work)) == 1
    assert ("SKIP LOCKED" in str(select(note).with_for_update(skip_locked=True).compile(store._writing))) == (
        store.dialect == "postgresql"
    )


MOVE = CompiledStatement(
    update(note).where(note.c.id == bindparam("which")).values(at=bindparam("at"), words=bindparam("words")),
    "which",
    "at",
    "words",
)


def test_a_prepared_statement_converts_values_and_counts_rows(store: Store):
    store.write_now(partial(jot, id=1))
    values = {"at": NOON, "which": 1, "words": "moved"}
    assert store.write_now(lambda conn: MOVE.run(conn, values)) == 1
    assert store.write_now(lambda conn: MOVE.run(conn, {**values, "which": 2})) == 0
    assert store.read_now(lambda conn: conn.execute(select(note.c.at, note.c.words)).one()) == (NOON, "moved")


def test_a_prepared_upsert_keeps_its_constants(store: Store):
    prepared = CompiledStatement(ADD, "name", "n")
    for _ in range(3):
        store.write_now(lambda conn: prepared.run(conn, {"name": "a", "n": 10}))
    assert store.read_now(counts) == {"a": 12}


def test_a_prepared_statement_begins_a_transaction_by_itself(store: Store):
    with store._writing.connect() as connection:
        CompiledStatement(SET, "name", "n").run(connection, {"name": "a", "n": 1})
        assert connection.in_transaction()
    assert store.read_now(counts) == {}


def test_a_prepared_statement_raises_what_sqlalchemy_would(store: Store):
    store.write_now(partial(jot, id=1))
    prepared = CompiledStatement(note.insert().inline(), "id", "words")
    with pytest.raises(IntegrityError) as caught:
        store.write_now(lambda conn: prepared.run(conn, {"id": 1, "words": "in confidence"}))
    assert "in confidence" not in str(caught.value)
    with pytest.raises(ValueError, match="a moment needs its zone"):
        store.write_now(
            lambda conn: MOVE.run(conn, {"at": NOON.replace(tzinfo=None), "which": 1, "words": ""})
        )


def test_a_prepared_statement_wants_exactly_its_names(store: Store):
    for values in ({"which": 1, "at": NOON}, {"which": 1, "at": NOON, "words": "", "mood": "calm"}):
        with pytest.raises(TypeError, match="wrong names"):
            store.write_now(lambda conn, values=values: MOVE.run(conn, values))
    incomplete = CompiledStatement(
        update(note).where(note.c.at == bindparam("at", type_=UtcDateTime)).values(words="")
    )
    with pytest.raises(TypeError, match=r"needs a value for \['at'\]"):
        store.write_now(lambda conn: incomplete.run(conn, {}))
    returning = CompiledStatement(
        upsert(counter, by=["name"], change=["n"]).returning(counter.c.n), "name", "n"
    )
    with pytest.raises(TypeError, match="returns nothing"):
        store.write_now(lambda conn: returning.run(conn, {"name": "a", "n": 1}))


def test_a_prepared_question_gives_its_row_with_every_type_of_ours(store: Store):
    store.write_now(partial(jot, id=1, at=NOON, data={"a": [1]}, mood=Mood.CALM))
    store.write_now(partial(jot, id=2))
    ask = CompiledStatement(
        select(note.c.at, note.c.data, note.c.mood).where(note.c.id == bindparam("id")).limit(1), "id"
    )
    assert store.write_now(lambda conn: ask.row(conn, {"id": 1})) == (NOON, {"a": [1]}, Mood.CALM)
    assert store.read_now(lambda conn: ask.row(conn, {"id": 1})).at == NOON
    assert store.read_now(lambda conn: ask.row(conn, {"id": 2})) == (None, None, None)
    assert store.read_now(lambda conn: ask.row(conn, {"id": 3})) is None


def test_a_prepared_insert_may_return_what_it_made(store: Store):
    made = CompiledStatement(note.insert().values(words="").returning(note.c.id, note.c.at), "at")
    assert store.write_now(lambda conn: made.row(conn, {"at": NOON})) == (1, NOON)
    with pytest.raises(TypeError, match="has no row"):
        store.write_now(lambda conn: MOVE.row(conn, {"at": NOON, "which": 1, "words": ""}))


def test_a_prepared_question_has_one_name_for_each_column(store: Store):
    other = note.alias()
    twice = CompiledStatement(select(note.c.id, other.c.id).where(note.c.id == other.c.id))
    with pytest.raises(TypeError, match="the same name"):
        store.read_now(lambda conn: twice.row(conn, {}))


def test_an_error_of_one_driver_is_raised_whichever_prepared_the_statement(store: Store):
    prepared = CompiledStatement(note.insert().inline(), "id", "words")
    other = create_engine("sqlite://")  # the driver of the standard library
    with other.begin() as connection:
        note.create(connection)
        prepared.run(connection, {"id": 1, "words": ""})
    other.dispose()
    store.write_now(partial(jot, id=1))
    with pytest.raises(IntegrityError):
        store.write_now(lambda conn: prepared.run(conn, {"id": 1, "words": ""}))
