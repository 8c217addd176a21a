"""Whether Discord would take a payload of ours: the fake's own checker of the documented limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from adapters.discord import say
from adapters.discord.say import RenderedMessage
from tests.fakes.discord import reading
from tests.fakes.discord.message_limits import check_new

V2 = 1 << 15
NAMES = {"175928847299117063": "Somebody"}


def check(said: RenderedMessage) -> None:
    """Raise what Discord would answer."""
    files = [{"filename": one.name, "data": one.data} for one in said.files]
    body: dict[str, Any] = {
        "components": list(said.components),
        "flags": V2,
        "allowed_mentions": {"parse": []},
        "attachments": [
            {"id": str(at), "filename": one.name, "description": one.about}
            for at, one in enumerate(said.files)
        ],
    }
    check_new(body, files)


def read(said: RenderedMessage) -> str:
    """What a person reads."""
    shown = {"content": "", "components": list(said.components), "attachments": [], "embeds": []}
    return reading.text(shown, names=NAMES, zone="Europe/Dublin", now=None)


def words(card: Any) -> str:
    return read(say.message_payload(card))


__all__ = ["check", "read", "replace", "words"]
