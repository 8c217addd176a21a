"""Who the app is: auth, apps, team, bots, emoji."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.answers import Args, SlackError, method

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json


@method("auth.test")
def auth_test(s: FakeSlack, args: Args) -> Json:
    return {
        "url": f"https://{s.world.domain}.slack.com/",
        "team": s.world.domain.capitalize(),
        "user": s.world.people[s.bot].handle,
        "team_id": s.team,
        "user_id": s.bot,
        "bot_id": s.world.bot_id,
        "is_enterprise_install": False,
    }


@method("api.test")
def api_test(s: FakeSlack, args: Args) -> Json:
    return {"args": dict(args)}


@method("apps.connections.open")
def connections_open(s: FakeSlack, args: Args) -> Json:
    if not s.manifest.socket_mode:
        raise SlackError("forbidden_token_type")
    return {"url": s.socket.ticket()}


@method("team.info", "team:read")
def team_info(s: FakeSlack, args: Args) -> Json:
    team = {
        "id": s.team,
        "name": s.world.domain.capitalize(),
        "domain": s.world.domain,
        "email_domain": "",
        "icon": {"image_default": True},
        "url": f"https://{s.world.domain}.slack.com/",
    }
    return {"team": team}


@method("bots.info", "users:read")
def bots_info(s: FakeSlack, args: Args) -> Json:
    if args.text("bot", s.world.bot_id) != s.world.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": s.world.bot_id,
        "app_id": s.world.app,
        "user_id": s.bot,
        "name": s.world.people[s.bot].real_name,
        "deleted": False,
        "updated": s.world.seconds(),
        "icons": {},
    }
    return {"bot": bot}


@method("emoji.list", "emoji:read")
def emoji_list(s: FakeSlack, args: Args) -> Json:
    return {"emoji": dict(s.world.emoji), "cache_ts": s.world.ts()}
