"""Uploads of pictures and files, in the order that leaves nothing half said.

Bytes go first, before anything is said, because they are seen by nobody until they are completed; a picture is
completed at once and shown by the message's image block, a file is completed into its channel after the message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from adapters.slack.blocks import Look
from adapters.slack.charts import charted_pictures
from adapters.slack.errors import call_slack
from adapters.slack.web_client import SlackWebClient
from bot.chat import cards
from bot.chat.cards import Card
from bot.chat.language import drawn_in_own_language, ngettext
from bot.chat.port import OutcomeUnknown, Rejected, RetryLater

MISSING = "missing_scope"


@dataclass(frozen=True, slots=True)
class Packed:
    """What of a card has been brought to Slack: picture ids by their number, and files with their titles."""

    pictures: dict[int, str]
    files: tuple[tuple[str, str], ...] = ()
    native: bool = False
    """Whether charts and long tables are left to Slack."""

    def look(self, reader: str = "") -> Look:
        """How the card is shown with what was brought."""
        return Look(reader, self.pictures, native=self.native)


NOTHING = Packed({})


@drawn_in_own_language
def tell_about_files(card: Card, packed: Packed, *, sent: bool) -> Card:
    """The card as it is shown where its files cannot be: with their names, and where they went."""
    files = [one for one in card.blocks if isinstance(one, cards.File) and one.data]
    if not files:
        return card
    if not packed.files:
        told = ngettext(
            "I may not send the file in this workspace. Your Tilth admin can allow it: files:write.",
            "I may not send the files in this workspace. Your Tilth admin can allow it: files:write.",
            len(files),
        )
    elif sent:
        told = ngettext(
            "I sent you the file by direct message.", "I sent you the files by direct message.", len(files)
        )
    else:
        told = ngettext(
            "I could not send you the file by direct message. Please try again in a few minutes.",
            "I could not send you the files by direct message. Please try again in a few minutes.",
            len(files),
        )
    named = (cards.Note(f"{one.name}: {one.about}") if one in files else one for one in card.blocks)
    return replace(card, blocks=(*named, cards.Note(told)))


def without_files(card: Card) -> tuple[cards.Block, ...]:
    """The blocks of a card that are shown in its messages."""
    return tuple(one for one in card.blocks if not isinstance(one, cards.File))


class Uploads:
    """Brings pictures and files. Without the `files:write` scope it brings none, and cards show their words."""

    def __init__(self, wire: SlackWebClient) -> None:
        self._wire = wire
        self.allowed = True
        self.native = True
        """Whether this workspace draws charts and long tables, as far as we know."""

    async def pack(self, card: Card, *, native: bool = True) -> Packed:
        """Bring everything a card carries. Nothing was said yet, so a doubtful end here is only `RetryLater`.

        What Slack draws itself is not brought, where `native` allows it: a modal draws nothing."""
        native = native and self.native
        drawn = charted_pictures(card) if native else ()
        pictures = [one for one in card.blocks if isinstance(one, cards.Picture)]
        files = [one for one in card.blocks if isinstance(one, cards.File)]
        if (len(pictures) == len(drawn) and not files) or not self.allowed:
            return Packed({}, native=native)
        try:
            shown = {
                n: await self._picture(one) for n, one in enumerate(pictures) if one.png and n not in drawn
            }
            brought = [
                (await self._bring(one.name, one.data, one.about), one.name) for one in files if one.data
            ]
        except Rejected as error:
            if error.code != MISSING:
                raise
            self.allowed = False
            return Packed({}, native=native)
        except OutcomeUnknown as error:
            raise RetryLater(error.code) from None
        return Packed(shown, tuple(brought), native)

    async def hand_over(
        self, packed: Packed, channel: str, thread: str | None, words: str | None = None
    ) -> None:
        """Put the files of a card into a conversation: where its message already is, or with words of their own."""
        if packed.files:
            await self._complete(packed.files, channel, thread, words)

    async def _picture(self, picture: cards.Picture) -> str:
        id = await self._bring("picture.png", picture.png, picture.alt)
        await self._complete(((id, "picture.png"),), None, None)
        return id

    async def _bring(self, name: str, data: bytes, about: str) -> str:
        ticket = await call_slack(
            self._wire.writes.files_getUploadURLExternal(
                filename=name, length=len(data), alt_txt=about[:1000] or name
            )
        )
        await self._wire.put(str(ticket["upload_url"]), data)
        return str(ticket["file_id"])

    async def _complete(
        self,
        files: tuple[tuple[str, str], ...],
        channel: str | None,
        thread: str | None,
        words: str | None = None,
    ) -> None:
        await call_slack(
            self._wire.writes.files_completeUploadExternal(
                files=[{"id": id, "title": title} for id, title in files],
                channel_id=channel,
                thread_ts=thread,
                initial_comment=words,
            )
        )
