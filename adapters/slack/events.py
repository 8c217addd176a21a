"""Events of a workspace that are told to the core, each acknowledged only after it was stored."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from adapters.slack import hear
from adapters.slack.replies import ReplyTarget
from adapters.slack.state import SlackState
from adapters.slack.workspace_parts import WorkspaceParts
from bot.chat.cards import Card
from bot.chat.events import (
    BotInvited,
    CommandInvoked,
    MessageReceived,
    PersonUpdated,
    ReactionChanged,
    Reply,
    SpaceRemoved,
)
from bot.chat.forms import Form
from bot.chat.models import Message, Place, Refusal
from bot.chat.port import NotStored, PlatformError

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
EDITED = 2000
"""Messages whose last version is remembered."""


class SlackEvents:
    """Takes in the events of one workspace."""

    def __init__(self, team: WorkspaceParts, state: SlackState) -> None:
        self._team, self._state = team, state
        self._versions: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._does = {
            "message": self._message,
            "reaction_added": self._reaction,
            "reaction_removed": self._reaction,
            "member_joined_channel": self._moved,
            "member_left_channel": self._moved,
            "team_join": self._person,
            "user_change": self._person,
            "channel_rename": self._renamed,
            "group_rename": self._renamed,
            "subteam_updated": self._groups,
            "subteam_members_changed": self._groups,
            "app_home_opened": self._home,
            "app_uninstalled": self._left,
            "tokens_revoked": self._left,
        }

    async def take(self, body: Json, attempt: int) -> bool:
        """Take in one delivery of an event; whether it may be acknowledged. `attempt` counts Slack's retries.

        A retry is treated like the first delivery: the core knows messages by what they are, not by who brought them.
        """
        event = body["event"]
        does = self._does.get(event["type"])
        if does is None:
            return True
        try:
            await does(event)
        except NotStored as unkept:
            if attempt == 0 and event["type"] == "message":
                self._team.background.send(self._tell(event, unkept.card))
            return False
        except PlatformError as error:
            log.warning("%s could not be taken in: %s", event["type"], error.code)
            return False
        except Exception:
            log.exception("%s could not be taken in", event["type"])
            return False
        return True

    # ── messages ──────────────────────────────────────────────────────────────

    async def _message(self, event: Json) -> None:
        team, said = self._team, event.get("message") or event
        channel, ts = str(event["channel"]), str(said.get("ts") or event.get("deleted_ts") or event["ts"])
        ours = team.here.is_us(said)
        team.watchdog.heard(channel, ts, own=ours)
        if ours and event.get("subtype") in hear.ORDINARY:
            return  # what we said ourselves, and nobody changed or deleted
        await team.people.meet(hear.people_in(event))
        if hear.is_direct(event) and not ours and said.get("user"):
            team.api.note_direct(str(said["user"]), channel)
            await team.people.person(str(said["user"]))  # what they may do, now: it may be a command
        told = hear.read_event(event, team.here, team.people)
        if told is None or (told.own and not told.deleted):
            return
        told = self._in_order(told, str(event.get("event_ts") or ts))
        raw = str(said.get("text") or "")
        line = (
            None
            if ours or told.deleted
            else hear.command_line_in(raw, team.here.user, direct=told.place.private)
        )
        asked = told.author is not None and not told.author.bot and event.get("subtype") != "message_changed"
        author = told.author if asked else None
        if line is not None and author is not None and await self._obey(author.id, told.place, ts, line):
            return
        reply: Reply = await team.core.hear(MessageReceived(told))
        if isinstance(reply, Card) and told.author is not None:
            team.background.send(team.replies.show(ReplyTarget(told.author.id, told.place), reply))
        if told.author is not None:
            team.homes.stir(told.author.id)

    def _in_order(self, told: Message, happened: str) -> Message:
        """Two edits within a second have the same time for Slack; the later one gets the later version."""
        key = (told.place.channel, told.id)
        before = self._versions.pop(key, None)
        if before is not None and before[1] < happened and told.version <= before[0] and not told.deleted:
            told = replace(told, version=before[0] + timedelta(microseconds=1))
        self._versions[key] = (told.version, happened) if before is None or before[1] < happened else before
        while len(self._versions) > EDITED:
            del self._versions[next(iter(self._versions))]
        return told

    async def _obey(self, id: str, place: Place, ts: str, line: str) -> bool:
        """Carry out a command in a message; false where it is none, for the core to answer."""
        team = self._team
        try:
            call = team.understand("", line)
        except Refusal:
            return False
        event = CommandInvoked(await team.people.person(id), place, call)
        if not await self._state.is_new_command(place.channel, ts):
            return True
        spot = ReplyTarget(id, place)
        reply = await (team.core.form(event) if call.opens else team.core.hear(event))
        if isinstance(reply, Form):
            team.background.send(team.replies.offer(spot, reply, line))
        elif isinstance(reply, Card):
            team.background.send(team.replies.show(spot, reply))
        team.homes.stir(id)
        return True

    async def _tell(self, event: Json, card: Card) -> None:
        """Give somebody back what could not be kept."""
        said = event.get("message") or event
        if said.get("user") and not self._team.here.is_us(said):
            place = hear.place_of(
                self._team.here, str(event["channel"]), str(said["ts"]), said, direct=hear.is_direct(event)
            )
            await self._team.replies.show(ReplyTarget(str(said["user"]), place), card)

    # ── everything else ───────────────────────────────────────────────────────

    async def _reaction(self, event: Json) -> None:
        item, user, team = event["item"], str(event["user"]), self._team
        if item.get("type") != "message" or user == team.here.user:
            return
        await team.people.meet((user,))
        person = team.people.who(user)
        if person is None:
            return
        channel = str(item["channel"])
        place = Place(team.here.space, channel, private=channel.startswith("D"))
        emoji = str(event["reaction"]).partition("::")[0]  # without the skin tone
        gone = event["type"] == "reaction_removed"
        author = str(event["item_user"]) if event.get("item_user") else None
        reply = await team.core.hear(ReactionChanged(person, place, str(item["ts"]), emoji, gone, author))
        if isinstance(reply, Card):
            team.background.send(self._answer_reaction(ReplyTarget(user, place), str(item["ts"]), reply))
        team.homes.stir(user)

    async def _answer_reaction(self, spot: ReplyTarget, message: str, card: Card) -> None:
        """Where the message is: a reaction does not say in which thread, so that is asked when there is an answer."""
        thread = await self._team.history.thread_of(spot.place, message)
        await self._team.replies.show(replace(spot, place=replace(spot.place, thread=thread)), card)

    async def _moved(self, event: Json) -> None:
        user, channel, team = str(event["user"]), str(event["channel"]), self._team
        left = event["type"] == "member_left_channel"
        if user == team.here.user:
            if not left:
                team.background.send(self._introduce(channel, invited=bool(event.get("inviter"))))
            return
        await team.people.meet((user,))
        person = team.people.who(user)
        if person is not None:
            await team.core.hear(PersonUpdated(person, channel, left))

    async def _introduce(self, channel: str, *, invited: bool) -> None:
        """We are in a channel from now on: say so where somebody let us in, and tell who is there."""
        await self._team.people.learn_channel(channel)
        if invited:
            await self._team.core.hear(BotInvited(Place(self._team.here.space, channel)))
        async for id in self._team.people.members_of(channel):
            await self._team.people.meet((id,))
            person = self._team.people.who(id)
            if person is not None and not person.bot:
                await self._team.core.hear(PersonUpdated(person, channel))

    async def _person(self, event: Json) -> None:
        user = event["user"]
        before, gone = self._team.people.who(str(user["id"])), bool(user.get("deleted"))
        person = self._team.people.note(user)
        if person.locale is None and not gone:  # an event does not tell in which language to write to them
            with suppress(PlatformError):
                person = await self._team.people.person(person.id)
        changed = gone or person != before  # a new status or picture is a change for Slack, and none for us
        if changed and person.id != self._team.here.user:
            await self._team.core.hear(PersonUpdated(person, left=gone))

    async def _renamed(self, event: Json) -> None:
        self._team.people.name_channel(str(event["channel"]["id"]), str(event["channel"]["name"]))

    async def _groups(self, _event: Json) -> None:
        concerned = await self._team.people.regroup()
        await self._team.people.meet(concerned)
        for id in concerned:
            if (person := self._team.people.who(id)) is not None:
                await self._team.core.hear(PersonUpdated(person))

    async def _home(self, event: Json) -> None:
        if event.get("tab", "home") == "home":
            self._team.background.send(self._team.homes.open(str(event["user"])))

    async def _left(self, event: Json) -> None:
        if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
            await self._team.core.hear(SpaceRemoved(self._team.here.space))
