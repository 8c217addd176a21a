"""What our messages carry unseen: the marker by which they are found again, and what their buttons do.

Discord keeps a number of our choice with every component (`id`, 32 bits, docs components/reference) and gives it
back in the history; a nonce it does not. So the marker of a message is told by the numbers of its container and of
the container's first child: 60 bits of the marker's hash. A button keeps 100 characters (`custom_id`), which a
button of ours may need to the last; whether it does something or opens a form is told by what stands between its
id and its value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Mark = tuple[int, int]
LONGEST = 100
"""Characters of a custom id."""
_OPENS = ">)]}^"
_DOES = ":;,!~"
"""Several of each, because a custom id must be alone in its message, and two buttons may mean the same."""


def make_mark(marker: str) -> Mark:
    """The two numbers that carry a marker."""
    digest = sha256(marker.encode()).digest()
    first, second = (int.from_bytes(digest[at : at + 4]) % 2**30 + 2**30 for at in (0, 4))
    return first, second if second != first else first ^ 1


def read_mark(components: Sequence[Mapping[str, Any]]) -> Mark | None:
    """The numbers that a message of ours carries, as Discord tells it; None when it is not built like ours."""
    box = components[0] if components else {}
    inside = box.get("components") or ()
    if box.get("type") != 17 or not inside:
        return None
    found = (box.get("id"), inside[0].get("id"))
    return found if isinstance(found[0], int) and isinstance(found[1], int) else None  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class ComponentState:
    """A button as it comes back."""

    id: str
    value: str
    opens: bool


class Ids:
    """Gives every button and select of one card a custom id of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, id: str, value: str, *, opens: bool) -> str:
        """The custom id; raises `ValueError` when it would be too long, or a sixth one for the same."""
        for between in _OPENS if opens else _DOES:
            wanted = f"{id}{between}{value}"
            if len(wanted) > LONGEST:
                raise ValueError(f"{id} carries {len(wanted)} characters; {LONGEST} fit")
            if wanted not in self._taken:
                self._taken.add(wanted)
                return wanted
        raise ValueError(f"a card may have {len(_DOES)} buttons that mean {id}, not more")


def read_pressed(custom_id: str) -> ComponentState:
    """What a custom id of ours means."""
    for at, char in enumerate(custom_id):
        if char in _OPENS or char in _DOES:
            return ComponentState(custom_id[:at], custom_id[at + 1 :], char in _OPENS)
    return ComponentState(custom_id, "", opens=False)
