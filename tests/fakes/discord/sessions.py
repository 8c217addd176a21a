"""A bot's sessions with the gateway: what each has been told, and what it may still be told again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag
from typing import Any

from tests.fakes.discord.wire import Wire

Json = dict[str, Any]


class Intent(IntFlag):
    """docs events/gateway, "Gateway intents"."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT


@dataclass
class Session:
    """One IDENTIFY. It outlives its connection for a while, so that it can be resumed."""

    id: str
    intents: int
    shard: int = 0
    shards: int = 1
    wire: Wire | None = None
    sequence: int = 0
    told: list[tuple[int, str, Json]] = field(default_factory=list)
    """Every event with its sequence number, for a replay."""
    lost_at: datetime | None = None

    def covers(self, guild_id: int | None) -> bool:
        """Whether this shard is told about a server; direct messages go to shard 0."""
        return (0 if guild_id is None else (guild_id >> 22) % self.shards) == self.shard

    def tell(self, event: str, data: Json) -> None:
        """Number an event, keep it for a replay, and send it if somebody listens."""
        self.sequence += 1
        self.told.append((self.sequence, event, data))
        if self.wire is not None:
            self.wire.send({"op": 0, "s": self.sequence, "t": event, "d": data})

    def replay(self, after: int) -> None:
        """Send again, in order, what came after a sequence number, then say so."""
        assert self.wire is not None
        for number, event, data in self.told:
            if number > after:
                self.wire.send({"op": 0, "s": number, "t": event, "d": data})
        self.tell("RESUMED", {"_trace": []})


Build = Callable[[Session], Json | None]
"""An event as one session may see it; None when it may not see it at all."""
