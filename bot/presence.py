"""Spaces and people that come and go, as platforms tell it: rows, and a welcome where the bot is new."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.capture import scan_queue
from bot.chat import welcome_cards
from bot.chat.cards import Card
from bot.chat.events import BotInvited, PersonUpdated, SpaceConnected
from bot.chat.models import Person
from bot.delivery import outbox, pacing
from bot.delivery.facts import Draft
from bot.people import accounts, channel_members, departures
from bot.people import tables as people
from bot.people.departures import MemberLeft
from bot.people.languages import speaking_to_all
from bot.people.privacy import Erasures
from bot.people.tables import Community

log = logging.getLogger(__name__)

GREETING = timedelta(hours=1)
"""How late a channel is still greeted."""


def find_home(conn: Connection, space: str, slug: str | None, now: datetime) -> Community | None:
    """The community of a space; the first thing heard from a space joins it to the one with this slug.

    Discord delivers commands two seconds before discord.py tells that their server is there.
    """
    home = people.community_of(conn, space)
    if home is None and slug is not None:
        home = _by_slug(conn, slug)
        if home is not None:
            people.see_space(conn, space, space, home.id, now)
    return home


def _by_slug(conn: Connection, slug: str | None) -> Community | None:
    return next((one for one in people.communities(conn) if one.slug == slug), None)


def connect_space(conn: Connection, event: SpaceConnected, slug: str | None, now: datetime) -> Card | None:
    """Join a space to the community with this slug, re-read its conversations, and speak there again."""
    home = _by_slug(conn, slug)
    if home is not None:  # an admin may have connected it to another community since
        home = people.community_of(conn, event.space) or home
    if home is None:
        log.warning("space %s belongs to no community in the settings", event.space)
        return welcome_cards.homeless(event.space, event.name) if event.new else None
    if people.was_left(conn, event.space):
        # What was to be said meanwhile is nobody's business by now.
        outbox.abandon_space(conn, event.space, now)
    people.see_space(conn, event.space, event.name, home.id, now, event.visible)
    scan_queue.scan_all(conn, event.space, now)
    pacing.reconnect_space(conn, event.space, now)
    return welcome_cards.welcome(event.name, home.name, event.visible) if event.new else None


def greet_channel(conn: Connection, event: BotInvited, slug: str | None, now: datetime) -> None:
    """Tell everybody in a channel that let the bot in what this is: once, whoever lets it in again."""
    place = event.place
    home = find_home(conn, place.space, slug, now)
    if home is None:
        return
    with speaking_to_all(conn, home.id):
        replies = people.visibility_of(conn, place.space).replies
        card = welcome_cards.channel_card(home.name, replies=replies, whole=event.whole)
    draft = Draft(
        community_id=home.id, space=place.space, channel=place.channel, private=place.private, card=card,
        key=f"arrival:{place.space}:{place.channel}", kind="arrival", expires_at=now + GREETING,
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)


def remove_space(conn: Connection, space: str, now: datetime) -> None:
    """Say and re-read nothing more in a space that the bot was removed from."""
    people.leave_space(conn, space, now)
    pacing.leave_space(conn, space, now)
    outbox.abandon_space(conn, space)
    scan_queue.stop_scans(conn, space)


def stays_away(conn: Connection, who: Person, erasures: Erasures) -> bool:
    """Whether somebody had themselves erased, and has said or asked nothing here since."""
    home = people.community_of(conn, who.space)
    return home is not None and erasures.stays_away(conn, home.id, who)


def update_person(
    conn: Connection, event: PersonUpdated, slug: str | None, erasures: Erasures, now: datetime
) -> MemberLeft | None:
    """Keep who is in a space and in which of its channels; whether somebody left the last space they were in."""
    who = event.person
    home = find_home(conn, who.space, slug, now)
    if home is None or who.bot or erasures.stays_away(conn, home.id, who):
        return None
    if event.channel is None and event.left:
        member_id = departures.leave_account(conn, who, now)
        return None if member_id is None else MemberLeft(home.id, member_id)
    accounts.member_of(conn, who, home, now)
    if event.channel is not None and event.left:
        channel_members.leave_channel(conn, who, event.channel)
    elif event.channel is not None:
        channel_members.enter_channel(conn, who, event.channel, home.id)
    return None
