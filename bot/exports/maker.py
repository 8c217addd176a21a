"""The maker of long exports: some slices at a time, outside the writer, until one is done, stopped or lost."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from dataclasses import astuple, dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.chat.language import speaking
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.exports import cards, tables
from bot.exports.build import SLICE, ExportBuild
from bot.exports.pseudonyms import Pseudonyms
from bot.exports.scope import ExportScope
from bot.exports.tables import ExportJob, ExportState
from bot.feature import PeriodicJob
from bot.people.languages import locale_of_member, speaking_to
from bot.people.tables import community_by_id
from bot.runtime.clock import Clock
from bot.store.secret import DatabaseSecret
from bot.store.store import Store

log = logging.getLogger(__name__)

SLICES = 20
"""Slices of one turn, so that other jobs have theirs."""
PIECE = 64 * 1024
"""Bytes of a finished file that one piece of work stores."""
KIND = "export"


@dataclass(slots=True)
class RunningExport:
    """An export that this process makes; `going` gives how many answers are in after each slice."""

    job: ExportJob
    build: ExportBuild
    going: AsyncIterator[int]


@dataclass(slots=True)
class ExportMaker:
    """Makes the exports that wait, one at a time. What it has made so far is in memory alone."""

    store: Store
    clock: Clock
    secret: DatabaseSecret
    slice: int = SLICE
    slices: int = SLICES
    _owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _running: RunningExport | None = None

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after."""
        return (PeriodicJob("making exports", 2, self.make_some, self.next_due),)

    def next_due(self, conn: Connection) -> datetime | None:
        """When an export is to be made, gone on with, or may be lost."""
        return tables.next_due(conn) if self._running is None else self.clock.now()

    def build(self, conn: Connection, community_id: int, scope: ExportScope) -> ExportBuild:
        """The build of an export."""
        home = community_by_id(conn, community_id)
        return ExportBuild(self.store, home, scope, Pseudonyms.of(self.secret, home.slug), self.slice)

    async def make_some(self) -> int:
        """Make some more of an export; how many slices, and 0 when none waits."""
        if self._running is None and await self.store.read(tables.next_due) is None:
            return 0
        lost = await self.store.read(partial(tables.lost_jobs, owner=self._owner, now=self.clock.now()))
        for job in lost:
            await self._end(job, ExportState.BROKEN)
        here = self._running = self._running or await self._begin()
        if here is None:
            return len(lost)
        locale = await self.store.read(partial(locale_of_member, member_id=here.job.member_id))
        try:
            with speaking(locale):
                return await self._go_on(here) + len(lost)
        except Exception:
            self._running = None
            await self._end(here.job, ExportState.BROKEN)
            raise

    async def _begin(self) -> RunningExport | None:
        now = self.clock.now()
        job = await self.store.write(partial(tables.claim_job, owner=self._owner, now=now))
        if job is None:
            return None
        scope = ExportScope.from_json(job.scope)
        build = await self.store.read(partial(self.build, community_id=job.community_id, scope=scope))
        return RunningExport(job, build, build.slices())

    async def _go_on(self, here: RunningExport) -> int:
        for made in range(1, self.slices + 1):
            done = await anext(here.going, None)
            if done is None:
                self._running = None
                await self._finish(here)
                return made
            noted = partial(tables.note_progress, job=here.job, done=done, now=self.clock.now())
            if not await self.store.write(noted):
                self._running = None  # stopped: what is in memory goes, and nothing else was made
                return made
        return self.slices

    async def _finish(self, here: RunningExport) -> None:
        """Store the files in pieces, and tell whoever asked; nothing of it can be got before all is stored."""
        job, parts = here.job, here.build.parts
        if not await here.build.holds():
            await self._end(job, ExportState.OUTDATED)
            return
        for part, data in enumerate(parts, 1):
            for number, at in enumerate(range(0, len(data), PIECE)):
                piece = data[at : at + PIECE]
                write = partial(tables.store_piece, job=job, part=part, number=number, data=piece)
                if not await self.store.write(partial(write, now=self.clock.now())):
                    return  # whoever ended it removed the pieces before this one
        now = self.clock.now()

        def finish(conn: Connection) -> None:
            if tables.finish_job(conn, job, len(parts), astuple(here.build.seen), now):
                _tell(conn, job, now)

        await self.store.write(finish)

    async def _end(self, job: ExportJob, state: ExportState) -> None:
        now = self.clock.now()

        def end(conn: Connection) -> None:
            if tables.end_job(conn, job.id, state, (ExportState.RUNNING,)):
                _tell(conn, job, now)

        await self.store.write(end)


def _tell(conn: Connection, job: ExportJob, now: datetime) -> None:
    """Tell whoever asked what became of their export. They wait for it, so it is no reminder."""
    found = tables.find_job(conn, job.community_id, job.member_id, job.id)
    if found is None:
        return
    zone = community_by_id(conn, job.community_id).zone
    with speaking_to(conn, job.member_id):
        card = cards.job_card(found, zone)
    draft = Draft(
        community_id=job.community_id, space=job.space, person=job.person, verb=Verb.DIRECT, kind=KIND,
        key=f"export:{job.id}", card=card, priority=0, ref=str(job.id),
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)
