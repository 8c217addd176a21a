"""A store that is open, with the tables of these tests in it."""

from collections.abc import Iterator

import pytest

from bot.store import Store
from tests.store.tables import tables


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Return a store on each kind of database."""
    with Store.open(database_url) as store:
        store.write_now(tables.create_all)
        yield store


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """Return a store on a SQLite file, with little patience for locks."""
    with Store.open(sqlite_url, busy_seconds=0.1) as store:
        store.write_now(tables.create_all)
        yield store
