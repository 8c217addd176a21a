"""The feature of team plans: `/team plan`, its forms and its page, and a person's data in plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.chat.port import Adapter
from bot.delivery.facts import Failed, Sent
from bot.facts import PlanChanged
from bot.feature import Feature
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.team_plans import departures, drafts, tables
from bot.team_plans.drafts import plan_draft
from bot.team_plans.examples import examples
from bot.team_plans.place_commands import PlaceCommands
from bot.team_plans.plan_commands import COMPLETIONS, PlanCommands, home_blocks
from bot.team_plans.plan_forms import PlanForms
from bot.team_plans.posted_page import AGAIN, PAGE, PlanPages
from bot.team_plans.private_places import PrivatePlaces
from bot.team_plans.tables import plan_entry, plan_revision
from bot.team_plans.writer import PlanWriter


def feature(
    tell: Callable[[Connection, object], None],
    store: Store,
    clock: Clock,
    alerts: Alerts,
    probe: PlaceProbe,
    adapters: Mapping[str, Adapter],
) -> Feature:
    """Team plans; every change of one is told as `PlanChanged`."""
    writer, pages = PlanWriter(tell), PlanPages(store, clock, alerts)
    rooms = PrivatePlaces(store, clock, adapters, pages)
    commands, forms, placing = PlanCommands(writer), PlanForms(writer), PlaceCommands(pages, probe)
    return Feature(
        name="plans",
        forget=partial(departures.forget, pages),
        hand_over=departures.hand_over,
        commands=(*commands.commands(), *placing.commands()),
        buttons=(*commands.buttons(), *forms.buttons(), *placing.buttons(), *rooms.buttons()),
        forms=(*forms.forms(), *placing.forms()),
        facts=((PlanChanged, pages.plan_changed), (Sent, pages.sent), (Failed, pages.failed)),
        jobs=(*pages.jobs(), *rooms.jobs()),
        draws={PAGE: pages.draw, AGAIN: pages.draw},
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
