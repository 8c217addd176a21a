"""What the writer's time of a message is made of: the database, what the message is understood as, and so on."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy.engine.default import DefaultDialect

from bot.danger.recognition import discloses_danger
from bot.intents.classifier import understand
from bot.search.terms import index_words
from bot.store import compiled
from tests.bench.findings import DATABASE

CALLS: dict[Callable[..., Any], str] = {
    understand: "understanding it",
    discloses_danger: "looking for danger",
    index_words: "its words for searching",
    compiled._hand_over: DATABASE,
}
"""What is called for each part, wherever a module of the bot has it."""
SPOKEN = ("do_execute", "do_executemany", "do_commit")
"""How SQLAlchemy speaks to the driver."""


class PartTimes:
    """Seconds of the writer's processor by part; what is called within another part counts for itself alone."""

    def __init__(self, writer: threading.Thread) -> None:
        self.spent: Counter[str] = Counter()
        self._writer, self._open, self._since = writer.ident, list[str](), 0.0

    def _turn(self) -> None:
        now = time.thread_time()
        if self._open:
            self.spent[self._open[-1]] += now - self._since
        self._since = now

    def _measured(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            if threading.get_ident() != self._writer:
                return call(*given, **named)
            self._turn()
            self._open.append(part)
            try:
                return call(*given, **named)
            finally:
                self._turn()
                self._open.pop()

        return run

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Measure what happens in here."""
        ours = [module for name, module in sys.modules.items() if name.startswith("bot.")]
        changed = [
            patch.object(module, name, self._measured(part, call))
            for call, part in CALLS.items()
            for module in ours
            for name, value in vars(module).items()
            if value is call
        ]
        changed += [
            patch.object(DefaultDialect, name, self._measured(DATABASE, getattr(DefaultDialect, name)))
            for name in SPOKEN
        ]
        for one in changed:
            one.start()
        try:
            yield
        finally:
            for one in reversed(changed):
                one.stop()
