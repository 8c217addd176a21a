"""Calendar events as Discord's scheduled events: somewhere outside Discord, from a beginning to an end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from adapters.discord.errors import GONE, translate_errors, translated_but
from adapters.discord.markdown import clip_text, strip_unseen
from adapters.discord.places import DiscordConnection, server_of
from bot.chat.port import CalendarEvent

EXTERNAL, GUILD_ONLY = 3, 2
SCHEDULED = 1
NAME, ABOUT, WHERE = 100, 1000, 100


class ScheduledEvents:
    """The server's list of events."""

    def __init__(self, line: DiscordConnection, now: Callable[[], datetime]) -> None:
        self._line, self._now = line, now

    async def put_event(self, space: str, event: CalendarEvent, known: str | None) -> str | None:
        """Put it on the list, or change it there. What has begun cannot be put on it or moved any more.

        Discord takes no key with a new event. So the list is looked at first: an earlier call, whose answer was
        lost, may have put it there.
        """
        if event.starts <= self._now():
            return known
        http, made = self._line.http, _payload(event)
        server = int(server_of(space))
        if known is not None:
            with translated_but(*GONE) as gone:
                await http.edit_scheduled_event(server, int(known), **made)
            if not gone.happened:
                return known
        with translate_errors():
            there = [
                one for one in await http.get_scheduled_events(server, False) if self._is_same(one, made)
            ]
            for copy in there[1:]:
                await http.delete_scheduled_event(server, int(copy["id"]))
            new = there[0] if there else await http.create_guild_scheduled_event(server, **made)
        return str(new["id"])

    def _is_same(self, there: Mapping[str, Any], made: Mapping[str, Any]) -> bool:
        """Whether an event on the list is what a call of ours would make: the same words, time and place."""
        us = self._line.client.user
        return (
            us is not None
            and str(there.get("creator_id")) == str(us.id)
            and there["status"] == SCHEDULED
            and there["name"] == made["name"]
            and datetime.fromisoformat(there["scheduled_start_time"])
            == datetime.fromisoformat(made["scheduled_start_time"])
            and (there.get("entity_metadata") or {}).get("location") == made["entity_metadata"]["location"]
        )

    async def cancel_event(self, space: str, event: str) -> None:
        """Take it off the list; already gone is success."""
        if not event.isdecimal():
            return
        with translated_but(*GONE):
            await self._line.http.delete_scheduled_event(int(server_of(space)), int(event))


def _payload(event: CalendarEvent) -> dict[str, Any]:
    return {
        "name": clip_text(strip_unseen(event.title), NAME) or "…",
        "description": strip_unseen(event.about)[:ABOUT],
        "privacy_level": GUILD_ONLY,
        "entity_type": EXTERNAL,
        "entity_metadata": {"location": clip_text(strip_unseen(event.where), WHERE) or "…"},
        "scheduled_start_time": event.starts.isoformat(),
        "scheduled_end_time": event.ends.isoformat(),
    }
