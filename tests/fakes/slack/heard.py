"""What came of something a person did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.slack.delivery import Ack


@dataclass(frozen=True, slots=True)
class Heard:
    """The acks of the first tries; `ts` and `channel` of what was written, where something was."""

    acks: tuple[Ack, ...] = ()
    ts: str = ""
    channel: str = ""

    @property
    def ok(self) -> bool:
        """Acknowledged in time, all of it."""
        return bool(self.acks) and all(ack.ok for ack in self.acks)

    @property
    def body(self) -> Any:
        """What the bot sent with its (last) ack."""
        return self.acks[-1].body if self.acks else None

    @property
    def seconds(self) -> float:
        """Real seconds until the slowest ack."""
        return max((ack.seconds for ack in self.acks), default=0.0)

    @property
    def reason(self) -> str:
        """Why it was not acknowledged."""
        return next((ack.reason for ack in self.acks if not ack.ok), "")
