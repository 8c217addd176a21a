"""`tilth export` and `tilth import`: a whole community in one file, to leave with and to arrive with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.startup import pick_community, read_settings, run_guarded


def export_community(
    file: Annotated[Path, typer.Argument(help="The file to write. An older one there is replaced.")],
    community: Annotated[str, typer.Option(help="The slug of a community. Without it, the first one.")] = "",
) -> None:
    """Write everything of a community to one file, to import it elsewhere. The bot may run meanwhile."""
    from importlib.metadata import version

    import bot.all_tables  # noqa: F401 - every table must be known
    from bot.exports.community_file import write_community
    from bot.people.tables import communities
    from bot.store.engine import build_engine
    from bot.store.errors import StoreRefused
    from bot.store.revisions import known_revisions, read_revision

    found = read_settings()
    slug = community or found.community.slug

    def write() -> None:
        with _one_moment(found.store.url.get_secret_value(), file) as url:
            engine = build_engine(url, "read")
            try:
                with engine.connect() as conn:
                    if read_revision(conn) != known_revisions()[0]:
                        raise StoreRefused(
                            "This version of Tilth has not run on this database. Start it once."
                        )
                    home = pick_community(communities(conn), slug)
                    manifest = write_community(conn, home, file.resolve(), version("tilth-bot"))
            finally:
                engine.dispose()
        rows = sum(entry.rows for entry in manifest.tables.values())
        typer.echo(f"{home.name} is in {file}: {rows:,} rows of {len(manifest.tables)} tables.")
        typer.echo(WITHOUT_SECRETS)
        if manifest.sealed:
            typer.echo(SEALED.format(count=manifest.sealed))

    run_guarded(write)


WITHOUT_SECRETS = """\
No secret and no token is in it. Tokens are set where you import it. Bring the secret too (TILTH_SECRET, or secret.key in
the data folder), apart from this file. Without the secret:
- what erased people wrote in channels could be taken in again,
- people get other made-up names in /report export,
- evidence of courses is sealed with another key."""
SEALED = """\
{count} anonymous answers to prompts that are open now stay behind: nobody may copy their keys. To have them in the file,
export after those prompts have closed."""
ARRIVED = """\
Nothing was posted. When the bot starts, it looks for an hour whether something is posted already before it posts it.
Stop the bot in the old place first: two bots on one community post twice."""


@contextmanager
def _one_moment(url: str, file: Path) -> Iterator[str]:
    """The address of a database that nobody changes: PostgreSQL's own view of one moment, or a copy of the SQLite file.

    Whoever reads a SQLite file for long keeps the running bot from writing to it.
    """
    from bot.store.backup import back_up
    from bot.store.engine import database_file
    from bot.store.journal import refuse_foreign_log

    source = database_file(url)
    if source is None:
        yield url
        return
    refuse_foreign_log(source)
    with tempfile.TemporaryDirectory(prefix=".tilth-export-", dir=file.resolve().parent) as folder:
        yield f"sqlite:///{back_up(url, Path(folder) / 'copy.db')}"


def import_community(
    file: Annotated[
        Path, typer.Argument(help="The file that `tilth export` wrote.", exists=True, dir_okay=False)
    ],
) -> None:
    """Take a community from a file into an empty installation. The bot must not run."""
    import bot.all_tables  # noqa: F401 - every table must be known
    from bot.exports import community_import
    from bot.store.startup import open_store

    found = read_settings()

    def take() -> None:
        manifest = community_import.read_manifest(file)
        community_import.check_slug(manifest, {one.slug for one in found.all_communities()})
        store, release = open_store(found)
        try:
            rows = store.write_now(lambda conn: community_import.import_community(conn, file, manifest))
        finally:
            store.close_now()
            release()
        typer.echo(f"{manifest.name} is here: {rows:,} rows of {len(manifest.tables)} tables.")
        typer.echo(ARRIVED)

    run_guarded(take)
