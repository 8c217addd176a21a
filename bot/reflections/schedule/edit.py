"""Changing a prompt schedule: its next date only, or that and all that follow; and where it asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, ChannelLink, Markdown, Moment, Part, say
from bot.chat.forms import Choice, FieldErrors, Form, ShortText
from bot.chat.menu import OptionKind
from bot.chat.models import Refusal
from bot.chat.time.moment_parser import After, AtLocal, resolve_when
from bot.chat.time.rules import Once
from bot.feature import Request, note
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.schedule import shown_prompts
from bot.reflections.schedule.approval import PromptApproval
from bot.reflections.schedule.dates import EARLIEST, next_coming, next_dates
from bot.reflections.schedule.drafts import (
    APPROVERS,
    LATE,
    check_zone,
    read_decks,
    read_headsup,
    read_open,
    read_pings,
    read_times,
    running,
    state_of,
)
from bot.reflections.schedule.ids import number_of
from bot.reflections.schedule.settings import (
    PromptScheduleSettings,
    length,
    terms_of,
)
from bot.schedules import edits, tables
from bot.schedules.model import BreakPolicy, Occurrence, OccurrenceState, Schedule, SchedulePlace, Unapproved
from bot.schedules.occurrences import plan_ahead
from bot.schedules.recurrence import local_to_utc
from bot.store.store import Store

THIS, FOLLOWING = "this", "following"
CHANGES = ("when", "deck", "closes", "headsup", "approve", "unapproved", "breaks", "late", "tag")


class PromptScheduleEdits:
    """The moderator's way of changing schedules."""

    def __init__(self, store: Store, showing: PromptApproval, supplies: Supplies) -> None:
        self._store, self._showing, self._supplies = store, showing, supplies

    # ── the command and the form ──────────────────────────────────────────────

    async def edit(self, request: Request) -> Card | Form:
        """Change what was named, or ask what to change."""
        if any(request.values.get(name) for name in CHANGES):
            return await self._store.write(
                lambda conn: self._change(conn, request, request.number("schedule") or 0)
            )
        return await self.build(request)

    async def build(self, request: Request) -> Form:
        """The form of a schedule, filled."""
        number = request.number("schedule") or number_of(request.value)

        def look(conn: Connection) -> Form:
            found = running(conn, request, number)
            terms = terms_of(found)
            scopes = ((FOLLOWING, "The next one and all that follow"), (THIS, "Only the next one"))
            return Form(
                "prompt.change", f"Change s{found.id}",
                (
                    ShortText("when", "When", "Only the next one: a time like tue 10:00", value=found.rule),
                    ShortText("deck", "Decks", "Several with commas: the first comes first.", value=",".join(terms.decks)),
                    ShortText("closes", "How long it stays open", "4d", value=length(terms.open_for)),
                    ShortText("headsup", "Shown to moderators before", "2h; empty: not at all", required=False,
                              value=length(terms.headsup) if terms.headsup else ""),
                    Choice("scope", "What changes", scopes, value=request.text("scope") or FOLLOWING),
                ),
                f"s{found.id}",
            )  # fmt: skip

        return await self._store.read(look)

    async def take(self, request: Request) -> Card | FieldErrors:
        """The form came back; what was left as it was changes nothing."""

        def change(conn: Connection) -> Card | FieldErrors:
            found = running(conn, request, number_of(request.value))
            given = dict(request.values)
            if str(given.get("when")) == found.rule:
                given["when"] = None
            kind = OptionKind.WHEN if given["scope"] == THIS else OptionKind.RHYTHM
            values, errors = read_times(
                given, (("when", kind), ("closes", OptionKind.DURATION), ("headsup", OptionKind.DURATION))
            )
            if errors:
                return FieldErrors(errors)
            values["no headsup"] = not given.get("headsup")
            return self._change(conn, replace(request, values=values), found.id)

        return await self._store.write(change)

    # ── what changes ──────────────────────────────────────────────────────────

    def _change(self, conn: Connection, request: Request, number: int) -> Card:
        tables.lock_schedule(conn, request.community.id, running(conn, request, number).id)
        found = running(conn, request, number)
        terms = self._terms(conn, request, terms_of(found))
        if request.text("scope") == THIS:
            return self._move(conn, request, found, terms)
        return self._follow(conn, request, found, terms)

    @staticmethod
    def _terms(conn: Connection, request: Request, terms: PromptScheduleSettings) -> PromptScheduleSettings:
        values = request.values
        changes: dict[str, Any] = {}
        if values.get("deck"):
            changes["decks"] = read_decks(conn, request)
        if values.get("closes"):
            changes["open_for"] = read_open(values["closes"], request)
        if values.get("headsup"):
            changes["headsup"] = read_headsup(values["headsup"], request)
        elif values.get("no headsup"):
            changes["headsup"] = None
        if values.get("approve"):
            changes["approver"] = APPROVERS[request.text("approve")]
        if values.get("unapproved"):
            changes["unapproved"] = Unapproved(request.text("unapproved"))
        if values.get("tag"):
            changes["tag"] = (
                "" if request.text("tag") == "none" else request.text("tag").removeprefix("#").lower()
            )
        return replace(terms, **changes)

    def _follow(
        self, conn: Connection, request: Request, found: Schedule, terms: PromptScheduleSettings
    ) -> Card:
        """From the next one on."""
        changes: edits.TimeColumns = {"title": terms.decks[0]}
        rhythm = request.values.get("when")
        if isinstance(rhythm, tuple):
            rule = rhythm[0]
            if isinstance(rule, AtLocal | After):
                raise Refusal(
                    "That is one time, and no rhythm.",
                    'Write when:"every tue 10:00", or scope:this.',
                    request.line,
                )
            name = rhythm[1] or (request.community.zone if terms.direct else found.zone)
            check_zone(name, request)
            changes |= {
                "rule": str(rule), "zone": EARLIEST if terms.direct else name,
                "anchor": request.now.astimezone(ZoneInfo(name)).date(),
            }  # fmt: skip
        if request.text("breaks"):
            changes["break_policy"] = BreakPolicy(request.text("breaks"))
        if request.text("late"):
            changes["catch_up"] = LATE[request.text("late")]
        going = edits.change_schedule(
            conn, request.community.id, found.id, request.now, **terms.columns(), **changes
        )
        after = running(conn, request, found.id)
        self._showing.start_over(conn, after, request.now)
        note(conn, request, "changed", f"s{found.id}", state_of(found), state_of(after))
        self._supplies.check(conn, request.community.id, request.now, only=found.id)
        return self._told(conn, request, after, going)

    def _told(self, conn: Connection, request: Request, after: Schedule, going: list[Occurrence]) -> Card:
        """What was changed, and what goes out as it was."""
        parts: list[Part] = [f"s{after.id} is changed. "]
        if going:
            ids = ", ".join(f"o{one.id}" for one in going)
            parts.append(f"{ids} is going out already, as it was before. ")
        due = next_dates(after, after.cursor, 1)
        first = next_coming(conn, after, request.community.zone, request.now)
        if due and due[0] <= request.now and after.paused_until is None:
            parts.append("The one that is due now goes out as it is now.")
        elif first is not None and after.paused_until is None:
            parts += ["The next one comes on ", Moment(first, request.community.zone), ", as it is now."]
        elif after.paused_until is not None:
            parts.append("It is paused.")
        else:
            parts.append("Nothing more will come.")
        return say("Changed", Markdown(tuple(parts)))

    def _move(
        self, conn: Connection, request: Request, found: Schedule, terms: PromptScheduleSettings
    ) -> Card:
        """Only the next one: it is left out, and a single one with what was changed takes its place."""
        one = next_planned(conn, request, found)
        local = self._new_time(request, found, one)
        zone = found.zone if not terms.direct else EARLIEST
        shown = shown_prompts.find(conn, found.id, one.key)
        kept = shown.prompt_id if shown is not None and terms.decks == terms_of(found).decks else None
        made = edits.add_schedule(
            conn, request.community.id, kind=found.kind, title=terms.decks[0], rule=str(Once(local.date(), local.time())),
            zone=zone, anchor=local.date(), now=request.now, catch_up=found.catch_up, break_policy=BreakPolicy.IGNORE,
            places=terms.places, **replace(terms, instead=(found.id, one.key), kept=kept).columns(),
        )  # fmt: skip
        single = running(conn, request, made)
        dates = next_dates(single, request.now, 1)
        if not dates:
            raise Refusal("That time has passed.", "Pick one that is still to come.", request.line)
        reason = f"moved by a moderator: s{made}"
        if not edits.skip_occurrence(conn, request.community.id, one.id, reason):
            raise Refusal(
                "That one is going out already, as it was.", "`/prompt queue` shows the next.", request.line
            )
        self._showing.settle(conn, found, one.key, request.now, f"It was changed and is s{made} now.")
        note(conn, request, "changed", f"s{found.id} {one.key}", state_of(found), state_of(single))
        at = next_coming(conn, single, request.community.zone, request.now) or dates[0]
        return say(
            "Changed once",
            Markdown(
                (
                    "Only this one is changed: it comes on ", Moment(at, request.community.zone),
                    f" (s{made}). s{found.id} goes on as before. `/prompt unskip o{one.id}` takes this back.",
                )
            ),
        )  # fmt: skip

    @staticmethod
    def _new_time(request: Request, found: Schedule, one: Occurrence) -> datetime:
        """The local time of a moved occurrence: what was asked for, or what it had."""
        wanted = request.values.get("when")
        if not isinstance(wanted, tuple):
            return datetime.fromisoformat(one.wall)
        own = request.community.zone if terms_of(found).direct else found.zone
        name, phrase = wanted[1] or own, wanted[0]
        check_zone(name, request)
        if isinstance(phrase, Once):
            local = datetime.combine(phrase.on, phrase.at)
        elif isinstance(phrase, AtLocal | After):
            local = resolve_when(
                phrase, request.now.astimezone(ZoneInfo(name)), datetime.fromisoformat(one.wall).time()
            )
        else:
            raise Refusal(
                "Only one is changed, so it needs one time.", 'Try when:"tue 10:00" scope:this.', request.line
            )
        if name == own:
            return local
        return local_to_utc(local, ZoneInfo(name))[0].astimezone(ZoneInfo(own)).replace(tzinfo=None)

    # ── where ─────────────────────────────────────────────────────────────────

    async def place(self, request: Request) -> Card:
        """Ask in another channel too, here or in another space, or no longer in one."""
        channel, gone = str(request.values["channel"]), bool(request.values.get("remove"))

        def change(conn: Connection) -> Card:
            found = running(conn, request, request.number("schedule") or 0)
            terms = terms_of(found)
            spot = SchedulePlace(request.place.space, channel)
            known = any(one.place == spot.place for one in terms.places)
            if gone and not known:
                raise Refusal(
                    f"s{found.id} does not ask there.", "`/prompt list` shows where it asks.", request.line
                )
            if gone and len(terms.places) == 1:
                raise Refusal(
                    "That is its only place.",
                    f"Add another first, or `/prompt delete s{found.id}`.",
                    request.line,
                )
            left = tuple(one for one in terms.places if one.place != spot.place)
            terms = replace(terms, places=left if gone else terms.with_spot(spot).places)
            going = edits.change_schedule(
                conn, request.community.id, found.id, request.now, places=terms.places
            )
            after = running(conn, request, found.id)
            note(conn, request, "changed", f"s{found.id}", state_of(found), state_of(after))
            late = " One that is going out already stays as it was." if going else ""
            verb = "no longer asks" if gone else "asks"
            everywhere = len(terms.places)
            total = f" It has {everywhere} places: one prompt, one set of answers." if everywhere > 1 else ""
            return say(
                "Changed", Markdown((f"s{found.id} {verb} in ", ChannelLink(channel), f".{total}{late}"))
            )

        return await self._store.write(change)

    async def pings(self, request: Request) -> Card:
        """Let a schedule call one group where this was written, or no group any more."""
        group = read_pings(replace(request, values={**request.values, "pings": request.text("group")}))

        def change(conn: Connection) -> Card:
            found = running(conn, request, request.number("schedule") or 0)
            terms = terms_of(found)
            here = request.place.space
            if terms.direct or not any(spot.space == here for spot in terms.places):
                raise Refusal(
                    f"s{found.id} posts in no channel here.", "Write this where it posts.", request.line
                )
            places = tuple(replace(one, pings=group) if one.space == here else one for one in terms.places)
            edits.change_schedule(conn, request.community.id, found.id, request.now, places=places)
            note(
                conn,
                request,
                "granted a call",
                f"s{found.id}",
                state_of(found),
                state_of(running(conn, request, found.id)),
            )
            said = (
                f"s{found.id} calls {group} when it posts here."
                if group
                else f"s{found.id} calls nobody here."
            )
            return say("Changed", Markdown(said))

        return await self._store.write(change)


def next_planned(conn: Connection, request: Request, found: Schedule) -> Occurrence:
    """The next date of a schedule that is still to be decided; `Refusal` when there is none."""
    soonest = next_dates(found, request.now, 1)
    if found.running and soonest:
        plan_ahead(conn, request.community.id, found.id, soonest[0])
    coming = tables.upcoming(conn, request.community.id, request.now, (soonest or [request.now])[0])
    mine = [
        one
        for one in coming
        if one.schedule_id == found.id and one.state in (OccurrenceState.PLANNED, OccurrenceState.ASKED)
    ]
    if not mine:
        raise Refusal(
            f"s{found.id} has nothing to decide next.", "`/prompt queue` shows what is due.", request.line
        )
    return mine[0]
