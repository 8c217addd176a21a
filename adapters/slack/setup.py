"""What `tilth setup` asks Slack: tokens by their form and their owner, the channels there are, and people by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

from adapters.slack.errors import call_slack, call_unless
from adapters.slack.manifest import make_manifest, manifest_link
from adapters.slack.trial import SlackTrial
from adapters.slack.web_client import SlackWebClient, read_pages
from bot.chat.findings import Finding
from bot.chat.menu import Menu
from bot.chat.platform_setup import Credential, SetupAdmins, SetupChannel, SetupProblem, SetupSpace
from bot.chat.port import CredentialsRejected, PlatformError, Rejected

KINDS = {
    "xoxb-": "the bot token (Install App → Bot User OAuth Token)",
    "xapp-": "the app-level token (Basic Information → App-Level Tokens)",
    "xoxp-": "a user's own token, which Tilth does not use",
    "xoxe": "a token that is exchanged every few hours. Switch token rotation off, and copy the token again",
    "xoxa-": "a token of an old kind of app, which Tilth does not use",
}
"""What a token is, by how it begins."""
INVITE = "write /invite @Tilth there"
AWAY = "Slack cannot be reached now ({code}). Check this machine's network, then try again."


def judge_token(begins: str, text: str) -> str:
    """What is wrong with the form of a token that has to begin like this; empty when nothing is."""
    if text.startswith(begins):
        return (
            ""
            if len(text) > len(begins) and text.isascii() and " " not in text
            else "This token is cut off: copy all of it."
        )
    kind = next((what for start, what in KINDS.items() if text.startswith(start)), "")
    wanted = KINDS[begins]
    if kind:
        return f"This is {kind}. What is needed here begins with {begins}: {wanted}."
    if len(text) == 32 and all(one in "0123456789abcdef" for one in text):
        return f"This is a signing or client secret. What is needed here begins with {begins}: {wanted}."
    return f"A token of Slack begins with {begins} here: {wanted}."


class SlackSetup:
    """Implements `bot.chat.platform_setup.PlatformSetup` for one workspace and its app."""

    credentials: tuple[Credential, ...] = (
        Credential(
            "bot_token", "Bot User OAuth Token", "In your app: Install App → Install to Workspace, then copy the token (xoxb-…).",
            lambda text: judge_token("xoxb-", text),
        ),
        Credential(
            "app_token", "App-Level Token",
            "In your app: Basic Information → App-Level Tokens → Generate, with the scope connections:write (xapp-…).",
            lambda text: judge_token("xapp-", text),
        ),
    )  # fmt: skip
    invitation = "Slack: open the channel where prompts should appear, and write /invite @Tilth there."

    async def check_credential(self, field: str, secrets: Mapping[str, str], api_url: str) -> str:
        """Ask Slack whose token this is."""
        async with _connected(secrets, api_url) as wire:
            if field == "app_token":
                await call_slack(wire.bare.apps_connections_open(app_token=secrets[field]))
                return "Slack takes it: events can come by Socket Mode."
            answer = await call_slack(wire.writes.auth_test())
            if not answer.get("bot_id"):
                raise SetupProblem(
                    "This token is not a bot's. Copy the Bot User OAuth Token, which begins with xoxb-."
                )
            return f"This is {answer.get('user', 'the bot')} in {answer['team']}."

    async def find_spaces(self, secrets: Mapping[str, str], api_url: str) -> tuple[SetupSpace, ...]:
        """The workspace of the token, with its public channels and the private ones that invited the bot."""
        async with _connected(secrets, api_url) as wire:
            who = await call_slack(wire.reads.auth_test())
            me = await call_slack(wire.reads.users_info(user=who["user_id"]))
            kinds = ["public_channel", "private_channel"]
            try:
                channels = await _list_channels(wire, kinds)
            except PlatformError as error:
                if error.code != "missing_scope":
                    raise
                channels = await _list_channels(wire, kinds[:1])
        zone = str((me.get("user") or {}).get("tz") or "")
        return (SetupSpace(f"slack:{who['team_id']}", str(who["team"]), zone, tuple(channels)),)

    async def find_admins(self, space: SetupSpace, secrets: Mapping[str, str], api_url: str) -> SetupAdmins:
        """The workspace's admins by their names, and the language of its owner."""
        del space
        async with _connected(secrets, api_url) as wire:
            people = [
                one for one in await _list_people(wire) if one.get("is_admin") and not one.get("deleted")
            ]
            people.sort(key=lambda one: (not one.get("is_primary_owner"), not one.get("is_owner")))
            if not people:
                return SetupAdmins()
            first = await call_slack(wire.reads.users_info(user=people[0]["id"], include_locale=True))
        names = tuple(str(one.get("real_name") or one.get("name") or one["id"]) for one in people)
        return SetupAdmins(names, str((first.get("user") or {}).get("locale") or ""))

    def app_link(self, menu: Callable[[], Menu]) -> str:
        """The address that makes the app from its manifest."""
        return manifest_link(make_manifest(menu()))

    def invite_link(self, secrets: Mapping[str, str]) -> str:  # noqa: ARG002
        """None is needed: installing the app is what lets it in."""
        return ""

    def variables(self, space: SetupSpace, slug: str) -> Mapping[str, str]:  # noqa: ARG002
        """None is needed: a workspace belongs to the first community."""
        return {}

    async def find_moderator(
        self, words: str, space: SetupSpace, secrets: Mapping[str, str], api_url: str
    ) -> str:
        """Somebody by id, name or e-mail; else a user group by its handle."""
        del space
        wanted = words.strip().removeprefix("@").casefold()
        async with _connected(secrets, api_url) as wire:
            found = [
                one
                for one in await _list_people(wire)
                if wanted in _names(one) and not one.get("deleted") and not one.get("is_bot")
            ]
            if len(found) == 1:
                return f"slack:id:{found[0]['id']}"
            if found:
                ids = ", ".join(str(one["id"]) for one in found[:5])
                raise SetupProblem(
                    f"Several people are called “{words}”. Write the member id of one of them: {ids}."
                )
            group = next((one for one in await _list_groups(wire) if wanted in _names(one)), None)
        if group is None:
            raise SetupProblem(
                f"Nobody here is called “{words}”. Write a name as Slack shows it, a member id (profile → … → Copy member "
                "ID), or the handle of a user group."
            )
        return f"slack:group:{group['id']}"

    async def post_test(
        self, words: str, space: SetupSpace, channel: str, secrets: Mapping[str, str], api_url: str
    ) -> str:  # fmt: skip
        """Post some words."""
        del space
        async with _connected(secrets, api_url) as wire:
            return str((await call_slack(wire.writes.chat_postMessage(channel=channel, text=words)))["ts"])

    async def remove_test(
        self, message: str, space: SetupSpace, channel: str, secrets: Mapping[str, str], api_url: str
    ) -> None:  # fmt: skip
        """Remove that message."""
        del space
        async with _connected(secrets, api_url) as wire:
            await call_unless({"message_not_found"}, wire.writes.chat_delete(channel=channel, ts=message))

    async def try_live(
        self, channel: str, reader: str, secrets: Mapping[str, str], api_url: str
    ) -> list[Finding]:
        """Try out what Slack takes and gives back."""
        async with _connected(secrets, api_url) as wire:
            return await SlackTrial(wire, channel, reader).run()


async def _list_people(wire: SlackWebClient) -> list[dict[str, Any]]:
    pages = read_pages(lambda cursor: wire.reads.users_list(limit=200, cursor=cursor))
    return [one async for each in pages for one in each["members"]]


async def _list_groups(wire: SlackWebClient) -> list[dict[str, Any]]:
    """The user groups; none where the plan or the app's scopes know none."""
    try:
        return list((await call_slack(wire.reads.usergroups_list())).get("usergroups") or ())
    except Rejected:
        return []


async def _list_channels(wire: SlackWebClient, kinds: Collection[str]) -> list[SetupChannel]:
    pages = read_pages(
        lambda cursor: wire.reads.conversations_list(
            types=",".join(kinds), exclude_archived=True, limit=200, cursor=cursor
        )
    )
    found = [one async for each in pages for one in each["channels"]]
    return [
        SetupChannel(str(one["id"]), str(one["name"]), "" if one.get("is_member") else INVITE)
        for one in sorted(found, key=lambda one: (not one.get("is_member"), str(one["name"])))
    ]


def _names(one: Mapping[str, Any]) -> set[str]:
    """Everything a person or a group is called, in lower case."""
    profile = one.get("profile") or {}
    told = (
        one.get("id"), one.get("name"), one.get("real_name"), one.get("handle"), profile.get("display_name"),
        profile.get("real_name"), profile.get("email"),
    )  # fmt: skip
    return {str(name).casefold() for name in told if name}


@asynccontextmanager
async def _connected(secrets: Mapping[str, str], api_url: str) -> AsyncIterator[SlackWebClient]:
    """What speaks to Slack with these tokens; what it does not do is told in words."""
    wire = SlackWebClient(api_url, secrets.get("bot_token", ""))
    await wire.open()
    try:
        yield wire
    except CredentialsRejected as error:
        raise SetupProblem(
            f"Slack does not accept this token ({error.code}). Copy it again, all of it."
        ) from None
    except PlatformError as error:
        if error.code in ("cannot_connect", "disconnected", "timeout"):
            raise SetupProblem(AWAY.format(code=error.code)) from None
        fix = (
            f"First {INVITE}."
            if error.code in ("not_in_channel", "channel_not_found")
            else "Look at the app's scopes."
        )
        raise SetupProblem(f"Slack refuses that ({error.code}). {fix}") from None
    finally:
        await wire.close()
