"""The one writer: many changes to a transaction, each fault with its owner."""

import asyncio
from contextlib import suppress
from functools import partial

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.store import Store, StoreClosed
from tests.store.gathering import Ledger, held_up, together
from tests.store.tables import add, counts, jot


async def test_what_waits_together_is_committed_together(store: Store):
    ledger = Ledger(store)
    results = await together(store, *(partial(add, name=f"c{n % 10}") for n in range(100)))
    assert results == [None] * 100
    assert ledger.commits == 2  # the one that was in the way, and one for all hundred
    assert store.read_now(counts) == {f"c{n}": 10 for n in range(10)}


async def test_a_batch_has_an_end(database_url: str, store: Store):
    ledger = Ledger(store)
    await together(store, *(add for _ in range(300)))
    assert ledger.commits == 1 + 2
    assert store.read_now(counts) == {"a": 300}


async def test_each_piece_gets_its_own_result(store: Store):
    assert await together(store, *(lambda _, n=n: n for n in range(20))) == list(range(20))


async def test_results_reach_a_loop_in_one_call(store: Store, monkeypatch: pytest.MonkeyPatch):
    loop = asyncio.get_running_loop()
    calls, original = [], loop.call_soon_threadsafe
    monkeypatch.setattr(loop, "call_soon_threadsafe", lambda *args: calls.append(args) or original(*args))
    await together(store, *(add for _ in range(50)))
    assert len(calls) == 1


async def test_a_fault_stays_with_its_owner(store: Store):
    store.write_now(partial(jot, id=1))

    def fail(conn: Connection) -> None:
        add(conn, "never")
        raise KeyError("mine")

    results = await together(store, add, fail, add, partial(jot, id=1), add)
    assert [type(result) for result in results] == [
        type(None),
        KeyError,
        type(None),
        IntegrityError,
        type(None),
    ]
    assert store.read_now(counts) == {"a": 3}


async def test_after_a_fault_the_others_run_again_each_in_its_own_transaction(store: Store):
    ledger, runs = Ledger(store), [0, 0, 0]

    def count(conn: Connection, which: int) -> None:
        runs[which] += 1
        add(conn)
        if which == 1:
            raise KeyError

    await together(store, *(partial(count, which=which) for which in range(3)))
    assert runs == [2, 2, 1]
    assert (ledger.commits, ledger.rollbacks) == (1 + 2, 2)


async def test_work_alone_that_fails_is_not_repeated(store: Store):
    runs = []
    with pytest.raises(KeyError):
        await store.write(lambda conn: runs.append(1) or {}["missing"])
    assert len(runs) == 1


async def test_swallowing_a_database_error_is_the_swallowers_fault(store: Store):
    store.write_now(partial(jot, id=1))

    def swallow(conn: Connection) -> None:
        add(conn)
        with suppress(IntegrityError):
            jot(conn, id=1)

    results = await together(store, add, swallow, add)
    assert results[0] is results[2] is None
    if store.dialect == "sqlite":  # the rest of the transaction stands after a statement has failed
        assert results[1] is None
        assert store.read_now(counts) == {"a": 3}
    else:  # COMMIT would have been a silent ROLLBACK, of everybody's work
        assert "swallowed a database error" in str(results[1])
        assert store.read_now(counts) == {"a": 2}


async def test_a_savepoint_may_be_given_up(store: Store):
    store.write_now(partial(jot, id=1))

    def careful(conn: Connection) -> None:
        add(conn)
        try:
            with conn.begin_nested():
                jot(conn, id=1)
        except IntegrityError:
            add(conn)

    assert await together(store, add, careful) == [None, None]
    assert store.read_now(counts) == {"a": 3}


@pytest.mark.parametrize("ending", ["commit", "rollback"])
async def test_work_must_not_end_the_transaction(store: Store, ending: str):
    def meddle(conn: Connection) -> None:
        getattr(conn, ending)()

    with pytest.raises(RuntimeError, match="or ended the transaction"):
        await store.write(meddle)
    await store.write(add)


async def test_even_strange_errors_arrive_and_the_writer_lives_on(store: Store):
    def stop(_conn: Connection) -> None:
        raise StopIteration

    def cancel(_conn: Connection) -> None:
        raise asyncio.CancelledError

    results = await together(store, stop, cancel, add)
    assert [type(result) for result in results] == [RuntimeError, asyncio.CancelledError, type(None)]
    await store.write(add)
    assert store.read_now(counts) == {"a": 2}


async def test_cancelling_the_wait_does_not_undo_the_work(store: Store):
    with held_up(store):
        task = asyncio.ensure_future(store.write(add))
        other = asyncio.ensure_future(store.write(add))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
    await other
    assert task.cancelled()
    assert store.read_now(counts) == {"a": 2}


async def test_more_than_can_be_kept_is_refused(sqlite_url: str):
    with Store(sqlite_url, waiting=5) as store:
        with held_up(store):
            tasks = [asyncio.ensure_future(store.write(lambda _: 1)) for _ in range(7)]
            await asyncio.sleep(0)
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results[:5] == [1] * 5
    assert all("More is coming in than can be kept" in str(error) for error in results[5:])


async def test_closing_finishes_what_was_handed_in(store: Store, database_url: str):
    with held_up(store):
        tasks = [asyncio.ensure_future(store.write(add)) for _ in range(600)]
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(store.close())
    await closing
    assert await asyncio.gather(*tasks) == [None] * 600
    with Store.open(database_url) as again:
        assert again.read_now(counts) == {"a": 600}


async def test_a_closed_store_says_so(store: Store):
    await store.close()
    with pytest.raises(StoreClosed):
        await store.write(add)
    with pytest.raises(StoreClosed):
        store.write_now(add)
    with pytest.raises(StoreClosed):
        await store.read(counts)
    await store.close()


def test_writing_from_inside_a_write_is_a_mistake_and_no_deadlock(store: Store):
    with pytest.raises(RuntimeError, match="must use its own connection"):
        store.write_now(lambda _: store.write_now(add))


def test_a_loop_that_has_ended_does_not_stop_the_writer(store: Store, caplog: pytest.LogCaptureFixture):
    async def leave() -> None:
        asyncio.ensure_future(store.write(add))  # noqa: RUF006
        await asyncio.sleep(0)

    with held_up(store):
        asyncio.run(leave())
    store.write_now(add)
    assert store.read_now(counts) == {"a": 2}
    assert "ended before it heard" in caplog.text
