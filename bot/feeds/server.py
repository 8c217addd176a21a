"""The server of feeds: whoever knows an address gets its calendar, and nothing tells what is behind any other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import ETag, web
from sqlalchemy import Connection

from bot.chat.language import _
from bot.feeds import tables
from bot.feeds.addresses import ENDING, PATH, read_token, write_token
from bot.feeds.calendar_file import write_calendar
from bot.feeds.entries import DueEntries, list_lessons
from bot.feeds.tables import CalendarFeed
from bot.people import tables as people
from bot.people.languages import speaking_to, speaking_to_all
from bot.runtime.clock import Clock
from bot.store.secret import DatabaseSecret
from bot.store.store import Store

PURPOSE = "calendar feeds"
"""What the key is for that addresses are sealed with."""
HEADERS: Mapping[str, str] = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""A copy is asked for again each time (and mostly not sent again, for it is the same), so what is turned off is off."""


@dataclass(frozen=True, slots=True)
class FeedServer:
    """Writes and serves feeds. `due` lists what is due; `base` is the server's public address."""

    store: Store
    clock: Clock
    secret: DatabaseSecret
    base: str
    due: DueEntries

    def address(self, feed: CalendarFeed) -> str:
        """The whole address of a feed."""
        return f"{self.base}{PATH}{write_token(self.secret.derive_key(PURPOSE), feed.salt)}{ENDING}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """`GET /calendar/{token}.ics`: the calendar; 304 where the asker has it; 404 for what is not, or no longer, a feed."""
        salt = read_token(self.secret.derive_keys(PURPOSE), request.match_info["token"])
        body = None if salt is None else await self.store.read(lambda conn: self.write(conn, salt))
        if body is None:
            raise web.HTTPNotFound(headers={"Cache-Control": "no-store"})
        tag = ETag(hashlib.sha256(body).hexdigest()[:32])
        known = request.if_none_match or ()
        if any(one.value in (tag.value, "*") for one in known):
            answer = web.Response(status=304, headers=HEADERS)
        else:
            answer = web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=HEADERS)
        answer.etag = tag
        return answer

    def write(self, conn: Connection, salt: str) -> bytes | None:
        """The calendar of the feed with this salt; None where there is none any more."""
        feed = tables.feed_by_salt(conn, salt)
        if feed is None:
            return None
        subject, now = feed.subject, self.clock.now()
        home = people.community_by_id(conn, subject.community_id)
        domain = f"{self._name_of(subject.community_id)}.tilth"
        if subject.member_id is not None:
            with speaking_to(conn, subject.member_id):
                name = _("My lessons: {community}", community=home.name)
                entries = list_lessons(conn, home.id, subject.member_id, now)
        else:
            with speaking_to_all(conn, home.id):
                name, entries = home.name, self.due.list_due(conn, subject, now)
        return write_calendar(name, entries, domain, feed.made_at)

    def _name_of(self, community_id: int) -> str:
        """What no other calendar in the world has in the ids of its entries."""
        key = self.secret.derive_key(PURPOSE)
        return hashlib.sha256(key + f":{community_id}".encode()).hexdigest()[:16]

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The address; none where the operator said nothing of how this server is reached."""
        return (web.get(PATH + "{token}" + ENDING, self.serve),) if self.base else ()
