"""When a rhythm, or everything a community has planned, comes round: the planner's own arithmetic, printed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import _, format_short_day, format_time, speaking
from bot.chat.time.rule_parser import parse_rule
from bot.chat.time.zones import zone as known_zone
from bot.forecast import views
from bot.forecast.year import NOTES, Year, forecast_year, forecasters
from bot.people import tables as people
from bot.playground.bare_app import bare_app
from bot.playground.example_year import open_example
from bot.reflections.prompts.files import read_decks
from bot.runtime.clock import SystemClock
from bot.schedules.forecast import Forecaster
from bot.schedules.recurrence import describe, find_day_start, instants
from bot.settings.environment import content_root
from bot.settings.model import Settings
from bot.store.engine import database_file
from bot.store.journal import refuse_foreign_log
from bot.store.store import Store


def dates(text: str, default_zone: str, start: str, weeks: int) -> tuple[str, str, list[dict[str, str]]]:
    """(the rhythm in a sentence, its zone, the dates). Raises `ValueError` with words for the author."""
    rule, named = parse_rule(text)
    zone: ZoneInfo = known_zone(named or default_zone)
    now = SystemClock().now()
    if start:
        try:
            first = find_day_start(datetime.fromisoformat(start).date(), zone)
        except ValueError:
            raise ValueError(f"{start!r} is no date. Write it like 2026-10-01.") from None
        now = first - timedelta(microseconds=1)
    until = now + timedelta(weeks=weeks)
    coming = takewhile(lambda one: one.at <= until, instants(rule, zone, now.astimezone(zone).date(), now))
    rows = [
        {
            "key": one.key,
            "local": one.at.astimezone(zone).isoformat(" ", "minutes"),
            "utc": one.at.isoformat(" ", "minutes"),
            "note": _(NOTES[one.note]) if one.note else "",
        }
        for one in coming
    ]
    return describe(rule, zone), str(zone), rows


def preview_dates(
    settings: Settings, rule: str, start: str, weeks: int, *, example: bool, as_json: bool
) -> str:
    """What `tilth preview` prints: one rhythm, or with no rule the whole year. Raises `ValueError`."""
    if not rule:
        return year(settings, start, weeks, example=example, as_json=as_json)
    with speaking(settings.community.locale):
        sentence, zone, rows = dates(rule, settings.community.zone, start, weeks)
        return (
            json.dumps({"rhythm": sentence, "zone": zone, "dates": rows})
            if as_json
            else table(sentence, rows)
        )


# ── everything a community has planned ────────────────────────────────────────


def year(settings: Settings, start: str, weeks: int, *, example: bool, as_json: bool) -> str:
    """The year ahead of every community in the database, or of an imagined one.

    The database is only read, so a bot that runs on it is not disturbed. Raises `ValueError` with words for the
    operator.
    """
    day = _day(start) if start else None
    with _source(settings, day, example=example) as (store, told):
        years = store.read_now(lambda conn: _years(conn, day, weeks, told))
    with speaking(settings.community.locale):
        return "\n\n\n".join(views.as_json(one) if as_json else views.text(one) for one in years)


def _years(conn: Connection, day: date | None, weeks: int, told: Mapping[str, Forecaster]) -> list[Year]:
    found = []
    for home in people.communities(conn):
        since = SystemClock().now()
        if day is not None:
            since = find_day_start(day, ZoneInfo(home.zone))
        found.append(forecast_year(conn, home, since, since + timedelta(weeks=weeks), told))
    if not found:
        raise ValueError("The database has no community yet. Try `tilth preview --example`.")
    return found


@contextmanager
def _source(
    settings: Settings, day: date | None, *, example: bool
) -> Iterator[tuple[Store, Mapping[str, Forecaster]]]:
    """Where the plans are, and who tells what they will say."""
    with bare_app(settings) as bare:
        told = forecasters(bare.features)
        if example:
            first = day or SystemClock().now().date()
            with open_example(read_decks(content_root(settings)), first) as store:
                yield store, told
            return
        url = settings.store.url.get_secret_value()
        file = database_file(url)
        if file is not None and not file.exists():
            raise ValueError(f"There is no database at {file} yet. Try `tilth preview --example`.")
        if file is not None:
            refuse_foreign_log(file)
        store = Store(url, journal=None)
        try:
            yield store, told
        finally:
            store.close_now()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date. Write it like 2026-10-01.") from None


def table(sentence: str, rows: list[dict[str, str]]) -> str:
    """The dates for people."""
    lines = [sentence[:1].upper() + sentence[1:], ""]
    offset = ""
    for row in rows:
        local = datetime.fromisoformat(row["local"])
        changed = f"{local:%z}"
        note = row["note"] or ("the clocks have changed" if offset and changed != offset else "")
        offset = changed
        day, at = format_short_day(local, year=True), format_time(local)
        lines.append(f"  {day:>16}  {at:>8}  ({local:%Z}, {row['key']})  {note}".rstrip())
    return "\n".join(lines)
