"""The controls beside the conversation: the clock that is moved, and what is broken on purpose."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import Inspector
from adapters.local.page.breakage import set_switch
from adapters.local.page.live_feed import Tell
from adapters.local.page.location import read_location
from adapters.local.page.render import Painter
from bot.chat.language import _


class Controls:
    """One handler for each control; all of them are posts from our own page."""

    def __init__(self, adapter: LocalAdapter, backstage: Inspector, painter: Painter, tell: Tell) -> None:
        """`tell` lets every open tab know that something changed that is not in the world."""
        self._adapter = adapter
        self._backstage = backstage
        self._painter = painter
        self._tell = tell
        self.deeds: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = {
            "/clock": self._clock,
            "/break": self._break,
        }

    async def _clock(self, request: web.Request) -> web.Response:
        asked, move = read_location(self._adapter.world, request.query), request.query.get("move")
        said = ""
        match move:
            case "next":
                said = self._painter.arrivals(asked, await self._backstage.go_to_next())
            case "day":
                await self._backstage.advance(timedelta(days=1))
            case "week":
                await self._backstage.advance(timedelta(weeks=1))
            case "run":
                self._backstage.run(running=True)
            case "pause":
                self._backstage.run(running=False)
            case _:
                raise web.HTTPBadRequest(text=_("The clock does not move like that."))
        await self._painter.tour.note(f"clock {move}")
        self._tell(frozenset({"clock"}))
        return web.Response(text=said or self._painter.notice(""), content_type="text/html")

    async def _break(self, request: web.Request) -> web.Response:
        """Break something on purpose, or mend it."""
        id, broken = request.query.get("what", ""), request.query.get("to") == "broken"
        await set_switch(self._adapter, id, broken=broken)
        await self._painter.tour.note(f"{'break' if broken else 'mend'} {id}")
        self._tell(frozenset({"broken"}))
        return web.Response(text=self._painter.notice(""), content_type="text/html")
