"""The checks of a deployment that ask no platform: its folder, content, clock, zone and journal, and whom it reaches.

Each finding says what is wrong, what that costs members, and the fix.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, select

from bot.chat.findings import Finding
from bot.chat.language import _
from bot.chat.platform_adapter import Examinable
from bot.chat.port import Adapter
from bot.doctor.content import check_content
from bot.people.reach import count_reach
from bot.people.tables import Community, spaces
from bot.schedules import tables
from bot.schedules.model import RUNNING
from bot.settings.environment import content_root
from bot.settings.model import CommunitySettings, Settings
from bot.store.engine import database_file
from bot.store.errors import StoreFault
from bot.store.journal import choose_journal
from bot.store.store import Store


def list_surroundings(settings: Settings, slug: str | None = None) -> list[Finding]:
    """What a start finds before it opens the database; of the community `slug` alone, else of all.

    Reads every deck and course and writes a file: on an event loop, let a thread do it.
    """
    homes = [one for one in settings.all_communities() if slug in (None, one.slug)]
    return [*_folder(settings), *_content(settings), *_clock(), *_zone(homes)]


async def examine_running(
    settings: Settings, store: Store, adapters: Mapping[str, Adapter], home: Community
) -> list[Finding]:
    """What the bot that runs can say of itself and of its platforms to an admin of `home`: nothing of another community."""
    found = await asyncio.to_thread(list_surroundings, settings, home.slug)
    file = database_file(settings.store.url.get_secret_value())
    found += await asyncio.to_thread(examine_journal, settings, file)
    found += await store.read(lambda conn: check_reach(conn, home.id))
    channels = await store.read(lambda conn: scheduled_channels(conn, home.id))
    own = {*channels, *await store.read(lambda conn: spaces(conn, home.id))}
    # The only community may see all: also an app that never connected, which belongs to no space yet.
    seen = own if len(settings.all_communities()) > 1 else None
    for one in adapters.values():
        if isinstance(one, Examinable):
            found += await one.examine(channels, seen)
    return found


def _folder(settings: Settings) -> list[Finding]:
    """Whether what must outlive a restored backup can be written, and really reaches the disk."""
    folder = settings.store.folder
    probe = folder / ".doctor"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with probe.open("w") as file:
            file.write("here")
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()
    except OSError as error:
        what = _(
            "The folder {folder} cannot be written: {why}. Tilth does not start.",
            folder=folder,
            why=error.strerror,
        )
        fix = _(
            "Give the user that runs Tilth (uid {user}) the folder, or set TILTH_STORE__FOLDER.",
            user=os.getuid(),
        )
        return [("error", what, fix)]
    return [("ok", f"The folder {folder} can be written.", "")]


def _content(settings: Settings) -> list[Finding]:
    root = content_root(settings)
    found = check_content(root)
    if found.problems:
        return [
            (
                "error",
                _("Content: {problem}: Tilth does not start with it.", problem=one),
                _("`tilth check` shows all of it."),
            )
            for one in found.problems
        ]
    if not found.decks:
        return [
            (
                "warning",
                _("There are no decks in {folder}: no prompt can be posted.", folder=root),
                _("Set TILTH_CONTENT, or empty it."),
            )
        ]
    counts = [f"{slug} ({count})" for slug, count in (found.decks | found.courses).items()]
    return [("ok", f"Content: {', '.join(counts)}.", "")]


def _clock() -> list[Finding]:
    now = datetime.now(UTC)
    if now.year < 2026:
        return [
            (
                "error",
                _(
                    "The machine's clock says {day}: prompts would be posted on wrong days.",
                    day=f"{now:%Y-%m-%d}",
                ),
                _("Set the clock; use NTP."),
            )
        ]
    return [("ok", f"The clock says {now:%Y-%m-%d %H:%M} UTC; zone data {version('tzdata')}.", "")]


def _zone(homes: Sequence[CommunitySettings]) -> list[Finding]:
    """Whether somebody said where the community is: days, times and holidays follow from it."""
    unset = [one for one in homes if "zone" not in one.model_fields_set]
    if not unset:
        return [("ok", f"The time zone is {', '.join(sorted({one.zone for one in homes}))}.", "")]
    names = ", ".join(one.name for one in unset)
    problem = _(
        "No time zone is set for {names}: days and times are those of {zone}.",
        names=names,
        zone=unset[0].zone,
    )
    return [("warning", problem, _("Set TILTH_COMMUNITY__ZONE, like America/New_York."))]


def examine_journal(settings: Settings, file: Path | None) -> list[Finding]:
    """The journal that a start takes for a SQLite file, and why."""
    if file is None:
        return []
    try:
        return [("ok", choose_journal(settings.store.journal, file).describe(), "")]
    except StoreFault as fault:
        return [unreadable(fault)]


def check_reach(conn: Connection, community_id: int | None = None) -> list[Finding]:
    """How many people of each space can be written to; a warning where a direct prompt leaves people out.

    Of one community, or with None of all.
    """
    where = tables.schedule_place.c
    runs = tables.schedule.c.direct & tables.schedule.c.state.in_(RUNNING)
    planned = select(where.space).join(tables.schedule, tables.schedule.c.id == where.schedule_id).where(runs)
    direct = set(conn.execute(planned).scalars())
    found: list[Finding] = []
    for one in count_reach(conn, community_id):
        words = _(
            "{name}: {known} people known, {reminded} can be reminded, {direct} can be sent prompts directly.",
            name=one.name, known=one.known, reminded=one.reminded, direct=one.direct,
        )  # fmt: skip
        fix = (
            _("{fix} Or /tilth invite there: whoever presses Join is reached.", fix=one.people_fix)
            if one.people_fix
            else ""
        )
        found.append(("warning" if fix and one.key in direct else "ok", words, fix))
    return found


def unreadable(fault: StoreFault) -> Finding:
    """The sentence of the fault ends with what mends it."""
    what, mark, fix = str(fault).rpartition(". ")
    return ("error", _("The database cannot be read: {why}.", why=what), fix) if mark else ("error", fix, "")


def scheduled_channels(conn: Connection, community_id: int | None = None) -> dict[str, set[str]]:
    """Space key → channels in which something is scheduled, of one community, or with None of all."""
    found: dict[str, set[str]] = {}
    c = tables.schedule_place.c
    query = select(c.space, c.channel)
    if community_id is not None:
        query = query.where(c.community_id == community_id)
    for space, channel in conn.execute(query):
        found.setdefault(space, set()).add(channel)
    return found
