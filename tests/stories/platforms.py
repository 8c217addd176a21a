"""The platforms that every story and every contract runs on, and how a test says that it is for some of them only."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from bot.timing.clock import SteerableClock
from tests.stories.room import Room

PLATFORMS = ("local", "slack-socket", "slack-http", "discord")
"""The ids of the rooms; what stands before the dash is the platform."""


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
        case _:
            raise LookupError(f"there is no room for {platform}")


def parametrise(metafunc: pytest.Metafunc) -> None:
    """Run what asks for `platform` on each; `@pytest.mark.only("local", reason="…")` narrows that."""
    if "platform" not in metafunc.fixturenames:
        return
    only = metafunc.definition.get_closest_marker("only")
    if only is not None and not only.kwargs.get("reason"):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: `only` needs a reason")
    wanted = [one for one in PLATFORMS if only is None or {one, one.partition("-")[0]} & set(only.args)]
    metafunc.parametrize("platform", [pytest.param(one, marks=_marks(one)) for one in wanted], indirect=False)


def _marks(platform: str) -> list[pytest.MarkDecorator]:
    name = platform.partition("-")[0]
    parts = (f"tests.stories.{name}_room", f"adapters.{name}", f"adapters.{name}.adapter")
    # One after the other: the search for a part of a package that is not there raises.
    if not all(find_spec(part) for part in parts):
        return [pytest.mark.skip(reason=f"there is no room for {name} yet")]
    return []
