"""The feature of reflections, put together: commands, intake of answers, closing and reminders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.delivery.facts import Failed, Sent
from bot.feature import DataSubject, Feature, PeriodicJob, Reaction
from bot.people import tables as people
from bot.reflections import cards
from bot.reflections.answers import answer_cards, member_commands, own_answers, reminder_cards, tables
from bot.reflections.answers.digest import PromptCloser
from bot.reflections.answers.intake import AnswerChanged, AnswerIntake
from bot.reflections.answers.member_commands import MemberCommands
from bot.reflections.answers.own_answers import OwnAnswers
from bot.reflections.answers.reminders import PromptReminders
from bot.reflections.prompts import (
    bank,
    bank_cards,
    suggestion_cards,
    suggestion_commands,
    suggestions,
)
from bot.reflections.prompts.bank_commands import COMPLETIONS, BankCommands
from bot.reflections.prompts.editor import PromptEditor
from bot.reflections.prompts.import_commands import ImportCommands
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Deck
from bot.reflections.prompts.suggestion_commands import SuggestionCommands
from bot.reflections.schedule import asked_prompts, drafts, notices, previews
from bot.reflections.schedule.approval import PromptApproval
from bot.reflections.schedule.commands import PromptCommands
from bot.reflections.schedule.drafts import PromptScheduleDrafts
from bot.reflections.schedule.edit import PromptScheduleEdits
from bot.reflections.schedule.failures import Trouble
from bot.reflections.schedule.forecast import foretell
from bot.reflections.schedule.lifecycle import PromptScheduleLifecycle
from bot.reflections.schedule.publish import PromptPublisher
from bot.reflections.schedule.settings import KIND
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store


def feature(
    store: Store, clock: Clock, tell: Callable[[Connection, object], None], late: timedelta, emoji: str,
    kept: timedelta | None, alerts: Alerts, policy: ReminderPolicy,
) -> Feature:  # fmt: skip
    """The feature. `emoji` saves one's own message; an answer is taken until `late` after closing, and kept for `kept`."""
    answers = AnswerIntake(tell, late, emoji)
    publisher = PromptPublisher(store, clock, answers, alerts)
    closer = PromptCloser(store, clock, kept)
    failures = Trouble(clock, alerts)
    approval = PromptApproval(store, clock, alerts)
    reminders = PromptReminders(store, clock, policy)
    members, own = MemberCommands(answers), OwnAnswers(answers)
    schedules, editor, prompts, imports, suggesting = _moderator_rooms(store, alerts, approval, failures)
    commands = (members, own, schedules, editor, prompts, imports, suggesting)
    buttons = (members, own, schedules, prompts, suggesting)
    forms = (members, own, schedules, editor, imports, suggesting)
    facts = ((Sent, publisher.sent), (Failed, failures.failed), (AnswerChanged, closer.changed))
    return Feature(
        name="reflections",
        forget=partial(forget, closer),
        hand_over=hand_over,
        nouns={"reflect": "Weekly prompts and your answers", "prompt": "The rhythm of prompts"},
        commands=tuple(each for room in commands for each in room.commands()),
        actions=tuple(each for room in buttons for each in room.actions()),
        forms=tuple(each for room in forms for each in room.forms()),
        listeners=(answers.listen,),
        facts=(*facts, (Reaction, answers.react)),
        shortcuts=(*own_answers.SHORTCUTS, *suggestion_commands.SHORTCUTS),
        home=member_commands.home_blocks,
        completions=(*members.completions(), *own.completions(), *schedules.completions(), *COMPLETIONS),
        beats=(*closer.jobs(), *reminders.jobs(), *_schedule_jobs(store, clock, approval)),
        kinds={KIND: publisher},
        foretells={KIND: foretell},
        invariants=invariants(),
        examples=examples,
        rows=list_rows,
    )


def forget(closer: PromptCloser, conn: Connection, whose: DataSubject) -> None:
    """Remove everything a member answered or suggested."""
    closer.forget_member(conn, whose)
    suggestions.forget(conn, whose.community.id, whose.member_id)


def _moderator_rooms(
    store: Store, alerts: Alerts, approval: PromptApproval, failures: Trouble
) -> tuple[PromptCommands, PromptEditor, BankCommands, ImportCommands, SuggestionCommands]:
    """What moderators use: schedules, and the bank with its suggestions."""
    supplies = Supplies(alerts)
    schedules = PromptCommands(
        store,
        PromptScheduleDrafts(store, supplies),
        PromptScheduleLifecycle(store, alerts, approval, failures, supplies),
        PromptScheduleEdits(store, approval, supplies),
        approval,
    )
    return (
        schedules,
        PromptEditor(supplies, approval),
        BankCommands(supplies),
        ImportCommands(supplies),
        SuggestionCommands(alerts, supplies),
    )


def _schedule_jobs(store: Store, clock: Clock, approval: PromptApproval) -> tuple[PeriodicJob, ...]:
    """Showing prompts to moderators, and forgetting previews that nobody confirmed."""

    async def drop() -> int:
        before = clock.now() - timedelta(days=1)
        return await store.write(lambda conn: drafts.drop_old(conn, before))

    return (
        PeriodicJob("showing prompts to moderators", 30, approval.beat, approval.next_due),
        PeriodicJob("dropping old drafts", 3600, drop, lambda _conn: None),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    rooms = (cards, answer_cards, bank_cards, notices, previews, suggestion_cards, reminder_cards)
    return tuple(card for room in rooms for card in room.examples())


def fill_bank(conn: Connection, decks: Sequence[Deck], now: datetime) -> None:
    """Make every community's bank agree with the content files."""
    for home in people.communities(conn):
        bank.sync_bank(conn, home.id, decks, now)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Everything a member answered, with the question it answered."""
    found: list[dict[str, object]] = []
    total = tables.count_answers(conn, whose.community.id, whose.member_id)
    for one in tables.list_own_answers(
        conn, whose.community.id, whose.member_id, since=None, find="", offset=0, limit=max(total, 1)
    ):
        here = asked_prompts.find(conn, whose.community.id, one.occurrence_id)
        found.append(
            {
                "answer": f"a{one.id}",
                "prompt": here.prompt.title if here is not None else "",
                "question": cards.questions_text(here.prompt) if here is not None else "",
                "shared with": one.sharing.value,
                "first at": one.first_at.isoformat(),
                "late": one.late,
                "parts": [
                    {"via": p.via, "text": p.text, "said at": p.said_at.isoformat()} for p in one.parts
                ],
            }
        )
    suggested = suggestions.hand_over(conn, whose.community.id, whose.member_id)
    return {"answers": found, "suggested prompts": suggested}


def list_rows(conn: Connection, place: Place, message: str) -> list[tuple[str, Mapping[str, object]]]:
    """What the database holds of one message: the prompt it is, or the part of an answer it became."""
    found: list[tuple[str, Mapping[str, object]]] = []
    for table, condition in (
        (
            asked_prompts.asked_in,
            (asked_prompts.asked_in.c.message == message)
            & (asked_prompts.asked_in.c.channel == place.channel),
        ),
        (tables.part, tables.part.c.source == f"{place.space}/{place.channel}/{message}"),
    ):
        for row in conn.execute(select(table).where(condition)):
            found.append((table.name, dict(row._mapping)))  # noqa: SLF001 - SQLAlchemy's public name
            if table is tables.part:
                whole = conn.execute(select(tables.answer).where(tables.answer.c.id == row.answer_id)).one()
                found.append(("answer", dict(whole._mapping)))  # noqa: SLF001
    return found


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    part, answer, asked_in, asking = tables.part, tables.answer, asked_prompts.asked_in, asked_prompts.asking
    orphans = (
        select(part.c.id).outerjoin(answer, answer.c.id == part.c.answer_id).where(answer.c.id.is_(None))
    )
    twice = (
        select(answer.c.occurrence_id)
        .group_by(answer.c.occurrence_id, answer.c.member_id)
        .having(func.count() > 1)
    )
    wordless = select(part.c.id).where(part.c.text == "")
    unkept = (
        select(part.c.id)
        .join(answer, answer.c.id == part.c.answer_id)
        .join(people.member, people.member.c.id == answer.c.member_id)
        .where(people.member.c.erased_at.is_not(None))
    )
    undigested = (
        select(asked_in.c.occurrence_id)
        .join(asking, asking.c.occurrence_id == asked_in.c.occurrence_id)
        .where(asking.c.closed_at < asking.c.closes_at)
    )
    return (
        ("every part belongs to an answer", orphans),
        ("one answer per member and occurrence", twice),
        ("no part is empty", wordless),
        ("no answer of an erased member", unkept),
        ("no prompt closes before its time", undigested),
        ("no suggestion of an erased member", suggestions.suggestions_of_the_erased()),
    )
