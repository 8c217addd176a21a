"""A prompt that is open now, for benchmarks: set by the commands a moderator would write."""

from __future__ import annotations

from adapters.slack.workspace import Workspace
from bot.app import App
from bot.chat.cards import Buttons, Card
from bot.chat.events import ButtonPressed, CommandInvoked
from bot.chat.models import Person, Place
from bot.chat.parsing import command_line


async def ask_now(app: App, workspace: Workspace, channel: str, moderator: str, number: int = 1) -> None:
    """Set a schedule in a channel, the so-manieth there, and ask its first prompt at once."""
    assert workspace.team is not None
    space = workspace.team.here.space
    who = Person(space, moderator, "Mo Hale", frozenset({"admin"}))
    here = Place(space, channel)
    line = f"/prompt schedule <#{channel}|staffroom> every mon 09:{number:02}"
    for said, button in ((line, "Confirm"), (f"/prompt now s{number}", "Post")):
        call = command_line.parse_call(app.dispatcher.menu, "", said)
        shown = await app.dispatcher.hear(CommandInvoked(who, here, call))
        assert isinstance(shown, Card)
        rows = (row for row in shown.blocks if isinstance(row, Buttons))
        [pressed] = [one for row in rows for one in row.buttons if one.label == button]
        await app.dispatcher.hear(ButtonPressed(who, here, pressed.does or "", pressed.value))
