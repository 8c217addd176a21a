"""`tilth backup`: a copy of the database while the bot runs, with the name of the secret that it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.startup import read_settings, run_guarded


def backup(
    file: Annotated[Path, typer.Argument(help="The file for the copy. An older copy there is replaced.")],
) -> None:
    """Copy the SQLite database while the bot runs, and name the secret that belongs to it."""
    from bot.store.backup import back_up
    from bot.store.engine import database_file
    from bot.store.journal import refuse_foreign_log
    from bot.store.secret import require_secret

    found = read_settings()

    def copy() -> None:
        url = found.store.url.get_secret_value()
        source = database_file(url)
        if source is not None:
            refuse_foreign_log(source)
        made = back_up(url, file)
        typer.echo(f"The database is copied to {made}.")  # also where its secret is not here
        secret = require_secret(url, found.secret.get_secret_value(), found.store.folder)
        typer.echo(
            f"It belongs to the secret {secret.fingerprint}, which is not in it but in {secret.source}: keep that "
            "somewhere else."
        )

    run_guarded(copy)
