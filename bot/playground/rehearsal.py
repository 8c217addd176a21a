"""The rehearsal: invented members live with the bot for weeks, and everything is counted after.

The real bot runs on a fresh SQLite file with the local adapter and a clock that is moved. Members answer through
all doors, edit, delete, talk to each other and stay silent; for a while the bot hears nothing and must find what
it missed. At the end every answer in the database is compared with what its author last left standing.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import Connection, select

from adapters.local.adapter import LocalAdapter
from bot.app import App, build_app
from bot.capture import scan_queue
from bot.chat import plain_text
from bot.people import accounts
from bot.playground.cast import MODERATOR, ROOM, SPACE, TOKEN, Cast, Tally
from bot.reflections.answers import tables
from bot.reflections.prompts.files import read_decks
from bot.reflections.schedule import asked_prompts
from bot.runtime.clock import SteerableClock
from bot.settings.environment import content_root
from bot.settings.model import Settings
from bot.store.startup import open_store

ZONE = "Europe/Dublin"
"""Where a rehearsal plays, whatever zone the deployment is in."""
START = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)
"""A Monday, before nine in every zone the cast lives in."""


async def rehearse(
    settings: Settings, *, weeks: int, members: int, seed: int, keep: Path | None, as_json: bool
) -> bool:
    """Play a term and tell how it went; whether everything held."""
    with tempfile.TemporaryDirectory(dir=_quick_folder()) as folder:
        file = keep or Path(folder) / "rehearsal.db"
        file.unlink(missing_ok=True)
        own = settings.store.model_copy(
            update={"url": SecretStr(f"sqlite:///{file}"), "folder": Path(folder)}
        )
        # A term in seconds: events are told at once, so the beat that catches what was not told may be slow.
        capture_settings = settings.capture.model_copy(update={"beat_minutes": 360})
        home = settings.community.model_copy(update={"zone": ZONE})
        settings = settings.model_copy(update={"store": own, "capture": capture_settings, "community": home})
        store, release = open_store(settings)
        clock = SteerableClock(START)
        adapter = LocalAdapter(clock, None, SPACE, "Rehearsal")
        decks = read_decks(content_root(settings))
        app = build_app(settings, clock, store, [adapter], decks=decks, release=release)
        cast = Cast(app, adapter, members, seed)
        cast.join()
        console = Console(stderr=as_json)
        began = asyncio.get_running_loop().time()
        try:
            await app.start()
            prompts = await _play(app, cast, weeks, console)
            took = asyncio.get_running_loop().time() - began
            await store.read(lambda conn: _compare(conn, app, cast, prompts))
            report = await store.read(lambda conn: _report(conn, cast, weeks, members, took))
        finally:
            await app.stop()
    if as_json:
        print(json.dumps({**report, "problems": cast.tally.problems}))  # noqa: T201
    else:
        _print(console, adapter, prompts, report, cast.tally)
    return not cast.tally.problems


def _quick_folder() -> str | None:
    """A folder in memory where there is one: nothing of a rehearsal needs to survive a power cut."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a random folder is made below it


async def _play(app: App, cast: Cast, weeks: int, console: Console) -> dict[int, str]:
    """The term itself; the prompt's message by week."""
    adapter, clock = cast.adapter, app.clock
    prompts: dict[int, str] = {}
    await adapter.command(MODERATOR, ROOM, "/prompt schedule #staff-lounge every mon 09:00 closes:4d")
    preview = next(one for one in reversed(adapter.world.look(ROOM, None, MODERATOR)) if one.card is not None)
    await adapter.press(MODERATOR, ROOM, preview.id, "Confirm")
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Weeks", total=weeks)
        for week in range(1, weeks + 1):
            monday = START + timedelta(weeks=week - 1, hours=3)
            await app.pass_time(monday)
            prompts[week] = _prompt_of(adapter, cast.tally, week, prompts)
            slots = cast.plan(week, monday.replace(minute=30))
            for at in sorted(slots):
                await app.pass_time(max(at, clock.now()))
                adapter.faults.drop_events = _deaf(week, at - monday)
                # The fill of a form needs the bot; while it is deaf to talk, everything else still works.
                await asyncio.gather(*(cast.act(person, what, prompts[week]) for person, what in slots[at]))
                if not _deaf(week, at - monday) and week % 3 == 0:
                    await app.store.write(lambda conn: scan_queue.scan_all(conn, SPACE, clock.now()))
            adapter.faults.drop_events = False
            await app.pass_time(START + timedelta(weeks=week - 1, days=5))
            progress.advance(bar)
    return prompts


def _deaf(week: int, since_monday: timedelta) -> bool:
    """Every third week the bot hears nothing from Tuesday noon to Wednesday noon."""
    return week % 3 == 0 and timedelta(hours=27) <= since_monday <= timedelta(hours=51)


def _prompt_of(adapter: LocalAdapter, tally: Tally, week: int, before: dict[int, str]) -> str:
    """The one new prompt in the room this week."""
    new = [
        one
        for one in adapter.world.look(ROOM)
        if one.author is None and one.marker and one.id not in before.values() and one.card is not None
        and not one.card.title.startswith("Looking back")
    ]  # fmt: skip
    if len(new) != 1:
        tally.problems.append(f"week {week}: {len(new)} new prompts in the room instead of one")
    return new[-1].id if new else ""


def _compare(conn: Connection, app: App, cast: Cast, prompts: dict[int, str]) -> None:
    """Hold the database against what the cast left standing."""
    found: dict[tuple[int, str], set[str]] = {}
    week_of = {message: week for week, message in prompts.items()}
    weeks = {
        row.occurrence_id: week_of.get(row.message) for row in conn.execute(select(asked_prompts.asked_in))
    }
    person = {row.member_id: row.person for row in conn.execute(select(accounts.account))}
    for row in conn.execute(
        select(tables.answer.c.occurrence_id, tables.answer.c.member_id, tables.part.c.text).join(
            tables.part, tables.part.c.answer_id == tables.answer.c.id
        )
    ):
        key = (weeks.get(row.occurrence_id) or 0, person[row.member_id])
        found.setdefault(key, set()).update(TOKEN.findall(row.text))
    wanted = {key: tokens for key, tokens in cast.tally.standing.items() if tokens}
    for key in sorted(wanted.keys() | found.keys()):
        lost, extra = (
            wanted.get(key, set()) - found.get(key, set()),
            found.get(key, set()) - wanted.get(key, set()),
        )
        if lost or extra:
            cast.tally.problems.append(
                f"week {key[0]}, {key[1]}: {len(lost)} texts lost, {len(extra)} too many"
            )
    digests = [
        one for one in cast.adapter.world.look(ROOM) if one.card and one.card.title.startswith("Looking back")
    ]
    if len(digests) != len(prompts):
        cast.tally.problems.append(f"{len(digests)} digests for {len(prompts)} prompts")
    cast.tally.problems += [f"invariant broken: {name}" for name in app.invariants(conn)]


def _report(conn: Connection, cast: Cast, weeks: int, members: int, took: float) -> dict[str, object]:
    answers = conn.execute(select(tables.answer.c.id)).all()
    parts = conn.execute(select(tables.part.c.via)).scalars().all()
    return {
        "weeks": weeks,
        "members": members,
        "prompts asked": len(conn.execute(select(asked_prompts.asking.c.occurrence_id)).all()),
        "answers": len(answers),
        **{
            f"parts by {door}": sum(1 for one in parts if one == door)
            for door in ("thread", "form", "direct")
        },
        **{f"people: {what}": count for what, count in sorted(cast.tally.did.items())},
        "seconds": round(took, 1),
    }


def _print(
    console: Console, adapter: LocalAdapter, prompts: dict[int, str], report: dict[str, object], tally: Tally
) -> None:
    """The dialogue of one thread, the summary, and what went wrong."""
    if prompts:
        _print_thread(console, adapter, prompts[max(prompts)])
    table = Table(title="The term")
    table.add_column("what")
    table.add_column("how much", justify="right")
    for what, much in report.items():
        table.add_row(what, str(much))
    console.print(table)
    for problem in tally.problems[:20]:
        console.print(f"[red]{problem}[/red]")
    console.print("Everything held." if not tally.problems else f"{len(tally.problems)} problems.")


def _print_thread(console: Console, adapter: LocalAdapter, prompt: str) -> None:
    root = adapter.world.messages[prompt]
    console.rule("One thread")
    if root.card is not None:
        console.print(plain_text.card_text(root.card), markup=False, highlight=False)
    for one in adapter.world.look(ROOM, prompt)[:12]:
        if one.id == prompt or one.author is None:
            continue
        mark = " (edited)" if one.version > one.at else ""
        name = adapter.world.who(one.author).name
        text = TOKEN.sub("", str(one.body)).strip()
        console.print(f"  {one.at:%a %H:%M}  {name}: {text}{mark}", markup=False, highlight=False)
    console.rule()
