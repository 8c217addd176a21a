"""A stand-in for Discord that speaks its wire protocol: REST, the gateway, interactions.

    from tests.fakes.discord import FakeDiscord, pointed_at

    async with FakeDiscord(clock) as d:
        guild = d.guild("Meadow School")
        channel = d.channel(guild, "reflections")
        ana = d.member("Ana", guild)
        with pointed_at(d):                      # or give a process d.api_url
            ... start a client with d.token ...
        asked = await d.slash(ana, channel, "reflect answer", text="…")
        await d.settle()
        print(d.text(d.messages(channel)[-1], "Europe/Berlin"))

Modules: `world` (what exists), `shapes` and `speech` (as JSON); `server`, `answering`, `calls` and `routes/` (REST
and its faults); `gateway`, `wire`, `sessions`, `identifying`, `news` (events); `*_limits` (what is refused); `rig` (the
parts together), `arranging`, `acting`, `asking`, `seeing` (what tests do and see); `reading` and `markup` (what a
person reads). None of it imports anything of the bot; README.md says what is faithful and what is not.
"""

from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.pointing import pointed_at
from tests.fakes.discord.server import FakeDiscord

__all__ = ["FakeDiscord", "Impossible", "pointed_at"]
