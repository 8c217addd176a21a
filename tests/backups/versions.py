"""Made-up versions of Tilth: the migrations that ship, and some that come after them."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.store.revisions import SCRIPTS

ADDS_A_COLUMN = """
    with op.batch_alter_table("answer") as batch:
        batch.add_column(sa.Column("mood_seen", sa.Text, server_default="", nullable=False))
"""
ADDS_A_TABLE = """
    op.create_table("weather", sa.Column("id", sa.Integer, primary_key=True), sa.Column("said", sa.Text))
    op.execute("INSERT INTO weather (said) SELECT name FROM member")
"""
CHANGES_WORDS = """
    op.execute("UPDATE member SET name = upper(name)")
    op.create_index("ix_made_up", "member", ["name"])
"""
FAILS = """
    op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM part")
    op.execute("UPDATE member SET name = NULL")
"""


def make_version(folder: Path, *steps: str) -> Path:
    """A folder of migrations: what ships, then these steps."""
    scripts = folder / f"migrations-{len(steps)}-{abs(hash(steps))}"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    before = "r0001"
    for number, step in enumerate(steps, 2):
        name = f"r{number:04}"
        (scripts / "versions" / f"{name}_made_up.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {name!r}\n"
            f"down_revision = {before!r}\n\n\ndef upgrade():{step}\n"
        )
        before = name
    return scripts
