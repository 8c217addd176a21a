"""Reading, thinking and writing in one piece of work loses nothing, however many do it at once."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.store import Store
from tests.store.tables import SET, counts, read_modify_write


async def test_ten_careless_increments_at_once_end_at_ten(store: Store):
    store.write_now(lambda conn: conn.execute(SET, {"name": "a", "n": 0}).rowcount)
    results = await asyncio.gather(*(store.write(read_modify_write) for _ in range(10)))
    assert sorted(results) == list(range(1, 11))


async def test_ten_careless_increments_from_two_stores_end_at_ten(store: Store, database_url: str):
    store.write_now(lambda conn: conn.execute(SET, {"name": "a", "n": 0}).rowcount)
    with Store.open(database_url) as other:
        for _ in range(5):
            await asyncio.gather(*(each.write(read_modify_write) for each in (store, other)))
    assert store.read_now(counts) == {"a": 10}


INCREMENT = """
import sys
from bot.store import Store
from tests.store.tables import read_modify_write
with Store.open(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(25):
        store.write_now(read_modify_write)
"""


def test_careless_increments_from_two_processes_are_all_kept(store: Store, database_url: str):
    store.write_now(lambda conn: conn.execute(SET, {"name": "a", "n": 0}).rowcount)
    with closing_all(
        subprocess.Popen(
            [sys.executable, "-c", INCREMENT, database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ) as processes:
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.wait(60) for process in processes] == [0, 0]
    assert store.read_now(counts) == {"a": 50}


@contextmanager
def closing_all(started: Iterator[Any]) -> Iterator[list[Any]]:
    processes = list(started)
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()
