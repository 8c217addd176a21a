"""One gateway connection: frames in and out, compressed as the client asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

Json = dict[str, Any]
BIGGEST = 4096
"""Bytes a client may send in one frame; more closes with 4002."""


class Wire:
    """A websocket that sends from a queue, so that whoever has news need not wait for the network."""

    def __init__(self, socket: web.WebSocketResponse, compressed: bool, touched: Callable[[], None]) -> None:
        self.socket = socket
        self.session_id: str | None = None
        self.transport: asyncio.BaseTransport | None = None
        self.closed_by_us = False
        self._deflate = zlib.compressobj() if compressed else None
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()
        self._touched = touched
        self._sending = False
        self._writer = asyncio.create_task(self._write())

    @property
    def busy(self) -> bool:
        return not self.socket.closed and (self._sending or not self._queue.empty())

    def send(self, payload: Json) -> None:
        self._queue.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close with a code after everything that is queued."""
        self.closed_by_us = True
        self._queue.put_nowait(code)

    def cut(self) -> None:
        """End the connection without a word, as a broken network does."""
        self.closed_by_us = True
        self._writer.cancel()
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    async def read(self) -> Json | int | None:
        """The next payload of the client; a close code when it is malformed, None when it has gone."""
        frame = await self.socket.receive()
        if frame.type is not WSMsgType.TEXT:
            return None
        if len(frame.data.encode()) > BIGGEST:
            return 4002
        try:
            payload = json.loads(frame.data)
        except ValueError:
            return 4002
        return payload if isinstance(payload, dict) else 4002

    async def end(self) -> None:
        self._writer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._writer

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while True:
                item = await self._queue.get()
                self._sending = True
                if isinstance(item, int):
                    await self.socket.close(code=item, message=b"")
                    return
                text = json.dumps(item)
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
                self._sending = False
                self._touched()


NORMAL, GOING_AWAY = int(WSCloseCode.OK), int(WSCloseCode.GOING_AWAY)
