"""Which line of a plan stands where on a canvas, and the one change that brings the canvas nearer to the plan. Pure.

A line is known by its words: those we wrote there last, or those that people wrote and that were taken in. A line with
other words is told by the lines around it and by its label. What is no line of the plan belongs to people, and stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bot.chat.canvas import CHECKS, CanvasChange, CanvasLine, LineKind
from bot.team_plans.canvas.lines import PlanLine

SENT = 4
"""How many of the last words of ours are remembered for a line: a change may arrive late."""


def digest_of(line: CanvasLine) -> str:
    """A short sign for the words of a line, and its tick; what is stored about a canvas are these, and no words."""
    return _TICKS.get(line.kind, "-") + hashlib.sha256(line.folded.encode()).hexdigest()[:16]


_TICKS = {LineKind.OPEN: "o", LineKind.DONE: "x"}


def flip_tick(sign: str) -> str:
    """The sign of the same line with the other tick."""
    return {"o": "x", "x": "o"}.get(sign[:1], sign[:1]) + sign[1:]


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A line that stands on the canvas, or that was sent there.

    `ours` are signs of words that are no news to us, the newest last; `version` is that of the entry they are from. `kept`
    is the sign of what people wrote there that is not in the plan, and waits for an answer; `unread`: it cannot be read. `echoes`:
    how often in a row it came back other than it was written.
    """

    key: str
    entry_id: int | None = None
    version: int = 0
    ours: tuple[str, ...] = ()
    kept: str = ""
    unread: bool = False
    echoes: int = 0


Known = Mapping[str, KnownLine]


def pair_lines(known: Known, wanted: Sequence[PlanLine], read: Sequence[CanvasLine]) -> dict[str, int]:
    """Where on the canvas each line stands, by its key."""
    signs = [digest_of(one) for one in read]
    by_key = {one.key: one for one in wanted}
    keys = _in_order(known, wanted)
    there = frozenset(signs)
    tokens = [_token(key, known, by_key, there) for key in keys]
    pairs: dict[str, int] = {}
    for match in SequenceMatcher(None, tokens, signs, autojunk=False).get_matching_blocks():
        pairs |= {keys[match.a + at]: match.b + at for at in range(match.size)}
    taken = set(pairs.values())
    free = [at for at in range(len(read)) if at not in taken]
    for key, token in zip(keys, tokens, strict=True):  # somebody moved it
        if key not in pairs and (moved := next((at for at in free if signs[at] == token), None)) is not None:
            pairs[key] = moved
            free.remove(moved)
    for key, at in _changed(keys, known, by_key, read, pairs, free):
        pairs[key] = at
        free.remove(at)
    return pairs


def _in_order(known: Known, wanted: Sequence[PlanLine]) -> list[str]:
    """Every key, in the order of the plan; what is no longer in it stays behind what it stood behind."""
    keys, before = [one.key for one in wanted], ""
    current = frozenset(keys)
    for key in known:
        if key not in current:
            keys.insert(keys.index(before) + 1 if before in keys else 0, key)
        before = key
    return keys


def _token(key: str, known: Known, by_key: Mapping[str, PlanLine], signs: frozenset[str]) -> str:
    """The sign by which a line is looked for."""
    there = known.get(key)
    if there is not None and not there.kept and there.ours and there.ours[-1] in signs:
        return there.ours[-1]
    signs_of = [*((there.kept,) if there is not None and there.kept else ())]
    signs_of += reversed(there.ours) if there is not None else ()
    signs_of += [digest_of(by_key[key].line)] if key in by_key else []
    signs_of += [flip_tick(one) for one in signs_of]
    return next((one for one in signs_of if one in signs), f"no sign of {key}")


def _changed(
    keys: Sequence[str], known: Known, by_key: Mapping[str, PlanLine], read: Sequence[CanvasLine], pairs: Mapping[str, int],
    free: Sequence[int],
) -> Iterator[tuple[str, int]]:  # fmt: skip
    """Lines that stood there and have other words now: between the same neighbors, with the same label."""
    for place, key in enumerate(keys):
        if key in pairs or key not in known or key not in by_key:
            continue
        low = max((pairs[one] for one in keys[:place] if one in pairs), default=-1)
        high = min(
            (pairs[one] for one in keys[place:] if one in pairs and pairs[one] > low), default=len(read)
        )
        for at in free:
            if low < at < high and _fits(by_key[key].line, read[at]):
                yield key, at
                break


def _fits(ours: CanvasLine, there: CanvasLine) -> bool:
    """Whether a line can be one of ours with other words."""
    if ours.kind in CHECKS or there.kind in CHECKS:
        return ours.kind in CHECKS and there.kind in CHECKS
    if ours.label:
        return there.folded.casefold().startswith(f"{ours.label}:".casefold())
    return ours.kind is there.kind and ":" not in there.plain[:40]


# ── what to change ────────────────────────────────────────────────────────────


def is_same(ours: CanvasLine, there: CanvasLine) -> bool:
    """Whether a line says what it should."""
    return digest_of(ours) == digest_of(there)


def next_change(
    known: Known, wanted: Sequence[PlanLine], read: tuple[CanvasLine, ...], pairs: Mapping[str, int]
) -> tuple[CanvasChange | None, dict[str, KnownLine]]:
    """The first change that is still to be made, and what is known of the canvas once it is made."""
    found: dict[str, KnownLine] = {}
    current = frozenset(one.key for one in wanted)
    change, before = None, -1
    for at, one in enumerate(wanted):
        there, where = known.get(one.key), pairs.get(one.key)
        if where is not None:
            sign, meant = digest_of(read[where]), digest_of(one.line)
            line = _standing(one, there, sign, meant)
            if change is None and not line.kept and sign != meant:
                change = CanvasChange("replace", read, where, (one.line,))
                line = _sent(one, line)
            found[one.key], before = line, where
        elif change is None:
            run = _run(wanted, at, pairs)
            change = CanvasChange(
                "after" if before >= 0 else "start", read, max(before, 0), tuple(two.line for two in run)
            )
            found |= {two.key: _sent(two, known.get(two.key)) for two in run}
        elif one.key not in found and there is not None:
            found[one.key] = there
    for key, there in known.items():
        if key in found or key not in pairs or key in current:
            continue
        if digest_of(read[pairs[key]]) in there.ours:
            change = change or CanvasChange("delete", read, pairs[key])
            found[key] = there
    return change, found


def _run(wanted: Sequence[PlanLine], at: int, pairs: Mapping[str, int]) -> list[PlanLine]:
    """The lines from here on that all are missing."""
    end = next((to for to in range(at, len(wanted)) if wanted[to].key in pairs), len(wanted))
    return list(wanted[at:end])


def _standing(one: PlanLine, there: KnownLine | None, sign: str, meant: str) -> KnownLine:
    """What is known of a line that was read, by its sign and the one it should have."""
    line = there or KnownLine(one.key)
    if line.kept != sign:  # people took back what waited for an answer
        line = replace(line, kept="", unread=False)
    entry_id = one.entry.id if one.entry is not None else None
    if sign == meant:
        return KnownLine(one.key, entry_id, one.version, (sign,))
    return replace(line, entry_id=line.entry_id or entry_id)


def _sent(one: PlanLine, there: KnownLine | None) -> KnownLine:
    """What is known of a line once its new words are sent."""
    before = there or KnownLine(one.key, one.entry.id if one.entry is not None else None, one.version)
    sign = digest_of(one.line)
    ours = (*(old for old in before.ours if old != sign), sign)[-SENT:]
    return replace(before, ours=ours, kept="", unread=False)


def clearing_change(
    known: Known, read: tuple[CanvasLine, ...], pairs: Mapping[str, int]
) -> CanvasChange | None:
    """The next change that takes a plan off a canvas: all of it where only ours stands there, else line by line."""
    ours = sorted(at for key, at in pairs.items() if key in known and digest_of(read[at]) in known[key].ours)
    if not ours:
        return CanvasChange("discard", read) if not read else None
    return CanvasChange("discard", read) if len(ours) == len(read) else CanvasChange("delete", read, ours[-1])
