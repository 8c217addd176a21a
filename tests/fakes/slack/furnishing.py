"""Furnishing a workspace: nothing here tells the bot anything, unless it says so."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.heard import Heard
from tests.fakes.slack.methods import chat, people
from tests.fakes.slack.world import Json, StoredFile

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Furnishing:
    """The part of the server with people, channels and what can be looked at."""

    def person(self: FakeSlack, name: str, **facts: Any) -> str:
        """Somebody who is already there; facts are the fields of `Person` (admin, tz, display_name, guest, …)."""
        return self.world.add_person(name, **facts).id

    async def arrive(self: FakeSlack, name: str, **facts: Any) -> tuple[str, Heard]:
        """Somebody new, told with team_join."""
        person = self.world.add_person(name, **facts)
        shown = person.to_json(self.team, self.clock.now())
        return person.id, await self.emit({"type": "team_join", "user": shown})

    async def change_person(self: FakeSlack, user: str, **facts: Any) -> Heard:
        """Something about somebody changes (admin, deleted, tz, …), told with user_change."""
        person = self.world.people[user]
        for name, value in facts.items():
            setattr(person, name, value)
        person.updated = self.world.seconds()
        for channel in self.world.channels.values():
            if channel.kind == "im" and user in channel.members:
                channel.archived = person.deleted
        shown = person.to_json(self.team, self.clock.now())
        return await self.emit({"type": "user_change", "user": shown, "cache_ts": person.updated})

    def channel(
        self: FakeSlack,
        name: str,
        members: Iterable[str] = (),
        *,
        private: bool = False,
        bot: bool = True,
        archived: bool = False,
    ) -> str:
        """A channel that is already there, with the bot in it unless `bot=False`."""
        inside = [*members, *([self.bot] if bot else [])]
        made = self.world.add_channel(name, "group" if private else "channel", inside, next(iter(inside), ""))
        made.archived = archived
        return made.id

    def dm(self: FakeSlack, *users: str) -> str:
        """The direct message of these people with the bot."""
        return self.world.direct(*users).id

    def group(self: FakeSlack, name: str, users: Iterable[str]) -> str:
        """A user group."""
        return str(people.add_group(self, name, name.lower().replace(" ", "-"), list(users))["id"])

    async def archive(self: FakeSlack, channel: str, by: str = "") -> Heard:
        self.world.channels[channel].archived = True
        return await self.emit({"type": "channel_archive", "channel": channel, "user": by})

    async def rename(self: FakeSlack, channel: str, name: str) -> Heard:
        found = self.world.channels[channel]
        found.name = name
        about = {"id": channel, "name": name, "created": found.created}
        kind = "channel_rename" if found.kind == "channel" else "group_rename"
        return await self.emit({"type": kind, "channel": about})

    # ── to look at ────────────────────────────────────────────────────────────

    def _seen(self: FakeSlack, channel: str, messages: list[Json]) -> list[Json]:
        found = self.world.channels[channel]
        return [self.world.shown(found, m, metadata=True) | {"channel": channel} for m in messages]

    def messages(self: FakeSlack, channel: str) -> list[Json]:
        """What stands in a channel itself, oldest first, each with its `channel`."""
        return self._seen(channel, self.world.roots(self.world.channels[channel]))

    def replies(self: FakeSlack, channel: str, ts: str) -> list[Json]:
        """What stands in a thread, oldest first, without its root."""
        return self._seen(channel, self.world.replies(self.world.channels[channel], ts))

    def message(self: FakeSlack, channel: str, ts: str) -> Json:
        """One message as it is now."""
        return self._seen(channel, [self.world.channels[channel].messages[ts]])[0]

    def ephemerals(self: FakeSlack, user: str) -> list[Json]:
        """What only this person sees, oldest first, each with its `channel`."""
        return copy.deepcopy(self.world.ephemerals.get(user, []))

    def pins(self: FakeSlack, channel: str) -> list[str]:
        """The ts of what is pinned, oldest first."""
        return list(self.world.channels[channel].pins)

    def file(self: FakeSlack, key: str) -> StoredFile:
        return self.world.files[key]

    def names(self: FakeSlack) -> dict[str, str]:
        """The names people read, by id."""
        return {p.id: p.shown for p in self.world.people.values()} | {
            c.id: c.name for c in self.world.channels.values()
        }

    # ── raw events ────────────────────────────────────────────────────────────

    def events(self: FakeSlack, kind: str | None = None) -> list[Json]:
        """The wrappers of all events so far that were meant for the app, oldest first."""
        return [w for w in self.delivery.sent if kind in (None, w["event"]["type"])]

    async def emit(self: FakeSlack, event: Json) -> Heard:
        """Any event, if the app has subscribed to it."""
        event = {"event_ts": self.world.ts()} | event
        if not self.manifest.hears(event):
            return Heard()
        return Heard((await self.delivery.wrapped(self.delivery.wrap(event)),))

    async def redeliver(self: FakeSlack, wrapper: Json | None = None, attempt: int = 1) -> Heard:
        """An event once more, with the same event_id, as a retry; the last one by default."""
        payload = wrapper or self.delivery.sent[-1]
        return Heard((await self.delivery.again(payload, attempt),))

    async def redeliver_untaken(self: FakeSlack) -> Heard:
        """Every event that no try has brought home, lost ones too, once more."""
        taken = {event_id for event_id, _, ack in self.delivery.tries if ack.ok}
        missed = [w for w in self.delivery.sent if w["event_id"] not in taken]
        return Heard(tuple([await self.delivery.again(wrapper, 1) for wrapper in missed]))

    async def run_scheduled(self: FakeSlack) -> None:
        """Post what chat.scheduleMessage has put off and is due by the clock."""
        chat.post_due(self)

    def stop_failing(self: FakeSlack) -> None:
        """Forget every fault and limit; events and acks come through again."""
        self.faults.clear_all()
        self.delivery.events_to_lose, self.delivery.acks_to_lose = 0, 0
