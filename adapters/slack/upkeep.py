"""What moderators need of a channel in one workspace: links, pins, and whether we could speak there."""

from __future__ import annotations

from adapters.slack.errors import call_slack, call_unless
from adapters.slack.web_client import SlackWebClient
from bot.chat.models import Place
from bot.chat.port import Rejected

REMEMBERED = 2000
"""Links kept in memory."""
GONE = frozenset({"message_not_found", "thread_not_found"})


class ChannelUpkeep:
    """Looks after messages and channels; every verb is harmless when repeated."""

    def __init__(self, wire: SlackWebClient) -> None:
        self._wire = wire
        self._links: dict[tuple[str, str], str] = {}

    async def link(self, place: Place, message: str) -> str | None:
        """The permalink of a message; None when it is not there any more."""
        key = (place.channel, message)
        if key not in self._links:
            try:
                answer = await call_slack(
                    self._wire.writes.chat_getPermalink(channel=place.channel, message_ts=message)
                )
            except Rejected:
                return None
            self._links[key] = str(answer["permalink"])
            if len(self._links) > REMEMBERED:
                del self._links[next(iter(self._links))]
        return self._links[key]

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        """Pin one of our messages, or take the pin away; either is harmless when it is so already."""
        channel, writes = place.channel, self._wire.writes
        if pinned:
            await call_unless({"already_pinned"}, writes.pins_add(channel=channel, timestamp=message))
        else:
            await call_unless(
                {"no_pin", "not_pinned"} | GONE, writes.pins_remove(channel=channel, timestamp=message)
            )

    async def posting_problem(self, place: Place) -> str | None:
        """Why we could not speak there now, in Slack's own word."""
        try:
            answer = await call_slack(self._wire.writes.conversations_info(channel=place.channel))
        except Rejected as error:
            return error.code
        found = answer["channel"]
        if found.get("is_archived"):
            return "is_archived"
        return None if found.get("is_im") or found.get("is_member") else "not_in_channel"
