"""The drill: a backup made while people write, put back elsewhere; nothing is said twice, lost, or known of who was erased."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.backups.folder import add_backup
from bot.backups.restore import accept_secret, check_backup_secret, examine_backup, restore_backup
from bot.store.secret import FILE
from bot.store.startup import open_store
from tests.backups import versions
from tests.backups.conftest import second_postgres_url  # noqa: F401 - a fixture
from tests.stories.stage import Stage, staged
from tests.stories.test_privacy import erases

pytestmark = pytest.mark.only(
    "slack-socket", "discord", reason="the playground keeps its world in the database that is restored"
)
SECRET = "The third drawer sticks, and everyone knows why."


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a database and of another one elsewhere, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one/tilth.db", f"sqlite:///{tmp_path}/two/tilth.db"
    else:
        yield request.getfixturevalue("postgres_url"), request.getfixturevalue("second_postgres_url")


def back_up(stage: Stage, url: str) -> Path:
    """Make a backup as the operator does, into a folder beside both places."""
    return add_backup(url, stage.folder, stage.folder.parent / "kept", stage.clock.now()).path


def put_back(stage: Stage, file: Path, url: str, folder: Path) -> None:
    """Restore it on a machine that has nothing but the backups and the secret, typed in."""
    secret = (stage.folder / FILE).read_text()
    folder.mkdir()
    manifest = examine_backup(file, url)
    assert not check_backup_secret(manifest, "", folder), "it is not there yet"
    typed = accept_secret(secret, manifest, folder)
    restore_backup(file, manifest, url, folder, stage.clock.now(), secret=typed)
    stage.folder, stage._url = folder, url


async def test_the_machine_burns_and_the_backup_goes_on_elsewhere(tmp_path, platform, places):
    here, there = places
    (tmp_path / "one").mkdir()
    async with staged(tmp_path / "one", platform, url=here) as stage:
        await stage.confirms("/prompt schedule #staffroom every day 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        [monday] = stage.prompts()
        await stage.says("ada", SECRET, thread=monday)
        file, *_ = await asyncio.gather(
            asyncio.to_thread(back_up, stage, here), stage.says("cleo", "Said meanwhile.", thread=monday)
        )
        # All of this is after the backup, and the bot that is restored knows nothing of it.
        await stage.says("ben", "Said after the backup.", thread=monday)
        await erases(stage, "ada")
        await stage.until("2026-10-06 09:00")
        [_, tuesday] = stage.prompts()
        await stage.says("cleo", "Said on Tuesday.", thread=tuesday)
        back_up(stage, here).write_bytes(b"the newest one is damaged")
        await stage.stops()
        await stage.says("ben", "Said while nobody listened.", thread=tuesday)
        stage.clock.advance(timedelta(minutes=3))

        put_back(stage, file, there, tmp_path / "two")
        said = {who: len(stage.inbox(who)) for who in ("ada", "ben", "cleo", "mo")}
        await stage.starts()
        await stage.settles()
        await stage.later(minutes=30)
        assert [one.id for one in stage.prompts()] == [monday.id, tuesday.id], "nothing is posted twice"
        words = await every_answer(stage)
        assert {
            "Said meanwhile.",
            "Said after the backup.",
            "Said on Tuesday.",
            "Said while nobody listened.",
        } <= words
        assert SECRET not in words, "who was erased stays erased, though the thread still has it"
        assert await stage.broken() == []
        told = {who: len(stage.inbox(who)) - before for who, before in said.items()}
        assert told["ada"] == 0
        assert max(told["ben"], told["cleo"]) <= 1, (
            "what they were told in passing they may be told once more"
        )
        await stage.until("2026-10-07 09:00")
        assert len(stage.prompts()) == 3, "and life goes on"


async def every_answer(stage: Stage) -> set[str]:
    """The texts of all answers that are stored."""
    from sqlalchemy import select

    from bot.store import metadata

    part = metadata.tables["part"]
    return set(await stage.app.store.read(lambda conn: list(conn.execute(select(part.c.text)).scalars())))


async def test_killed_in_its_first_hour_it_looks_before_it_speaks_all_the_same(tmp_path, platform):
    url = f"sqlite:///{tmp_path}/one/tilth.db"
    (tmp_path / "one").mkdir()
    async with staged(tmp_path / "one", platform, url=url) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 08:59")
        file = back_up(stage, url)
        await stage.until("2026-10-05 09:00")
        [monday] = stage.prompts()
        await stage.stops()
        put_back(stage, file, f"sqlite:///{tmp_path}/two/tilth.db", tmp_path / "two")
        await stage.starts()
        await stage.restarts()  # before it said anything
        assert stage.app.sender._wary_until is not None
        await stage.settles()
        await stage.later(minutes=20)
        assert [one.id for one in stage.prompts()] == [monday.id]
        await stage.later(hours=1)
        await stage.restarts()
        assert stage.app.sender._wary_until is None


async def test_a_bot_that_runs_for_months_deletes_old_copies(tmp_path, platform):
    async with staged(tmp_path, platform) as stage:
        kept = [tmp_path / name for name in ("tilth.db.before-r0001", "tilth.db.replaced-20261129T174500Z")]
        for number, one in enumerate(kept):
            one.write_text("what members said")
            written = time.time() - timedelta(days=36 - 2 * number).total_seconds()
            os.utime(one, (written, written))
        await stage.app.upkeep.tidy()
        assert [one.exists() for one in kept] == [False, True]


async def test_an_upgrade_that_is_given_up_leaves_the_old_version_what_the_new_one_posted(tmp_path, platform):
    url = f"sqlite:///{tmp_path}/tilth.db"
    async with staged(tmp_path, platform) as stage:
        await stage.confirms("/prompt schedule #staffroom every day 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await stage.stops()
        store, release = open_store(
            stage.settings(), versions.make_version(tmp_path, versions.ADDS_A_COLUMN, versions.ADDS_A_TABLE)
        )
        store.close_now()
        release()
        [kept] = tmp_path.glob("tilth.db.before-r0001.*")
        await stage.starts()  # the new version runs for two days, and is then given up
        await stage.until("2026-10-07 09:00")
        posted = stage.prompts()
        await stage.says("ada", "Said to the new version.", thread=posted[-1])
        await stage.stops()
        restore_backup(kept, examine_backup(kept, url), url, tmp_path, stage.clock.now(), over=True)
        store, release = open_store(stage.settings())  # the old one knows this database again
        store.close_now()
        release()
        await stage.starts()
        await stage.later(minutes=30)
        assert [one.id for one in stage.prompts()] == [one.id for one in posted]
        assert await every_answer(stage) == {"Said to the new version."}
