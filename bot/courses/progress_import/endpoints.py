"""The way in for progress by HTTP, from a course host."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aiohttp import web
from sqlalchemy import Connection

from bot.courses.progress_import import deliveries
from bot.courses.progress_import.deliveries import Delivery, DeliveryRefused
from bot.courses.progress_import.formats import ProgressRow, UnreadableTable, read_csv, read_events
from bot.courses.progress_import.resolve import RejectedRow
from bot.courses.progress_import.rows import ProgressRows, Report
from bot.people import tables as people
from bot.store.store import Store

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
"""Bytes of a call; the web server refuses more."""
TIMELESS = "It says no time (at). A call with the bare secret needs one on each line; a signed one does not."


@dataclass(frozen=True, slots=True)
class Hook:
    """A course host as the settings name it: its secret, and the slug of its community."""

    secret: str
    community: str


class ProgressImport:
    """Progress that is handed in by a call of a course host."""

    def __init__(self, store: Store, importing: ProgressRows, hooks: Mapping[str, Hook]) -> None:
        self._store = store
        self._importing = importing
        self._hooks = hooks

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """`POST /hooks/courses/{name}`: JSON events or a CSV file, signed with the secret of that name.

        See docs/course-hooks.md. Answers with the report as JSON: 200, also when some lines were refused, or when this
        delivery has been taken in before. 401 with the reason for a call that is not, or no longer, the host's, 400 for
        what cannot be read, 413 and 415.
        """
        name, body = request.match_info.get("name", ""), await request.read()
        try:
            hook, delivery = self._authenticate(name, request.headers, body)
            lines = await asyncio.to_thread(_lines, request.content_type, body)
        except DeliveryRefused as refused:
            return web.json_response({"error": str(refused)}, status=401)
        except UnreadableTable as unfit:
            return web.json_response({"error": str(unfit)}, status=400)
        if lines is None:
            return web.json_response({"error": "send application/json or text/csv"}, status=415)
        home = await self._store.read(lambda conn: _community(conn, hook.community))
        if home is None:
            return web.json_response({"error": "the hook's community is not there"}, status=503)
        report, repeated = await self._take_delivery(home, name, delivery, lines)
        log.info("hook: %s taken, %s known, %s refused", report.taken, report.known, len(report.refused))
        rejected = [{"line": one.line.number, "why": one.why} for one in report.refused]
        told = {"taken": report.taken, "known": report.known, "refused": rejected, "repeated": repeated}
        return web.json_response(told)

    def _authenticate(self, name: str, headers: Mapping[str, str], body: bytes) -> tuple[Hook, Delivery]:
        """Whose call this is; raises `DeliveryRefused`."""
        hook = self._hooks.get(name)
        if hook is None:
            raise DeliveryRefused(deliveries.UNKNOWN)
        return hook, deliveries.authenticate(headers, body, hook.secret, self._importing.clock.now())

    async def _take_delivery(
        self, home: people.Community, hook: str, delivery: Delivery, lines: list[ProgressRow]
    ) -> tuple[Report, bool]:
        """Take in what came, unless it has been; and whether it has been."""
        id = delivery.id
        if id is None:
            # Nothing tells this call from a recorded one, so only lines that say their time are safe to repeat.
            timeless = tuple(RejectedRow(line, TIMELESS) for line in lines if not line.at)
            report = await self._importing.take(home, None, [line for line in lines if line.at], "webhook")
            return replace(report, refused=(*timeless, *report.refused)), False
        if await self._store.read(lambda conn: deliveries.is_taken(conn, home.id, hook, id)):
            return Report(0, 0, ()), True
        dated = [replace(line, sent_at=delivery.at) for line in lines]
        report = await self._importing.take(home, None, dated, "webhook")
        # Recorded afterwards: what was interrupted is sent again, and half of it twice is the same as once.
        now = self._importing.clock.now()
        await self._store.write(lambda conn: deliveries.record_delivery(conn, home.id, hook, id, now))
        return report, False

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The address; none where the settings name no hook."""
        return (web.post("/hooks/courses/{name}", self.handle),) if self._hooks else ()


def _lines(kind: str, body: bytes) -> list[ProgressRow] | None:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableTable("This is not UTF-8.") from None
    if kind in ("text/csv", "application/csv", "text/plain"):
        return read_csv(text)
    if kind != "application/json":
        return None
    try:
        return read_events(json.loads(text))
    except (ValueError, RecursionError):
        raise UnreadableTable("This is not JSON.") from None


def _community(conn: Connection, slug: str) -> people.Community | None:
    return next((home for home in people.communities(conn) if home.slug == slug), None)
