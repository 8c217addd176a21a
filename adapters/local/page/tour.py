"""The tour of the page: its steps, which of them are done, and where each can be done.

A deed is written in words: `clock next`, `command /team progress`, `say in a thread of c2`, `form reflect.answer`,
`press reflect.skip`, `open home`, `open database`, `break network`, `mend network`. A step is done by a deed that begins
with one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.local.adapter import LocalAdapter
from adapters.local.inspector import Inspector, TourStep
from adapters.local.page.location import PageLocation


@dataclass(frozen=True, slots=True)
class TourLine:
    """A step as the page shows it: whether it is done, whether it is the next, and the page on which it is done."""

    words: str
    done: bool
    current: bool
    url: str


class Tour:
    """Notes what people do, and tells which steps that finishes. What is done stays done after a restart."""

    def __init__(self, adapter: LocalAdapter, backstage: Inspector) -> None:
        self._adapter = adapter
        self._backstage = backstage

    async def note(self, deed: str) -> bool:
        """Somebody did something; whether that finished a step."""
        world = self._adapter.world
        found = [
            one.id
            for one in self._backstage.tour()
            if one.id not in world.toured and deed.startswith(one.deeds)
        ]
        for id in found:
            world.finish_step(id)
        if found:
            await self._adapter.keep()
        return bool(found)

    def lines(self) -> tuple[TourLine, ...]:
        """The steps in order; the first that is not done is the current one."""
        steps, toured = self._backstage.tour(), self._adapter.world.toured
        current = next((one.id for one in steps if one.id not in toured), None)
        return tuple(TourLine(one.words, one.id in toured, one.id == current, _address(one)) for one in steps)


def _address(step: TourStep) -> str:
    if step.home:
        return PageLocation(step.person, f"dm-{step.person}", home=True).url(channel=None)
    return PageLocation(step.person, step.channel).url() + ("#backstage" if step.controls else "")
