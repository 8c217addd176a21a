"""A database with old changes of settings, and a process that is killed while it removes them (`python -m`)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, insert

from bot.people import audit
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from bot.store.retention import Retention
from bot.store.store import Store
from bot.upkeep import Upkeep

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
KEPT = timedelta(days=30)
OLD = NOW - timedelta(days=31)


def audit_retention() -> Retention:
    """The audit log, kept for a month."""
    return audit.retention({"audit": KEPT})


def fill_audit(conn: Connection, number: int) -> None:
    """Write so many old changes, and two that are not too old."""
    home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", OLD)
    row = {"community_id": home.id, "role": "admin", "what": "paused", "subject": "s1"}
    conn.execute(insert(audit.audit), [row | {"at": OLD} for _ in range(number)])
    conn.execute(insert(audit.audit), [row | {"at": NOW - KEPT + timedelta(hours=hours)} for hours in (1, 2)])


async def run_upkeep(store: Store, after_slice: Callable[[], None] = lambda: None) -> None:
    """Remove what is too old, in slices of ten or more; `after_slice` is called before each."""
    kind = audit_retention()

    def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
        after_slice()
        return kind.find(conn, before, 100)

    upkeep = Upkeep(
        store, SteerableClock(NOW), cast("Any", None), cast("Any", None), (replace(kind, find=find),)
    )
    await upkeep.tidy()


def main(url: str) -> None:
    """Die before the third slice."""
    begun: list[int] = []

    def die() -> None:
        begun.append(1)
        if len(begun) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    with Store.open(url) as store:
        asyncio.run(run_upkeep(store, die))


if __name__ == "__main__":
    main(sys.argv[1])
