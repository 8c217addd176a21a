"""The people and channels of the pretend platform by name, for whoever types `@Ada` or `#staffroom`."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.local.world import World


@dataclass(frozen=True, slots=True)
class LocalPeople:
    """Looks names up in a world; implements `bot.chat.parsing.values.Names`. An id is a name too."""

    world: World

    def member(self, text: str) -> str | None:
        people = [(one.id, one.name) for one in self.world.people.values()]
        return _match_name(text, people)

    def channel(self, text: str) -> str | None:
        channels = [(one.id, one.name) for one in self.world.channels.values() if one.direct is None]
        return _match_name(text, channels)

    def group(self, text: str) -> str:
        """The pretend platform has no groups: any name is one."""
        return text


def _match_name(text: str, named: list[tuple[str, str]]) -> str | None:
    """The whole name first; then a first name, if only one person has it."""
    wanted = text.casefold()
    whole = [id for id, name in named if wanted in (id.casefold(), name.casefold())]
    first = [id for id, name in named if wanted == name.casefold().partition(" ")[0]]
    found = whole or first
    return found[0] if len(found) == 1 else None
