"""The feature of team plans: `/team plan`, its forms, its page and place, `/team meet`, and a person's data in all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.delivery.facts import Failed, Sent
from bot.facts import PlanChanged
from bot.feature import DataSubject, Feature
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import departures, drafts, tables
from bot.team_plans.drafts import plan_draft
from bot.team_plans.examples import examples
from bot.team_plans.meetings import examples as meeting_examples
from bot.team_plans.meetings import meeting_commands, posts
from bot.team_plans.meetings import tables as meetings
from bot.team_plans.meetings.meeting_commands import MeetingPlanner
from bot.team_plans.meetings.session import MeetingSession
from bot.team_plans.place_commands import PlaceCommands
from bot.team_plans.plan_commands import COMPLETIONS, PlanCommands, home_blocks
from bot.team_plans.plan_forms import PlanForms
from bot.team_plans.posted_page import AGAIN, PAGE, PlanPages
from bot.team_plans.tables import plan_entry, plan_revision
from bot.team_plans.writer import PlanWriter


def feature(
    tell: Callable[[Connection, object], None], store: Store, clock: Clock, alerts: Alerts, probe: PlaceProbe
) -> Feature:
    """Team plans and meetings; every change of one is told as `PlanChanged`."""
    writer, pages = PlanWriter(tell), PlanPages(store, clock, alerts)
    commands, forms, placing = PlanCommands(writer), PlanForms(writer), PlaceCommands(pages, probe)
    planner, session = MeetingPlanner(store, probe), MeetingSession(store, clock)
    followed = partial(posts.follow_plan, clock)
    return Feature(
        name="plans",
        forget=partial(forget, pages),
        hand_over=hand_over,
        commands=(*commands.commands(), *placing.commands(), *planner.commands()),
        buttons=(*commands.buttons(), *forms.buttons(), *placing.buttons(), *planner.buttons(), *session.buttons()),
        forms=(*forms.forms(), *placing.forms(), *planner.forms()),
        facts=(
            (PlanChanged, pages.plan_changed), (Sent, pages.sent), (Failed, pages.failed),
            (PlanChanged, followed), (Sent, posts.note_sent), (Failed, partial(posts.note_failed, clock)),
        ),
        jobs=(*pages.jobs(), *session.jobs()),
        draws={PAGE: pages.draw, AGAIN: pages.draw, posts.SUMMARY: posts.draw_summary},
        completions=(*COMPLETIONS, *meeting_commands.COMPLETIONS),
        home=home_blocks,
        retention=(*tables.retention(), *drafts.retention(), *meetings.retention()),
        keeps=(plan_entry.c.words, plan_revision.c.words, plan_draft.c.words),
        invariants=invariants(),
        examples=lambda: (*examples(), *meeting_examples.examples()),
    )  # fmt: skip


def forget(pages: PlanPages, conn: Connection, whose: DataSubject) -> None:
    """Take a person out of plans and meetings, and out of what was posted at the end of those."""
    touched = departures.forget(pages, conn, whose)
    meetings.forget(conn, whose.community.id, whose.member_id)
    for one in meetings.told_meetings(conn, touched):
        posts.redraw_summary(conn, one, whose.now)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a person wrote into plans, and the meetings they planned."""
    planned: list[dict[str, object]] = [
        {"at": one.meets_at.isoformat(), "agenda": one.agenda.title, "planned at": one.made_at.isoformat()}
        for one in meetings.planned_by(conn, whose.community.id, whose.member_id)
    ]
    return {**departures.hand_over(conn, whose), "team meetings planned": planned}


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    entry, member = plan_entry.c, people.member.c
    erased = (
        select(entry.id)
        .join(people.member, (member.id == entry.author_id) | (member.id == entry.owner_id))
        .where(member.erased_at.is_not(None))
    )
    return (("no erased member stands in a plan", erased),)
