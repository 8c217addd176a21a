"""One secret for each database: whoever starts on it has that one, or is told which one it needs."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.app import build_app
from bot.store.errors import StoreRefused
from bot.store.store import Store
from tests.stories.stage import settings_for, staged

pytestmark = pytest.mark.only("local", reason="the secret is the core's")
SECRET = "The third drawer sticks, and everyone knows why."
KEY = SecretStr("a made-up secret, long enough for a database")


async def erases(stage, who):
    form = await stage.asks(who, "/my data delete")
    await stage.fills_in(who, form, word="DELETE")


async def test_a_process_with_another_folder_is_told_which_secret_it_needs(tmp_path, platform, postgres_url):
    async with staged(tmp_path, platform, url=postgres_url) as stage:
        second = Store.open(postgres_url)
        try:
            with pytest.raises(StoreRefused) as refused:
                build_app(settings_for(tmp_path / "other", postgres_url), stage.clock, second, [])
        finally:
            await second.close()
        assert stage.app.secret.fingerprint in str(refused.value)
        assert "TILTH_SECRET" in str(refused.value)
        assert not (tmp_path / "other" / "secret.key").exists(), "no second secret was made"


async def test_two_folders_with_one_secret_both_keep_erased_words_out(tmp_path, platform, postgres_url):
    async with staged(tmp_path / "one", platform, url=postgres_url, secret=KEY) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await stage.says("ada", SECRET, thread=stage.prompts()[0])
        await erases(stage, "ada")
        store = Store.open(postgres_url)
        second = build_app(
            settings_for(tmp_path / "two", postgres_url, secret=KEY),
            stage.clock, store, [stage.platform.adapter], decks=stage.app.decks,
        )  # fmt: skip
        stage.clock.advance(timedelta(hours=7))
        await second.settle()
        assert await stage.answers() == {}
        await second.upkeep.renew()
        assert (tmp_path / "two" / "erasures.txt").exists()
        assert (tmp_path / "two" / "erasures.txt").read_text() == (
            tmp_path / "one" / "erasures.txt"
        ).read_text()
        await store.close()


async def test_the_list_of_the_erased_reaches_every_folder_and_outlives_a_backup(
    tmp_path, platform, sqlite_url
):
    async with staged(tmp_path / "one", platform, url=sqlite_url, secret=KEY) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await stage.says("ada", SECRET, thread=stage.prompts()[0])
        await stage.stops()
        shutil.copy(tmp_path / "tilth.db", tmp_path / "yesterday.db")
        await stage.starts()
        await erases(stage, "ada")
        stage.folder = tmp_path / "two"
        await stage.restarts()
        await stage.stops()
        shutil.copy(tmp_path / "yesterday.db", tmp_path / "tilth.db")
        await stage.starts()
        await stage.settles()
        assert await stage.answers() == {}


async def test_a_list_that_is_put_back_touches_nobody_who_came_later(tmp_path, platform):
    """The folder was lost, and is found again when the person has long been back."""
    async with staged(tmp_path, platform) as stage:
        await stage.later(hours=1)
        await stage.joins("dara", "Dara Lake")
        await stage.asks("dara", "/my settings help:bare")
        digest = stage.app.erasure.erasures.digest(1, stage.space, stage.platform.id_of("dara"))
        at = stage.clock.now() - timedelta(minutes=30)
        (tmp_path / "erasures.txt").write_text(f"cut off in the midd\n1 {digest} {at.isoformat()} asked\n")
        await stage.restarts()
        assert "No hints" in stage.text(await stage.asks("dara", "/my settings"))


async def test_after_the_secret_is_changed_whoever_was_erased_before_is_still_known(tmp_path, platform):
    async with staged(tmp_path, platform, on_disk=False) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await stage.says("ada", SECRET, thread=stage.prompts()[0])
        await stage.stops()
        shutil.copy(tmp_path / "tilth.db", tmp_path / "yesterday.db")
        await stage.starts()
        await erases(stage, "ada")
        before = stage.app.secret.fingerprint
        await stage.stops()
        file = tmp_path / "secret.key"
        file.write_text(f"{KEY.get_secret_value()}\n{file.read_text()}")
        await stage.starts()
        assert stage.app.secret.fingerprint != before
        await stage.later(hours=7)
        assert await stage.answers() == {}, "the thread was read again"
        await stage.stops()
        shutil.copy(tmp_path / "yesterday.db", tmp_path / "tilth.db")
        await stage.starts()
        assert await stage.answers() == {}, "an old backup belongs to the new secret, too"
        await stage.later(hours=7)
        assert await stage.answers() == {}


async def test_who_came_back_stays_though_another_clock_is_behind(tmp_path, platform):
    """The process that erased had its clock ahead of the one that met them again."""
    async with staged(tmp_path, platform) as stage:
        await stage.later(hours=1)
        await erases(stage, "ada")
        stage.clock.set(stage.clock.now() - timedelta(minutes=10))
        await stage.asks("ada", "/my settings help:bare")
        await stage.restarts()
        assert "No hints" in stage.text(await stage.asks("ada", "/my settings"))


async def test_after_a_restore_what_was_said_since_the_erasure_is_taken_in_again(tmp_path, platform):
    async with staged(tmp_path, platform, on_disk=False) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        [prompt] = stage.prompts()
        await stage.says("ada", SECRET, thread=prompt)
        await stage.stops()
        shutil.copy(tmp_path / "tilth.db", tmp_path / "yesterday.db")
        await stage.starts()
        await erases(stage, "ada")
        await stage.later(minutes=5)
        await stage.says("ada", "Here I am again.", thread=prompt)
        await stage.later(minutes=5)
        await stage.stops()
        shutil.copy(tmp_path / "yesterday.db", tmp_path / "tilth.db")
        await stage.starts()
        await stage.later(hours=7)
        assert await stage.answers() == {"Ada Quinn": "Here I am again."}


async def test_a_moderator_who_was_told_of_something_leaves_no_trace(tmp_path, platform):
    async with staged(tmp_path, platform, on_disk=False) as stage:
        await stage.joins("mona", "Mona Reyes", facts=("moderator",))
        await stage.asks("ben", "/reflect suggest -- Who made you laugh?")
        await stage.later(minutes=1)
        assert stage.inbox("mona"), "she was told that a suggestion waits"
        assert [line for line in await stage.dump() if "mona" in line]
        await erases(stage, "mona")
        assert [line for line in await stage.dump() if "mona" in line or "Mona" in line] == []
        await stage.settles()
        assert await stage.broken() == []
