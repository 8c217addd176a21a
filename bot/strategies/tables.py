"""The table of strategies, with one function for each query. What can be found by words follows in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.people.tables import member
from bot.search import tables as search
from bot.search.tables import SearchEntry, search_entry
from bot.store.journal import empty_log_after
from bot.store.next_due import earliest
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

KIND = "strategy"
LIMITS = {"what": 120, "whom": 120, "happened": 1500, "learned": 600, "tags": 80}
"""Characters of each part."""

strategy = Table(
    "strategy",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("author_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("saver_id", ForeignKey("member.id"), index=True),
    Column("source", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("whom", Text, nullable=False),
    Column("happened", Text, nullable=False),
    Column("learned", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("lesson", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ask_at", UtcDateTime, index=True),
    Column("agreed_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    Column("retired_at", UtcDateTime),
    Index("ix_strategy_community_id", "community_id", "agreed_at"),
    sqlite_autoincrement=True,
)
"""What somebody found to work, in words that are their author's. `saver_id` saved it where that was somebody else: nobody
else reads it before its author agreed (`agreed_at`), who is asked at `ask_at`. Of one whose author said no, only the source
is left, without words, so that they are not asked again about the same. `source` is where the words are from: an
answer (`a301`), a look of a plan (`t1/e5`), a message (`m/author/channel/id`), or "". `retired_at`: a moderator took it out."""

IS_SHOWN = and_(
    strategy.c.agreed_at.is_not(None), strategy.c.withdrawn_at.is_(None), strategy.c.retired_at.is_(None)
)
"""Whether everybody in the community may read a strategy."""
IS_DECLINED = and_(strategy.c.agreed_at.is_(None), strategy.c.withdrawn_at.is_not(None))
"""Whether its author said no: no words are left of it."""


@dataclass(frozen=True, slots=True)
class StrategyText:
    """The parts of a strategy as its author wrote them; only the first two must be there."""

    what: str
    happened: str
    whom: str = ""
    learned: str = ""
    tags: str = ""

    @property
    def tag_list(self) -> tuple[str, ...]:
        """Its tags, each once, in small letters."""
        given = (one.strip().lstrip("#").casefold()[:20] for one in self.tags.split(","))
        return tuple(dict.fromkeys(filter(None, given)))

    @property
    def telling(self) -> str:
        """What happened and what its author learned, as one text."""
        return "\n\n".join(filter(None, (self.happened, self.learned)))

    @property
    def whole(self) -> str:
        """All its words, for finding it."""
        return "\n".join(
            filter(None, (self.what, self.whom, self.happened, self.learned, " ".join(self.tag_list)))
        )


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy with the name of its author."""

    id: int
    community_id: int
    author_id: int
    author: str
    saver_id: int | None
    source: str
    text: StrategyText
    lesson: str
    made_at: datetime
    agreed: bool
    withdrawn: bool
    retired: bool

    @property
    def shown(self) -> bool:
        """Whether everybody may read it."""
        return self.agreed and not self.withdrawn and not self.retired


def add_strategy(
    conn: Connection, community_id: int, author_id: int, saver_id: int, source: str, text: StrategyText, lesson: str,
    now: datetime,
) -> int:  # fmt: skip
    """Save a strategy: shown at once if its author saves it, else when they have agreed."""
    own = author_id == saver_id
    values = {
        "community_id": community_id, "author_id": author_id, "saver_id": None if own else saver_id, "source": source,
        "lesson": lesson, "made_at": now, "ask_at": None if own else now, "agreed_at": now if own else None,
        **_columns(text),
    }  # fmt: skip
    made: int = conn.execute(insert(strategy).values(values).returning(strategy.c.id)).scalar_one()
    index_strategy(conn, made)
    return made


def change_strategy(conn: Connection, strategy_id: int, text: StrategyText) -> None:
    """Store what a strategy says now."""
    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(_columns(text)))
    index_strategy(conn, strategy_id)


def _columns(text: StrategyText) -> dict[str, str]:
    return {
        "what": text.what,
        "whom": text.whom,
        "happened": text.happened,
        "learned": text.learned,
        "tags": ", ".join(text.tag_list),
    }


def load_strategies(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None, offset: int = 0
) -> list[Strategy]:
    """The strategies of which these conditions hold, the newest first."""
    query = (
        select(strategy, member.c.name).join(member, member.c.id == strategy.c.author_id).where(*conditions)
    )
    rows = conn.execute(query.order_by(strategy.c.id.desc()).limit(limit).offset(offset))
    return [
        Strategy(
            row.id, row.community_id, row.author_id, row.name, row.saver_id, row.source,
            StrategyText(row.what, row.happened, row.whom, row.learned, row.tags), row.lesson, row.made_at,
            row.agreed_at is not None, row.withdrawn_at is not None, row.retired_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def find_strategy(conn: Connection, community_id: int, strategy_id: int) -> Strategy | None:
    """A strategy of a community, whoever may read it."""
    found = load_strategies(conn, strategy.c.community_id == community_id, strategy.c.id == strategy_id)
    return found[0] if found else None


def find_strategy_from(
    conn: Connection, community_id: int, source: str, author_id: int, *, own: bool
) -> Strategy | None:  # fmt: skip
    """The strategy in which somebody's words from a source stand already, or, unless it is their `own`, to which they said no."""
    same = (
        strategy.c.community_id == community_id,
        strategy.c.source == source,
        strategy.c.author_id == author_id,
    )
    stands = strategy.c.withdrawn_at.is_(None)
    asked = stands if own else or_(stands, IS_DECLINED)
    return next(iter(load_strategies(conn, *same, asked, limit=1)), None)


def count_waiting(conn: Connection, community_id: int, saver_id: int) -> int:
    """How many strategies that somebody saved wait for their authors."""
    waits = (
        strategy.c.agreed_at.is_(None),
        strategy.c.withdrawn_at.is_(None),
        strategy.c.saver_id == saver_id,
    )
    query = select(func.count()).select_from(strategy).where(strategy.c.community_id == community_id, *waits)
    return conn.execute(query).scalar_one()


def index_strategy(conn: Connection, strategy_id: int) -> None:
    """Let a strategy be found as it is now, or no more."""
    found = load_strategies(conn, strategy.c.id == strategy_id)
    if not found or not found[0].shown:
        search.drop_entry(conn, KIND, strategy_id)
        return
    one = found[0]
    entry = SearchEntry(
        one.community_id, KIND, one.id, one.text.whole, one.made_at, one.lesson, one.text.tag_list
    )
    search.put_entry(conn, entry)


def index_strategies(conn: Connection, _community_id: int, ids: Sequence[int]) -> None:
    """The same for strategies by their ids."""
    for strategy_id in ids:
        index_strategy(conn, strategy_id)


# ── consent ───────────────────────────────────────────────────────────────────


def agree(conn: Connection, strategy_id: int, now: datetime) -> None:
    """The author agrees: everybody may read it from now on, and the row says since when."""
    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(agreed_at=now, ask_at=None))
    index_strategy(conn, strategy_id)


def decline(conn: Connection, strategy_id: int, now: datetime) -> None:
    """The author says no: its words are removed, and until it goes they are not asked about the same again."""
    nothing = {**_columns(StrategyText("", "")), "saver_id": None, "ask_at": None, "withdrawn_at": now}
    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(nothing))


def set_withdrawn(conn: Connection, strategy_id: int, at: datetime | None) -> None:
    """The author takes it back, or with None brings it back within ten minutes; then its words are removed."""
    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(withdrawn_at=at, ask_at=None))
    index_strategy(conn, strategy_id)


def set_retired(conn: Connection, strategy_id: int, at: datetime | None) -> None:
    """A moderator takes it out, or brings it back."""
    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(retired_at=at))
    index_strategy(conn, strategy_id)


def list_asked(conn: Connection, now: datetime) -> list[tuple[int, int]]:
    """(community, strategy) of everything whose author is to be asked now."""
    due = select(strategy.c.community_id, strategy.c.id).where(strategy.c.ask_at <= now)
    return [(row[0], row[1]) for row in conn.execute(due.order_by(strategy.c.ask_at, strategy.c.id))]


def ask_again(conn: Connection, strategy_id: int, at: datetime | None) -> None:
    """Ask the author then; None: they were asked, or nobody can ask them."""
    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(ask_at=at))


next_asked = earliest(strategy.c.ask_at)
"""When the next author is to be asked."""


# ── a person's data ───────────────────────────────────────────────────────────


def delete_strategies(conn: Connection, ids: Sequence[int]) -> int:
    """Remove strategies for good."""
    empty_log_after(conn)
    search.drop_entries(conn, KIND, search_entry.c.ref.in_(ids))
    return conn.execute(delete(strategy).where(strategy.c.id.in_(ids))).rowcount
