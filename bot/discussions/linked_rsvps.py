"""Meetings that linked accounts both answered to: the later answer holds, and one seat is taken."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from bot.discussions import rsvps, tables
from bot.discussions.closing import DiscussionCloser
from bot.discussions.meetings import tell_who_moved_up
from bot.discussions.rsvps import rsvp
from bot.people.link_journal import RowValues, change_row, set_row_aside
from bot.people.links import JoinStep, LinkRules, MemberLink, MembersParted


def join_rsvp(conn: Connection, link: MemberLink, meeting: int, now: datetime) -> None:
    """Let the later of two answers to one meeting hold."""
    known, other = (_rsvps(conn, who).get(meeting) for who in (link.keeper, link.joined))
    here = tables.find_discussion(conn, link.community_id, meeting)
    if known is None or other is None or here is None:
        return
    before = rsvps.guests(conn, meeting)
    set_row_aside(conn, link, rsvp, other)
    if other["at"] > known["at"]:
        names = ("answer", "place", "space", "person", "at")
        change_row(conn, link, rsvp, known, {name: other[name] for name in names})
    tell_who_moved_up(conn, here, before, now)
    DiscussionCloser.show_again(conn, link.community_id, meeting, now)


def list_both(conn: Connection, link: MemberLink) -> list[int]:
    """The meetings that both answered to."""
    return sorted(_rsvps(conn, link.keeper).keys() & _rsvps(conn, link.joined).keys())


def _rsvps(conn: Connection, member_id: int) -> dict[int, RowValues]:
    rows = conn.execute(select(rsvp).where(rsvp.c.member_id == member_id)).mappings()
    return {row["discussion_id"]: row for row in rows}


RULES = LinkRules((JoinStep(list_both, join_rsvp),))


def follow_parting(conn: Connection, fact: MembersParted) -> None:
    """Count two people again in meetings that both answered to; a seat that was given on meanwhile is not taken back."""
    for meeting in list_both(conn, fact.link):
        last = conn.execute(
            select(func.max(rsvp.c.place)).where(rsvp.c.discussion_id == meeting)
        ).scalar_one()
        theirs = (rsvp.c.discussion_id == meeting) & (rsvp.c.member_id == fact.link.joined)
        conn.execute(update(rsvp).where(theirs).values(place=last + 1))
        DiscussionCloser.show_again(conn, fact.link.community_id, meeting, fact.now)
