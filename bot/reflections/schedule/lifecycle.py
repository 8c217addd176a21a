"""What moderators do with running schedules under `/prompt`: see what is due, pause, skip, hurry, resume, delete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Buttons, Card, Markdown, Moment, say
from bot.chat.models import Refusal
from bot.chat.time.date_parser import Day, resolve_day
from bot.feature import UNDO, Request, note
from bot.reflections.prompts import bank, bank_cards
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.schedule import asked_prompts, due_list, shown_prompts
from bot.reflections.schedule.approval import PromptApproval, too_late
from bot.reflections.schedule.dates import as_people_see_it, next_coming, next_dates
from bot.reflections.schedule.drafts import find, running
from bot.reflections.schedule.edit import next_planned
from bot.reflections.schedule.failures import Trouble
from bot.reflections.schedule.ids import number_of
from bot.reflections.schedule.notices import suspended_key
from bot.reflections.schedule.settings import KIND, terms_of
from bot.schedules import edits, tables
from bot.schedules.breaks import rule_of
from bot.schedules.model import FOREVER, Occurrence, OccurrenceState, Schedule, ScheduleState
from bot.schedules.recurrence import describe
from bot.store.store import Store

DAYS, MOST_DAYS = 14, 120


class PromptScheduleLifecycle:
    """The moderator's side of prompt schedules."""

    def __init__(
        self, store: Store, alerts: Alerts, showing: PromptApproval, trouble: Trouble, supplies: Supplies
    ) -> None:
        self._store, self._alerts, self._showing = store, alerts, showing
        self._trouble, self._supplies = trouble, supplies

    # ── looking ───────────────────────────────────────────────────────────────

    async def queue(self, request: Request) -> Card:
        """What is due in the next days, with the prompt that will be asked, its state and the reason."""
        days = request.number("days") or DAYS
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(f"{days} days are out of reach.", f"Ask for 1 to {MOST_DAYS}.", request.line)
        return await self._store.read(
            lambda conn: due_list.queue_card(conn, request.community, request.now, days)
        )

    async def lists(self, request: Request) -> Card:
        """The decks and the schedules."""

        def look(conn: Connection) -> Card:
            rows = [
                (f"s{one.id} {one.title}", self._about(conn, one, request))
                for one in schedules(conn, request)
            ]
            return bank_cards.decks_card(bank.count_by_deck(conn, request.community.id), rows)

        return await self._store.read(look)

    @staticmethod
    def _about(_conn: Connection, one: Schedule, request: Request) -> str:
        terms = terms_of(one)
        seen = as_people_see_it(one, request.community.zone)
        places = len(terms.places)
        parts = [describe(rule_of(one.rule), ZoneInfo(seen.zone)), f"from {', then '.join(terms.decks)}"]
        if terms.direct:
            parts.append("to each member")
        if places > 1:
            parts.append(f"in {places} places")
        if terms.instead is not None:
            parts.append(f"once, instead of one of s{terms.instead[0]}")
        if any(spot.suspended for spot in terms.places):
            parts.append("suspended")
        elif one.paused_until is not None:
            parts.append("paused" if one.paused_until == FOREVER else f"paused until {one.paused_until}")
        return "; ".join(parts)

    # ── resting ───────────────────────────────────────────────────────────────

    async def pause(self, request: Request) -> Card:
        """Let a schedule rest until it is resumed, or until a day."""
        day = request.values.get("until")

        def rest(conn: Connection) -> Card:
            found = running(conn, request, request.number("schedule") or 0)
            until = _until(day, request, found) if day is not None else None
            going = edits.pause(conn, request.community.id, found.id, request.now, until)
            self._showing.start_over(conn, found, request.now)
            was = str(found.paused_until) if found.paused_until else None
            note(
                conn,
                request,
                "paused",
                f"s{found.id}",
                {"until": was},
                {"until": str(until) if until else "resumed"},
            )
            late = " One prompt is already going out." if going else ""
            end = f"{until:%A} {until.day} {until:%B %Y}" if until else f"`/prompt resume s{found.id}`"
            return say("Paused", Markdown(f"s{found.id} rests until {end}.{late}"))

        return await self._store.write(rest)

    async def resume(self, request: Request) -> Card:
        """Let a schedule go on; what a place refused and is still open is tried again at once."""
        number = request.number("schedule") or number_of(request.value)

        def go(conn: Connection) -> Card:
            found = running(conn, request, number)
            suspended = any(spot.suspended for spot in terms_of(found).places)
            again = self._trouble.lift(conn, found, request.now)
            edits.resume(conn, request.community.id, found.id, request.now)
            note(conn, request, "resumed", f"s{found.id}", {"suspended": suspended}, {"suspended": False})
            first = next_coming(conn, _again(conn, found), request.community.zone, request.now)
            when: tuple[str | Moment, ...] = (
                ("The next prompt comes on ", Moment(first, request.community.zone), ".")
                if first
                else ("Nothing more will come.",)
            )
            now = " I try the one that could not be posted again." if again else ""
            card = say("Resumed", Markdown((f"s{found.id} goes on. ", *when, now)))
            self._alerts.resolve(conn, request.community.id, suspended_key(found.id), request.now, card)
            return replace(card, replaces=bool(request.value))

        return await self._store.write(go)

    async def again(self, request: Request) -> Card:
        """Try to post a prompt now that a place refused."""

        def go(conn: Connection) -> Card:
            here = asked_prompts.find(conn, request.community.id, number_of(request.value))
            if here is None or not self._trouble.try_now(conn, here, request.now):
                raise Refusal("There is nothing to try again.", "`/prompt queue` shows what is due.")
            note(conn, request, "tried again", f"o{here.id}")
            return say("I try it again now.")

        return await self._store.write(go)

    # ── one date ──────────────────────────────────────────────────────────────

    async def skip(self, request: Request) -> Card:
        """Leave out one date: the next of a schedule, or the one that was named."""

        def leave(conn: Connection) -> Card:
            schedule, one = self._date(conn, request)
            return replace(
                self._showing.leave_out(conn, request, schedule, one), replaces=bool(request.value)
            )

        return await self._store.write(leave)

    def _date(self, conn: Connection, request: Request) -> tuple[Schedule, Occurrence]:
        number = request.number("occurrence") or (number_of(request.value) if request.value else None)
        if number is None and request.number("schedule") is None:
            raise Refusal("Which one?", "Name a schedule (s3: its next one) or a date (o57).", request.line)
        if number is None:
            found = running(conn, request, request.number("schedule") or 0)
            return found, next_planned(conn, request, found)
        one = tables.find_occurrence(conn, request.community.id, number)
        schedule = None if one is None else tables.find_schedule(conn, request.community.id, one.schedule_id)
        if one is None or schedule is None or schedule.kind != KIND:
            raise Refusal(f"I know no date o{number}.", "`/prompt queue` shows what is due.", request.line)
        return schedule, one

    async def unskip(self, request: Request) -> Card:
        """Take back that a date was left out; a single one that took its place goes."""

        def back(conn: Connection) -> Card:
            schedule, one = self._date(conn, request)
            if not edits.unskip(conn, request.community.id, one.id, request.now):
                raise Refusal(
                    f"o{one.id} is not left out, or its time has passed.",
                    "`/prompt queue` shows what is due.",
                )
            for single in schedules(conn, request):
                if terms_of(single).instead == (schedule.id, one.key):
                    edits.cancel_schedule(conn, request.community.id, single.id, request.now)
            shown_prompts.reopen(conn, schedule.id, one.key)
            note(conn, request, "took back a skip", f"s{schedule.id} {one.key}")
            said = (f"s{schedule.id} asks on ", Moment(one.due_at, request.community.zone), " after all.")
            return replace(say("Taken back", Markdown(said)), replaces=bool(request.value))

        return await self._store.write(back)

    async def now(self, request: Request) -> Card:
        """Ask the next prompt of a schedule at once; it takes the place of that period's automatic one."""

        def at_once(conn: Connection) -> Card:
            found = running(conn, request, request.number("schedule") or 0)
            if not found.running:
                raise Refusal(f"s{found.id} is not running.", f"`/prompt resume s{found.id}` starts it.")
            return self._post(conn, request, found, next_planned(conn, request, found))

        return await self._store.write(at_once)

    async def post(self, request: Request) -> Card:
        """Ask a prompt that waits for a moderator's word."""

        def go(conn: Connection) -> Card:
            schedule, one = self._date(conn, request)
            return replace(self._post(conn, request, schedule, one), replaces=True)

        return await self._store.write(go)

    @staticmethod
    def _post(conn: Connection, request: Request, found: Schedule, one: Occurrence) -> Card:
        terms = terms_of(found)
        if terms.approver is not None and request.role < terms.approver.role:
            raise Refusal(
                f"s{found.id} needs the word of a role of {terms.approver} or more.",
                "Ask one of them to approve it.",
            )
        if one.state not in (OccurrenceState.PLANNED, OccurrenceState.ASKED) or not edits.post_now(
            conn, request.community.id, one.id, request.now
        ):
            raise Refusal(*too_late(one.state))
        shown_prompts.approve(conn, request.community.id, found.id, one.key, request.now)
        note(conn, request, "posted now", f"s{found.id} {one.key}")
        return say("On its way", Markdown("On its way. It takes the place of the one that was planned next."))

    # ── taking away ───────────────────────────────────────────────────────────

    async def delete(self, request: Request) -> Card:
        """Take a schedule away, with ten minutes to undo it; what it asked stays."""

        def drop(conn: Connection) -> Card:
            found = find(conn, request, request.number("schedule") or 0)
            going = [one for each in _family(conn, found) for one in self._take_away(conn, request, each)]
            for key in (suspended_key(found.id), f"dry:s{found.id}"):
                self._alerts.resolve(
                    conn, request.community.id, key, request.now, say(f"s{found.id} was deleted.")
                )
            note(conn, request, "deleted", f"s{found.id}")
            late = " One prompt is already going out." if going else ""
            return say(
                "Deleted",
                Markdown(
                    f"s{found.id} asks no more.{late} What it asked stays. You can undo this for ten minutes."
                ),
                Buttons(
                    (
                        Button(
                            "Undo",
                            does="prompt.undelete",
                            value=f"s{found.id}|{request.now.isoformat(timespec='seconds')}",
                        ),
                    )
                ),
            )

        return await self._store.write(drop)

    def _take_away(self, conn: Connection, request: Request, one: Schedule) -> list[Occurrence]:
        """Switch a schedule off and mark it, so that Undo finds it as it was; what is going out already."""
        going = edits.cancel_schedule(conn, one.community_id, one.id, request.now)
        self._showing.start_over(conn, one, request.now)
        return going

    @staticmethod
    def _bring_back(conn: Connection, request: Request, one: Schedule) -> None:
        edits.restore_schedule(conn, one.community_id, one.id, request.now)

    async def undelete(self, request: Request) -> Card:
        """Bring a deleted schedule back as it was."""
        name, _, at = request.value.partition("|")

        def back(conn: Connection) -> Card:
            found = tables.find_schedule(conn, request.community.id, number_of(name))
            if found is None or found.kind != KIND or found.state is not ScheduleState.CANCELLED:
                raise Refusal("That one is not deleted.", "`/prompt list` shows the schedules.")
            if request.now - datetime.fromisoformat(at) > UNDO:
                raise Refusal("The ten minutes are over.", "`/prompt schedule` makes another.")
            for each in _family(conn, found):
                self._bring_back(conn, request, each)
            note(conn, request, "brought back", f"s{found.id}")
            self._supplies.check(conn, request.community.id, request.now, only=found.id)
            return replace(say("It is back", Markdown(f"s{found.id} is as it was.")), replaces=True)

        return await self._store.write(back)

    def like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Schedules whose title or rule begins to look like this, while somebody types."""
        return ((f"s{one.id}", f"{one.title}: {one.rule}"[:100]) for one in schedules(conn, request))

    def dates_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Dates of schedules that are planned or left out."""
        known = {one.id: one for one in schedules(conn, request)}
        until = request.now + timedelta(days=30)
        for one in tables.upcoming(conn, request.community.id, request.now, until):
            if one.schedule_id in known:
                title = known[one.schedule_id].title
                yield f"o{one.id}", f"{title} {one.wall}: {one.state.value}"[:100]


def schedules(conn: Connection, request: Request) -> list[Schedule]:
    """The prompt schedules of a community that moderators have, paused ones too."""
    return [
        one
        for one in tables.schedules(conn, request.community.id)
        if one.kind == KIND and one.running and _lives(one, request.now)
    ]


def _lives(one: Schedule, now: datetime) -> bool:
    """Whether anything of it may still come: what was to happen once, and has, is no schedule any more."""
    suspended = any(spot.suspended for spot in terms_of(one).places)
    return suspended or bool(next_dates(one, now, 1))


def _family(conn: Connection, found: Schedule) -> list[Schedule]:
    """A schedule and the single dates that were moved out of it."""
    return [
        one
        for one in tables.schedules(conn, found.community_id)
        if one.kind == KIND and (one.id == found.id or (terms_of(one).instead or (0, ""))[0] == found.id)
    ]


def _again(conn: Connection, found: Schedule) -> Schedule:
    return tables.find_schedule(conn, found.community_id, found.id) or found


def _until(day: object, request: Request, found: Schedule) -> date:
    zone = request.community.zone if terms_of(found).direct else found.zone
    today = request.now.astimezone(ZoneInfo(zone)).date()
    wanted: Day = day  # type: ignore[assignment]
    until = resolve_day(wanted, today)
    if until <= today:
        raise Refusal("That day has passed.", "Name the first day on which it asks again.", request.line)
    return until
