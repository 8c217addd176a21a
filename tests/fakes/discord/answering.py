"""From an HTTP request to its answer: reading, recording, faults, limits, the route, and Discord's error body."""

from __future__ import annotations

import asyncio
import json
import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from tests.fakes.discord.calls import Call, Fault
from tests.fakes.discord.errors import DiscordError
from tests.fakes.discord.routes import (
    Handler,
    channels,
    commands,
    events,
    guilds,
    interactions,
    me,
    messages,
    threads,
)

if TYPE_CHECKING:
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
ROUTES: dict[str, Handler] = {}
for _module in (me, channels, messages, threads, guilds, events, commands, interactions):
    ROUTES |= _module.ROUTES
PATTERNS = [(name, name.split(" ")[0], name.split(" ")[1].strip("/").split("/")) for name in ROUTES]
WITHOUT_TOKEN = ("/interactions/", "/webhooks/")


def match(method: str, path: str) -> tuple[str, tuple[str, ...]] | None:
    """The route of a path and its arguments; words win over `{}`."""
    parts = [unquote(p) for p in path.strip("/").split("/")]
    best: tuple[int, str, tuple[str, ...]] | None = None
    for name, verb, pattern in PATTERNS:
        if verb != method or len(pattern) != len(parts):
            continue
        if all(p in ("{}", part) for p, part in zip(pattern, parts, strict=True)):
            args = tuple(part for p, part in zip(pattern, parts, strict=True) if p == "{}")
            if best is None or len(args) < best[0]:
                best = (len(args), name, args)
    return None if best is None else best[1:]


async def answer(rig: Rig, request: web.Request) -> web.StreamResponse:
    path = request.raw_path.split("?")[0].removeprefix("/api/v10")
    found = match(request.method, path)
    if found is None:
        rig.unknown.append(f"{request.method} {path}")
        return web.json_response({"message": "no such route in this fake", "code": 0}, status=501)
    name, args = found
    try:
        body, files = await _read(request)
    except ValueError:
        return _json({"message": "The request body contains invalid JSON.", "code": 50109}, status=400)
    call = Call(
        name, args, dict(request.query), body, files, rig.world.now(), _authorized(rig, request, path)
    )
    call.reason = request.headers.get("X-Audit-Log-Reason")
    rig.calls.append(call)
    rig.archive_sleepy()
    fault = rig.faults.take(call)
    if fault is not None:
        call.fault = fault.name
        if fault.when == "before" and not (fault.delay and not _spoils(fault)):
            return await _spoil(rig, request, call, fault, web.Response())
        if fault.when == "before":
            await asyncio.sleep(fault.delay)
    response = _result(rig, call)
    call.status = response.status
    if fault is not None and fault.when == "after":
        return await _spoil(rig, request, call, fault, response)
    return response


async def _read(request: web.Request) -> tuple[Any, list[Json]]:
    """The JSON of a body, and its files when it is multipart."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return (json.loads(text) if text else None), []
    body, files = None, []
    reader = await request.multipart()
    async for part in reader:
        if part.name == "payload_json":  # type: ignore[union-attr]
            body = json.loads(await part.text())  # type: ignore[union-attr]
        else:
            data = bytes(await part.read())  # type: ignore[union-attr]
            files.append({"name": part.name, "filename": part.filename or "file", "data": data})  # type: ignore[union-attr]
    return body, files


def _authorized(rig: Rig, request: web.Request, path: str) -> bool:
    if path.startswith(WITHOUT_TOKEN) or path == "/gateway":
        return True
    good = request.headers.get("Authorization") == f"Bot {rig.token}"
    return good and not rig.gateway.budget.token_reset


def _result(rig: Rig, call: Call) -> web.Response:
    """Carry the request out, within limits."""
    headers: dict[str, str] = {}
    for bucket in rig.buckets:
        if bucket.covers(call):
            more, wait = bucket.take(call)
            headers |= more
            if wait is not None:
                return limited(wait, headers, everywhere=bucket.everywhere)
    if not call.authorized:
        return _json({"message": "401: Unauthorized", "code": 0}, headers, 401)
    try:
        result = ROUTES[call.route](rig, call)
    except DiscordError as error:
        return _json(error.body, headers, error.status)
    except Exception:  # noqa: BLE001 - told when the context is left
        rig.broken.append(f"{call.route}: {traceback.format_exc()}")
        return _json({"message": "the fake itself is broken", "code": 0}, headers, 501)
    if result is None:
        return web.Response(status=204, headers=headers)
    return _json(result, headers)


def _json(data: Any, headers: dict[str, str] | None = None, status: int = 200) -> web.Response:
    # discord.py parses only what is called exactly `application/json`, without a charset.
    return web.Response(
        body=json.dumps(data).encode(),
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )


def limited(
    wait: float, headers: dict[str, str], *, everywhere: bool = False, via: bool = True
) -> web.Response:
    """429 as Discord's API sends it (`Via`), or as Cloudflare does (without)."""
    more = {"Retry-After": str(max(1, round(wait))), "X-RateLimit-Scope": "global" if everywhere else "user"}
    if everywhere:
        more["X-RateLimit-Global"] = "true"
    if via:
        more["Via"] = "1.1 google"
    body = {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": everywhere}
    return _json(body, {**headers, **more}, 429)


def _spoils(fault: Fault) -> bool:
    return bool(fault.status or fault.drop or fault.hang or fault.half or fault.cut or fault.text) or (
        fault.html or fault.retry_after is not None
    )


async def _spoil(
    rig: Rig, request: web.Request, call: Call, fault: Fault, response: web.Response
) -> web.StreamResponse:
    """Let an answer go wrong. `response` is the good one, if the request was carried out."""
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.hang:
        await rig.faults.hang()
        fault.drop = True
    call.status = None
    if fault.drop:
        assert request.transport is not None
        request.transport.close()
        return response
    if fault.retry_after is not None:
        response = limited(fault.retry_after, {}, everywhere=fault.everywhere, via=fault.via)
    elif fault.html:
        page = "<html><body>error</body></html>"
        response = web.Response(status=fault.status or 502, text=page, content_type="text/html")
    elif fault.status:
        body = fault.body if fault.body is not None else {"message": str(fault.status), "code": fault.code}
        response = _json(body, status=fault.status)
    call.status = response.status
    data = bytes(response.body) if isinstance(response.body, bytes) else b"{}"
    if fault.half:
        return web.Response(body=data[: len(data) // 2], headers={"Content-Type": "application/json"})
    if fault.text:
        return web.Response(body=data, headers={"Content-Type": "text/plain; charset=utf-8"})
    if fault.cut:
        return await _cut(request, data)
    return response


async def _cut(request: web.Request, data: bytes) -> web.StreamResponse:
    """Promise a whole body and send half of it."""
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": str(len(data))}
    )
    await response.prepare(request)
    await response.write(data[: len(data) // 2])
    assert request.transport is not None
    request.transport.close()
    return response
