"""What moderators do with a whole schedule: pause it, resume it, cancel it and take that back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.cards import place_key
from bot.chat.cards import Button, Card, Moment, Words, compose
from bot.chat.language import _, format_day
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_id
from bot.chat.time.days import Day, resolve_day
from bot.feature import UNDO, Request, note_change
from bot.people.languages import speaking_to_all
from bot.scheduled_posts.approval import PostApproval
from bot.scheduled_posts.cards import cancelled_card, done_card, join_words, suspended_key
from bot.scheduled_posts.due_list import next_date
from bot.scheduled_posts.ids import find_schedule, named_schedule
from bot.scheduled_posts.model import PostKind
from bot.schedules import edits, tables
from bot.schedules.model import Occurrence, Schedule, ScheduleState


class PostLifecycle:
    """The moderator's commands about whole schedules of one kind."""

    def __init__(self, kind: PostKind, approval: PostApproval, alerts: Alerts) -> None:
        self._kind, self._approval, self._alerts = kind, approval, alerts

    def pause(self, conn: Connection, request: Request) -> Card:
        """Pause a schedule until it is resumed, or until a day."""
        found = named_schedule(conn, self._kind, request)
        day = request.values.get("until")
        until = _until(day, request, found) if day is not None else None  # type: ignore[arg-type]
        going = edits.pause(conn, found.community_id, found.id, request.now, until)
        self._approval.start_over(conn, found, request.now)
        was = {"until": str(found.paused_until) if found.paused_until else None}
        note_change(
            conn, request, "paused", found.name or "", was, {"until": str(until) if until else "resumed"}
        )
        name = found.name or ""
        if until is not None:
            said = _("{schedule} is paused until {day}.", schedule=name, day=format_day(until))
        else:
            said = _("{schedule} is paused.", schedule=name)
        undo = Button(_("Undo"), does=f"{self._kind.noun}.resume", value=name)
        return done_card(" ".join((said, *self._late(going))), undo)

    def resume(self, conn: Connection, request: Request) -> Card:
        """Let a schedule go on; what a place refused and is still open is tried again at once."""
        found = named_schedule(conn, self._kind, request)
        free = tuple(replace(one, suspended="") for one in found.places)
        suspended = free != found.places
        if suspended:
            edits.change_schedule(conn, found.community_id, found.id, request.now, places=free)
        edits.resume(conn, found.community_id, found.id, request.now)
        after = tables.find_schedule(conn, found.community_id, found.id) or found
        again = self._kind.refused.retry(conn, after, request.now)
        note_change(
            conn, request, "resumed", found.name or "", {"suspended": suspended}, {"suspended": False}
        )
        with speaking_to_all(conn, found.community_id):
            told = self._resumed_card(conn, request, after, again=again > 0)
        self._alerts.resolve(conn, found.community_id, suspended_key(found.id), request.now, told)
        card = self._resumed_card(conn, request, after, again=again > 0)
        return replace(card, replaces=bool(request.value))

    def _resumed_card(self, conn: Connection, request: Request, after: Schedule, *, again: bool) -> Card:
        """A schedule goes on: when its next one comes, and whether one is tried again now."""
        first = next_date(conn, after, request.now)
        coming: Words = _("Nothing more will come.")
        if first is not None:
            coming = compose(_(self._kind.next_comes), when=Moment(first, request.community.zone))
        tried = _("I try again to post the one that failed.") if again else ""
        return done_card(join_words(" ", _("{schedule} goes on.", schedule=after.name), coming, tried))

    def cancel(self, conn: Connection, request: Request) -> Card:
        """Cancel a schedule, with ten minutes to undo it; what it posted stays."""
        found = named_schedule(conn, self._kind, request)
        going = [one for each in _family(conn, found) for one in self._take_away(conn, request, each)]
        note_change(conn, request, "canceled", found.name or "")
        value = f"{found.name}|{request.now.isoformat(timespec='seconds')}"
        said = _("{schedule} is canceled.", schedule=found.name)
        stays = _("What it posted stays. You can undo this for ten minutes.")
        undo = Button(_("Undo"), does=f"{self._kind.noun}.restore", value=value)
        return done_card(" ".join((said, *self._late(going), stays)), undo)

    def _take_away(self, conn: Connection, request: Request, one: Schedule) -> list[Occurrence]:
        """Cancel one schedule: nothing of it is tried again, and no alert about it asks for anything."""
        with speaking_to_all(conn, one.community_id):
            gone = cancelled_card(self._kind, one)
        for place in self._kind.refused.withdraw(conn, one, request.now):
            self._alerts.resolve(conn, one.community_id, place_key(place), request.now, gone)
        self._alerts.resolve(conn, one.community_id, suspended_key(one.id), request.now, gone)
        going = edits.cancel_schedule(conn, one.community_id, one.id, request.now)
        self._approval.start_over(conn, one, request.now, gone)
        self._kind.end(conn, one, request.now)
        return going

    def restore(self, conn: Connection, request: Request) -> Card:
        """Bring a cancelled schedule back as it was."""
        name, _bar, at = request.value.partition("|")
        found = find_schedule(conn, self._kind, request, read_id(name), cancelled=True)
        if request.now - datetime.fromisoformat(at) > UNDO:
            fix = _("{command} makes another.", command=self._kind.command("schedule"))
            raise Refusal(_("The ten minutes are over."), fix)
        for each in _family(conn, found):
            edits.restore_schedule(conn, each.community_id, each.id, request.now)
        note_change(conn, request, "brought back", found.name or "")
        after = tables.find_schedule(conn, found.community_id, found.id) or found
        if after.open_places == after.places:  # what waited to be tried again was taken back
            self._kind.refused.retry(conn, after, request.now)
        self._kind.check(conn, after, request.now)
        return done_card(_("{schedule} is as it was.", schedule=found.name), replaces=True)

    def _late(self, going: list[Occurrence]) -> tuple[str, ...]:
        return (_(self._kind.going_out),) if going else ()


def _family(conn: Connection, found: Schedule) -> list[Schedule]:
    """A schedule and the single dates that were moved out of it, as far as they share its state."""
    cancelled = found.state is ScheduleState.CANCELLED
    return [
        one
        for one in tables.schedules(conn, found.community_id)
        if one.id == found.id
        or (one.instead_of == found.id and (one.state is ScheduleState.CANCELLED) is cancelled)
    ]


def _until(day: Day, request: Request, found: Schedule) -> date:
    today = request.now.astimezone(ZoneInfo(found.zone)).date()
    until = resolve_day(day, today)
    if until <= today:
        fix = _("Name the first day on which it posts again.")
        raise Refusal(_("That day has passed."), fix, request.line)
    return until
