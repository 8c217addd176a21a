"""The gate of the page: checks every request, and tells the browser what the page may do."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import urlsplit

from aiohttp import web

COOKIE = "playground"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Lets in who is meant to be here.

    On a loopback address every program of this machine may ask, but no web page of somebody else: the Host must
    be this machine's own name (a name that was re-bound to 127.0.0.1 is not), and an Origin must be the page's
    own. On any other address the token of this run is needed as well, once in the link and then as a cookie.
    """

    def __init__(self, host: str, free: frozenset[str] = frozenset()) -> None:
        """`free` are paths that need no token: they show nothing of anybody."""
        self._free = free
        self.local = is_loopback(host)
        self.token = None if self.local else secrets.token_urlsafe(24)
        self._names = {"localhost", "127.0.0.1", "::1", host.casefold()} if self.local else None

    def guard(self, app: web.Application) -> None:
        """Stand before every handler of this application."""
        app.middlewares.insert(0, self._check)
        app.on_response_prepare.append(_declare)

    @web.middleware
    async def _check(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not self._host_fits(request):
            raise web.HTTPMisdirectedRequest(text="The playground answers only to its own address.")
        if not _origin_fits(request):
            raise web.HTTPForbidden(text="The playground takes requests only from its own page.")
        if self.token is not None and request.path not in self._free and not self._known(request):
            self._admit(request)
        return await handler(request)

    def _host_fits(self, request: web.Request) -> bool:
        name = _host_name(request.host)
        return bool(name) and (self._names is None or name in self._names)

    def _known(self, request: web.Request) -> bool:
        return self._is_token(request.cookies.get(COOKIE, ""))

    def _admit(self, request: web.Request) -> NoReturn:
        """Trade the token in the link for a cookie, so that the address bar does not keep it."""
        if request.method != "GET" or not self._is_token(request.query.get("token", "")):
            raise web.HTTPForbidden(
                text="Open the playground with the whole link it printed: the token is missing."
            )
        clean = web.HTTPSeeOther(request.rel_url.without_query_params("token"))
        clean.set_cookie(COOKIE, self.token or "", httponly=True, samesite="Strict", path="/")
        raise clean

    def _is_token(self, given: str) -> bool:
        return self.token is not None and secrets.compare_digest(given.encode(), self.token.encode())


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def _origin_fits(request: web.Request) -> bool:
    """A browser names the page a request comes from: always when it posts, and then it must be ours."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.method in ("GET", "HEAD")
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.casefold() == request.host.casefold()


async def _declare(request: web.Request, response: web.StreamResponse) -> None:  # noqa: ARG001
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
