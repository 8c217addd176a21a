"""Background work that goes on after an answer; stopping waits for it, and failures are logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class BackgroundTasks:
    """Background tasks of one workspace."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._idle: set[asyncio.Task[Any]] = set()

    def send(self, work: Coroutine[Any, Any, Any], *, idle: bool = False) -> asyncio.Task[Any]:
        """Let this go on by itself. What is `idle` can be done another time: stopping does not wait for it."""
        task = asyncio.create_task(work)
        self._running.add(task)
        if idle:
            self._idle.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._idle.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("something in the background failed: %s", type(error).__name__, exc_info=error)

    async def within(self, work: Coroutine[Any, Any, Any], seconds: float) -> bool:
        """Do this, but wait at most so long for it; whether it ended in time. It is never broken off."""
        task = self.send(work)
        await asyncio.wait({task}, timeout=seconds)
        return task.done()

    async def stop(self, seconds: float) -> None:
        """Break off what is idle, and finish the rest."""
        for task in tuple(self._idle):
            task.cancel()
        await self.finish(seconds)

    async def finish(self, seconds: float) -> None:
        """Wait for everything, but no longer than this; then break off what is left."""
        me = asyncio.current_task()
        deadline = asyncio.get_running_loop().time() + seconds
        while others := self._running - {me}:  # one errand may send another
            left = deadline - asyncio.get_running_loop().time()
            if left < -1.0:
                return
            if left <= 0:
                for task in others:
                    task.cancel()
            await asyncio.wait(others, timeout=max(left, 0.5))
