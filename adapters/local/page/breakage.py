"""The switches with which somebody at the page breaks the pretend platform on purpose, and mends it again."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from adapters.local.adapter import LocalAdapter
from bot.chat.language import _
from bot.chat.port import OutcomeUnknown

NETWORK, TOKEN, LOST, CHANNEL = "network", "token", "lost", "channel "
CODE = "not_in_channel"
"""Why a channel refuses the bot: what Slack says when the bot was removed from it."""


@dataclass(frozen=True, slots=True)
class BreakSwitch:
    """Something that can be broken: what it is called, whether it is broken now, and what follows from that."""

    id: str
    label: str
    broken: bool
    effect: str


def break_switches(adapter: LocalAdapter) -> tuple[BreakSwitch, ...]:
    """Everything that can be broken, as it is now."""
    faults = adapter.faults
    channels = [one for one in adapter.world.channels.values() if one.direct is None]
    return (
        BreakSwitch(
            NETWORK, _("The network"), faults.offline,
            _("Nothing you do reaches Tilth, and nothing Tilth says reaches you."),
        ),
        BreakSwitch(TOKEN, _("The bot's token"), faults.revoked, _("The platform refuses everything Tilth says.")),
        BreakSwitch(
            LOST, _("The next reply of the platform"), faults.planned("post"),
            _("The next post arrives, but Tilth is not told so. It must not post twice."),
        ),
        *(
            BreakSwitch(
                f"{CHANNEL}{one.id}", f"#{one.name}", faults.refusal(one.id) is not None,
                _("Tilth is not in this channel and cannot post there."),
            )
            for one in channels
        ),
    )  # fmt: skip


async def set_switch(adapter: LocalAdapter, id: str, *, broken: bool) -> None:
    """Break something, or mend it. What comes back is told to the bot, which then catches up."""
    faults = adapter.faults
    channel = id.removeprefix(CHANNEL)
    if id == NETWORK:
        faults.offline = broken
    elif id == TOKEN:
        faults.revoked = broken
    elif id == LOST:
        faults.forget("post")
        if broken:
            faults.next("post", after=OutcomeUnknown("timeout"))
    elif channel not in adapter.world.channels:
        raise web.HTTPBadRequest(text=_("There is nothing of that name to break."))
    elif broken:
        faults.refuse(channel, CODE)
    else:
        faults.allow(channel)
    if not broken and id in (NETWORK, TOKEN):
        await adapter.reconnect()
