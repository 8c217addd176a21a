"""The build of one export, slice by slice: reads outside the writer, and packs in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.exports.archive import LARGEST, TableArchive
from bot.exports.codebook import CODEBOOK, codebook_records
from bot.exports.pseudonyms import Pseudonyms
from bot.exports.records import NO, TABLES, Record, RecordMaker, list_learners, read_consents
from bot.exports.scope import ExportScope, list_asked, read_slice
from bot.exports.seen import SeenAnswers, last_decision, still_holds
from bot.people.tables import Community
from bot.reflections.answers.tables import Answer
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.store.store import Store

SLICE = 500
"""Answers that are read at once."""


@dataclass(slots=True)
class ExportBuild:
    """Builds the files of one export. `slices` says after each slice how many answers are in."""

    store: Store
    home: Community
    scope: ExportScope
    names: Pseudonyms
    slice: int = SLICE
    largest: int = LARGEST
    parts: list[bytes] = field(default_factory=list)
    """The zip files, when all is done."""
    seen: SeenAnswers = field(default_factory=SeenAnswers)
    """What is in it so far."""

    async def slices(self) -> AsyncIterator[int]:
        """Read and pack one slice after the other; how many answers are in by then."""
        archive = TableArchive(self.scope.format, self.largest)
        maker = RecordMaker(self.names, ZoneInfo(self.home.zone))
        asked = {
            one.id: one
            for one in await self.store.read(partial(list_asked, home=self.home, scope=self.scope))
        }
        self.seen = SeenAnswers(decided=await self.store.read(partial(last_decision, asked=sorted(asked))))
        archive.begin("answers", TABLES["answers"])
        place = (0, 0)
        while found := await self.store.read(partial(self._read, asked=sorted(asked), after=place)):
            await asyncio.to_thread(partial(self._pack, archive, maker, asked, found))
            place = (found[-1][0].occurrence_id, found[-1][0].id)
            yield self.seen.count
        async for _rows in self._pack_rest(archive, maker, list(asked.values())):
            yield self.seen.count
        self.parts = await asyncio.to_thread(archive.close)

    async def holds(self) -> bool:
        """Whether moderators may still read all that is in it."""
        return await self.store.read(partial(still_holds, home=self.home, scope=self.scope, seen=self.seen))

    def _read(
        self, conn: Connection, asked: Sequence[int], after: tuple[int, int]
    ) -> list[tuple[Answer, str]]:
        """The next answers, each with what its author said to being shown to everyone."""
        found = read_slice(conn, self.home.id, asked, after, self.slice)
        agreed = read_consents(conn, [one.id for one in found])
        return [(one, agreed.get(one.id, NO)) for one in found]

    def _pack(
        self,
        archive: TableArchive,
        maker: RecordMaker,
        asked: dict[int, AskedPrompt],
        found: list[tuple[Answer, str]],
    ) -> None:
        archive.add(
            record
            for one, agreed in found
            for record in maker.answer_records(one, asked[one.occurrence_id], agreed)
        )
        self.seen = self.seen.with_answers([one for one, _agreed in found])

    async def _pack_rest(
        self, archive: TableArchive, maker: RecordMaker, asked: Sequence[AskedPrompt]
    ) -> AsyncIterator[int]:
        """Prompts, anonymous answers, progress, and the codebook; how many records after each slice of progress."""

        def prompts(conn: Connection) -> list[Record]:
            return [record for here in asked for record in maker.prompt_records(conn, here)]

        def unnamed(conn: Connection) -> list[Record]:
            return [record for here in asked for record in maker.anonymous_records(conn, here)]

        for name, read in (("prompts", prompts), ("anonymous", unnamed)):
            records = await self.store.read(read)
            await asyncio.to_thread(partial(_pack_table, archive, name, TABLES[name], records))
        archive.begin("progress", TABLES["progress"])
        async for records in self._progress(maker):
            await asyncio.to_thread(partial(archive.add, records))
            yield len(records)
        await asyncio.to_thread(partial(_pack_table, archive, "codebook", CODEBOOK, codebook_records()))

    async def _progress(self, maker: RecordMaker) -> AsyncIterator[list[Record]]:
        """How far people are, some of a course at a time; nothing where prompts are named."""
        if self.scope.prompts:
            return
        lesson = self.scope.lesson
        courses = await self.store.read(partial(list_learners, community_id=self.home.id, lesson=lesson))
        for listed, members in courses:
            for at in range(0, len(members), self.slice):
                some = members[at : at + self.slice]
                yield await self.store.read(
                    partial(
                        maker.progress_records, home=self.home.id, listed=listed, members=some, lesson=lesson
                    )
                )


def _pack_table(archive: TableArchive, name: str, columns: Sequence[str], records: Iterable[Record]) -> None:
    archive.begin(name, columns)
    archive.add(records)
