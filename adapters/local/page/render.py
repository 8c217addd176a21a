"""The renderer of the page: templates filled with what one person sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import Inspector
from adapters.local.page import views
from adapters.local.page.arrivals import list_arrivals
from adapters.local.page.breakage import break_switches
from adapters.local.page.gallery import Gallery, GalleryView
from adapters.local.page.homes import HomeCache
from adapters.local.page.location import PageLocation
from adapters.local.page.markdown import PageReader, safe_link
from adapters.local.page.open_forms import Opened
from adapters.local.page.tour import Tour
from bot.chat.cards import Button, Card, Select
from bot.chat.forms import Choice, Choices, DateTime, Hint, LongText, Pick, Scale, ShortText, Upload
from bot.chat.help import LineSuggestion
from bot.chat.language import _, current_locale, known_language, ngettext
from bot.chat.menu import Shortcut

HERE = Path(__file__).parent
EMOJI = ("👍", "🌱", "❤️", "🎉", "👀", "🙏", "💡", "✅")
Renderer = Callable[[Card], Markup]
"""How a card would look somewhere, as HTML."""
_KINDS = {ShortText: "short", LongText: "long", Choice: "choice", Choices: "choices", Scale: "scale"}
_MORE_KINDS = {DateTime: "datetime", Pick: "pick", Hint: "hint", Upload: "upload"}


@dataclass(frozen=True, slots=True)
class Live:
    """Where the parts of a card in a conversation lead."""

    asked: PageLocation
    message: str
    live = True

    @property
    def heading(self) -> int:
        """The level of a card's headings: on the bot's own page no message stands above them."""
        return 3 if self.asked.home else 4

    def file(self, number: int) -> str:
        return self.asked.url(f"/file/{self.message}/{number}")

    def press(self, button: Button) -> str:
        return self.asked.url("/press", message=self.message, label=button.label, state=button.state)

    def choose(self, select: Select) -> str:
        return self.asked.url("/choose", message=self.message, select=select.does, value=select.value)


@dataclass(frozen=True, slots=True)
class Still:
    """Where the parts of a card in the gallery lead: only its files and pictures lead anywhere."""

    number: int
    live = False
    heading = 4

    def file(self, number: int) -> str:
        return f"/gallery/file/{self.number}/{number}?language={known_language(current_locale()) or ''}"


class Painter:
    """Fills the templates. Remembers what each person has seen, for the unread marks."""

    def __init__(
        self, adapter: LocalAdapter, backstage: Inspector, zone: str, renderers: Mapping[str, Renderer]
    ) -> None:
        self._adapter = adapter
        self._world = adapter.world
        self._backstage = backstage
        self.tour = Tour(adapter, backstage)
        self._zone = zone
        self.homes = HomeCache(adapter)
        drawn = {name: partial(_numbered, draw) for name, draw in renderers.items()}
        self.exhibition = Gallery(backstage, self._in_the_playground, drawn)
        self._seen: dict[str, dict[str, str]] = {}
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.tests["safe_link"] = safe_link
        self._templates.filters["kind"] = lambda part: {**_KINDS, **_MORE_KINDS}[type(part)]
        self._templates.filters["field_value"] = field_value
        self._templates.globals.update(emoji=EMOJI, _=_, ngettext=ngettext, locale=current_locale)

    # ── the page ──────────────────────────────────────────────────────────────

    async def page(self, asked: PageLocation) -> str:
        """The whole page."""
        faces = views.list_personas(self._world, asked.me)
        me = next(face for face in faces if face.current)
        return self._fill("page.html", asked, **await self._parts(asked), faces=faces, me=me, oob=False)

    async def parts(self, asked: PageLocation) -> str:
        """Everything on the page that can change by itself, each part to be put in its place."""
        return self._fill("parts.html", asked, **await self._parts(asked), oob=True)

    async def _parts(self, asked: PageLocation) -> dict[str, object]:
        world, reader = self._world, self._reader(asked.me)
        self._saw(asked)
        inspected = world.messages.get(asked.inspect or "")
        rows = await self._backstage.rows(inspected.channel, inspected.id) if inspected else ()
        return {
            "rooms": views.list_rooms(
                world, asked.me, "" if asked.home else asked.channel, self._seen[asked.me]
            ),
            "room": world.channels[asked.channel],
            "talk": None if asked.home else views.view_talk(world, reader, asked.channel),
            "home": await self.homes.look(asked.me) if asked.home else None,
            "answered": self._answered(asked, reader),
            "thread": views.view_talk(world, reader, asked.channel, asked.thread) if asked.thread else None,
            "clock_runs": self._backstage.running,
            "due": await self._backstage.due(),
            "tour": self.tour.lines(),
            "switches": break_switches(self._adapter),
            "inspected": views.view_message(world, reader, inspected)
            if self._may_inspect(asked) and inspected
            else None,
            "rows": rows if self._may_inspect(asked) else (),
        }

    def _answered(self, asked: PageLocation, reader: PageReader) -> views.MessageLine | None:
        """What the bot said last to what this person did on its own page."""
        one = self._world.messages.get(self._adapter.answered.get(asked.me, "")) if asked.home else None
        return views.view_message(self._world, reader, one) if one is not None and not one.deleted else None

    def _shortcuts(self, me: str, on: str) -> tuple[Shortcut, ...]:
        core = self._adapter.core
        return views.shortcuts(core.menu, self._world.who(me), on) if core is not None else ()

    def _may_inspect(self, asked: PageLocation) -> bool:
        one = self._world.messages.get(asked.inspect or "")
        return one is not None and one.channel == asked.channel and one.private_to in (None, asked.me)

    def _saw(self, asked: PageLocation) -> None:
        seen = self._seen.setdefault(asked.me, {})
        if asked.home:
            return
        last = max(
            (one.id for one in self._world.messages.values() if one.channel == asked.channel), default=""
        )
        seen[asked.channel] = last

    # ── what opens over the page ──────────────────────────────────────────────

    def form(self, asked: PageLocation, opened: Opened) -> str:
        """An open form, with what is in it and what is wrong with it."""
        people = [(one.id, one.name) for one in self._world.people.values() if not one.bot]
        channels = [(one.id, f"#{one.name}") for one in self._world.channels.values() if one.direct is None]
        return self._fill("form.html", asked, opened=opened, people=people, channels=channels)

    def editing(self, asked: PageLocation, message: str) -> str:
        """The dialog that changes one's own message."""
        return self._fill("editing.html", asked, message=self._world.message(asked.channel, message))

    def reacting(self, asked: PageLocation, message: str) -> str:
        """The dialog that offers reactions."""
        one = self._world.message(asked.channel, message)
        return self._fill(
            "reacting.html", asked, message=one, mine={e for e, p in one.reactions if p == asked.me}
        )

    def more(self, asked: PageLocation, message: str | None, where: str) -> str:
        """The dialog that offers the platform's menu: on a message, or from anywhere."""
        found = self._shortcuts(asked.me, "message" if message else "anywhere")
        about = views.first_words(self._adapter.seen(asked.me, asked.channel, message)) if message else ""
        return self._fill("more.html", asked, found=found, message=message, where=where, about=about)

    def suggestions(self, asked: PageLocation, found: tuple[LineSuggestion, ...], box: str) -> str:
        return self._fill("suggestions.html", asked, found=found, box=box)

    def closed(self) -> str:
        """Nothing is open over the page."""
        return self._templates.get_template("closed.html").render()

    def notice(self, text: str) -> str:
        """A sentence for the person at the page."""
        return self._templates.get_template("notice.html").render(text=text)

    def arrivals(self, asked: PageLocation, news: Mapping[str, bool]) -> str:
        """What happened when the clock was moved, each with a link to where it is."""
        found = list_arrivals(self._world, self._reader(asked.me), asked, news)
        return self._templates.get_template("notice.html").render(text="", arrivals=found)

    def error(self, text: str) -> str:
        """A page that says what is wrong and leads back."""
        return self._templates.get_template("error.html").render(text=text)

    # ── the gallery ───────────────────────────────────────────────────────────

    def gallery(self, view: GalleryView) -> str:
        """Every example card, by room, drawn as `view` asks for."""
        shown = self.exhibition
        view = replace(view, look=shown.look(view) if view.look else "")
        kept = (
            ("as", view.look),
            ("language", view.language),
            ("theme", view.theme),
            ("width", view.width),
        )
        return self._templates.get_template("gallery.html").render(
            view=view, rooms=shown.rooms(view), switches=shown.switches(view),
            kept=[(name, value) for name, value in kept if value],
        )  # fmt: skip

    def _in_the_playground(self, number: int, card: Card) -> Markup:
        template = self._templates.get_template("still.html")
        reader = self._reader("")
        return Markup(template.render(card=card, where=Still(number), reader=reader))  # noqa: S704 - our template

    # ── filling in ────────────────────────────────────────────────────────────

    def _reader(self, me: str) -> PageReader:
        zone = self._world.people[me].zone if me in self._world.people else None
        channels = {one.id: one.name for one in self._world.channels.values()}
        return PageReader(
            me, zone or self._zone, self._zone, self._backstage.now(), channels, self._adapter.address
        )  # fmt: skip

    def _fill(self, template: str, asked: PageLocation, **values: object) -> str:
        return self._templates.get_template(template).render(
            asked=asked,
            reader=self._reader(asked.me),
            zone=self._zone,
            live=lambda message: Live(asked, message),
            offered=lambda on: bool(self._shortcuts(asked.me, on)),
            **values,
        )


def _numbered(draw: Renderer, _number: int, card: Card) -> Markup:
    return draw(card)


def field_value(value: object) -> str:
    """What stands in an input of the page."""
    if value is None:
        return ""
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value)
