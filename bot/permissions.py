"""Permissions: who asks, with which role, and whether that is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.events import ButtonPressed, ShortcutUsed
from bot.chat.language import _, speak
from bot.chat.models import Person, Place, Refusal, Role, clean_text, role_refusal
from bot.feature import Request
from bot.people import accounts, channel_members, departures
from bot.people import tables as people
from bot.people.roles import RoleSources
from bot.people.tables import Community
from bot.runtime.clock import Clock
from bot.store.store import Store

OWN_DATA = frozenset(
    {"my data mirror", "my data export", "my data delete", "my.mirror", "my.export", "my.delete"}
)
"""What somebody may do about their own data also after they have left: commands, buttons and a form."""


class Permissions:
    """Makes the request of whoever asks, who is met at first sight, and refuses a role that is too low."""

    def __init__(
        self, store: Store, clock: Clock, roles: RoleSources, home_of: Callable[[Connection, str], Community | None]
    ) -> None:  # fmt: skip
        """`home_of` finds the community of a space."""
        self._store, self._clock, self._roles, self.home_of = store, clock, roles, home_of

    def role_of(self, person: Person) -> Role:
        """Return what somebody may do, from the platform's own facts."""
        return self._roles.of(person)

    def request(self, conn: Connection, person: Person, place: Place) -> Request | None:
        """Return the request of a person; None where no community is at home."""
        now = self._clock.now()
        home = self.home_of(conn, person.space)
        if home is None:
            return None
        member = accounts.member_of(conn, person, home, now)
        channel_members.note_activity(conn, person, place, home.id)
        return Request(home, member, self.role_of(person), person, place, now)

    def known_request(self, conn: Connection, person: Person, place: Place) -> Request | None:
        """The same, writing nothing; None where there is something to store of the person first."""
        home = people.community_of(conn, person.space)
        member = accounts.known_member(conn, person, home) if home is not None else None
        if home is None or member is None or not channel_members.is_noted(conn, person, place):
            return None
        return Request(home, member, self.role_of(person), person, place, self._clock.now())

    async def _find_request(self, person: Person, place: Place) -> Request | None:
        """The request of a person. Nearly everybody is known as they are: then nobody waits for what others write."""
        # What they told before they asked is kept before they are answered.
        if not self._store.waits_for(person.account):
            known = await self._store.read(lambda conn: self.known_request(conn, person, place))
            if known is not None:
                return known
        return await self._store.write(lambda conn: self.request(conn, person, place))

    async def has_left(self, person: Person) -> bool:
        """Whether somebody was a member and has left the space."""
        known = await self._store.read(lambda conn: departures.account_now(conn, person.space, person.id))
        return known is not None and known[1]

    async def allow(self, person: Person, place: Place, needed: Role, about: str = "") -> Request:
        """Return the request of a person who has the role; raises `Refusal` that names the role to others.

        `about` is the command, button or form; whoever has left still has a say about their own data.
        """
        request = await self._find_request(person, place)
        if request is None:
            raise Refusal(
                _("This space does not belong to a community yet."), _("Ask your Tilth admin to add it.")
            )
        speak(request.member.locale)
        await self.require(request, needed, about)
        return request

    async def require(self, request: Request, needed: Role, about: str = "") -> None:
        """Raise the refusal of `allow` where whoever asks lacks the role."""
        if request.role < needed and not (about in OWN_DATA and await self.has_left(request.person)):
            raise role_refusal(needed)


def press(request: Request, event: ButtonPressed | ShortcutUsed) -> Request:
    """Add the state of a button to a request, or the message that a shortcut was used on."""
    if isinstance(event, ButtonPressed):
        return replace(request, value=clean_text(event.value), message=event.message)
    if event.message is None:
        return request
    about = replace(event.message, text=clean_text(event.message.text))
    return replace(request, about=about, message=about.id)


def clean_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return values as they came in, with texts that every database can hold."""
    return {name: clean_text(value) if isinstance(value, str) else value for name, value in values.items()}
