"""Work that goes on side by side and is finished together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def gather_all(*some: Awaitable[T]) -> list[T]:
    """The results of all of them; when one fails, the others are finished first."""
    results = await asyncio.gather(*some, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
