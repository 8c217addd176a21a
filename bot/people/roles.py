"""Roles: the platform's facts about a person, read by the rules in the settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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
        claims = set(_claims(who))
        if claims & self.admins:
            return Role.ADMIN
        if claims & self.moderators or claims & self.chosen():
            return Role.MODERATOR
        return Role.MEMBER


def _claims(who: Person) -> Iterable[str]:
    platform = platform_of(who.space)
    for fact in (*who.facts, f"id:{who.id}"):
        yield f"{platform}:{fact}"
        yield f"{who.space}:{fact}"
