"""Opening the database when a process starts: it is held alone, migrated, and opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from bot.settings.model import Settings
from bot.store.backup import COPIES, delete_old_copies
from bot.store.errors import MigrationFailed, StoreFault
from bot.store.migrate import upgrade
from bot.store.revisions import SCRIPTS
from bot.store.secret import check_secret
from bot.store.single_process import hold_database
from bot.store.store import Store

log = logging.getLogger(__name__)


def open_store(settings: Settings, scripts: Path = SCRIPTS) -> tuple[Store, Callable[[], None]]:
    """Hold the database alone, make sure it is ours, migrate it, open it; the store and how to let go. Raises `StoreFault`.

    `scripts` is another folder of migrations in tests of upgrades alone.
    """
    url = settings.store.url.get_secret_value()
    settings.store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = hold_database(url)
    try:
        check_secret(url, settings.secret.get_secret_value(), settings.store.folder)
        _upgrade(url, settings.store.folder, scripts)
        delete_old_copies(url, settings.store.folder, COPIES)
        store = Store.open(url, journal=settings.store.journal)
        if store.chosen is not None:
            log.info("%s", store.chosen.describe())
    except BaseException:
        held.release()
        raise
    return store, held.release


def _upgrade(url: str, folder: Path, scripts: Path) -> None:
    """Migrate, and where that fails say how to go on with what is there. A driver's own words may be those of members."""
    try:
        kept = upgrade(url, scripts=scripts, keep=folder)
    except StoreFault:
        raise
    except Exception as error:
        code = getattr(getattr(error, "orig", None), "sqlstate", None)
        raise MigrationFailed(
            f"The database could not be brought to this version of Tilth ({type(error).__name__}"
            f"{f', {code}' if code else ''}), and it is exactly as it was. Start the version that ran before: it goes on "
            "with it. Report this, without the database: what people said is in it."
        ) from error
    if kept is not None:
        log.info("the database was brought to this version; as it was before, it is in %s", kept)
