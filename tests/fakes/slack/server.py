"""A Slack workspace on 127.0.0.1: the Web API and Socket Mode over the real wire, with people who act."""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Self

from aiohttp import web

from tests.fakes.slack import events
from tests.fakes.slack.access import need_scope
from tests.fakes.slack.actors import Actors
from tests.fakes.slack.answers import METHODS, Answering, Args, SlackError, read_args
from tests.fakes.slack.canvasing import Canvasing
from tests.fakes.slack.clicking import Clicking
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.faults import Fault, Faults, Faulty
from tests.fakes.slack.furnishing import Furnishing
from tests.fakes.slack.manifest import Manifest
from tests.fakes.slack.methods import files as files_methods
from tests.fakes.slack.methods import load
from tests.fakes.slack.modals import Modals
from tests.fakes.slack.overhttp import OverHttp
from tests.fakes.slack.responses import ResponseUrls
from tests.fakes.slack.socket import Socket
from tests.fakes.slack.world import Clock, Json, WallClock, World, machine_seconds

load()


@dataclass(slots=True)
class Call:
    """One request to the Web API. `error` is Slack's code, `status` 0 where the connection was cut."""

    method: str
    args: Args
    at: datetime
    status: int = 200
    error: str = ""
    answer: Json | None = None


class FakeSlack(Furnishing, Actors, Clicking, Modals, Faulty, Canvasing):
    """One workspace with one app installed. Several of them are several workspaces.

    `manifest` is the app manifest as a mapping: its scopes, events, commands and tabs hold. Without one the app
    may do everything. `clock` is anything with `now()`; message times, edit times, trigger and response URL
    lifetimes and rate windows follow it (`real_windows=True`: lifetimes and windows follow the machine).
    Acks and retries are always in real seconds. `request_url` delivers over HTTP instead of Socket Mode (or later: `over_http`).
    `hide_before` hides older messages as the free plan does; `slow_history` is the limit of an app that is
    distributed outside the Marketplace. `slow_files`: so many questions (`files.info`, or an image block) find an
    uploaded file not ready, as Slack looks at it first. Leaving the block fails if the bot called an unknown method or
    answered with something Slack could not use.
    """

    def __init__(
        self,
        name: str = "north",
        *,
        manifest: Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        request_url: str | None = None,
        ack_seconds: float = 3.0,
        retry_delays: tuple[float, ...] = (0.05, 0.2, 0.5),
        trigger_seconds: float = 3.0,
        real_windows: bool = False,
        hide_before: datetime | None = None,
        slow_history: bool = False,
        slow_files: int = 0,
    ) -> None:
        self.clock = clock or WallClock()
        self.dated_by: Any = self.clock
        """Whose time every answer tells."""
        self.world = World(name, self.clock)
        self.manifest = Manifest(manifest)
        self.bot, self.team = self.world.bot, self.world.team
        salt = self.world.team.lower()
        self.bot_token, self.app_token = f"xoxb-{salt}-bot", f"xapp-1-{salt}-app"
        self.signing_secret, self.verification_token = f"secret-{salt}", f"verify-{salt}"
        self.trigger_seconds = trigger_seconds
        self.real_windows = real_windows
        self.hide_before = hide_before
        self.slow_history = slow_history
        self.slow_files = slow_files
        self.revoked = False
        self.problems: list[str] = []
        self.canvases = {}
        self.faults = Faults()
        if slow_history:
            for method in ("conversations.history", "conversations.replies"):
                self.limit(method, per_minute=1, key=None)
        self.socket = Socket(self, ack_seconds)
        self.http = OverHttp(self, request_url or "", ack_seconds)
        self.delivery = Delivery(self, self.http if request_url else self.socket, retry_delays)
        self.responses = ResponseUrls(self)
        self.base = ""
        self._calls: list[Call] = []
        self.set_up_modals()

    @property
    def api_url(self) -> str:
        """What `base_url=` of a client wants."""
        return f"{self.base}/api/"

    def timer(self) -> float:
        """Seconds by which lifetimes and rate windows are measured."""
        return machine_seconds() if self.real_windows else self.clock.now().timestamp()

    # ── running ───────────────────────────────────────────────────────────────

    async def _date(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Every answer tells the platform's own time."""
        response.headers["Date"] = format_datetime(self.dated_by.now().astimezone(UTC), usegmt=True)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.on_response_prepare.append(self._date)
        app.router.add_route("*", "/api/{method}", self._answer)
        app.router.add_get("/link/", self.socket.link)
        app.router.add_post("/response/{token}", self._guarded("response_url", self.responses.answer))
        app.router.add_post("/upload/{file}", self._guarded("upload", files_methods.receive(self)))
        app.router.add_get("/files-pri/{file}/{name}", files_methods.download(self))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base = f"http://{host}:{port}"
        await self.http.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        await self.delivery.stop()
        await self.socket.stop()
        await self.http.stop()
        await self._runner.cleanup()
        if kind is None and self.problems:
            raise AssertionError("Slack saw: " + "; ".join(self.problems))

    # ── the Web API ───────────────────────────────────────────────────────────

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        with self.delivery.busy(method):
            args = await read_args(request)
            call = Call(method, args, self.clock.now())
            self._calls.append(call)
            fault = self.faults.take(method, args) or Fault()
            await asyncio.sleep(fault.delay)
            if fault.drop == "before":
                call.status = 0
                return _cut(request)
            response = await self._respond(request, call, fault)
            if fault.drop == "after":
                call.status = 0
                return _cut(request)
            if fault.half:
                return await self._half(request, call, response, fault.half)
            return response

    async def _respond(self, request: web.Request, call: Call, fault: Fault) -> web.Response:
        wait = fault.ratelimit
        if wait is None:
            wait = self.faults.over(call.method, call.args, self.timer())
        if wait or fault.ratelimit is not None:
            call.status, call.error = 429, "ratelimited"
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(math.ceil(wait))})
        if fault.status:
            call.status = fault.status
            return web.Response(
                status=fault.status, text="<html>Something went wrong</html>", content_type="text/html"
            )
        if fault.error:
            call.error = fault.error
            return web.json_response({"ok": False, "error": fault.error})
        call.answer = await self._carry_out(request, call)
        call.error = call.answer.get("error", "")
        return web.json_response(
            call.answer, headers={"x-oauth-scopes": ",".join(sorted(self.manifest.scopes))}
        )

    async def _carry_out(self, request: web.Request, call: Call) -> Json:
        try:
            self._authorise(request, call)
            answering, scopes = self._method(call.method)
            need_scope(self, *scopes)
            body = answering(self, call.args)
            if inspect.isawaitable(body):
                body = await body
        except SlackError as error:
            return error.body
        except Exception as error:
            self.problems.append(f"the fake itself failed in {call.method}: {error!r}")
            raise
        return {"ok": True, **body}

    def _method(self, name: str) -> tuple[Answering, tuple[str, ...]]:
        if name not in METHODS:
            self.problems.append(f"unknown method {name}")
            raise SlackError("unknown_method", req_method=name)
        return METHODS[name]

    def _authorise(self, request: web.Request, call: Call) -> None:
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") or call.args.pop("token", "")
        if not token:
            raise SlackError("not_authed")
        if self.revoked:
            raise SlackError("token_revoked")
        if token not in (self.bot_token, self.app_token):
            raise SlackError("invalid_auth")
        if (token == self.app_token) != (call.method == "apps.connections.open"):
            raise SlackError("not_allowed_token_type")

    async def _half(
        self, request: web.Request, call: Call, whole: web.Response, how: str
    ) -> web.StreamResponse:
        text = whole.text or ""
        short = text[: len(text) // 2]
        if how == "json":
            return web.Response(text=short, content_type="application/json")
        response = web.StreamResponse(
            headers={"Content-Length": str(len(text)), "Content-Type": "application/json"}
        )
        await response.prepare(request)
        await response.write(short.encode())
        return _cut(request)

    def _guarded(self, name: str, handler: files_methods.Handler) -> files_methods.Handler:
        """A handler beside the Web API (`upload`, `response_url`) whose requests are on record and can go wrong."""

        async def answer(request: web.Request) -> web.StreamResponse:
            with self.delivery.busy(name):
                args = await read_args(request) if name == "response_url" else Args(request.match_info)
                call = Call(name, args, self.clock.now())
                self._calls.append(call)
                fault = self.faults.take(name, call.args) or Fault()
                await asyncio.sleep(fault.delay)
                if fault.status:
                    call.status = fault.status
                    return web.Response(status=fault.status)
                response = None if fault.drop == "before" else await handler(request)
                call.status = response.status if response and not fault.drop else 0
                return response if response and not fault.drop else _cut(request)

        return answer

    # ── telling the bot ───────────────────────────────────────────────────────

    def hears(self, event: Json) -> bool:
        return events.hears(self, event)

    def tell(self, told: Iterable[Json]) -> None:
        """Deliver events behind the answer that is being given."""
        for event in told:
            self.delivery.spawn(self.delivery.event(event))

    # ── for tests to look at ──────────────────────────────────────────────────

    def calls(self, method: str | None = None) -> list[Call]:
        """Every request so far, oldest first."""
        return [call for call in self._calls if method in (None, call.method)]

    async def over_http(self, url: str) -> bool:
        """From now on deliver by HTTP to this address; whether it answered the challenge."""
        self.http.url = url
        self.delivery.transport = self.http
        return await self.http.verify()

    async def connected(self, count: int = 1, within: float = 5) -> None:
        """Wait until the bot has this many sockets open."""
        await self.socket.connected(count, within)

    async def settle(self, quiet: float = 0.05, within: float = 10) -> None:
        """Wait until nothing is in flight, no retry is due, and nothing has happened for `quiet` seconds."""
        await self.delivery.settle(quiet, within)


def _cut(request: web.Request) -> web.Response:
    """Break the connection off instead of answering."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
