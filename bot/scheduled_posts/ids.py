"""Names of schedules and dates as commands and buttons carry them, and the rows that they mean."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import _, format_day
from bot.chat.models import Refusal, UnclearOption
from bot.chat.parsing.button_values import read_id
from bot.chat.time.days import Day, resolve_day
from bot.feature import Request
from bot.scheduled_posts.model import PostKind
from bot.schedules import tables
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import BY_HAND, Occurrence, OccurrenceState, Schedule, ScheduleState
from bot.schedules.occurrences import plan_ahead

FAR = timedelta(days=400)
"""How far ahead the next date of a schedule is looked for."""
OPEN = (OccurrenceState.PLANNED, OccurrenceState.ASKED)
"""States of a date about which something can be decided."""


def running_schedules(conn: Connection, kind: PostKind, community_id: int) -> list[Schedule]:
    """Every schedule of a kind that was confirmed and not cancelled."""
    return [one for one in tables.schedules(conn, community_id) if one.kind == kind.kind and one.running]


def find_schedule(
    conn: Connection, kind: PostKind, request: Request, number: int, *, cancelled: bool = False
) -> Schedule:
    """The schedule that people call by this number; a cancelled one only where such are meant."""
    found = tables.by_name(conn, request.community.id, f"{kind.letter}{number}")
    if found is not None and cancelled and found.running:
        raise Refusal(
            _("{schedule} is not canceled.", schedule=found.name),
            _("{command} shows what is due.", command=kind.command("list")),
            request.line,
        )
    if found is not None and found.state is ScheduleState.CANCELLED and not cancelled:
        raise cancelled_refusal(kind, found, request)
    if found is None or found.running is cancelled:
        raise UnclearOption("schedule", _("There is no schedule {id}.", id=f"{kind.letter}{number}"))
    return found


def cancelled_refusal(kind: PostKind, found: Schedule, request: Request) -> Refusal:
    """A command or an old button is about a schedule that was cancelled."""
    return Refusal(
        _("{schedule} is canceled.", schedule=found.name),
        _("{command} plans another.", command=kind.command("schedule")),
        request.line,
    )


def find_draft(conn: Connection, kind: PostKind, request: Request, value: str) -> Schedule:
    """The schedule that a preview's button names by its row, because a draft has no name."""
    found = tables.find_schedule(conn, request.community.id, read_id(value))
    if found is None or found.kind != kind.kind or found.state is ScheduleState.CANCELLED:
        fix = _("{command} makes another.", command=kind.command("schedule"))
        raise Refusal(_("That preview is no longer there."), fix)
    return found


def named_schedule(conn: Connection, kind: PostKind, request: Request) -> Schedule:
    """The schedule that a command or a button names."""
    given = request.number("schedule")
    if given is None and not request.value:
        raise UnclearOption("schedule", _("Which schedule do you mean?"))
    return find_schedule(conn, kind, request, read_id(request.value) if given is None else given)


def ahead_of(conn: Connection, schedule: Schedule, request: Request) -> list[UpcomingOccurrence]:
    """What comes of one schedule, soonest first."""
    found = upcoming_occurrences(
        conn, schedule.community_id, request.now, request.now + FAR, kinds=(schedule.kind,)
    )
    return [one for one in found if one.schedule.id == schedule.id]


def named_date(conn: Connection, kind: PostKind, request: Request) -> tuple[Schedule, Occurrence]:
    """The date that is meant, as a row: by its number, by a button's key, by its day, or the next one.

    Its schedule is held until the transaction ends, so that no tick takes it meanwhile.
    """
    number = request.number("occurrence")
    if number is None and request.value.startswith("o"):
        number = read_id(request.value)
    if number is not None:
        one = tables.find_occurrence(conn, request.community.id, number)
        schedule = tables.find_schedule(conn, request.community.id, one.schedule_id) if one else None
        if one is None or schedule is None or schedule.kind != kind.kind:
            raise UnclearOption("occurrence", _("There is no date {id}.", id=f"o{number}"))
        if tables.lock_schedule(conn, schedule.community_id, schedule.id).state is ScheduleState.CANCELLED:
            raise cancelled_refusal(kind, schedule, request)
        return schedule, tables.find_occurrence(conn, request.community.id, number) or one
    schedule = named_schedule(conn, kind, request)
    tables.lock_schedule(conn, schedule.community_id, schedule.id)
    return schedule, _pick_date(conn, kind, request, schedule)


def _pick_date(conn: Connection, kind: PostKind, request: Request, schedule: Schedule) -> Occurrence:
    key, day = request.value.partition("/")[2], _day(request)
    if key and (made := tables.by_key(conn, schedule.community_id, schedule.id, key)) is not None:
        return made
    for one in ahead_of(conn, schedule, request):
        free = one.state in OPEN and one.reason != BY_HAND
        if one.key == key if key else one.wall.startswith(day.isoformat()) if day else free:
            return row_of(conn, schedule, one)
    problem = (
        _("{schedule} has nothing to decide on {day}.", schedule=schedule.name, day=format_day(day))
        if day
        else _("{schedule} has nothing to decide next.", schedule=schedule.name)
    )
    raise Refusal(problem, _("{command} shows what is due.", command=kind.command("list")), request.line)


def row_of(conn: Connection, schedule: Schedule, one: UpcomingOccurrence) -> Occurrence:
    """The row of a coming date, made if the planner has not come to it yet."""
    if one.occurrence_id is None:
        plan_ahead(conn, schedule.community_id, schedule.id, one.due_at)
    row = tables.by_key(conn, schedule.community_id, schedule.id, one.key)
    if row is None:
        raise Refusal(_("That one cannot be planned."), _("It may have gone out already."))
    return row


def upcoming_of(schedule: Schedule, row: Occurrence) -> UpcomingOccurrence:
    """A row as what comes of its schedule."""
    return UpcomingOccurrence(
        schedule, row.key, row.due_at, row.fire_at, row.wall, None, row.state, row.reason, row.id
    )


def _day(request: Request) -> date | None:
    """The day that was asked for."""
    given: Day | None = request.values.get("on")  # type: ignore[assignment]
    if given is None:
        return None
    return resolve_day(given, request.now.astimezone(ZoneInfo(request.community.zone)).date())
