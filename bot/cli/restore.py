"""`tilth restore`: a backup put in the place of the database, with the secret that it needs, and nobody back who was erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.startup import read_settings, run_guarded, stop

if TYPE_CHECKING:
    from bot.backups.restore import RestoredBackup
    from bot.store.backup_file import BackupManifest
    from bot.store.secret import DatabaseSecret

ASK = "The backup belongs to the secret {name}. Type or paste it (it is not shown)"


def restore(
    file: Annotated[Path, typer.Argument(help="The backup, or the copy that was made before a migration.")],
    over: Annotated[
        bool,
        typer.Option("--over", help="Take the place of the database that is there, which is kept beside."),
    ] = False,
) -> None:
    """Put a backup in the place of the database. The bot must not run."""
    from bot.backups.restore import check_backup_secret, check_place, examine_backup, restore_backup
    from bot.runtime.clock import SystemClock

    found = read_settings()
    url, data = found.store.url.get_secret_value(), found.store.folder

    def put_back() -> None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        manifest = examine_backup(file, url)
        check_place(url, data, SystemClock().now(), over=over)
        here = check_backup_secret(manifest, found.secret.get_secret_value(), data)
        secret = None if here else _ask(manifest, data)
        done = restore_backup(file, manifest, url, data, SystemClock().now(), over=over, secret=secret)
        typer.echo("\n".join(_lines(file, done)))

    run_guarded(put_back)


def _ask(manifest: BackupManifest, data: Path) -> DatabaseSecret:
    """Ask for the secret until it is the right one; without an answer nothing happens."""
    from bot.backups.restore import accept_secret
    from bot.store.errors import WrongSecret
    from bot.store.secret import explain_mismatch

    while True:
        try:
            typed = typer.prompt(ASK.format(name=manifest.secret), hide_input=True, err=True)
        except typer.Abort:
            stop(explain_mismatch(manifest.secret, None, data))
        try:
            return accept_secret(typed, manifest, data)
        except WrongSecret as error:
            # Whoever is sent back to the shell pastes the right one there, where it stands in the history.
            typer.echo(f"{error}\nTry again, or leave with Ctrl+C.", err=True)


def _lines(file: Path, done: RestoredBackup) -> list[str]:
    manifest = done.manifest
    lines = [
        f"{file} is restored: {manifest.total:,} rows of {len(manifest.rows)} tables, of {manifest.moment:%Y-%m-%d %H:%M} UTC.",
    ]
    if done.kept is not None:
        lines.append(f"The database that was here is kept as {done.kept}, and deleted after 35 days.")
    if done.erased:
        lines.append(f"{done.erased} accounts were erased since then. The next start erases them again.")
    if not done.listed:
        lines.append(
            "No list of erased people was found (erasures.txt beside the backup or in the data folder): whoever was erased "
            "since then is back. If you have the list, put it into the data folder before you start Tilth."
        )
    lines.append(
        "Start Tilth. For an hour it looks in the channels before it posts anything, and it reads again what was answered."
    )
    return lines
