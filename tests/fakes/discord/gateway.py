"""The gateway: who is connected, who is told what, and everything that can go wrong with a connection."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.fakes.discord.identifying import Budget, refuse_intents, shard_of
from tests.fakes.discord.sessions import PRIVILEGED, Build, Intent, Session
from tests.fakes.discord.shapes import guild_create, user
from tests.fakes.discord.wire import GOING_AWAY, NORMAL, Wire
from tests.fakes.discord.world import Guild, World

Json = dict[str, Any]


class Gateway:
    """Sessions and connections. A test pulls the strings below; `requests` hears what the bot sends."""

    def __init__(self, world: World, touched: Callable[[], None]) -> None:
        self.world = world
        self.url = ""
        self.token = ""
        self.portal = int(PRIVILEGED)
        """Privileged intents that are switched on for the application; asking for others closes with 4014."""
        self.heartbeat_interval = 41.25
        self.resume_window = timedelta(minutes=3)
        self.budget = Budget(world.clock)
        self.deaf = False
        """While true, events are lost: not sent, not numbered, never replayed."""
        self.mute_acks = False
        """While true, heartbeats are not acknowledged."""
        self.frozen = False
        """While true, nothing that the client sends is read or answered, not even IDENTIFY."""
        self.sessions: dict[str, Session] = {}
        self.identifies: list[tuple[datetime, tuple[int, int]]] = []
        self.resumes: list[tuple[datetime, bool]] = []
        """When a RESUME came, and whether it was granted."""
        self.closes: list[int | None] = []
        """The codes with which clients closed."""
        self.requests: list[Json] = []
        self.connects = 0
        self._refusals: deque[str] = deque()
        self._wires: set[Wire] = set()
        self._touched = touched
        self.on_request: dict[int, Callable[[Session, Json], None]] = {}

    # ── strings to pull ───────────────────────────────────────────────────────

    def refuse_connects(self, times: int = 1, how: str = "503") -> None:
        """The next connections fail: with an HTTP status, or `drop` for a connection that just ends.

        aiohttp silently tries a dropped GET once more, so a `drop` that is to be noticed takes `times=2`.
        """
        self._refusals.extend([how] * times)

    def reconnect(self, shard: int | None = None) -> None:
        """Ask clients to connect again and resume (op 7)."""
        for session in self._connected(shard):
            assert session.wire is not None
            session.wire.send({"op": 7, "d": None})

    def invalidate(self, *, resumable: bool = False, shard: int | None = None) -> None:
        """Tell clients that their session is invalid (op 9)."""
        for session in list(self._connected(shard)):
            assert session.wire is not None
            session.wire.send({"op": 9, "d": resumable})
            if not resumable:
                del self.sessions[session.id]

    def close(self, code: int, shard: int | None = None) -> None:
        """Close connections with a code; 4007 and 4009 end the session too."""
        for session in list(self._connected(shard)):
            assert session.wire is not None
            session.wire.close(code)
            self._lose(session, session.wire)
            if code in (4007, 4009):
                del self.sessions[session.id]

    def cut(self, shard: int | None = None) -> None:
        """Break connections without a close frame."""
        for session in list(self._connected(shard)):
            assert session.wire is not None
            wire = session.wire
            self._lose(session, wire)
            wire.cut()

    def ask_heartbeat(self) -> None:
        for session in self._connected(None):
            assert session.wire is not None
            session.wire.send({"op": 1, "d": None})

    def forget_sessions(self) -> None:
        """What was lost stays lost: no session can be resumed any more."""
        self.sessions = {k: s for k, s in self.sessions.items() if s.wire is not None}

    @property
    def connected(self) -> list[Session]:
        return list(self._connected(None))

    @property
    def busy(self) -> bool:
        return any(wire.busy for wire in self._wires)

    def _connected(self, shard: int | None) -> Iterator[Session]:
        for session in list(self.sessions.values()):
            if session.wire is not None and shard in (None, session.shard):
                yield session

    # ── telling ───────────────────────────────────────────────────────────────

    def tell(
        self, event: str, build: Build | Json, guild_id: int | None, needs: Intent | None = None
    ) -> None:
        """Tell an event to every session whose shard and intents match, connected or not."""
        if self.deaf:
            return
        for session in list(self.sessions.values()):
            if not session.covers(guild_id) or (needs and not session.intents & needs):
                continue
            data = build(session) if callable(build) else build
            if data is not None:
                session.tell(event, data)
        self._touched()

    # ── a connection ──────────────────────────────────────────────────────────

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection from HELLO to its end."""
        self.connects += 1
        self._touched()
        if self._refusals:
            how = self._refusals.popleft()
            if how != "drop":
                return web.Response(status=int(how), text="upstream connect error")
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        compress = request.query.get("compress")
        if request.query.get("v") != "10" or compress not in (None, "zlib-stream"):
            return web.Response(
                status=400, text=f"this fake speaks v10, plain or zlib-stream: {request.query}"
            )
        socket = web.WebSocketResponse(compress=False, timeout=1.0)
        await socket.prepare(request)
        wire = Wire(socket, compress is not None, self._touched)
        wire.transport = request.transport
        self._wires.add(wire)
        wire.send({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000), "_trace": []}})
        try:
            await self._converse(wire)
        finally:
            self._wires.discard(wire)
            await wire.end()
        return socket

    async def _converse(self, wire: Wire) -> None:
        sent: deque[float] = deque()
        while True:
            payload = await wire.read()
            if payload is None:
                self._gone(wire)
                return
            if self.frozen:
                continue
            sent.append(time.monotonic())
            while sent[0] < sent[-1] - 60:
                sent.popleft()
            code = payload if isinstance(payload, int) else self._answer(wire, payload)
            if len(sent) > 120:
                code = 4008
            if code is not None:
                wire.close(code)

    def _answer(self, wire: Wire, payload: Json) -> int | None:
        """Act on a payload; the code to close with when it is not allowed."""
        op, data = payload.get("op"), payload.get("d")
        if op == 1:
            if not self.mute_acks:
                wire.send({"op": 11, "d": None})
            return None
        self.requests.append(payload)
        self._touched()
        session = self.sessions.get(wire.session_id or "")
        if op == 2:
            return 4005 if wire.session_id else self._identify(wire, data or {})
        if op == 6:
            return 4005 if wire.session_id else self._resume(wire, data or {})
        if session is None:
            return 4003
        if op in self.on_request:
            self.on_request[op](session, data or {})
            return None
        return None if op in (3, 4) else 4001

    def _identify(self, wire: Wire, data: Json) -> int | None:
        if data.get("token") != self.token or self.budget.token_reset:
            return 4004
        shard = shard_of(data)
        if shard is None:
            return 4010
        code = refuse_intents(data.get("intents"), self.portal)
        if code is not None:
            return code
        self.identifies.append((self.world.now(), shard))
        if not self.budget.spend(shard[0]):
            if self.budget.token_reset:  # spending what is not there has reset it just now
                return 4004  # type: ignore[unreachable]
            wire.send({"op": 9, "d": False})
            return None
        session = Session(f"session{self.world.ids.next():x}", data["intents"], *shard, wire=wire)
        self.sessions[session.id] = session
        wire.session_id = session.id
        self._welcome(session)
        return None

    def _welcome(self, session: Session) -> None:
        guilds = [g for g in self.world.guilds.values() if self.world.bot.id in g.members]
        mine = [g for g in guilds if session.covers(g.id)]
        session.tell(
            "READY",
            {
                "v": 10,
                "user": user(self.world.bot) | {"verified": True, "mfa_enabled": False, "flags": 0},
                "guilds": [{"id": str(g.id), "unavailable": True} for g in mine],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "shard": [session.shard, session.shards],
                "application": {"id": str(self.world.app_id), "flags": 0},
            },
        )
        for guild in mine:
            self.tell_guild(session, guild)

    def tell_guild(self, session: Session, guild: Guild) -> None:
        if session.intents & Intent.GUILDS and not guild.unavailable:
            presences = bool(session.intents & Intent.GUILD_PRESENCES)
            session.tell("GUILD_CREATE", guild_create(self.world, guild, presences=presences))

    def _resume(self, wire: Wire, data: Json) -> int | None:
        if data.get("token") != self.token or self.budget.token_reset:
            return 4004
        session = self.sessions.get(str(data.get("session_id")))
        late = session is not None and session.lost_at is not None
        if session is None or (late and self.world.now() - session.lost_at > self.resume_window):  # type: ignore[operator]
            self.resumes.append((self.world.now(), False))
            wire.send({"op": 9, "d": False})
            return None
        sequence = data.get("seq")
        if not isinstance(sequence, int) or sequence > session.sequence:
            return 4007
        if session.wire is not None:
            session.wire.close(4000)
        self.resumes.append((self.world.now(), True))
        session.wire, session.lost_at = wire, None
        wire.session_id = session.id
        session.replay(sequence)
        return None

    def _gone(self, wire: Wire) -> None:
        """The client closed or vanished: 1000 and 1001 end its session, anything else leaves it to be resumed."""
        code = wire.socket.close_code
        if not wire.closed_by_us:
            self.closes.append(code)
        session = self.sessions.get(wire.session_id or "")
        if session is None or session.wire is not wire:
            return
        self._lose(session, wire)
        if code in (NORMAL, GOING_AWAY):
            del self.sessions[session.id]

    def _lose(self, session: Session, wire: Wire) -> None:
        if session.wire is wire:
            session.wire, session.lost_at = None, self.world.now()
