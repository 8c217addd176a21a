"""The wait of the pretended platforms."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.fakes.quiet import wait_until_quiet


async def test_what_is_ready_is_done_before_it_is_quiet_however_long_the_machine_stood_still():
    long_ago, done = time.monotonic() - 60, []

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("heard")

    working = asyncio.create_task(work())
    await wait_until_quiet(lambda: False, lambda: long_ago, 0.05, 5, list)
    assert done == ["heard"]
    await working


async def test_whatever_happens_meanwhile_begins_the_wait_anew():
    touched = [time.monotonic()]

    async def work() -> None:
        for _ in range(5):
            await asyncio.sleep(0.01)
            touched.append(time.monotonic())

    working = asyncio.create_task(work())
    await wait_until_quiet(lambda: False, lambda: touched[-1], 0.05, 5, list)
    assert len(touched) == 6
    await working


async def test_what_never_ends_is_an_error_that_names_what_is_open():
    with pytest.raises(AssertionError, match=r"still busy after 0\.01 s: \['a request'\]"):
        await wait_until_quiet(lambda: True, time.monotonic, 0.05, 0.01, lambda: ["a request"])
