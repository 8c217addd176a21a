"""The search for messages of ours by the marker of their row: who may be searched for now, and what was seen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.chat.models import Place
from bot.chat.port import Adapter, CredentialsRejected, HistoryUnavailable, Rejected, RetryLater
from bot.delivery import pacing
from bot.delivery.claims import LeaseTerms
from bot.delivery.outcomes import code_of
from bot.delivery.pacing import Pace
from bot.delivery.tables import COLUMNS, OutboxRow, outbox, rows

_c = outbox.c
BATCH = 16


@dataclass(frozen=True, slots=True)
class MarkerFound:
    """The ids that carry the marker, oldest first; everything was visible."""

    place: Place
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkerHidden:
    """We may not look, for now: `code` says why. `seconds`: when the platform told us to come back."""

    code: str
    seconds: float | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class PlaceGone:
    """The place can never be reached: the direct message with this person is refused."""

    code: str


class MarkerSearch:
    """Looks in the histories of all platforms, as fast as each lets us read."""

    def __init__(self, adapters: Mapping[str, Adapter], terms: LeaseTerms) -> None:
        self._adapters, self._terms = adapters, terms

    def affordable_rows(
        self, conn: Connection, which: object, order: object, pace: Pace, now: datetime
    ) -> Sequence[OutboxRow]:
        """Rows that may be searched for now: reading has a bucket of its own in each space, and looking comes first."""
        wanted = select(*COLUMNS).where(which).order_by(order, _c.id)  # type: ignore[arg-type]
        left: dict[str, int] = {}
        taken: list[OutboxRow] = []
        for row in rows(conn, wanted.limit(4 * BATCH).with_for_update(skip_locked=True)):
            if row.space not in left:
                left[row.space] = pacing.free_reads(conn, row.space, pace, now)
            if left[row.space] > 0 and len(taken) < BATCH:
                left[row.space] -= 1
                pacing.spend_reads(conn, row.space, pace, now)
                pacing.start_probe(conn, row.space, now + timedelta(seconds=self._terms.lease))
                taken.append(row)
        return taken

    async def look_for(self, row: OutboxRow) -> MarkerFound | MarkerHidden | PlaceGone:
        """Look for the marker of a row where it would be."""
        adapter = self._adapters[row.platform]
        since = self._start(row, adapter.platform_time())
        try:
            async with asyncio.timeout(self._terms.timeout):
                place = row.place
                if place is None:
                    try:
                        place = await adapter.direct(row.space, row.person or "")
                    except Rejected as error:
                        return PlaceGone(error.code)
                found = await adapter.find(place, row.marker, since)
        except RetryLater as error:
            return MarkerHidden(error.code, error.seconds)
        except CredentialsRejected as error:
            return MarkerHidden(error.code, locked=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, we did not see
            return MarkerHidden(code_of(error))
        if isinstance(found, HistoryUnavailable):
            return MarkerHidden("invisible")
        return MarkerFound(place, found)

    def _start(self, row: OutboxRow, there: datetime | None) -> datetime:
        """Where a search begins, in the platform's time.

        This machine's clock may have been wrong by days: where only its word is known, a search never begins later
        than `lookback` ago by the platform's.
        """
        margin, lookback = timedelta(seconds=self._terms.margin), timedelta(seconds=self._terms.lookback)
        if row.called_after is not None:
            return row.called_after - margin
        ours = row.first_sent_at or min(row.created_at, row.due_at)
        return min(ours, there or ours) - lookback - margin
