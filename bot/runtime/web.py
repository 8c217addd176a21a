"""The web server of a running bot: health, and the routes of platforms and courses."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiohttp import web

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a request that are read at all."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Look = Callable[[], Awaitable[str | None]]
"""None: all is well; else a sentence that says what is not."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take to arrive, in seconds, and how many connections may be open."""

    heading_seconds: float = 10.0
    body_seconds: float = 20.0
    idle_seconds: float = 75.0
    """How long a connection stays open between two requests; longer than proxies keep theirs."""
    refused_seconds: float = 2.0
    """How long somebody who was answered before they had sent everything may go on sending."""
    unheard: int = 100
    """Connections that have asked nothing yet; one more closes the oldest."""
    connections: int = 500


def is_port_free(host: str, port: int) -> bool:
    """Whether a server could listen there now; 0 stands for any port that is free."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the server does: a port that was just closed is free
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno != errno.EADDRINUSE
    return True


class Listener:
    """Serves an application on one address, and keeps nobody who asks nothing.

    aiohttp waits for the end of a first request as long as it takes, so that some hundred connections which never
    finish one are enough to shut everybody else out.
    """

    def __init__(self, app: web.Application, host: str, port: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        app.middlewares.append(self._hear)
        # No access log: an address may hold a secret.
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=5, keepalive_timeout=self._limits.idle_seconds,
            lingering_time=self._limits.refused_seconds,
        )  # fmt: skip
        self._host, self._port = host, port
        self._server: asyncio.Server | None = None
        # The oldest first. A handler has no weak references, so each is taken out again by its deadline.
        self._unheard: dict[web.RequestHandler, asyncio.TimerHandle] = {}

    async def start(self) -> int:
        """Listen; the port that was taken. Raises `OSError` when the address is not free."""
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(self._accept, self._host, self._port, backlog=128)
        except BaseException:
            await self._runner.cleanup()
            raise
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Let running requests finish, and close."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for deadline in self._unheard.values():
            deadline.cancel()
        self._unheard.clear()
        await self._runner.cleanup()

    def _accept(self) -> asyncio.BaseProtocol:
        server = self._runner.server
        if server is None or len(server.connections) >= self._limits.connections:
            return _Closed()
        if len(self._unheard) >= self._limits.unheard:
            self._close(next(iter(self._unheard)))
        made = server()
        loop = asyncio.get_running_loop()
        self._unheard[made] = loop.call_later(self._limits.heading_seconds, self._close, made)
        return made

    def _close(self, one: web.RequestHandler) -> None:
        self._unheard.pop(one).cancel()
        if one.transport is None:
            # Many are accepted in one turn of the loop, before the first of them is connected: close it when it is.
            asyncio.get_running_loop().call_later(0.1, one.force_close)
        else:
            one.force_close()

    @web.middleware
    async def _hear(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """A whole heading has arrived; its body gets a deadline of its own."""
        deadline = self._unheard.pop(request.protocol, None)
        if deadline is not None:
            deadline.cancel()
        if request.can_read_body and not request.content_type.startswith("multipart/"):
            try:
                async with asyncio.timeout(self._limits.body_seconds):
                    await request.read()
            except TimeoutError:
                raise web.HTTPRequestTimeout from None
        return await handler(request)


class _Closed(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


class Serving:
    """Listens on one address for everything that comes by HTTP.

    `/healthz` tells whether the process lives: a supervisor that sees 503 may restart it. `/readyz` tells whether
    it can hear and keep: 503 there is no reason for a restart, for a platform or the database may be away.
    """

    def __init__(
        self, host: str, port: int, live: Callable[[], str | None], ready: Look, limits: Limits | None = None
    ) -> None:
        self._host, self._port, self._limits = host, port, limits
        self._live, self._ready = live, ready
        self._listener: Listener | None = None

    async def start(self, routes: Iterable[web.RouteDef] = ()) -> int:
        """Listen; the port that was taken. Raises `OSError` when the address is not free."""
        app = web.Application(client_max_size=LARGEST, middlewares=[_quiet])
        app.router.add_routes([*health_routes(self._live, self._ready), *routes])
        listener = Listener(app, self._host, self._port, self._limits)
        port = await listener.start()
        self._listener = listener
        return port

    async def stop(self) -> None:
        """Let running requests finish, and close."""
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None


def health_routes(live: Callable[[], str | None], ready: Look) -> list[web.RouteDef]:
    """`/healthz` and `/readyz`: whether a process lives, and whether it can hear and keep."""

    async def alive() -> str | None:
        return live()

    return [web.get("/healthz", _page(alive)), web.get("/readyz", _page(ready))]


def _page(look: Look) -> Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        wrong = await look()
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
