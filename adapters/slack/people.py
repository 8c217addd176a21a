"""The people and user groups of a workspace as Slack knows them now, asked for rarely."""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import call_slack
from adapters.slack.hear import Here
from adapters.slack.known_people import KnownPeople
from adapters.slack.web_client import SlackWebClient, read_pages
from bot.chat.mass_mentions import NO_GROUP, UnknownGroup
from bot.chat.models import Person
from bot.chat.port import PlatformError, Rejected, RetryLater

log = logging.getLogger(__name__)

FRESH = 25.0
"""Seconds for which what somebody may do is believed; with a check every half a minute, a demotion counts within one."""
SELDOM = 3600.0
"""Seconds until user groups are asked for again after the workspace said it has none."""
PAGE = 200
"""People or channels asked for at once: what Slack recommends."""
TOGETHER = 4
_NO_NAME = re.compile(r"<!.*>|[SW][A-Z0-9]{2,}")
"""A user group, or all of a channel, as Slack links it; or the id of a group."""
_CALLED_OTHERWISE = frozenset(("", "everyone", "here", "channel", *NO_GROUP))
"""What is no group's name, and means everybody or none."""


def person_of(user: Mapping[str, Any], here: Here) -> Person:
    """A user object of Slack's as a person with their standing facts."""
    profile = user.get("profile") or {}
    name = (
        profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    )
    facts = {fact for fact, key in (("admin", "is_admin"), ("owner", "is_owner")) if user.get(key)}
    return Person(
        here.space,
        str(user["id"]),
        str(name or user["id"]),
        frozenset(facts),
        stranger=_is_stranger(user, here.space.partition(":")[2]),
        bot=bool(user.get("is_bot") or user.get("is_workflow_bot")) or user["id"] == "USLACKBOT",
        zone=user.get("tz") or None,
        locale=user.get("locale") or None,
    )


def _is_stranger(user: Mapping[str, Any], team: str) -> bool:
    """A guest, who was deactivated, or who is of another organization (Slack Connect); an Enterprise user has several teams."""
    if (
        user.get("deleted")
        or user.get("is_restricted")
        or user.get("is_ultra_restricted")
        or user.get("is_stranger")
    ):
        return True
    teams = (user.get("enterprise_user") or {}).get("teams") or ()
    return bool(user.get("team_id")) and user["team_id"] != team and team not in teams


class SlackPeople:
    """Remembers people and channels by id. Implements `hear.Names` and `bot.chat.parsing.values.Names`."""

    def __init__(self, wire: SlackWebClient, here: Here, tick: Callable[[], float] = time.monotonic) -> None:
        self._wire, self._here, self._tick = wire, here, tick
        self._known = KnownPeople(here.space)
        self._channels: dict[str, str] = {}
        self._groups: Mapping[str, frozenset[str]] = {}
        """Members of each user group, by its id."""
        self._group_names: Mapping[str, str] = {}
        """The id of each user group, by its handle and its name."""
        self._groups_until, self._groups_unknown = 0.0, False
        self._pending: dict[str, asyncio.Future[None]] = {}
        self._asking, self._grouping = asyncio.Semaphore(TOGETHER), asyncio.Lock()

    # ── without asking ────────────────────────────────────────────────────────

    def who(self, id: str) -> Person | None:
        found = self._known.find(id)
        return self._grouped(found[0]) if found else None

    def channel_name(self, id: str) -> str | None:
        return self._channels.get(id)

    def member(self, text: str) -> str | None:
        """Whom a typed name means: the whole name, or a first name that only one person has."""
        wanted = text.casefold()
        names = [(id, name.casefold()) for id, name in self._known.names()]
        whole = [id for id, name in names if name == wanted]
        found = whole or [id for id, name in names if name.partition(" ")[0] == wanted]
        return found[0] if len(found) == 1 else None

    def channel(self, text: str) -> str | None:
        wanted = text.casefold()
        return next((id for id, name in self._channels.items() if name.casefold() == wanted), None)

    def group(self, text: str) -> str | UnknownGroup:
        """The link of a user group that somebody typed by its handle or name; an `UnknownGroup` where there is none.

        One that was picked from Slack's list comes with its id, whether or not we may know the workspace's groups.
        """
        name = text.strip().removeprefix("@").casefold()
        if _NO_NAME.fullmatch(text.strip()) or name in _CALLED_OTHERWISE:
            return text
        id = self._group_names.get(name)
        return f"<!subteam^{id}|@{name}>" if id else UnknownGroup(text.strip().removeprefix("@"))

    def name_channel(self, id: str, name: str) -> None:
        self._channels[id] = name

    def note(self, user: Mapping[str, Any], *, whole: bool = False) -> Person:
        """What Slack just told about somebody. Events do not tell the language: what is `whole` was asked for it."""
        person, known = person_of(user, self._here), self._known.find(str(user["id"]))
        if person.locale is None and known is not None:
            person = replace(person, locale=known[0].locale)
        fresh = whole or person.locale is not None
        self._known.remember(person, self._tick() if fresh else -math.inf)
        return self._grouped(person)

    def _grouped(self, person: Person) -> Person:
        groups = {f"group:{id}" for id, members in self._groups.items() if person.id in members}
        return replace(person, facts=person.facts | groups) if groups else person

    # ── asking ────────────────────────────────────────────────────────────────

    async def meet(self, ids: Iterable[str]) -> None:
        """Get to know whoever of these is not known yet, and the user groups. Raises `PlatformError`."""
        unknown = [id for id in ids if id not in self._known and id != self._here.user]
        if unknown:
            await asyncio.gather(self._ask_groups(), *map(self._ask, unknown))
        else:
            await self._ask_groups()

    async def person(self, id: str) -> Person:
        """Somebody with what they may do now, at most a minute old. Raises `PlatformError` when that cannot be said.

        User groups only add facts, so a look-up of them that fails takes those facts away and nothing else.
        """
        found = self._known.find(id)
        if found is None or self._tick() - found[1] > FRESH:
            await asyncio.gather(self._ask(id), self._ask_groups())
        else:
            await self._ask_groups()
        return self.who(id) or Person(self._here.space, id, id, stranger=True)

    async def look_up(self, id: str) -> Person:
        """The same, but raises `PlatformError` also where the user groups cannot be said."""
        found = await self.person(id)
        if self._groups_unknown:
            raise RetryLater("usergroups_unknown")
        return found

    async def _ask(self, id: str) -> None:
        """Ask Slack about somebody; whoever wants to know at the same time waits for the same answer."""
        asking = self._pending.get(id)
        if asking is None:
            asking = self._pending[id] = asyncio.ensure_future(self._look_up(id))
            asking.add_done_callback(lambda _: self._pending.pop(id, None))
        await asyncio.shield(asking)

    async def _look_up(self, id: str) -> None:
        try:
            async with self._asking:
                answer = await call_slack(self._wire.reads.users_info(user=id, include_locale=True))
        except Rejected as error:
            if error.code not in ("user_not_found", "user_not_visible"):
                raise
            self._known.remember(Person(self._here.space, id, id, stranger=True), self._tick())
        else:
            self.note(answer["user"], whole=True)

    async def regroup(self) -> frozenset[str]:
        """User groups have changed: ask again, and tell the ids of everybody whom that concerns."""
        before, self._groups_until = self._groups, 0.0
        await self._ask_groups()
        return frozenset(
            id
            for group in {*before, *self._groups}
            for id in before.get(group, frozenset()) ^ self._groups.get(group, frozenset())
        )

    async def learn_channel(self, id: str) -> None:
        """Ask for the name of a channel we came into. Raises `PlatformError`."""
        answer = await call_slack(self._wire.reads.conversations_info(channel=id))
        self.name_channel(id, str(answer["channel"].get("name") or id))

    async def _ask_groups(self) -> None:
        if self._tick() < self._groups_until:
            return
        async with self._grouping:
            if self._tick() < self._groups_until:
                return
            wait, self._groups_unknown = FRESH, False
            try:
                # Without the patience of `reads`: somebody may be waiting for this.
                answer = await call_slack(self._wire.writes.usergroups_list(include_users=True))
            except Rejected:  # no paid plan, or no permission: there are no groups for us
                self._groups, wait = {}, SELDOM
            except PlatformError:
                self._groups, self._groups_unknown = {}, True
            else:
                groups = answer.get("usergroups") or ()
                self._groups = {str(one["id"]): frozenset(one.get("users") or ()) for one in groups}
                self._group_names = {
                    str(one[called]).casefold(): str(one["id"]) for one in groups for called in ("name", "handle") if one.get(called)
                }  # fmt: skip
            self._groups_until = self._tick() + wait

    async def everyone(self) -> AsyncIterator[tuple[Person, bool]]:
        """Everybody in the workspace, with whether they are gone. Raises `PlatformError`."""
        reads = self._wire.reads
        await self._ask_groups()
        async for page in read_pages(
            lambda cursor: reads.users_list(limit=PAGE, cursor=cursor, include_locale=True)
        ):
            for user in page.get("members") or ():
                yield self.note(user), bool(user.get("deleted"))

    async def our_channels(self) -> AsyncIterator[str]:
        """Ids of the channels we are in; private ones only with the optional scope. Raises `PlatformError`."""
        for types in ("public_channel", "private_channel"):
            try:
                async for page in read_pages(partial(self._channels_of, types)):
                    for channel in page.get("channels") or ():
                        self.name_channel(str(channel["id"]), str(channel.get("name") or channel["id"]))
                        yield str(channel["id"])
            except Rejected as error:
                if error.code != "missing_scope":
                    raise

    def _channels_of(self, types: str, cursor: str | None) -> Awaitable[AsyncSlackResponse]:
        return self._wire.reads.users_conversations(
            types=types, exclude_archived=True, limit=PAGE, cursor=cursor
        )

    async def members_of(self, channel: str) -> AsyncIterator[str]:
        """Ids of everybody in a channel. Raises `PlatformError`."""
        reads = self._wire.reads
        async for page in read_pages(
            lambda cursor: reads.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        ):
            for id in page.get("members") or ():
                yield str(id)
