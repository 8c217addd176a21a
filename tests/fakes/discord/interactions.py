"""What a person asks of the bot by command, button or form, and what became of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes, speech
from tests.fakes.discord.permissions import in_channel
from tests.fakes.discord.world import Channel, Message, User

if TYPE_CHECKING:
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
LIFETIME = timedelta(minutes=15)


@dataclass(eq=False)
class Interaction:
    """One gesture of a person. `acked` is the type of the bot's first answer, None while there is none."""

    id: int
    token: str
    kind: int
    user: User
    place: Channel
    created: datetime
    data: Json
    name: str = ""
    source: Message | None = None
    """The message whose button or select it was, or from which its form was opened."""
    acked: int | None = None
    took: float | None = None
    """Real seconds until the first answer."""
    ephemeral: bool = False
    """Decided by the first answer; a deferral fixes it for the first follow-up."""
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    failed: bool = False
    """True when the person was told that the application did not respond."""
    started: float = field(default_factory=time.monotonic)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def said(self) -> list[Message]:
        """Messages that answered it, oldest first."""
        own = [] if self.original is None or self.original is self.source else [self.original]
        return own + self.followups

    def ack(self, kind: int) -> None:
        self.acked, self.took = kind, time.monotonic() - self.started
        self.done.set()


class Asked:
    """All interactions, by id and by token, and the form each person has open."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self.all: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.open_modals: dict[int, tuple[Interaction, Json]] = {}
        """The interaction that opened a form, and the form, by the id of the person who has it open."""

    @property
    def waiting(self) -> list[Interaction]:
        """Those that can still be answered."""
        return [i for i in self.all.values() if i.acked is None and not i.failed and not self.too_late(i)]

    def new(
        self,
        kind: int,
        user: User,
        place: Channel,
        data: Json,
        *,
        source: Message | None = None,
        name: str = "",
    ) -> Interaction:
        """Make an interaction and tell the bot of it."""
        world = self._rig.world
        id = world.ids.next()
        token = f"token-of-interaction-{id}"
        it = Interaction(id, token, kind, user, place, world.now(), data, name, source)
        self.all[id] = self.by_token[token] = it
        self._rig.news.interaction(self._payload(it), place.guild_id)
        return it

    def too_late(self, it: Interaction) -> bool:
        """Whether the time for a first answer has passed, by the world's clock or in reality."""
        limit = self._rig.answer_within
        real = time.monotonic() - it.started
        return self._rig.world.now() - it.created > limit or real > limit.total_seconds()

    def _payload(self, it: Interaction) -> Json:
        world, place = self._rig.world, it.place
        shape: Json = {
            "id": str(it.id),
            "application_id": str(world.app_id),
            "type": it.kind,
            "token": it.token,
            "version": 1,
            "data": it.data,
            "channel_id": str(place.id),
            "channel": shapes.partial_channel(world, place, it.user.id),
            "app_permissions": str(in_channel(world, place, world.bot.id)),
            "locale": self._rig.locales.get(it.user.id, "en-US"),
            "entitlements": [],
            "context": 1 if place.guild_id is None else 0,
            "authorizing_integration_owners": {"0": str(place.guild_id or 0)},
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if place.guild_id is None:
            shape["user"] = shapes.user(it.user)
        else:
            guild = world.guilds[place.guild_id]
            shape |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
                "guild_locale": guild.locale,
                "member": shapes.interaction_member(world, guild, guild.members[it.user.id], place),
            }
        if it.source is not None:
            shape["message"] = speech.message(world, it.source)
        return shape

    def metadata(self, it: Interaction) -> Json:
        """`interaction_metadata` of a message that answers it."""
        shape: Json = {
            "id": str(it.id),
            "type": it.kind,
            "user": shapes.user(it.user),
            "authorizing_integration_owners": {"0": str(it.place.guild_id or 0)},
        }
        if it.kind == COMMAND:
            shape["name"] = it.name
        elif it.kind == COMPONENT and it.source is not None:
            shape["interacted_message_id"] = str(it.source.id)
        return shape
