"""The route for events as signed HTTP requests, `POST /slack/events/<app>`. It never answers 500."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

BODY = 256 * 1024
"""Bytes of a request that are read at most."""
PATH = "/slack/events/{app}"
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)

Take = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


def event_routes(takers: Callable[[str], Take | None]) -> list[web.RouteDef]:
    """Where requests come in; `takers` gives the app of a name what it takes, or None where it takes nothing by HTTP."""

    async def events(request: web.Request) -> web.Response:
        take = takers(request.match_info["app"])
        if take is None:
            return web.Response(status=404)
        # Slack's verifier raises on what is no number and no ASCII, which would be a 500 (platform facts L7).
        if not _TIME.fullmatch(request.headers.get("X-Slack-Request-Timestamp", "")):
            return web.Response(status=401)
        if not _SIGNATURE.fullmatch(request.headers.get("X-Slack-Signature", "")):
            return web.Response(status=401)
        body = await _read(request)
        if body is None:
            return web.Response(status=413)
        try:
            text = body.decode("utf-8")
            heard = AsyncBoltRequest(body=text, query=request.query_string, headers=dict(request.headers))
        except Exception:  # noqa: BLE001 - neither text nor what Slack sends: bolt stumbles in many ways
            return web.Response(status=401)
        response = await take(heard)
        if response.status == 500:
            response.status = 503
        return await to_aiohttp_response(response)

    return [web.post(PATH, events)]


async def _read(request: web.Request) -> bytes | None:
    """The body; None when it is longer than Slack ever sends. Nothing beyond the limit is read."""
    if (request.content_length or 0) > BODY:
        return None
    body = bytearray()
    async for chunk in request.content.iter_chunked(65_536):
        body += chunk
        if len(body) > BODY:
            return None
    return bytes(body)
