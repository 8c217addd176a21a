"""Trigger ids: three seconds, once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from tests.fakes.slack.answers import SlackError

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Triggers:
    def __init__(self, slack: FakeSlack, seconds: float) -> None:
        self.slack = slack
        self.seconds = seconds
        self._given: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def give(self, user: str) -> str:
        trigger = f"{self.slack.world.seconds()}.{len(self._given)}.{secrets.token_hex(8)}"
        self._given[trigger] = (user, self.slack.timer())
        return trigger

    def use(self, trigger: str) -> str:
        """Whose it is; used up with this."""
        if trigger not in self._given:
            raise SlackError("invalid_trigger_id")
        if trigger in self._used:
            raise SlackError("exchanged_trigger_id")
        user, since = self._given[trigger]
        if self.slack.timer() - since > self.seconds:
            raise SlackError("expired_trigger_id")
        self._used.add(trigger)
        return user
