"""The channel of the prompts: the bot is let in, and where it is in several one of them is chosen."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.platform_setup import SetupChannel, SetupSpace
from bot.cli.setup.connection import Connecting
from bot.cli.setup.facts import CommunityFacts
from bot.cli.setup.screen import Screen

LISTED = 20
"""Channels that are offered by a number; among more of them a name is quicker."""


def _open_channels(space: SetupSpace) -> list[SetupChannel]:
    """Those in which the bot can speak."""
    return [one for one in space.channels if not one.problem]


def settle_channel(screen: Screen, connecting: Connecting, facts: CommunityFacts) -> None:
    """Before anything is shown: a bot that is in no channel is let into one; of several, one is chosen.

    It may be left out. The screen with all facts shows what holds, and changes it.
    """
    if screen.yes or facts.channel is not None or not facts.space.channels:
        return
    if not _open_channels(facts.space):
        screen.title("The channel of the prompts")
        screen.say(f"  {connecting.ask.invitation}")
        _look_again(connecting, facts, lambda space: bool(_open_channels(space)))
    offered = _open_channels(facts.space)
    if facts.channel is None and 1 < len(offered) <= LISTED:
        screen.title("Which channel should the prompts appear in?")
        facts.choose_channel(offered[screen.choose("Channel", [f"#{one.name}" for one in offered])])


def wait_for_channel(screen: Screen, connecting: Connecting, facts: CommunityFacts) -> None:
    """Until the bot can speak in the channel that was chosen; whoever presses Enter invites it later."""
    chosen = facts.channel
    if chosen is None or not chosen.problem:
        return
    screen.problem(f"#{chosen.name}: the bot cannot speak there yet. {connecting.ask.invitation}")
    if not screen.yes:
        _look_again(
            connecting, facts, lambda space: any(one.id == chosen.id for one in _open_channels(space))
        )


def _look_again(connecting: Connecting, facts: CommunityFacts, is_well: Callable[[SetupSpace], bool]) -> None:
    """Look at the space until it is well, and keep what was seen last."""
    key = facts.space.key
    found = connecting.watch_spaces(lambda spaces: any(one.key == key and is_well(one) for one in spaces))
    facts.space = next((one for one in found if one.key == key), facts.space)
