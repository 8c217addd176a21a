"""What `tilth doctor` says of a Slack app: every fault with its fix."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack.doctor import _skew
from bot.runtime.clock import SystemClock
from tests.adapters.slack.rig import town, workspace


async def examined(here, *channels, **app):
    here.slack.dated_by = SystemClock()  # the doctor holds the machine's own clock against it
    adapter = here.new_adapter(replace(here.app, **app))
    return await adapter.examine({here.space: channels, "slack:T999": ["C404"]})


async def test_a_healthy_app_is_well_and_the_bot_that_runs_is_not_disturbed(here):
    found = await examined(here, here.room)
    assert {level for level, _, _ in found} == {"ok"}
    assert any("#staffroom" in sentence for _, sentence, _ in found)
    assert here.adapter.ready
    assert here.adapter.workspaces[0].connection.built == 1


async def test_of_an_app_of_another_community_nothing_is_said(here):
    here.slack.dated_by = SystemClock()
    assert await here.adapter.examine({here.space: [here.room]}, {"slack:T999"}) == []
    assert await here.adapter.examine({here.space: [here.room]}, {here.space})


@pytest.mark.parametrize(
    ("app", "said", "fix"),
    [
        ({"bot_token": "xoxb-nobody"}, "invalid_auth", "TILTH_SLACK__BOT_TOKEN"),
        ({"app_token": "xapp-nobody"}, "no socket can be opened", "TILTH_SLACK__APP_TOKEN"),
        ({"app_token": "", "signing_secret": ""}, "no events can arrive", "TILTH_SLACK__SIGNING_SECRET"),
    ],
)
async def test_a_wrong_token_is_named_with_its_setting(here, app, said, fix):
    [error] = [one for one in await examined(here, **app) if one[0] == "error"]
    assert said in error[1]
    assert fix in error[2]
    assert all(str(value) not in "".join(error) for value in app.values() if value)


async def test_missing_and_needless_scopes_are_named_with_what_they_are_for():
    slack = workspace()
    slack.manifest.scopes.discard("files:write")
    slack.manifest.scopes.update(("users:read.email", "users.profile:read"))
    async with town(slack, start=False) as here:
        levels = {sentence: level for level, sentence, _ in await examined(here)}
        [picture] = [one for one in levels if "files:write" in one]
        assert levels[picture] == "warning"
        assert "picture" in picture
        assert [one for one in levels if "users.profile:read" in one]
        assert not [one for one in levels if "users:read.email" in one], "an operator may allow it"
        slack.manifest.scopes.discard("im:write")
        assert [level for level, sentence, _ in await examined(here) if "im:write" in sentence] == ["error"]


async def test_channels_that_cannot_be_spoken_in_or_looked_back_at_are_named(here):
    archived = here.slack.channel("old", [here.ada], archived=True)
    outside = here.slack.channel("lounge", [here.ada], bot=False)
    found = {
        sentence: (level, fix) for level, sentence, fix in await examined(here, archived, outside, "C404")
    }
    errors = [sentence for sentence, (level, _) in found.items() if level == "error"]
    assert len(errors) == 3
    assert any("#old is archived" in one for one in errors)
    assert any("not in #lounge" in one for one in errors)
    assert all(found[one][1] for one in errors)
    here.slack.fail("conversations.history", error="missing_scope")
    [error] = [one for one in await examined(here, here.room) if one[0] == "error"]
    assert "missing_scope" in error[1]


def test_a_clock_that_is_off_is_noticed():
    assert _skew("Mon, 05 Oct 2020 08:00:00 GMT") > 1e6
    assert _skew("nonsense") == 0


def test_the_slack_cli_finds_our_manifest_and_our_start():
    hooks = json.loads((Path(__file__).parents[3] / ".slack" / "hooks.json").read_text())["hooks"]
    assert "tilth slack manifest" in hooks["get-manifest"]
    assert "tilth run" in hooks["start"]
