"""The checks of `tilth doctor` on Slack, each fault with its fix. A running bot is not disturbed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from slack_sdk.errors import SlackApiError

from adapters.slack.app import SlackApp
from adapters.slack.errors import call_slack, translate_error
from adapters.slack.manifest import ON_REQUEST, SCOPES
from adapters.slack.web_client import SlackWebClient, read_scopes
from bot.chat.findings import Finding
from bot.chat.port import PlatformError, Rejected

SKEW = 60.0
"""Seconds that our clock may be wrong; Slack refuses signatures that are five minutes off."""
INVITE = "Invite the bot there: /invite @Tilth."


async def examine_app(app: SlackApp, api_url: str, channels: Mapping[str, Collection[str]]) -> list[Finding]:
    """Check one app; `channels` are ids by space, of which only those of its workspace are looked at."""
    wire = SlackWebClient(api_url, app.bot_token)
    await wire.open()
    try:
        found, space, scopes = await _token(app, wire)
        if space:
            found += _scopes(app, scopes)
            found += await _check_events(app, wire)
            for channel in sorted(channels.get(space, ())):
                found.append(await _channel(app, wire, channel))
        return found
    finally:
        await wire.close()


async def _token(app: SlackApp, wire: SlackWebClient) -> tuple[list[Finding], str, frozenset[str]]:
    """Whether the bot token is one and is accepted: (findings, space key, granted scopes)."""
    try:
        answer = await wire.writes.auth_test()
    except (SlackApiError, OSError, TimeoutError) as error:
        code = translate_error(error).code
        fix = f"Copy the “Bot User OAuth Token” to {app.setting('bot_token')}, or look at the network."
        return (
            [
                (
                    "error",
                    f"Slack app {app.name}: the bot token is not accepted ({code}): nothing is posted, and nothing is heard.",
                    fix,
                )
            ],
            "",
            frozenset(),
        )
    if not answer.get("bot_id"):
        fix = f"{app.setting('bot_token')} must begin with xoxb-."
        return [("error", f"Slack app {app.name}: this is no bot token.", fix)], "", frozenset()
    headers = {name.lower(): value for name, value in dict(answer.headers).items()}
    scopes = read_scopes(answer)
    found: list[Finding] = [("ok", f"Slack app {app.name}: connected to {answer['team']}.", "")]
    if skew := _skew(str(headers.get("date", ""))):
        found.append(
            (
                "error",
                f"This machine's clock is {skew:.0f} s off Slack's: prompts come at the wrong time.",
                "Set the clock; use NTP.",
            )
        )
    return found, f"slack:{answer['team_id']}", scopes


def _skew(date: str) -> float:
    """How far our clock is from Slack's, when it is too far."""
    try:
        off = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
    return off if off > SKEW else 0.0


def _scopes(app: SlackApp, granted: frozenset[str]) -> list[Finding]:
    if not granted:
        return [("warning", f"Slack app {app.name}: Slack does not say which scopes it has.", "")]
    fix = "Add it under OAuth & Permissions, and reinstall the app; or update the app from `tilth slack manifest`."
    found: list[Finding] = []
    for scope, reason, needed in SCOPES:
        if scope not in granted:
            level: Literal["error", "warning"] = "error" if needed else "warning"
            found.append(
                (
                    level,
                    f"Slack app {app.name} lacks the scope {scope}. So Tilth cannot {reason[0].lower()}{reason[1:]}",
                    fix,
                )
            )
    known = {scope for scope, *_ in (*SCOPES, *ON_REQUEST)}
    for scope in sorted(granted - known):
        words = f"Slack app {app.name} has the scope {scope}, which Tilth does not use."
        found += [("warning", words, "Take it away.")]
    return found or [("ok", f"Slack app {app.name}: it has exactly the scopes it needs.", "")]


async def _check_events(app: SlackApp, wire: SlackWebClient) -> list[Finding]:
    """Whether events can arrive: through a socket, or by HTTP."""
    if not app.app_token:
        if app.signing_secret:
            return [("ok", f"Slack app {app.name}: events come by HTTP to /slack/events/{app.name}.", "")]
        fix = f"Set {app.setting('app_token')} or {app.setting('signing_secret')}."
        return [
            (
                "error",
                f"Slack app {app.name}: no events can arrive: answers, buttons and commands are not heard.",
                fix,
            )
        ]
    try:
        # Slack hands out an address; nothing connects to it, so the bot that runs keeps its socket.
        await call_slack(wire.bare.apps_connections_open(app_token=app.app_token))
    except PlatformError as error:
        fix = (
            f"Make a token with connections:write for {app.setting('app_token')}, and switch Socket Mode on."
        )
        return [
            (
                "error",
                f"Slack app {app.name}: no socket can be opened ({error.code}): answers, buttons and commands are not heard.",
                fix,
            )
        ]
    return [("ok", f"Slack app {app.name}: a socket can be opened.", "")]


async def _channel(app: SlackApp, wire: SlackWebClient, channel: str) -> Finding:
    """Whether we can speak and look back in a channel that something is scheduled for."""
    try:
        answer = await call_slack(wire.reads.conversations_info(channel=channel))
        found = answer["channel"]
        name = f"#{found.get('name') or channel}"
        if found.get("is_archived"):
            return (
                "error",
                f"Slack app {app.name}: {name} is archived: its prompts are not posted.",
                "Choose another channel.",
            )
        if not (found.get("is_member") or found.get("is_im")):
            return "error", f"Slack app {app.name} is not in {name}: its prompts are not posted.", INVITE
        # Some workspaces let a bot post but not look back (platform facts L24): then no answer is ever found again.
        await call_slack(wire.reads.conversations_history(channel=channel, limit=1))
    except Rejected as error:
        return (
            "error",
            f"Slack app {app.name} cannot use channel {channel} ({error.code}): its prompts are not posted, or answers there are not found.",
            INVITE,
        )
    except PlatformError as error:
        return (
            "warning",
            f"Slack app {app.name}: channel {channel} could not be looked at ({error.code}).",
            "",
        )
    return "ok", f"Slack app {app.name} can speak and look back in {name}.", ""
