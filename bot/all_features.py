"""All features of the bot, put together: those that stand alone, and those that show what the others hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot import cross_feature
from bot.account import feature as account
from bot.account.erasure import MemberErasure
from bot.account.link_pieces import MemberLinking
from bot.admin import feature as admin
from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.calendars import feature as calendars
from bot.chat.port import Adapter
from bot.courses import feature as courses
from bot.courses.lessons.completion import finish_button
from bot.courses.lessons.current_lesson import current_lesson
from bot.courses.teams.tables import mates_of
from bot.discussions import feature as discussions
from bot.doctor.deployment import examine_running
from bot.exports import feature as exports
from bot.feature import Feature
from bot.feeds import feature as feeds
from bot.finder import feature as finder
from bot.forecast import feature as forecast
from bot.letters import feature as letters
from bot.letters.school_year import SchoolYears
from bot.people.audience import Readers
from bot.people.chosen import ChosenSettings
from bot.people.privacy import Erasures
from bot.people.roles import RoleSources
from bot.ratings import feature as ratings
from bot.reflections import feature as reflections
from bot.reflections.anonymous.keys import Keyring
from bot.reminders.policy import ReminderPolicy
from bot.reports import feature as reports
from bot.runtime.clock import Clock
from bot.safety import feature as safety
from bot.settings.model import Settings
from bot.store.retention import Retention, describe_retention
from bot.store.secret import DatabaseSecret
from bot.store.store import Store
from bot.strategies import feature as strategies
from bot.strategies.sources import StrategySources
from bot.team_plans import feature as team_plans
from bot.webhooks import feature as webhooks


def list_views(
    settings: Settings, store: Store, clock: Clock, features: list[Feature], adapters: Mapping[str, Adapter],
    alerts: Alerts, roles: RoleSources, tell: Callable[[Connection, object], None], secret: DatabaseSecret,
) -> list[Feature]:  # fmt: skip
    """The features that show what the others hold; they forget a person after these, whose words they may have copied."""
    policy, readers = ReminderPolicy(settings.reminders.per_week), Readers(mates_of, roles)
    ages, probe = settings.retention.ages(), PlaceProbe(adapters)
    sources = StrategySources(
        readers, cross_feature.answer_as_source, cross_feature.look_as_source, cross_feature.is_shared_answer
    )
    return [
        strategies.feature(
            store, clock, policy, sources, lambda: [one for each in features for one in each.searchable], tell
        ),
        finder.feature(store, readers, lambda: features, cross_feature.lesson_titles),
        reports.feature(store, clock, adapters, features, alerts, policy, probe, ages),
        feeds.feature(
            store,
            clock,
            secret,
            settings.web.public_url,
            meetings=discussions.meetings_after,
            foresee=forecast.foresee(features),
        ),
        exports.feature(store, clock, secret),
    ]


def own_feature(
    settings: Settings, store: Store, clock: Clock, erasures: Erasures, features: list[Feature],
    tell: Callable[[Connection, object], None], adapters: Mapping[str, Adapter],
) -> tuple[Feature, MemberErasure, MemberLinking]:  # fmt: skip
    """What concerns each member's own settings and data, and the erasure and linking of members over all `features`."""
    kept, ages = partial(_say_retention, features), settings.retention.ages()
    most = settings.reminders.per_week
    return account.feature(store, clock, erasures, lambda: features, tell, adapters, ages, kept, most)


def list_features(
    settings: Settings, store: Store, clock: Clock, tell: Callable[[Connection, object], None], alerts: Alerts,
    adapters: Mapping[str, Adapter], secret: DatabaseSecret, roles: RoleSources, chosen: ChosenSettings,
) -> list[Feature]:  # fmt: skip
    """The features that know nothing of the other features."""
    reminders = ReminderPolicy(settings.reminders.per_week)
    late, ages = timedelta(days=settings.reflections.late_days), settings.retention.ages()
    years = SchoolYears(calendars.list_terms)
    probe, examine = PlaceProbe(adapters), partial(examine_running, settings, store, adapters)
    return [
        reflections.feature(
            store, clock, tell, late, settings.reflections.save_emoji, ages, alerts, reminders,
            Readers(mates_of, roles), Keyring(settings.store.folder),
            {name: one.form_witness for name, one in adapters.items()}, probe,
            finish_button, cross_feature.tried_buttons,
        ),
        # Before courses: who is erased leaves the plans of their teams, and courses forget which these are.
        *team_plans.features(tell, store, clock, alerts, probe, adapters, reminders),
        courses.feature(
            store, clock, tell, reminders, secret,
            cross_feature.answers_for_evidence, cross_feature.course_hooks(settings), alerts,
            cross_feature.answer_times, settings.courses.pause_after_weeks, adapters,
            lambda conn, home, today: years.find_year(conn, home, today).ends,
        ),
        admin.feature(
            store, clock, alerts, ages, cross_feature.setup_means(settings, chosen), examine,
            calendars.year_setup,
        ),
        calendars.feature(store, clock),
        safety.feature(alerts, settings),
        ratings.feature(store, clock, cross_feature.has_done_thing),
        discussions.feature(store, clock, adapters, probe, alerts, ages, current_lesson),
        letters.feature(store, clock, reminders, calendars.list_terms),
        webhooks.feature(
            store, clock, alerts, secret, cross_feature.webhook_rules(settings),
            discussions.draw_discussion,
        ),
    ]  # fmt: skip


def list_kinds(features: Sequence[Feature]) -> tuple[Retention, ...]:
    """What is removed by its age."""
    return tuple(kind for feature in features for kind in feature.retention)


def _say_retention(features: Sequence[Feature]) -> str:
    """How long what is kept of a member; the features may still become more."""
    return describe_retention(list_kinds(features))
