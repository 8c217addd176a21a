"""The button that shows what people wrote on a canvas and that is not in the plan yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Card
from bot.feature import ButtonHandler, Reads, Request
from bot.team_plans import draft_cards, drafts, tables
from bot.team_plans.access import names_in, own_plan
from bot.team_plans.canvas import ask_cards
from bot.team_plans.drafts import PlanDraft
from bot.team_plans.model import DAY, OWNER, PlanEntry, TeamPlan
from bot.team_plans.student_names import fields_of_students, find_student_names
from bot.team_plans.writer import as_values


def show_waiting(conn: Connection, request: Request) -> Card:
    """The first thing on the canvas that waits for an answer."""
    plan = own_plan(conn, request)
    waiting = drafts.canvas_drafts(conn, plan.team_id)
    if not waiting:
        return ask_cards.nothing_card(plan)
    first, more = waiting[0], len(waiting) - 1
    if found := find_student_names(conn, plan.community_id, first):
        text = "\n".join(first.words[name] for name in fields_of_students(first))
        return ask_cards.names_card(first.id, found, text, more)
    return _clash(conn, plan, first, more)


def _clash(conn: Connection, plan: TeamPlan, draft: PlanDraft, more: int) -> Card:
    stored = tables.find_entry(conn, plan.team_id, draft.entry_id or 0)
    theirs = stored.entry if stored is not None else PlanEntry(0, draft.sheet.part, 0, {})
    mine = _entry_with(theirs, draft)
    names = names_in(conn, plan, theirs.owner_id, mine.owner_id)
    fields = draft_cards.clashing_fields(draft.sheet, draft.clash, theirs, mine, names)
    return ask_cards.clash_card(draft.id, fields, more)


def _entry_with(theirs: PlanEntry, draft: PlanDraft) -> PlanEntry:
    """An entry with the words of a draft in it."""
    values = as_values(draft.words)
    words = {name: value for name, value in values.items() if isinstance(value, str)}
    owner, day = values.get(OWNER), values.get(DAY)
    return replace(theirs, words=words, owner_id=owner, day=day)  # type: ignore[arg-type]


def waiting_blocks(conn: Connection, plan: TeamPlan) -> Sequence[Block]:
    """What stands above a plan while something on its canvas waits."""
    waiting = drafts.canvas_drafts(conn, plan.team_id)
    return ask_cards.waiting_note(plan, len(waiting)) if waiting else ()


BUTTONS = (ButtonHandler(ask_cards.WAITING, Reads(show_waiting)),)
