"""The table of groups that start a course on a day: which rule enrolls them, when they start, and where they talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Connection, Date, ForeignKey, Table, Text, delete, select

from bot.store.dialect import upsert
from bot.store.schema import metadata

cohort = Table(
    "cohort",
    metadata,
    Column("rule_id", ForeignKey("enrollment_rule.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("starts", Date, nullable=False),
    Column("space", Text),
    Column("channel", Text),
)
"""`starts`: the first day on which the first lesson comes, in each member's own zone. `space` and `channel`: where the group
talks, and where its start is posted; null: nowhere."""

_PUT = upsert(cohort, by=("rule_id",), change=("starts", "space", "channel"))


@dataclass(frozen=True, slots=True)
class Cohort:
    """A group that starts together; the columns are explained at the table."""

    rule_id: int
    community_id: int
    starts: date
    space: str | None
    channel: str | None

    @property
    def key(self) -> str:
        """The key of the post that it starts."""
        return f"cohort:{self.rule_id}:{self.starts}:{self.space}/{self.channel}"


def put_cohort(conn: Connection, group: Cohort) -> None:
    """Let a group start on a day; an earlier plan of it is replaced."""
    conn.execute(_PUT, {name: getattr(group, name) for name in Cohort.__slots__})


def find_cohort(conn: Connection, rule_id: int) -> Cohort | None:
    """When the group of a rule starts, if a day was set."""
    row = conn.execute(select(cohort).where(cohort.c.rule_id == rule_id)).one_or_none()
    return None if row is None else Cohort(*row)


def drop_cohort(conn: Connection, rule_id: int) -> None:
    """Forget when a group starts."""
    conn.execute(delete(cohort).where(cohort.c.rule_id == rule_id))
