"""The first seconds of the first start: whoever asks in them is answered as at any other time."""

from __future__ import annotations

import pytest

from tests.fakes.discord import FakeDiscord
from tests.processes.running import running, until
from tests.processes.test_on_discord import Server
from tests.processes.test_on_slack import read, settings, slack

pytestmark = pytest.mark.slow

__all__ = ["slack"]


async def test_a_command_on_discord_is_answered_as_soon_as_the_bot_hears_it(tmp_path):
    async with FakeDiscord() as discord:
        server = Server(discord)
        async with running(tmp_path, server.settings()):
            await until(lambda: discord.gateway.connected, "a connection")
            await until(lambda: discord.calls_to("PUT /applications/{}/commands"), "the commands")
            await discord.slash(server.mo, server.room, "prompt list")
            await until(lambda: discord.ephemerals(server.mo, server.room), "an answer")
            said = discord.text(discord.ephemerals(server.mo, server.room)[-1])
    assert "belongs to no community" not in said
    assert "Nothing is planned" in said


async def test_a_command_on_slack_is_answered_as_soon_as_the_bot_hears_it(slack, tmp_path):
    async with running(tmp_path, settings(slack)):
        await until(lambda: slack.socket.connections, "a connection")
        await slack.slash(slack.mo, slack.room, "/prompt list")
        await until(lambda: slack.ephemerals(slack.mo), "an answer")
        said = read(slack.ephemerals(slack.mo)[-1])
    assert "belongs to no community" not in said
    assert "Nothing is planned" in said
