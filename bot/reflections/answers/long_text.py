"""A long text in several fields of a form, and the fields as one text again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.forms import LONGEST

_JOINTS = {"p": "\n\n", "l": "\n", "s": " ", "x": ""}
"""What stood between two pieces, by the letter that a form carries for it: paragraphs, lines, words, or nothing."""


@dataclass(frozen=True, slots=True)
class FormShape:
    """Which fields an answer form has beside its questions. It travels in the form's value: `o57/wps12`.

    `words` is a field for what belongs to no question; `joints` has a letter for each further piece of the long text;
    `follow_ups` are the numbers of the follow-ups in it, a digit each.
    """

    words: bool = False
    joints: str = ""
    follow_ups: str = ""

    def write(self, ref: str) -> str:
        """The value of a form about `ref` with this shape."""
        return f"{ref}/{'w' if self.words else ''}{self.joints}{self.follow_ups}"


def read_shape(value: str) -> FormShape | None:
    """The shape that a form's value carries; None for a value that is no opened form's."""
    _, slash, shape = value.partition("/")
    letters = "".join(letter for letter in shape if letter in _JOINTS)
    digits = "".join(letter for letter in shape if letter.isdecimal())
    return FormShape("w" in shape, letters, digits) if slash else None


def split_text(text: str) -> tuple[tuple[str, ...], str]:
    """A text in pieces that each fit a field, cut between paragraphs, lines or words; and a letter for each cut."""
    pieces: list[str] = []
    joints = ""
    while (room := _room(text)) < len(text):
        at, letter = _cut(text, room)
        pieces.append(text[:at])
        joints += letter
        text = text[at + len(_JOINTS[letter]) :]
    return (*pieces, text), joints


def _cut(text: str, room: int) -> tuple[int, str]:
    """Where a text is cut so that its head fits, and the letter for what stood there."""
    for letter, between in _JOINTS.items():
        at = text.rfind(between, 0, room + len(between)) if between else room
        if at > room // 2:
            return at, letter
    return room, "x"


def _room(text: str) -> int:
    """How many characters of a text fit a field: platforms count UTF-16 units, of which an emoji has two."""
    room = min(len(text), LONGEST)
    while (units := len(text[:room].encode("utf-16-le", "surrogatepass")) // 2) > LONGEST:
        room -= (units - LONGEST + 1) // 2
    return room


def piece_name(name: str, number: int) -> str:
    """The field of a piece: the first has the name itself."""
    return f"{name}.{number}" if number else name


def join_fields(values: Mapping[str, object], name: str, joints: str) -> str | None:
    """What was written in a field and its further pieces, as one text; None when nothing was."""
    found = [(joint, values.get(piece_name(name, n))) for n, joint in enumerate(joints, 1)]
    whole = str(values.get(name) or "")
    for joint, more in found:
        if more:
            whole = f"{whole}{_JOINTS[joint]}{more}" if whole else str(more)
    return whole or None
