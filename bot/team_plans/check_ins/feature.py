"""The feature of check-ins: asking after what plans say that somebody does, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from bot.delivery.facts import Failed, Sent
from bot.facts import PlanChanged, TeamArchived
from bot.feature import DataSubject, Feature, PeriodicJob
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans.check_ins import agenda, member_data, notices, questions, tables
from bot.team_plans.check_ins.answers import CheckInAnswers
from bot.team_plans.check_ins.examples import check_in_examples
from bot.team_plans.check_ins.notices import StuckNotices
from bot.team_plans.check_ins.questions import CheckIns
from bot.team_plans.check_ins.tables import plan_question
from bot.team_plans.check_ins.typed_answers import TypedAnswers
from bot.team_plans.writer import PlanWriter


def feature(
    writer: PlanWriter, store: Store, clock: Clock, reminders: ReminderPolicy, tell: Callable[[Connection, object], None]
) -> Feature:  # fmt: skip
    """Check-ins, which are reminders; what somebody answers stands in the plan if they say so."""
    asks, stuck = CheckIns(store, clock, reminders, tell), StuckNotices(store, clock)
    answers = CheckInAnswers(writer)
    typed = TypedAnswers(answers)
    return Feature(
        name="check-ins",
        forget=(forget,),
        hand_over=hand_over,
        buttons=(*answers.buttons(), *typed.buttons()),
        forms=answers.forms(),
        facts=(
            (PlanChanged, agenda.follow_plan(clock)), (TeamArchived, agenda.follow_archive(clock)), (Sent, stuck.sent), (Failed, stuck.failed), (Failed, asks.failed),
        ),
        jobs=(
            PeriodicJob("asking after plans", 60, asks.ask_due, tables.next_due),
            PeriodicJob("telling of who is stuck", 60, stuck.tell_due, notices.next_due),
        ),
        draws={questions.LOOK: questions.draw_look, notices.KIND: notices.draw_notice},
        claims=(typed.take_clear,),
        replies=(typed.take_reply,),
        offers=typed.list_offers,
        retention=(*member_data.retention(), *notices.retention()),
        keeps=(plan_question.c.words,),
        examples=check_in_examples,
    )  # fmt: skip


def forget(conn: Connection, whose: DataSubject) -> None:
    """Forget what a person was asked; what they said in a plan stays there, and nobody said it."""
    home, member_id = whose.community.id, whose.member_id
    notices.forget(conn, home, member_id)
    member_data.forget(conn, home, member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a person was asked, and what they said."""
    return {"check-ins of team plans": member_data.hand_over(conn, whose.community.id, whose.member_id)}
