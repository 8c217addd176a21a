"""What a plan is to be asked about, and when: made anew whenever it changes, so that nothing old is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from bot.courses.teams.team_states import is_archived
from bot.facts import PlanChanged, TeamArchived
from bot.people.hours import Hours, community_hours
from bot.runtime.clock import Clock
from bot.team_plans import tables as plans
from bot.team_plans.check_ins import tables
from bot.team_plans.check_ins.tables import PlanCheck
from bot.team_plans.model import LOOKS, PlanEntry, PlanSheet, TeamPlan, look_day

AT = time(9)
"""When somebody is asked, by the community's clock."""
MISSED = timedelta(days=14)
"""A look may be asked for so long after its day; what somebody does is only asked about on its day, or after a break."""
SHEETS = frozenset(sheet.value for sheet in (PlanSheet.CHANGE, PlanSheet.LOOK, PlanSheet.NEXT))
"""The parts of a plan in which there is something to ask about."""
AgendaKey = tuple[int, str, date]
"""What is asked about: an entry, after how many weeks ("" for whoever does it), and the day."""


def list_agenda(plan: TeamPlan) -> Iterator[AgendaKey]:
    """What a plan is to be asked about: open steps, the change that runs, and the looks at it that were not taken."""
    for step in plan.steps:
        if step.done_at is None and step.day is not None:
            yield step.id, "", step.day
    change = plan.change
    if change is None or change.day is None:
        return
    yield change.id, "", change.day
    for weeks in looks_left(plan, change):
        day = look_day(change, weeks)
        if day is not None:
            yield change.id, weeks, day


def looks_left(plan: TeamPlan, change: PlanEntry) -> tuple[str, ...]:
    """The looks at a change that come yet."""
    following = plan.weeks_to_look(change)
    return LOOKS[LOOKS.index(following) :] if following else ()


def follow_plan(clock: Clock) -> Callable[[Connection, PlanChanged], None]:
    """What keeps the agenda of a plan as the plan is."""

    def follow(conn: Connection, fact: PlanChanged) -> None:
        if fact.part in SHEETS:
            renew_agenda(conn, plans.load_plan(conn, fact.team_id), clock.now())

    return follow


def follow_archive(clock: Clock) -> Callable[[Connection, TeamArchived], None]:
    """What lets nobody be asked about an archived team, and goes on where it is opened again."""

    def follow(conn: Connection, fact: TeamArchived) -> None:
        renew_agenda(conn, plans.load_plan(conn, fact.team_id), clock.now())

    return follow


def renew_agenda(conn: Connection, plan: TeamPlan, now: datetime) -> None:
    """Ask about what is new in a plan, and no longer about what is done, moved or gone."""
    wanted = set() if is_archived(conn, plan.team_id) else set(list_agenda(plan))
    known = {(one.entry_id, one.weeks, one.day): one for one in tables.checks_of(conn, plan.team_id)}
    if not wanted - known.keys() and all(_is_settled(one, key in wanted) for key, one in known.items()):
        return
    hours = community_hours(conn, plan.community_id, now)
    for key in sorted(wanted - known.keys()):
        due = _due_at(hours, key, now)
        if due is not None:
            tables.add_check(conn, plan.community_id, plan.team_id, key, due, now)
    for key, one in known.items():
        if key not in wanted:
            tables.set_due(conn, one.id, None)
            tables.close_questions(conn, one.id)
        elif one.asked_at is None and one.due_at is None:
            tables.set_due(conn, one.id, _due_at(hours, key, now))


def _is_settled(one: PlanCheck, wanted: bool) -> bool:
    """Whether nothing about a check can have changed."""
    return one.due_at is not None if wanted and one.asked_at is None else wanted


def _due_at(hours: Hours, key: AgendaKey, now: datetime) -> datetime | None:
    """When to ask, on the first working day from then on; None where that is over."""
    due = hours.slot(key[2], AT)
    if due > now:
        return due
    return now if key[1] and now - due < MISSED else None
