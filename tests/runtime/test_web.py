"""The web server beside a running bot: whether it lives, whether it can hear, and how the doors behave."""

from __future__ import annotations

import aiohttp
import pytest
from aiohttp import web

from bot.runtime.web import LARGEST, Serving


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

    async def length(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    serving = Serving("127.0.0.1", 0, lambda: door.live, lambda: door.ready)
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
