"""The commands in texts as Discord shows them: something to tap, with each option by its name.

Discord has no line that could be pasted: `/prompt place s3 #staffroom` is the command `prompt place` with a schedule and
a channel to pick. A command that Discord has given an id becomes a link (docs reference, message formatting).
"""

from __future__ import annotations

from collections.abc import Callable

import discord

from adapters.discord.command_tree import TRANSLATOR, Tree, path_of
from adapters.discord.state import DiscordState
from bot.chat.cards import CommandLink
from bot.chat.command_lines import CommandTexts, WrittenCommand
from bot.chat.menu import Menu


class CommandNames:
    """What each command is called on Discord, and by which id it is tapped."""

    def __init__(self, state: DiscordState, menu: Callable[[], Menu | None]) -> None:
        self._state, self._menu = state, menu
        self._known: frozenset[str] = frozenset()
        self.texts = CommandTexts(menu, self.write)

    def learn(self, tree: Tree) -> None:
        """These are the commands that Discord is told of."""
        self._known = frozenset(one.qualified_name for one in tree.walk_commands())

    async def tell(self, tree: Tree, fingerprint: str) -> None:
        """Tell Discord of the commands, and remember by which ids it knows them."""
        await tree.set_translator(TRANSLATOR)
        told = await tree.sync()
        kind = discord.AppCommandType.chat_input
        await self._state.sync(fingerprint, {one.name: str(one.id) for one in told if one.type is kind})

    def write(self, written: WrittenCommand) -> str | CommandLink:
        """A command in a text as something to tap; one that Discord does not have stays as it is."""
        menu, command = self._menu(), written.command
        path = path_of(command, menu.of(command.noun)) if menu is not None else ()
        names = (" ".join((command.noun, *path)), command.path)
        name = next((one for one in names if one in self._known), "")
        if not name:
            return f"`{written.line}`" if written.code else written.line
        options = tuple(f"{option}: {value}" if option else value for option, value in written.given)
        return CommandLink(name, self._state.command_ids.get(command.noun, ""), options)
