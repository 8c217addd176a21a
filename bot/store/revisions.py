"""The revisions of the schema: those this code knows, read from its migrations without Alembic, and a database's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, inspect, text

SCRIPTS = Path(__file__).parent / "migrations"
# The lines that Alembic writes into each script: revision = "r0002", down_revision = "r0001" (or None).
_LINE = re.compile(r"""^(revision|down_revision)\b[^=\n]*=\s*(?:["']([^"']+)["']|None)""", re.MULTILINE)
VERSIONS = "alembic_version"
"""The table in which Alembic keeps the revision."""


def known_revisions(scripts: Path = SCRIPTS) -> list[str]:
    """The schema revisions that this code knows, the newest first."""
    before = _read_scripts(scripts)
    found = newest_revisions(scripts)
    for one in found:  # it grows while it is walked
        older = before[one]
        if older is not None and older not in found:
            found.append(older)
    return found


def newest_revisions(scripts: Path = SCRIPTS) -> list[str]:
    """Those that no other one follows: one, or none where there are no migrations."""
    before = _read_scripts(scripts)
    return sorted(before.keys() - set(before.values()))


def _read_scripts(scripts: Path) -> dict[str, str | None]:
    """Revision → the one before it."""
    found: dict[str, str | None] = {}
    for path in (scripts / "versions").glob("*.py"):
        said = {name: value or None for name, value in _LINE.findall(path.read_text(encoding="utf-8"))}
        if said.get("revision"):
            found[str(said["revision"])] = said.get("down_revision")
    return found


def read_revision(connection: Connection) -> str:
    """The schema revision of a database; empty where it has none."""
    return "-".join(read_revisions(connection))


def read_revisions(connection: Connection) -> Sequence[str]:
    """The same, as Alembic stores it: one, or none."""
    if not inspect(connection).has_table(VERSIONS):
        return ()
    return connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalars().all()  # noqa: S608 - our name
