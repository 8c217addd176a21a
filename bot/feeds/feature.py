"""The feature of calendar feeds, put together: who turns one on, and the server that serves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.feature import DataSubject, Feature
from bot.feeds import cards, tables
from bot.feeds.commands import FeedCommands
from bot.feeds.entries import DueEntries, FindMeetings, Foresee
from bot.feeds.server import FeedServer
from bot.feeds.tables import FeedSubject
from bot.people.departures import MemberLeft
from bot.people.tables import Community
from bot.runtime.clock import Clock
from bot.store.secret import DatabaseSecret
from bot.store.store import Store


def foresee_nothing(_conn: Connection, _home: Community, _since: datetime, _until: datetime) -> tuple[()]:
    """Where nothing is foreseen."""
    return ()


def find_no_meetings(_conn: Connection, _after: datetime) -> tuple[()]:
    """Where nobody meets."""
    return ()


def feature(
    store: Store, clock: Clock, secret: DatabaseSecret, base: str, *, foresee: Foresee = foresee_nothing,
    meetings: FindMeetings = find_no_meetings,
) -> Feature:  # fmt: skip
    """Feeds, served at the public address `base`; "": none. What is due is told by those who foresee and hold it."""
    server = FeedServer(store, clock, secret, base, DueEntries(foresee, meetings))
    commands = FeedCommands(server)
    return Feature(
        name="feeds",
        forget=(forget,),
        hand_over=hand_over,
        commands=tuple(commands.commands()),
        buttons=tuple(commands.buttons()),
        facts=((MemberLeft, member_left),),
        routes=server.routes(),
        examples=cards.examples,
    )


def member_left(conn: Connection, fact: MemberLeft) -> None:
    """Whoever left has no feed any more; when they come back, they make a new one."""
    tables.forget_member(conn, fact.community_id, fact.member_id)


def forget(conn: Connection, whose: DataSubject) -> None:
    """Serve nothing of somebody any more: their address is like one that never was."""
    tables.forget_member(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Since when somebody has a feed; its address is on `/my calendar`."""
    feed = tables.find_feed(conn, FeedSubject(whose.community.id, whose.member_id))
    return {"calendar feed": [] if feed is None else [{"on since": feed.made_at.isoformat()}]}
