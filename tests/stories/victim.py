"""What the processes have in common that are killed in the middle of a piece of work."""

from __future__ import annotations

import os
import signal
from datetime import datetime
from pathlib import Path

from bot.app import App, build_app
from bot.runtime.clock import SteerableClock
from bot.store.pieces import COMMIT, PieceTime
from bot.store.startup import open_store
from tests.stories.stage import settings_for


def build_victim(folder: Path, url: str, now: datetime) -> App:
    """The bot on the database of a story, without platforms and content."""
    settings = settings_for(folder, url)
    store, release = open_store(settings)
    return build_app(settings, SteerableClock(now), store, [], decks=(), lessons=(), release=release)


def die_after(app: App, pieces: int) -> None:
    """Let the process be killed once so many pieces of work are done, the last of them not committed."""
    left = pieces

    def note(piece: PieceTime) -> None:
        nonlocal left
        left -= piece.name != COMMIT
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    app.store.times.watch = note
