"""The description that each platform gives of itself in its own folder: `PLATFORM` of `adapters/<name>/platform.py`.

Whatever starts, examines or explains a platform asks its description; nothing in `bot` knows which platforms there are
but the list in `bot/platforms.py`. The module of a description imports nothing heavy, nor does this one: `tilth --help` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

if TYPE_CHECKING:
    import typer

    from bot.chat.cards import Card
    from bot.chat.menu import Menu
    from bot.chat.platform_adapter import PlatformAdapter
    from bot.chat.platform_settings import PlatformSettings
    from bot.chat.platform_setup import PlatformSetup
    from bot.chat.port import AdapterState

S = TypeVar("S", bound="PlatformSettings")
S_co = TypeVar("S_co", bound="PlatformSettings", covariant=True)


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """The facts by which a platform tells who may do more, each `<platform>:<fact>`."""

    admins: tuple[str, ...]
    """Who is an admin unless the operator says otherwise."""
    moderators: tuple[str, ...]
    """Who is a moderator unless the operator says otherwise."""
    moderators_in_words: str
    """The same in words, for whoever sets Tilth up."""
    known: tuple[str, ...]
    """An example of every fact there is."""
    example: str
    """The fact most operators name for moderators."""
    of_one_space: str = ""
    """How the fact of one space is written, if it can be."""


class OperatorTools(Protocol[S_co]):
    """What a platform's own commands (`tilth <platform> …`) may use of the core."""

    def settings(self) -> S_co:
        """The platform's settings, or a clear word on standard error and the end of the process."""
        ...

    def menu(self) -> Menu:
        """Every command of the bot."""
        ...

    def stop(self, words: str) -> NoReturn:
        """Say what is wrong on standard error, and exit with the code for a wrong setting."""
        ...


class Platform(Protocol[S]):
    """A platform: one folder, which describes itself with this, and one line in `bot/platforms.py`."""

    name: str
    """Lower case: the part of every space key before the colon, and the group of its settings and commands."""
    title: str
    """What people call it."""
    asks_for: str
    """What the platform calls what we ask it for: a scope, a permission."""
    one_connection: bool
    """Whether only one process may be connected, because each connection hears everything."""
    roles: RoleFacts

    def settings_model(self) -> type[S]:
        """What an operator sets for it."""
        ...

    def make_adapter(self, settings: S, now: Callable[[], datetime], memory: AdapterState) -> PlatformAdapter:
        """The adapter of everything in the settings, which are those of a platform that is set up."""
        ...

    def setup(self) -> PlatformSetup:
        """What `tilth setup` asks of it."""
        ...

    def reasons(self) -> Iterable[tuple[str, str, bool]]:
        """(name, why, whether the bot cannot do without) of everything we ask the platform for."""
        ...

    def commands(self, tools: OperatorTools[S]) -> typer.Typer:
        """The operator's commands, `tilth <name> …`."""
        ...

    def draw(self, card: Card) -> str:
        """A sketch of a card as HTML, for the gallery."""
        ...


AnyPlatform = Platform[Any]
