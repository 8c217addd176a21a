"""Scrubbing: what was deleted leaves no copy in the log or between the rows of a SQLite file.

`secure_delete` overwrites what is deleted, but not the copy that stays behind when SQLite moves a row to another page (one
in a thousand deleted texts, measured), and in WAL mode the log keeps older pages. So the log is emptied as soon as words
were deleted (`journal.empty_log_after`) and every minute, and the file is written anew after an erasure and once a day.
PostgreSQL does this in its own time.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, delete, select

from bot.store import journal
from bot.store.adapter_state import shelf
from bot.store.dialect import upsert
from bot.store.next_due import only_where
from bot.store.sqlite import sqlite3
from bot.store.store import Store
from bot.store.word_index import MERGE, forget_words, list_stale_words

log = logging.getLogger(__name__)

SLICE = 200
"""Words that are forgotten in one transaction."""
_WISH = upsert(shelf, by=("name", "key"), change=("value",))
_HAS_WORDS = "SELECT 1 FROM sqlite_master WHERE name = 'search_text'"
_WISHED = and_(shelf.c.name == "scrub", shelf.c.key == "wanted")


def want_rewrite(conn: Connection, now: datetime) -> None:
    """Have the file written anew soon; the wish is kept with what was deleted, so that no crash forgets it."""
    conn.execute(_WISH, {"name": "scrub", "key": "wanted", "value": now.isoformat()})


def _wished_at(conn: Connection) -> datetime | None:
    wanted = conn.execute(select(shelf.c.value).where(_WISHED)).scalar_one_or_none()
    return None if wanted is None else datetime.fromisoformat(wanted)


next_rewrite = only_where(shelf, _wished_at, _WISHED)
"""Since when the file is to be written anew."""


async def scrub(store: Store) -> int:
    """Write the file anew if that is wanted, and empty the log; how many rewrites that were."""
    wanted = await store.read(next_rewrite)
    if wanted is None:
        await empty_log(store)
        return 0
    if store.dialect == "sqlite" and not await store.maintain(_rewrite):
        return 0
    if store.dialect == "postgresql":
        await _forget_words(store)
    still = and_(_WISHED, shelf.c.value == wanted.isoformat())
    await store.write(lambda conn: conn.execute(delete(shelf).where(still)).rowcount)
    await empty_log(store)
    return 1


async def _forget_words(store: Store) -> None:
    """Look for words that are in no row any more while others write, and forget them in slices."""
    stale = await store.read(list_stale_words)
    for at in range(0, len(stale), SLICE):
        await store.write(partial(forget_words, terms=stale[at : at + SLICE]))


async def empty_log(store: Store) -> bool:
    """Empty the log of a database in WAL mode; false when a reader kept it, and it is to be tried again."""
    if store.chosen is None or store.chosen.mode != "wal":
        return True
    for _attempt in range(journal.ATTEMPTS):  # others write between two attempts
        if await store.maintain(journal.empty_log):
            return True
    return False


def _rewrite(raw: Any) -> bool:
    """Write every page anew, after the words of what was deleted have left the full-text index."""
    try:
        if raw.execute(_HAS_WORDS).fetchone():
            raw.execute(MERGE)
        raw.execute("VACUUM")
    except sqlite3.Error as error:  # most likely a reader in the way, or no room for a second copy
        log.warning("the database could not be written anew (%s); it is tried again", error.sqlite_errorname)
        return False
    return True
