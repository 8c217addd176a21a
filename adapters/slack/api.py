"""The verbs of the port in one Slack workspace. Every call is made once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from adapters.slack import say
from adapters.slack.attempts import show_until_taken
from adapters.slack.background import BackgroundTasks
from adapters.slack.blocks import Look
from adapters.slack.errors import call_slack, call_unless
from adapters.slack.hear import Here
from adapters.slack.say import MessagePage
from adapters.slack.socket_watchdog import SocketWatchdog
from adapters.slack.uploads import NOTHING, Packed, Uploads, tell_about_files
from adapters.slack.web_client import SlackWebClient
from bot.chat.cards import Card
from bot.chat.language import _, speaking
from bot.chat.models import Place
from bot.chat.port import PlatformError, Rejected, RetryLater

log = logging.getLogger(__name__)

T = TypeVar("T")
REMEMBERED = 2000
"""Markers of our own messages kept in memory."""
SOON = (0.5, 1.5)
"""Seconds to wait for a picture that was uploaded just now and that Slack does not know everywhere yet."""
BETWEEN = 1.1
"""Seconds between the pages of one card: a message per second and channel is what Slack allows."""
PATIENCE = 5
"""Times that a further page is tried again when Slack asks us to wait."""
GONE = frozenset({"message_not_found", "thread_not_found"})
GONE_FILES = frozenset({"file_not_found", "file_deleted"})
ELSEWHERE = frozenset(
    {"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived", "restricted_action"}
)
"""Why somebody cannot be told something privately in a channel, but can in a direct message."""


class SlackApi:
    """Speaks in one workspace."""

    def __init__(
        self, wire: SlackWebClient, here: Here, background: BackgroundTasks, watchdog: SocketWatchdog, *, soon: Sequence[float] = SOON,
        between: float = BETWEEN,
    ) -> None:  # fmt: skip
        self._wire, self._here, self._background, self._watchdog = wire, here, background, watchdog
        self.uploads = Uploads(wire)
        self._soon, self._between = soon, between
        self._markers: dict[tuple[str, str], str] = {}
        self._direct: dict[str, str] = {}
        """The direct message with a person, by their id."""

    # ── posts ─────────────────────────────────────────────────────────────────

    async def post_part(self, place: Place, card: Card, marker: str, look: Look, part: int) -> str:
        """Say one part of a card; the id of its message, which carries the marker."""

        async def say_page(page: MessagePage) -> str:
            return await self._say(place.channel, place.thread, page)

        ts, rest = await self.show(card, marker, look, say_page, part)
        _remember(self._markers, (place.channel, ts), marker)
        if rest:  # only where a workspace knows no tables: what was one message becomes several
            thread = place.thread or (None if place.private else ts)
            self._background.send(self._follow(place.channel, thread, rest, NOTHING))
        return ts

    async def say_all(self, place: Place, card: Card) -> None:
        """Answer somebody for all to see. Further pages and files follow behind the answer, in its thread."""
        packed = await self.uploads.pack(card)
        look = packed.look(self.reader(place))
        ts, rest = await self.show(card, "", look, lambda page: self._say(place.channel, place.thread, page))
        if rest or packed.files:
            thread = place.thread or (None if place.private else ts)
            self._background.send(self._follow(place.channel, thread, rest, packed))

    async def show(
        self,
        card: Card,
        marker: str,
        look: Look,
        send: Callable[[MessagePage], Awaitable[T]],
        part: int | None = None,
    ) -> tuple[T, tuple[MessagePage, ...]]:
        """Send the first page of a card, or of a part of it, through `send`; its result, and the pages that are left."""
        found: list[tuple[T, tuple[MessagePage, ...]]] = []

        async def try_look(look: Look) -> None:
            pages = _pages(card, marker, look, part)
            found.append((await send(pages[0]), pages[1:]))

        await show_until_taken(self.uploads, card, look, self._soon, try_look)
        return found[0]

    async def _say(self, channel: str, thread: str | None, page: MessagePage) -> str:
        answer = await call_slack(
            self._wire.writes.chat_postMessage(
                channel=channel, thread_ts=thread, text=page.text, blocks=page.blocks,
                unfurl_links=False, unfurl_media=False,
            )
        )  # fmt: skip
        self._watchdog.said(channel, str(answer["ts"]))
        return str(answer["ts"])

    async def _follow(
        self, channel: str, thread: str | None, rest: Sequence[MessagePage], packed: Packed
    ) -> None:
        for page in rest:
            await asyncio.sleep(self._between)
            for _attempt in range(PATIENCE):
                try:
                    await self._say(channel, thread, page)
                except RetryLater as error:
                    await asyncio.sleep(error.seconds or self._between)
                else:
                    break
        await self.uploads.hand_over(packed, channel, thread)

    async def update(self, place: Place, message: str, card: Card) -> None:
        """Replace one of our messages, which keeps its marker; one page of it."""
        packed = await self.uploads.pack(card)
        marker = await self._marker(place, message)

        async def try_look(look: Look) -> None:
            page = say.one_page(card, marker, look)
            await call_slack(
                self._wire.writes.chat_update(
                    channel=place.channel, ts=message, text=page.text, blocks=page.blocks
                )
            )

        await show_until_taken(self.uploads, card, packed.look(self.reader(place)), (), try_look)

    async def _marker(self, place: Place, message: str) -> str:
        """The marker of one of our messages: chat.update replaces all blocks, so it has to be said again."""
        known = self._markers.get((place.channel, message))
        if known is not None:
            return known
        try:
            found = await self._look(place, message)
        except PlatformError:
            return ""  # an update without its marker is better than none
        marker = say.marker_of(found or {}) or ""
        _remember(self._markers, (place.channel, message), marker)
        return marker

    async def _look(self, place: Place, message: str) -> dict[str, Any] | None:
        reads = self._wire.writes  # nobody waits for this: better no marker than a late update
        if place.thread is not None and place.thread != message:
            answer = await call_slack(
                reads.conversations_replies(
                    channel=place.channel, ts=place.thread, latest=message, oldest=message, inclusive=True
                )
            )
        else:
            answer = await call_slack(
                reads.conversations_history(
                    channel=place.channel, latest=message, oldest=message, inclusive=True, limit=1
                )
            )
        return next((one for one in answer.get("messages") or () if one.get("ts") == message), None)

    async def delete(self, place: Place, message: str) -> None:
        """Remove one of our messages, or a file by its id (`F…`) with its message; already gone is success."""
        if message.startswith("F"):
            await call_unless(GONE_FILES, self._wire.writes.files_delete(file=message))
        else:
            await call_unless(GONE, self._wire.writes.chat_delete(channel=place.channel, ts=message))

    # ── to one person ─────────────────────────────────────────────────────────

    def reader(self, place: Place) -> str:
        """Whoever reads a direct message alone."""
        return next((who for who, channel in self._direct.items() if channel == place.channel), "")

    async def direct(self, person: str) -> str:
        """The channel of the direct message with a person, opened if need be."""
        if person not in self._direct:
            answer = await call_slack(self._wire.writes.conversations_open(users=person))
            self._direct[person] = str(answer["channel"]["id"])
        return self._direct[person]

    def note_direct(self, person: str, channel: str) -> None:
        """Somebody wrote to us: that is their direct message."""
        self._direct[person] = channel

    async def is_ours(self, channel: str) -> bool:
        """Whether this direct message is one with us; a command can be written in anybody's."""
        if channel in self._direct.values():
            return True
        try:
            answer = await call_slack(self._wire.writes.conversations_info(channel=channel))
        except Rejected:
            return False
        found = answer["channel"]
        if found.get("is_im") and found.get("user"):
            self._direct[str(found["user"])] = channel
        return bool(found.get("is_im"))

    async def private(self, place: Place, person: str, card: Card) -> None:
        """Show a card to one person: here if they and we are here, else in their direct message."""
        if not place.private:
            try:
                await self._whisper(place, person, card)
            except Rejected as error:
                if error.code not in ELSEWHERE:
                    raise
            else:
                return
        channel = place.channel if place.private and place.channel else await self.direct(person)
        here = place if channel == place.channel else Place(place.space, channel, private=True)
        packed = await self.uploads.pack(card)
        _, rest = await self.show(
            card, "", packed.look(person), lambda page: self._say(channel, here.thread, page)
        )
        if rest or packed.files:
            self._background.send(self._follow(channel, here.thread, rest, packed))

    async def _whisper(self, place: Place, person: str, card: Card) -> None:
        packed = await self.uploads.pack(card)
        card = await self.send_files(person, card, packed)

        async def send(page: MessagePage) -> None:
            await call_slack(
                self._wire.writes.chat_postEphemeral(
                    channel=place.channel,
                    user=person,
                    thread_ts=place.thread,
                    text=page.text,
                    blocks=page.blocks,
                )
            )

        _, rest = await self.show(card, "", packed.look(person), send)
        for page in rest:
            await send(page)

    async def send_files(self, person: str, card: Card, packed: Packed) -> Card:
        """Send files into a direct message, as only one person sees none in a channel; the card with a word about that."""
        with speaking(card.locale):
            words = _(
                "{title}. You asked for this, and only you can see it.", title=say.escape_text(card.title)
            )
        try:
            if packed.files:
                await self.uploads.hand_over(packed, await self.direct(person), None, words)
        except PlatformError as error:
            log.warning("files could not be sent directly: %s", error.code)
            return tell_about_files(card, packed, sent=False)
        return tell_about_files(card, packed, sent=True)

    async def hand_over(self, packed: Packed, place: Place) -> None:
        """Files for everybody in a place."""
        await self.uploads.hand_over(packed, place.channel, place.thread)

    async def pack(self, card: Card, *, native: bool = True) -> Packed:
        """Bring the pictures and files of a card; nothing where Slack does not let us."""
        try:
            return await self.uploads.pack(card, native=native)
        except PlatformError as error:
            log.warning("pictures or files of an answer could not be brought: %s", error.code)
            return NOTHING


def _pages(card: Card, marker: str, look: Look, part: int | None) -> tuple[MessagePage, ...]:
    return say.card_pages(card, marker, look) if part is None else say.part_pages(card, part, marker, look)


def _remember(known: dict[tuple[str, str], str], key: tuple[str, str], value: str) -> None:
    known[key] = value
    while len(known) > REMEMBERED:
        del known[next(iter(known))]
