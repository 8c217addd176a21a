"""The rule that a moderator wrote: "thu 4pm" with `repeat:weekly`, "every thu 4pm", or one date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.language import _, format_day, format_time
from bot.chat.models import Refusal
from bot.chat.time.date_list import DateList, resolve_dates
from bot.chat.time.moment_parser import (
    After,
    AtLocal,
    DaysAhead,
    NumericDay,
    PhraseError,
    WeekDay,
    When,
    YearDay,
    resolve_when,
)
from bot.chat.time.rules import Monthly, MonthlyNth, Once, OnDates, Rule, Weekly
from bot.chat.time.vocabulary import MONTHS, WEEKDAYS
from bot.chat.time.zones import zone as known_zone
from bot.feature import Request
from bot.schedules.edits import TimeColumns


def read_zone(name: str, line: str) -> str:
    """The name of a zone; `Refusal` for one that is none."""
    try:
        return str(known_zone(name))
    except ValueError as error:
        raise Refusal(str(error), "", line) from None


def read_rule(
    values: Mapping[str, object], own_zone: str, request: Request, *, direct: bool = False
) -> TimeColumns:
    """Rule, zone and first day of what was asked for with `when` and `repeat`. Raises `Refusal`.

    A direct schedule is the community's, whatever zone was written: its hour is each member's own.
    """
    given: tuple[When | Rule | DateList, str | None] = values["when"]  # type: ignore[assignment]
    zone = read_zone(given[1] or own_zone, request.line)
    repeat = str(values.get("repeat") or "")
    rule, starts = rule_from(given[0], repeat, ZoneInfo(zone), request.now, request.line)
    later = starts > request.now.astimezone(ZoneInfo(zone)).date()
    return {
        "rule": str(rule), "zone": own_zone if direct else zone, "anchor": starts,
        "paused_until": starts if later and not isinstance(rule, Once | OnDates) else None,
    }  # fmt: skip


def rule_from(
    given: When | Rule | DateList, repeat: str, zone: ZoneInfo, now: datetime, line: str = ""
) -> tuple[Rule, date]:
    """The rule, and the first day on which it counts. Raises `Refusal`.

    A moment alone comes once. With `repeat` it is the first of its rule; monthly means the same weekday of the
    same week of each month ("the second Thursday"), as meetings go.
    """
    today = now.astimezone(zone).date()
    if isinstance(given, Weekly | Monthly | MonthlyNth):
        if repeat and not (repeat == "weekly" and isinstance(given, Weekly) and given.every == 1):
            raise Refusal(
                _("You wrote two rules at once."),
                _("Leave out repeat:{repeat}, or the word “every”.", repeat=repeat),
                line,
            )
        return given, today
    if isinstance(given, DateList | OnDates):
        return _dates(given, repeat, zone, now, line)
    if isinstance(given, Once):
        local = datetime.combine(given.on, given.at)
    else:
        local = _moment(given, zone, now, line)
    if local <= now.astimezone(zone).replace(tzinfo=None):
        raise Refusal(_("That time has passed."), _("Pick one that is still to come."), line)
    return _repeated(local, repeat), local.date()


def _dates(
    given: DateList | OnDates, repeat: str, zone: ZoneInfo, now: datetime, line: str
) -> tuple[Rule, date]:
    """The rule of a list of dates, each of which is still to come, and the first of them."""
    wall = now.astimezone(zone).replace(tzinfo=None)
    try:
        rule = given if isinstance(given, OnDates) else resolve_dates(given, wall.date())
    except PhraseError as error:
        raise Refusal(error.problem, "", line) from None
    days = rule.on if isinstance(rule, OnDates) else (rule.on,)
    if repeat:
        raise Refusal(
            _("A list of dates does not repeat."), _("Leave out repeat:{repeat}.", repeat=repeat), line
        )
    past = [day for day in days if datetime.combine(day, rule.at) <= wall]
    if past:
        raise Refusal(
            _("{day} at {time} has passed.", day=format_day(past[0]), time=format_time(rule.at)),
            _("Leave that date out, or write it with its year."), line,
        )  # fmt: skip
    return rule, days[0]


def _moment(when: When, zone: ZoneInfo, now: datetime, line: str) -> datetime:
    if isinstance(when, AtLocal) and when.at is None:
        raise Refusal(_("At what time of day?"), _("Write it like thu 4pm."), line)
    try:
        local = resolve_when(when, now.astimezone(zone)).replace(fold=0)
    except PhraseError as error:
        raise Refusal(error.problem, "", line) from None
    whole = local.replace(second=0, microsecond=0)
    return whole if whole == local else whole + timedelta(minutes=1)


def _repeated(local: datetime, repeat: str) -> Rule:
    day, at = local.date(), local.time()
    match repeat:
        case "weekly":
            return Weekly(1, (day.weekday(),), at)
        case "every-2-weeks":
            return Weekly(2, (day.weekday(),), at)
        case "monthly":
            nth = (day.day - 1) // 7 + 1
            return MonthlyNth(1, nth if nth < 5 else -1, day.weekday(), at)
        case _:
            return Once(day, at)


def spell(when: When) -> str:
    """A moment as text that reads back as itself: "fri 15:00", "19 Dec 2026 09:00", "in 90m"."""
    if isinstance(when, After):
        return f"in {when.length // timedelta(minutes=1)}m"
    at = f"{when.at:%H:%M}" if when.at is not None else "09:00"
    match when.day:
        case None:
            return at
        case WeekDay(weekday, next_week):
            return f"{'next ' if next_week else ''}{WEEKDAYS[weekday][:3].lower()} {at}"
        case DaysAhead(days):
            return f"+{days}d {at}"
        case NumericDay(first, second, year):
            return f"{first}/{second}{f'/{year}' if year else ''} {at}"
        case YearDay(month, day):
            return f"{day} {MONTHS[month - 1][:3].lower()} {at}"
        case date():
            return f"{when.day.isoformat()} {at}"
    raise Refusal(_("I cannot place that day."), _("Write it like fri 15:00."))
