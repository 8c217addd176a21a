"""What is set up of a community and what is not yet, for `/tilth setup`; read from what is there, so that it can be left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection, select

from bot.alerts import alerts as alerting
from bot.alerts.alerts import Alerts
from bot.chat.models import Place
from bot.chat.setup_steps import STEPS, SetupStep, StepText
from bot.people import chosen, options
from bot.people.chosen import ChosenSettings
from bot.people.tables import Community
from bot.schedules import tables as schedules
from bot.schedules.model import RUNNING

PASSED = "setup-passed"
"""The option that holds the steps which an admin left as they are."""


@dataclass(frozen=True, slots=True)
class SetupMeans:
    """What setting up needs of the settings.

    `given` holds, by slug, which fields of a community the operator set; `danger` the text of who to call.
    """

    chosen: ChosenSettings
    given: Mapping[str, frozenset[str]]
    danger: Mapping[str, str]
    named_moderators: bool


class SetupCalendar(Protocol):
    """What setting up needs of the calendar."""

    def has_days(self, conn: Connection, community_id: int) -> bool:
        """Whether a community has a calendar."""
        ...

    def find_year(self, conn: Connection, community_id: int, today: date) -> tuple[date, date, bool]:
        """The first and last day of school, and whether with the usual breaks: as they were set, else the usual ones."""
        ...

    def read_holidays(self, country: str, today: date) -> None:
        """Read the public holidays of a country, which takes a while the first time."""
        ...

    def add_year(
        self, conn: Connection, home: Community, days: tuple[date, date], *, breaks: bool, now: datetime
    ) -> int:
        """Put a school year into the calendar, with the usual breaks if wanted; how many parts of it are new."""
        ...


@dataclass(frozen=True, slots=True)
class SetupState:
    """How far a community is. `moderators` counts those the bot knows; `named` is how many were chosen in chat."""

    home: Community
    steps: tuple[StepText, ...]
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
        return next((one.step for one in self.steps if one.step not in self.done), None)


def read_state(
    conn: Connection, home: Community, means: SetupMeans, alerts: Alerts, days: SetupCalendar | None
) -> SetupState:  # fmt: skip
    """How far this community is. Without a calendar there is no step for it."""
    facts = chosen.moderators_of(conn, home.id)
    place, calendar = alerting.place_of(conn, home.id), days is not None and days.has_days(conn, home.id)
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
    steps = tuple(one for one in STEPS if days is not None or one.step is not SetupStep.YEAR)
    return SetupState(home, steps, done, calendar, own, known, len(facts), place, count)


def pass_step(conn: Connection, home: int, step: SetupStep) -> None:
    """Leave a step as it is: it is not offered again as the next one."""
    passed = {*(options.option_of(conn, home, PASSED) or ()), step.value}
    options.set_option(conn, home, PASSED, sorted(passed))
