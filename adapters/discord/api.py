"""The verbs of the port on Discord that say or change something."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Any, Literal, TypeVar

import discord

from adapters.discord import library_views, markers
from adapters.discord.errors import ARCHIVED, THERE, translate_errors, translated_but
from adapters.discord.markdown import clip_text
from adapters.discord.markers import Mark
from adapters.discord.places import DiscordConnection, Places, server_of
from adapters.discord.say import RenderedMessage, message_payload, without_files
from adapters.discord.state import DiscordState
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.port import DIRECT_CLOSED, PlatformError, Rejected

log = logging.getLogger(__name__)
T = TypeVar("T")
NONCE = 25
"""Characters of a nonce, which the marker becomes."""
WEEK: Literal[10080] = 10080
"""Minutes of quiet after which a thread is archived: the longest there is. Posting reopens it."""
NAME = 100
PRIVATE_THREAD: Literal[12] = 12
NOBODY = (10007, 10013)
"""Unknown member, unknown user."""
MARKS = 2000
_GONE_WORDS = frozenset({"unknown_channel", "unknown_message"})


class DiscordApi:
    """Says and changes things. All verbs raise `PlatformError` and nothing else."""

    def __init__(self, line: DiscordConnection, places: Places, state: DiscordState) -> None:
        self._line, self._places, self._state = line, places, state
        self._marks: OrderedDict[str, tuple[Mark, str | None]] = OrderedDict()

    # ── cards ─────────────────────────────────────────────────────────────────

    async def post(self, place: Place, card: Card, marker: str) -> str:
        """Say something once; the message's id. In a forum it is also the id of the new post."""
        if len(marker) > NONCE:
            raise ValueError(f"a marker has at most {NONCE} characters, not {len(marker)}")
        mark = markers.make_mark(marker)
        said = self._allowed(place, message_payload(card, mark))
        if not place.private and place.thread is None and await self._places.is_forum(place):
            return self._remember(await self._begin_post(place, card, said), mark, marker)
        channel = int(place.thread or place.channel)

        async def send() -> str:
            with translate_errors(), library_views.sending_fields(said, marker) as made:
                return str((await self._line.http.send_message(channel, params=made))["id"])

        try:
            return self._remember(await self._awake(place, send), mark, marker)
        except Rejected as error:
            person = self._state.person_in(place.channel) if place.private else None
            if error.code == DIRECT_CLOSED and person is not None:
                await self._state.close(person, card.title)
            raise

    async def whisper(self, channel: str, card: Card) -> None:
        """Say something in a direct message that nobody will look for again."""
        with (
            translate_errors(),
            library_views.sending_fields(message_payload(card), secrets.token_hex(NONCE // 2)) as made,
        ):
            await self._line.http.send_message(int(channel), params=made)

    async def update(self, place: Place, message: str, card: Card) -> None:
        """Replace one of our messages, which stays findable by its marker."""
        channel = int(await self._places.home(place, message))
        known = self._marks.get(message)
        if known is None:
            with translate_errors():
                told = await self._line.http.get_message(channel, int(message))
            mark = markers.read_mark(told.get("components") or ())
        else:
            mark = known[0]
        said = self._allowed(place, message_payload(card, mark))

        async def edit() -> None:
            with translate_errors(), library_views.changing_fields(said) as made:
                await self._line.http.edit_message(channel, int(message), params=made)

        await self._awake(place, edit, again=True)
        if mark is not None and known is None:
            self._remember(message, mark, None)

    async def delete(self, place: Place, message: str) -> None:
        """Remove one of our messages, and the post it began where nobody answered it; already gone is success."""
        try:
            channel = await self._places.home(place, message)
            if channel == message and await self._is_alone(channel):
                with translate_errors():
                    await self._line.http.delete_channel(int(channel))
                return
        except Rejected as error:
            if error.code in _GONE_WORDS:
                return
            channel = await self._places.home(place, message)
        await self._remove(place, channel, message)

    async def _remove(self, place: Place, channel: str, message: str) -> None:
        async def remove() -> None:
            with translate_errors():
                await self._line.http.delete_message(int(channel), int(message))

        try:
            await self._awake(place, remove, again=True)
        except Rejected as error:
            if error.code not in _GONE_WORDS:
                raise

    async def _is_alone(self, thread: str) -> bool:
        """Whether a post of a forum holds nothing but our first message."""
        with translate_errors():
            told = await self._line.http.logs_from(int(thread), 2)
        return len(told) <= 1

    async def _begin_post(self, place: Place, card: Card, said: RenderedMessage) -> str:
        """A new post in a forum. Discord knows no nonce for it, so an unclear end is looked up by the marker."""
        head: dict[str, Any] = {"name": clip_text(card.title, NAME) or "…", "auto_archive_duration": WEEK}
        if tags := await self._tags(place, card.tags):
            head["applied_tags"] = tags
        with translate_errors(), library_views.sending_fields(said, None, head) as made:
            return str((await self._line.http.start_thread_in_forum(int(place.channel), params=made))["id"])

    async def _tags(self, place: Place, wanted: tuple[str, ...]) -> list[str]:
        """Ids of the forum's tags of these names; where a tag is required and none fits, the first that may be used."""
        guild = self._places.guild(place.space)
        forum = guild.get_channel(int(place.channel)) if guild is not None else None
        if not isinstance(forum, discord.ForumChannel):
            return []
        names = {name.casefold() for name in wanted}
        found = [str(tag.id) for tag in forum.available_tags if tag.name.casefold() in names][:5]
        if not found and forum.flags.require_tag:
            found = [str(tag.id) for tag in forum.available_tags if not tag.moderated][:1]
        return found

    def _allowed(self, place: Place, said: RenderedMessage) -> RenderedMessage:
        """The message as the permissions there allow it."""
        may = None if place.private else self._places.allowed(place)
        return said if may is None or may.attach_files else without_files(said)

    def marker(self, message: str) -> str | None:
        """The marker of a message that this process has posted; the message itself carries only its hash."""
        return self._marks[message][1] if message in self._marks else None

    def is_own(self, message: str) -> bool:
        """Whether this process has posted it lately, for deletions, which name no author."""
        return message in self._marks

    def _remember(self, message: str, mark: Mark, marker: str | None) -> str:
        self._marks[message] = (mark, marker)
        self._marks.move_to_end(message)
        if len(self._marks) > MARKS:
            self._marks.popitem(last=False)
        return message

    # ── threads and direct messages ───────────────────────────────────────────

    async def thread(self, place: Place, message: str, name: str) -> Place:
        """The thread under one of our messages. A thread has its message's id, so there is never a second one."""
        if await self._places.is_forum(place):
            return Place(place.space, place.channel, message)
        about = clip_text(name, NAME) or "…"
        with translated_but(THERE):  # somebody opened it already: it is the one we want
            await self._line.http.start_thread_with_message(
                int(place.channel), int(message), name=about, auto_archive_duration=WEEK
            )
        return Place(place.space, place.channel, message)

    async def direct(self, space: str, person: str) -> Place:
        """The direct message with a person."""
        known = self._state.people.get(person)
        if known is None or not known.direct:
            with translate_errors():
                told = await self._line.http.start_private_message(int(person))
            await self._state.meet(person, direct=str(told["id"]))
            return Place(space, str(told["id"]), private=True)
        return Place(space, known.direct, private=True)

    async def private(self, place: Place, person: str, card: Card) -> None:
        """Outside an answer to somebody there is no message for one person only, so by direct message."""
        here = place if place.private else await self.direct(place.space, person)
        try:
            await self.whisper(here.channel, card)
        except Rejected as error:
            if error.code == DIRECT_CLOSED:
                await self._state.close(person, card.title)
            raise

    async def close(self, place: Place, *, closed: bool) -> None:
        """Lock and archive a thread, or open it again."""
        if place.thread is None:
            return
        try:
            await self._edit_thread(place.thread, archived=closed, locked=closed)
        except Rejected as error:
            if error.code != ARCHIVED:
                raise
            await self._edit_thread(place.thread, archived=False)
            await self._edit_thread(place.thread, archived=closed, locked=closed)

    async def _edit_thread(self, thread: str, **changes: Any) -> None:
        with translate_errors():
            await self._line.http.edit_channel(int(thread), auto_archive_duration=WEEK, **changes)

    async def _awake(self, place: Place, work: Callable[[], Awaitable[T]], *, again: bool = False) -> T:
        """Do something in a thread, reopened if need be; `again`: put back to sleep after it."""
        try:
            return await work()
        except Rejected as error:
            if error.code != ARCHIVED or place.private:
                raise
        thread = place.thread or place.channel
        await self._edit_thread(thread, archived=False)
        done = await work()
        if again:
            await self._edit_thread(thread, archived=True)
        return done

    async def pin(self, place: Place, message: str, *, pinned: bool) -> None:
        """Pin one of our messages, or take the pin away."""
        channel = int(await self._places.home(place, message))

        async def mark() -> None:
            call = self._line.http.pin_message if pinned else self._line.http.unpin_message
            with translate_errors():
                await call(channel, int(message))

        try:
            await self._awake(place, mark, again=True)
        except Rejected as error:
            if pinned or error.code not in _GONE_WORDS:
                raise

    async def open_private(self, place: Place, name: str) -> Place | None:
        """A private thread in a channel, into which only moderators and we let people."""
        about = clip_text(name, NAME) or "…"
        with translate_errors():
            made = await self._line.http.start_thread_without_message(
                int(place.channel),
                name=about,
                auto_archive_duration=WEEK,
                type=PRIVATE_THREAD,
                invitable=False,
            )
        return Place(place.space, place.channel, str(made["id"]))

    async def admit(self, place: Place, come: Collection[str], go: Collection[str]) -> None:
        """Take people out of a private thread, then put others in; whoever left the server is passed over."""
        thread, http = int(place.thread or place.channel), self._line.http
        for call, people in ((http.remove_user_from_thread, go), (http.add_user_to_thread, come)):
            for person in people:
                await self._awake(place, partial(_move, call, thread, int(person)))

    async def remove_notice(self, channel: str, notice: str) -> None:
        """Delete what Discord writes into a channel when we pin there; it stays where we may not."""
        try:
            with translate_errors():
                await self._line.http.delete_message(int(channel), int(notice))
        except PlatformError as error:
            log.info("the notice of a pin stays in %s: %s", channel, error.code)

    async def link(self, place: Place, message: str) -> str | None:
        """The address that opens a message."""
        where = "@me" if place.private else server_of(place.space)
        return f"https://discord.com/channels/{where}/{await self._places.home(place, message)}/{message}"

    async def posting_problem(self, place: Place) -> str | None:
        """Why the bot could not speak there now."""
        return await self._places.posting_problem(place)


async def _move(call: Callable[[int, int], Awaitable[None]], thread: int, person: int) -> None:
    """Put somebody into a thread, or take them out; whoever is not there any more is passed over."""
    with translated_but(*NOBODY):
        await call(thread, person)
