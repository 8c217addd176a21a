"""A rig on each kind of database."""

from collections.abc import Iterator

import pytest

from bot.store import Store
from tests.delivery.rig import Pace, Rig, make_tables


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store.open(database_url) as store:
        make_tables(store)
        yield store


@pytest.fixture
def rig(store: Store) -> Rig:
    """Without limits of pace."""
    return Rig(store)


@pytest.fixture
def paced(store: Store) -> Rig:
    """With the pace of a real platform."""
    return Rig(store, pace=Pace())
