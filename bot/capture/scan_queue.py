"""The queue of conversations to re-read: what is due, what was read, and what was absent from a listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, and_, bindparam, case, func, or_, select, update

from bot.capture.tables import Known, Watch, heard, watch_from, watched
from bot.chat.models import Place, platform_of
from bot.delivery import pacing
from bot.delivery.pacing import Pace
from bot.store.types import UtcDateTime

URGENT = timedelta(days=1)
"""How overdue somebody who waits makes a conversation: the most overdue is read first."""


def claim_scans(
    conn: Connection, paces: Mapping[str, Pace], now: datetime, until: datetime
) -> tuple[Watch, ...]:
    """Take conversations whose re-reading is due, the most overdue first, as many as each space bears now.

    They are ours until that instant: it is when somebody else may take them, should this process end meanwhile.
    """
    taken: list[Watch] = []
    for space in conn.execute(_SPACES, {"now": now}).scalars():
        own = paces.get(platform_of(space))
        room = 0 if own is None else pacing.free_reads(conn, space, own, now, pacing.spare_reads(own))
        if own is None or not room:
            continue
        rows = conn.execute(_DUE, {"now": now, "here": space, "room": room}).all()
        if rows:
            conn.execute(_CLAIM, [{"this": row.id, "lease": until} for row in rows])
            pacing.spend_reads(conn, space, own, now, len(rows))
            pacing.start_probe(conn, space, until)
        taken += [replace(watch_from(row), scan_at=until, scanned_at=row.scanned_at) for row in rows]
    return tuple(taken)


_NOW = bindparam("now", type_=UtcDateTime())
_SPACES = select(watched.c.space).where(watched.c.scan_at <= _NOW).distinct().order_by(watched.c.space)
_DUE = (
    select(watched)
    .where(watched.c.scan_at <= _NOW, watched.c.space == bindparam("here"))
    .order_by(watched.c.scan_at, watched.c.since.desc())
    .limit(bindparam("room", type_=Integer()))
    .with_for_update(skip_locked=True)
)
_CLAIM = update(watched).where(watched.c.id == bindparam("this")).values(scan_at=bindparam("lease"))


def next_scan(conn: Connection, paces: Mapping[str, Pace]) -> datetime | None:
    """When the next re-reading is due and its space bears it."""
    found = []
    for space, at in conn.execute(_SOONEST).all():
        own = paces.get(platform_of(space))
        if own is not None:
            gate = pacing.next_read_at(conn, space, own, pacing.spare_reads(own))
            found.append(at if gate is None else max(at, gate))
    return min(found, default=None)


_SOONEST = (
    select(watched.c.space, func.min(watched.c.scan_at))
    .where(watched.c.scan_at.is_not(None))
    .group_by(watched.c.space)
)


def watches_of(conn: Connection, place: Place) -> tuple[Watch, ...]:
    """Everything that listens to a thread."""
    c = watched.c
    there = and_(c.space == place.space, c.channel == place.channel, c.thread == (place.thread or ""))
    rows = conn.execute(select(watched).where(there).order_by(c.id))
    return tuple(replace(watch_from(row), scanned_at=row.scanned_at) for row in rows)


def scan_all(conn: Connection, space: str, now: datetime) -> None:
    """Have every open conversation of a space re-read: we may have been deaf. What is due keeps its turn."""
    later = or_(watched.c.scan_at.is_(None), watched.c.scan_at > now)
    conn.execute(
        update(watched).where(watched.c.space == space, watched.c.until > now, later).values(scan_at=now)
    )


def scan_ref(conn: Connection, subject: str, ref: int, now: datetime) -> None:
    """Have the conversations about one occurrence re-read before all others: it is about to close."""
    conn.execute(
        update(watched).where(watched.c.subject == subject, watched.c.ref == ref).values(scan_at=now - URGENT)
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
        # Whoever took long does not undo what somebody else has read since.
        scanned_at=case(
            (watched.c.scanned_at > bindparam("read_at", type_=UtcDateTime()), watched.c.scanned_at),
            else_=bindparam("read_at", type_=UtcDateTime()),
        ),
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


_PUT_OFF = (
    update(watched)
    .where(watched.c.id == bindparam("this"), watched.c.scan_at == bindparam("was"))
    .values(scan_at=bindparam("again"))
)


def postpone_scans(conn: Connection, unread: Sequence[tuple[Watch, datetime]]) -> None:
    """Re-readings could not be done; each with when to try again."""
    if unread:
        rows = [{"this": here.id, "was": here.scan_at, "again": again} for here, again in unread]
        conn.execute(_PUT_OFF, rows)


def known_messages(conn: Connection, watches: Sequence[Watch]) -> dict[int, dict[str, Known]]:
    """Every undeleted message we know of in these conversations, by watch and message."""
    found: dict[int, dict[str, Known]] = {here.id: {} for here in watches}
    rows = conn.execute(select(heard).where(heard.c.watched_id.in_(found), heard.c.deleted_at.is_(None)))
    for row in rows:
        one = Known(row.message, row.person, row.at, row.version, False, row.missing_at)
        found[row.watched_id][row.message] = one
    return found


def mark_missed(conn: Connection, here: Watch, messages: Sequence[str], since: datetime | None) -> None:
    """These messages are absent from complete listings since then; None: they are there after all."""
    for message in messages:
        conn.execute(
            update(heard)
            .where(
                heard.c.space == here.place.space,
                heard.c.channel == here.place.channel,
                heard.c.message == message,
            )
            .values(missing_at=since)
        )


def stop_scans(conn: Connection, space: str) -> None:
    """Re-read nothing in a space that the bot was removed from; `scan_all` begins again."""
    conn.execute(update(watched).where(watched.c.space == space).values(scan_at=None))
