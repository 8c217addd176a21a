"""What `tilth doctor --live` tries on a real Slack: it posts into one channel, looks at what comes back, and removes it.

These are the questions that no documentation answers for sure (which blocks a workspace takes, whether our mark comes
back in the history, whether a picture can be shown to one person). Every answer says what it costs members.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack import say
from adapters.slack.blocks import Look
from adapters.slack.errors import call_slack, call_unless
from adapters.slack.uploads import Uploads
from adapters.slack.web_client import SlackWebClient
from bot.chat import card_examples
from bot.chat.cards import Card, Markdown, Picture
from bot.chat.cards import say as say_card
from bot.chat.findings import Finding
from bot.chat.port import PlatformError, Rejected

MARKER = "live0doctor0trial0marker0"
WORDS = "Tilth tries out what this workspace lets it do. This message is removed in a moment."


class SlackTrial:
    """One trial in one channel. `reader`, a member id, is shown a picture that only they see; empty: nobody is."""

    def __init__(self, wire: SlackWebClient, channel: str, reader: str) -> None:
        self._wire, self._channel, self._reader = wire, channel, reader
        self._said: list[str] = []
        self._files: list[str] = []

    async def run(self) -> list[Finding]:
        """Try everything, and remove all of it whatever happened."""
        try:
            found = [await self._try("Blocks", self._validate)]
            found.append(await self._try("Posting and looking back", self._post_and_find))
            if self._said:
                found.append(await self._try("Threads", self._look_into_thread))
                found.append(await self._try("Pins", self._pin))
            found.append(await self._try("Pictures for one person", self._whisper_picture))
            found.append(await self._try("Canvases", self._open_canvas))
        finally:
            left = await self._tidy_up()
        return [*found, left]

    @staticmethod
    async def _try(what: str, work: Callable[[], Awaitable[Finding]]) -> Finding:
        try:
            return await work()
        except PlatformError as error:
            return ("warning", f"Slack, live: {what}: refused ({error.code}).", _fix(error.code))

    async def _validate(self) -> Finding:
        refused = []
        for card in card_examples.examples():
            for page in say.card_pages(card, "", Look(native=True)):
                try:
                    await call_slack(
                        self._wire.reads.api_call("blocks.validate", json={"blocks": page.blocks})
                    )
                except Rejected as error:
                    refused.append(f"{card.title} ({error.code})")
        if refused:
            words = f"Slack, live: these cards are not taken as they are: {', '.join(refused)}. Members get them in a plainer form."
            return ("warning", words, "Nothing has to be done; please report it.")
        return ("ok", "Slack, live: a card with every part that cards can have is taken.", "")

    async def _post(self, card: Card, thread: str | None = None, marker: str = "") -> str:
        page = say.part_pages(card, 0, marker, Look())[0]
        answer = await call_slack(
            self._wire.writes.chat_postMessage(
                channel=self._channel,
                thread_ts=thread,
                text=page.text,
                blocks=page.blocks,
                unfurl_links=False,
            )
        )
        self._said.append(str(answer["ts"]))
        return self._said[-1]

    async def _post_and_find(self) -> Finding:
        ts = await self._post(say_card(WORDS), marker=MARKER)
        answer = await call_slack(self._wire.reads.conversations_history(channel=self._channel, limit=5))
        found = next((one for one in answer["messages"] if one.get("ts") == ts), None)
        if found is None or say.marker_of(found) != MARKER:
            words = "Slack, live: the history does not give back what a post carries. After a crash, a prompt may be posted twice."
            return ("error", words, "Please report this: Tilth relies on it.")
        return ("ok", "Slack, live: a post is found again in the history by its mark.", "")

    async def _look_into_thread(self) -> Finding:
        reply = await self._post(say_card(WORDS), thread=self._said[0])
        answer = await call_slack(
            self._wire.reads.conversations_replies(channel=self._channel, ts=self._said[0])
        )
        if reply not in {one.get("ts") for one in answer["messages"]}:
            words = (
                "Slack, live: threads are not read back. Answers written while Tilth is away are not found."
            )
            return ("error", words, "Please report this: Tilth relies on it.")
        return (
            "ok",
            "Slack, live: threads can be read back: what is written while Tilth is away is found.",
            "",
        )

    async def _pin(self) -> Finding:
        await call_slack(self._wire.writes.pins_add(channel=self._channel, timestamp=self._said[0]))
        await call_slack(self._wire.writes.pins_remove(channel=self._channel, timestamp=self._said[0]))
        return ("ok", "Slack, live: messages can be pinned.", "")

    async def _whisper_picture(self) -> Finding:
        if not self._reader:
            return (
                "ok",
                "Slack, live: pictures that only one person sees were not tried (--reader names one).",
                "",
            )
        picture = next(
            one for card in card_examples.examples() for one in card.blocks if isinstance(one, Picture)
        )
        card = Card(WORDS, (Markdown(WORDS), picture))
        packed = await Uploads(self._wire).pack(card, native=False)
        self._files += packed.pictures.values()
        page = say.card_pages(card, "", packed.look(self._reader))[0]
        await call_slack(
            self._wire.writes.chat_postEphemeral(
                channel=self._channel, user=self._reader, text=page.text, blocks=page.blocks
            )
        )
        return (
            "ok",
            "Slack, live: a picture can be shown to one person. Look whether you see it; it goes with a reload.",
            "",
        )

    async def _open_canvas(self) -> Finding:
        about = await call_slack(self._wire.reads.conversations_info(channel=self._channel))
        if (about["channel"].get("properties") or {}).get("canvas"):
            return ("ok", "Slack, live: canvases were not tried: the channel has one already.", "")
        content = {"type": "markdown", "markdown": WORDS}
        made = await call_slack(
            self._wire.writes.conversations_canvases_create(
                channel_id=self._channel, document_content=content
            )
        )
        await call_slack(self._wire.writes.canvases_delete(canvas_id=str(made["canvas_id"])))
        return ("ok", "Slack, live: a channel can have a canvas: plans of teams are shown there.", "")

    async def _tidy_up(self) -> Finding:
        left = 0
        for ts in reversed(self._said):
            left += not await self._removed(self._wire.writes.chat_delete(channel=self._channel, ts=ts))
        for file in self._files:
            left += not await self._removed(self._wire.writes.files_delete(file=file))
        if left:
            return (
                "error",
                f"Slack, live: {left} of what was posted could not be removed.",
                "Remove it by hand.",
            )
        return ("ok", "Slack, live: everything that was posted is removed.", "")

    @staticmethod
    async def _removed(call: Awaitable[Any]) -> bool:
        try:
            await call_unless({"message_not_found", "file_not_found", "file_deleted"}, call)
        except PlatformError:
            return False
        return True


_COSTS = {
    "missing_scope": "Update the app from `tilth slack manifest`, and reinstall it.",
    "not_in_channel": "Write /invite @Tilth in that channel.",
    "team_tier_cannot_create_channel_canvases": "This plan has no canvases: plans of teams are messages instead.",
}


def _fix(code: str) -> str:
    return _COSTS.get(code, "Members do without it; nothing else depends on it.")
