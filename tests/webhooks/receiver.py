"""A receiver of webhooks on loopback, which checks each signature by the words of the specification and drops doubles."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


def is_signed(secret: str, headers: Any, body: bytes) -> bool:
    """Whether one of the signatures in `webhook-signature` is right (https://www.standardwebhooks.com)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
    wanted = base64.b64encode(hmac.new(key, content.encode(), hashlib.sha256).digest()).decode()
    return any(one == f"v1,{wanted}" for one in headers["webhook-signature"].split(" "))


class Receiver:
    """What came, in order. `answers` are the next statuses; then 204. `does` is called with each request before the answer."""

    def __init__(self) -> None:
        self.port = 0
        self.secret = ""
        self.answers: list[int | dict[str, Any]] = []
        self.always = 204
        self.does: Callable[[web.Request], Any] = lambda _request: None
        self.ids: list[str] = []
        self.timestamps: list[int] = []
        self.events: list[dict[str, Any]] = []
        self.forged = 0
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def distinct(self) -> list[dict[str, Any]]:
        """What came, without the doubles."""
        return list(dict(zip(self.ids, self.events, strict=True)).values())

    def of(self, name: str) -> list[dict[str, Any]]:
        """What the events of one kind said."""
        return [one["data"] for one in self.distinct if one["type"] == name]

    async def hear(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.paths.append(request.path)
        if self.secret and not is_signed(self.secret, request.headers, body):
            self.forged += 1
            return web.Response(status=401)
        self.ids.append(request.headers["webhook-id"])
        self.timestamps.append(int(request.headers["webhook-timestamp"]))
        self.events.append(json.loads(body))
        done = self.does(request)
        if done is not None:
            await done
        answer = self.answers.pop(0) if self.answers else self.always
        if isinstance(answer, dict):
            return web.Response(**answer)
        return web.Response(status=answer, text="the body of an answer, which nobody keeps")


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A receiver that listens."""
    one = Receiver()
    app = web.Application()
    app.router.add_post("/{anything}", one.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.port = runner.addresses[0][1]
    try:
        yield one
    finally:
        await runner.cleanup()
