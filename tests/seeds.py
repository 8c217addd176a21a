"""How often what depends on chance is tried: a few times for everybody, many times at night (`make nightly`)."""

from __future__ import annotations

import os


def seeds(usual: int, nightly: int) -> range:
    """Return the seeds for this run; the usual ones are the first of the many."""
    return range(nightly if os.environ.get("NIGHTLY") else usual)
