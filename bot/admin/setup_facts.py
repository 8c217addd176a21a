"""What is set up of a community and what is not yet, for `/tilth setup`; read from what is there, so that it can be left."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from bot.alerts import alerts as alerting
from bot.alerts.alerts import Alerts
from bot.chat.models import Place
from bot.chat.setup_steps import STEPS, SetupStep
from bot.people import chosen, options
from bot.people.chosen import ChosenSettings
from bot.people.tables import Community
from bot.schedules import tables as schedules
from bot.schedules.model import RUNNING

PASSED = "setup-passed"
"""The option that holds the steps which an admin left as they are."""


@dataclass(frozen=True, slots=True)
class SetupMeans:
    """What setting up needs of the settings and of other features.

    `given` holds, by slug, which fields of a community the operator set; `danger` the text of who to call. `add_year`
    puts a school year into the calendar: (community, first day, last day, with typical breaks, now) → how many parts are new.
    """

    chosen: ChosenSettings
    given: Mapping[str, frozenset[str]]
    danger: Mapping[str, str]
    named_moderators: bool
    has_calendar: Callable[[Connection, int], bool]
    likely_year: Callable[[date], tuple[date, date]]
    read_holidays: Callable[[str, date], None]
    add_year: Callable[[Connection, Community, tuple[date, date], bool, datetime], int]


@dataclass(frozen=True, slots=True)
class SetupState:
    """How far a community is. `moderators` counts those the bot knows; `named` is how many were chosen in chat."""

    home: Community
    done: frozenset[SetupStep]
    calendar: bool
    own_danger: bool
    moderators: int
    named: int
    alerts: Place | None
    schedules: int

    @property
    def next_step(self) -> SetupStep | None:
        """The first step that is not done; None: all are."""
        return next((one.step for one in STEPS if one.step not in self.done), None)


def read_state(conn: Connection, home: Community, means: SetupMeans, alerts: Alerts) -> SetupState:
    """How far this community is."""
    facts = chosen.moderators_of(conn, home.id)
    place, calendar = alerting.place_of(conn, home.id), means.has_calendar(conn, home.id)
    text = chosen.danger_text_of(conn, home.id)
    own = bool(means.danger.get(home.slug) if text is None else text)
    s = schedules.schedule.c
    running = select(s.id).where(s.community_id == home.id, s.state.in_(RUNNING), s.name.is_not(None))
    count = len(conn.execute(running).all())
    held = {
        SetupStep.HOME: "zone" in means.given.get(home.slug, ())
        or bool(options.option_of(conn, home.id, chosen.HOME)),
        SetupStep.YEAR: calendar,
        SetupStep.DANGER: own,
        SetupStep.MODERATORS: means.named_moderators or bool(facts),
        SetupStep.ALERTS: place is not None,
        SetupStep.PROMPT: count > 0,
    }
    passed = set(options.option_of(conn, home.id, PASSED) or ())
    done = frozenset(step for step, is_done in held.items() if is_done or step.value in passed)
    known = len(alerts.moderators(conn, home.id))
    return SetupState(home, done, calendar, own, known, len(facts), place, count)


def pass_step(conn: Connection, home: int, step: SetupStep) -> None:
    """Leave a step as it is: it is not offered again as the next one."""
    passed = {*(options.option_of(conn, home, PASSED) or ()), step.value}
    options.set_option(conn, home, PASSED, sorted(passed))
