"""Content files that were read before: what their YAML says as JSON, by a hash of the text, so that it is taken apart once.

Only that is left out: every file is opened and looked at as before, and what it says is checked by its model again. So the
worst that a wrong file of this kind can do is what a wrong content file can do. Where something is to be said of a place in
a file, that file is taken apart anew.
"""

from __future__ import annotations

import hashlib
import json
import logging
from importlib.metadata import version
from pathlib import Path
from typing import Final

NAME: Final = "content.json"
MOST_BYTES: Final = 16 * 1024 * 1024
"""A larger file is none of ours, and not read."""

log = logging.getLogger(__name__)


class KnownFiles:
    """What content files say, kept in `folder/content.json` from one start to the next."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._before = _load(self._path)
        self._now: dict[str, str] = {}
        # Neither is imported for it: where every file is known, a start needs no reader of YAML.
        self._rules = hashlib.sha256(version("ruamel.yaml").encode())
        self._rules.update(Path(__file__).with_name("yaml_tree.py").read_bytes())

    def find(self, text: str) -> str | None:
        """What this text says, as JSON; None where that is not known."""
        key = self._key(text)
        found = self._before.get(key)
        if found is not None:
            self._now[key] = found
        return found

    def add(self, text: str, says: str) -> None:
        """Remember what a text without a fault says."""
        self._now[self._key(text)] = says

    def save(self) -> None:
        """Write what was found or added since this was made, and nothing else; a folder that takes nothing is no fault."""
        if self._now == self._before:
            return
        new = self._path.with_suffix(".new")
        try:
            new.write_text(json.dumps(self._now, ensure_ascii=False), encoding="utf-8")
            new.replace(self._path)
        except OSError as error:
            log.info(
                "%s cannot be written, so the next start reads all content again: %s", NAME, error.strerror
            )
            return
        self._before = dict(self._now)

    def _key(self, text: str) -> str:
        made = self._rules.copy()
        made.update(text.encode())
        return made.hexdigest()


def _load(path: Path) -> dict[str, str]:
    """What the file says; nothing where there is none, or where it is not ours."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return (
        {key: said for key, said in found.items() if isinstance(said, str)} if isinstance(found, dict) else {}
    )
