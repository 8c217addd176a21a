"""The table of highlights: which answer a moderator asked about, what its author decided, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    and_,
    case,
    delete,
    select,
    update,
)

from bot.chat.models import Place
from bot.people.tables import member
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime


class Consent(StrEnum):
    """What the author of an answer said to its being shown."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


highlight = Table(
    "highlight",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), nullable=False),
    Column("answer_id", ForeignKey("answer.id", ondelete="SET NULL")),
    Column("author_id", ForeignKey("member.id"), nullable=False),
    Column("asker_id", ForeignKey("member.id")),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("consent", EnumText(Consent), nullable=False),
    Column("named", Boolean, nullable=False, default=False),
    Column("decided_at", UtcDateTime),
    Column("key", Text),
    Column("space", Text),
    Column("channel", Text),
    Column("message", Text),
    Column("turn", Integer, nullable=False, default=0),
    Column("sign", Text),
    Index("uq_highlight_answer", "answer_id", unique=True),
    Index("ix_highlight_occurrence", "occurrence_id"),
    Index("ix_highlight_author", "author_id", "asked_at"),
    Index("ix_highlight_community", "community_id", "asked_at"),
    sqlite_autoincrement=True,
)
"""The consent on record: who asked (null: erased), when, what the author decided, and whether with their name. `key` is the
row of the outbox that shows it (null: it is shown nowhere), `message` what stands there; `turn` counts posts and edits, and `sign` is of
what it shows, so that only what looks different is edited. Its words are nowhere but in the answer."""

_h = highlight.c


@dataclass(frozen=True, slots=True)
class Highlight:
    """One answer that was asked about; the columns are explained at the table."""

    id: int
    community_id: int
    occurrence_id: int
    answer_id: int | None
    author_id: int
    asker_id: int | None
    asked_at: datetime
    consent: Consent
    named: bool
    key: str | None
    space: str | None
    channel: str | None
    message: str | None
    turn: int
    sign: str | None = None

    @property
    def place(self) -> Place | None:
        """The channel it is shown in."""
        return Place(self.space, self.channel) if self.space and self.channel else None


_COLUMNS = tuple(_h[name] for name in Highlight.__slots__)


_OPEN_FIRST = case(
    (_h.key.is_not(None), 0), (_h.consent == Consent.AGREED, 1), (_h.consent == Consent.ASKED, 2), else_=3
)
"""What is shown, what may be shown, what has no reply yet, and what is over."""


def _highlights(conn: Connection, *conditions: Any, limit: int | None = None) -> list[Highlight]:
    query = select(*_COLUMNS).where(*conditions).order_by(_h.id.desc()).limit(limit)
    return [Highlight(*row) for row in conn.execute(query)]


def find_highlight(conn: Connection, community_id: int, number: int) -> Highlight | None:
    """One highlight of a community."""
    return next(iter(_highlights(conn, _h.community_id == community_id, _h.id == number)), None)


def of_answer(conn: Connection, answer_id: int) -> Highlight | None:
    """The highlight of an answer."""
    return next(iter(_highlights(conn, _h.answer_id == answer_id)), None)


def highlights_page(conn: Connection, community_id: int, offset: int, limit: int) -> list[Highlight]:
    """Some highlights of a community that still have an answer: what is shown first, and what is over last."""
    ours = and_(_h.community_id == community_id, _h.answer_id.is_not(None))
    query = select(*_COLUMNS).where(ours).order_by(_OPEN_FIRST, _h.id.desc()).offset(offset).limit(limit)
    return [Highlight(*row) for row in conn.execute(query)]


def shown_of(conn: Connection, occurrence_id: int) -> list[Highlight]:
    """The highlights of a prompt's answers to which the author agreed."""
    return _highlights(conn, _h.occurrence_id == occurrence_id, _h.consent == Consent.AGREED)


def of_author(conn: Connection, community_id: int, member_id: int) -> list[Highlight]:
    """Every highlight of a member's own answers."""
    return _highlights(conn, _h.community_id == community_id, _h.author_id == member_id)


def begin_highlight(
    conn: Connection, community_id: int, occurrence_id: int, answer_id: int, author_id: int, asker_id: int,
    now: datetime,
) -> int | None:  # fmt: skip
    """A moderator asks about an answer; its id, or None where somebody has asked before."""
    row = {
        "community_id": community_id, "occurrence_id": occurrence_id, "answer_id": answer_id, "author_id": author_id,
        "asker_id": asker_id, "asked_at": now, "consent": Consent.ASKED, "named": False, "turn": 0,
    }  # fmt: skip
    new = insert(highlight).values(row).on_conflict_do_nothing(index_elements=["answer_id"])
    made: int | None = conn.execute(new.returning(_h.id)).scalar_one_or_none()
    return made


def decide(conn: Connection, number: int, consent: Consent, now: datetime, *, named: bool = False) -> None:
    """Put on record what the author decided."""
    change = update(highlight).where(_h.id == number)
    conn.execute(change.values(consent=consent, named=named, decided_at=now))


def set_post(
    conn: Connection, number: int, key: str | None, place: Place | None, turn: int, sign: str | None = None
) -> None:  # fmt: skip
    """It is shown by this row of the outbox with what has this sign, or nowhere."""
    where = (
        {"space": None, "channel": None}
        if place is None
        else {"space": place.space, "channel": place.channel}
    )
    change = update(highlight).where(_h.id == number)
    conn.execute(change.values(key=key, message=None, turn=turn, sign=sign, **where))


def note_message(conn: Connection, key: str, place: Place, message: str) -> None:
    """The post of a highlight stands there now."""
    values = {"space": place.space, "channel": place.channel, "message": message}
    conn.execute(update(highlight).where(_h.key == key).values(**values))


def next_turn(conn: Connection, number: int, sign: str) -> int:
    """Count another edit of its post, to what has this sign; which one it is."""
    change = update(highlight).where(_h.id == number).values(turn=_h.turn + 1, sign=sign).returning(_h.turn)
    return int(conn.execute(change).scalar_one())


def drop_highlights(conn: Connection, ids: Sequence[int]) -> int:
    """Remove highlights; how many."""
    return conn.execute(delete(highlight).where(_h.id.in_(ids))).rowcount


def forget_asker(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget that a member asked."""
    mine = and_(_h.community_id == community_id, _h.asker_id == member_id)
    conn.execute(update(highlight).where(mine).values(asker_id=None))


def list_spent(conn: Connection, before: datetime, limit: int) -> list[Highlight]:
    """Highlights from before an instant, and those whose answer is gone."""
    spent = (_h.asked_at < before) | _h.answer_id.is_(None)
    return list(reversed(_highlights(conn, spent, limit=limit)))


def highlights_of_the_erased() -> Select[Any]:
    """Highlights that must not exist."""
    return select(_h.id).join(member, member.c.id == _h.author_id).where(member.c.erased_at.is_not(None))
