"""Actions on the page, done on the pretend platform."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiohttp import web

from adapters.local.adapter import LocalAdapter, Shown
from adapters.local.page.completion import suggest_completions
from adapters.local.page.live_feed import Tell
from adapters.local.page.location import PageLocation, read_location
from adapters.local.page.open_forms import MOST_SENT, OpenForms, clean_file_names, read_fields
from adapters.local.page.render import Painter
from bot.chat.cards import Buttons, Select
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.models import Place
from bot.chat.port import Rejected

_GONE = N_(
    "The playground restarted after you opened this form. Close it and open it again. Your text will be there."
)
_Deed = Callable[[web.Request], Awaitable[web.Response]]


class Acting:
    """One handler for each deed; all of them are posts from our own page."""

    def __init__(self, adapter: LocalAdapter, painter: Painter, tell: Tell) -> None:
        """`tell` lets every open tab know that something changed that is not in the world."""
        self._adapter = adapter
        self._painter = painter
        self._tell = tell
        self._forms = OpenForms()
        self.deeds: dict[str, _Deed] = {
            "/say": self._say,
            "/complete": self._complete,
            "/press": self._press,
            "/choose": self._choose,
            "/submit": self._submit,
            "/editing": self._editing,
            "/edit": self._edit,
            "/erase": self._erase,
            "/dismiss": self._dismiss,
            "/reacting": self._reacting,
            "/react": self._react,
            "/more": self._more,
            "/use": self._use,
            "/unanswer": self._unanswer,
        }

    # ── talking ───────────────────────────────────────────────────────────────

    async def _say(self, request: web.Request) -> web.Response:
        asked, sent = read_location(self._adapter.world, request.query), await request.post()
        text = str(sent.get("text", "")).replace("\r\n", "\n").strip()
        thread = asked.thread if sent.get("where") == "thread" else None
        files = clean_file_names(sent.getall("file", ()))
        if not text and not files:
            return self._done()
        if text.startswith("/") and files:
            raise web.HTTPBadRequest(
                text=_("A command takes no files. Send the files in a separate message.")
            )
        if text.startswith("/"):
            await self._painter.tour.note(f"command {text}")
            shown = await self._adapter.command(asked.me, asked.channel, text, thread)
            return self._show(asked, shown, self._adapter.world.place(asked.channel, thread))
        reply_to = str(sent.get("reply_to", "")) or None
        await self._adapter.say(asked.me, asked.channel, text, thread, reply_to, files)
        await self._painter.tour.note(
            f"say in a thread of {asked.channel}" if thread else f"say in {asked.channel}"
        )
        return self._done()

    async def _complete(self, request: web.Request) -> web.Response:
        asked, sent = read_location(self._adapter.world, request.query), await request.post()
        world, core = self._adapter.world, self._adapter.core
        where = world.place(asked.channel, asked.thread if sent.get("where") == "thread" else None)
        line = str(sent.get("text", ""))
        found = await suggest_completions(core, world, world.who(asked.me), where, line) if core else ()
        box = "thread" if where.thread else "channel"
        return _html(self._painter.suggestions(asked, found, box))

    async def _editing(self, request: web.Request) -> web.Response:
        asked, message = read_location(self._adapter.world, request.query), _part(request, "message")
        return _html(self._painter.editing(asked, message))

    async def _edit(self, request: web.Request) -> web.Response:
        asked, sent = read_location(self._adapter.world, request.query), await request.post()
        text = str(sent.get("text", "")).replace("\r\n", "\n").strip()
        if not text:
            raise web.HTTPBadRequest(text=_("A message needs words. To remove it, press Delete."))
        await self._adapter.edit(asked.me, asked.channel, _part(request, "message"), text)
        return self._done()

    async def _erase(self, request: web.Request) -> web.Response:
        asked = read_location(self._adapter.world, request.query)
        await self._adapter.erase(asked.me, asked.channel, _part(request, "message"))
        return self._done()

    async def _dismiss(self, request: web.Request) -> web.Response:
        asked = read_location(self._adapter.world, request.query)
        await self._adapter.dismiss(asked.me, asked.channel, _part(request, "message"))
        return self._done()

    async def _reacting(self, request: web.Request) -> web.Response:
        asked, message = read_location(self._adapter.world, request.query), _part(request, "message")
        return _html(self._painter.reacting(asked, message))

    async def _react(self, request: web.Request) -> web.Response:
        """Add the reaction, or take it away if it is there."""
        asked = read_location(self._adapter.world, request.query)
        message, emoji = _part(request, "message"), _part(request, "emoji")
        one = self._adapter.world.message(asked.channel, message)
        there = (emoji, asked.me) in one.reactions
        await self._adapter.react(asked.me, asked.channel, message, emoji, gone=there)
        return self._done()

    # ── asking ────────────────────────────────────────────────────────────────

    async def _press(self, request: web.Request) -> web.Response:
        asked, message = read_location(self._adapter.world, request.query), _part(request, "message")
        one = self._adapter.seen(asked.me, asked.channel, message)
        wanted = (_part(request, "label"), _part(request, "state"))
        rows = [block.buttons for block in one.card.blocks if isinstance(block, Buttons)] if one.card else []
        button = next((b for row in rows for b in row if (b.label, b.state) == wanted), None)
        if button is None:
            raise Rejected("no_such_button")
        shown = await self._adapter.press(asked.me, asked.channel, message, button)
        await self._painter.tour.note(f"press {button.does}")
        return self._show(asked, shown, self._adapter.world.place(asked.channel, one.thread), message)

    async def _choose(self, request: web.Request) -> web.Response:
        asked, message = read_location(self._adapter.world, request.query), _part(request, "message")
        one, sent = self._adapter.seen(asked.me, asked.channel, message), await request.post()
        wanted = (_part(request, "select"), _part(request, "value"))
        selects = [block for block in one.card.blocks if isinstance(block, Select)] if one.card else []
        select = next((s for s in selects if (s.does, s.value) == wanted), None)
        if select is None:
            raise Rejected("no_such_option")
        shown = await self._adapter.choose(
            asked.me, asked.channel, message, select, str(sent.get("option", ""))
        )
        return self._show(asked, shown, self._adapter.world.place(asked.channel, one.thread), message)

    async def _submit(self, request: web.Request) -> web.Response:
        """Send an open form. With errors it stays open, with everything that was written in it."""
        files = request.content_type.startswith("multipart/")  # any other body was read already, and is short
        body = request.clone(client_max_size=MOST_SENT) if files else request
        asked, sent = read_location(self._adapter.world, request.query), await body.post()
        opened = self._forms.find(str(sent.get("opened", "")), asked.me)
        if opened is None:
            raise web.HTTPGone(text=_(_GONE))
        values = read_fields(opened.form, sent.items())
        shown = await self._adapter.submit(asked.me, opened.place, opened.form, values, opened.pressed)
        if isinstance(shown, FieldErrors):
            return _html(self._painter.form(asked, replace(opened, values=values, errors=shown)))
        self._forms.close(opened.key)
        await self._painter.tour.note(f"form {opened.form.id}")
        return self._done(asked)

    async def _more(self, request: web.Request) -> web.Response:
        """What the platform's menu offers: on a message, or from anywhere."""
        asked = read_location(self._adapter.world, request.query)
        message, where = request.query.get("message"), request.query.get("where", "channel")
        return _html(self._painter.more(asked, message, where))

    async def _use(self, request: web.Request) -> web.Response:
        """Use a shortcut of that menu."""
        asked, world = read_location(self._adapter.world, request.query), self._adapter.world
        message, shortcut = request.query.get("message"), _part(request, "shortcut")
        thread = asked.thread if request.query.get("where") == "thread" else None
        if message is not None:
            thread = world.message(asked.channel, message).thread
        place = world.place(asked.channel, thread)
        shown = await self._adapter.shortcut(asked.me, shortcut, asked.channel, message, thread)
        return self._show(asked, shown, place)

    async def _unanswer(self, request: web.Request) -> web.Response:
        """Clear away what the bot answered on its own page; it stays in the direct message."""
        asked = read_location(self._adapter.world, request.query)
        self._adapter.answered.pop(asked.me, None)
        return self._done(asked)

    # ── what is shown then ────────────────────────────────────────────────────

    def _show(
        self, asked: PageLocation, shown: Shown, place: Place, pressed: str | None = None
    ) -> web.Response:
        """A form opens over the page; a card is in the conversation already."""
        if isinstance(shown, Form):
            opened = self._forms.open(shown, asked.me, place, pressed)
            return _html(self._painter.form(asked, opened))
        return self._done(asked)

    def _done(self, asked: PageLocation | None = None) -> web.Response:
        """Nothing is open over the page. On the bot's own page that may have changed what is on it."""
        if asked is not None and asked.home:
            self._tell(frozenset({"home"}))
        return _html(self._painter.closed())


def _part(request: web.Request, name: str) -> str:
    """A part of the address that this deed cannot do without."""
    value = request.query.get(name)
    if value is None:
        raise web.HTTPBadRequest(
            text=_("This address is missing its part “{name}”. Go back to the page and try again.", name=name)
        )
    return value


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")
