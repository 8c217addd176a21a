"""The checks of `tilth doctor` on Discord, each fault with its fix. By HTTP only: a running bot is not disturbed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import discord

from adapters.discord import invite
from adapters.discord.client import point_library_at, silence_library
from adapters.discord.errors import translate_error
from adapters.discord.gateway import PORTAL
from adapters.discord.places import PLATFORM, in_channel, server_of, space_of
from bot.chat.findings import Finding, continue_sentence
from bot.chat.language import N_, _
from bot.chat.port import CredentialsRejected, PlatformError

Json = Mapping[str, Any]
SKEW = 5.0
FEW = 200
"""IDENTIFYs left today, below which something must be starting over and over."""
AGAIN = N_("Try again.")
_TOKEN = "TILTH_DISCORD__TOKEN"  # noqa: S105 - the name of a setting


async def examine_bot(
    token: str, api_url: str, wanted: discord.Intents, now: Callable[[], datetime],
    channels: Mapping[str, Collection[str]], spaces: Collection[str] | None = None,
) -> list[Finding]:  # fmt: skip
    """Everything worth knowing. `channels`: by space key, those in which something is scheduled.

    Of servers, only those of `spaces` are spoken of; None: all.
    """
    silence_library()
    point_library_at(api_url)
    found = await _clock(api_url, now)
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        try:
            await client.login(token)
        except (discord.LoginFailure, discord.HTTPException, aiohttp.ClientError, OSError) as error:
            return [*found, _no_login(translate_error(error))]
        found.append(("ok", f"Discord: {_TOKEN} is the bot {client.user}.", ""))
        found += _application(client, wanted)
        found += await _gateway(client)
        found += await _commands(client)
        found += await _servers(client, channels, spaces)
    finally:
        await client.http.close()
    return found


def _no_login(error: PlatformError) -> Finding:
    if isinstance(error, CredentialsRejected):
        return (
            "error",
            _("Discord does not accept {setting}: nothing is posted, and nothing is heard.", setting=_TOKEN),
            _("Reset it under “Bot” at {address} and set it anew.", address=PORTAL),
        )
    return (
        "error",
        _("Discord does not answer ({code}).", code=error.code),
        _("Look at https://discordstatus.com; try again."),
    )


async def _clock(api_url: str, now: Callable[[], datetime]) -> list[Finding]:
    """Whether our clock is Discord's: prompts go out by ours."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{api_url.rstrip('/')}/gateway") as answer,
        ):
            there = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, OSError, KeyError, ValueError, TypeError):
        return []
    skew = abs((now() - there).total_seconds())
    if skew <= SKEW:
        return []
    off = _("The clock is {seconds} seconds away from Discord's.", seconds=f"{skew:.0f}")
    return [("warning", off, _("Set the clock; use NTP."))]


def _application(client: discord.Client, wanted: discord.Intents) -> list[Finding]:
    flags, found = client.application_flags, list[Finding]()
    asked = (
        (
            "Message Content Intent", "TILTH_DISCORD__MESSAGE_CONTENT", wanted.message_content,
            flags.gateway_message_content or flags.gateway_message_content_limited,
            N_(
                "replies in threads are not heard unless they mention the bot, and prompts say so; forms, buttons and "
                "direct messages are"
            ),
        ),
        (
            "Server Members Intent", "TILTH_DISCORD__MEMBERS", wanted.members,
            flags.gateway_guild_members or flags.gateway_guild_members_limited,
            N_("people are known from the first time they do something, and direct prompts go to those who pressed Join"),
        ),
    )  # fmt: skip
    for name, setting, want, have, without in asked:
        if want and not have:
            fix = _(
                "Switch it on under “Bot” at {address}, or set {setting}=false: then {without}.",
                address=PORTAL, setting=setting, without=_(without),
            )  # fmt: skip
            what = _("Discord: the {intent} is asked for and not granted: Tilth does not start.", intent=name)
            found.append(("error", what, fix))
        elif want:
            found.append(("ok", f"Discord: the {name} is granted.", ""))
        else:
            found.append(("ok", f"Discord: without the {name}, {without}.", ""))
    about = client.application
    if about is not None and about.interactions_endpoint_url:
        fix = _("Empty “Interactions Endpoint URL” under “General Information” at {address}.", address=PORTAL)
        what = _(
            "Discord sends commands and buttons to a web address and not to the bot. So nobody gets an answer."
        )
        found.append(("error", what, fix))
    return found


async def _gateway(client: discord.Client) -> list[Finding]:
    try:
        shards, _concurrency, left = await client.http.get_bot_gateway()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        code = translate_error(error.__cause__ or error).code
        return [("warning", _("Discord does not tell its gateway ({code}).", code=code), _(AGAIN))]
    text = _(
        "Discord: {left} of {total} connections are left today; {shards} shard(s) recommended.",
        left=left["remaining"], total=left["total"], shards=shards,
    )  # fmt: skip
    if left["remaining"] < FEW:
        fix = _("Find out what starts the bot over and over: at zero, Discord resets the token.")
        return [("warning", text, fix)]
    return [("ok", text, "")]


async def _commands(client: discord.Client) -> list[Finding]:
    try:
        known = await client.http.get_global_commands(client.application_id or 0)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        code = translate_error(error).code
        return [("warning", _("Discord does not tell the commands ({code}).", code=code), _(AGAIN))]
    if not known:
        return [("ok", "Discord knows no commands yet: the first start of `tilth run` brings them.", "")]
    return [("ok", f"Discord knows {len(known)} commands and menus.", "")]


async def _servers(
    client: discord.Client, channels: Mapping[str, Collection[str]], spaces: Collection[str] | None
) -> list[Finding]:
    try:
        here = {str(one["id"]): one for one in await client.http.get_guilds(200)}
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        code = translate_error(error).code
        return [("warning", _("Discord does not tell the servers ({code}).", code=code), _(AGAIN))]
    if not here:
        address = invite.invite_link(str(client.application_id))
        return [
            (
                "warning",
                _("Discord: the bot is in no server yet."),
                _("Invite it: {address}", address=address),
            )
        ]
    found: list[Finding] = []
    wanted = {server_of(space): ids for space, ids in channels.items() if space.startswith(f"{PLATFORM}:")}
    for server in sorted({*here, *wanted}):
        if spaces is not None and space_of(server) not in spaces:
            continue
        if server not in here:
            address = invite.invite_link(str(client.application_id))
            what = _(
                "Discord: the bot is not in server {server}, where something is scheduled: it is not posted.",
                server=server,
            )
            found.append(("error", what, _("Invite it again: {address}", address=address)))
            continue
        try:
            found += await _server(client, here[server], wanted.get(server, ()))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            code = translate_error(error).code
            what = _("{space} could not be looked at ({code}).", space=space_of(server), code=code)
            found.append(("warning", what, _(AGAIN)))
    return found


async def _server(client: discord.Client, about: Json, channels: Collection[str]) -> list[Finding]:
    """The permissions in one server, and in each of its channels that matter."""
    name, server = str(about["name"]), int(about["id"])
    have = discord.Permissions(int(about["permissions"]))
    allow = _("give the bot's role in {server}", server=name)
    found = _lacking(_("server {server}", server=name), have, allow)
    if have.administrator:
        what = _("Discord: in {server} the bot is an administrator, which it does not need.", server=name)
        found.append(("warning", what, _("Take that away.")))
    if not channels:
        return found
    me = await client.http.get_member(server, client.user.id if client.user is not None else 0)
    roles = {str(server), *(str(role) for role in me["roles"])}
    there = {str(one["id"]): one for one in await client.http.get_all_guild_channels(server)}
    for channel in sorted(channels):
        if channel not in there:
            fix = _("Let the bot see it, or change what is scheduled: /prompt list in {server}.", server=name)
            what = _(
                "Discord: channel {channel} in {server} is gone or hidden: its prompts are not posted.",
                channel=channel, server=name,
            )  # fmt: skip
            found.append(("error", what, fix))
            continue
        one = there[channel]
        may = in_channel(have, one, roles, str(server), str(me["user"]["id"]))
        called = f"#{one['name']}"
        where = _("{channel} in {server}", channel=called, server=name)
        found += _lacking(where, may, _("in the permissions of {channel} allow the bot", channel=called))
    return found


def _lacking(where: str, may: discord.Permissions, fix: str) -> list[Finding]:
    found: list[Finding] = []
    for level, wanted in (("error", invite.NEEDED), ("warning", invite.OPTIONAL)):
        missing = {name: why for name, why in wanted if not getattr(may, name)}
        if missing:
            titles = ", ".join(name.replace("_", " ").title() for name in missing)
            costs = "; ".join(continue_sentence(_(why)).rstrip(".") for why in missing.values())
            words = _(
                "Discord: {where} lacks {titles}. So Tilth cannot {costs}.",
                where=where,
                titles=titles,
                costs=costs,
            )
            mend = _("To mend it, {fix}: {titles}.", fix=fix, titles=titles)
            found.append((level, words, mend))  # type: ignore[arg-type]
    return found or [("ok", f"Discord: {where} has every permission.", "")]
