"""What a bench found: a figure for each goal it is about, and how costs grow; written as JSON, read again for the page."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
DATABASE = "the database"
"""The part of a cost that no rearranging of the rest takes away."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large a run is: each bench picks its sizes by the name."""

    name: str = "usual"
    rounds: int = 5

    def pick(self, quick: Any, usual: Any, whole: Any = None) -> Any:
        """The size for this run; without one for the whole run, the usual one."""
        return {"quick": quick, "usual": usual, "whole": usual if whole is None else whole}[self.name]


QUICK, USUAL, WHOLE = Scale("quick", 3), Scale("usual"), Scale("whole")
SCALES = {one.name: one for one in (QUICK, USUAL, WHOLE)}


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured for one goal: the median, the rounds it is of, and in words what stood against what."""

    goal: str
    value: float
    rounds: tuple[float, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A goal that was not measured, and why."""

    goal: str
    why: str


@dataclass(frozen=True, slots=True)
class Growth:
    """What a piece of work costs at several sizes."""

    work: str
    unit: str
    points: Mapping[int, float]

    @property
    def slope(self) -> float:
        """Of a line through the points on log-log paper: 0 costs the same at any size, 1 grows as they do."""
        if len(self.points) < 2:
            return math.nan
        xs = [math.log(size) for size in self.points]
        ys = [math.log(max(value, 1e-9)) for value in self.points.values()]
        return statistics.linear_regression(xs, ys).slope


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What a piece of work costs by what it is spent on, in microseconds of the processor; the first part is the floor."""

    work: str
    parts: Mapping[str, float]


@dataclass(slots=True)
class Findings:
    """Everything that one bench found."""

    figures: list[Figure] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    growth: list[Growth] = field(default_factory=list)
    breakdowns: list[Breakdown] = field(default_factory=list)

    def add(self, goal: str, rounds: Sequence[float], detail: str = "") -> None:
        """A goal with its rounds."""
        self.figures.append(Figure(goal, statistics.median(rounds), tuple(rounds), detail))

    def leave(self, goal: str, why: str) -> None:
        """A goal that could not be measured here."""
        self.left.append(Left(goal, why))

    def grow(self, work: str, unit: str, points: Mapping[int, float]) -> None:
        """How a cost grows."""
        self.growth.append(Growth(work, unit, dict(points)))

    def take_apart(self, work: str, parts: Mapping[str, float]) -> None:
        """What a cost is made of."""
        self.breakdowns.append(Breakdown(work, dict(parts)))

    def update(self, others: Findings) -> None:
        """Take in what another bench found."""
        self.figures += others.figures
        self.left += others.left
        self.growth += others.growth
        self.breakdowns += others.breakdowns

    def as_json(self) -> Json:
        return {
            "figures": [
                {"goal": one.goal, "value": one.value, "rounds": list(one.rounds), "detail": one.detail}
                for one in self.figures
            ],
            "left": [{"goal": one.goal, "why": one.why} for one in self.left],
            "growth": [
                {"work": one.work, "unit": one.unit, "points": {str(size): spent for size, spent in one.points.items()}}
                for one in self.growth
            ],
            "breakdowns": [{"work": one.work, "parts": dict(one.parts)} for one in self.breakdowns],
        }  # fmt: skip

    @classmethod
    def from_json(cls, told: Json) -> Findings:
        """What `as_json` made."""
        return cls(
            [Figure(one["goal"], one["value"], tuple(one["rounds"]), one["detail"]) for one in told["figures"]],
            [Left(one["goal"], one["why"]) for one in told["left"]],
            [
                Growth(one["work"], one["unit"], {int(size): spent for size, spent in one["points"].items()})
                for one in told["growth"]
            ],
            [Breakdown(one["work"], one["parts"]) for one in told.get("breakdowns", ())],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, and seconds this process was busy: where others use the machine, the second say more."""

    wall: float
    busy: float


def compare_rates(floor: Sequence[Spent], ours: Sequence[Spent], count: int) -> tuple[list[float], str]:
    """The share of the floor's speed, round by round, and in words: rates, and the share by processor time."""
    rates = [count / statistics.median(one.wall for one in way) for way in (ours, floor)]
    busy = statistics.median(ratios([one.busy for one in floor], [one.busy for one in ours]))
    said = f"{rates[0]:,.0f} and {rates[1]:,.0f} a second; by processor time {busy:.2f}"
    return ratios([one.wall for one in floor], [one.wall for one in ours]), said


def ratios(ours: Sequence[float], beside: Sequence[float]) -> list[float]:
    """Round by round, so that a busy minute of the machine falls on both."""
    return [one / other for one, other in zip(ours, beside, strict=True)]


def high(values: Sequence[float], share: float = 0.99) -> float:
    """The value that this share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
