"""The feature of team plans: `/team plan`, its forms and its page, and a person's data in plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.feature import Feature
from bot.people import tables as people
from bot.team_plans import departures, drafts, tables
from bot.team_plans.drafts import plan_draft
from bot.team_plans.examples import examples
from bot.team_plans.plan_commands import COMPLETIONS, PlanCommands, home_blocks
from bot.team_plans.plan_forms import PlanForms
from bot.team_plans.tables import plan_entry, plan_revision
from bot.team_plans.writer import PlanWriter


def feature(tell: Callable[[Connection, object], None]) -> Feature:
    """Team plans; every change of one is told as `PlanChanged`."""
    writer = PlanWriter(tell)
    commands, forms = PlanCommands(writer), PlanForms(writer)
    return Feature(
        name="plans",
        forget=departures.forget,
        hand_over=departures.hand_over,
        commands=commands.commands(),
        buttons=(*commands.buttons(), *forms.buttons()),
        forms=forms.forms(),
        completions=COMPLETIONS,
        home=home_blocks,
        retention=(*tables.retention(), *drafts.retention()),
        keeps=(plan_entry.c.words, plan_revision.c.words, plan_draft.c.words),
        invariants=invariants(),
        examples=examples,
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
