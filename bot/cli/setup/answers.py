"""What was answered to `tilth setup` so far: settings in `.env`, and the rest in a small file beside the database."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings.env_file import read_file, replace_file, write_file
from bot.settings.model import PREFIX

DRAFT = "setup.json"
"""The file of what is no setting: the school year, the channel, the time. It goes when setting up is done."""


class Answers:
    """Each answer is written down as soon as it is given, so that setting up can be left and taken up again."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._outside = {
            name.upper(): value for name, value in os.environ.items() if name.upper().startswith(PREFIX)
        }
        self._given = read_file(file) | self._outside

    def get(self, name: str) -> str:
        """A setting by its name without the prefix (`COMMUNITY__ZONE`); empty where it is not set."""
        return self._given.get(PREFIX + name, "")

    def put(self, values: Mapping[str, str]) -> None:
        """Write settings into `.env`, as far as they are news there."""
        news = {PREFIX + name: value for name, value in values.items() if self.get(name) != value}
        if news:
            write_file(self.file, news)
            self._given |= news

    def shadowed(self) -> list[str]:
        """Variables of the environment that hold something else than was answered: they win over the file."""
        return sorted(name for name, value in self._outside.items() if self._given.get(name, value) != value)

    # ── what is no setting ────────────────────────────────────────────────────

    @property
    def _draft(self) -> Path:
        return Path(self.get("STORE__FOLDER") or "var") / DRAFT

    def draft(self) -> dict[str, Any]:
        """What was answered and is no setting, by name."""
        try:
            found = json.loads(self._draft.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def put_draft(self, **values: Any) -> None:
        """Write more of it down."""
        self._draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._draft, json.dumps(self.draft() | values))

    def drop_draft(self) -> None:
        """Forget it: everything is in the database."""
        self._draft.unlink(missing_ok=True)
