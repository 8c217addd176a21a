"""What a platform tells `tilth setup`: which secrets to copy from where, and which spaces and channels there are.

Each platform answers in the module `setup` of its own folder. Nothing is connected: a bot that runs is not disturbed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.chat.findings import Finding
    from bot.chat.menu import Menu


class SetupProblem(Exception):
    """Something that the operator has to mend first: what it is, and what to do, in one or two sentences."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret that the operator copies from the platform's own pages."""

    field: str
    """The field of the platform's settings: `bot_token` stands in `TILTH_SLACK__BOT_TOKEN`."""
    title: str
    """What the platform calls it."""
    where: str
    """Where it is found there, in a sentence."""
    judge: Callable[[str], str]
    """What is wrong with the form of something that was pasted, in words; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class SetupChannel:
    """A channel in which prompts could be posted. `problem`: why the bot cannot speak there; empty: it can."""

    id: str
    name: str
    problem: str = ""

    def is_called(self, words: str) -> bool:
        """Whether somebody means this channel: by its id or its name, with or without `#`."""
        return words.strip().removeprefix("#").lower() in (self.id.lower(), self.name.lower())


@dataclass(frozen=True, slots=True)
class SetupSpace:
    """A workspace or server that the bot is in, by its space key. `zone` is the platform's own word, or empty."""

    key: str
    name: str
    zone: str
    channels: tuple[SetupChannel, ...]


@dataclass(frozen=True, slots=True)
class SetupAdmins:
    """Who runs a space, as the platform tells: names, the owner's first, and the code of their language or empty."""

    names: tuple[str, ...] = ()
    language: str = ""


class PlatformSetup(Protocol):
    """What `tilth setup` asks a platform. `secrets` maps the fields of `credentials` to what was pasted.

    Every method that asks the platform raises `SetupProblem` for what the operator can mend, a network that is away too.
    """

    credentials: tuple[Credential, ...]
    invitation: str
    """What to do so that the bot can speak in a channel, in a sentence."""

    def app_link(self, menu: Callable[[], Menu]) -> str:
        """Where the operator makes the app; `menu` gives every command of the bot."""
        ...

    async def check_credential(self, field: str, secrets: Mapping[str, str], api_url: str) -> str:
        """Ask the platform about one secret; whose it is, in words."""
        ...

    async def find_spaces(self, secrets: Mapping[str, str], api_url: str) -> tuple[SetupSpace, ...]:
        """The spaces that the bot is in, with the channels that it sees."""
        ...

    async def find_admins(self, space: SetupSpace, secrets: Mapping[str, str], api_url: str) -> SetupAdmins:
        """Who runs the space; nobody where the platform does not tell."""
        ...

    def invite_link(self, secrets: Mapping[str, str]) -> str:
        """The address that lets the bot into a space; empty where it is there already with its tokens."""
        ...

    def variables(self, space: SetupSpace, slug: str) -> Mapping[str, str]:
        """Further variables that let this space belong to the community: names without the prefix, with values."""
        ...

    async def find_moderator(
        self, words: str, space: SetupSpace, secrets: Mapping[str, str], api_url: str
    ) -> str:
        """The fact that makes somebody (a person, a role or a group by name or id) a moderator: `slack:id:U123`."""
        ...

    async def post_test(
        self, words: str, space: SetupSpace, channel: str, secrets: Mapping[str, str], api_url: str
    ) -> str:
        """Post some words in a channel; the id of the message."""
        ...

    async def remove_test(
        self, message: str, space: SetupSpace, channel: str, secrets: Mapping[str, str], api_url: str
    ) -> None:
        """Remove that message again; already gone is success."""
        ...

    async def try_live(
        self, channel: str, reader: str, secrets: Mapping[str, str], api_url: str
    ) -> list[Finding]:
        """Post into a channel what shows what the platform takes and gives back, and remove it again.

        `reader` is the id of somebody who is shown what only they see; empty: nobody is.
        """
        ...
