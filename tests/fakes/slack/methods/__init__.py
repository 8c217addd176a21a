"""The methods of the Web API, a module for each family."""

from __future__ import annotations

from importlib import import_module


def load() -> None:
    """Put every method into the table."""
    for family in ("account", "canvases", "chat", "conversations", "files", "marks", "people", "views"):
        import_module(f"{__name__}.{family}")
