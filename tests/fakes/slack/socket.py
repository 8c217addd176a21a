"""Socket Mode: tickets, up to ten connections, envelopes and their acks."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.fakes.slack.delivery import Ack

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json

MOST_CONNECTIONS = 10


@dataclass(slots=True, eq=False)
class Connection:
    request: web.Request
    ws: web.WebSocketResponse
    deaf: bool = False


class Socket:
    """The server's side of Socket Mode."""

    def __init__(self, slack: FakeSlack, ack_seconds: float) -> None:
        self.slack = slack
        self.ack_seconds = ack_seconds
        self.connections: list[Connection] = []
        self.opened = 0
        self._tickets: set[str] = set()
        self._pending: dict[str, tuple[asyncio.Future[Any], Connection]] = {}
        self._random = random.Random(slack.world.domain)

    def ticket(self) -> str:
        """A URL that opens one connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return (
            f"{self.slack.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.slack.world.app}"
        )

    async def link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(ticket)
        ws = web.WebSocketResponse(autoping=True)
        await ws.prepare(request)
        connection = Connection(request, ws)
        if len(self.connections) >= MOST_CONNECTIONS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await ws.close()
            return ws
        self.connections.append(connection)
        self.opened += 1
        await ws.send_json(self._hello())
        try:
            async for message in ws:
                if message.type == WSMsgType.TEXT:
                    self._heard(json.loads(message.data))
        finally:
            self._gone(connection)
        return ws

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.slack.world.app},
            "debug_info": {"host": "applink-fake", "approximate_connection_time": 3600},
        }

    def _heard(self, message: Json) -> None:
        future, _ = self._pending.get(message.get("envelope_id", ""), (None, None))
        if future is None or future.done():
            return
        delivery = self.slack.delivery
        if delivery.acks_to_lose:
            delivery.acks_to_lose -= 1
            future.set_exception(TimeoutError())
        else:
            future.set_result(message.get("payload"))

    def _gone(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for future, used in self._pending.values():
            if used is connection and not future.done():
                future.set_exception(TimeoutError())

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        """One envelope through one connection, and its ack."""
        if not self.connections:
            return Ack(False, reason="no_connection")
        connection = self._random.choice(self.connections)
        if connection.deaf:
            return Ack(False, reason="timeout")
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if reason else ""}
        started = time.monotonic()
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[envelope["envelope_id"]] = (future, connection)
        try:
            await connection.ws.send_json(envelope)
            body = await asyncio.wait_for(future, self.ack_seconds)
        except (TimeoutError, ConnectionError):
            return Ack(False, seconds=time.monotonic() - started, reason="timeout")
        finally:
            del self._pending[envelope["envelope_id"]]
        return Ack(True, body, time.monotonic() - started)

    # ── trouble ───────────────────────────────────────────────────────────────

    async def disconnect(self, reason: str, grace: float) -> None:
        old = list(self.connections)
        for connection in old:
            await connection.ws.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-fake"}}
            )
        await asyncio.sleep(grace)
        for connection in old:
            await connection.ws.close()

    async def cut(self) -> None:
        for connection in list(self.connections):
            if connection.request.transport is not None:
                connection.request.transport.abort()
            self._gone(connection)

    async def stop(self) -> None:
        for connection in list(self.connections):
            await connection.ws.close()

    async def connected(self, count: int, within: float) -> None:
        end = time.monotonic() + within
        while len(self.connections) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(self.connections)} of {count} connections after {within} s")
            await asyncio.sleep(0.005)
