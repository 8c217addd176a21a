"""The feature of team plans: plans, their place, meetings and check-ins, and a person's data in all of them."""

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
from bot.feature import DataSubject, Feature, PeriodicJob, Subscriber
from bot.people import tables as people
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import departures, drafts, place_commands, removed_entries, rooms, tables
from bot.team_plans.canvas.intake import CanvasIntake
from bot.team_plans.canvas.keeper import CANVAS, PlanCanvases
from bot.team_plans.check_ins import agenda, member_data, notices, questions
from bot.team_plans.check_ins import tables as check_ins
from bot.team_plans.check_ins.answers import CheckInAnswers
from bot.team_plans.check_ins.examples import check_in_examples
from bot.team_plans.check_ins.notices import StuckNotices
from bot.team_plans.check_ins.questions import CheckIns
from bot.team_plans.check_ins.tables import plan_question
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
from bot.team_plans.private_places import PrivatePlaces
from bot.team_plans.tables import plan_entry, plan_revision
from bot.team_plans.writer import PlanWriter


def feature(
    tell: Callable[[Connection, object], None], store: Store, clock: Clock, alerts: Alerts, probe: PlaceProbe,
    adapters: Mapping[str, Adapter], reminders: ReminderPolicy,
) -> Feature:  # fmt: skip
    """Team plans, meetings and check-ins; every change of a plan is told as `PlanChanged`."""
    writer = PlanWriter(tell)
    canvases = PlanCanvases(store, clock, adapters, CanvasIntake(writer))
    pages = PlanPages(store, clock, alerts, canvases)
    private = PrivatePlaces(store, clock, adapters, pages)
    commands, forms, placing = PlanCommands(writer), PlanForms(writer), PlaceCommands(pages, probe)
    planner, session = MeetingPlanner(store, probe), MeetingSession(store, clock)
    asks, stuck = CheckIns(store, clock, reminders), StuckNotices(store, clock)
    answers = CheckInAnswers(writer)
    doors = (commands, forms, placing, private, planner, session, answers)

    return Feature(
        name="plans",
        forget=partial(forget, pages),
        hand_over=hand_over,
        commands=(*commands.commands(), *placing.commands(), *planner.commands()),
        buttons=tuple(button for door in doors for button in door.buttons()),
        forms=(*forms.forms(), *placing.forms(), *planner.forms(), *answers.forms()),
        facts=(*_facts(clock, pages), (Sent, stuck.sent), (Failed, stuck.failed), (Failed, asks.failed)),
        jobs=(
            *pages.jobs(), *private.jobs(), *session.jobs(),
            PeriodicJob("asking after plans", 60, asks.ask_due, check_ins.next_due),
            PeriodicJob("telling of who is stuck", 60, stuck.tell_due, notices.next_due),
        ),
        draws={
            PAGE: pages.draw, AGAIN: pages.draw, posts.SUMMARY: posts.draw_summary, questions.LOOK: questions.draw_look,
            notices.KIND: notices.draw_notice,
        },
        canvases={CANVAS: CanvasKeeper(canvases.begin, canvases.take)},
        completions=(*COMPLETIONS, *place_commands.COMPLETIONS, *meeting_commands.COMPLETIONS),
        home=home_blocks,
        retention=tuple(one for room in (tables, drafts, rooms, removed_entries, meetings, member_data, notices) for one in room.retention()),
        keeps=(plan_entry.c.words, plan_revision.c.words, plan_draft.c.words, plan_question.c.words),
        invariants=invariants(),
        examples=lambda: (*examples(), *meeting_examples.examples(), *check_in_examples()),
    )  # fmt: skip


def _facts(clock: Clock, pages: PlanPages) -> tuple[tuple[type, Subscriber], ...]:
    def meeting_failed(conn: Connection, fact: Failed) -> None:
        posts.note_failed(conn, fact, clock.now())

    def plan_changed(conn: Connection, fact: PlanChanged) -> None:
        posts.follow_plan(conn, fact.team_id, clock.now())

    return (
        (PlanChanged, pages.plan_changed), (MessageDeleted, pages.message_deleted), (Sent, pages.sent), (Failed, pages.failed), (PlanChanged, plan_changed),
        (Sent, posts.note_sent), (Failed, meeting_failed), (PlanChanged, agenda.follow_plan(clock)),
    )  # fmt: skip


def forget(pages: PlanPages, conn: Connection, whose: DataSubject) -> None:
    """Take a person out of plans and meetings, and out of what was posted of them."""
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
