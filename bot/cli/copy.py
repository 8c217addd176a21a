"""`tilth copy`: everything from one database to an empty one, from SQLite to PostgreSQL or back."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.startup import read_settings, run_guarded

AFTERWARDS = """\
Set TILTH_STORE__URL to the new database and start Tilth. Leave TILTH_STORE__FOLDER and the secret as they are. For an hour it
looks in the channels before it posts anything. Do not start Tilth on the old database again: two bots post twice."""


def copy(
    source: Annotated[
        str, typer.Argument(metavar="FROM", help="The address of the database, as in TILTH_STORE__URL.")
    ],
    target: Annotated[str, typer.Argument(metavar="TO", help="The address of a new, empty database.")],
) -> None:
    """Copy a whole database to an empty one, SQLite or PostgreSQL. The bot must not run."""
    import bot.all_tables  # noqa: F401 - every table must be known
    from bot.backups.copy import copy_rows
    from bot.store.engine import name_database

    read_settings()

    def bring_over() -> None:
        copied = copy_rows(source, target)
        rows = sum(one.rows for one in copied.values())
        typer.echo(
            f"{name_database(target)} has {rows:,} rows of {len(copied)} tables; all were read back and compared."
        )
        typer.echo(AFTERWARDS)

    run_guarded(bring_over)
