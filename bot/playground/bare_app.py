"""The bare app: the bot put together around an empty database, only to be looked at."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App, build_app
from bot.chat.cards import Card
from bot.chat.menu import Menu
from bot.runtime.clock import SteerableClock
from bot.settings.model import Settings
from bot.store.secret import make_secret
from bot.store.store import Store


@contextmanager
def bare_app(settings: Settings) -> Iterator[App]:
    """The bot put together around an empty database, only to be looked at."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bare.db")
        own = settings.store.model_copy(update={"folder": Path(folder)})
        try:
            yield build_app(
                settings.model_copy(update={"store": own}),
                SteerableClock(datetime(2026, 9, 7, tzinfo=UTC)),
                store,
                [],
                decks=(),
                lessons=(),
                secret=make_secret(),
            )
        finally:
            store.close_now()


def bare_menu(settings: Settings) -> Menu:
    """Every command, without starting the bot."""
    with bare_app(settings) as app:
        return app.dispatcher.menu


def bare_gallery(settings: Settings) -> tuple[tuple[str, Card], ...]:
    """Every example card, without starting the bot."""
    with bare_app(settings) as app:
        return app.gallery()
