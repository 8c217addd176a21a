"""Messages that their authors chose themselves as their answer, whatever shape they have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from bot.capture.tables import NEVER, SOON, Watch, heard, watch_from, watched
from bot.chat.models import Place


def find_own_message(conn: Connection, place: Place, message: str, person: str) -> Watch | None:
    """The watched conversation in which a person wrote this message, which still stands there."""
    row = conn.execute(
        select(watched)
        .join(heard, heard.c.watched_id == watched.c.id)
        .where(_is_message(place.space, place.channel, message))
        .where(heard.c.person == person, heard.c.deleted_at.is_(None))
    ).one_or_none()
    return None if row is None else watch_from(row)


def mark_chosen(conn: Connection, here: Watch, message: str, chosen: bool, now: datetime) -> None:
    """Mark a message of a conversation as its author's answer, or take the mark away; its text is re-read at once."""
    at = here.place
    conn.execute(
        update(heard)
        .where(_is_message(at.space, at.channel, message))
        .values(chosen_at=now if chosen else None, version=NEVER)
    )
    conn.execute(update(watched).where(watched.c.id == here.id).values(scan_at=now + SOON))


def clear_choices(conn: Connection, sources: Sequence[str]) -> None:
    """Take the mark from messages whose author chose something else since; each is `space/channel/message`."""
    for space, channel, message in (one.rsplit("/", 2) for one in sources):
        ours = _is_message(space, channel, message)
        conn.execute(update(heard).where(ours, heard.c.chosen_at.is_not(None)).values(chosen_at=None))


def _is_message(space: str, channel: str, message: str) -> ColumnElement[bool]:
    return and_(heard.c.space == space, heard.c.channel == channel, heard.c.message == message)
