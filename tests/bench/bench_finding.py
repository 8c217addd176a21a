"""What finding costs, as the goals have it; `bench_search` shows more.

python -m tests.bench finding
"""

from __future__ import annotations

import asyncio
import contextlib
import io

from tests.bench import bench_search
from tests.bench.findings import Findings, Scale, high


def measure(scale: Scale) -> Findings:
    """G9d."""
    found, answers = Findings(), scale.pick(3_000, 50_000, 1_000_000)
    with contextlib.redirect_stdout(io.StringIO()):
        rates, spent = asyncio.run(bench_search.run(answers, ""))
    found.add("G9d", rates, "64 under way")
    pages = {words: high(times, 0.95) * 1000 for words, times in spent.items()}
    slowest = max(pages, key=pages.__getitem__)
    found.add("G9d-page", [pages[slowest]], f"{answers:,} answers, `/find {slowest}`")
    return found
