"""Which fixed notes the card of a prompt carries: in full the first time its readers see one, ten words after that.

A post in a channel is one for all who are there, so the first prompt of a channel has them in full. In a direct message
it is the member's first. The form for anonymous answers says all of its notice each time: that somebody has seen it
would tell that they have written.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, exists, select

from bot.chat.models import Place, Sharing
from bot.people import tables as people
from bot.reflections.answers import seen_notes
from bot.reflections.cards import ALL_NEW, CardNotes
from bot.reflections.schedule.asked_prompts import AskedPrompt, asked_in, asking

DIRECT, ANONYMOUS = "direct", "anonymous"
"""What somebody has seen in direct messages: how to answer there, and what answering anonymously is."""


def channel_notes(conn: Connection, here: AskedPrompt, place: Place) -> CardNotes:
    """The notes of a prompt in a channel; the same however often its card is drawn."""
    any_, anonymous = _asked_before(here, place), _asked_before(here, place, asking.c.anonymous)
    known = conn.execute(select(any_.label("known"), anonymous.label("anonymous"))).one()
    return CardNotes(
        new=not known.known,
        anonymous_new=not known.anonymous,
        replies=people.visibility_of(conn, place.space).replies,
    )


def _asked_before(here: AskedPrompt, place: Place, *also: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        asking.c.occurrence_id == asked_in.c.occurrence_id,
        asked_in.c.space == place.space,
        asked_in.c.channel == place.channel,
        asked_in.c.message.is_not(None),
        asked_in.c.occurrence_id != here.id,
        asking.c.opened_at <= here.opened_at,
        *also,
    )


def direct_notes(conn: Connection, member_id: int) -> CardNotes:
    """The notes of a prompt in a direct message with a member; 0 is somebody unknown."""
    if not member_id:
        return ALL_NEW
    seen = seen_notes.list_seen(conn, member_id)
    chosen = people.sharing_of(conn, member_id)
    return CardNotes(
        new=DIRECT not in seen, anonymous_new=ANONYMOUS not in seen, shares=chosen not in (None, Sharing.ME)
    )


def note_direct_seen(conn: Connection, here: AskedPrompt, member_id: int) -> None:
    """A prompt reached a member directly, with its notes."""
    for note in (DIRECT, *((ANONYMOUS,) if here.anonymous else ())):
        seen_notes.is_new(conn, here.community_id, member_id, note, here.opened_at, None)
