"""What `tilth doctor --live` tries on a real Discord: it posts into one channel, looks at what comes back, and removes it."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

import discord

from adapters.discord import library_views, markers, say
from adapters.discord.errors import translate_errors
from bot.chat import card_examples
from bot.chat.cards import Card
from bot.chat.cards import say as say_card
from bot.chat.findings import Finding
from bot.chat.port import PlatformError

MARKER = "live0doctor0trial0marker0"
WORDS = "Tilth tries out what this server lets it do. This message is removed in a moment."


class DiscordTrial:
    """One trial in one channel."""

    def __init__(self, http: discord.http.HTTPClient, channel: str) -> None:
        self._http, self._channel = http, int(channel)
        self._said: list[int] = []
        self._threads: list[int] = []

    async def run(self) -> list[Finding]:
        """Try everything, and remove all of it whatever happened."""
        try:
            found = [await self._try("Posting", self._post_and_find)]
            if self._said:
                found.append(await self._try("A post whose answer is lost", self._post_twice))
                found.append(await self._try("Pins", self._pin))
                found.append(await self._try("Threads", self._open_thread))
            found.append(await self._try("Cards", self._post_examples))
        finally:
            left = await self._tidy_up()
        told = "Discord, live: what only one person sees can be tried only by a command: write /tilth in the channel."
        return [*found, ("ok", told, ""), left]

    @staticmethod
    async def _try(what: str, work: Callable[[], Awaitable[Finding]]) -> Finding:
        try:
            with translate_errors():
                return await work()
        except PlatformError as error:
            fix = "Look at the bot's permissions in that channel: `tilth discord invite --permissions` says what each is for."
            return ("warning", f"Discord, live: {what}: refused ({error.code}).", fix)

    async def _post(self, card: Card, nonce: str, marker: str = "") -> int:
        mark = markers.make_mark(marker) if marker else None
        with library_views.sending_fields(say.message_payload(card, mark), nonce) as made:
            sent = await self._http.send_message(self._channel, params=made)
        if int(sent["id"]) not in self._said:
            self._said.append(int(sent["id"]))
        return int(sent["id"])

    async def _post_and_find(self) -> Finding:
        message = await self._post(say_card(WORDS), secrets.token_hex(8), MARKER)
        told = await self._http.logs_from(self._channel, 5)
        found = next((one for one in told if int(one["id"]) == message), None)
        if found is None or markers.read_mark(found.get("components") or ()) != markers.make_mark(MARKER):
            words = "Discord, live: the history does not give back what a post carries. After a crash, a prompt may be posted twice."
            return ("error", words, "Give the bot Read Message History there; else please report this.")
        return ("ok", "Discord, live: a post is found again in the history by its mark.", "")

    async def _post_twice(self) -> Finding:
        nonce = secrets.token_hex(8)
        first, second = await self._post(say_card(WORDS), nonce), await self._post(say_card(WORDS), nonce)
        if first != second:
            words = "Discord, live: the same post sent twice appears twice. Tilth looks into the history before it repeats one."
            return ("warning", words, "Nothing has to be done; please report it.")
        return ("ok", "Discord, live: the same post sent twice appears once.", "")

    async def _pin(self) -> Finding:
        await self._http.pin_message(self._channel, self._said[0])
        await self._http.unpin_message(self._channel, self._said[0])
        return ("ok", "Discord, live: messages can be pinned.", "")

    async def _open_thread(self) -> Finding:
        made = await self._http.start_thread_with_message(
            self._channel, self._said[0], name="Tilth tries a thread", auto_archive_duration=60
        )
        self._threads.append(int(made["id"]))
        return ("ok", "Discord, live: threads can be opened under a post: members can answer there.", "")

    async def _post_examples(self) -> Finding:
        for card in card_examples.examples():
            await self._post(card, secrets.token_hex(8))
        return (
            "ok",
            "Discord, live: a card with every part that cards can have is taken, with its picture and file.",
            "",
        )

    async def _tidy_up(self) -> Finding:
        left = 0
        for thread in self._threads:
            left += not await self._removed(self._http.delete_channel(thread))
        for message in reversed(self._said):
            left += not await self._removed(self._http.delete_message(self._channel, message))
        notices = [
            one
            for one in await self._notices()
            if not await self._removed(self._http.delete_message(self._channel, one))
        ]
        if left or notices:
            fix = "Remove it by hand. Without Manage Threads, a thread that was opened stays."
            return (
                "error",
                f"Discord, live: {left + len(notices)} of what was posted could not be removed.",
                fix,
            )
        return ("ok", "Discord, live: everything that was posted is removed.", "")

    async def _notices(self) -> list[int]:
        """What Discord itself wrote about our pin and our thread."""
        try:
            with translate_errors():
                told = await self._http.logs_from(self._channel, 10)
        except PlatformError:
            return []
        first = min(self._said, default=0)
        return [int(one["id"]) for one in told if one["type"] in (6, 18) and first and int(one["id"]) > first]

    @staticmethod
    async def _removed(call: Awaitable[object]) -> bool:
        try:
            with translate_errors():
                await call
        except PlatformError as error:
            return error.code in ("unknown_message", "unknown_channel")
        return True
