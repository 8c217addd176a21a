"""The health file that the process rewrites every few seconds, and `tilth health` that reads it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

NAME = "health.json"
STALE = 60.0
"""Seconds after which a file that was not rewritten means a process that does not answer."""
MISSED = timedelta(minutes=5)
"""How overdue a beat may be before the process counts as unwell."""


class Heartbeat:
    """Writes how the beats are doing, so that a health check needs neither a port nor a library."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self.beats: Callable[[], Mapping[str, timedelta]] = dict

    async def beat(self) -> int:
        """Write the file anew; a rename, so that no reader sees half of it."""
        ages = {name: age.total_seconds() for name, age in self.beats().items()}
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"pid": os.getpid(), "at": time.time(), "beats": ages}))
        fresh.replace(self._file)
        return 0

    def stop(self) -> None:
        """The process ends: leave no file that says it is well."""
        self._file.unlink(missing_ok=True)


def find_late_job(beats: Mapping[str, timedelta]) -> str | None:
    """None when every beat got through lately; else which did not."""
    late = [name for name, age in beats.items() if age > MISSED]
    return f"these do not get through: {', '.join(late)}" if late else None


def read_beats(folder: Path) -> dict[str, timedelta]:
    """How overdue each beat of the process was when it last wrote; empty where there is no file."""
    try:
        known = json.loads((folder / NAME).read_text())
    except (OSError, ValueError):
        return {}
    return _beats_of(known)


def _beats_of(known: Mapping[str, Any]) -> dict[str, timedelta]:
    return {name: timedelta(seconds=seconds) for name, seconds in known["beats"].items()}


def read_health(folder: Path, now: Callable[[], float] = time.time) -> tuple[bool, str]:
    """(whether the process is well, a sentence that says so or what is wrong)."""
    try:
        known = json.loads((folder / NAME).read_text())
    except (OSError, ValueError):
        return False, f"No Tilth is running here: {folder / NAME} is not there."
    if not _exists(int(known["pid"])):
        return False, f"Tilth (process {known['pid']}) is gone; it ended without saying so."
    age = now() - float(known["at"])
    if age > STALE:
        return False, f"Tilth (process {known['pid']}) has not answered for {age:.0f} s."
    wrong = find_late_job(_beats_of(known))
    if wrong is not None:
        return False, f"Tilth (process {known['pid']}) runs, but {wrong}."
    return True, f"Tilth (process {known['pid']}) is well."


def _exists(pid: int) -> bool:
    """Whether a process with this number runs; somebody else's counts too."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
