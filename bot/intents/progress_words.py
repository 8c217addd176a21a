"""What somebody says of how something goes: done, moved to another day, or stuck, with what they say beside it.

Only what is clear is read: "done", "done: 30 copies", "we moved it to Friday", "stuck, no room". A question says nothing, and
neither does "not done".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.chat.time.date_parser import take_day
from bot.chat.time.days import Day
from bot.intents.sentences import split_words


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


_BESIDE: Final = frozenset(
    [
        "i",
        "im",
        "am",
        "have",
        "has",
        "had",
        "been",
        "is",
        "was",
        "it",
        "its",
        "this",
        "that",
        "all",
        "we",
        "were",
        "are",
        "ours",
        "and",
        "with",
        "now",
        "finally",
        "lo",
        "la",
        "el",
        "ya",
        "he",
        "hemos",
        "esta",
        "estan",
        "estoy",
        "estamos",
        "todo",
        "ha",
        "sido",
        "ahora",
        "por",
        "fin",
        "es",
        "fue",
        ".",
    ]
)
"""Words that may stand beside one of those below, and say nothing else."""
_WORDS: Final = {
    ProgressWord.DONE: frozenset(
        [
            "done",
            "finished",
            "complete",
            "completed",
            "did",
            "listo",
            "lista",
            "hecho",
            "hecha",
            "termine",
            "terminado",
            "terminada",
            "terminamos",
            "acabe",
            "acabamos",
            "hice",
            "hicimos",
        ]
    ),
    ProgressWord.STARTED: frozenset(
        [
            "started",
            "begun",
            "began",
            "running",
            "empece",
            "empezamos",
            "empezado",
            "comence",
            "comenzamos",
            "comenzado",
            "arrancamos",
        ]
    ),
    ProgressWord.STUCK: frozenset(
        [
            "stuck",
            "blocked",
            "atascado",
            "atascada",
            "atascados",
            "atascadas",
            "atorado",
            "atorada",
            "atorados",
            "trabado",
            "trabada",
            "trabados",
            "bloqueado",
            "bloqueada",
            "bloqueados",
        ]
    ),
}
_STILL: Final = frozenset(["still", "sigo", "seguimos", "sigue"])
_OVER: Final = frozenset(["had", "was", "been", "fue", "ha", "sido"])
"""Words beside being stuck that may tell of what is over; so do "we" and "were", but "we're" does not."""
_STALLED: Final = (frozenset(["no"]), frozenset(["avanza", "avanzo", "avanzamos"]))
_MOVES: Final = frozenset(
    [
        "move",
        "moved",
        "moving",
        "postpone",
        "postponed",
        "postponing",
        "push",
        "pushed",
        "delay",
        "delayed",
        "reschedule",
        "rescheduled",
        "rescheduling",
        "later",
        "yet",
        "late",
        "mover",
        "movi",
        "movimos",
        "movemos",
        "muevo",
        "aplazo",
        "aplazamos",
        "aplace",
        "cambiamos",
        "todavia",
        "aun",
    ]
)
_MOVES_BESIDE: Final = _BESIDE | frozenset(
    [
        "to",
        "by",
        "on",
        "until",
        "till",
        "for",
        "from",
        "back",
        "not",
        "be",
        "done",
        "will",
        "ready",
        "the",
        "date",
        "day",
        "out",
        "into",
        "need",
        "needs",
        "more",
        "time",
        "no",
        "a",
        "al",
        "para",
        "hasta",
        "fecha",
    ]
)
_NOT_YET: Final = frozenset(
    ["not", "be", "by", "will", "need", "needs", "until", "till", "no", "yet", "todavia", "aun", "hasta"]
)
"""Words beside "done" that say that it is to come; without one it is done, on the day that is named."""
_DATES_BESIDE: Final = frozenset(["to", "by", "on", "until", "till", "for", "al", "el", "para", "hasta"])
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
    over = words & _OVER or {"we", "were"} <= words
    return bool(words & own) and words <= own | _BESIDE | _STILL and not over


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
        if not rest - _DATES_BESIDE:
            return ProgressReport(ProgressWord.MOVED, "", day, _SHARE.fullmatch(said) is not None)
        if rest & _WORDS[ProgressWord.DONE] and not rest & _NOT_YET:
            return None
        if rest & _MOVES:
            loose = not rest <= _MOVES | _MOVES_BESIDE
            return ProgressReport(ProgressWord.MOVED, said if loose else "", day, loose)
    return None
