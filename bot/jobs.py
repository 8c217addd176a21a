"""The periodic jobs of the bot: those of the ground floor, the checks that ask the platforms, and each feature's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.alerts.alerts import Alerts
from bot.alerts.moderator_check import SECONDS, ModeratorCheck
from bot.alerts.permission_check import PermissionCheck
from bot.alerts.place_probe import PlaceProbe
from bot.capture.scanner import Scanner
from bot.chat.language import speaking
from bot.chat.port import Adapter
from bot.delivery.sender import Sender
from bot.feature import Feature, PeriodicJob
from bot.runtime.clock import Clock
from bot.schedules.planner import Planner, ScheduleKind, next_due
from bot.store.store import Store
from bot.upkeep import Upkeep


def list_jobs(
    planner: Planner, sender: Sender, scanner: Scanner, checks: Sequence[PeriodicJob], upkeep: Upkeep,
    features: Sequence[Feature], locale: str,
) -> tuple[PeriodicJob, ...]:  # fmt: skip
    """Everything that is looked after every so often, the ground floor first.

    Where a job does not know better to whom it speaks, it does so in this locale.
    """
    jobs = (
        PeriodicJob("planning", 1, planner.tick, next_due),
        PeriodicJob("sending", 1, sender.beat, sender.next_due),
        PeriodicJob("scanning", 5, scanner.beat, scanner.next_due),
        *checks,
        *(job for feature in features for job in feature.jobs),
        upkeep.job(),
    )
    return tuple(_spoken(job, locale) for job in jobs)


def list_checks(
    store: Store, clock: Clock, adapters: Mapping[str, Adapter], alerts: Alerts, kinds: Mapping[str, ScheduleKind]
) -> tuple[PeriodicJob, ...]:  # fmt: skip
    """What asks the platforms, and has moderators told or no longer told."""
    nouns = {name: kind.noun for name, kind in kinds.items()}
    lookout = PermissionCheck(store, clock, PlaceProbe(adapters), alerts, nouns)
    who = ModeratorCheck(store, clock, adapters, alerts)
    return (
        PeriodicJob("looking ahead", 300, lookout.beat, lookout.next_due),
        PeriodicJob("checking who moderates", SECONDS, who.beat, lambda _conn: None),
    )


def _spoken(job: PeriodicJob, locale: str) -> PeriodicJob:
    async def run() -> int:
        with speaking(locale):
            return await job.run()

    return replace(job, run=run)
