"""What only prompt schedules have: their decks, the tag of their prompts, and a prompt that is chosen already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from bot.reflections.prompts.selection import PromptSource
from bot.schedules.model import Schedule

KIND = "prompt"
"""The planner's kind of prompt schedules."""
OPEN_FOR = timedelta(days=4)
"""How long a prompt stays open where the schedule does not say."""

RULE = "every mon 9am"
"""How a rule is written, in any language."""


@dataclass(frozen=True, slots=True)
class PromptSettings:
    """The details of a prompt schedule. `kept` is a prompt that is chosen for its one date."""

    decks: tuple[str, ...]
    tag: str = ""
    kept: int | None = None
    tags: tuple[str, ...] = ()
    anonymous: str = ""
    """Whether its prompts take anonymous answers: "yes" or "no"; empty: as their deck says."""

    def to_details(self) -> Mapping[str, Any]:
        """As plain JSON for the schedule's row; `settings_of` gives it back."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value
        }


def settings_of(schedule: Schedule) -> PromptSettings:
    """The settings of a prompt schedule."""
    details = schedule.details
    return PromptSettings(
        tuple(details["decks"]), details.get("tag", ""), details.get("kept"), tuple(details.get("tags", ())),
        details.get("anonymous", ""),
    )  # fmt: skip


def source_of(schedule: Schedule) -> PromptSource:
    """Where it draws from; a single date that was moved draws as the schedule it came from."""
    settings = settings_of(schedule)
    spots = frozenset((one.space, one.channel) for one in schedule.places)
    return PromptSource(
        schedule.instead_of or schedule.id, settings.decks, settings.tag, spots, schedule.zone
    )
