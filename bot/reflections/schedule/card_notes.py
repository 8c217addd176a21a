"""Which fixed notes the card of a prompt carries: in full the first time its readers see one, ten words after that.

A post in a channel is one for all who are there, so the first prompt of a channel has them in full. In a direct message
it is the member's first. The form for anonymous answers says all of its notice each time: that somebody has seen it
would tell that they have written.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, exists, select

from bot.chat.models import Place, Sharing
from bot.people import tables as people
from bot.reflections.answers import seen_notes
from bot.reflections.cards import ALL_NEW, CardNotes
from bot.reflections.schedule.asked_prompts import AskedPrompt, asked_in, asking
from bot.store.compiled import CompiledStatement
from bot.store.types import UtcDateTime

DIRECT, ANONYMOUS = "direct", "anonymous"
"""What somebody has seen in direct messages: how to answer there, and what answering anonymously is."""


def channel_notes(conn: Connection, here: AskedPrompt, place: Place) -> CardNotes:
    """The notes of a prompt in a channel; the same however often its card is drawn."""
    where = {"there": place.space, "line": place.channel, "this": here.id, "until": here.opened_at}
    seen = _SEEN.row(conn, where)
    return CardNotes(
        new=not (seen and seen.any),
        anonymous_new=not (seen and seen.anonymous),
        replies=people.visibility_of(conn, place.space).replies,
    )


def _was_asked_before(*also: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a channel saw a prompt, that it is also so, before this one was opened."""
    return exists().where(
        asking.c.occurrence_id == asked_in.c.occurrence_id,
        asked_in.c.space == bindparam("there"),
        asked_in.c.channel == bindparam("line"),
        asked_in.c.message.is_not(None),
        asked_in.c.occurrence_id != bindparam("this"),
        asking.c.opened_at <= bindparam("until", type_=UtcDateTime()),
        *also,
    )


_NOTES: dict[str, ColumnElement[Any]] = {
    "any": _was_asked_before(),
    "anonymous": _was_asked_before(asking.c.anonymous),
}
_SEEN = CompiledStatement(
    select(*(one.label(name) for name, one in _NOTES.items())), "there", "line", "this", "until"
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
