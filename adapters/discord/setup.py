"""What `tilth setup` asks Discord: the token by its form and its owner, servers and channels, and people by name."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import discord

from adapters.discord import invite
from adapters.discord.client import point_library_at, silence_library
from adapters.discord.errors import translate_errors
from adapters.discord.gateway import PORTAL
from adapters.discord.places import FORUMS, SPEAK, in_channel, server_of, space_of
from adapters.discord.trial import DiscordTrial
from bot.chat.findings import Finding
from bot.chat.menu import Menu
from bot.chat.platform_setup import Credential, SetupAdmins, SetupChannel, SetupProblem, SetupSpace
from bot.chat.port import CredentialsRejected, PlatformError, Rejected

TEXT = frozenset({0, 5}) | FORUMS
"""Types of channels in which prompts can be posted."""
UNKNOWN_MESSAGE = "unknown_message"
WHERE = f"At {PORTAL}: your application → Bot → Reset Token, then copy it. On the same page, switch Message Content Intent on."


def judge_token(text: str) -> str:
    """What is wrong with the form of a bot token; empty when nothing is."""
    if text.startswith(("xoxb-", "xapp-", "xoxp-")):
        return "This is a token of Slack. What is needed here is the bot token of the Discord application."
    if text.isdecimal():
        return "This is the id of an application or a server. What is needed here is the bot token: Bot → Reset Token."
    if re.fullmatch(r"[0-9a-f]{64}", text):
        return "This is the public key. What is needed here is the bot token: Bot → Reset Token."
    if re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", text):
        return ""
    if re.fullmatch(r"[\w-]{32}", text):
        return "This is the client secret (OAuth2). What is needed here is the bot token: Bot → Reset Token."
    return "A bot token has three parts with dots between them: copy all of it."


class DiscordSetup:
    """Implements `bot.chat.platform_setup.PlatformSetup` for one bot."""

    credentials: tuple[Credential, ...] = (Credential("token", "Bot token", WHERE, judge_token),)
    invitation = (
        "Discord: in the channel's settings, under Permissions, let Tilth view the channel and send messages."
    )

    async def check_credential(self, field: str, secrets: Mapping[str, str], api_url: str) -> str:
        """Ask Discord whose token this is."""
        del field
        async with _logged_in(secrets, api_url) as client:
            return f"This is the bot {client.user}."

    async def find_spaces(self, secrets: Mapping[str, str], api_url: str) -> tuple[SetupSpace, ...]:
        """The servers that the bot is in, with their channels for text."""
        async with _logged_in(secrets, api_url) as client:
            guilds = await client.http.get_guilds(200)
            return tuple([await _look_at(client, one) for one in guilds])

    async def find_admins(self, space: SetupSpace, secrets: Mapping[str, str], api_url: str) -> SetupAdmins:
        """The server's owner by name, and the language that the server is set to."""
        async with _logged_in(secrets, api_url) as client:
            server = await client.http.get_guild(int(server_of(space.key)), with_counts=False)
            owner = await client.http.get_member(int(server["id"]), int(server["owner_id"]))
        name = owner.get("nick") or owner["user"].get("global_name") or owner["user"]["username"]
        return SetupAdmins((str(name),), str(server.get("preferred_locale") or ""))

    def app_link(self, menu: Callable[[], Menu]) -> str:
        """Where an application is made by hand: Discord takes no manifest."""
        del menu
        return PORTAL

    def invite_link(self, secrets: Mapping[str, str]) -> str:
        """The address that lets the bot into a server."""
        return invite.invite_link(invite.client_id_of(secrets["token"]))

    def variables(self, space: SetupSpace, slug: str) -> Mapping[str, str]:
        """The list of servers, in which this one belongs to the community."""
        return {"DISCORD__SERVERS": f'{{"{server_of(space.key)}": "{slug}"}}'}

    async def find_moderator(
        self, words: str, space: SetupSpace, secrets: Mapping[str, str], api_url: str
    ) -> str:
        """A role by its name or id; else a person by name."""
        wanted, server = words.strip().removeprefix("@").casefold(), int(server_of(space.key))
        async with _logged_in(secrets, api_url) as client:
            roles = await client.http.get_roles(server)
            role = next(
                (one for one in roles if wanted in (str(one["name"]).casefold(), str(one["id"]))), None
            )
            if role is not None:
                return f"discord:role:{role['id']}"
            people = [one for one in await _search(client, server, wanted) if wanted in _names(one)]
        if len(people) == 1:
            return f"discord:id:{people[0]['user']['id']}"
        names = ", ".join(str(one["name"]) for one in roles if str(one["name"]) != "@everyone")
        raise SetupProblem(
            f"There is no role “{words}” and nobody of that name. Roles here: {names or 'none'}. A person is found by user name or id."
        )

    async def post_test(
        self, words: str, space: SetupSpace, channel: str, secrets: Mapping[str, str], api_url: str
    ) -> str:  # fmt: skip
        """Post some words, notifying nobody."""
        del space
        async with _logged_in(secrets, api_url) as client:
            with discord.http.handle_message_parameters(
                content=words, allowed_mentions=discord.AllowedMentions.none()
            ) as made:
                return str((await client.http.send_message(int(channel), params=made))["id"])

    async def remove_test(
        self, message: str, space: SetupSpace, channel: str, secrets: Mapping[str, str], api_url: str
    ) -> None:  # fmt: skip
        """Remove that message."""
        del space
        async with _logged_in(secrets, api_url) as client:
            try:
                with translate_errors():
                    await client.http.delete_message(int(channel), int(message))
            except Rejected as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise

    async def try_live(
        self, channel: str, reader: str, secrets: Mapping[str, str], api_url: str
    ) -> list[Finding]:
        """Try out what Discord takes and gives back."""
        del reader
        async with _logged_in(secrets, api_url) as client:
            return await DiscordTrial(client.http, channel).run()


async def _look_at(client: discord.Client, about: Mapping[str, Any]) -> SetupSpace:
    """A server and its channels, those in which the bot can speak first."""
    server, base = str(about["id"]), discord.Permissions(int(about["permissions"]))
    me = str(client.user.id if client.user is not None else 0)
    member = await client.http.get_member(int(server), int(me))
    roles = {server, *(str(role) for role in member["roles"])}
    found = []
    for one in await client.http.get_all_guild_channels(int(server)):
        if one["type"] in TEXT:
            may = in_channel(base, one, roles, server, me)
            lacks = ", ".join(name.replace("_", " ").title() for name in SPEAK if not getattr(may, name))
            problem = f"the bot lacks {lacks} there" if lacks else ""
            found.append(
                (
                    bool(problem),
                    one.get("position") or 0,
                    SetupChannel(str(one["id"]), str(one["name"]), problem),
                )
            )
    channels = tuple(each for _, _, each in sorted(found, key=lambda one: one[:2]))
    return SetupSpace(space_of(server), str(about["name"]), "", channels)


async def _search(client: discord.Client, server: int, wanted: str) -> list[Any]:
    """The people of a server whose name begins like this, or the one with this id."""
    try:
        with translate_errors():
            if wanted.isdecimal():
                return [await client.http.get_member(server, int(wanted))]
            route = discord.http.Route("GET", "/guilds/{guild_id}/members/search", guild_id=server)
            return list(await client.http.request(route, params={"query": wanted, "limit": 20}))
    except Rejected:
        return []


def _names(one: Mapping[str, Any]) -> set[str]:
    """Everything a person is called, in lower case."""
    user = one["user"]
    told = (user.get("id"), user.get("username"), user.get("global_name"), one.get("nick"))
    return {str(name).casefold() for name in told if name}


@asynccontextmanager
async def _logged_in(secrets: Mapping[str, str], api_url: str) -> AsyncIterator[discord.Client]:
    """A client with this token that is not connected; what Discord does not do is told in words."""
    silence_library()
    point_library_at(api_url)
    client = discord.Client(intents=discord.Intents(guilds=True))
    try:
        with translate_errors():
            await client.login(secrets["token"])
            yield client
    except CredentialsRejected:
        raise SetupProblem(
            f"Discord does not accept this token. Reset it under “Bot” at {PORTAL}, and copy it again."
        ) from None
    except PlatformError as error:
        if isinstance(error, Rejected):
            raise SetupProblem(
                f"Discord refuses that ({error.code}). Look at the bot's permissions in that channel."
            ) from None
        raise SetupProblem(
            f"Discord cannot be reached now ({error.code}). Check this machine's network, then try again."
        ) from None
    finally:
        await client.http.close()
