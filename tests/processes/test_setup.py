"""`tilth setup` at a real terminal, against the platforms' fakes: from tokens to a prompt, left and taken up again."""

from __future__ import annotations

import json
import re
import signal
import stat
from contextlib import closing

import pytest

from bot.store.sqlite import sqlite3
from tests.fakes.discord import FakeDiscord
from tests.processes.running import ROOT, until
from tests.processes.terminal import terminal
from tests.processes.test_on_discord import Server
from tests.processes.test_on_slack import slack

pytestmark = pytest.mark.slow

__all__ = ["slack"]


def at(platform: str, address: str, **more: str) -> dict[str, str]:
    """The only settings that stand outside `.env`: where the fake is."""
    return {f"{platform}__API_URL": address, "WEB__PORT": "0", **more}


def variables(folder) -> dict[str, str]:
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def said(slack, room=""):
    return [one for one in slack.messages(room or slack.room) if one.get("bot_id")]


BOTH = "Bot User OAuth Token and App-Level Token, with a space between, or one of them (hidden)"
TAKEN = "Enter, a number or a word"


async def test_from_tokens_to_the_first_prompt_on_slack(slack, tmp_path):
    settings, at_slack = at("SLACK", slack.api_url), ["Create", "Install", "Generate"]
    await slack.leave(slack.bot, slack.room)
    async with terminal(tmp_path, settings, "setup", "slack") as tty:
        await tty.sees("https://api.slack.com/apps?new_app=1")
        await tty.answers(BOTH, f"{slack.app_token}  {slack.bot_token}")
        await tty.sees("write /invite @Tilth there")
        await slack.join(slack.bot, slack.room)
        at_slack.append("/invite @Tilth")
        await tty.sees("only the workspace's admins (Mo Hale)")
        await tty.sees("#staffroom")
        await tty.answers(TAKEN, "post")
        await tty.sees("The first dates")
        await tty.sees("The first prompt is posted in #staffroom at once, instead of on Monday")
        await until(lambda: said(slack), "the first prompt")
        tty.process.send_signal(signal.SIGINT)
        assert await tty.ended() == 0, tty.screen
    assert "✗" not in tty.screen, "nothing is wrong before the first start"
    assert tty.questions == 2
    assert tty.actions + len(at_slack) == steps_of("Slack") == 7
    assert slack.bot_token not in tty.screen
    assert slack.app_token not in tty.screen
    file = tmp_path / ".env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert variables(tmp_path)["TILTH_COMMUNITY__ZONE"].strip("'") == slack_zone(slack)
    assert not (tmp_path / "var" / "setup.json").exists()


def steps_of(platform: str) -> int:
    """How many steps README counts for whoever begins there: its last number, and its words are the same."""
    found = re.search(
        rf"\*\*{platform}, in (\w+) steps\*\*\n\n((?:\d\.|   ).*\n)+", (ROOT / "README.md").read_text()
    )
    assert found is not None
    numbers = [int(one) for one in re.findall(r"(?m)^(\d)\.", found[0])]
    assert numbers == list(range(1, len(numbers) + 1))
    assert found[1] == ("five", "six", "seven", "eight", "nine")[len(numbers) - 5]
    return len(numbers)


def slack_zone(slack) -> str:
    """The zone of the workspace, as Slack tells it of the bot; else this machine's."""
    return str(slack.world.people[slack.bot].tz or "America/Denver")


@pytest.fixture
async def server():
    async with FakeDiscord() as discord:
        yield Server(discord)


async def test_from_a_token_to_the_first_prompt_on_discord(server, tmp_path):
    server.discord.remove_bot(server.guild)
    async with terminal(tmp_path, at("DISCORD", server.discord.api_url), "setup", "discord") as tty:
        await tty.sees("https://discord.com/developers/applications")
        await tty.answers("Bot token (hidden)", server.discord.token)
        await tty.sees("Setup goes on by itself when that is done")
        server.discord.add_bot(server.guild)
        await tty.sees("Discord: Harbour School")
        await tty.sees("who may manage the server (")
        await tty.sees("#staffroom")
        await tty.answers(TAKEN, "post")
        await tty.sees("The first dates")
        await tty.sees("Tilth runs")
        assert "✗" not in tty.screen, "nothing is wrong before the first start"
        await until(server.ours, "the first prompt")
        tty.process.send_signal(signal.SIGINT)
        assert await tty.ended() == 0, tty.screen
    at_discord = ["New Application", "Reset Token", "Message Content Intent", "Authorize"]
    assert tty.questions == 2
    assert tty.actions + len(at_discord) == steps_of("Discord") == 7
    assert server.discord.token not in tty.screen
    assert json.loads(variables(tmp_path)["TILTH_DISCORD__SERVERS"].strip("'")) == {
        str(server.guild.id): "home"
    }


@pytest.fixture
def hall(slack):
    """A second channel, which has not invited the bot; so the first one is not the only one that has."""
    slack.channel("lounge", [slack.mo])
    return slack.channel("hall", [slack.mo], bot=False)


async def test_it_is_left_and_taken_up_again_and_a_wrong_token_is_named(slack, hall, tmp_path):
    (tmp_path / ".env").write_text("# Ours, since August\nTILTH_LOG=warning\n")
    settings = at("SLACK", slack.api_url)
    async with terminal(tmp_path, settings, "setup") as tty:
        await tty.answers("Platform", "1")
        await tty.answers(BOTH, "xoxp-1-2 xoxb-somebody-else")
        await tty.sees("This is a user's own token, which Tilth does not use")
        await tty.sees("Bot User OAuth Token: Slack does not accept this token (invalid_auth)")
        await tty.answers(BOTH, slack.bot_token)
        await tty.answers("App-Level Token (hidden)", slack.bot_token)
        await tty.sees("This is the bot token")
        await tty.sees("App-Level Token (hidden)")
        tty.interrupt()
        await tty.sees("continues from here")
        assert await tty.ended() == 130
    async with terminal(tmp_path, settings, "setup") as tty:
        await tty.sees("✓ Bot User OAuth Token")
        await tty.answers("App-Level Token (hidden)", slack.app_token)
        await tty.answers("Channel", "2")
        await tty.answers(TAKEN, "party")
        await tty.sees("Type a number from 1 to 9, one of these words: start, post, test, nothing")
        await tty.answers(TAKEN, "1")
        await tty.answers("Community name [", "Harbor Schools $1 #2")
        await tty.answers(TAKEN, "5")
        await tty.answers("School year (", "aug 17 to may 28")
        await tty.sees("May 28")
        await tty.sees(TAKEN)
        tty.interrupt()
        assert await tty.ended() == 130
    async with terminal(tmp_path, settings, "setup") as tty:
        await tty.sees("Harbor Schools $1 #2")
        await tty.sees("May 28")
        await tty.sees("#staffroom")
        await tty.answers(TAKEN, "8")
        await tty.answers("Channel of the prompts (", "#attic")
        await tty.sees("There is no channel #attic")
        await tty.answers("Channel of the prompts (", "hall")
        await tty.answers(TAKEN)
        await tty.sees("#hall: the bot cannot speak there yet")
        await tty.answers("Enter goes on at once")
        await tty.sees("Not everything is well yet. Enter starts Tilth all the same")
        tty.interrupt()
        assert await tty.ended() == 130
    async with terminal(tmp_path, settings, "setup") as tty:
        await tty.sees("#hall")
        await tty.answers(TAKEN, "test")
        await tty.sees("#hall: the bot cannot speak there yet")
        await slack.join(slack.bot, hall)
        await until(lambda: said(slack, hall), "the test message")
        await tty.answers("Enter removes it")
        await tty.sees("The test message is removed")
        assert [one for one in said(slack, hall) if "test message" in one.get("text", "")] == []
        await tty.answers(TAKEN, "nothing")
        assert await tty.ended() == 0, tty.screen
    text = (tmp_path / ".env").read_text()
    assert text.startswith("# Ours, since August\nTILTH_LOG=warning\n")
    assert load_name(tmp_path) == "Harbor Schools $1 #2"


def load_name(folder) -> str:
    from bot.platforms import PLATFORMS
    from bot.settings.environment import load

    return load(PLATFORMS, _env_file=folder / ".env").community.name


async def test_a_script_sets_it_up_without_a_question(slack, tmp_path):
    settings = at("SLACK", slack.api_url, SLACK__BOT_TOKEN=slack.bot_token, SLACK__APP_TOKEN=slack.app_token)
    words = ("--yes", "--zone", "Denver", "--school-year", "aug 17 to may 28", "--moderator", "Mo Hale",
             "--danger-text", "Call extension 4.", "--when", "every tue 8am", "--language", "Spanish")  # fmt: skip
    async with terminal(tmp_path, settings, "setup", "slack", *words) as tty:
        assert await tty.ended() == 0, tty.screen
    found = variables(tmp_path)
    assert found["TILTH_COMMUNITY__ZONE"].strip("'") == "America/Denver"
    assert found["TILTH_COMMUNITY__LANGUAGE"] == "es"
    assert f"slack:id:{slack.mo}" in found["TILTH_ROLES__MODERATORS"]
    assert "discord:manage-server" in found["TILTH_ROLES__MODERATORS"], "who moderates elsewhere goes on"
    assert "TILTH_SLACK__BOT_TOKEN" not in found, "what the environment holds is not copied into a file"
    assert "Tue" in tty.screen
    async with terminal(tmp_path, settings, "setup", "slack", "--yes", "--then", "test") as tty:
        assert await tty.ended() == 0, tty.screen
    assert tty.screen.rstrip().endswith("The test message is removed.")
    assert [one for one in said(slack) if "test message" in one.get("text", "")] == []
    async with terminal(tmp_path, settings, "setup", "slack", "--yes", "--channel", "attic") as tty:
        assert await tty.ended() == 78
    assert "--channel" in tty.screen
    assert "#staffroom" in tty.screen


async def test_a_second_time_changes_nothing_unasked_and_says_what_stays(slack, hall, tmp_path):
    settings = at("SLACK", slack.api_url, SLACK__BOT_TOKEN=slack.bot_token, SLACK__APP_TOKEN=slack.app_token)
    words = ("setup", "slack", "--yes", "--zone", "Denver")
    first = ("--channel", "staffroom", "--when", "every tue 8am", "--school-year", "aug 17 to may 28")
    async with terminal(tmp_path, settings, *words, *first) as tty:
        assert await tty.ended() == 0, tty.screen
    assert "stays as it" not in tty.screen
    async with terminal(tmp_path, settings, *words) as tty:
        assert await tty.ended() == 0, tty.screen
    for stands in ("Monday, August 17, 2026 to Friday, May 28, 2027", "#staffroom", "every Tuesday at 8:00"):
        assert stands in tty.screen
    assert "stays as it" not in tty.screen, "what is shown is what stands"
    await slack.join(slack.bot, hall)
    async with terminal(tmp_path, settings, *words, "--channel", "hall") as tty:
        assert await tty.ended() == 0, tty.screen
    assert "s1 is planned already and stays as it is" in tty.screen
    assert "in #staffroom. /prompt edit s1" in tty.screen
    assert "Monday, August 17, 2026 to Friday, May 28, 2027" in tty.screen
    with closing(sqlite3.connect(tmp_path / "var" / "tilth.db")) as db:
        assert db.execute("SELECT name FROM schedule").fetchall() == [("s1",)]
        terms = db.execute("SELECT details FROM calendar_source WHERE origin = 'term' AND removed_at IS NULL")
        assert [json.loads(one)["ends"][5:] for (one,) in terms] == ["05-28"]


async def test_a_script_ends_with_78_where_no_prompt_will_come(slack, hall, tmp_path):
    settings = at("SLACK", slack.api_url, SLACK__BOT_TOKEN=slack.bot_token, SLACK__APP_TOKEN=slack.app_token)
    words = ("setup", "slack", "--yes", "--zone", "Denver")
    async with terminal(tmp_path, settings, *words, "--channel", "hall") as tty:
        assert await tty.ended() == 78, tty.screen
    assert tty.screen.rstrip().splitlines()[-1].startswith("Not done yet: The bot cannot speak in #hall yet.")
    await slack.join(slack.bot, hall)
    (tmp_path / "var" / "setup.json").unlink()
    async with terminal(tmp_path, settings, *words) as tty:
        assert await tty.ended() == 0, tty.screen
    assert "#hall" in tty.screen, "what was planned stands"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with terminal(elsewhere, settings, *words) as tty:
        assert await tty.ended() == 78, tty.screen
    assert "The channel of the prompts is not chosen. The bot sees #" in tty.screen
    assert "Give it with --channel" in tty.screen


async def test_the_doctor_tries_a_live_slack_and_leaves_nothing_behind(slack, tmp_path):
    settings = at("SLACK", slack.api_url, SLACK__BOT_TOKEN=slack.bot_token, SLACK__APP_TOKEN=slack.app_token)
    before = len(slack.messages(slack.room))
    words = ("doctor", "--live", "#staffroom", "--reader", slack.mo)
    async with terminal(tmp_path, settings, *words) as tty:
        assert await tty.ended() == 0, tty.screen
    for said_there in (
        "a card with every part that cards can have is taken", "found again in the history by its mark", "threads can be read back",
        "messages can be pinned", "a picture can be shown to one person", "a channel can have a canvas",
        "everything that was posted is removed",
    ):  # fmt: skip
        assert said_there in tty.screen, tty.screen
    assert len(slack.messages(slack.room)) == before
    async with terminal(tmp_path, settings, "doctor", "--live", "attic") as tty:
        assert await tty.ended() == 1
    assert "There is no channel #attic" in tty.screen
    assert "#staffroom" in tty.screen


async def test_the_doctor_tries_a_live_discord_and_is_silent_about_voice(server, tmp_path):
    async with terminal(
        tmp_path,
        {f"{name}": value for name, value in server.settings().items()},
        "doctor",
        "--live",
        "staffroom",
    ) as tty:
        code = await tty.ended()
    for said_there in (
        "found again in the history by its mark", "the same post sent twice appears once", "messages can be pinned",
        "threads can be opened", "a card with every part that cards can have is taken", "everything that was posted is removed",
    ):  # fmt: skip
        assert said_there in tty.screen, tty.screen
    assert server.ours() == []
    assert code == 0, tty.screen
    assert "PyNaCl" not in tty.screen
    assert "davey" not in tty.screen


async def test_where_several_servers_have_the_channel_the_doctor_tries_none_and_names_them(server, tmp_path):
    other = server.discord.guild("Hill School")
    there = server.discord.channel(other, "staffroom")
    words = ("doctor", "--live", "staffroom")
    async with terminal(tmp_path, dict(server.settings()), *words) as tty:
        assert await tty.ended() == 1, tty.screen
    assert "2 channels are called #staffroom: nothing was tried" in tty.screen
    assert f"{there.id} in Hill School" in " ".join(tty.screen.split())
    assert server.ours() == []
