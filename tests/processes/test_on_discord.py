"""From a token in the settings to a prompt in a Discord channel, with real processes that end in every way."""

from __future__ import annotations

import asyncio
import json
import signal
from datetime import timedelta

import pytest

from bot.runtime.clock import SystemClock
from bot.store import Store, leases
from bot.store.migrate import upgrade
from tests.fakes.discord import FakeDiscord
from tests.processes.running import PATIENCE, running, until

pytestmark = pytest.mark.slow


class Server:
    """A server with a moderator, a member and a room."""

    def __init__(self, discord: FakeDiscord) -> None:
        self.discord = discord
        self.guild = discord.guild("Harbour School")
        self.room = discord.channel(self.guild, "staffroom")
        heads = discord.role(self.guild, "Heads", "administrator")
        self.mo = discord.member("Mo Hale", self.guild, roles=[heads])
        self.ada = discord.member("Ada Quinn", self.guild)

    def settings(self, **more):
        return {
            "DISCORD__TOKEN": self.discord.token,
            "DISCORD__API_URL": self.discord.api_url,
            "DISCORD__SERVERS": json.dumps({str(self.guild.id): "home"}),
            **more,
        }

    def ours(self):
        return [one for one in self.discord.messages(self.room) if one["author"].get("bot")]

    def prompts(self):
        """What it said beside the one card with which it came."""
        return self.ours()[1:]

    def card_with(self, button):
        """The newest card with this button that the moderator alone sees; None as long as there is none."""
        cards = reversed(self.discord.ephemerals(self.mo, self.room))
        return next((one for one in cards if f'"label": "{button}"' in json.dumps(one, default=str)), None)

    async def ask_a_prompt(self):
        """The moderator sets a rhythm and does not want to wait for Monday; the prompt's message."""
        await until(lambda: self.discord.calls_to("PUT /applications/{}/commands"), "the commands")
        await self.discord.slash(
            self.mo, self.room, "prompt schedule", channel=self.room, when="every mon 09:00"
        )
        for button, shown in (
            ("Confirm", "the preview"),
            ("See what is due", "that it is planned"),
            ("Post", "what it would post"),
        ):
            await until(lambda wanted=button: self.card_with(wanted), shown)
            if button == "See what is due":
                await self.discord.slash(self.mo, self.room, "prompt now", schedule="s1")
            else:
                await self.discord.press(self.mo, self.card_with(button), button)
        await until(self.prompts, "the prompt")
        [prompt] = self.prompts()
        await until(
            lambda: (
                prompt["id"] in self.discord.world.channels
                or int(prompt["id"]) in self.discord.world.channels
            ),
            "its thread",
        )
        return prompt

    async def kept(self, who):
        """What somebody reads when they ask for their own answers."""
        seen = len(self.discord.ephemerals(who, self.room))
        await self.discord.slash(who, self.room, "reflect history")
        await until(lambda: len(self.discord.ephemerals(who, self.room)) > seen, "the history")
        return self.discord.text(self.discord.ephemerals(who, self.room)[-1])

    async def finds(self, who, words):
        """Somebody looks until their answer is there."""
        async with asyncio.timeout(PATIENCE):
            while words not in await self.kept(who):
                pass  # asking is a round trip already


@pytest.fixture
async def server():
    async with FakeDiscord() as discord:
        yield Server(discord)


async def test_from_a_token_to_a_prompt_an_answer_and_a_quiet_end(server, tmp_path):
    discord = server.discord
    async with running(tmp_path, server.settings()) as bot:
        await bot.beating()
        prompt = await server.ask_a_prompt()
        await discord.say(server.ada, discord.thread(prompt), "The caretaker held the gate.")
        await server.finds(server.ada, "The caretaker held the gate.")
        assert await bot.ended(signal.SIGTERM) == 0
    assert "The caretaker" not in bot.said
    assert discord.token not in bot.said


async def test_what_was_said_while_it_was_killed_is_found_when_it_comes_back(server, tmp_path):
    discord = server.discord
    async with running(tmp_path, server.settings()) as bot:
        await bot.beating()
        prompt = await server.ask_a_prompt()
        thread = discord.thread(prompt)
        first = await discord.say(server.ada, thread, "The caretaker held the gate.")
        await server.finds(server.ada, "The caretaker")
        await bot.ended(signal.SIGKILL)
    await discord.edit(server.ada, first, "The caretaker held the side gate.")
    await discord.say(server.mo, thread, "The lift, of all things.")
    async with running(tmp_path, server.settings()) as bot:
        await bot.beating()
        await server.finds(server.mo, "The lift")
        await server.finds(server.ada, "The caretaker held the side gate.")
        assert len(server.ours()) == 2, "its card and the prompt, and nothing is said twice"
    assert len(discord.calls_to("PUT /applications/{}/commands")) == 1, "nor are the same commands sent again"


@pytest.mark.postgres
async def test_a_process_that_does_not_hold_the_gateway_stands_by_and_connects_nothing(
    server, tmp_path, postgres_url
):
    """Whoever holds it may be in a container of the same name, where the bot has the same process number."""
    upgrade(postgres_url)
    with Store.open(postgres_url) as store:
        now, length = SystemClock().now(), timedelta(minutes=5)
        store.write_now(lambda conn: leases.take_lease(conn, "gateway:discord", "somebody else", now, length))
    settings = server.settings(STORE__URL=postgres_url)
    async with running(tmp_path, settings) as bot:
        await until(lambda: "standing by" in bot.said or server.discord.calls, "the bot to decide")
        assert "another process is connected; standing by" in bot.said
        assert server.discord.calls == []
        assert await bot.ended(signal.SIGTERM) == 0


async def test_a_token_that_discord_refuses_ends_it_with_the_setting_named(server, tmp_path):
    async with running(tmp_path, server.settings(DISCORD__TOKEN="bad.token.here")) as bot:
        assert await bot.ended() == 78
    assert "TILTH_DISCORD__TOKEN" in bot.said
    assert "bad.token.here" not in bot.said


async def test_the_doctor_says_what_is_well(server, tmp_path):
    async with running(tmp_path, server.settings(), "doctor", "--json") as bot:
        code = await bot.ended()
        found = (await bot.process.stdout.read()).decode()
    assert code == 0, found + bot.said
    assert all(row["level"] != "error" for row in json.loads(found))
