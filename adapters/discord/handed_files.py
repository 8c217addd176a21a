"""Files that people hand in with a modal, fetched from Discord's store while their address is still good.

A File Upload takes what the person may upload, of any kind (docs components/reference); its attachments are kept by
Discord for an unpublished time, so they are fetched at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.discord.errors import translate_errors
from adapters.discord.places import DiscordConnection
from bot.chat.handed_file import MOST_BYTES, HandedFile
from bot.chat.language import _
from bot.chat.port import PlatformError


@dataclass(frozen=True, slots=True)
class DiscordFileReference:
    """A file as a modal names it: where its bytes are, and their number."""

    name: str
    size: int
    url: str


def read_reference(told: Mapping[str, Any]) -> DiscordFileReference:
    """The file that an attachment of Discord's is about."""
    return DiscordFileReference(
        str(told.get("filename") or "file"), int(told.get("size") or 0), str(told.get("url") or "")
    )


async def fetch_fields(line: DiscordConnection, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields, with files in the place of references to them."""
    return {
        name: await _fetch(line, value) if isinstance(value, DiscordFileReference) else value
        for name, value in fields.items()
    }


async def _fetch(line: DiscordConnection, one: DiscordFileReference) -> HandedFile:
    if one.size > MOST_BYTES:
        return HandedFile(one.name, one.size)
    try:
        with translate_errors():
            data = await line.http.get_from_cdn(one.url)
    except PlatformError:
        again = _("I could not fetch {name} from Discord. Please try again in a minute.", name=one.name[:60])
        return HandedFile(one.name, one.size, fault=again)
    return HandedFile.fetched(one.name, data)


def without_files(fields: Mapping[str, object]) -> dict[str, object]:
    """What was filled in, as it can be filled in once more: no platform lets us choose somebody's file."""
    return {name: one for name, one in fields.items() if not isinstance(one, DiscordFileReference)}
