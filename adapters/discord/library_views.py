"""The views, modals and files that discord.py wants, made from our finished payloads."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord.http import MultipartParameters, handle_message_parameters

from adapters.discord.blocks import Attached
from adapters.discord.say import RenderedMessage


class MessageView(discord.ui.LayoutView):
    """The components of one message. It is over as soon as it is made, so that discord.py keeps no memory of it."""

    def __init__(self, said: RenderedMessage) -> None:
        super().__init__(timeout=None)
        self._made = list(said.components)
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        return self._made

    def has_components_v2(self) -> bool:
        return True

    def is_dispatchable(self) -> bool:
        return False


class FormModal(discord.ui.Modal):
    """A form's payload."""

    def __init__(self, made: dict[str, Any]) -> None:
        super().__init__(title=made["title"], custom_id=made["custom_id"])
        self._made = made
        self.stop()

    def to_dict(self) -> dict[str, Any]:
        return self._made


def to_files(attached: Sequence[Attached]) -> list[discord.File]:
    """The files, ready to be read once."""
    return [
        discord.File(io.BytesIO(one.data), filename=one.name, description=one.about or None)
        for one in attached
    ]


def to_mentions(pings: str) -> discord.AllowedMentions:
    """Nobody is notified, except the one role that was granted."""
    if not pings.isdecimal():
        return discord.AllowedMentions.none()
    role = discord.Object(int(pings))
    return discord.AllowedMentions(everyone=False, users=False, roles=[role], replied_user=False)


def sending_fields(
    said: RenderedMessage, nonce: str | None, channel_payload: dict[str, Any] | None = None
) -> MultipartParameters:
    """A new message; previews of links are off. With a nonce, Discord takes it once in some minutes."""
    missing: Any = discord.utils.MISSING
    return handle_message_parameters(
        view=MessageView(said),
        files=to_files(said.files) or missing,
        nonce=nonce,
        allowed_mentions=to_mentions(said.pings),
        flags=discord.MessageFlags(suppress_embeds=True),
        channel_payload=channel_payload if channel_payload is not None else missing,
    )


def changing_fields(said: RenderedMessage) -> MultipartParameters:
    """A message of ours as it is from now on, with exactly these files; an edit notifies nobody."""
    return handle_message_parameters(
        view=MessageView(said), attachments=to_files(said.files), allowed_mentions=to_mentions("")
    )
