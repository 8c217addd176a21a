"""A look at every answer to a call: what time it is for Discord, and whether the library would repeat the call.

discord.py sends a call up to five times when it is answered with 500, 502, 504 or 524 (http.py, `HTTPClient.request`).
What was carried out the first time is then there twice, unless Discord can tell: a new message carries our nonce, a
direct message that is open already stays the same one, and changing or removing something twice does it once. For all
else (posts of a forum, threads, events on the server's list) the first answer is the end of the call, and whoever made
it looks before trying again.
"""

from __future__ import annotations

import json
import re

import aiohttp
import discord

from bot.runtime.clock import PlatformClock

HARMLESS = frozenset({"GET", "PUT", "PATCH", "DELETE"})
KEYED = re.compile(r"/(channels/\d+/messages|users/@me/channels|(webhooks|interactions)/.+)$")
"""New things that Discord makes once: messages by their nonce, direct messages by their person, the first answer to an
interaction by its id. What follows an answer has no key, is seen by one person as a rule and can be looked for by
nobody, so it is better said twice than not at all."""


def watch_calls(clock: PlatformClock) -> aiohttp.TraceConfig:
    """What discord.py is to be given as its `http_trace`."""
    trace = aiohttp.TraceConfig()

    async def look(_session: object, _context: object, end: aiohttp.TraceRequestEndParams) -> None:
        clock.note_date(end.response.headers.get("Date"))
        if end.response.status >= 500 and not may_be_repeated(end.method, end.url.path):
            raise discord.DiscordServerError(end.response, _body(await end.response.text(errors="replace")))

    trace.on_request_end.append(look)
    return trace


def may_be_repeated(method: str, path: str) -> bool:
    """Whether the same call once more does no more than once."""
    return method in HARMLESS or KEYED.search(path) is not None


def _body(text: str) -> dict[str, object] | str:
    """The body as discord.py reads it: Discord's own JSON, or the words of whoever stands in front of it."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) else text
