"""Files that people hand in with a modal, fetched with the bot's token.

What the file input holds is Slack's own file object (docs.slack.dev, File input element); its bytes are at
`url_private_download` for whoever has the token and the scope `files:read`. Without the scope Slack answers with its
login page, so a page or a redirect is never taken for a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from adapters.slack.errors import call_slack
from adapters.slack.manifest import FILES
from adapters.slack.web_client import SlackWebClient
from bot.chat.forms import Form, FormField, Hint, Upload
from bot.chat.handed_file import MOST_BYTES, HandedFile
from bot.chat.language import _, drawn_in_own_language
from bot.chat.port import PlatformError


@dataclass(frozen=True, slots=True)
class SlackFileReference:
    """A file as a modal names it: where its bytes are, and their number; `id` is Slack's."""

    id: str
    name: str
    size: int
    url: str


def read_reference(told: Mapping[str, object]) -> SlackFileReference:
    """The file that Slack's file object is about."""
    size = told.get("size")
    url = told.get("url_private_download") or told.get("url_private") or ""
    return SlackFileReference(
        str(told.get("id") or ""),
        str(told.get("name") or "file"),
        size if isinstance(size, int) else 0,
        str(url),
    )


class HandedFiles:
    """Fetches what people hand in, as far as the workspace lets us."""

    def __init__(self, wire: SlackWebClient) -> None:
        self._wire = wire
        self._allowed = False

    async def drop_uploads(self, form: Form) -> Form:
        """The form as it can be shown here: without files where we may not read any, and with the reason."""
        if not any(isinstance(part, Upload) for part in form.fields) or await self._may_read():
            return form
        return _without_uploads(form)

    async def _may_read(self) -> bool:
        """Whether our token has the scope, as every answer of Slack tells. It is asked again until it has."""
        if not self._allowed:
            try:
                granted = await self._wire.granted_scopes()
            except PlatformError:
                return True  # Slack decides; it says so when the form is opened or the file is fetched
            self._allowed = not granted or FILES in granted
        return self._allowed

    async def fetch_fields(self, fields: Mapping[str, object]) -> dict[str, object]:
        """The fields, with files in the place of references to them."""
        return {
            name: await self._fetch(value) if isinstance(value, SlackFileReference) else value
            for name, value in fields.items()
        }

    async def _fetch(self, one: SlackFileReference) -> HandedFile:
        if one.size > MOST_BYTES:
            return HandedFile(one.name, one.size)
        try:
            data = await self._bytes(one.url or await self._address(one.id))
        except (PlatformError, aiohttp.ClientError, TimeoutError, OSError):
            again = _(
                "I could not fetch {name} from Slack. Please try again in a minute.", name=one.name[:60]
            )
            return HandedFile(one.name, one.size, fault=again)
        if data is None:
            return HandedFile(one.name, one.size, fault=_forbidden())
        return HandedFile.fetched(one.name, data)

    async def _address(self, id: str) -> str:
        told = (await call_slack(self._wire.reads.files_info(file=id)))["file"]
        return read_reference(told).url

    async def _bytes(self, url: str) -> bytes | None:
        """Up to one byte more than may be there; None where Slack shows a page instead."""
        session = self._wire.session
        if session is None:
            raise aiohttp.ClientConnectionError
        headers = {"Authorization": f"Bearer {self._wire.reads.token}"}
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status in (301, 302, 303, 307, 308, 401, 403) or answer.content_type == "text/html":
                return None
            answer.raise_for_status()
            data = bytearray()
            async for piece in answer.content.iter_chunked(65536):
                data += piece
                if len(data) > MOST_BYTES:
                    break
            return bytes(data)


@drawn_in_own_language
def _without_uploads(form: Form) -> Form:
    fields: list[FormField] = [one for one in form.fields if not isinstance(one, Upload)]
    return Form(form.id, form.title, (Hint(_forbidden()), *fields), form.value, form.submit, form.locale)


def _forbidden() -> str:
    words = _("I may not read files in this workspace. Your Tilth admin can allow it: {scope}.", scope=FILES)
    return f"{words} " + _("Until then, paste the text.")
