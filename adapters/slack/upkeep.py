"""What moderators need of a channel in one workspace: links, pins, and whether we could speak there."""

from __future__ import annotations

import re
from collections.abc import Collection

from adapters.slack.errors import call_slack, call_unless
from adapters.slack.web_client import SlackWebClient
from bot.chat.models import Place
from bot.chat.port import Rejected

REMEMBERED = 2000
"""Links kept in memory."""
NAME, TRIES = 70, 9
"""Characters of a channel's name, and how many names are tried where the first ones are taken."""
UNINVITED = frozenset(
    {"already_in_channel", "user_not_found", "cant_invite", "user_is_restricted", "ura_max_channels"}
)
UNMOVED = frozenset({"not_in_channel", "user_not_found"})
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

    async def open_private(self, place: Place, name: str) -> Place | None:
        """A new private channel; a number is added to a name that is taken. None where we lack the scope."""
        slug = re.sub(r"[^\w-]+", "-", name.lower()).strip("-_")[:NAME] or "team"
        for attempt in range(TRIES):
            title = f"{slug}-{attempt + 1}" if attempt else slug
            try:
                answer = await call_slack(self._wire.writes.conversations_create(name=title, is_private=True))
            except Rejected as error:
                if error.code == "name_taken":
                    continue
                if error.code == "missing_scope":
                    return None
                raise
            return Place(place.space, str(answer["channel"]["id"]))
        return None

    async def admit(self, place: Place, come: Collection[str], go: Collection[str]) -> None:
        """Remove people, then invite others; whoever cannot be invited stays outside."""
        for person in go:
            await call_unless(
                UNMOVED, self._wire.writes.conversations_kick(channel=place.channel, user=person)
            )
        for person in come:
            invited = self._wire.writes.conversations_invite(channel=place.channel, users=person)
            await call_unless(UNINVITED, invited)

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
