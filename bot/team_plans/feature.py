"""The features of team plans: plans with their places, meetings, check-ins, and a person's data in all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.chat.port import Adapter
from bot.delivery.facts import CanvasKeeper, Failed, Sent
from bot.facts import MessageDeleted, PlanChanged
from bot.feature import DataSubject, Feature
from bot.people import tables as people
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import departures, drafts, place_commands, plan_commands, removed_entries, rooms, tables
from bot.team_plans.canvas.intake import CanvasIntake
from bot.team_plans.canvas.keeper import CANVAS, PlanCanvases
from bot.team_plans.check_ins import feature as check_ins
from bot.team_plans.drafts import plan_draft
from bot.team_plans.examples import examples
from bot.team_plans.home import home_blocks
from bot.team_plans.meetings import feature as meetings
from bot.team_plans.meetings.posts import redraw_summary
from bot.team_plans.meetings.tables import told_meetings
from bot.team_plans.place_commands import PlaceCommands
from bot.team_plans.plan_commands import PlanCommands
from bot.team_plans.plan_forms import PlanForms
from bot.team_plans.posted_page import AGAIN, PAGE, PlanPages
from bot.team_plans.private_places import PrivatePlaces
from bot.team_plans.tables import plan_entry, plan_revision
from bot.team_plans.writer import PlanWriter


def features(
    tell: Callable[[Connection, object], None], store: Store, clock: Clock, alerts: Alerts, probe: PlaceProbe,
    adapters: Mapping[str, Adapter], reminders: ReminderPolicy,
) -> tuple[Feature, ...]:  # fmt: skip
    """Team plans with their places, meetings and check-ins; every change of a plan is told as `PlanChanged`."""
    writer = PlanWriter(tell)
    canvases = PlanCanvases(store, clock, adapters, CanvasIntake(writer))
    pages = PlanPages(store, clock, alerts, canvases)
    private = PrivatePlaces(store, clock, adapters, pages)
    plans = _plans(writer, pages, canvases, private, probe)
    return (
        plans,
        meetings.feature(store, clock, probe),
        check_ins.feature(writer, store, clock, reminders, tell),
    )


def _plans(
    writer: PlanWriter, pages: PlanPages, canvases: PlanCanvases, private: PrivatePlaces, probe: PlaceProbe
) -> Feature:
    """Plans, and where each is posted."""
    commands, forms, placing = PlanCommands(writer), PlanForms(writer), PlaceCommands(pages, probe)
    return Feature(
        name="plans",
        forget=(
            partial(forget, pages, departures.forget_canvases),
            partial(forget, pages, departures.forget_names),
            partial(forget, pages, departures.forget_deeds),
        ),
        hand_over=departures.hand_over,
        commands=(*commands.commands(), *placing.commands()),
        buttons=(*commands.buttons(), *forms.buttons(), *placing.buttons(), *private.buttons()),
        forms=(*forms.forms(), *placing.forms()),
        facts=(
            (PlanChanged, pages.plan_changed),
            (MessageDeleted, pages.message_deleted),
            (Sent, pages.sent),
            (Failed, pages.failed),
        ),
        owns_message=pages.owns_message,
        jobs=(*pages.jobs(), *private.jobs()),
        draws={PAGE: pages.draw, AGAIN: pages.draw},
        canvases={CANVAS: CanvasKeeper(canvases.begin, canvases.take)},
        completions=(*plan_commands.COMPLETIONS, *place_commands.COMPLETIONS),
        home=home_blocks,
        retention=tuple(one for room in (tables, drafts, rooms, removed_entries) for one in room.retention()),
        keeps=(plan_entry.c.words, plan_revision.c.words, plan_draft.c.words),
        invariants=invariants(),
        examples=examples,
    )


def forget(
    pages: PlanPages,
    step: Callable[[Connection, DataSubject], set[int]],
    conn: Connection,
    whose: DataSubject,
) -> None:
    """Take a person out of plans by a step, and out of what was posted of these: pages, and the ends of meetings."""
    touched = step(conn, whose)
    for team_id in touched:
        pages.mark(conn, team_id)
    for one in told_meetings(conn, touched):
        redraw_summary(conn, one, whose.now)


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    entry, member = plan_entry.c, people.member.c
    erased = (
        select(entry.id)
        .join(people.member, (member.id == entry.author_id) | (member.id == entry.owner_id))
        .where(member.erased_at.is_not(None))
    )
    return (("no erased member stands in a plan", erased),)
