"""The queue of conversations to re-read: what is due, what was read, and what was absent from a listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, func, select, update

from bot.capture.tables import Known, Watch, heard, watch_from, watched
from bot.chat.models import Place
from bot.store.types import UtcDateTime


def due_scans(conn: Connection, now: datetime, limit: int = 200) -> tuple[Watch, ...]:
    """Conversations whose re-reading is due, the most overdue first."""
    rows = conn.execute(
        select(watched).where(watched.c.scan_at <= now).order_by(watched.c.scan_at).limit(limit)
    )
    return tuple(replace(watch_from(row), scanned_at=row.scanned_at) for row in rows)


def watches_of(conn: Connection, place: Place) -> tuple[Watch, ...]:
    """Everything that listens to a thread."""
    c = watched.c
    there = and_(c.space == place.space, c.channel == place.channel, c.thread == (place.thread or ""))
    rows = conn.execute(select(watched).where(there).order_by(c.id))
    return tuple(replace(watch_from(row), scanned_at=row.scanned_at) for row in rows)


def next_scan(conn: Connection) -> datetime | None:
    """When the next re-reading is due."""
    soonest: datetime | None = conn.execute(select(func.min(watched.c.scan_at))).scalar_one()
    return soonest


def scan_all(conn: Connection, space: str, now: datetime) -> None:
    """Have every open conversation of a space re-read at once: we may have been deaf."""
    conn.execute(update(watched).where(watched.c.space == space, watched.c.until > now).values(scan_at=now))


def scan_ref(conn: Connection, subject: str, ref: int, now: datetime) -> None:
    """Have the conversations about one occurrence re-read at once: it is about to close."""
    conn.execute(
        update(watched).where(watched.c.subject == subject, watched.c.ref == ref).values(scan_at=now)
    )


def count_unscanned(conn: Connection, subject: str, ref: int, since: datetime) -> int:
    """How many conversations about one occurrence have not been re-read since then."""
    return conn.execute(
        select(func.count())
        .select_from(watched)
        .where(
            watched.c.subject == subject,
            watched.c.ref == ref,
            watched.c.scanned_at.is_(None) | (watched.c.scanned_at < since),
        )
    ).scalar_one()


_READ = (
    update(watched)
    .where(watched.c.id == bindparam("this"))
    .values(
        scanned_at=bindparam("read_at"),
        # Somebody may have asked for another reading while this one ran; that wish stands.
        scan_at=case(
            (
                watched.c.scan_at == bindparam("was", type_=UtcDateTime()),
                bindparam("again", type_=UtcDateTime()),
            ),
            else_=watched.c.scan_at,
        ),
    )
)


def finish_scans(conn: Connection, read: Sequence[tuple[Watch, datetime | None]], now: datetime) -> None:
    """Re-readings ended; each with when the next is due, or None for never."""
    rows = [{"this": here.id, "was": here.scan_at, "again": again, "read_at": now} for here, again in read]
    if rows:
        conn.execute(_READ, rows)


_PUT_OFF = update(watched).where(watched.c.id == bindparam("this")).values(scan_at=bindparam("again"))


def postpone_scans(conn: Connection, unread: Sequence[tuple[Watch, datetime]]) -> None:
    """Re-readings could not be done; each with when to try again."""
    if unread:
        conn.execute(_PUT_OFF, [{"this": here.id, "again": again} for here, again in unread])


def known_messages(conn: Connection, watches: Sequence[Watch]) -> dict[int, dict[str, Known]]:
    """Every undeleted message we know of in these conversations, by watch and message."""
    found: dict[int, dict[str, Known]] = {here.id: {} for here in watches}
    rows = conn.execute(select(heard).where(heard.c.watched_id.in_(found), heard.c.deleted_at.is_(None)))
    for row in rows:
        one = Known(row.message, row.person, row.at, row.version, False, row.missing_at)
        found[row.watched_id][row.message] = one
    return found


def mark_missed(conn: Connection, here: Watch, messages: Sequence[str], now: datetime) -> None:
    """These messages were absent from a complete listing for the first time."""
    for message in messages:
        conn.execute(
            update(heard)
            .where(
                heard.c.space == here.place.space,
                heard.c.channel == here.place.channel,
                heard.c.message == message,
            )
            .values(missing_at=now)
        )


def stop_scans(conn: Connection, space: str) -> None:
    """Re-read nothing in a space that the bot was removed from; `scan_all` begins again."""
    conn.execute(update(watched).where(watched.c.space == space).values(scan_at=None))
