"""The playground's web server: the handler of each address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import quote

from aiohttp import web

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import Inspector
from adapters.local.page.actions import Acting
from adapters.local.page.controls import Controls
from adapters.local.page.gallery import read_view
from adapters.local.page.gate import Gate
from adapters.local.page.live_feed import Feed
from adapters.local.page.location import read_location
from adapters.local.page.render import HERE, Painter, Renderer
from bot.chat.cards import Block, Card, File, Picture
from bot.chat.language import LANGUAGES, N_, _, known_language, locale_of, speaking
from bot.chat.port import PlatformError, Rejected

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a request: more than any platform takes as one message."""
_WORDS = {
    "nobody_here": N_("There is nobody in this playground yet. Start it again with --reset."),
    "user_not_found": N_("There is nobody with that name here."),
    "channel_not_found": N_("This conversation does not exist, or it belongs to somebody else."),
    "thread_not_found": N_("This thread does not exist."),
    "message_not_found": N_("This message is gone."),
    "thread_locked": N_("This thread is closed."),
    "not_your_message": N_("This message belongs to somebody else."),
    "no_such_button": N_("This button is gone."),
    "no_such_option": N_("This option is gone."),
    "no_such_file": N_("This file does not exist."),
    "not_kept": N_("Your message could not be saved. Check whether the disk is full."),
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Listens(Protocol):
    """What serves an application on an address, `bot.runtime.web.Listener`."""

    async def start(self) -> int:
        """Listen; the port that was taken."""
        ...

    async def stop(self) -> None:
        """Let running requests finish, and close."""
        ...


class Playground:
    """Serves the page. It binds to this machine only, unless told otherwise; then it asks for a token."""

    def __init__(
        self, adapter: LocalAdapter, backstage: Inspector, host: str = "127.0.0.1", port: int = 8300, *,
        zone: str = "UTC", country: str = "US", renderers: Mapping[str, Renderer] | None = None,
        routes: Sequence[web.RouteDef] = (),
    ) -> None:  # fmt: skip
        """`zone` and `country` are the community's, for the times on the page and how they are written.

        `renderers` add to the gallery's switch. `routes` are addresses beside the page's own; they need no token.
        """
        self._adapter = adapter
        self._backstage = backstage
        self._host = host
        self._port = port
        self._country = country
        self._feed = Feed()
        self._painter = Painter(adapter, backstage, zone, renderers or {})
        self._acting = Acting(adapter, self._painter, self._changed)
        self._controls = Controls(adapter, backstage, self._painter, self._changed)
        self._routes = routes
        self._gate = Gate(host, frozenset(one.path for one in routes))
        self._listener: Listens | None = None
        self._unwatch: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        """Where the page is; with the token, where one is needed."""
        return self._address + (f"?token={self._gate.token}" if self._gate.token else "")

    @property
    def _address(self) -> str:
        # Nobody can open "every address of this machine"; what it is called from elsewhere, only others know.
        name = "localhost" if self._host in ("0.0.0.0", "::", "") else self._host  # noqa: S104
        name = f"[{name}]" if ":" in name else name
        return f"http://{name}:{self._port}/"

    async def start(self, listen: Callable[[web.Application, str, int], Listens]) -> None:
        """Serve; returns when the page can be opened. Port 0 takes a free one."""
        self._unwatch = self._adapter.watch(self._changed)
        self._listener = listen(self.app(), self._host, self._port)
        self._port = await self._listener.start()
        self._adapter.address = self._address

    async def stop(self) -> None:
        """Let running requests finish and close."""
        self._unwatch()
        self._unwatch = lambda: None
        self._feed.close()
        self._adapter.address = ""
        if self._listener is not None:
            await self._listener.stop()
            self._listener = None

    def _changed(self, keys: frozenset[str]) -> None:
        self._painter.homes.stir()
        self._feed.tell(keys)

    def app(self) -> web.Application:
        """The application, for serving and for tests."""
        app = web.Application(client_max_size=LARGEST, middlewares=[self._in_words])
        self._gate.guard(app)
        app.router.add_get("/", self._page)
        app.router.add_get("/parts", self._parts)
        app.router.add_get("/live", self._feed.stream)
        app.router.add_get("/file/{message}/{number:[0-9]{1,6}}", self._file)
        app.router.add_get("/gallery", self._gallery)
        app.router.add_get("/gallery/file/{card:[0-9]{1,6}}/{number:[0-9]{1,6}}", self._gallery_file)
        app.router.add_static("/static/", HERE / "static")
        app.router.add_routes(self._routes)
        for path, act in (*self._acting.deeds.items(), *self._controls.deeds.items()):
            app.router.add_post(path, act)
        return app

    # ── looking ───────────────────────────────────────────────────────────────

    async def _page(self, request: web.Request) -> web.Response:
        asked = read_location(self._adapter.world, request.query)
        if asked.home or asked.inspect:
            await self._painter.tour.note("open home" if asked.home else "open database")
        return _html(await self._painter.page(asked))

    async def _parts(self, request: web.Request) -> web.Response:
        return _html(await self._painter.parts(read_location(self._adapter.world, request.query)))

    async def _gallery(self, request: web.Request) -> web.Response:
        return _html(await asyncio.to_thread(self._painter.gallery, read_view(request.query)))

    async def _file(self, request: web.Request) -> web.Response:
        asked = read_location(self._adapter.world, request.query)
        try:
            one = self._adapter.seen(asked.me, asked.channel, request.match_info["message"])
        except Rejected as refused:
            raise web.HTTPNotFound(text=_(_WORDS["message_not_found"])) from refused
        return _download(one.card, int(request.match_info["number"]))

    async def _gallery_file(self, request: web.Request) -> web.Response:
        cards = [card for _room, card in self._painter.exhibition.cards()]
        number = int(request.match_info["card"])
        return _download(cards[number] if number < len(cards) else None, int(request.match_info["number"]))

    # ── what goes wrong ───────────────────────────────────────────────────────

    @web.middleware
    async def _in_words(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Whatever goes wrong becomes a sentence: on the page for what it asked, alone for a whole page."""
        with speaking(self._locale_of(request)):
            return await self._answered(request, handler)

    async def _answered(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            text = _("This is too long. At most {size} KiB fit here. Nothing was sent.", size=LARGEST // 1024)
            return self._said(request, 413, text)
        except PlatformError as error:
            known = _WORDS.get(error.code)
            text = _(known) if known else _("The pretend platform says {code}.", code=error.code)
            return self._said(request, 409, text)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return self._said(request, error.status, error.text or error.reason)
        except Exception:
            log.exception("the playground failed at %s", request.path)
            return self._said(request, 500, _("Something went wrong in the playground. Its log says more."))

    def _locale_of(self, request: web.Request) -> str:
        """The locale of the page: of the language that its address names, else of whoever looks."""
        reader = self._adapter.world.people.get(request.query.get("as", ""))
        asked = known_language(request.query.get("language"))
        spoken = asked or known_language(reader.locale if reader else None) or LANGUAGES[0]
        return locale_of(spoken, self._country)

    def _said(self, request: web.Request, status: int, text: str) -> web.Response:
        if request.headers.get("HX-Request") == "true":
            return _html(self._painter.notice(text), status)
        return _html(self._painter.error(text), status)


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")


def _download(card: Card | None, number: int) -> web.Response:
    """A picture to look at, or a file to keep: never anything the browser would run."""
    blocks: tuple[Block, ...] = card.blocks if card is not None else ()
    match blocks[number] if number < len(blocks) else None:
        case Picture(png=png):
            return web.Response(body=png, content_type="image/png")
        case File(name=name, data=data):
            headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
            return web.Response(body=data, content_type="application/octet-stream", headers=headers)
        case _:
            raise web.HTTPNotFound(text=_(_WORDS["no_such_file"]))
