"""The web server beside a running bot: whether it lives, whether it can hear, and how the doors behave."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web

from bot.runtime.web import LARGEST, Limits, Serving


class Door:
    """What the server is asked to look at, changed by hand."""

    def __init__(self) -> None:
        self.live: str | None = None
        self.ready: str | None = "slack: connecting"


@pytest.fixture
async def served():
    door = Door()

    async def fails(_request: web.Request) -> web.Response:
        raise ValueError("a member's own words")

    async def ready() -> str | None:
        return door.ready

    serving = Serving("127.0.0.1", 0, lambda: door.live, ready)
    port = await serving.start([web.post("/fails", fails), web.post("/length", length)])
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        yield door, session
    await serving.stop()


async def test_liveness_and_readiness_are_told_apart(served):
    door, session = served
    async with session.get("/healthz") as alive, session.get("/readyz") as ready:
        assert (alive.status, ready.status) == (200, 503)
        assert (await ready.json())["why"] == "slack: connecting"
    door.live, door.ready = "these do not get through: sending", None
    async with session.get("/healthz") as alive, session.get("/readyz") as ready:
        assert (alive.status, ready.status) == (503, 200)


async def test_a_fault_of_ours_tells_nothing_of_the_request(served, caplog):
    _, session = served
    async with session.post("/fails?token=secret", data="words") as answer:
        assert answer.status == 500
        assert "own words" not in await answer.text()
    assert "secret" not in caplog.text


async def test_a_body_that_is_too_long_is_refused(served):
    _, session = served
    async with session.post("/length", data=b"x" * LARGEST) as answer:
        assert answer.status == 200
    async with session.post("/length", data=b"x" * (LARGEST + 1)) as answer:
        assert answer.status == 413


# ── who asks nothing ──────────────────────────────────────────────────────────

HALF = b"POST /length HTTP/1.1\r\nHost: here\r\nContent-Le"
LATE = b"POST /length HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf"


async def open_with(port: int, words: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection that says only this."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    await writer.drain()
    return reader, writer


@pytest.mark.parametrize("words", [b"", HALF, LATE], ids=["nothing", "half a heading", "half a body"])
async def test_a_request_that_does_not_end_is_closed(words):
    serving = Serving(
        "127.0.0.1",
        0,
        lambda: None,
        well,
        limits=Limits(heading_seconds=0.2, body_seconds=0.3, refused_seconds=0.1),
    )
    port = await serving.start([web.post("/length", length)])
    reader, writer = await open_with(port, words)
    async with asyncio.timeout(10):
        said = await reader.read()
    assert said == b"" or said.startswith(b"HTTP/1.1 408")
    writer.close()
    await serving.stop()


async def test_many_half_requests_leave_room_for_whole_ones():
    serving = Serving("127.0.0.1", 0, lambda: None, well, limits=Limits(unheard=20, connections=100))
    port = await serving.start([web.post("/length", length)])
    held = await asyncio.gather(*(open_with(port, HALF) for _ in range(60)))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session, session.get("/healthz") as alive:
        assert alive.status == 200
    reading = [asyncio.create_task(ends(reader)) for reader, _ in held]
    async with asyncio.timeout(10):
        for ended in itertools.islice(asyncio.as_completed(reading), 40):  # the oldest make room
            await ended
    for one in reading:
        one.cancel()
    for _, writer in held:
        writer.close()
    await serving.stop()


async def ends(reader: asyncio.StreamReader) -> None:
    """Wait until the other side has closed."""
    with suppress(ConnectionError):
        await reader.read()


async def test_a_connection_too_many_is_closed_and_none_that_works_is_disturbed():
    serving = Serving("127.0.0.1", 0, lambda: None, well, limits=Limits(unheard=2, connections=3))
    port = await serving.start([web.post("/length", length)])
    working = []
    for _ in range(3):
        reader, writer = await open_with(port, b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        working.append((reader, writer))
    reader, writer = await open_with(port, b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
    with suppress(ConnectionError):
        assert await reader.read() == b""
    writer.close()
    for again, asks in working:
        asks.write(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
        async with asyncio.timeout(5):
            assert b"200" in await again.readuntil(b"HTTP/1.1 200")
        asks.close()
    await serving.stop()


async def well() -> str | None:
    return None


async def length(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))
