"""The channel that somebody picked in a form: refused below its field where the bot may not post there."""

from __future__ import annotations

from bot.alerts.cards import reason
from bot.alerts.place_probe import PlaceProbe
from bot.chat.forms import FieldErrors
from bot.chat.models import Place
from bot.feature import Request

SECONDS = 2.0
"""How long a platform is asked whether the bot may post in a channel."""


def picked_place(request: Request) -> Place:
    """The channel of the form, in the space in which it was filled in."""
    return Place(request.place.space, str(request.values["channel"]))


async def check_channel(probe: PlaceProbe, request: Request) -> FieldErrors | None:
    """What is wrong with the channel; None: nothing, or its platform does not say in time."""
    _known, code = await probe.ask(picked_place(request), SECONDS)
    return FieldErrors({"channel": " ".join(reason(code))}) if code is not None else None
