"""The feature of reports, put together: what moderators learn of a week, and the counts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.language import N_
from bot.chat.port import Adapter
from bot.feature import DataSubject, Feature
from bot.reminders.policy import ReminderPolicy
from bot.reports import note_settings
from bot.reports.coming_posts import tellers_of
from bot.reports.commands import ReportCommands
from bot.reports.examples import examples
from bot.reports.monday_note import KIND, MondayNote
from bot.reports.prompt_counts import PromptCounter
from bot.reports.trend_commands import TrendCommands
from bot.reports.week_counts import WeekCounter
from bot.runtime.clock import Clock
from bot.store.store import Store


def feature(
    store: Store, clock: Clock, adapters: Mapping[str, Adapter], features: Sequence[Feature], alerts: Alerts,
    policy: ReminderPolicy,
) -> Feature:  # fmt: skip
    """Reports over what the other `features` hold."""
    reports, trends = ReportCommands(store, adapters, tellers_of(features)), TrendCommands()
    note = MondayNote(store, clock, alerts, policy, reports)
    return Feature(
        name="reports",
        forget=_forget_nothing,
        hand_over=_hand_over_nothing,
        nouns={"report": N_("How the weeks go: answers, what waits, scales")},
        commands=(*reports.commands(), *trends.commands(), *note_settings.commands()),
        buttons=(*reports.buttons(), *trends.buttons(), *note_settings.buttons()),
        jobs=(PromptCounter(store, clock).job(), WeekCounter(store, clock).job(), note.job()),
        draws={KIND: note.draw},
        examples=examples,
    )


def _forget_nothing(_conn: Connection, _whose: DataSubject) -> None:
    """What is counted names nobody, and holds no number of so few that it could be of somebody."""


def _hand_over_nothing(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What is counted is nobody's."""
    return {}
