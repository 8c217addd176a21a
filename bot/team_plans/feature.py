"""The feature of team plans: `/team plan`, its forms and its page, and a person's data in plans."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.delivery.facts import Failed, Sent
from bot.facts import PlanChanged
from bot.feature import Feature, PeriodicJob
from bot.people import tables as people
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import departures, drafts, tables
from bot.team_plans.check_ins import agenda, member_data, notices, questions
from bot.team_plans.check_ins import tables as check_ins
from bot.team_plans.check_ins.answers import CheckInAnswers
from bot.team_plans.check_ins.examples import check_in_examples
from bot.team_plans.check_ins.notices import StuckNotices
from bot.team_plans.check_ins.questions import CheckIns
from bot.team_plans.check_ins.tables import plan_question
from bot.team_plans.drafts import plan_draft
from bot.team_plans.examples import examples
from bot.team_plans.place_commands import PlaceCommands
from bot.team_plans.plan_commands import COMPLETIONS, PlanCommands, home_blocks
from bot.team_plans.plan_forms import PlanForms
from bot.team_plans.posted_page import AGAIN, PAGE, PlanPages
from bot.team_plans.tables import plan_entry, plan_revision
from bot.team_plans.writer import PlanWriter


def feature(
    tell: Callable[[Connection, object], None], store: Store, clock: Clock, alerts: Alerts, probe: PlaceProbe,
    reminders: ReminderPolicy,
) -> Feature:  # fmt: skip
    """Team plans; every change of one is told as `PlanChanged`."""
    writer, pages = PlanWriter(tell), PlanPages(store, clock, alerts)
    commands, forms, placing = PlanCommands(writer), PlanForms(writer), PlaceCommands(pages, probe)
    asks, stuck = CheckIns(store, clock, reminders), StuckNotices(store, clock)
    answers = CheckInAnswers(writer, tell)
    return Feature(
        name="plans",
        forget=partial(departures.forget, pages),
        hand_over=departures.hand_over,
        commands=(*commands.commands(), *placing.commands()),
        buttons=(*commands.buttons(), *forms.buttons(), *placing.buttons(), *answers.buttons()),
        forms=(*forms.forms(), *placing.forms(), *answers.forms()),
        facts=(
            (PlanChanged, pages.plan_changed),
            (Sent, pages.sent),
            (Failed, pages.failed),
            (PlanChanged, agenda.follow_plan(clock)),
            (Sent, stuck.sent),
            (Failed, stuck.failed),
            (Failed, asks.failed),
        ),
        jobs=(
            *pages.jobs(),
            PeriodicJob("asking after plans", 60, asks.ask_due, check_ins.next_due),
            PeriodicJob("telling of who is stuck", 60, stuck.tell_due, notices.next_due),
        ),
        draws={
            PAGE: pages.draw,
            AGAIN: pages.draw,
            questions.LOOK: questions.draw_look,
            notices.KIND: notices.draw_notice,
        },
        completions=COMPLETIONS,
        home=home_blocks,
        retention=(
            *tables.retention(),
            *drafts.retention(),
            *member_data.retention(),
            *notices.retention(),
        ),
        keeps=(plan_entry.c.words, plan_revision.c.words, plan_draft.c.words, plan_question.c.words),
        invariants=invariants(),
        examples=lambda: (*examples(), *check_in_examples()),
    )


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    entry, member = plan_entry.c, people.member.c
    erased = (
        select(entry.id)
        .join(people.member, (member.id == entry.author_id) | (member.id == entry.owner_id))
        .where(member.erased_at.is_not(None))
    )
    return (("no erased member stands in a plan", erased),)
