"""Whose an e-mail address is, as the platforms of a community say; addresses come with tables that are imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from bot.chat.models import platform_of
from bot.chat.port import Adapter, PlatformError


@dataclass(frozen=True, slots=True)
class AddressBook:
    """Who has which e-mail address, as the platforms said just now: (space, id) by address.

    `shown`: whether any of them shows addresses. `away`: one of them could not be asked. Nothing of it is stored.
    """

    people: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shown: bool = False
    away: bool = False


async def ask_addresses(
    adapters: Mapping[str, Adapter], spaces: Iterable[str], emails: Collection[str]
) -> AddressBook:
    """Ask the platforms of these spaces who has these addresses."""
    found: dict[str, tuple[str, str]] = {}
    shown = away = False
    for space in spaces:
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
