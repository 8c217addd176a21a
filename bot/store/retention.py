"""Retention: the kinds of data that are kept, each with its age limit and with what removes it.

A kind is found by reading and removed in small slices, so that the one writer is never held for long. Nothing is noted about
how far a removal came: what is left of it is simply still too old, so a process that was killed goes on where it stopped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_

from bot.chat.language import _, ngettext
from bot.store.next_due import NextDue

Ages = Mapping[str, timedelta | None]
"""How long each kind is kept, by its name in the settings; None: until somebody removes it."""


class Find(Protocol):
    """Finds up to `limit` things from before an instant, the oldest first."""

    def __call__(self, conn: Connection, before: datetime, limit: int) -> Sequence[Any]: ...


Remove = Callable[[Connection, Sequence[Any], datetime], int]
"""Removes what was found, where it is still from before that instant; how many."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """One kind of data that is removed when it is older than `kept`; None: never by its age.

    `words` is what members read of it, or "" for what is not about them. A kind that is kept for less than a day is looked
    at every minute and says when it is due next; every other is looked at once a day. It is all that is in `tables`, unless
    it is not `whole`: then the other rows of these have no age.
    """

    kind: str
    kept: timedelta | None
    find: Find
    remove: Remove
    words: str = ""
    next_due: NextDue | None = None
    tables: tuple[Table, ...] = field(default=())
    whole: bool = True
    finish: Callable[[], Awaitable[object]] | None = None
    """Brings to its end what a slice has begun, before the next is found."""

    @property
    def brief(self) -> bool:
        """Whether it is kept for less than a day."""
        return self.kept is not None and self.kept < DAY


def old_rows(
    kind: str,
    kept: timedelta | None,
    table: Table,
    old: Callable[[datetime], ColumnElement[bool]],
    *,
    words: str = "",
    next_due: NextDue | None = None,
) -> Retention:
    """A kind that is the rows of one table; `old` says which of them are from before an instant."""
    keys = tuple(table.primary_key.columns)

    def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
        return [
            tuple(row) for row in conn.execute(select(*keys).where(old(before)).order_by(*keys).limit(limit))
        ]

    def remove(conn: Connection, found: Sequence[Any], before: datetime) -> int:
        return conn.execute(delete(table).where(tuple_(*keys).in_(found), old(before))).rowcount

    return Retention(kind, kept, find, remove, words, next_due, (table,))


def describe_retention(kinds: Iterable[Retention]) -> str:
    """How long what is kept of a member, in words: `30 days: that I wrote to you. 400 days: your answers.`"""
    by_age: dict[timedelta | None, list[str]] = defaultdict(list)
    for one in kinds:
        if one.words and one.words not in by_age[one.kept]:
            by_age[one.kept].append(one.words)
    ages = sorted(age for age in by_age if age is not None and by_age[age])
    said = [
        _("**{age}**: {things}.", age=describe_age(age), things=", ".join(map(_, by_age[age])))
        for age in ages
    ]
    if by_age[None]:
        said.append(_("**Until you delete it**: {things}.", things=", ".join(map(_, by_age[None]))))
    return " ".join(said)


def describe_age(age: timedelta) -> str:
    """An age in words: `400 days`, `10 minutes`."""
    if days := age // DAY:
        return ngettext("{count} day", "{count} days", days)
    if hours := age // timedelta(hours=1):
        return ngettext("{count} hour", "{count} hours", hours)
    if minutes := age // timedelta(minutes=1):
        return ngettext("{count} minute", "{count} minutes", minutes)
    return _("a moment")
