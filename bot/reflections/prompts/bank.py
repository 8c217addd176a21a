"""The prompt bank: prompts from the content files and from chat as rows with ids. Which one is next: `selection`.

Files are the base: what a file says is made true at every start. What moderators decide in chat stays beside it:
prompts of their own, tags, the order of asking, and which prompts rest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain, count
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    select,
    update,
)

from bot.reflections.prompts.model import Deck, Prompt
from bot.reflections.prompts.seasons import lesson_weeks
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import EnumText, Json, UtcDateTime


class PromptOrigin(StrEnum):
    """Where a prompt came from."""

    FILE = "file"
    CHAT = "chat"
    SUGGESTED = "suggested"


BY_FILE, BY_HAND = "file", "hand"
"""Who retired a prompt: the file that no longer has it, or a moderator."""

prompt = Table(
    "prompt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("deck", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("content", Json, nullable=False),
    Column("retired_at", UtcDateTime),
    Column("retired_by", Text),
    Column("origin", EnumText(PromptOrigin), nullable=False, server_default=PromptOrigin.FILE.value),
    Column("tags", Json),
    Column("turn", Integer),
    Column("lesson_opens_at", UtcDateTime),
    Column("lesson_closes_at", UtcDateTime),
    UniqueConstraint("community_id", "deck", "slug"),
)
"""`tags` are what a moderator chose instead of the content's own. `turn` is the place in the hand-ordered queue.
`lesson_opens_at` and `lesson_closes_at`: between which instants a prompt may be asked that completes a lesson; set when the
lesson comes to somebody."""


@dataclass(frozen=True, slots=True)
class BankedPrompt:
    """A prompt of the bank. `id` is what people write as `p<id>`; `turn` its place in the hand-ordered queue."""

    id: int
    deck: str
    prompt: Prompt
    origin: PromptOrigin = PromptOrigin.FILE
    turn: int | None = None
    retired_by: str | None = None


_PROMPT = insert(prompt)
_c = prompt.c
ASKABLE = _c.retired_at.is_(None)


# ── the files ─────────────────────────────────────────────────────────────────


def sync_bank(conn: Connection, community_id: int, decks: Sequence[Deck], now: datetime) -> None:
    """Make the bank of a community agree with the content files; prompts that left a file are retired.

    What a moderator retired rests on, whatever its file says.
    """
    before = {
        (row.deck, row.slug): row
        for row in conn.execute(select(prompt).where(_c.community_id == community_id))
    }
    seen: set[tuple[str, str]] = set()
    for deck in decks:
        for place, one in enumerate(deck.prompts):
            seen.add((deck.slug, one.slug))
            _keep(conn, community_id, deck.slug, one, place, before.get((deck.slug, one.slug)))
    gone = [
        row.id
        for key, row in before.items()
        if key not in seen and row.retired_at is None and row.origin is PromptOrigin.FILE
    ]
    if gone:
        ours = (_c.community_id == community_id) & _c.id.in_(gone)
        conn.execute(update(prompt).where(ours).values(retired_at=now, retired_by=BY_FILE, turn=None))


def _keep(conn: Connection, community_id: int, deck: str, one: Prompt, place: int, old: Any) -> None:
    """Write one prompt of a file, unless it is there as it is."""
    content = json.loads(json.dumps(one.to_json()))
    rests = old is not None and old.retired_by == BY_HAND
    values: dict[str, Any] = {"place": place, "content": content, "origin": PromptOrigin.FILE}
    if not rests:
        values |= {"retired_at": None, "retired_by": None}
    if old is not None and all(getattr(old, name) == value for name, value in values.items()):
        return
    conn.execute(
        _PROMPT.values(community_id=community_id, deck=deck, slug=one.slug, **values).on_conflict_do_update(
            index_elements=["community_id", "deck", "slug"], set_=values
        )
    )


def note_lesson(
    conn: Connection, community_id: int, lesson: str, slug: str, came: datetime, due: datetime
) -> None:
    """A lesson (`course/lesson`) came to somebody, to be done by `due`: the prompt that completes it has its weeks.

    Whoever comes later makes them longer, and takes them from nobody who came before.
    """
    opens, closes = lesson_weeks(came, due)
    rows = conn.execute(
        select(_c.id, _c.content, _c.lesson_opens_at, _c.lesson_closes_at).where(
            _c.community_id == community_id, _c.slug == slug, ASKABLE
        )
    )
    for row in rows.all():
        if row.content.get("completes") and row.content["lesson"] == lesson:
            running = row.lesson_closes_at is not None and row.lesson_closes_at >= came
            first = min(row.lesson_opens_at, opens) if running else opens
            last = max(row.lesson_closes_at, closes) if running else closes
            _change(conn, community_id, row.id, lesson_opens_at=first, lesson_closes_at=last)


# ── what moderators see ───────────────────────────────────────────────────────


def count_by_deck(conn: Connection, community_id: int) -> dict[str, int]:
    """Decks by name, with how many prompts each can ask."""
    rows = conn.execute(
        select(_c.deck, func.count())
        .where(_c.community_id == community_id, ASKABLE)
        .group_by(_c.deck)
        .order_by(_c.deck)
    )
    return {row[0]: row[1] for row in rows}


_FROM_FILE = select(_c.content).where(
    _c.community_id == bindparam("community"), _c.deck == bindparam("of_deck"), _c.origin == PromptOrigin.FILE, ASKABLE
)  # fmt: skip


def allows_anonymous(conn: Connection, community_id: int, deck: str) -> bool:
    """Whether the content file of a deck allows anonymous answers; prompts that were added to it in chat take them too."""
    rows = conn.execute(_FROM_FILE, {"community": community_id, "of_deck": deck})
    return any(Prompt.from_json(content).anonymous for content in rows.scalars())


_BY_ID = select(prompt).where(_c.community_id == bindparam("community"), _c.id == bindparam("wanted"))
_HELD = _BY_ID.with_for_update()


def find_prompt(
    conn: Connection, community_id: int, prompt_id: int, *, hold: bool = False
) -> BankedPrompt | None:
    """One prompt. `hold` keeps it as it is until the transaction ends, so that an edit and a draw take turns."""
    wanted = {"community": community_id, "wanted": prompt_id}
    row = conn.execute(_HELD if hold else _BY_ID, wanted).one_or_none()
    return None if row is None else prompt_from_row(row)


def list_prompts(
    conn: Connection, community_id: int, deck: str = "", tag: str = "", find: str = ""
) -> list[BankedPrompt]:
    """Prompts of a community in the order of their decks, retired ones last, by deck, tag and a word in them."""
    query = select(prompt).where(_c.community_id == community_id)
    if deck:
        query = query.where(_c.deck == deck)
    rows = conn.execute(query.order_by(_c.deck, _c.retired_at.is_not(None), _c.place, _c.id))
    found = [prompt_from_row(row) for row in rows]
    if tag:
        found = [one for one in found if tag in one.prompt.tags]
    return [one for one in found if _holds(one.prompt, find.casefold())] if find else found


def _holds(one: Prompt, word: str) -> bool:
    return any(word in text.casefold() for text in (one.title, *(question.ask for question in one.questions)))


def list_queue(conn: Connection, community_id: int) -> list[BankedPrompt]:
    """The hand-ordered queue: what is asked next, before anything is drawn."""
    query = select(prompt).where(_c.community_id == community_id, _c.turn.is_not(None), ASKABLE)
    return [prompt_from_row(row) for row in conn.execute(query.order_by(_c.turn, _c.id))]


def prompt_from_row(row: Any) -> BankedPrompt:
    """A row of the bank, with the tags that hold."""
    one = Prompt.from_json(row.content)
    one = one if row.tags is None else replace(one, tags=tuple(row.tags))
    retired_by = None if row.retired_at is None else row.retired_by or BY_FILE
    return BankedPrompt(row.id, row.deck, one, row.origin, row.turn, retired_by)


# ── what moderators do ────────────────────────────────────────────────────────


def add_prompt(
    conn: Connection, community_id: int, deck: str, one: Prompt, origin: PromptOrigin = PromptOrigin.CHAT
) -> BankedPrompt:
    """Put a prompt at the end of a deck, which begins with it if need be; its slug is made unique there."""
    slug = free_slug(conn, community_id, deck, one.slug)
    last = conn.execute(
        select(func.max(_c.place)).where(_c.community_id == community_id, _c.deck == deck)
    ).scalar_one()
    made = conn.execute(
        _PROMPT.values(
            community_id=community_id, deck=deck, slug=slug, place=0 if last is None else last + 1,
            content=replace(one, slug=slug).to_json(), origin=origin,
        ).returning(_c.id)
    ).scalar_one()  # fmt: skip
    return BankedPrompt(made, deck, replace(one, slug=slug), origin)


def free_slug(conn: Connection, community_id: int, deck: str, slug: str) -> str:
    """This slug, or the first like it that no prompt of the deck has."""
    ours = (_c.community_id == community_id) & (_c.deck == deck)
    taken = set(conn.execute(select(_c.slug).where(ours)).scalars())
    numbered = (f"{slug}-{number}" for number in count(2))
    return next(name for name in chain((slug,), numbered) if name not in taken)


def reword_prompt(conn: Connection, community_id: int, prompt_id: int, one: Prompt) -> None:
    """Replace what a prompt says; its slug and its place stay."""
    _change(conn, community_id, prompt_id, content=one.to_json(), tags=None)


def move_to_deck(conn: Connection, community_id: int, prompt_id: int, deck: str, one: Prompt) -> Prompt:
    """Put a prompt into another deck, at its end; as it is there, with a slug of its own."""
    last = conn.execute(
        select(func.max(_c.place)).where(_c.community_id == community_id, _c.deck == deck)
    ).scalar_one()
    there = replace(one, slug=free_slug(conn, community_id, deck, one.slug))
    place = 0 if last is None else last + 1
    _change(conn, community_id, prompt_id, deck=deck, slug=there.slug, place=place, content=there.to_json())
    return there


def retire_prompt(conn: Connection, community_id: int, prompt_id: int, now: datetime) -> None:
    """Ask it no more; answers to it stay."""
    _change(conn, community_id, prompt_id, retired_at=now, retired_by=BY_HAND, turn=None)


def unretire_prompt(conn: Connection, community_id: int, prompt_id: int) -> None:
    """Let it be asked again."""
    _change(conn, community_id, prompt_id, retired_at=None, retired_by=None)


def tag_prompt(conn: Connection, community_id: int, prompt_id: int, tags: Sequence[str]) -> None:
    """Give it these tags instead of those it had."""
    _change(conn, community_id, prompt_id, tags=list(tags))


def order_queue(conn: Connection, community_id: int, prompt_ids: Sequence[int]) -> None:
    """Make this the hand-ordered queue; whatever was in it and is not named leaves it."""
    conn.execute(
        update(prompt).where(_c.community_id == community_id, _c.turn.is_not(None)).values(turn=None)
    )
    for turn, prompt_id in enumerate(prompt_ids):
        _change(conn, community_id, prompt_id, turn=turn)


def leave_queue(conn: Connection, community_id: int, prompt_id: int) -> None:
    """It was asked, or is wanted there no more."""
    _change(conn, community_id, prompt_id, turn=None)


def _change(conn: Connection, community_id: int, prompt_id: int, **values: Any) -> None:
    conn.execute(update(prompt).where(_c.community_id == community_id, _c.id == prompt_id).values(**values))
