"""Logging for our own records and the libraries', without members' words and without secrets."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal


@contextmanager
def _hiding(name: str) -> Iterator[None]:
    """Let what is imported meanwhile find no library of this name; whoever imports it later finds it."""
    modules: dict[str, Any] = sys.modules
    there = modules.get(name)
    modules[name] = None  # that is how Python is told so (docs reference, the module cache)
    try:
        yield
    finally:
        del modules[name]
        if there is not None:
            modules[name] = there


# For tracebacks, which we never print, structlog takes rich where it finds it: 88 modules of every start.
with _hiding("rich"):
    import structlog

_SECRETS = re.compile(
    r"xox[abeprs]-[\w-]+|xapp-[\w-]+|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
"""Slack tokens, Discord tokens, and the name and password of a URL."""
LOUD = ("aiohttp", "alembic", "apscheduler", "asyncio", "sqlalchemy")
"""Libraries whose DEBUG and INFO print more than an operator wants, and some of it texts or parameters."""


PATIENT = "bot.store.pieces"
"""The logger that says how long pieces of work waited for the writer."""


def scrub_secrets(text: str) -> str:
    """A text without anything that looks like a token or a password."""
    return _SECRETS.sub("…", text)


def _where(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its kind and where it came from, never what it says: that may be a member's text."""
    found = event.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        frames = "".join(traceback.format_tb(error.__traceback__))
        event["exception"] = f"{frames}{type(error).__module__}.{type(error).__qualname__}"
    return event


def _scrubbed(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: scrub_secrets(value) if isinstance(value, str) else value for key, value in event.items()}


LogFormat = Literal["auto", "text", "json"]
"""`text` is for people, `json` one object per line with the same fields; `auto` is text on a terminal only."""


def calm_logs(*, calm: bool = True) -> None:
    """Leave out, or tell again, that work waits: a slow machine is no news to whoever only looks or sets up."""
    logging.getLogger(PATIENT).setLevel(logging.ERROR if calm else logging.NOTSET)


def configure_logs(level: str, form: LogFormat = "auto") -> None:
    """Send all records to standard error, in the format that was asked for."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where,
        _scrubbed,
    ]
    terminal = sys.stderr.isatty()
    plain = terminal if form == "auto" else form == "text"
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=terminal) if plain else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    # When a record cannot be written, logging would print the whole traceback with what the error said.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
