"""The feature of reports, put together: what moderators learn of a week, and the counts behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.chat.language import N_
from bot.chat.port import Adapter
from bot.delivery.facts import Failed, Sent
from bot.delivery.standing_posts import edit_kind
from bot.facts import TriedThingChanged
from bot.feature import Feature
from bot.reflections.answers.intake import AnswerChanged
from bot.reminders.policy import ReminderPolicy
from bot.reports import note_settings, worth
from bot.reports.coming_posts import tellers_of
from bot.reports.commands import ReportCommands
from bot.reports.examples import examples
from bot.reports.highlights import posts
from bot.reports.highlights.commands import HighlightCommands, forget, hand_over
from bot.reports.highlights.posts import HighlightPosts
from bot.reports.highlights.tables import highlights_of_the_erased
from bot.reports.monday_note import KIND, MondayNote
from bot.reports.monthly_card import posts as monthly_posts
from bot.reports.monthly_card.commands import MonthlyCommands
from bot.reports.monthly_card.posts import MonthlyPosts
from bot.reports.prompt_counts import PromptCounter
from bot.reports.trend_commands import TrendCommands
from bot.reports.week_counts import WeekCounter
from bot.runtime.clock import Clock
from bot.store.retention import Ages
from bot.store.store import Store


def feature(
    store: Store, clock: Clock, adapters: Mapping[str, Adapter], features: Sequence[Feature], alerts: Alerts,
    policy: ReminderPolicy, probe: PlaceProbe, ages: Ages,
) -> Feature:  # fmt: skip
    """Reports over what the other `features` hold."""
    reports, trends = ReportCommands(store, adapters, tellers_of(features)), TrendCommands()
    note = MondayNote(store, clock, alerts, policy, reports)
    highlights, shown = HighlightCommands(probe), HighlightPosts(clock)
    monthly, months = MonthlyCommands(probe), MonthlyPosts(store, clock)
    rooms = (reports, trends, highlights, monthly)
    return Feature(
        name="reports",
        forget=(forget,),
        hand_over=hand_over,
        nouns={"report": N_("How the weeks go: answers, what waits, scales")},
        commands=(*(each for room in rooms for each in room.commands()), *note_settings.commands(), *worth.commands()),
        buttons=(*(each for room in rooms for each in room.buttons()), *note_settings.buttons()),
        forms=(*highlights.forms(), *monthly.forms()),
        facts=(
            (Sent, shown.sent), (Failed, shown.failed), (AnswerChanged, shown.changed), (Sent, months.sent),
            (Failed, months.failed), (AnswerChanged, months.answer_changed), (TriedThingChanged, months.thing_changed),
        ),
        jobs=(PromptCounter(store, clock).job(), WeekCounter(store, clock).job(), note.job(), months.job()),
        draws={
            KIND: note.draw, posts.QUESTION: posts.draw_question, posts.YES: posts.draw_yes, posts.SHOWN: posts.draw_post,
            edit_kind(posts.SHOWN): posts.draw_post, monthly_posts.KIND: months.draw,
            edit_kind(monthly_posts.KIND): months.draw,
        },
        retention=(shown.retention(ages), months.retention(ages)),
        invariants=(("no highlight of an erased member", highlights_of_the_erased()),),
        examples=examples,
    )  # fmt: skip
