"""An export can be stopped between any two slices, also of progress; what is left of one that ends while it is stored: nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import insert, select

from bot.all_tables import metadata
from bot.exports import build, records, tables
from bot.exports.build import ExportBuild
from bot.exports.maker import PIECE, ExportMaker, RunningExport
from bot.exports.pseudonyms import Pseudonyms
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
        made = ExportBuild(store, home, ExportScope(), cast("object", None))
        file = Meanwhile(3 * PIECE)
        if ends is not None:
            file.happens = lambda: store.write_now(lambda conn: ends(conn, job))
        made.parts = [file]
        await maker._finish(RunningExport(job, made, cast("object", None)))
        pieces = store.read_now(lambda conn: conn.execute(select(tables.export_piece.c.number)).all())
        assert len(pieces) == (3 if ends is None else 0)


async def test_progress_is_read_some_members_at_a_time_and_counts_for_how_long_an_export_is(
    tmp_path, monkeypatch
):
    def learners(_conn, community_id, lesson):
        lessons = (SimpleNamespace(slug="one", title="One"), SimpleNamespace(slug="two", title="Two"))
        return [
            (
                SimpleNamespace(id=1, course=SimpleNamespace(slug="causes", title="", lessons=lessons)),
                [1, 2, 3, 4, 5],
            )
        ]

    monkeypatch.setattr(build, "list_learners", learners)
    monkeypatch.setattr(records, "list_learners", learners)
    with Store.open(f"sqlite:///{tmp_path}/tilth.db") as store:

        def begin(conn):
            metadata.create_all(conn)
            return people.ensure_community(conn, "home", "Home", "Europe/Dublin", OPENS)

        home = store.write_now(begin)
        names = Pseudonyms.of(DatabaseSecret(b"one"), "home")
        made = ExportBuild(store, home, ExportScope(), names, slice=2)
        assert [done async for done in made.slices()] == [0, 0, 0]
        named = ExportBuild(store, home, ExportScope(prompts=(1,)), names, slice=2)
        assert [done async for done in named.slices()] == []
        counted = [
            store.read_now(lambda conn, of=of: records.count_progress(conn, 1, of))
            for of in ("", "causes/one")
        ]
        assert counted == [10, 5]
