"""A pretended Discord on 127.0.0.1: REST and gateway, for a real client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import format_datetime
from typing import Any, Self

from aiohttp import web

from tests.fakes.discord.answering import answer
from tests.fakes.discord.arranging import Arranging
from tests.fakes.discord.asking import Asking
from tests.fakes.discord.calls import Bucket, Call, Fault
from tests.fakes.quiet import wait_until_quiet

Json = dict[str, Any]


class FakeDiscord(Arranging, Asking):
    """Use as `async with FakeDiscord(clock) as d`, and point a client at it with `pointed_at(d)`.

    `clock` has `now()`. Everything it times (ids, nonces, tokens, archives) follows that clock; what a client
    library times with its own watch (rate limits, heartbeats, IDENTIFY spacing) is real time.
    """

    _runner: web.AppRunner | None = None

    # ── running ───────────────────────────────────────────────────────────────

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Every answer tells the platform's own time."""
        response.headers["Date"] = format_datetime(self.dated_by.now().astimezone(UTC), usegmt=True)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.on_response_prepare.append(self._date)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{rest:.*}", self._attachment)
        app.router.add_route("*", "/api/v10/{rest:.*}", self._serve)
        self._runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{port}"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway"
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        self.faults.release()
        self.gateway.cut()
        if self._runner is not None:
            await self._runner.cleanup()
        if kind is None:
            assert not self.unknown, f"the fake has no such routes: {self.unknown}"
            assert not self.broken, "\n".join(self.broken)

    @property
    def api_url(self) -> str:
        """What stands for `https://discord.com/api/v10`."""
        return f"{self.base}/api/v10"

    # ── faults ────────────────────────────────────────────────────────────────

    def fail(
        self,
        route: str,
        *,
        when: str = "before",
        times: int = 1,
        where: Callable[[Call], bool] = lambda _: True,
        **how: Any,
    ) -> Fault:
        """Make the next requests to a route (`"POST /channels/{}/messages"`, or `"*"`) go wrong.

        `when="after"`: the request is carried out and only its answer goes wrong. `how` is one of
        `status=502` (with `body=` or `code=`), `drop=True`, `hang=True` (until `faults.release()`),
        `delay=0.2`, `half=True` (JSON cut in two), `cut=True` (connection ends in mid-body), `text=True`
        (wrong content type), `html=True`, `retry_after=1.5` (429; with `via=False` as Cloudflare sends it,
        with `everywhere=True` for the global limit).

        aiohttp silently repeats a dropped GET, PUT or DELETE once: give `times=2` to let the client see it.
        """
        assert when in ("before", "after"), when
        return self.faults.add(Fault(route, when, times=times, where=where, **how))

    def limit(self, route: str, limit: int, seconds: float, *, hidden: bool = False) -> Bucket:
        """Allow so many requests in so many real seconds for each channel (or server) of a route.

        `"*"` limits all routes together. `hidden`: no header tells of it before it is reached.
        """
        bucket = Bucket(route, limit, seconds, hidden)
        self.buckets.append(bucket)
        return bucket

    def calls_to(self, route: str) -> list[Call]:
        return [c for c in self.calls if c.route == route]

    @property
    def bad_answers(self) -> int:
        """How many requests were answered 401, 403 or 429: 10,000 in ten minutes block an address."""
        return sum(c.status in (401, 403, 429) for c in self.calls)

    # ── waiting ───────────────────────────────────────────────────────────────

    @property
    def busy(self) -> bool:
        """A request is open (other than those made to hang), an event is on its way, or somebody waits for an answer."""
        open_calls = self.in_flight - self.faults.hanging
        return (
            open_calls > 0 or self.gateway.busy or (bool(self.gateway.connected) and bool(self.asked.waiting))
        )

    async def settle(self, quiet: float = 0.05, limit: float = 5.0) -> None:
        """Until nothing has happened for `quiet` seconds; after `limit` seconds give up with an error."""
        await wait_until_quiet(lambda: self.busy, lambda: self._touched, quiet, limit, self.whats_open)

    async def until(self, true: Callable[[], Any], limit: float = 5.0) -> None:
        """Until something becomes true; after `limit` seconds give up with an error."""
        end = time.monotonic() + limit
        while not true():
            assert time.monotonic() < end, f"not true within {limit} s; open: {self.whats_open()}"
            await asyncio.sleep(0.005)

    def whats_open(self) -> list[str]:
        calls = [c.route for c in self.calls if c.status is None and c.fault is None]
        return calls + [f"no answer to {i.name or i.kind} of {i.user.name}" for i in self.asked.waiting]

    # ── a request ─────────────────────────────────────────────────────────────

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.in_flight += 1
        self.touch()
        try:
            return await answer(self, request)
        finally:
            self.in_flight -= 1
            self.touch()

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        data = self.uploads.get(request.path)
        return web.Response(status=404) if data is None else web.Response(body=data)
