"""The web server of a running bot: health, and the routes of platforms and courses."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a request that are read at all."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Look = Callable[[], str | None]
"""None: all is well; else a sentence that says what is not."""


class Serving:
    """Listens on one address for everything that comes by HTTP.

    `/healthz` tells whether the process lives: a supervisor that sees 503 may restart it. `/readyz` tells whether
    it can hear and keep: 503 there is no reason for a restart, for a platform may be away.
    """

    def __init__(self, host: str, port: int, live: Look, ready: Look) -> None:
        self._host, self._port = host, port
        self._live, self._ready = live, ready
        self._runner: web.AppRunner | None = None

    async def start(self, routes: Iterable[web.RouteDef] = ()) -> int:
        """Listen; the port that was taken. Raises `OSError` when the address is not free."""
        app = web.Application(client_max_size=LARGEST, middlewares=[_quiet])
        app.router.add_get("/healthz", _page(self._live))
        app.router.add_get("/readyz", _page(self._ready))
        app.router.add_routes(list(routes))
        # No access log: an address may hold a secret.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Let running requests finish, and close."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None


def _page(look: Look) -> Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        wrong = look()
        return web.json_response({"well": wrong is None, "why": wrong or ""}, status=503 if wrong else 200)

    return answer


@web.middleware
async def _quiet(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault of ours is logged without the request's words, and answered without them."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("a request could not be answered")
        return web.json_response({"error": "internal"}, status=500)
