"""Whose an e-mail address is, as the platforms of a community say; addresses come with tables that are imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.chat.models import platform_of
from bot.chat.port import Adapter, PlatformError
from bot.people.tables import spaces
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Who has which e-mail address, as the platforms said just now: (space, id) by address.

    `shown`: whether any of them shows addresses. `away`: one of them could not be asked. Nothing of it is stored.
    """

    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shown: bool = False
    away: bool = False


async def ask_addresses(
    store: Store, adapters: Mapping[str, Adapter], community_id: int, emails: Collection[str], first: str = ""
) -> AddressBook:
    """Ask the platforms of a community's spaces who has these addresses, that of the space `first` before the others."""
    if not emails:
        return AddressBook()
    there = await store.read(partial(spaces, community_id=community_id))
    found: dict[str, tuple[str, str]] = {}
    shown = away = False
    for space in sorted(there, key=lambda one: one != first):
        adapter = adapters.get(platform_of(space))
        left = [one for one in emails if one not in found]
        if adapter is None or not left:
            continue
        try:
            said = await adapter.match_emails(space, left)
        except PlatformError:
            away = True
        else:
            shown = shown or said is not None
            found |= {email: (space, person) for email, person in (said or {}).items()}
    return AddressBook(found, shown, away)
