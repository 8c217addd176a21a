"""Who let a prompt pass: "not this week"."""

from __future__ import annotations

from sqlalchemy import Column, Connection, ForeignKey, Index, Table, delete

from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.store.dialect import insert
from bot.store.schema import metadata

skip = Table(
    "skip",
    metadata,
    Column("occurrence_id", ForeignKey("asking.occurrence_id"), primary_key=True),
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Index("ix_skip_member_id", "member_id"),
)
"""Who said "not this week": they are left alone, and nobody else learns of it."""


def skip_prompt(conn: Connection, here: AskedPrompt, member_id: int) -> None:
    """A member lets a prompt pass; saying it again changes nothing."""
    conn.execute(
        insert(skip)
        .values(occurrence_id=here.id, member_id=member_id, community_id=here.community_id)
        .on_conflict_do_nothing()
    )


def unskip_prompt(conn: Connection, here: AskedPrompt, member_id: int) -> None:
    """A member takes part again in what they had let pass."""
    conn.execute(delete(skip).where(skip.c.occurrence_id == here.id, skip.c.member_id == member_id))
