"""The archive of an export: zip files in memory, each small enough for every platform, with a table in each file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from bot.content import spreadsheet
from bot.exports.records import Record
from bot.exports.scope import CSV

LARGEST = 7 * 1024 * 1024
"""Bytes after which another zip file begins: Discord takes 10 MiB, and what is packed last is not counted yet."""
TOGETHER = 500
"""Records that are packed before it is looked how large the file is."""


@dataclass(slots=True)
class TableArchive:
    """Packs tables as they come: `begin` one, `add` its records, and `close` when all are in.

    Nothing of it is written to a disk, so whatever ends this process leaves no half of a file behind.
    """

    format: str
    largest: int = LARGEST
    parts: list[bytes] = field(default_factory=list)
    """The zip files that are finished."""
    _buffer: io.BytesIO = field(default_factory=io.BytesIO)
    _zip: zipfile.ZipFile | None = None
    _file: IO[bytes] | None = None
    _table: tuple[str, Sequence[str]] = ("", ())
    _first: bool = True

    def begin(self, name: str, columns: Sequence[str]) -> None:
        """Begin a table."""
        self._end_table()
        self._table = (name, columns)
        self._begin_table()

    def add(self, records: Iterable[Record]) -> None:
        """Add records to the table that was begun, some at a time: another zip file may begin between them."""
        left = iter(records)
        while some := list(islice(left, TOGETHER)):
            self._add_some(some)

    def _add_some(self, records: Sequence[Record]) -> None:
        columns = self._table[1]
        if self._buffer.tell() > self.largest:
            self._end_zip()
            self._begin_table()
        rows = [[one.get(name, "") for name in columns] for one in records]
        if self._file is None:
            return
        if self.format == CSV:
            self._file.write(spreadsheet.write_lines(rows))
            return
        for row in rows:
            line = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
            self._file.write((("\n" if self._first else ",\n") + line).encode())
            self._first = False

    def close(self) -> list[bytes]:
        """The finished zip files."""
        self._end_table()
        self._end_zip()
        return self.parts

    def _begin_table(self) -> None:
        if self._zip is None:
            self._buffer = io.BytesIO()
            self._zip = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED)
        name, columns = self._table
        self._file, self._first = self._zip.open(f"{name}.{self.format}", "w", force_zip64=True), True
        if self.format == CSV:
            self._file.write(spreadsheet.MARK + spreadsheet.write_lines([columns]))
        else:
            self._file.write(b"[")

    def _end_table(self) -> None:
        if self._file is not None:
            if self.format != CSV:
                self._file.write(b"\n]\n")
            self._file.close()
            self._file = None

    def _end_zip(self) -> None:
        self._end_table()
        if self._zip is not None:
            self._zip.close()
            self.parts.append(self._buffer.getvalue())
            self._zip = None
