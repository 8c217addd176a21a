"""Leases: one holder at a time, and a number that tells old holders from new."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, text

from bot.store import Store, StoreUnavailable
from bot.store.leases import Lease, holds_lease, lease, release_lease, renew_lease, take_lease
from tests.store.tables import NOON

T = TypeVar("T")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def write(database_url: str) -> Iterator[Callable[[Callable[[Connection], T]], T]]:
    with Store.open(database_url) as store:
        store.write_now(lease.create)
        yield store.write_now


def test_a_free_lease_is_taken_and_then_is_not_free(write):
    held = write(lambda conn: take_lease(conn, "planner", "a", NOON, MINUTE))
    assert held == Lease("planner", "a", NOON + MINUTE, 1)
    assert write(lambda conn: take_lease(conn, "planner", "b", NOON + MINUTE / 2, MINUTE)) is None
    assert write(lambda conn: take_lease(conn, "gateway", "b", NOON, MINUTE)) == Lease(
        "gateway", "b", NOON + MINUTE, 1
    )


def test_the_fence_grows_when_the_holder_changes_and_only_then(write):
    fences = []
    for minutes, owner in ((0, "a"), (0.5, "a"), (1.5, "b"), (3, "b"), (9, "a")):
        now = NOON + minutes * MINUTE
        fences.append(
            write(lambda conn, now=now, owner=owner: take_lease(conn, "x", owner, now, MINUTE)).fence
        )
    assert fences == [1, 1, 2, 2, 3]


def test_a_holder_that_was_replaced_can_do_nothing_more(write):
    old = write(lambda conn: take_lease(conn, "x", "a", NOON, MINUTE))
    later = NOON + 2 * MINUTE
    new = write(lambda conn: take_lease(conn, "x", "b", later, MINUTE))
    assert not write(lambda conn: holds_lease(conn, old, later))
    assert write(lambda conn: renew_lease(conn, old, later, MINUTE)) is None
    write(lambda conn: release_lease(conn, old))
    assert write(lambda conn: holds_lease(conn, new, later))
    # Not even after getting it back: the old value belongs to the old time.
    again = write(lambda conn: take_lease(conn, "x", "a", later + 2 * MINUTE, MINUTE))
    assert again.fence > new.fence > old.fence
    assert write(lambda conn: renew_lease(conn, old, later + 2 * MINUTE, MINUTE)) is None


def test_renewing_makes_it_last(write):
    held = write(lambda conn: take_lease(conn, "x", "a", NOON, MINUTE))
    held = write(lambda conn: renew_lease(conn, held, NOON + MINUTE / 2, MINUTE))
    assert held == Lease("x", "a", NOON + 1.5 * MINUTE, 1)
    assert write(lambda conn: holds_lease(conn, held, NOON + MINUTE))
    assert not write(lambda conn: holds_lease(conn, held, NOON + 1.5 * MINUTE))


def test_a_released_lease_is_free_at_once_and_keeps_counting(write):
    held = write(lambda conn: take_lease(conn, "x", "a", NOON, MINUTE))
    write(lambda conn: release_lease(conn, held))
    assert not write(lambda conn: holds_lease(conn, held, NOON))
    assert write(lambda conn: take_lease(conn, "x", "b", NOON, MINUTE)).fence == 2


def test_an_owner_needs_a_name(write):
    with pytest.raises(ValueError, match="owner"):
        write(lambda conn: take_lease(conn, "x", "", NOON, MINUTE))


@pytest.mark.postgres
def test_of_many_processes_that_ask_at_once_one_gets_it(postgres_url: str):
    stores = [Store.open(postgres_url) for _ in range(6)]
    try:
        stores[0].write_now(lease.create)
        with ThreadPoolExecutor(6) as pool:
            asked = [
                pool.submit(store.write_now, lambda conn, n=n: take_lease(conn, "x", f"p{n}", NOON, MINUTE))
                for n, store in enumerate(stores)
            ]
        assert len([held for future in asked if (held := future.result())]) == 1
    finally:
        for store in stores:
            store.close_now()


@pytest.mark.postgres
def test_work_that_relies_on_a_lease_keeps_others_from_taking_it(postgres_url: str):
    later = NOON + 5 * MINUTE

    def impatient(conn: Connection) -> Lease | None:
        conn.execute(text("SET LOCAL lock_timeout = '20ms'"))
        return take_lease(conn, "x", "b", later, MINUTE)

    def rely(conn: Connection, held: Lease) -> bool:
        still_ours = holds_lease(conn, held, NOON)
        with pytest.raises(StoreUnavailable, match="held these rows for too long"):
            other.write_now(impatient)
        return still_ours

    with Store.open(postgres_url) as store, Store.open(postgres_url) as other:
        store.write_now(lease.create)
        held = store.write_now(lambda conn: take_lease(conn, "x", "a", NOON, MINUTE))
        assert held is not None
        assert store.write_now(lambda conn: rely(conn, held))
        assert other.write_now(impatient) is not None
