"""What the calendar offers, put together: when a community is away, and what that does to everything that is due."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.calendars import additions, cards, commands, tables
from bot.calendars.additions import SlowAdditions
from bot.calendars.commands import SourceRestorer
from bot.calendars.rebuild import CalendarExtender
from bot.calendars.school_year import YearSetup
from bot.feature import DataSubject, Feature, PeriodicJob
from bot.runtime.clock import Clock
from bot.store.store import Store

list_terms = tables.list_terms
year_setup = YearSetup()


def feature(store: Store, clock: Clock) -> Feature:
    """Return the calendar's commands, buttons, forms and its one job."""
    slow, restorer, extender = SlowAdditions(store), SourceRestorer(store), CalendarExtender(store, clock)
    return Feature(
        name="calendars",
        forget=(),  # the calendar is about days, not people
        hand_over=_none,
        commands=(commands.COMMANDS[0], *additions.COMMANDS, *slow.commands(), *commands.COMMANDS[1:]),
        buttons=(*commands.BUTTONS, *restorer.buttons()),
        forms=(*additions.FORMS, *slow.forms()),
        completions=commands.COMPLETIONS,
        jobs=(PeriodicJob("extending the calendar", 3600, extender.extend, tables.next_lay),),
        invariants=tables.invariants(),
        examples=cards.examples,
    )


def _none(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
