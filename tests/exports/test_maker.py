"""What is left of an export that ends while its files are stored: nothing."""

from __future__ import annotations

from typing import cast

import pytest
from sqlalchemy import insert, select

from bot.all_tables import metadata
from bot.exports import tables
from bot.exports.build import ExportBuild
from bot.exports.maker import PIECE, ExportMaker, RunningExport
from bot.exports.scope import ExportScope
from bot.exports.tables import ExportState
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from bot.store.secret import DatabaseSecret
from bot.store.store import Store
from tests.reports.town import OPENS


class Meanwhile(bytes):
    """A file during whose second piece something else happens."""

    happens = staticmethod(lambda: None)

    def __getitem__(self, at):
        if at.start == PIECE:
            self.happens()
        return super().__getitem__(at)


def erased(conn, job):
    tables.forget(conn, 1, 2)


def stopped(conn, job):
    tables.end_job(conn, job.id, ExportState.STOPPED, (ExportState.RUNNING,))


@pytest.mark.parametrize("ends", [erased, stopped, None])
async def test_no_piece_is_stored_after_an_erasure_or_a_stop(tmp_path, ends):
    with Store.open(f"sqlite:///{tmp_path}/tilth.db") as store:

        def begin(conn):
            metadata.create_all(conn)
            home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", OPENS)
            for number in (1, 2):
                row = {"id": number, "name": "", "community_id": home.id, "created_at": OPENS}
                conn.execute(insert(people.member).values(**row))
            tables.insert_job(conn, home.id, 1, ("local:town", "p1"), ExportScope().to_json(), 0, OPENS)
            return home, tables.claim_job(conn, "me", OPENS)

        home, job = store.write_now(begin)
        clock = SteerableClock(OPENS)
        maker = ExportMaker(store, clock, DatabaseSecret(b"one"))
        build = ExportBuild(store, home, ExportScope(), cast("object", None))
        file = Meanwhile(3 * PIECE)
        if ends is not None:
            file.happens = lambda: store.write_now(lambda conn: ends(conn, job))
        build.parts = [file]
        await maker._finish(RunningExport(job, build, cast("object", None)))
        pieces = store.read_now(lambda conn: conn.execute(select(tables.export_piece.c.number)).all())
        assert len(pieces) == (3 if ends is None else 0)
