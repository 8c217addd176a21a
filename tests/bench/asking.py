"""A prompt that is open now, for benchmarks: set by the commands a moderator would write."""

from __future__ import annotations

from adapters.slack.workspace import Workspace
from bot.app import App
from bot.chat.cards import Buttons, Card
from bot.chat.events import ButtonPressed, CommandInvoked
from bot.chat.models import Person, Place
from bot.chat.parsing import command_line


async def ask_now(app: App, workspace: Workspace, channel: str, moderator: str) -> None:
    """Set a schedule in a channel, and ask its first prompt at once."""
    assert workspace.team is not None
    space = workspace.team.here.space
    who = Person(space, moderator, "Mo Hale", frozenset({"admin"}))
    here = Place(space, channel)
    line = f"/prompt schedule <#{channel}|staffroom> every mon 09:00"
    preview = await app.dispatcher.hear(
        CommandInvoked(who, here, command_line.understand(app.dispatcher.menu, "", line))
    )
    assert isinstance(preview, Card)
    [confirm] = [
        one
        for row in preview.blocks
        if isinstance(row, Buttons)
        for one in row.buttons
        if one.label == "Confirm"
    ]
    await app.dispatcher.hear(ButtonPressed(who, here, confirm.does or "", confirm.value))
    await app.dispatcher.hear(
        CommandInvoked(who, here, command_line.understand(app.dispatcher.menu, "", "/prompt now s1"))
    )
