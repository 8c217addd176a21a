"""What somebody says of how something goes: done, moved to another day, or stuck, with what they say beside it.

Only what is clear is read: "done", "done: 30 copies", "we moved it to Friday", "stuck, no room". A question says nothing, and
neither does "not done".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.chat.time.date_parser import take_day
from bot.chat.time.days import Day
from bot.intents.sentences import split_words
from bot.intents.substance import read_words


class ProgressWord(StrEnum):
    """How something goes."""

    DONE = "done"
    STARTED = "started"
    MOVED = "moved"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """How something goes, the `day` it moved to, and the `line` that was said beside it, perhaps "".

    `loose`: it stands among other words, so it may be said of something else where it answers nothing.
    """

    progress: ProgressWord
    line: str = ""
    day: Day | None = None
    loose: bool = False


_SAID: Final = read_words(Path(__file__).with_suffix(".txt"))
_BESIDE: Final = _SAID["beside"]
"""Words that may stand beside one of those below, and say nothing else."""
_WORDS: Final = {one: _SAID[one] for one in (ProgressWord.DONE, ProgressWord.STARTED, ProgressWord.STUCK)}
_STALLED: Final = (_SAID["stalled_no"], _SAID["stalled"])
_MOVES: Final = _SAID["moves"]
_MOVES_BESIDE: Final = _BESIDE | _SAID["moves_beside"]
_JOINT: Final = re.compile(r"\s*(?:[,;:.!]|\s[-–—])\s*")
"""What parts how something goes from what is said beside it."""
_SHARE: Final = re.compile(r"\d{1,2}/\d{1,2}\W*")
"""What may be a date and may be how far somebody is."""


def read_progress(text: str) -> ProgressReport | None:
    """What somebody says of how something goes; None where that is not clear."""
    said = " ".join(text.split())
    if not said or "?" in said:
        return None
    joint = _JOINT.search(said)
    head, line = (said[: joint.start()], said[joint.end() :].strip()) if joint is not None else (said, "")
    words = frozenset(split_words(head))
    for progress in (ProgressWord.DONE, ProgressWord.STARTED):
        if words & _WORDS[progress] and words <= _WORDS[progress] | _BESIDE:
            return ProgressReport(progress, line)
    if _is_stuck(words):
        return ProgressReport(ProgressWord.STUCK, line)
    if words & _STALLED[0] and words & _STALLED[1] and words <= _STALLED[0] | _STALLED[1] | _BESIDE:
        return ProgressReport(ProgressWord.STUCK, line)
    return _read_stuck(said) or _read_move(said)


def _is_stuck(words: frozenset[str]) -> bool:
    """Whether words say that somebody is stuck, and not that they were."""
    own = _WORDS[ProgressWord.STUCK]
    over = words & _SAID["over"] or {"we", "were"} <= words
    return bool(words & own) and words <= own | _BESIDE | _SAID["still"] and not over


def _read_stuck(said: str) -> ProgressReport | None:
    """Words that begin with being stuck and go on with why: "I am stuck because the room is taken"."""
    found = said.split()
    for count in (1, 2, 3):
        if _is_stuck(frozenset(split_words(" ".join(found[:count])))) and len(found) > count:
            return ProgressReport(ProgressWord.STUCK, " ".join(found[count:]), loose=True)
    return None


def _read_move(said: str) -> ProgressReport | None:
    """A day that something moved to: alone, or with a word that says so."""
    found = said.split()
    for at in range(len(found)):
        taken = take_day(found[at:])
        if taken is None:
            continue
        day, used = taken
        rest = frozenset(split_words(" ".join((*found[:at], *found[at + used :])))) - {"."}
        if not rest - _SAID["dates_beside"]:
            return ProgressReport(ProgressWord.MOVED, "", day, _SHARE.fullmatch(said) is not None)
        if rest & _WORDS[ProgressWord.DONE] and not rest & _SAID["not_yet"]:
            return None
        if rest & _MOVES:
            loose = not rest <= _MOVES | _MOVES_BESIDE
            return ProgressReport(ProgressWord.MOVED, said if loose else "", day, loose)
    return None
