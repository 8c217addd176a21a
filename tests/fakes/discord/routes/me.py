"""The bot itself: who it is, its application, and where its gateway is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.discord import shapes
from tests.fakes.discord.errors import not_found
from tests.fakes.discord.routes import Answer, Routes
from tests.fakes.discord.sessions import Intent

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig


def me(rig: Rig, call: Call) -> Answer:
    return shapes.user(rig.world.bot) | {"verified": True, "mfa_enabled": False, "email": None, "flags": 0}


def user(rig: Rig, call: Call) -> Answer:
    found = rig.world.users.get(int(call.args[0]))
    if found is None:
        raise not_found("User")
    return shapes.user(found)


def application(rig: Rig, call: Call) -> Answer:
    """Its flags tell which privileged intents are switched on in the portal."""
    portal = rig.gateway.portal
    flags = shapes.GATEWAY_PRESENCE if portal & Intent.GUILD_PRESENCES else 0
    flags |= shapes.GATEWAY_MEMBERS if portal & Intent.GUILD_MEMBERS else 0
    flags |= shapes.GATEWAY_CONTENT if portal & Intent.MESSAGE_CONTENT else 0
    return shapes.application(rig.world, flags)


def gateway(rig: Rig, call: Call) -> Answer:
    return {"url": rig.gateway.url}


def gateway_bot(rig: Rig, call: Call) -> Answer:
    limit = rig.gateway.budget.told()
    return {"url": rig.gateway.url, "shards": rig.shards_advised, "session_start_limit": limit}


ROUTES: Routes = {
    "GET /users/@me": me,
    "GET /users/{}": user,
    "GET /oauth2/applications/@me": application,
    "GET /applications/@me": application,
    "GET /gateway": gateway,
    "GET /gateway/bot": gateway_bot,
}
