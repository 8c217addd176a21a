"""What Tilth remembers of prompts that members suggest, until a moderator has decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)

from bot.chat.language import N_
from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.retention import Ages, Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime


class Fate(StrEnum):
    """What became of a suggestion."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


suggestion = Table(
    "suggestion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("space", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("deck", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fate", EnumText(Fate), nullable=False),
    Column("reason", Text),
    Column("prompt_id", ForeignKey("prompt.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime),
    Index("ix_suggestion_community_id_fate", "community_id", "fate", "id"),
    # Buttons name it by number, and a deleted one's number must not be given again.
    sqlite_autoincrement=True,
)
"""`space` and `person` are the account it came from, which hears what became of it. `deck` may be empty."""


@dataclass(frozen=True, slots=True)
class PromptSuggestion:
    """A question that a member suggested; `name` is theirs, `deck` where they saw it, or ""."""

    id: int
    member_id: int
    name: str
    space: str
    person: str
    deck: str
    text: str
    fate: Fate
    at: datetime


_c = suggestion.c


def add_suggestion(
    conn: Connection,
    community_id: int,
    member_id: int,
    space: str,
    person: str,
    deck: str,
    text: str,
    now: datetime,
) -> int:
    """Keep a suggestion for the moderators; its number."""
    values = {
        "community_id": community_id, "member_id": member_id, "space": space, "person": person, "deck": deck,
        "text": text, "fate": Fate.OPEN, "at": now,
    }  # fmt: skip
    return int(conn.execute(insert(suggestion).values(values).returning(_c.id)).scalar_one())


def find_suggestion(
    conn: Connection, community_id: int, number: int, *, hold: bool = False
) -> PromptSuggestion | None:
    """One suggestion. `hold` keeps it until the transaction ends, so that two moderators take turns."""
    query = _query().where(_c.community_id == community_id, _c.id == number)
    row = conn.execute(query.with_for_update(of=suggestion) if hold else query).one_or_none()
    return None if row is None else _suggestion(row)


def next_open_suggestion(conn: Connection, community_id: int, number: int = 0) -> PromptSuggestion | None:
    """The oldest open suggestion after this one."""
    ours = _query().where(_c.community_id == community_id, _c.fate == Fate.OPEN, _c.id > number)
    row = conn.execute(ours.order_by(_c.id).limit(1)).one_or_none()
    return None if row is None else _suggestion(row)


def count_open_suggestions(conn: Connection, community_id: int, member_id: int | None = None) -> int:
    """How many await a decision, of everybody or of one member."""
    query = select(func.count()).where(_c.community_id == community_id, _c.fate == Fate.OPEN)
    if member_id is not None:
        query = query.where(_c.member_id == member_id)
    return int(conn.execute(query).scalar_one())


def decide_suggestion(
    conn: Connection,
    number: int,
    fate: Fate,
    now: datetime,
    *,
    prompt_id: int | None = None,
    reason: str = "",
) -> None:
    """It became a prompt, or was declined with a reason."""
    values = {"fate": fate, "decided_at": now, "prompt_id": prompt_id, "reason": reason or None}
    conn.execute(update(suggestion).where(_c.id == number).values(values))


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member suggested, for their own copy of their data."""
    ours = (_c.community_id == community_id) & (_c.member_id == member_id)
    return [
        {
            "at": row.at.isoformat(),
            "text": row.text,
            "what became of it": row.fate.value,
            "reason": row.reason,
        }
        for row in conn.execute(select(suggestion).where(ours).order_by(_c.id))
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Remove what a member suggested. A prompt that was made of it belongs to the community and names nobody."""
    conn.execute(delete(suggestion).where(_c.community_id == community_id, _c.member_id == member_id))


def retention(ages: Ages) -> Retention:
    """Suggestions that were decided long ago; what became a prompt stays one."""
    kept = ages["suggestions"]
    return old_rows(
        "suggestions",
        kept,
        suggestion,
        lambda before: _c.decided_at < before,
        words=N_("prompts you suggest"),
    )


def suggestions_of_the_erased() -> Select[Any]:
    """Suggestions of members who were erased: there must be none."""
    return select(_c.id).join(member, member.c.id == _c.member_id).where(member.c.erased_at.is_not(None))


def _query() -> Select[Any]:
    return select(suggestion, member.c.name).join(member, member.c.id == _c.member_id)


def _suggestion(row: Any) -> PromptSuggestion:
    return PromptSuggestion(
        row.id, row.member_id, row.name, row.space, row.person, row.deck, row.text, row.fate, row.at
    )
