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
from bot.chat.findings import Finding
from bot.chat.port import CredentialsRejected, PlatformError

Json = Mapping[str, Any]
SKEW = 5.0
FEW = 200
"""IDENTIFYs left today, below which something must be starting over and over."""
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
            f"Discord does not accept {_TOKEN}: nothing is posted, and nothing is heard.",
            f"Reset it under “Bot” at {PORTAL} and set it anew.",
        )
    return (
        "error",
        f"Discord does not answer ({error.code}).",
        "Look at https://discordstatus.com; try again.",
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
    return [("warning", f"The clock is {skew:.0f} seconds away from Discord's.", "Set the clock; use NTP.")]


def _application(client: discord.Client, wanted: discord.Intents) -> list[Finding]:
    flags, found = client.application_flags, list[Finding]()
    asked = (
        (
            "Message Content Intent", "TILTH_DISCORD__MESSAGE_CONTENT", wanted.message_content,
            flags.gateway_message_content or flags.gateway_message_content_limited,
            (
                "replies in threads are not heard unless they mention the bot, and prompts say so; forms, buttons and "
                "direct messages are"
            ),
        ),
        (
            "Server Members Intent", "TILTH_DISCORD__MEMBERS", wanted.members,
            flags.gateway_guild_members or flags.gateway_guild_members_limited,
            "people are known from the first time they do something, and direct prompts go to those who pressed Join",
        ),
    )  # fmt: skip
    for name, setting, want, have, without in asked:
        if want and not have:
            fix = f"Switch it on under “Bot” at {PORTAL}, or set {setting}=false: then {without}."
            found.append(
                ("error", f"Discord: the {name} is asked for and not granted: Tilth does not start.", fix)
            )
        elif want:
            found.append(("ok", f"Discord: the {name} is granted.", ""))
        else:
            found.append(("ok", f"Discord: without the {name}, {without}.", ""))
    about = client.application
    if about is not None and about.interactions_endpoint_url:
        fix = f"Empty “Interactions Endpoint URL” under “General Information” at {PORTAL}."
        found.append(
            (
                "error",
                "Discord sends commands and buttons to a web address instead of the bot: nobody who presses one is answered.",
                fix,
            )
        )
    return found


async def _gateway(client: discord.Client) -> list[Finding]:
    try:
        shards, _, left = await client.http.get_bot_gateway()
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return [
            (
                "warning",
                f"Discord does not tell its gateway ({translate_error(error.__cause__ or error).code}).",
                "Try again.",
            )
        ]
    text = f"Discord: {left['remaining']} of {left['total']} connections are left today; {shards} shard(s) recommended."
    if left["remaining"] < FEW:
        fix = "Find out what starts the bot over and over: at zero, Discord resets the token."
        return [("warning", text, fix)]
    return [("ok", text, "")]


async def _commands(client: discord.Client) -> list[Finding]:
    try:
        known = await client.http.get_global_commands(client.application_id or 0)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return [
            ("warning", f"Discord does not tell the commands ({translate_error(error).code}).", "Try again.")
        ]
    if not known:
        return [("ok", "Discord knows no commands yet: the first start of `tilth run` brings them.", "")]
    return [("ok", f"Discord knows {len(known)} commands and menus.", "")]


async def _servers(
    client: discord.Client, channels: Mapping[str, Collection[str]], spaces: Collection[str] | None
) -> list[Finding]:
    try:
        here = {str(one["id"]): one for one in await client.http.get_guilds(200)}
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        return [
            ("warning", f"Discord does not tell the servers ({translate_error(error).code}).", "Try again.")
        ]
    if not here:
        address = invite.invite_link(str(client.application_id))
        return [("warning", "Discord: the bot is in no server yet.", f"Invite it: {address}")]
    found: list[Finding] = []
    wanted = {server_of(space): ids for space, ids in channels.items() if space.startswith(f"{PLATFORM}:")}
    for server in sorted({*here, *wanted}):
        if spaces is not None and space_of(server) not in spaces:
            continue
        if server not in here:
            fix = f"Invite it again: {invite.invite_link(str(client.application_id))}"
            found.append(
                (
                    "error",
                    f"Discord: the bot is not in server {server}, where something is scheduled: it is not posted.",
                    fix,
                )
            )
            continue
        try:
            found += await _server(client, here[server], wanted.get(server, ()))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            found.append(
                (
                    "warning",
                    f"{space_of(server)} could not be looked at ({translate_error(error).code}).",
                    "Try again.",
                )
            )
    return found


async def _server(client: discord.Client, about: Json, channels: Collection[str]) -> list[Finding]:
    """The permissions in one server, and in each of its channels that matter."""
    name, server = str(about["name"]), int(about["id"])
    have = discord.Permissions(int(about["permissions"]))
    found = _lacking(f"server {name}", have, f"give the bot's role in {name}")
    if have.administrator:
        found.append(
            (
                "warning",
                f"Discord: in {name} the bot is an administrator, which it does not need.",
                "Take that away.",
            )
        )
    if not channels:
        return found
    me = await client.http.get_member(server, client.user.id if client.user is not None else 0)
    roles = {str(server), *(str(role) for role in me["roles"])}
    there = {str(one["id"]): one for one in await client.http.get_all_guild_channels(server)}
    for channel in sorted(channels):
        if channel not in there:
            fix = f"Let the bot see it, or change what is scheduled: /prompt list in {name}."
            found.append(
                (
                    "error",
                    f"Discord: channel {channel} in {name} is gone or hidden: its prompts are not posted.",
                    fix,
                )
            )
            continue
        one = there[channel]
        may = in_channel(have, one, roles, str(server), str(me["user"]["id"]))
        found += _lacking(
            f"#{one['name']} in {name}", may, f"in the permissions of #{one['name']} allow the bot"
        )
    return found


def _lacking(where: str, may: discord.Permissions, fix: str) -> list[Finding]:
    found: list[Finding] = []
    for level, wanted in (("error", invite.NEEDED), ("warning", invite.OPTIONAL)):
        missing = {name: why for name, why in wanted if not getattr(may, name)}
        if missing:
            titles = ", ".join(name.replace("_", " ").title() for name in missing)
            costs = " ".join(f"{why[0].lower()}{why[1:].rstrip('.')};" for why in missing.values()).rstrip(
                ";"
            )
            words = f"Discord: {where} lacks {titles}. So Tilth cannot {costs}."
            found.append((level, words, f"To mend it, {fix}: {titles}."))  # type: ignore[arg-type]
    return found or [("ok", f"Discord: {where} has every permission.", "")]
