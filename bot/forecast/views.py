"""The year ahead as text, as JSON, and as a card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.cards import Block, Card, Facts, File, Heading, Markdown, Note, say
from bot.chat.language import _, format_short_day, format_time, ngettext
from bot.forecast.year import ForecastRow, Year
from bot.schedules.breaks import Break
from bot.schedules.reasons import reason_words

FEW = 25
"""Rows on a card; the file has them all."""


def text(year: Year) -> str:
    """Every date for people, with breaks and clock changes in their place."""
    zone = ZoneInfo(year.zone)
    lines: list[tuple[datetime, str]] = [(row.at, _line(row)) for row in year.rows]
    lines += [
        (_midnight(day, zone), f"{_day(day)}         {_clock_words(hours)}") for day, hours in year.clocks
    ]
    lines += [
        (_midnight(one.starts, zone), f"{_day(one.starts)}         {_away_words(one)}") for one in year.breaks
    ]
    first, last = (_day(at.astimezone(zone).date()) for at in (year.since, year.until))
    head = _("{community}, {first} to {last}", community=year.community, first=first, last=last)
    body = [line for _at, line in sorted(lines, key=lambda pair: pair[0])]
    return "\n".join([head, "", *body, "", *summary(year)])


def summary(year: Year) -> list[str]:
    """What it comes to: how many go out, and everything a moderator should look at."""
    going = sum(row.goes_out for row in year.rows)
    left = len(year.rows) - going
    lines = [_("Posts that go out: {going}. Posts that do not: {left}.", going=going, left=left)]
    warned = [(row, words) for row in year.rows for words in row.warnings]
    lines += [f"{_short(row)}: {words}" for row, words in warned]
    return lines if warned else [*lines, _("No posts clash, and no prompts or topics run out.")]


def as_json(year: Year) -> str:
    """The same for a program. Times are ISO 8601, local ones with their offset."""
    rows = [
        {
            "at": row.at.isoformat(), "local": row.local.isoformat(), "schedule": row.schedule, "kind": row.kind,
            "title": row.title, "rhythm": row.name, "state": row.state, "reason": row.reason,
            "places": [{"space": space, "channel": channel} for space, channel in row.places],
            "warnings": list(row.warnings),
        }
        for row in year.rows
    ]  # fmt: skip
    whole = {
        "community": year.community,
        "zone": year.zone,
        "from": year.since.isoformat(),
        "to": year.until.isoformat(),
        "dates": rows,
        "breaks": [
            {"from": one.starts.isoformat(), "to": one.ends.isoformat(), "label": one.label}
            for one in year.breaks
        ],
        "clock changes": [{"on": day.isoformat(), "hours": hours} for day, hours in year.clocks],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def card(year: Year, weeks: int) -> Card:
    """What comes in the next weeks, for moderators; the whole of it as a file."""
    title = ngettext("The next week", "The next {count} weeks", weeks)
    if not year.rows:
        return say(
            title,
            Heading(title),
            Markdown(_("Nothing is planned. Start with `/prompt schedule` or `/discuss schedule`.")),
        )
    blocks: list[Block] = [
        Heading(title),
        Facts(tuple((_short(row), _about(row)) for row in year.rows[:FEW])),
    ]
    if len(year.rows) > FEW:
        blocks.append(Markdown(_more_in_the_file(len(year.rows) - FEW)))
    clocks = [f"{_day(day)}: {_clock_words(hours)}" for day, hours in year.clocks]
    looks = summary(year)
    blocks.append(Markdown("\n".join(f"- {line}" for line in [*looks[:10], *clocks])))
    if len(looks) > 10:
        blocks.append(Note(_more_in_the_file(len(looks) - 10)))
    blocks.append(File("ahead.txt", text(year).encode(), _("Every date, as text")))
    return Card(title, tuple(blocks))


def _line(row: ForecastRow) -> str:
    where = " ".join(f"{space.partition(':')[0]}#{channel}" for space, channel in row.places)
    reason = reason_words(row.reason)
    state = "" if row.goes_out else f"  [{_(row.state)}{f': {reason}' if reason else ''}]"
    held = f"  [{reason}]" if row.goes_out and reason else ""
    warned = "".join(f"  ! {words}" for words in row.warnings)
    return f"{_day(row.local.date())}  {format_time(row.local):>8}  {row.schedule:<4}  {where}  {row.title or row.name}{state}{held}{warned}"


def _short(row: ForecastRow) -> str:
    return f"{_day(row.local.date())}, {format_time(row.local)} · {row.schedule}"


def _about(row: ForecastRow) -> str:
    reason = reason_words(row.reason)
    state = "" if row.goes_out and not reason else f" · {_(row.state)}{f' ({reason})' if reason else ''}"
    return f"{row.title or row.name}{state}" + "".join(f" · {words}" for words in row.warnings)


def _day(day: date) -> str:
    return format_short_day(day, year=True)


def _away_words(one: Break) -> str:
    return _("away until {day}: {label}", day=_day(one.ends), label=one.label)


def _clock_words(by: float) -> str:
    hours, count = f"{abs(by):g}", 1 if abs(by) == 1 else 2
    if by > 0:
        return ngettext(
            "the clocks go {hours} hour forward", "the clocks go {hours} hours forward", count, hours=hours
        )
    return ngettext("the clocks go {hours} hour back", "the clocks go {hours} hours back", count, hours=hours)


def _more_in_the_file(count: int) -> str:
    return ngettext("{count} more is in the file.", "{count} more are in the file.", count)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def examples(rows: Sequence[ForecastRow] = ()) -> tuple[Card, ...]:
    """Every card of this room."""
    zone, at = ZoneInfo("Europe/Dublin"), datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    one = ForecastRow(
        at,
        at.astimezone(zone),
        "s3",
        "prompt",
        "weekly",
        "The quiet corner",
        (("local:example", "c1"),),
        "planned",
    )
    two = ForecastRow(
        at, at.astimezone(zone), "d4", "discussion", "Week {week}", "", (("local:example", "c1"),), "skipped",
        "break: Fall break", ("within an hour of The quiet corner in the same channel",),
    )  # fmt: skip
    year = Year(
        "Example",
        "Europe/Dublin",
        at,
        at + timedelta(weeks=6),
        (one, two, *rows),
        (),
        ((date(2026, 10, 25), -1.0),),
    )
    empty = Year("Example", "Europe/Dublin", at, at, (), (), ())
    return card(year, 6), card(empty, 1)
