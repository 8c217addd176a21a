"""A prompt schedule in the making: read from a command or a form, shown before anything is asked, then confirmed.

It is written down switched off and marked as a draft, so that the preview's buttons find it after a restart.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, Moment, say
from bot.chat.forms import Choice, FieldErrors, Form, Pick, ShortText
from bot.chat.mass_mentions import group_of
from bot.chat.menu import Kind, Option
from bot.chat.models import Refusal, Role, need
from bot.chat.parsing.command_line import read_option
from bot.chat.time.rules import Rule
from bot.chat.time.zones import zone as known_zone
from bot.feature import Ask, note
from bot.people import tables as people
from bot.reflections.prompts import bank
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.schedule import previews
from bot.reflections.schedule.dates import EARLIEST, next_coming
from bot.reflections.schedule.ids import number_of
from bot.reflections.schedule.settings import KIND, OPEN_FOR, Spot, Terms, Unapproved, terms_of
from bot.schedules import edits, tables
from bot.schedules.tables import BreakPolicy, CatchUp
from bot.store.store import Store

LONGEST = timedelta(days=2)
"""How long before a prompt moderators can see it: as far as the planner looks ahead."""
APPROVERS = {"no": None, "moderator": Role.MODERATOR, "admin": Role.ADMIN}
LATE = {"post": CatchUp.LATEST, "skip": CatchUp.SKIP, "ask": CatchUp.ASK}


class Drafts:
    """How a moderator makes a prompt schedule."""

    def __init__(self, store: Store, supplies: Supplies) -> None:
        self._store, self._supplies = store, supplies

    async def schedule(self, ask: Ask) -> Card | Form:
        """Prepare a schedule and show what it will do; with something missing, ask for it in a form."""
        if ask.missing:
            return await self.build(ask)
        return await self._prepare(ask)

    async def build(self, ask: Ask) -> Form:
        """The form of a new schedule, filled with what was understood."""
        decks = await self._store.read(lambda conn: bank.decks(conn, ask.community.id))
        if not decks:
            raise Refusal("There is no deck of prompts.", "`/prompt add` or `/prompt import` makes one.")
        rhythm = ask.values.get("when")
        wanted = ask.text("deck") if ask.text("deck") in decks else next(iter(decks))
        return Form(
            "prompt.schedule", "A new prompt schedule",
            (
                Pick("channel", "Where to ask", "channel", value=ask.text("channel")),
                ShortText("when", "When", "every mon 09:00", value=str(rhythm[0]) if isinstance(rhythm, tuple) else ""),
                Choice("deck", "Which deck", tuple((deck, deck) for deck in list(decks)[:10]), value=wanted),
                ShortText("closes", "How long it stays open", "4d", required=False),
                Choice("to", "Where it arrives", (("channel", "In the channel"), ("dm", "As a direct message")),
                       value=ask.text("to") or "channel"),
            ),
            submit="Preview",
        )  # fmt: skip

    async def take(self, ask: Ask) -> Card | FieldErrors:
        """The form came back: read the times as a command would."""
        values, errors = read_times(ask.values, (("when", Kind.RHYTHM), ("closes", Kind.DURATION)))
        return FieldErrors(errors) if errors else await self._prepare(replace(ask, values=values))

    async def _prepare(self, ask: Ask) -> Card:
        """Show what a schedule will do; nothing is asked before it is confirmed."""
        rhythm: tuple[Rule, str | None] = ask.values["when"]  # type: ignore[assignment]
        rule, name = rhythm[0], rhythm[1] or ask.community.zone
        check_zone(name, ask)

        def prepare(conn: Connection) -> Card:
            terms = replace(self._terms(conn, ask), draft=True)
            made = edits.add_schedule(
                conn,
                ask.community.id,
                kind=KIND,
                title=terms.decks[0],
                rule=str(rule),
                zone=EARLIEST if terms.direct else name,
                anchor=ask.now.astimezone(ZoneInfo(name)).date(),
                now=ask.now,
                catch_up=LATE[ask.text("late") or "post"],
                break_policy=BreakPolicy(ask.text("breaks") or BreakPolicy.SKIP),
                details=terms.to_details(),
            )
            edits.disable(conn, ask.community.id, made, ask.now)
            draft = _written(conn, ask.community.id, made)
            seen = previews.preview(conn, ask.community, replace(draft, zone=name), ask.now)
            if seen is None:
                raise Refusal("That time has passed.", "Pick one that is still to come.", ask.line)
            return previews.preview_card(seen)

        return await self._store.write(prepare)

    @staticmethod
    def _terms(conn: Connection, ask: Ask) -> Terms:
        """What the options say beside the rule."""
        pings = read_pings(ask)
        space = ask.place.space
        channels = dict.fromkeys(
            str(ask.values[name]) for name in ("channel", "also") if ask.values.get(name)
        )
        direct = ask.text("to") == "dm"
        if direct and pings:
            raise Refusal(
                "A direct message calls nobody else.", "Leave out `pings:`, or post to the channel.", ask.line
            )
        return Terms(
            places=tuple(Spot(space, channel, pings) for channel in channels),
            decks=read_decks(conn, ask),
            tag=ask.text("tag").removeprefix("#").lower(),
            direct=direct,
            open_for=read_open(ask.values.get("closes") or OPEN_FOR, ask),
            headsup=read_headsup(ask.values.get("headsup"), ask),
            approver=APPROVERS[ask.text("approve") or "no"],
            unapproved=Unapproved(ask.text("unapproved") or Unapproved.WAIT),
        )

    async def confirm(self, ask: Ask) -> Card:
        """Start a prepared schedule."""

        def start(conn: Connection) -> Card:
            draft = find(conn, ask, number_of(ask.value))
            terms = terms_of(draft)
            if terms.draft:
                details = replace(terms, draft=False).to_details()
                edits.change_schedule(conn, ask.community.id, draft.id, ask.now, details=details)
                edits.resume(conn, ask.community.id, draft.id, ask.now)
                note(
                    conn,
                    ask,
                    "scheduled",
                    f"s{draft.id}",
                    None,
                    state_of(_written(conn, ask.community.id, draft.id)),
                )
                self._supplies.check(conn, ask.community.id, ask.now, only=draft.id)
            running = _written(conn, ask.community.id, draft.id)
            first = next_coming(conn, running, ask.community.zone, ask.now)
            if first is None:
                raise Refusal("That time has passed meanwhile.", "Schedule it again with a later one.")
            return replace(_started(draft.id, first, ask.community.zone), replaces=True)

        return await self._store.write(start)

    async def cancel(self, ask: Ask) -> Card:
        """Drop a prepared schedule."""

        def drop(conn: Connection) -> Card:
            draft = find(conn, ask, number_of(ask.value))
            if not terms_of(draft).draft:
                raise Refusal(
                    f"s{draft.id} has been confirmed.", f"`/prompt delete s{draft.id}` takes it away."
                )
            edits.remove_schedule(conn, ask.community.id, draft.id)
            return replace(say("Cancelled. Nothing was scheduled."), replaces=True)

        return await self._store.write(drop)


def _started(number: int, first: datetime, zone: str) -> Card:
    return say(
        "The rhythm is set",
        Markdown((f"The rhythm is set (s{number}). The first prompt comes on ", Moment(first, zone), ".")),
        Markdown(
            f"`/prompt queue` shows what is due; `/prompt pause s{number}` lets it rest; `/prompt place s{number} "
            "#channel`, written in another space, asks there too."
        ),
    )


def _written(conn: Connection, community_id: int, number: int) -> tables.Schedule:
    found = tables.find_schedule(conn, community_id, number)
    if found is None:
        raise LookupError(f"schedule {number} was written and is not there")
    return found


# ── reading what was wanted ───────────────────────────────────────────────────


def read_times(given: Any, wanted: tuple[tuple[str, Kind], ...]) -> tuple[dict[str, object], dict[str, str]]:
    """Form values with the phrases of time in them read as a command would read them, and errors by field."""
    values, errors = dict(given), {}
    for name, kind in wanted:
        if not values.get(name):
            continue
        try:
            values[name] = read_option(Option(name, "", kind), str(values[name]))
        except Refusal as refusal:
            errors[name] = f"{refusal.problem} {refusal.fix}".strip()
    return values, errors


def check_zone(name: str, ask: Ask) -> None:
    """Refuse a zone that is none."""
    try:
        known_zone(name)
    except ValueError as error:
        raise Refusal(str(error), "", ask.line) from None


def read_decks(conn: Connection, ask: Ask) -> tuple[str, ...]:
    """The decks that were asked for, the most important first; without any, the community's first."""
    known = bank.decks(conn, ask.community.id)
    wanted = tuple(dict.fromkeys(one.strip().lower() for one in ask.text("deck").split(",") if one.strip()))
    if not known:
        raise Refusal(
            "There is no deck of prompts.", "`/prompt add` or `/prompt import` makes one.", ask.line
        )
    for one in wanted:
        if one not in known:
            raise Refusal(f"I know no deck {one}.", f"Decks: {', '.join(known)}.", ask.line)
    return wanted or (next(iter(known)),)


def read_open(length: object, ask: Ask) -> timedelta:
    """How long a prompt stays open."""
    if not isinstance(length, timedelta) or not timedelta(hours=1) <= length <= timedelta(days=60):
        raise Refusal(
            "A prompt stays open for at least an hour and at most 60 days.", "Try closes:4d.", ask.line
        )
    return length


def read_headsup(length: object, ask: Ask) -> timedelta | None:
    """How long before a prompt moderators want to see it."""
    if length is None:
        return None
    if not isinstance(length, timedelta) or not timedelta(minutes=5) <= length <= LONGEST:
        raise Refusal(
            "I can show a prompt from five minutes to two days before.", "Try headsup:2h.", ask.line
        )
    return length


def read_pings(ask: Ask) -> str:
    """The group a schedule may call; only an admin can allow it."""
    wanted = ask.text("pings")
    if not wanted:
        return ""
    if ask.role < Role.ADMIN:
        raise need(Role.ADMIN)
    group = group_of(wanted)
    if group is None:
        raise Refusal(
            "A schedule calls one group, never everybody.", "Name a role or group: pings:@teachers.", ask.line
        )
    return group


# ── finding ───────────────────────────────────────────────────────────────────


def drop_old(conn: Connection, before: datetime) -> int:
    """Forget prepared schedules that nobody confirmed since then; how many."""
    old = [
        one
        for home in people.communities(conn)
        for one in tables.schedules(conn, home.id)
        if one.kind == KIND and terms_of(one).draft and one.created_at <= before
    ]
    for one in old:
        edits.remove_schedule(conn, one.community_id, one.id)
    return len(old)


def find(conn: Connection, ask: Ask, number: int) -> tables.Schedule:
    """The prompt schedule with this number; deleted ones only by their Undo button."""
    found = tables.find_schedule(conn, ask.community.id, number)
    if found is None or found.kind != KIND or terms_of(found).deleted:
        raise Refusal(f"I know no prompt schedule s{number}.", "`/prompt list` shows them.", ask.line)
    return found


def running(conn: Connection, ask: Ask, number: int) -> tables.Schedule:
    """The same, where it was confirmed."""
    found = find(conn, ask, number)
    if terms_of(found).draft:
        raise Refusal(f"s{number} was never confirmed.", "Schedule it again with /prompt schedule.", ask.line)
    return found


def state_of(schedule: tables.Schedule) -> dict[str, Any]:
    """What the audit log keeps of a schedule."""
    terms = terms_of(schedule)
    return {
        "when": schedule.rule,
        "zone": schedule.zone,
        "decks": list(terms.decks),
        "tag": terms.tag,
        "places": [f"{spot.space}/{spot.channel}" for spot in terms.places],
        "pings": [spot.pings for spot in terms.places if spot.pings],
        "to": "dm" if terms.direct else "channel",
        "open": str(terms.open_for),
        "headsup": str(terms.headsup) if terms.headsup else None,
        "approve": terms.approver.title if terms.approver is not None else None,
        "unapproved": terms.unapproved.value if terms.approver is not None else None,
        "breaks": schedule.break_policy.value,
        "late": schedule.catch_up.value,
    }
