"""Statements that are compiled before anybody waits for them."""

from __future__ import annotations

import pytest
from sqlalchemy import Dialect, Integer, bindparam, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

import bot.all_features
from bot.app import _prepare_answers
from bot.store import Store
from bot.store.compiled import CompiledStatement, known
from bot.store.wanted import SetStatement
from tests.store.tables import counter

assert bot.all_features


@pytest.mark.parametrize("dialect", [SQLiteDialect_pysqlite(), PGDialect_psycopg()], ids=lambda one: one.name)
def test_every_statement_of_the_bot_can_be_compiled_for_each_database(dialect: Dialect):
    assert len(known) > 50
    for one in list(known):
        one.prepare(dialect)


def test_a_start_compiles_what_nobody_has_run_yet(store: Store):
    one = CompiledStatement(select(counter.c.n).where(counter.c.name == bindparam("name")), "name")
    many = SetStatement(lambda wanted: select(wanted.c.n), number=Integer)
    _prepare_answers(store)
    assert list(one._compiled) == [store.dialect]
    assert list(many._made) == [store.dialect]
    assert store.read_now(lambda conn: one.row(conn, {"name": "c1"})) is None
    assert store.read_now(lambda conn: [row.n for row in many.rows(conn, [(7,), (8,)])]) == [0, 1]
