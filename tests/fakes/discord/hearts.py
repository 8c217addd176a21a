"""discord.py's heartbeats are threads: none may beat on when the loop of a test has ended."""

from __future__ import annotations

import asyncio
import sys
import threading


async def hearts_stopped() -> None:
    """Stop every heartbeat, and wait for one in mid-beat: it needs the loop for a last time."""
    gateway = sys.modules.get("discord.gateway")
    if gateway is None:
        return
    for thread in threading.enumerate():
        if isinstance(thread, gateway.KeepAliveHandler):
            thread.stop()
            await asyncio.to_thread(thread.join, 2)
