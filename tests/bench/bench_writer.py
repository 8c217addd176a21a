"""How long one piece of work holds the one writer, as the goals have it (`bench_pieces` says it of each kind), and what of a
message takes how long (`where` says more).

python -m tests.bench writer
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import io
from typing import Any
from unittest import mock

from tests.bench import where
from tests.bench.findings import Findings, Scale


async def run(pieces: Any) -> list[Any]:
    """Each scenario with its longest piece."""
    kept: list[Any] = []
    measure_all = pieces.measure

    async def remember(app: Any, wanted: str) -> list[Any]:
        kept.extend(await measure_all(app, wanted))
        return kept

    with mock.patch.object(pieces, "measure", remember), contextlib.redirect_stdout(io.StringIO()):
        await pieces.run("", "")
    return kept


def measure(scale: Scale) -> Findings:
    """P1, and then the parts of a message, which leave much behind in the process."""
    found = Findings()
    measure_pieces(scale, found)
    with contextlib.redirect_stdout(io.StringIO()):
        for platform in where.LOOKS:
            found.take_apart(*where.take_apart(platform, scale.rounds))
    return found


def measure_pieces(scale: Scale, found: Findings) -> None:
    """P1."""
    if scale.name == "quick":
        found.leave("P1", "left to larger runs")
        return
    try:
        pieces = importlib.import_module("tests.bench.bench_pieces")
    except ImportError:
        found.leave("P1", "the store of this version does not time its pieces")
        return
    kept = asyncio.run(run(pieces))
    name, longest, *_rest = max(kept, key=lambda one: one[1].seconds)
    late = [one[0] for one in kept if one[1].seconds > pieces.AIM]
    found.add(
        "P1", [longest.seconds * 1000], f"{name}; {len(kept) - len(late)} of {len(kept)} kinds stay within it"
    )
