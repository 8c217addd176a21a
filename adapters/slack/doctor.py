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
from bot.chat.findings import Finding, continue_sentence
from bot.chat.language import N_, _
from bot.chat.port import PlatformError, Rejected

SKEW = 60.0
"""Seconds that our clock may be wrong; Slack refuses signatures that are five minutes off."""
INVITE = N_("Invite the bot there: /invite @Tilth.")
CLOCK = N_("Set the clock; use NTP.")


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
        what = _(
            "Slack app {app}: the bot token is not accepted ({code}): nothing is posted, and nothing is heard.",
            app=app.name, code=code,
        )  # fmt: skip
        setting = app.setting("bot_token")
        fix = _("Copy the “Bot User OAuth Token” to {setting}, or look at the network.", setting=setting)
        return [("error", what, fix)], "", frozenset()
    if not answer.get("bot_id"):
        what = _("Slack app {app}: this is no bot token.", app=app.name)
        fix = _("{setting} must begin with xoxb-.", setting=app.setting("bot_token"))
        return [("error", what, fix)], "", frozenset()
    headers = {name.lower(): value for name, value in dict(answer.headers).items()}
    scopes = read_scopes(answer)
    found: list[Finding] = [("ok", f"Slack app {app.name}: connected to {answer['team']}.", "")]
    if skew := _skew(str(headers.get("date", ""))):
        off = _(
            "This machine's clock is {seconds} s off Slack's: prompts come at the wrong time.",
            seconds=f"{skew:.0f}",
        )
        found.append(("error", off, _(CLOCK)))
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
        return [("warning", _("Slack app {app}: Slack does not say which scopes it has.", app=app.name), "")]
    fix = _(
        "Add it under OAuth & Permissions, and reinstall the app; or update the app from `tilth slack manifest`."
    )
    found: list[Finding] = []
    for scope, reason, needed in SCOPES:
        if scope not in granted:
            level: Literal["error", "warning"] = "error" if needed else "warning"
            lacks = _(
                "Slack app {app} lacks the scope {scope}. So Tilth cannot {do}",
                app=app.name, scope=scope, do=continue_sentence(_(reason)),
            )  # fmt: skip
            found.append((level, lacks, fix))
    known = {scope for scope, *_ in (*SCOPES, *ON_REQUEST)}
    for scope in sorted(granted - known):
        words = _(
            "Slack app {app} has the scope {scope}, which Tilth does not use.", app=app.name, scope=scope
        )
        found += [("warning", words, _("Take it away."))]
    return found or [("ok", f"Slack app {app.name}: it has exactly the scopes it needs.", "")]


async def _check_events(app: SlackApp, wire: SlackWebClient) -> list[Finding]:
    """Whether events can arrive: through a socket, or by HTTP."""
    if not app.app_token:
        if app.signing_secret:
            return [("ok", f"Slack app {app.name}: events come by HTTP to /slack/events/{app.name}.", "")]
        what = _(
            "Slack app {app}: no events can arrive: answers, buttons and commands are not heard.",
            app=app.name,
        )
        one, other = app.setting("app_token"), app.setting("signing_secret")
        return [("error", what, _("Set {one} or {other}.", one=one, other=other))]
    try:
        # Slack hands out an address; nothing connects to it, so the bot that runs keeps its socket.
        await call_slack(wire.bare.apps_connections_open(app_token=app.app_token))
    except PlatformError as error:
        what = _(
            "Slack app {app}: no socket can be opened ({code}): answers, buttons and commands are not heard.",
            app=app.name, code=error.code,
        )  # fmt: skip
        fix = _(
            "Make a token with connections:write for {setting}, and switch Socket Mode on.",
            setting=app.setting("app_token"),
        )
        return [("error", what, fix)]
    return [("ok", f"Slack app {app.name}: a socket can be opened.", "")]


async def _channel(app: SlackApp, wire: SlackWebClient, channel: str) -> Finding:
    """Whether we can speak and look back in a channel that something is scheduled for."""
    try:
        answer = await call_slack(wire.reads.conversations_info(channel=channel))
        found = answer["channel"]
        name = f"#{found.get('name') or channel}"
        if found.get("is_archived"):
            what = _(
                "Slack app {app}: {channel} is archived: its prompts are not posted.",
                app=app.name,
                channel=name,
            )
            return "error", what, _("Choose another channel.")
        if not (found.get("is_member") or found.get("is_im")):
            what = _(
                "Slack app {app} is not in {channel}: its prompts are not posted.", app=app.name, channel=name
            )
            return "error", what, _(INVITE)
        # Some workspaces let a bot post but not look back (platform facts L24): then no answer is ever found again.
        await call_slack(wire.reads.conversations_history(channel=channel, limit=1))
    except Rejected as error:
        what = _(
            "Slack app {app} cannot use channel {channel} ({code}): its prompts are not posted, or answers there are "
            "not found.",
            app=app.name, channel=channel, code=error.code,
        )  # fmt: skip
        return "error", what, _(INVITE)
    except PlatformError as error:
        what = _(
            "Slack app {app}: channel {channel} could not be looked at ({code}).",
            app=app.name, channel=channel, code=error.code,
        )  # fmt: skip
        return "warning", what, ""
    return "ok", f"Slack app {app.name} can speak and look back in {name}.", ""
