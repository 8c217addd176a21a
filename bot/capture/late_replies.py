"""Late replies: what is said to the author of a message that was found when it was too late to answer on the spot.

A refusal that nobody hears of is an answer that is lost without a word. It goes through the outbox into the author's
direct message, once for each version of the message; whoever wrote to the bot is told, whatever they chose to hear
unasked. No word of the message itself goes with it: it may wait in the outbox for a while.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.capture.intake import ReceivedMessage
from bot.chat.cards import Card, ChannelLink, Moment, Note, Quote, compose
from bot.chat.language import _
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb, marker_of

KIND = "late-reply"
STALE = timedelta(days=7)
"""How long it is tried to tell them."""


def queue_late_reply(conn: Connection, received: ReceivedMessage, card: Card, now: datetime) -> None:
    """Tell the author what they would have been told at once, had we been listening."""
    message, author = received.message, received.author
    version = f"{message.place.space}/{message.place.channel}/{message.id}@{message.version.isoformat()}"
    outbox.queue_draft(
        conn,
        Draft(
            community_id=received.community.id, space=author.space, verb=Verb.DIRECT, person=author.id,
            key=f"{KIND}:{marker_of(version)}", kind=KIND, priority=0, expires_at=now + STALE,
            card=_about(received, card),
        ),
        now,
    )  # fmt: skip


def _about(received: ReceivedMessage, card: Card) -> Card:
    """The card, beginning with which message it is about, and without anybody's words."""
    message = received.message
    at, channel = Moment(message.at, received.community.zone), ChannelLink(message.place.channel)
    if message.place.private:
        said = Note(compose(_("About what you wrote on {at}:"), at=at))
    else:
        said = Note(compose(_("About what you wrote in {channel} on {at}:"), channel=channel, at=at))
    rest = (block for block in card.blocks if not isinstance(block, Quote))
    return replace(card, blocks=(said, *rest))
