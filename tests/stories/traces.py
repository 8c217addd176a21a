"""A search for what somebody said: every byte of every file below a folder, and every row of every table."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from bot.store.store import Store

_SEARCH = """
import pathlib, sys
folder, *words = sys.argv[1:]
for path in sorted(pathlib.Path(folder).rglob("*")):
    data = path.read_bytes() if path.is_file() else b""
    for word in words:
        if word.encode() in data:
            print(f"{path.relative_to(folder)}: {word}")
"""


def search_files(folder: Path, words: Iterable[str]) -> list[str]:
    """`file: word` for each word that stands in a file, as another process reads the disk now."""
    asked = [sys.executable, "-c", _SEARCH, str(folder), *words]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()


def search_tables(store: Store, words: Sequence[str]) -> set[str]:
    """`table.column: word` for each word that stands in a row."""

    def look(conn: Connection) -> set[str]:
        found = set()
        for table in inspect(conn).get_table_names():
            for row in conn.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608 - our own names
                found |= {
                    f"{table}.{name}: {word}"
                    for name, value in row.items()
                    for word in words
                    if value is not None and word in str(value)
                }
        return found

    return store.read_now(look)
