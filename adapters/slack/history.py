"""The history of a workspace, read page by page, as fast as Slack grants."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import hear
from adapters.slack.errors import call_slack
from adapters.slack.hear import Here
from adapters.slack.people import SlackPeople
from adapters.slack.say import marker_of
from adapters.slack.socket_watchdog import SocketWatchdog
from adapters.slack.web_client import SlackWebClient, read_pages
from bot.chat.models import Message, Place
from bot.chat.port import CredentialsRejected, History, HistoryUnavailable, PlatformError, RetryLater

log = logging.getLogger(__name__)

PAGE = 200
"""Messages asked for at once. A slow app gets 15 and one page a minute, and still comes to the end."""

Json = Mapping[str, Any]


@dataclass(slots=True)
class _Listing:
    """What has been read so far: messages by `ts`, whether nothing was hidden, and in how many calls."""

    messages: dict[str, Json] = field(default_factory=dict)
    complete: bool = True
    calls: int = 0


class SlackHistory:
    """Reads one workspace's histories."""

    def __init__(
        self, wire: SlackWebClient, here: Here, people: SlackPeople, watchdog: SocketWatchdog, now: Callable[[], datetime],
        is_command: Callable[[str, bool], bool], files_of: Callable[[str], Awaitable[tuple[tuple[str, ...], ...]]],
    ) -> None:  # fmt: skip
        """`is_command` says of a raw text, and whether it is a direct message, that it was a command to us.

        `files_of` knows the ids of the files that were to be shown under a marker, one tuple for each try.
        """
        self._files_of = files_of
        self._wire, self._here, self._people = wire, here, people
        self._watchdog, self._now, self._is_command = watchdog, now, is_command

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        """Ids of our own messages there that carry the marker, oldest first; of files, the id of the first of them."""
        found: list[str] = []
        tries = await self._files_of(marker)
        try:
            async for page in read_pages(self._asking(place, since)):
                if page.get("is_limited"):
                    return HistoryUnavailable("is_limited")
                for one in page.get("messages") or ():
                    if self._here.is_us(one):
                        found += [str(one["ts"])] if marker_of(one) == marker else _shown_files(one, tries)
        except (RetryLater, CredentialsRejected):
            raise
        except PlatformError as error:
            return HistoryUnavailable(error.code)
        return tuple(sorted(set(found)))

    async def thread_of(self, place: Place, message: str) -> str | None:
        """The thread that a message hangs in; None for one in the channel, and where that cannot be seen now."""
        try:
            answer = await call_slack(
                self._wire.writes.conversations_replies(channel=place.channel, ts=message, limit=1)
            )
        except PlatformError:
            return None
        root = next((str(one.get("thread_ts") or "") for one in answer.get("messages") or ()), "")
        return root if root not in ("", message) else None

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        """Everything said in a thread or direct message since then, its root always among it."""
        seen = _Listing()
        hidden = await self._read(place, after, seen)
        if hidden is not None:
            return hidden
        if place.thread is None:
            await self._threads(place, after, seen)
        elif place.thread not in seen.messages:
            seen.complete = False
        try:
            await self._people.meet({id for one in seen.messages.values() for id in hear.people_in(one)})
        except PlatformError as error:
            return HistoryUnavailable(error.code)
        messages = [self._told(one, place) for _, one in sorted(seen.messages.items())]
        return History(tuple(one for one in messages if one is not None), seen.complete, seen.calls)

    async def _read(self, place: Place, after: datetime | None, seen: _Listing) -> HistoryUnavailable | None:
        """Read all pages of one conversation; why, where nothing could be read at all."""
        try:
            async for page in read_pages(self._asking(place, after)):
                seen.calls += 1
                seen.messages |= {str(one["ts"]): one for one in page.get("messages") or ()}
                seen.complete = seen.complete and not page.get("is_limited")
        except PlatformError as error:
            if not seen.messages:
                if isinstance(error, RetryLater | CredentialsRejected):
                    raise  # these are about the whole workspace, not about this conversation
                return HistoryUnavailable(error.code)
            log.warning("a history could not be read to its end: %s", error.code)
            seen.complete = False
        return None

    async def _threads(self, place: Place, after: datetime | None, seen: _Listing) -> None:
        """Answers in the threads of a direct message: its history lists only where they hang."""
        since = hear.stamp_of(after) if after is not None else ""
        for ts, root in sorted(seen.messages.items()):
            if root.get("reply_count") and str(root.get("latest_reply") or "9") >= since:
                await self._read(Place(place.space, place.channel, ts, place.private), after, seen)

    def _asking(
        self, place: Place, since: datetime | None
    ) -> Callable[[str | None], Awaitable[AsyncSlackResponse]]:
        oldest = hear.stamp_of(since) if since is not None else None
        common = {"channel": place.channel, "oldest": oldest, "inclusive": True, "limit": PAGE}
        if place.thread is not None:
            return partial(_next, self._wire.reads.conversations_replies, {**common, "ts": place.thread})
        return partial(_next, self._wire.reads.conversations_history, common)

    def _told(self, one: Json, place: Place) -> Message | None:
        """A listed message. What was a command to us is none, or its author would find it among their answers."""
        ours = self._here.is_us(one)
        if not ours and self._is_command(str(one.get("text") or ""), place.private):
            return None
        told = hear.read_message(one, self._here, self._people, place.channel, direct=place.private)
        if told is not None and not told.deleted:
            self._watchdog.shown(place.channel, told.id, (self._now() - told.at).total_seconds())
        return told


def _shown_files(message: Json, tries: Sequence[tuple[str, ...]]) -> list[str]:
    """The first file of each try whose files a message shows."""
    there = {str(one.get("id")) for one in message.get("files") or () if one.get("mode") != "tombstone"}
    return [ids[0] for ids in tries if there.intersection(ids)]


def _next(
    method: Callable[..., Awaitable[AsyncSlackResponse]], arguments: dict[str, Any], cursor: str | None
) -> Awaitable[AsyncSlackResponse]:
    return method(**arguments, cursor=cursor)
