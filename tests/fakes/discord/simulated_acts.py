"""What people do on simcord, under the names the fake has for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from simcord.actors import MemberActor
from simcord.backend.errors import BackendError, SetupError
from simcord.backend.models import AllowedMentions, Message
from simcord.builders import ChannelHandle, GuildHandle, UserHandle
from simcord.results import InteractionResult, ResponseMessage

from tests.fakes.discord.component_limits import SELECTS, walk
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.simulated_sights import Handle, SimulatedSights

Json = dict[str, Any]
GLANCE = 0.001
"""Seconds between two looks at whether the client has come to rest."""
KINDS = {"message": 4, "deferred": 5, "deferred_update": 6, "update": 7, "autocomplete": 8, "modal": 9}


@dataclass(frozen=True)
class Asked:
    """What became of an interaction, with the fields the fake's has."""

    result: InteractionResult

    @property
    def acked(self) -> int | None:
        kind = self.result._interaction.response_kind
        # A deferral whose message was filled in since counts as a message to simcord.
        return KINDS.get(str(kind)) if kind is not None else None

    @property
    def failed(self) -> bool:
        return not self.result.acknowledged

    @property
    def ephemeral(self) -> bool:
        return self.result.ephemeral

    @property
    def modal(self) -> Json | None:
        return self.result.modal


class SimulatedActs(SimulatedSights):
    async def settle(self) -> None:
        """Until the client has finished what it began, its login included."""
        async with self.attaching:
            await self._env.settle(idle=GLANCE)

    # ── people ────────────────────────────────────────────────────────────────

    async def say(
        self,
        user: UserHandle,
        place: ChannelHandle,
        text: str,
        *,
        reply_to: Handle | None = None,
        ping: bool = False,
        files: dict[str, bytes] | None = None,
    ) -> Json:
        perm = "send_messages_in_threads" if place.is_thread else "send_messages"
        reference = None
        try:
            self.backend.require_permissions(place._channel.guild_id, user.id, place.id, perm)
            if reply_to is not None:
                wanted = {"channel_id": str(place.id), "message_id": str(self.find(reply_to).id)}
                reference = self.backend.normalize_message_reference(place.id, wanted)
            message = self.backend.create_message(
                place.id,
                user.id,
                text,
                reference=reference,
                attachments=self.backend.store_attachments(place.id, list((files or {}).items())),
                allowed_mentions=AllowedMentions(replied_user=ping),
            )
        except BackendError as error:
            raise Impossible(str(error)) from error
        await self.settle()
        return self.shown(message)

    async def reply(self, user: UserHandle, message: Handle, text: str, *, ping: bool = True) -> Json:
        place = self._place(self.find(message).channel_id)
        return await self.say(user, place, text, reply_to=message, ping=ping)

    async def edit(self, user: UserHandle, message: Handle, text: str) -> Json:
        found = self._own(user, message)
        self.backend.edit_message(found.channel_id, found.id, {"content": text})
        await self.settle()
        return self.shown(found)

    async def delete(self, user: UserHandle, message: Handle) -> None:
        found = self.find(message)
        if found.author_id != user.id:
            guild_id = self.backend.get_channel(found.channel_id).guild_id
            self.backend.require_permissions(guild_id, user.id, found.channel_id, "manage_messages")
        self.backend.delete_message(found.channel_id, found.id)
        await self.settle()

    async def react(self, user: UserHandle, message: Handle, emoji: str) -> None:
        found = self.find(message)
        self.backend.set_reaction(found.channel_id, found.id, emoji, user.id, True)
        await self.settle()

    async def unreact(self, user: UserHandle, message: Handle, emoji: str) -> None:
        found = self.find(message)
        self.backend.remove_reaction(found.channel_id, found.id, emoji, user.id)
        await self.settle()

    async def join(self, user: UserHandle, guild: GuildHandle) -> None:
        guild.add_member(user)
        await self.settle()

    async def leave(self, user: UserHandle, guild: GuildHandle) -> None:
        self.backend.remove_member(guild.id, user.id)
        await self.settle()

    async def rename(self, user: UserHandle, guild: GuildHandle, nick: str) -> None:
        self.backend.edit_member(guild.id, user.id, {"nick": nick})
        await self.settle()

    async def open_dm(self, user: UserHandle) -> ChannelHandle:
        return user.dm_channel

    async def start_thread(self, user: UserHandle, where: Handle | ChannelHandle, name: str) -> ChannelHandle:
        if isinstance(where, ChannelHandle):
            thread = self.backend.create_thread(where.id, name, user.id)
        else:
            found = self.find(where)
            thread = self.backend.create_thread(found.channel_id, name, user.id, message_id=found.id)
        await self.settle()
        return self._place(thread.id)

    # ── asking ────────────────────────────────────────────────────────────────

    async def slash(self, user: UserHandle, place: ChannelHandle, command: str, /, **options: Any) -> Asked:
        actor = self._actor(user, place)
        name = command.removeprefix("/")
        options = {k: self._as_member(v, place) for k, v in options.items()}
        with _impossible():
            if isinstance(actor, MemberActor):
                return self._asked(user, await actor.slash(place, name, **options))
            return self._asked(user, await actor.slash(name, **options))

    async def autocomplete(
        self, user: UserHandle, place: ChannelHandle, command: str, option: str, text: str, /, **options: Any
    ) -> list[tuple[str, Any]]:
        actor = self._actor(user, place)
        where = (place,) if isinstance(actor, MemberActor) else ()
        with _impossible():
            found = await actor.autocomplete(*where, command, option, text, **options)
        return [(c["name"], c["value"]) for c in found]

    async def context_menu(
        self, user: UserHandle, name: str, target: Handle | UserHandle, place: ChannelHandle | None = None
    ) -> Asked:
        if isinstance(target, UserHandle):
            assert place is not None, "say in which channel the person was clicked"
            aim: Any = self._actor(target, place)
        else:
            found = self.find(target)
            place, aim = self._place(found.channel_id), ResponseMessage(self._env, found)
        actor = self._actor(user, place)
        assert isinstance(actor, MemberActor), "simcord has context menus in servers only"
        with _impossible():
            return self._asked(user, await actor.context_menu(place, name, aim))

    async def press(self, user: UserHandle, message: Handle, button: str) -> Asked:
        found = self.find(message)
        part = _part(found.components, button, (2,))
        actor = self._actor(user, self._place(found.channel_id))
        with _impossible():
            aim = ResponseMessage(self._env, found)
            return self._asked(user, await actor.click(aim, custom_id=part.get("custom_id") or button))

    async def choose(self, user: UserHandle, message: Handle, select: str, *values: Any) -> Asked:
        found = self.find(message)
        part = _part(found.components, select, SELECTS)
        place = self._place(found.channel_id)
        actor = self._actor(user, place)
        chosen = _options(part, values) if part["type"] == 3 else [self._as_member(v, place) for v in values]
        with _impossible():
            aim = ResponseMessage(self._env, found)
            return self._asked(user, await actor.select(aim, chosen, custom_id=part["custom_id"]))

    async def submit(self, user: UserHandle, values: Json | None = None, /, **more: Any) -> Asked:
        if user.id not in self._modals:
            raise Impossible(f"{user.name} has no form open")
        shown, modal = self._modals[user.id]
        place = self._place(shown._interaction.channel_id)
        given = _by_custom_id(modal, {**(values or {}), **more})
        given = {k: self._as_member(v, place) for k, v in given.items()}
        actor = self._actor(user, place)
        with _impossible():
            result = await actor.submit_modal(shown, given)
        del self._modals[user.id]
        return self._asked(user, result)

    async def dismiss(self, user: UserHandle) -> None:
        self._modals.pop(user.id, None)

    # ── inside ────────────────────────────────────────────────────────────────

    def _own(self, user: UserHandle, message: Handle) -> Message:
        found = self.find(message)
        if found.author_id != user.id:
            raise Impossible("people edit their own messages only")
        return found

    def _actor(self, user: UserHandle, place: ChannelHandle) -> Any:
        return user if place.guild is None else MemberActor(self._env, place.guild, user)

    def _as_member(self, value: Any, place: ChannelHandle) -> Any:
        """simcord tells of a person's membership only when given their member."""
        if isinstance(value, list | tuple):
            return [self._as_member(v, place) for v in value]
        here = isinstance(value, UserHandle) and place.guild is not None
        return MemberActor(self._env, place.guild, value) if here and place.guild else value

    def _asked(self, user: UserHandle, result: InteractionResult) -> Asked:
        if (modal := result.modal) is not None:
            self._modals[user.id] = (result, modal)
        return Asked(result)


@contextmanager
def _impossible() -> Iterator[None]:
    """What simcord's actors refuse is what a person could not do."""
    try:
        yield
    except (SetupError, BackendError) as error:
        raise Impossible(str(error)) from error


def _part(components: list[Json], name: str, kinds: tuple[int, ...]) -> Json:
    parts = [p for _, p in walk(components) if p["type"] in kinds]
    for key in ("custom_id", "label", "placeholder"):
        for part in parts:
            if part.get(key) == name:
                return part
    offered = [p.get("label") or p.get("placeholder") or p.get("custom_id") for p in parts]
    raise Impossible(f"there is no {name!r} on this message, only {offered}")


def _options(part: Json, wanted: Any) -> list[str]:
    found = []
    for one in wanted:
        match = next((o["value"] for o in part["options"] if one in (o["value"], o["label"])), None)
        if match is None:
            raise Impossible(f"{one!r} is no option: {[o['label'] for o in part['options']]}")
        found.append(match)
    return found


def _by_custom_id(modal: Json, values: Json) -> Json:
    """Values of a form by custom id, whether they were given by that or by label; options by value.

    What was left alone keeps what the form shows.
    """
    left, found = dict(values), {}
    for part in modal["components"]:
        field = part.get("component") or (part.get("components") or [{}])[0]
        names = (field.get("custom_id"), part.get("label"), field.get("label"))
        key = next((k for k in names if k in left), None)
        given = left.pop(key) if key is not None else _kept(field)
        if given is None:
            continue
        if field["type"] in (3, 21, 22):
            chosen = _options(field, _several(given))
            given = (chosen or [None])[0] if field["type"] == 21 else chosen
        elif field["type"] in SELECTS:
            given = _several(given)
        found[field["custom_id"]] = given
    if left:
        raise Impossible(f"the form {modal['title']!r} does not ask for {sorted(left)}")
    return found


def _kept(field: Json) -> Any:
    """What a field holds before anybody has touched it; None where that is nothing."""
    if field.get("options"):
        chosen = [o["value"] for o in field["options"] if o.get("default")]
        return chosen or None
    return field.get("value")


def _several(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else [given]
