"""Finding people of a workspace by their e-mail addresses, which needs a scope that only some operators give."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import aiohttp
from slack_sdk.errors import SlackClientError

from adapters.slack.app import SlackApp
from adapters.slack.errors import translate_error
from adapters.slack.manifest import EMAILS
from adapters.slack.people import PAGE
from adapters.slack.web_client import SlackWebClient, read_pages, read_scopes


async def match_emails(
    app: SlackApp, api_url: str, space: str, emails: Collection[str]
) -> Mapping[str, str] | None:
    """The ids of whoever has these addresses, by the address; None without the scope, or for another workspace's app.

    Everybody is listed, a few pages: to look up each address would take a call each. Nothing of it is remembered.
    Raises `PlatformError`.
    """
    wire = SlackWebClient(api_url, app.bot_token)
    await wire.open()
    try:
        if not await _shows_addresses(wire, space):
            return None
        wanted = {one.casefold(): one for one in emails}
        found: dict[str, str] = {}
        async for page in read_pages(lambda cursor: wire.reads.users_list(limit=PAGE, cursor=cursor)):
            for user in page.get("members") or ():
                address = str((user.get("profile") or {}).get("email") or "").casefold()
                if address in wanted and not user.get("deleted"):
                    found[wanted[address]] = str(user["id"])
        return found
    finally:
        await wire.close()


async def _shows_addresses(wire: SlackWebClient, space: str) -> bool:
    """Whether this token is for that workspace, and has the scope; Slack names the scopes in a header."""
    try:
        told = await wire.writes.auth_test()
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise translate_error(error) from None
    return EMAILS in read_scopes(told) and space == f"slack:{told['team_id']}"
