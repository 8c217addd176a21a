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
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal, Role, need
from bot.chat.parsing.command_line import read_option
from bot.chat.time.rules import Rule
from bot.chat.time.zones import zone as known_zone
from bot.feature import Request, note
from bot.reflections.prompts import bank
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.schedule import previews
from bot.reflections.schedule.dates import EARLIEST, next_coming
from bot.reflections.schedule.ids import number_of
from bot.reflections.schedule.settings import (
    KIND,
    OPEN_FOR,
    PromptScheduleSettings,
    terms_of,
)
from bot.schedules import edits, tables
from bot.schedules.model import (
    Approver,
    BreakPolicy,
    CatchUp,
    Schedule,
    SchedulePlace,
    ScheduleState,
    Unapproved,
)
from bot.store.store import Store

LONGEST = timedelta(days=2)
"""How long before a prompt moderators can see it: as far as the planner looks ahead."""
APPROVERS = {"no": None, "moderator": Approver.MODERATOR, "admin": Approver.ADMIN}
LATE = {"post": CatchUp.LATEST, "skip": CatchUp.SKIP, "ask": CatchUp.ASK}


class PromptScheduleDrafts:
    """How a moderator makes a prompt schedule."""

    def __init__(self, store: Store, supplies: Supplies) -> None:
        self._store, self._supplies = store, supplies

    async def schedule(self, request: Request) -> Card | Form:
        """Prepare a schedule and show what it will do; with something missing, ask for it in a form."""
        if request.missing:
            return await self.build(request)
        return await self._prepare(request)

    async def build(self, request: Request) -> Form:
        """The form of a new schedule, filled with what was understood."""
        decks = await self._store.read(lambda conn: bank.count_by_deck(conn, request.community.id))
        if not decks:
            raise Refusal("There is no deck of prompts.", "`/prompt add` or `/prompt import` makes one.")
        rhythm = request.values.get("when")
        wanted = request.text("deck") if request.text("deck") in decks else next(iter(decks))
        return Form(
            "prompt.schedule", "A new prompt schedule",
            (
                Pick("channel", "Where to ask", "channel", value=request.text("channel")),
                ShortText("when", "When", "every mon 09:00", value=str(rhythm[0]) if isinstance(rhythm, tuple) else ""),
                Choice("deck", "Which deck", tuple((deck, deck) for deck in list(decks)[:10]), value=wanted),
                ShortText("closes", "How long it stays open", "4d", required=False),
                Choice("to", "Where it arrives", (("channel", "In the channel"), ("dm", "As a direct message")),
                       value=request.text("to") or "channel"),
            ),
            submit="Preview",
        )  # fmt: skip

    async def take(self, request: Request) -> Card | FieldErrors:
        """The form came back: read the times as a command would."""
        values, errors = read_times(
            request.values, (("when", OptionKind.RHYTHM), ("closes", OptionKind.DURATION))
        )
        return FieldErrors(errors) if errors else await self._prepare(replace(request, values=values))

    async def _prepare(self, request: Request) -> Card:
        """Show what a schedule will do; nothing is asked before it is confirmed."""
        rhythm: tuple[Rule, str | None] = request.values["when"]  # type: ignore[assignment]
        rule, name = rhythm[0], rhythm[1] or request.community.zone
        check_zone(name, request)

        def prepare(conn: Connection) -> Card:
            terms = self._terms(conn, request)
            made = edits.add_draft(
                conn,
                request.community.id,
                kind=KIND,
                title=terms.decks[0],
                rule=str(rule),
                zone=EARLIEST if terms.direct else name,
                anchor=request.now.astimezone(ZoneInfo(name)).date(),
                now=request.now,
                catch_up=LATE[request.text("late") or "post"],
                break_policy=BreakPolicy(request.text("breaks") or BreakPolicy.SKIP),
                places=terms.places,
                **terms.columns(),
            )
            draft = _written(conn, request.community.id, made)
            seen = previews.preview(conn, request.community, replace(draft, zone=name), request.now)
            if seen is None:
                raise Refusal("That time has passed.", "Pick one that is still to come.", request.line)
            return previews.preview_card(seen)

        return await self._store.write(prepare)

    @staticmethod
    def _terms(conn: Connection, request: Request) -> PromptScheduleSettings:
        """What the options say beside the rule."""
        pings = read_pings(request)
        space = request.place.space
        channels = dict.fromkeys(
            str(request.values[name]) for name in ("channel", "also") if request.values.get(name)
        )
        direct = request.text("to") == "dm"
        if direct and pings:
            raise Refusal(
                "A direct message calls nobody else.",
                "Leave out `pings:`, or post to the channel.",
                request.line,
            )
        return PromptScheduleSettings(
            places=tuple(SchedulePlace(space, channel, pings) for channel in channels),
            decks=read_decks(conn, request),
            tag=request.text("tag").removeprefix("#").lower(),
            direct=direct,
            open_for=read_open(request.values.get("closes") or OPEN_FOR, request),
            headsup=read_headsup(request.values.get("headsup"), request),
            approver=APPROVERS[request.text("approve") or "no"],
            unapproved=Unapproved(request.text("unapproved") or Unapproved.WAIT),
        )

    async def confirm(self, request: Request) -> Card:
        """Start a prepared schedule."""

        def start(conn: Connection) -> Card:
            draft = find(conn, request, number_of(request.value))
            if draft.state is ScheduleState.DRAFT:
                edits.confirm_draft(conn, request.community.id, draft.id, "s", request.now)
                note(
                    conn,
                    request,
                    "scheduled",
                    f"s{draft.id}",
                    None,
                    state_of(_written(conn, request.community.id, draft.id)),
                )
                self._supplies.check(conn, request.community.id, request.now, only=draft.id)
            running = _written(conn, request.community.id, draft.id)
            first = next_coming(conn, running, request.community.zone, request.now)
            if first is None:
                raise Refusal("That time has passed meanwhile.", "Schedule it again with a later one.")
            return replace(_started(draft.id, first, request.community.zone), replaces=True)

        return await self._store.write(start)

    async def cancel(self, request: Request) -> Card:
        """Drop a prepared schedule."""

        def drop(conn: Connection) -> Card:
            draft = find(conn, request, number_of(request.value))
            if draft.state is not ScheduleState.DRAFT:
                raise Refusal(
                    f"s{draft.id} has been confirmed.", f"`/prompt delete s{draft.id}` takes it away."
                )
            edits.remove_schedule(conn, request.community.id, draft.id)
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


def _written(conn: Connection, community_id: int, number: int) -> Schedule:
    found = tables.find_schedule(conn, community_id, number)
    if found is None:
        raise LookupError(f"schedule {number} was written and is not there")
    return found


# ── reading what was wanted ───────────────────────────────────────────────────


def read_times(
    given: Any, wanted: tuple[tuple[str, OptionKind], ...]
) -> tuple[dict[str, object], dict[str, str]]:
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


def check_zone(name: str, request: Request) -> None:
    """Refuse a zone that is none."""
    try:
        known_zone(name)
    except ValueError as error:
        raise Refusal(str(error), "", request.line) from None


def read_decks(conn: Connection, request: Request) -> tuple[str, ...]:
    """The decks that were asked for, the most important first; without any, the community's first."""
    known = bank.count_by_deck(conn, request.community.id)
    wanted = tuple(
        dict.fromkeys(one.strip().lower() for one in request.text("deck").split(",") if one.strip())
    )
    if not known:
        raise Refusal(
            "There is no deck of prompts.", "`/prompt add` or `/prompt import` makes one.", request.line
        )
    for one in wanted:
        if one not in known:
            raise Refusal(f"I know no deck {one}.", f"Decks: {', '.join(known)}.", request.line)
    return wanted or (next(iter(known)),)


def read_open(length: object, request: Request) -> timedelta:
    """How long a prompt stays open."""
    if not isinstance(length, timedelta) or not timedelta(hours=1) <= length <= timedelta(days=60):
        raise Refusal(
            "A prompt stays open for at least an hour and at most 60 days.", "Try closes:4d.", request.line
        )
    return length


def read_headsup(length: object, request: Request) -> timedelta | None:
    """How long before a prompt moderators want to see it."""
    if length is None:
        return None
    if not isinstance(length, timedelta) or not timedelta(minutes=5) <= length <= LONGEST:
        raise Refusal(
            "I can show a prompt from five minutes to two days before.", "Try headsup:2h.", request.line
        )
    return length


def read_pings(request: Request) -> str:
    """The group a schedule may call; only an admin can allow it."""
    wanted = request.text("pings")
    if not wanted:
        return ""
    if request.role < Role.ADMIN:
        raise need(Role.ADMIN)
    group = group_of(wanted)
    if group is None:
        raise Refusal(
            "A schedule calls one group, never everybody.",
            "Name a role or group: pings:@teachers.",
            request.line,
        )
    return group


# ── finding ───────────────────────────────────────────────────────────────────


def drop_old(conn: Connection, before: datetime) -> int:
    """Forget prepared schedules that nobody confirmed since then; how many."""
    old = [one for one in tables.drafts_before(conn, before) if one.kind == KIND]
    for one in old:
        edits.remove_schedule(conn, one.community_id, one.id)
    return len(old)


def find(conn: Connection, request: Request, number: int) -> Schedule:
    """The prompt schedule with this number; deleted ones only by their Undo button."""
    found = tables.find_schedule(conn, request.community.id, number)
    if found is None or found.kind != KIND or found.state is ScheduleState.CANCELLED:
        raise Refusal(f"I know no prompt schedule s{number}.", "`/prompt list` shows them.", request.line)
    return found


def running(conn: Connection, request: Request, number: int) -> Schedule:
    """The same, where it was confirmed."""
    found = find(conn, request, number)
    if found.state is ScheduleState.DRAFT:
        raise Refusal(
            f"s{number} was never confirmed.", "Schedule it again with /prompt schedule.", request.line
        )
    return found


def state_of(schedule: Schedule) -> dict[str, Any]:
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
        "approve": terms.approver.value if terms.approver is not None else None,
        "unapproved": terms.unapproved.value if terms.approver is not None else None,
        "breaks": schedule.break_policy.value,
        "late": schedule.catch_up.value,
    }
