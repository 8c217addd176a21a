"""When a rhythm comes round, for `tilth preview`: the planner's own arithmetic, printed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.chat.rhythms import parse_rule
from bot.chat.zones import zone as known_zone
from bot.timing.clock import SystemClock
from bot.timing.recurrence import describe, instants

NOTES = {
    "gap": "the clock jumps over this time; it is an hour later that day",
    "fold": "this time comes twice; it is the first",
}


def dates(text: str, default_zone: str, start: str, weeks: int) -> tuple[str, str, list[dict[str, str]]]:
    """(the rhythm in a sentence, its zone, the dates). Raises `ValueError` with words for the author."""
    rule, named = parse_rule(text)
    zone: ZoneInfo = known_zone(named or default_zone)
    now = SystemClock().now()
    if start:
        try:
            first = datetime.combine(datetime.fromisoformat(start).date(), time(), zone).astimezone(UTC)
        except ValueError:
            raise ValueError(f"{start!r} is no date; write it like 2026-10-01.") from None
        now = first - timedelta(microseconds=1)
    until = now + timedelta(weeks=weeks)
    coming = takewhile(lambda one: one.at <= until, instants(rule, zone, now.astimezone(zone).date(), now))
    rows = [
        {
            "key": one.key,
            "local": one.at.astimezone(zone).isoformat(" ", "minutes"),
            "utc": one.at.isoformat(" ", "minutes"),
            "note": NOTES.get(one.note or "", ""),
        }
        for one in coming
    ]
    return describe(rule, zone), str(zone), rows


def table(sentence: str, rows: list[dict[str, str]]) -> str:
    """The dates for people."""
    lines = [sentence[:1].upper() + sentence[1:], ""]
    offset = ""
    for row in rows:
        local = datetime.fromisoformat(row["local"])
        changed = f"{local:%z}"
        note = row["note"] or ("the clocks have changed" if offset and changed != offset else "")
        offset = changed
        lines.append(
            f"  {local:%a} {local.day:2} {local:%b %Y  %H:%M}  ({local:%Z}, {row['key']})  {note}".rstrip()
        )
    return "\n".join(lines)
