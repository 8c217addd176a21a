"""The prompt bank: prompts from the content files as rows with ids, and the draw of the next one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    func,
    select,
    update,
)

from bot.reflections.prompts import Deck, Prompt
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import Json, Moment

prompt = Table(
    "prompt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("deck", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("retired_at", Moment),
    UniqueConstraint("community_id", "deck", "slug"),
)

drawn = Table(
    "drawn",
    metadata,
    Column("occurrence_id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", Integer, nullable=False, index=True),
    Column("prompt_id", ForeignKey("prompt.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
"""Which prompt an occurrence asked; drawn once, so that a repeated attempt asks the same."""


@dataclass(frozen=True, slots=True)
class Banked:
    """A prompt of the bank. `id` is what people write as `p<id>`."""

    id: int
    deck: str
    prompt: Prompt


_PROMPT = insert(prompt)


def bank(conn: Connection, community_id: int, decks: Sequence[Deck], now: datetime) -> None:
    """Make the bank of a community agree with the content files; prompts that left a file are retired."""
    before = {
        (row.deck, row.slug): row
        for row in conn.execute(select(prompt).where(prompt.c.community_id == community_id))
    }
    seen: set[tuple[str, str]] = set()
    for deck in decks:
        for place, one in enumerate(deck.prompts):
            seen.add((deck.slug, one.slug))
            content = json.loads(json.dumps(one.to_json()))
            old = before.get((deck.slug, one.slug))
            if old is not None and (old.content, old.place, old.retired_at) == (content, place, None):
                continue
            conn.execute(
                _PROMPT.values(
                    community_id=community_id, deck=deck.slug, slug=one.slug, place=place, content=content
                ).on_conflict_do_update(
                    index_elements=["community_id", "deck", "slug"],
                    set_={"place": place, "content": content, "retired_at": None},
                )
            )
    gone = [row.id for key, row in before.items() if key not in seen and row.retired_at is None]
    if gone:
        conn.execute(
            update(prompt)
            .where(prompt.c.community_id == community_id, prompt.c.id.in_(gone))
            .values(retired_at=now)
        )


def decks(conn: Connection, community_id: int) -> dict[str, int]:
    """Decks by name, with how many prompts each can ask."""
    rows = conn.execute(
        select(prompt.c.deck, func.count())
        .where(prompt.c.community_id == community_id, prompt.c.retired_at.is_(None))
        .group_by(prompt.c.deck)
        .order_by(prompt.c.deck)
    )
    return {row[0]: row[1] for row in rows}


def by_id(conn: Connection, community_id: int, prompt_id: int) -> Banked | None:
    row = conn.execute(
        select(prompt).where(prompt.c.community_id == community_id, prompt.c.id == prompt_id)
    ).one_or_none()
    return None if row is None else _banked(row)


def _banked(row: Any) -> Banked:
    return Banked(row.id, row.deck, Prompt.from_json(row.content))


def draw(
    conn: Connection, community_id: int, schedule_id: int, occurrence_id: int, deck: str, now: datetime
) -> Banked | None:
    """The prompt this occurrence asks, drawn the first time it is wanted; None when the deck is empty.

    No prompt comes back before the deck is exhausted. Among those asked least, the one whose form was not asked
    last time and whose theme was asked longest ago comes first, then the order of the files.
    """
    row = conn.execute(
        select(drawn.c.prompt_id).where(drawn.c.occurrence_id == occurrence_id)
    ).scalar_one_or_none()
    if row is not None:
        return by_id(conn, community_id, row)
    chosen = _next(conn, community_id, schedule_id, deck)
    if chosen is not None:
        conn.execute(
            insert(drawn).values(
                occurrence_id=occurrence_id,
                community_id=community_id,
                schedule_id=schedule_id,
                prompt_id=chosen.id,
                at=now,
            )
        )
    return chosen


def upcoming(conn: Connection, community_id: int, schedule_id: int, deck: str) -> Banked | None:
    """The prompt that would be drawn next, without drawing it."""
    return _next(conn, community_id, schedule_id, deck)


def foresee(conn: Connection, community_id: int, schedule_id: int, deck: str, count: int) -> list[Banked]:
    """The prompts of the next `count` draws, without drawing them."""
    rows, times, themes, form = _history(conn, community_id, schedule_id, deck)
    found: list[Banked] = []
    while rows and len(found) < count:
        chosen = _fairest(rows, times, themes, form)
        times[chosen.id] = times.get(chosen.id, 0) + 1
        themes[chosen.content["theme"]], form = max(themes.values(), default=-1) + 1, chosen.content["form"]
        found.append(_banked(chosen))
    return found


def _next(conn: Connection, community_id: int, schedule_id: int, deck: str) -> Banked | None:
    return next(iter(foresee(conn, community_id, schedule_id, deck, 1)), None)


def _history(
    conn: Connection, community_id: int, schedule_id: int, deck: str
) -> tuple[Sequence[Any], dict[int, int], dict[str, int], str | None]:
    """The prompts of a deck; how often each was asked; which turn had which theme last; the last form."""
    rows = conn.execute(
        select(prompt)
        .where(prompt.c.community_id == community_id, prompt.c.deck == deck, prompt.c.retired_at.is_(None))
        .order_by(prompt.c.place)
    ).all()
    history = conn.execute(
        select(drawn.c.prompt_id, prompt.c.content)
        .join(prompt, prompt.c.id == drawn.c.prompt_id)
        .where(drawn.c.schedule_id == schedule_id)
        .order_by(drawn.c.at, drawn.c.occurrence_id)
    ).all()
    times: dict[int, int] = {}
    themes: dict[str, int] = {}
    for turn, past in enumerate(history):
        times[past.prompt_id] = times.get(past.prompt_id, 0) + 1
        themes[past.content["theme"]] = turn
    return rows, times, themes, history[-1].content["form"] if history else None


def _fairest(rows: Sequence[Any], times: dict[int, int], themes: dict[str, int], form: str | None) -> Any:
    least = min(times.get(row.id, 0) for row in rows)
    candidates = [row for row in rows if times.get(row.id, 0) == least]
    return min(
        candidates,
        key=lambda row: (row.content["form"] == form, themes.get(row.content["theme"], -1), row.place),
    )


def left(conn: Connection, community_id: int, schedule_id: int, deck: str) -> int:
    """How many prompts of a deck a schedule can ask before the first one comes back."""
    rows, times, _, _ = _history(conn, community_id, schedule_id, deck)
    least = min((times.get(row.id, 0) for row in rows), default=0)
    return sum(1 for row in rows if times.get(row.id, 0) == least)
