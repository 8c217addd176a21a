"""Results of a call, written only by the sender whose call it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, update

from bot.chat.models import Place
from bot.delivery import lanes, pacing
from bot.delivery.claims import LeaseTerms
from bot.delivery.facts import SPEAKING, Failed, OutboxState, Sent, Stuck, Tell
from bot.delivery.outbox import queue_parts
from bot.delivery.outcomes import CallDelayed, backoff_delay, retry_delay
from bot.delivery.pacing import WHOLE
from bot.delivery.tables import NO, OutboxRow, is_any, outbox

_c = outbox.c
_FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


def _mine(row: OutboxRow) -> ColumnElement[bool]:
    """Still in the hands it was claimed by: the same claim, and nobody has taken it over."""
    held = and_(_c.lease_owner == row.lease_owner, _c.looks == row.looks)
    return and_(_c.id == row.id, is_any(_c.state, row.state), _c.attempt == row.attempt, held)


def _write(conn: Connection, which: ColumnElement[bool], **values: Any) -> bool:
    return bool(conn.execute(update(outbox).where(which).values(values)).rowcount)


def _settle(conn: Connection, row: OutboxRow, which: ColumnElement[bool], **values: Any) -> bool:
    """Its lane goes on: no sender holds it any more, and nobody doubts it."""
    if not _write(conn, which, **values, **_FREE):
        return False
    lanes.note_rows(conn, (row,))
    return True


def mark_sent(
    conn: Connection, row: OutboxRow, place: Place, message: str, now: datetime, *, copies: bool, parts: int, terms: LeaseTerms,
    tell: Tell,
) -> bool:  # fmt: skip
    """It is there, as `message`. `copies`: there may be more of it, so the sweep will look. `parts` of the whole card.

    Whoever called, or looked, with this attempt may say so even after losing the lease: as long as no other
    attempt has begun it is the truth, and it keeps the next one from repeating it.
    """
    unsettled = (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.PENDING)
    which = and_(_c.id == row.id, _c.attempt == row.attempt, is_any(_c.state, *unsettled))
    sweep_at = now + timedelta(seconds=terms.sweep_after) if copies else None
    external = message if row.verb in SPEAKING else (place.thread or message)
    values: dict[str, Any] = {
        "state": OutboxState.SENT,
        "external_id": external,
        "sent_at": now,
        "error": None,
        "sweep_at": sweep_at,
        "card": None,  # the platform has it: a copy here would outlive its source
    }
    if row.verb in SPEAKING:
        values |= {"channel": place.channel, "thread": place.thread, "private": place.private}
    if not _settle(conn, row, which, **values):
        return False
    queue_parts(conn, row, place, message, parts, now)
    pacing.close_circuit(conn, row.space, (WHOLE, row.lane))
    tell(conn, Sent(row.key, row.fact_kind, row.ref, row.community_id, place, message, now))
    return True


def postpone(conn: Connection, row: OutboxRow, until: datetime, code: str, *, counts: bool) -> bool:
    """It was certainly not said: pending again. `counts`: as a strike (what cannot have reached anybody does not)."""
    strikes = row.strikes if counts else row.strikes - 1
    values = {
        "state": OutboxState.PENDING,
        "not_before": until,
        "error": code,
        "strikes": strikes,
        "look": None,
    }
    return _settle(conn, row, _mine(row), **values)


def put_off(
    conn: Connection, row: OutboxRow, delay: CallDelayed, now: datetime, terms: LeaseTerms, chance: float, tell: Tell
) -> None:  # fmt: skip
    """It was certainly not said, and is tried again when the platform says, or ever more seldom; not for ever."""
    if now - (row.first_sent_at or now) > timedelta(seconds=terms.patience):
        mark_failed(conn, row, delay.code, tell)
        return
    told = delay.seconds
    wait = backoff_delay(row.attempt, chance) if told is None else retry_delay(told, chance)
    postpone(conn, row, now + wait, delay.code, counts=False)


def mark_unknown(conn: Connection, row: OutboxRow, place: Place | None, until: datetime, code: str) -> bool:
    """It may have been said: nobody repeats it before somebody has looked, and nobody looks before `until`."""
    where = {} if place is None else {"channel": place.channel, "private": place.private}
    began = {"unclear_at": row.send_started_at, "alerted_at": None}
    values = {"state": OutboxState.UNKNOWN, "not_before": until, "error": code}
    return _write(conn, _mine(row), **values, **where, **began, **_FREE)


def mark_failed(conn: Connection, row: OutboxRow, code: str, tell: Tell) -> bool:
    """It will not be said."""
    if not _settle(conn, row, _mine(row), state=OutboxState.FAILED, error=code):
        return False
    tell(conn, Failed(row.key, row.fact_kind, row.ref, row.community_id, row.spot, code))
    # Only now: whoever was told may say it elsewhere. No copy stays behind.
    _write(conn, and_(_c.id == row.id, _c.state == OutboxState.FAILED), card=None)
    return True


# ── after looking ─────────────────────────────────────────────────────────────


def mark_absent(conn: Connection, row: OutboxRow, until: datetime) -> bool:
    """Somebody looked, could see everything, and it was not there."""
    values = {"state": OutboxState.PENDING, "not_before": until, "look": NO}
    return _settle(conn, row, _mine(row), **values)


def mark_unseen(
    conn: Connection, row: OutboxRow, until: datetime, code: str, now: datetime, terms: LeaseTerms, tell: Tell
) -> bool:
    """Somebody looked and may not see: as doubtful as before; after a while moderators are told, once."""
    since = row.unclear_at or row.created_at
    alert = row.alerted_at is None and now - since >= timedelta(seconds=terms.alert)
    values = {"not_before": until, "error": code, "alerted_at": now if alert else row.alerted_at}
    if not _write(conn, _mine(row), **values, **_FREE):
        return False
    if alert:
        tell(conn, Stuck(row.key, row.fact_kind, row.ref, row.community_id, row.spot, code))
    return True
