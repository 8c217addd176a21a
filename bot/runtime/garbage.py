"""The garbage of a running bot: looked for among what is new, and among everything only once a day.

Python's own collector looks through everything that was made since the start whenever that has grown by a quarter, and holds
every thread for some hundredths of a second meanwhile, in the middle of whatever somebody waits for. Here what stands after
a look is set aside (https://docs.python.org/3/library/gc.html#gc.freeze), so that the next look is short.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass

BEAT = 300
"""Seconds between two looks."""
DAY = 288
"""Looks after which everything is looked through: what was set aside while it was used becomes garbage at last."""
SELDOM = 1_000
"""How much longer than usual Python's own look waits: it would come all the same if nobody looked."""


@dataclass(slots=True)
class GarbageRounds:
    """Looks for garbage at every beat."""

    looks: int = 0

    async def look(self) -> None:
        """Look among what was made since the look before; once a day, among everything."""
        self.looks += 1
        if self.looks % DAY:
            gc.collect()
            gc.freeze()
        else:
            set_all_aside()


def set_all_aside() -> None:
    """Collect the garbage of everything, and let no look go through what stands until the next day."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, SELDOM)
