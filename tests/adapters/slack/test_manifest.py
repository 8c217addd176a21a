"""The manifest: every command and shortcut of the menu, and no scope that nothing needs."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.slack.manifest import EVENTS, SCOPES, make_manifest, manifest_link, reasons
from bot.playground.bare_app import bare_menu
from bot.settings.environment import load
from tests.contract.door import MENU
from tests.fakes.slack.manifest import Manifest


@pytest.fixture
def menu():
    return bare_menu(load(_env_file=None))


def test_every_noun_is_a_command_with_its_verbs_and_escaped_names(menu):
    commands = {one["command"]: one for one in make_manifest(menu)["features"]["slash_commands"]}
    assert set(commands) == {f"/{noun}" for noun in menu.nouns}
    assert all(one["should_escape"] for one in commands.values())
    assert "answer" in commands["/reflect"]["usage_hint"]


def test_with_a_single_root_there_is_one_command_that_names_the_others(menu):
    [only] = make_manifest(menu, single_root=True)["features"]["slash_commands"]
    assert only["command"] == "/tilth"
    assert "reflect" in only["usage_hint"]


def test_every_shortcut_of_the_menu_is_offered():
    made = make_manifest(MENU)["features"]["shortcuts"]
    assert {(one["type"], one["callback_id"]) for one in made} == {
        ("message", "try.keep"), ("message", "try.about"), ("global", "try.open"),
    }  # fmt: skip


def test_slack_takes_it_and_hears_every_event_with_the_scopes_it_has(menu):
    made = make_manifest(menu)
    assert Manifest(made).events == {event for event, _ in EVENTS}
    granted = {scope for scope, _, _ in SCOPES}
    assert {scope for _, scope in EVENTS if scope} <= granted


def test_every_scope_has_a_reason_and_the_dangerous_ones_are_not_there():
    assert all(len(reason) > 20 for _, reason, _ in reasons())
    scopes = {scope for scope, _, _ in SCOPES}
    assert not scopes & {
        "chat:write.public",
        "chat:write.customize",
        "files:read",
        "users:read.email",
        "admin",
    }
    assert not any(scope.startswith(("search:", "admin.")) for scope in scopes)


def test_files_are_read_on_request_alone(menu):
    scopes = make_manifest(menu, files=True)["oauth_config"]["scopes"]
    assert "files:read" in scopes["bot_optional"]
    assert "files:read" not in make_manifest(menu)["oauth_config"]["scopes"]["bot"]


def test_addresses_are_asked_for_on_request_alone(menu):
    scopes = make_manifest(menu, emails=True)["oauth_config"]["scopes"]
    assert "users:read.email" in scopes["bot_optional"]
    assert "users:read.email" not in make_manifest(menu)["oauth_config"]["scopes"]["bot"]


def test_what_can_be_done_without_is_marked(menu):
    scopes = make_manifest(menu)["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert "chat:write" not in scopes["bot_optional"]


def test_socket_mode_needs_no_address_and_http_has_it_everywhere(menu):
    socket = make_manifest(menu)
    assert socket["settings"]["socket_mode_enabled"]
    assert "request_url" not in json.dumps(socket)
    http = make_manifest(menu, url="https://tilth.example/slack/events/main")
    assert not http["settings"]["socket_mode_enabled"]
    assert http["settings"]["interactivity"]["request_url"] == "https://tilth.example/slack/events/main"
    assert all(one["url"].startswith("https://") for one in http["features"]["slash_commands"])


def test_the_link_makes_an_app_from_it(menu):
    made = make_manifest(menu)
    query = parse_qs(urlsplit(manifest_link(made)).query)
    assert query["new_app"] == ["1"]
    assert json.loads(query["manifest_json"][0]) == made
