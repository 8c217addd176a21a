"""Roles: the platform's facts about a person, read by the rules in the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bot.chat.models import Person, Role, platform_of


@dataclass(frozen=True, slots=True)
class RoleSources:
    """The facts that make an admin or a moderator.

    Each is `<platform or space>:<fact>`: `local:moderator`, or `id:<platform id>` behind a space key for listed
    people. Facts come from the platform with every event, so a demotion counts from the next thing a person does.
    """

    admins: frozenset[str]
    moderators: frozenset[str]
    chosen: Callable[[], frozenset[str]] = frozenset
    """The facts that admins chose in chat beside the settings (`bot/people/chosen.py`)."""

    def of(self, who: Person) -> Role:
        """The role of an account, now."""
        if who.bot or who.stranger:
            return Role.STRANGER
        claims = _list_claims(who.space, who.id, frozenset(who.facts))
        if claims & self.admins:
            return Role.ADMIN
        if claims & self.moderators or claims & self.chosen():
            return Role.MODERATOR
        return Role.MEMBER


@lru_cache(maxsize=1024)
def _list_claims(space: str, id: str, facts: frozenset[str]) -> frozenset[str]:
    """What the settings may call an account; remembered, for whoever says something says more."""
    told = (*facts, f"id:{id}")
    return frozenset(f"{by}:{fact}" for by in (platform_of(space), space) for fact in told)
