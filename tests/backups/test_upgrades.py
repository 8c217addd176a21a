"""An upgrade: a copy is made first, what fails changes nothing and says how to go on, and the copy is the way back."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from bot.cli.startup import CONFIG
from bot.store.errors import MigrationFailed, SchemaTooNew
from bot.store.migrate import upgrade
from bot.store.startup import open_store
from tests.backups import versions
from tests.backups.filling import SECRET, fill_everything, read_everything
from tests.stories.stage import settings_for


def test_a_failed_upgrade_changes_nothing_and_says_how_to_go_on(database_url, tmp_path):
    fill_everything(database_url)
    before, settings = (
        read_everything(database_url),
        settings_for(tmp_path, database_url, secret=SecretStr(SECRET)),
    )
    with pytest.raises(
        MigrationFailed, match=r"it is exactly as it was\. Start the version that ran before"
    ) as failed:
        open_store(settings, versions.make_version(tmp_path, versions.ADDS_A_COLUMN, versions.FAILS))
    assert "IntegrityError" in str(failed.value)
    assert "loud" not in str(failed.value)
    assert read_everything(database_url) == before
    store, release = open_store(settings)  # the version that ran before
    store.close_now()
    release()


def test_after_an_upgrade_the_version_from_before_comes_back_with_the_copy(
    database_url, tmp_path, tilth, caplog
):
    fill_everything(database_url)
    before, settings = (
        read_everything(database_url),
        settings_for(tmp_path, database_url, secret=SecretStr(SECRET)),
    )
    new = versions.make_version(tmp_path, versions.ADDS_A_TABLE, versions.CHANGES_WORDS)
    with caplog.at_level(logging.INFO):
        store, release = open_store(settings, new)
    store.close_now()
    release()
    [kept] = [*tmp_path.glob("tilth.db.before-r0001*"), *tmp_path.glob("before-r0001*.zip")]
    assert str(kept) in caplog.text
    assert kept.stat().st_mode & 0o077 == 0
    with pytest.raises(SchemaTooNew, match="tilth restore FILE --over"):
        upgrade(database_url)
    refused = tilth(tmp_path, database_url, "restore", kept)
    assert refused.exit_code == CONFIG
    assert "--over" in refused.output
    done = tilth(tmp_path, database_url, "restore", kept, "--over")
    assert done.exit_code == 0, done.output
    assert read_everything(database_url) == before | {"epoch": []}
    upgrade(database_url)
    store, release = open_store(settings, new)
    store.close_now()
    release()
