"""What reflections hold of a member: how it is forgotten, handed over, kept for a time, shown and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.chat.models import Place
from bot.feature import DataSubject, Forget
from bot.people import tables as people
from bot.reflections import cards
from bot.reflections.anonymous import tables as anonymous_tables
from bot.reflections.anonymous.publication import AnonymousPublisher
from bot.reflections.answers import (
    history_page,
    removal,
    search_entries,
    seen_notes,
    standing_cards,
    tables,
)
from bot.reflections.answers.digest import PromptCloser
from bot.reflections.conversations import privacy as conversation_privacy
from bot.reflections.conversations import room as conversations
from bot.reflections.conversations import tables as conversation_tables
from bot.reflections.moderation import tables as moderation_tables
from bot.reflections.moderation.upkeep import ReportUpkeep
from bot.reflections.prompts import suggestions
from bot.reflections.schedule import asked_prompts
from bot.reflections.shared_answers import tables as shared_tables
from bot.store.retention import Ages, Retention

KEEPS = (tables.part.c.text, suggestions.suggestion.c.text, conversation_tables.private_reply.c.text)
"""The columns that hold members' words."""


def forget_steps(
    closer: PromptCloser, unnamed: AnonymousPublisher, reports: ReportUpkeep
) -> tuple[Forget, ...]:
    """Remove everything a member answered, reported or suggested; of what was answered anonymously nobody knows whose it is."""
    return conversations.forget, reports.forget_member, closer.forget_member, unnamed.forget_member, forget


def forget(conn: Connection, whose: DataSubject) -> None:
    """Remove what a member did with prompts beside answering them."""
    shared_tables.forget(conn, whose.community.id, whose.member_id)
    standing_cards.forget_cards(conn, whose)
    seen_notes.forget_notes(conn, whose.community.id, whose.member_id)
    suggestions.forget(conn, whose.community.id, whose.member_id)


def list_retention(ages: Ages) -> tuple[Retention, ...]:
    """How long what of this feature is kept."""
    several = (
        *removal.retention(ages),
        *shared_tables.retention(ages),
        *conversation_privacy.retention(ages),
    )
    return (*several, anonymous_tables.retention(ages), suggestions.retention(ages))


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Everything a member answered, with the question it answered."""
    found: list[dict[str, object]] = []
    total = tables.count_answers(conn, whose.community.id, whose.member_id)
    for one in history_page.list_own_answers(
        conn, whose.community.id, whose.member_id, offset=0, limit=max(total, 1)
    ):
        here = asked_prompts.find_asked_prompt(conn, whose.community.id, one.occurrence_id)
        found.append(
            {
                "answer": f"a{one.id}",
                "prompt": here.prompt.title if here is not None else "",
                "question": cards.questions_text(here.prompt) if here is not None else "",
                "shared with": one.sharing.value,
                "first at": one.first_at.isoformat(),
                "late": one.late,
                "hidden by a moderator": one.hidden.value if one.hidden is not None else None,
                "parts": [
                    {"via": p.via, "text": p.text, "said at": p.said_at.isoformat()} for p in one.parts
                ],
            }
        )
    suggested = suggestions.hand_over(conn, whose.community.id, whose.member_id)
    notes = seen_notes.hand_over(conn, whose.member_id)
    looks = shared_tables.hand_over(conn, whose.member_id)
    return {
        "answers": found, "suggested prompts": suggested, "notes you have seen": notes, "shared answers you read": looks,
        "answers you reported": moderation_tables.hand_over(conn, whose.community.id, whose.member_id),
        **conversations.hand_over(conn, whose),
    }  # fmt: skip


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
        *conversation_privacy.invariants(),
        *search_entries.invariants(),
    )
