"""The platforms that every story and every contract runs on, and how a test says that it is for some of them only."""

from __future__ import annotations

import os
import zlib

import pytest

from bot.runtime.clock import SteerableClock
from tests.stories.room import Room

PLATFORMS = ("local", "slack-socket", "slack-http", "discord")
"""The ids of the rooms that every story runs on; what stands before the dash is the platform."""
DEFAULT, BARE = VARIANTS = ("discord-default", "discord-bare")
"""Discord as docs/discord.md sets it up, without the members intent; and without the message-content intent too. Only stories
that name one run on it."""
PAPER = "paper"
"""The throw-away platform of `tests/contract/paper`, on which the contracts are kept too."""
HTTP = "slack-http"
CONTRACTS = "tests.contract."
FIRST = (
    CONTRACTS,
    "tests.stories.test_a_week",
    "tests.stories.test_answers",
    "tests.stories.test_any_order",
    "tests.stories.test_permissions",
    "tests.stories.test_privacy",
    "tests.stories.test_trouble",
)
"""The contracts and the first stories, which at night run through Slack's other door, too."""
BOTH_DOORS = tuple(
    f"{CONTRACTS}test_{one}" for one in ("asking", "forms", "hearing", "looking_back", "one_line", "saying")
)
"""What runs through Slack's other door at any time of day.

For the rest one door of each platform is enough: what a card or story is about lies behind the door.
"""
EVERY = bool(os.environ.get("NIGHTLY"))
"""Whether each story runs on every platform. Else those that are not about a platform run on one of them, the same at
every run: what they are about lies behind the port, which the contracts hold on all. `make quick` runs all of them in the
playground. A test that is named (`file::test`) runs on each."""


def make_room(platform: str, clock: SteerableClock) -> Room:
    """A room that is not open yet."""
    match platform:
        case "local":
            from tests.stories.local_room import LocalRoom

            return LocalRoom(clock)
        case "slack-socket" | "slack-http":
            from tests.stories.slack_room import SlackRoom

            return SlackRoom(clock, http=platform == "slack-http")
        case "discord":
            from tests.stories.discord_room import DiscordRoom

            return DiscordRoom(clock)
        case "discord-default" | "discord-bare":
            from tests.stories.discord_room import DiscordRoom

            return DiscordRoom(clock, message_content=platform == DEFAULT, members=False)
        case "paper":
            from tests.contract.paper.room import PaperRoom

            return PaperRoom(clock)
        case _:
            raise LookupError(f"there is no room for {platform}")


def parametrize_platforms(metafunc: pytest.Metafunc) -> None:
    """Run what asks for `platform` on each; `@pytest.mark.only("local", reason="…")` narrows that."""
    if "platform" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only")
    if only is not None and not only.kwargs.get("reason"):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: `only` needs a reason")
    names = set(only.args) if only is not None else set(PLATFORMS)
    every = (*PLATFORMS, *(one for one in VARIANTS if one in names))
    if chosen := metafunc.config.getoption("--platform"):
        names = {one for one in every if chosen == one.partition("-")[0] and {one, chosen} & names}
    first = metafunc.module.__name__.startswith(FIRST)
    other_door = first and (EVERY or metafunc.module.__name__.startswith(BOTH_DOORS))
    wanted = [one for one in every if {one, one.partition("-")[0]} & names and (other_door or one != HTTP)]
    named = any("::" in one for one in metafunc.config.args)
    contract = metafunc.module.__name__.startswith(CONTRACTS)
    if only is None and not (contract or chosen or named or EVERY):
        turn = ("local", "slack", "discord")[zlib.crc32(metafunc.definition.nodeid.encode()) % 3]
        wanted = [one for one in wanted if one.startswith(turn)]
    if only is None and not chosen and contract:
        wanted.append(PAPER)
    metafunc.parametrize("platform", wanted, indirect=False)
