"""The numbers of a picture, for platforms that draw charts themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one height each, (label, value): what is `counted`, and what stands `under` them. Every number is told."""

    title: str
    counted: str
    points: tuple[tuple[str, float], ...]
    under: str = ""
