"""`tilth backup`: a copy of the database while the bot runs, with the name of the secret that it needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.startup import read_settings, run_guarded, stop

if TYPE_CHECKING:
    from bot.backups.folder import MadeBackup

READ = {"sqlite": "the SQLite file", "postgresql": "PostgreSQL, in one transaction (no pg_dump is needed)"}


def backup(
    target: Annotated[
        Path | None,
        typer.Argument(
            help="A folder, where each backup gets a name by its time, or a file, which is replaced. Without it, "
            "the folder `backups` in the data folder."
        ),
    ] = None,
    keep: Annotated[
        int, typer.Option(help="How many backups stay in the folder; 0: all of them.", min=0, max=10_000)
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Back up the database while the bot runs. The exit code is 0 only if the backup is whole and was read once more."""
    from bot.backups.folder import add_backup, names_folder
    from bot.runtime.clock import SystemClock
    from bot.store.engine import database_file
    from bot.store.journal import refuse_foreign_log
    from bot.store.secret import require_secret

    found = read_settings()
    place = target if target is not None else found.store.folder / "backups"
    if keep and not names_folder(place):
        stop("--keep counts the backups in a folder, and this is a file. Name a folder.", 2)

    def make() -> None:
        url = found.store.url.get_secret_value()
        source = database_file(url)
        if source is not None:
            refuse_foreign_log(source)
        made = add_backup(url, found.store.folder, place, SystemClock().now(), keep)
        typer.echo(_facts(made) if as_json else "\n".join(_lines(made)))
        if made.manifest.secret:  # it is made also where its secret is not here, and then that is said
            secret = require_secret(url, found.secret.get_secret_value(), found.store.folder)
            if not as_json:
                typer.echo(f"Its secret is in {secret.source}.")

    run_guarded(make)


def _lines(made: MadeBackup) -> list[str]:
    manifest = made.manifest
    lines = [
        f"The backup is {made.path} ({made.size / 1e6:,.1f} MB): {manifest.total:,} rows of {len(manifest.rows)} tables.",
        f"It was read from {READ[manifest.kind]}, and checked.",
        f"It belongs to the secret {manifest.secret or '(none yet)'}, which is not in it: keep that somewhere else.",
        f"Keep {made.list} with the newest backup: whoever was erased stays erased by it.",
    ]
    return lines + ([f"{made.deleted} older backups were deleted."] if made.deleted else [])


def _facts(made: MadeBackup) -> str:
    manifest = made.manifest
    facts = {
        "file": str(made.path),
        "bytes": made.size,
        "made_at": manifest.made_at,
        "kind": manifest.kind,
        "schema": manifest.schema,
        "secret": manifest.secret,
        "rows": manifest.total,
        "deleted": made.deleted,
    }
    return json.dumps(facts)
