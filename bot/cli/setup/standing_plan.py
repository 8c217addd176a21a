"""What stands in the database when `tilth setup` is typed again: it is shown in the place of a guess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.settings.model import StoreSettings


@dataclass(frozen=True, slots=True)
class StandingPlan:
    """First and last day of school, and the channel and rule (in words) of the prompts in one space; empty: none."""

    year: tuple[date, date] | None = None
    channel: str = ""
    rule: str = ""


def read_standing(url: str, space: str, today: date) -> StandingPlan:
    """What stands at the address of a database (empty: the usual one) for a space key; nothing where none can be read."""
    from bot.store import dialect
    from bot.store.engine import build_engine, database_file
    from bot.store.errors import StoreFault
    from bot.store.revisions import known_revisions, read_revision

    address = url or str(StoreSettings.model_fields["url"].default.get_secret_value())
    file = database_file(address)
    if file is not None and not file.is_file():
        return StandingPlan()
    engine = build_engine(address, "read")
    try:
        with dialect.faults(), engine.connect() as conn:
            if read_revision(conn) != known_revisions()[0]:
                return StandingPlan()
            return _look(conn, space, today)
    except StoreFault:  # the last step opens it, and says what is wrong
        return StandingPlan()
    finally:
        engine.dispose()


def _look(conn: Connection, space: str, today: date) -> StandingPlan:
    # Only here: the whole bot comes with it, which a first time does not need yet.
    from bot.calendars.school_year import find_year
    from bot.cli.setup.first_prompt import find_planned
    from bot.people.tables import communities
    from bot.schedules.breaks import rule_of
    from bot.schedules.recurrence import describe

    homes = communities(conn)
    if not homes:
        return StandingPlan()
    home = homes[0]
    year = find_year(conn, home.id, today)
    one = find_planned(conn, home.id, space, "")
    if one is None:
        return StandingPlan(year and year[:2])
    channel = next((each.channel for each in one.places if each.space == space), "")
    return StandingPlan(year and year[:2], channel, describe(rule_of(one.rule), ZoneInfo(one.zone)))
