"""What is due: every date of the next days with what it will be, its state and the reason; and the schedules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import (
    Block,
    Card,
    ChannelLink,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Words,
)
from bot.chat.language import N_, _, format_short_day, ngettext
from bot.chat.models import Refusal
from bot.chat.time.rules import write_rule
from bot.feature import Request
from bot.people import tables as people
from bot.scheduled_posts import headsups
from bot.scheduled_posts.cards import join_words, list_places
from bot.scheduled_posts.ids import FAR, running_schedules
from bot.scheduled_posts.model import PostKind
from bot.schedules import forecast, tables
from bot.schedules.breaks import rule_of
from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import FOREVER, PAUSED, OccurrenceState, Schedule, ScheduleState
from bot.schedules.reasons import reason_words
from bot.schedules.recurrence import describe, next_instant

DAYS, MOST_DAYS = 14, 370
SHOWN = 25
"""Dates that one card shows."""


STATES = {
    OccurrenceState.SKIPPED: N_("skipped"),
    OccurrenceState.DONE: N_("posted"),
    OccurrenceState.FAILED: N_("failed"),
}
"""States of a date that is over."""


@dataclass(frozen=True, slots=True)
class DueDate:
    """One date as moderators see it: when, of which schedule, what it will be, and what becomes of it."""

    at: datetime
    name: str
    title: str
    state: str


def upcoming_dates(
    conn: Connection, kind: PostKind, community_id: int, since: datetime, until: datetime
) -> list[UpcomingOccurrence]:
    """Every post that comes, is on its way to members, or still waits for approval, soonest first."""
    found = forecast.upcoming_occurrences(conn, community_id, since, until, kinds=(kind.kind,))
    return [one for one in found if one.at > since or one.state is OccurrenceState.ASKED]


def next_date(conn: Connection, schedule: Schedule, after: datetime) -> datetime | None:
    """When the next post of a schedule really comes: breaks, pauses and skips heeded."""
    found = forecast.upcoming_occurrences(
        conn, schedule.community_id, after, after + FAR, kinds=(schedule.kind,)
    )
    mine = (one.at for one in found if one.schedule.id == schedule.id and one.goes_out)
    return min((at for at in mine if at > after), default=None)


class DueList:
    """What moderators of one kind see of what is to come."""

    def __init__(self, kind: PostKind) -> None:
        self._kind = kind

    def list_due(self, conn: Connection, request: Request) -> Card:
        """Every date of the next days, and every schedule."""
        given = request.number("days")
        days = DAYS if given is None else given
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(_("I can list 1 to {most} days.", most=MOST_DAYS), _("Try days:14."), request.line)
        dates = self.due_dates(conn, request, request.now + timedelta(days=days))
        schedules = self.schedule_rows(conn, request)
        more = self._kind.more(conn, request)
        title = _("What is due") if schedules else _("Nothing is planned")
        blocks: list[Block] = [Heading(title)]
        if schedules:
            blocks.append(date_rows(dates, request.community.zone, days))
            if len(dates) > SHOWN:
                blocks.append(Note(_("And {count} more. Ask for fewer days.", count=len(dates) - SHOWN)))
            blocks += [Markdown(_("**Schedules**")), Facts(tuple(schedules[:SHOWN]))]
        else:
            blocks.append(
                Markdown(_("{command} plans the first one.", command=self._kind.command("schedule")))
            )
        return Card(title, (*blocks, *more))

    def due_dates(self, conn: Connection, request: Request, until: datetime) -> list[DueDate]:
        """Everything up to an instant, soonest first; of a schedule that is paused, only the first date."""
        home = request.community
        since = request.now - timedelta(seconds=1)
        found: list[DueDate] = []
        ahead = upcoming_dates(conn, self._kind, home.id, since, until)
        for schedule in {one.schedule.id: one.schedule for one in ahead}.values():
            mine = _rests_once([one for one in ahead if one.schedule.id == schedule.id])
            told = self._kind.foretell(conn, schedule, mine)
            for one, entry in zip(mine, told, strict=True):
                state = self._state(conn, one)
                if one.goes_out and not entry.comes:
                    state = _("skipped ({reason})", reason=entry.warning)
                elif entry.warning and one.goes_out:
                    state = f"{state}, {entry.warning}"
                found.append(DueDate(one.at, schedule.name or "", entry.title, state))
        return sorted(found, key=lambda one: one.at)

    @staticmethod
    def _state(conn: Connection, one: UpcomingOccurrence) -> str:
        words = state_words(one)
        if one.schedule.approver is None or not one.goes_out:
            return words
        approved = headsups.is_approved(conn, one.schedule.id, one.key)
        return f"{_('approved') if approved else _('needs approval')}, {words}"

    def schedule_rows(self, conn: Connection, request: Request) -> list[tuple[str, Words]]:
        """Every schedule of which something may still come, with its rule and state."""
        found = running_schedules(conn, self._kind, request.community.id)
        return [
            (f"{one.name} {one.label}", self.about(conn, one, request))
            for one in found
            if is_alive(one, request.now)
        ]

    def about(self, conn: Connection, one: Schedule, request: Request) -> Words:
        """A schedule in one line: its rule, where it posts, what it draws from, and its state."""
        rule = describe(rule_of(one.rule), ZoneInfo(one.zone))
        where, state = _where(conn, one, request), self._state_of(conn, one, request)
        return join_words("; ", rule, where, self._kind.summary(one), state)

    @staticmethod
    def _state_of(conn: Connection, one: Schedule, request: Request) -> str:
        parts = []
        if one.instead_of is not None:
            instead = tables.find_schedule(conn, one.community_id, one.instead_of)
            parts.append(
                _("once, instead of one of {schedule}", schedule=instead.name)
                if instead is not None and instead.name
                else _("once, instead of another")
            )
        today = request.now.astimezone(ZoneInfo(one.zone)).date()
        if len(one.open_places) < len(one.places):
            parts.append(_("suspended"))
        elif one.state_on(today) is ScheduleState.PAUSED:
            until = one.paused_until
            known = until is not None and until != FOREVER
            day = format_short_day(until, year=True) if until is not None else ""
            parts.append(_("paused until {day}", day=day) if known else _("paused"))
        return "; ".join(parts)

    def schedule_choices(self, conn: Connection, request: Request) -> list[tuple[str, str]]:
        """Schedules by name, title and rule, while somebody types."""
        found = running_schedules(conn, self._kind, request.community.id)
        return [(one.name or "", f"{one.name} {one.label}: {write_rule(one.rule)}"[:100]) for one in found]

    def date_choices(self, conn: Connection, request: Request) -> list[tuple[str, str]]:
        """Dates that are planned or skipped, while somebody types."""
        home, until = request.community, request.now + timedelta(days=30)
        found = upcoming_dates(conn, self._kind, home.id, request.now, until)
        return [
            (f"o{one.occurrence_id}", f"{one.schedule.label} {one.wall}: {state_words(one)}"[:100])
            for one in found
            if one.occurrence_id is not None
        ]


def _where(conn: Connection, one: Schedule, request: Request) -> Words:
    """The channels of a schedule: those of the asker's own space by name, the others by how many are where."""
    here = [spot for spot in one.places if spot.space == request.place.space]
    names = people.spaces(conn, request.community.id)
    away = Counter(names.get(spot.space, spot.space) for spot in one.places if spot not in here)
    others = (
        ngettext("{count} channel in {space}", "{count} channels in {space}", count, space=name)
        for name, count in away.items()
    )
    return list_places([*(ChannelLink(spot.channel) for spot in here), *others], direct=one.direct)


def date_rows(dates: Sequence[DueDate], zone: str, days: int = DAYS) -> Block:
    """Dates, a line each."""
    if not dates:
        return Markdown(
            ngettext("Nothing is due in the next day.", "Nothing is due in the next {count} days.", days)
        )
    return Facts(
        tuple(
            (f"{one.name} · {one.state}", (Moment(one.at, zone), f": {one.title}" if one.title else ""))
            for one in dates[:SHOWN]
        )
    )


def state_words(one: UpcomingOccurrence) -> str:
    """The state of a date with its reason and its number."""
    match one.state:
        case OccurrenceState.PLANNED:
            state = _("planned") if one.occurrence_id is not None else _("to come")
        case OccurrenceState.ASKED:
            state = _("waits for you")
        case OccurrenceState.QUEUED:
            state = _("going out, to each member at their own time of day")
        case _:
            state = _(STATES[one.state]) if one.state in STATES else one.state.value
    if one.reason == PAUSED:
        state = _("paused")
    elif one.reason:
        state = f"{state} ({reason_words(one.reason)})"
    return f"{state} · o{one.occurrence_id}" if one.occurrence_id is not None else state


def is_alive(one: Schedule, now: datetime) -> bool:
    """Whether anything of it may still come: what was to happen once, and has, is no schedule any more."""
    if len(one.open_places) < len(one.places):
        return True
    return next_instant(rule_of(one.rule), ZoneInfo(one.zone), one.anchor, now) is not None


def _rests_once(found: Sequence[UpcomingOccurrence]) -> list[UpcomingOccurrence]:
    """Without all but the first date that a pause takes out, and without those before a first day."""
    kept: list[UpcomingOccurrence] = []
    for one in found:
        paused = one.state is OccurrenceState.SKIPPED and one.reason == PAUSED
        said = one.schedule.state is ScheduleState.ACTIVE or any(it.reason == PAUSED for it in kept)
        if not (paused and said):
            kept.append(one)
    return kept
