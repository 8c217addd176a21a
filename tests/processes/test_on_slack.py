"""From the tokens in the settings to a prompt in a Slack channel, with real processes that end in every way."""

from __future__ import annotations

import asyncio
import signal

import pytest

from adapters.slack.manifest import make_manifest
from bot.playground.bare_app import bare_menu
from bot.settings.environment import load
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.reading import text
from tests.processes.running import PATIENCE, running, until

pytestmark = pytest.mark.slow


@pytest.fixture
async def slack():
    made = make_manifest(bare_menu(load(_env_file=None)))
    async with FakeSlack("harbour", manifest=made) as workspace:
        workspace.ada = workspace.person("Ada Quinn")
        workspace.mo = workspace.person("Mo Hale", admin=True)
        workspace.room = workspace.channel("staffroom", [workspace.ada, workspace.mo])
        yield workspace


def settings(slack, **more):
    return {
        "SLACK__BOT_TOKEN": slack.bot_token,
        "SLACK__APP_TOKEN": slack.app_token,
        "SLACK__API_URL": slack.api_url,
        **more,
    }


def read(message):
    return text(message)


async def ask_a_prompt(slack):
    """The moderator sets a rhythm and does not want to wait for Monday; the prompt's message."""
    before = len(slack.messages(slack.room))
    await slack.slash(slack.mo, slack.room, "/prompt schedule #staffroom every mon 09:00")
    await until(lambda: slack.ephemerals(slack.mo), "the preview")
    await slack.click(slack.mo, slack.ephemerals(slack.mo)[-1], "Confirm")
    seen = len(slack.ephemerals(slack.mo))
    await slack.slash(slack.mo, slack.room, "/prompt now s1")
    await until(lambda: len(slack.ephemerals(slack.mo)) > seen, "what it would post")
    await slack.click(slack.mo, slack.ephemerals(slack.mo)[-1], "Post")
    await until(lambda: len(slack.messages(slack.room)) > before, "the prompt")
    return slack.messages(slack.room)[-1]


async def kept(slack, who):
    """What somebody reads when they ask for their own answers."""
    seen = len(slack.ephemerals(who))
    await slack.slash(who, slack.room, "/reflect history")
    await until(lambda: len(slack.ephemerals(who)) > seen, "the history")
    return read(slack.ephemerals(who)[-1])


async def finds(slack, who, words):
    """Somebody looks until their answer is there: a reply that was quicker than the bot's own ear is found a moment later."""
    async with asyncio.timeout(PATIENCE):
        while words not in await kept(slack, who):
            pass  # asking is a round trip already


async def test_from_tokens_to_a_prompt_an_answer_and_a_quiet_end(slack, tmp_path):
    async with running(tmp_path, settings(slack)) as bot:
        await bot.beating()
        prompt = await ask_a_prompt(slack)
        await slack.reply(slack.ada, slack.room, prompt["ts"], "The caretaker held the gate.")
        await finds(slack, slack.ada, "The caretaker held the gate.")
        assert await bot.ended(signal.SIGTERM) == 0
    assert "The caretaker" not in bot.said
    assert slack.bot_token not in bot.said
    assert slack.app_token not in bot.said


async def test_what_was_said_while_it_was_killed_is_found_when_it_comes_back(slack, tmp_path):
    async with running(tmp_path, settings(slack)) as bot:
        await bot.beating()
        prompt = await ask_a_prompt(slack)
        first = await slack.reply(slack.ada, slack.room, prompt["ts"], "The caretaker held the gate.")
        await finds(slack, slack.ada, "The caretaker held the gate.")
        await bot.ended(signal.SIGKILL)
    await slack.edit(slack.ada, slack.room, first.ts, "The caretaker held the side gate.")
    await slack.reply(slack.mo, slack.room, prompt["ts"], "The lift, of all things.")
    async with running(tmp_path, settings(slack)) as bot:
        await bot.beating()
        await finds(slack, slack.mo, "The lift")
        await finds(slack, slack.ada, "The caretaker held the side gate.")
        prompts = [one for one in slack.messages(slack.room) if one.get("bot_id")]
        assert len(prompts) == 1, "and nothing is said twice"


@pytest.mark.parametrize(
    ("variable", "token", "setting"),
    [
        ("SLACK__BOT_TOKEN", "xoxb-nobody", "TILTH_SLACK__BOT_TOKEN"),
        ("SLACK__APP_TOKEN", "xapp-nobody", "TILTH_SLACK__APP_TOKEN"),
    ],
)
async def test_a_token_that_slack_refuses_ends_it_with_the_setting_named(
    slack, tmp_path, variable, token, setting
):
    async with running(tmp_path, settings(slack, **{variable: token})) as bot:
        assert await bot.ended() == 78
    assert setting in bot.said
    assert token not in bot.said


async def test_the_doctor_names_what_is_missing(slack, tmp_path):
    async with running(tmp_path, settings(slack), "doctor", "--json") as bot:
        code = await bot.ended()
        found = (await bot.process.stdout.read()).decode()
    assert code == 0, found
    assert "a socket can be opened" in found
