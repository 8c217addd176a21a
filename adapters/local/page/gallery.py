"""The gallery: every card the bot can show, by room, as each platform draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode

from markupsafe import Markup

from adapters.local.inspector import Inspector
from bot.chat import plain_text
from bot.chat.cards import Card
from bot.chat.language import N_, OWN_NAMES, _, current_locale, known_language

BESIDE = "beside"
"""Draws every card as all platforms do, side by side."""
HERE = "Playground"
THEMES = {"": N_("As my device"), "light": N_("Light"), "dark": N_("Dark")}
WIDTHS = {"": N_("Wide"), "phone": N_("Phone")}
Draw = Callable[[int, Card], Markup]


@dataclass(frozen=True, slots=True)
class GalleryView:
    """What somebody wants to see: drawn how, in which language, light or dark, how wide, and with which words in it."""

    look: str = ""
    language: str = ""
    theme: str = ""
    width: str = ""
    find: str = ""

    def url(self, **changes: str) -> str:
        """The address of the gallery seen like this, but for the changes."""
        changed = replace(self, **changes)
        parts = {
            "as": changed.look, "language": changed.language, "theme": changed.theme, "width": changed.width,
            "find": changed.find,
        }  # fmt: skip
        said = urlencode({name: value for name, value in parts.items() if value})
        return f"/gallery?{said}" if said else "/gallery"


def read_view(query: Mapping[str, str]) -> GalleryView:
    """What the address asks for; what it asks in vain counts for nothing."""
    theme, width = query.get("theme", ""), query.get("width", "")
    return GalleryView(
        query.get("as", ""), known_language(query.get("language")) or "", theme if theme in THEMES else "",
        width if width in WIDTHS else "", query.get("find", "").strip(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A card of the gallery with its number, and its drawings by the name of who draws."""

    number: int
    title: str
    drawn: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True)
class GalleryRoom:
    """The cards of one room of the house, with the room's name."""

    name: str
    exhibits: tuple[Exhibit, ...]

    @property
    def count(self) -> int:
        return len(self.exhibits)


@dataclass(frozen=True, slots=True)
class SwitchLink:
    """A choice of one of the gallery's switches."""

    label: str
    url: str
    current: bool


class Gallery:
    """Draws the cards, each once in a language: they stay the same as long as the process lives."""

    def __init__(self, backstage: Inspector, here: Draw, renderers: Mapping[str, Draw]) -> None:
        """`here` draws as the page itself does; `renderers` as the platforms do, by their names."""
        self._backstage = backstage
        self._platforms = tuple(renderers)
        self._draw = {HERE: here, **renderers}
        self._cards: dict[str, tuple[tuple[str, Card], ...]] = {}
        self._drawn: dict[tuple[str, str], list[Markup]] = {}

    def look(self, view: GalleryView) -> str:
        """The drawing that is shown: what is asked for, where there is such a one."""
        if view.look in self._draw:
            return view.look
        return BESIDE if len(self._platforms) > 1 else HERE

    def cards(self) -> tuple[tuple[str, Card], ...]:
        """Every card with its room, in the language that is spoken."""
        locale = current_locale()
        if locale not in self._cards:
            self._cards[locale] = self._backstage.gallery()
        return self._cards[locale]

    def rooms(self, view: GalleryView) -> tuple[GalleryRoom, ...]:
        """The cards that are wanted, by room, each as it is to be drawn."""
        look = self.look(view)
        drawings = [(name, self._drawings(name)) for name in (self._platforms if look == BESIDE else (look,))]
        found = [
            (
                room,
                Exhibit(number, card.title, tuple((name, drawn[number]) for name, drawn in drawings)),
            )
            for number, (room, card) in enumerate(self.cards())
            if view.find.casefold() in f"{room} {card.title}\n{plain_text.card_text(card)}".casefold()
        ]
        return tuple(
            GalleryRoom(room, tuple(one for _room, one in those))
            for room, those in groupby(found, key=lambda one: one[0])
        )

    def _drawings(self, name: str) -> Sequence[Markup]:
        key = (name, current_locale())
        if key not in self._drawn:
            self._drawn[key] = [
                self._draw[name](number, card) for number, (_room, card) in enumerate(self.cards())
            ]
        return self._drawn[key]

    def switches(self, view: GalleryView) -> tuple[tuple[str, tuple[SwitchLink, ...]], ...]:
        """The gallery's switches: what each is about, and its choices."""
        look = self.look(view)
        looks = [(HERE, _("Playground")), *((one, one) for one in self._platforms)]
        if len(self._platforms) > 1:
            looks.insert(0, (BESIDE, _("Side by side")))
        spoken = known_language(current_locale())
        return (
            (
                _("Drawn as"),
                tuple(SwitchLink(label, view.url(look=one), one == look) for one, label in looks),
            ),
            (
                _("Language"),
                tuple(
                    SwitchLink(name, view.url(language=one), one == spoken) for one, name in OWN_NAMES.items()
                ),
            ),
            (
                _("Colors"),
                tuple(
                    SwitchLink(_(label), view.url(theme=one), one == view.theme)
                    for one, label in THEMES.items()
                ),
            ),
            (
                _("Width"),
                tuple(
                    SwitchLink(_(label), view.url(width=one), one == view.width)
                    for one, label in WIDTHS.items()
                ),
            ),
        )
