"""`tilth import-roster`: teams and their people from a file, looked at first; the operator's way to `/team import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.startup import pick_community, read_settings, run_guarded, stop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.courses.rosters.candidates import UnmatchedRow
    from bot.courses.rosters.carrying_out import RosterWork
    from bot.courses.rosters.formats import RosterTable
    from bot.courses.rosters.outlook import Outlook
    from bot.courses.rosters.tables import RosterPerson
    from bot.people.tables import Community
    from bot.settings.model import Settings
    from bot.store.store import Store

LEFT_OUT = 1
"""The exit code where lines of the table were left out."""


def import_roster(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The table, as CSV: team, person (e-mail, id or name), lead.", exists=True, dir_okay=False
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would change. The bot may run meanwhile.")
    ] = False,
    undo: Annotated[
        int | None, typer.Option(help="Take back the import of this number, for a day.", min=1)
    ] = None,
    community: Annotated[str, typer.Option(help="The slug of a community. Without it, the first one.")] = "",
) -> None:
    """Make teams from a table. An import only adds, and twice is as good as once. The exit code is 1 if lines are left out."""
    import asyncio

    import bot.all_tables  # noqa: F401 - every table must be known

    settings = read_settings()
    slug = community or settings.community.slug
    if (file is None) == (undo is None):
        stop("Name a file to import, or --undo with the number of an import.", 2)
    code = 0

    def work() -> None:
        nonlocal code
        if undo is not None:
            asyncio.run(_undo(settings, slug, undo))
        elif file is not None:
            code = asyncio.run(_import(settings, slug, file, dry_run=dry_run))

    run_guarded(work)
    raise typer.Exit(code)


async def _import(settings: Settings, slug: str, file: Path, *, dry_run: bool) -> int:
    """Show what a file changes, and do it unless it is only looked at; the exit code."""
    from bot.cli.doctor import NoState
    from bot.cli.run import make_adapters
    from bot.courses.rosters.intake import RosterIntake
    from bot.courses.rosters.outlook import foresee_import
    from bot.runtime.clock import SystemClock

    table = _read(file)
    store, release = _open(settings, dry_run=dry_run)
    try:
        home = await _find_community(store, slug)
        adapters = {one.platform: one for one in make_adapters(settings, SystemClock().now, NoState)}
        people, unmatched = await RosterIntake(store, adapters).find_people(home.id, table)
        outlook = await store.read(lambda conn: foresee_import(conn, home.id, people))
        typer.echo(_describe(table, outlook, unmatched))
        if unmatched:
            typer.echo(_hand_back(file, table, unmatched))
        if outlook.changes and not dry_run:
            typer.echo(await _carry_out(store, settings, home, people))
    finally:
        await store.close()
        release()
    return LEFT_OUT if unmatched or outlook.unclear else 0


def _open(settings: Settings, *, dry_run: bool) -> tuple[Store, Callable[[], None]]:
    """The database and how to let go of it; whoever only looks does not disturb a bot that runs."""
    from bot.store.engine import database_file
    from bot.store.startup import open_store
    from bot.store.store import Store

    if not dry_run:
        return open_store(settings)
    url = settings.store.url.get_secret_value()
    file = database_file(url)
    if file is not None and not file.exists():
        stop("There is no database yet. Start Tilth once.", 2)
    return Store.open(url, journal=None), _let_go


def _let_go() -> None:
    """Nothing was held."""


def _read(file: Path) -> RosterTable:
    from bot.chat.handed_file import decode_text
    from bot.courses.rosters.formats import UnreadableRoster, read_roster

    try:
        return read_roster(decode_text(file.read_bytes()))
    except UnreadableRoster as unfit:
        stop(f"{file}: {unfit}", 2)
    except ValueError:
        stop(f"{file} is no text. Save the table as CSV, and import that.", 2)


async def _find_community(store: Store, slug: str) -> Community:
    from bot.people.tables import communities

    return pick_community(await store.read(communities), slug)


def _describe(table: RosterTable, outlook: Outlook, unmatched: Sequence[UnmatchedRow]) -> str:
    """The card that moderators see in chat, as lines and without its buttons."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from bot.chat.cards import Buttons, File, Note
    from bot.chat.plain_text import card_text
    from bot.courses.rosters.cards import outlook_card
    from bot.courses.rosters.tables import Roster

    card = outlook_card(Roster(0, 0, None, "", datetime.now(UTC), None, None), outlook, table, unmatched)
    return card_text(
        replace(card, blocks=tuple(one for one in card.blocks if not isinstance(one, Buttons | File | Note)))
    )


def _hand_back(file: Path, table: RosterTable, unmatched: Sequence[UnmatchedRow]) -> str:
    """Write the lines in which nobody is found beside the file, to be mended and imported."""
    from bot.courses.rosters.cards import write_unmatched

    beside = file.with_name(f"{file.stem}-not-found.csv")
    beside.write_bytes(write_unmatched(table.heading, unmatched))
    return f"Those lines are in {beside}. Fix them, and import that file."


async def _carry_out(
    store: Store, settings: Settings, home: Community, people: Sequence[RosterPerson]
) -> str:
    from bot.courses.notices.membership import OPERATOR
    from bot.courses.rosters import tables
    from bot.people import audit
    from bot.runtime.clock import SystemClock

    now = SystemClock().now()
    one = await store.write(lambda conn: tables.insert_roster(conn, home.id, None, OPERATOR, now, people))
    await store.write(lambda conn: tables.claim_import(conn, one.id, now))
    result = await _work(store, settings).carry_out(one, now)
    after = {"teams": result.teams, "people": result.joined, "leads": result.led}
    await store.write(
        lambda conn: audit.record_change(
            conn, home.id, None, None, "imported teams", f"i{one.id}", None, after, now
        )
    )
    return (
        f"Imported: {result.teams} new teams, {result.joined} people joined, {result.led} lead. People are told once Tilth "
        f"runs, after ten minutes. To take it back within a day: tilth import-roster --undo {one.id}"
    )


async def _undo(settings: Settings, slug: str, number: int) -> None:
    from bot.courses.rosters import tables
    from bot.courses.rosters.tables import OPEN
    from bot.people import audit
    from bot.runtime.clock import SystemClock
    from bot.store.startup import open_store

    store, release = open_store(settings)
    try:
        home, now = await _find_community(store, slug), SystemClock().now()
        one = await store.read(lambda conn: tables.find_roster(conn, home.id, number))
        if one is None or one.imported_at is None or now - one.imported_at > OPEN:
            stop(f"There is no import {number} that can be undone. An import can be undone for a day.", 2)
        fresh = await store.write(lambda conn: tables.claim_undo(conn, one.id, now))
        result = await _work(store, settings).undo(one, now)
        before = {"people": result.left, "leads": result.unled, "teams": result.teams}
        if fresh:
            await store.write(
                lambda conn: audit.record_change(
                    conn, home.id, None, None, "undid an import of teams", f"i{one.id}", before, None, now
                )
            )
        typer.echo(
            f"Undone: {result.left} people taken out of a team, {result.unled} no longer lead, {result.teams} teams "
            f"removed. {result.stayed} stayed as they are, because they were changed since."
        )
    finally:
        await store.close()
        release()


def _work(store: Store, settings: Settings) -> RosterWork:
    from bot.alerts.alerts import Alerts
    from bot.courses.rosters.carrying_out import RosterWork
    from bot.people.roles import RoleSources

    return RosterWork(store, Alerts(RoleSources(settings.roles.admins, settings.roles.moderators)))
