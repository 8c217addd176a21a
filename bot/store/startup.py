"""Opening the database when a process starts: it is held alone, migrated, and opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from bot.settings.model import Settings
from bot.store.backup import delete_old_copies
from bot.store.migrate import upgrade
from bot.store.secret import check_secret
from bot.store.single_process import hold_database
from bot.store.store import Store

log = logging.getLogger(__name__)

COPIES = timedelta(days=35)
"""How long a copy made before a migration is kept: it holds words that people may since have erased."""


def open_store(settings: Settings) -> tuple[Store, Callable[[], None]]:
    """Hold the database alone, make sure it is ours, migrate it, open it; the store and how to let go. Raises `StoreFault`."""
    url = settings.store.url.get_secret_value()
    settings.store.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = hold_database(url)
    try:
        check_secret(url, settings.secret.get_secret_value(), settings.store.folder)
        upgrade(url)
        delete_old_copies(url, COPIES)
        store = Store.open(url, journal=settings.store.journal)
        if store.chosen is not None:
            log.info("%s", store.chosen.describe())
    except BaseException:
        held.release()
        raise
    return store, held.release
