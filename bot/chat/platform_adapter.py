"""The adapter of a real platform: what it does beyond the port, because it can be away and wants to be set up."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.chat.findings import Finding
from bot.chat.port import Adapter

if TYPE_CHECKING:
    from aiohttp import web


@runtime_checkable
class Examinable(Protocol):
    """What can say whether its platform lets it work."""

    async def examine(
        self, channels: Mapping[str, Collection[str]], spaces: Collection[str] | None = None
    ) -> list[Finding]:
        """What the platform says of our credentials, permissions, and the channels (by space) we speak in.

        `spaces` are the keys of the only spaces that may be spoken of; None: all, also what has no space yet.
        """
        ...


class PlatformAdapter(Adapter, Examinable, Protocol):
    """An adapter of a real platform: it can be away, and may want to be reached by HTTP."""

    @property
    def ready(self) -> bool:
        """Whether events can arrive."""
        ...

    @property
    def why(self) -> str:
        """What keeps events from arriving; empty while nothing does."""
        ...

    async def check_credentials(self) -> None:
        """Ask the platform whether it still takes our credentials; `ready` and `why` say so afterwards.

        Asked often, it may answer from what it knows. Raises nothing: a platform that is away refuses nothing.
        """
        ...

    def routes(self) -> Sequence[web.RouteDef]:
        """The addresses at which it wants to be reached."""
        ...

    def community_of(self, space: str) -> str | None:
        """Slug of the community a space belongs to; empty: the first one; None: to none, so it sees nothing."""
        ...
