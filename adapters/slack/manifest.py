"""The manifest of the Slack app, made from the menu: its commands, shortcuts, scopes and events. Pure.

Whoever makes an app from it gives us no more than what is in `SCOPES`, each with its reason; what is in `ON_REQUEST` only on request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.chat.language import N_
from bot.chat.menu import Menu
from bot.chat.parsing.command_line import ROOT

Json = dict[str, Any]

SCOPES: tuple[tuple[str, str, bool], ...] = (
    ("chat:write", N_("Post prompts, digests and answers where the bot was invited."), True),
    ("commands", N_("Offer slash commands and shortcuts."), True),
    (
        "channels:history",
        N_("Hear answers in the threads under prompts, and find them again after a pause."),
        True,
    ),
    (
        "channels:read",
        N_("Know the names of channels, who is in them, and whether the bot may speak there."),
        True,
    ),
    ("im:history", N_("Hear answers that people write to the bot alone."), True),
    ("im:read", N_("Know that a conversation is one with the bot."), True),
    ("im:write", N_("Begin a conversation: reminders, and prompts that come as a direct message."), True),
    ("users:read", N_("Know names, time zones, guests, and who is an admin."), True),
    ("reactions:read", N_("Save a message as an answer when its author reacts to it."), True),
    ("files:write", N_("Show progress as a picture, and hand people their own data as a file."), False),
    ("groups:history", N_("The same as channels:history in private channels that invited the bot."), False),
    ("groups:read", N_("The same as channels:read in private channels that invited the bot."), False),
    ("groups:write", N_("Make a private channel for a team that asks for one, and let the team in."), False),
    ("usergroups:read", N_("Tell moderators by their user group (paid plans)."), False),
    ("canvases:read", N_("Read what people change in a team’s plan on the canvas of its channel."), False),
    ("canvases:write", N_("Show a team’s plan as the canvas of its channel, and keep it up to date."), False),
    ("pins:write", N_("Pin a discussion while it is open, and the plan of a team in its place."), False),
)
EMAILS, FILES = "users:read.email", "files:read"
ON_REQUEST: tuple[tuple[str, str], ...] = (
    (EMAILS, "Find people by the e-mail address in a table that is imported. No address is stored."),
    (FILES, "Read the file that somebody hands in with a form: a calendar, prompts, progress, teams."),
)
"""Scopes that are in the manifest only where the operator asks for them, each with its reason."""
EVENTS: tuple[tuple[str, str], ...] = (
    ("app_home_opened", ""),
    ("app_uninstalled", ""),
    ("tokens_revoked", ""),
    ("channel_rename", "channels:read"),
    ("group_rename", "groups:read"),
    ("member_joined_channel", "channels:read"),
    ("member_left_channel", "channels:read"),
    ("message.channels", "channels:history"),
    ("message.groups", "groups:history"),
    ("message.im", "im:history"),
    ("reaction_added", "reactions:read"),
    ("reaction_removed", "reactions:read"),
    ("subteam_members_changed", "usergroups:read"),
    ("subteam_updated", "usergroups:read"),
    ("team_join", "users:read"),
    ("user_change", "users:read"),
)
"""Events and the scope each needs. Not `app_mention`: a mention is a message as well, and comes as such."""
HINT = 1000
SAID = 2000


def reasons() -> tuple[tuple[str, str, bool], ...]:
    """Every scope with its reason, and whether the bot needs it to work at all."""
    return SCOPES


def describe_scopes() -> str:
    """Every scope with its reason, a line each, and what brings those on request into the manifest."""
    own = (f"{scope:24} {'' if needed else '(optional) '}{reason}" for scope, reason, needed in SCOPES)
    option = {EMAILS: "--emails", FILES: "--files"}
    more = (f"{scope:24} (only with {option[scope]}) {reason}" for scope, reason in ON_REQUEST)
    return "\n".join((*own, *more))


def make_manifest(
    menu: Menu, *, single_root: bool = False, url: str = "", name: str = "Tilth", emails: bool = False, files: bool = False
) -> Json:  # fmt: skip
    """The manifest. With `url` (the public address of this deployment's app) events come by HTTP.

    With `emails` the app may also ask for people's addresses, with `files` it may read the files that they hand in. Slack has
    no narrower scope for these than for every file of the channels the bot is in, so that is the operator's to decide.
    """
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": name[:35],
            "description": "A question a week, your answers in one place, and courses for teams.",
            "background_color": "#3d5a3c",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": name[:80], "always_online": True},
            "slash_commands": _commands(menu, single_root, url),
            "shortcuts": [
                {
                    "name": one.label,
                    "type": "message" if one.on == "message" else "global",
                    "callback_id": one.id,
                    "description": one.summary[:150],
                }
                for one in menu.shortcuts
            ],
        },
        "oauth_config": {
            "scopes": _scopes({EMAILS: emails, FILES: files}),
        },
        "settings": _settings(url),
    }


def _scopes(wanted: Mapping[str, bool]) -> Json:
    """The scopes of the app; of those on request the wanted ones."""
    asked = [*SCOPES, *((scope, reason, False) for scope, reason in ON_REQUEST if wanted[scope])]
    return {
        "bot": [scope for scope, _, _ in asked],
        "bot_optional": [scope for scope, _, needed in asked if not needed],
    }


def _settings(url: str) -> Json:
    where = {"request_url": url} if url else {}
    return {
        "event_subscriptions": {**where, "bot_events": [event for event, _ in EVENTS]},
        "interactivity": {"is_enabled": True, **where},
        "org_deploy_enabled": False,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": False,
    }


def _commands(menu: Menu, single_root: bool, url: str) -> list[Json]:
    """A slash command for each noun, or the root alone where the other names belong to other apps."""
    if single_root:
        nouns = {ROOT: "Everything Tilth does: " + ", ".join(noun for noun in menu.nouns if noun != ROOT)}
    else:
        nouns = dict(menu.nouns)
    return [
        {
            "command": f"/{noun}",
            "description": said[:SAID],
            "usage_hint": _hint(menu, noun, single_root),
            "should_escape": True,
            **({"url": url} if url else {}),
        }
        for noun, said in nouns.items()
    ]


def _hint(menu: Menu, noun: str, single_root: bool) -> str:
    if single_root:
        return " | ".join(menu.nouns)[:HINT]
    verbs = [command.verb for command in menu.of(noun) if command.verb]
    return f"[{' | '.join(verbs)}]"[:HINT] if verbs else " "


def manifest_link(made: Json) -> str:
    """The address that makes an app from a manifest with one click."""
    text = json.dumps(made, separators=(",", ":"), ensure_ascii=False)
    return f"https://api.slack.com/apps?new_app=1&manifest_json={quote(text, safe='')}"
