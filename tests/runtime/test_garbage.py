"""What is looked through for garbage while the bot runs: what is new, and everything once a day."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from bot.runtime.garbage import DAY, GarbageRounds, set_all_aside


class Ring:
    """Something that refers to itself, which only the collector ends."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


async def test_a_look_collects_what_is_new_and_sets_aside_what_stands():
    set_all_aside()
    aside, kept, gone = gc.get_freeze_count(), [Ring() for _ in range(500)], weakref.ref(Ring())
    await GarbageRounds().look()
    assert gone() is None
    assert gc.get_freeze_count() >= aside + len(kept)


async def test_what_was_set_aside_and_is_garbage_is_collected_within_a_day():
    rounds, ring = GarbageRounds(), Ring()
    gone = weakref.ref(ring)
    set_all_aside()
    del ring
    await rounds.look()
    assert gone() is not None
    rounds.looks = DAY - 1
    await rounds.look()
    assert gone() is None


def test_python_does_not_look_through_everything_by_itself_in_the_middle_of_something():
    set_all_aside()
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        seen.append(info["generation"])

    gc.callbacks.append(note)
    gc.set_threshold(100, 5, gc.get_threshold()[2])
    kept = [[one] for one in range(300_000)]
    gc.callbacks.remove(note)
    assert len(kept) == 300_000
    assert 1 in seen
    assert 2 not in seen
