"""The people of a workspace that Slack told of lately: a bounded number, the longest unseen left out first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.chat.models import Person

MOST = 20_000
"""How many are remembered, in about five megabytes; whoever is left out is asked for again when they come."""
TENTH = 10
"""What part is left out at once."""
TALKING = 500
"""How many are kept ready made, because they say something again soon."""
_BETWEEN = "\x1f"


class KnownPeople:
    """People by their id, each with when Slack told of them.

    Somebody is one line of text, which takes a third of the memory that a `Person` with its parts does.
    """

    def __init__(self, space: str, most: int = MOST) -> None:
        self._space, self._most = space, most
        self._rows: dict[str, str] = {}
        self._talking: dict[str, tuple[Person, float]] = {}
        """Those who are found again and again, ready made."""

    def __contains__(self, id: str) -> bool:
        return id in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def names(self) -> Iterator[tuple[str, str]]:
        """The id and name of everybody who is remembered."""
        return ((id, row.split(_BETWEEN, 5)[5]) for id, row in self._rows.items())

    def find(self, id: str) -> tuple[Person, float] | None:
        """Somebody, with when that was told; they are remembered for longer now."""
        ready = self._talking.get(id)
        if ready is not None:
            return ready
        row = self._rows.pop(id, None)
        if row is None:
            return None
        self._rows[id] = row  # the last one now
        at, flags, facts, zone, locale, name = row.split(_BETWEEN, 5)
        person = Person(
            self._space, id, name, frozenset(facts.split()), stranger="s" in flags, bot="b" in flags,
            zone=zone or None, locale=locale or None,
        )  # fmt: skip
        if len(self._talking) >= TALKING:
            self._talking.clear()
        self._talking[id] = ready = (person, float(at))
        return ready

    def remember(self, person: Person, at: float) -> None:
        """Know somebody as they are now, in place of those who were not seen for the longest."""
        flags = ("s" if person.stranger else "") + ("b" if person.bot else "")
        facts = " ".join(sorted(person.facts))
        row = (repr(at), flags, facts, person.zone or "", person.locale or "", person.name)
        self._rows.pop(person.id, None)
        self._talking.pop(person.id, None)
        self._rows[person.id] = _BETWEEN.join(row)
        if len(self._rows) > self._most:
            for id in list(islice(self._rows, max(1, self._most // TENTH))):
                del self._rows[id]
                self._talking.pop(id, None)
