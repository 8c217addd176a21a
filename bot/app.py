"""The composition root: the only module that sees features and adapters together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

import bot.delivery.outbox as outbox_records
from bot.account.erasure import MemberErasure
from bot.account.link_pieces import MemberLinking
from bot.alerts.alerts import Alerts, set_by_operator
from bot.all_features import list_features, list_kinds, list_views, own_feature
from bot.capture.scanner import Scanner
from bot.chat import error_cards, talk_cards, welcome_cards
from bot.chat.cards import Card
from bot.chat.language import load_catalogs
from bot.chat.port import Adapter
from bot.content import KnownFiles
from bot.courses import feature as courses
from bot.courses.lessons.files import read_courses
from bot.courses.lessons.model import Course
from bot.danger.hotline import Hotline, find_terms
from bot.danger.recognition import load_recognition
from bot.delivery.claims import LeaseTerms
from bot.delivery.restore_guard import RestoreGuard
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.feature import Feature
from bot.forecast import feature as forecast_feature
from bot.help import feature as help_feature
from bot.intents.classifier import load_classifier
from bot.job_runner import JobRunner
from bot.jobs import list_checks, list_jobs
from bot.people.chosen import ChosenSettings, follow_settings
from bot.people.privacy import Erasures
from bot.people.roles import RoleSources
from bot.reflections import feature as reflections
from bot.reflections.prompts.files import read_decks
from bot.reflections.prompts.model import Deck
from bot.runtime.alarm import Alarm, ClockGuard
from bot.runtime.clock import Clock, SteerableClock
from bot.runtime.identity import name_process
from bot.runtime.interpreter import shorten_turns
from bot.schedules.planner import Planner
from bot.search.synonyms import load_synonyms
from bot.settings.environment import content_root
from bot.settings.model import Settings
from bot.store.errors import StoreUnavailable, WriteUnclear
from bot.store.secret import DatabaseSecret, claim_secret
from bot.store.store import Store
from bot.upkeep import Upkeep
from bot.vitals.tally import CallTally

log = logging.getLogger(__name__)


@dataclass(slots=True)
class App:
    """A bot that is put together; `start` connects it, `settle` and `pass_time` drive it without an alarm."""

    settings: Settings
    store: Store
    clock: Clock
    dispatcher: Dispatcher
    features: tuple[Feature, ...]
    planner: Planner
    sender: Sender
    runner: JobRunner
    adapters: Mapping[str, Adapter]
    erasure: MemberErasure
    linking: MemberLinking
    upkeep: Upkeep
    decks: tuple[Deck, ...]
    courses: tuple[Course, ...]
    secret: DatabaseSecret
    tally: CallTally
    chosen: ChosenSettings
    alarm: Alarm | None = None
    _release: Callable[[], None] = field(default=lambda: None)

    async def start(self) -> None:
        """Make the content true in the database, end what was begun there, then connect every adapter."""
        now = self.clock.now()
        shorten_turns()
        asyncio.get_running_loop().run_in_executor(None, _prepare_answers, self.store)
        await self.store.write(self.prepare)
        await self.erasure.go_on()
        await self.linking.go_on()
        await self.upkeep.restore_guard.arrive(self.store, now)
        wary_until = await self.upkeep.restore_guard.find_wary_end(self.store, now)
        if wary_until is not None:
            # Restored from a backup, or new: look for what may already be there before saying anything.
            self.sender.be_wary(wary_until)
        await self._connect()
        there = ", ".join(self.adapters) or "no adapters"
        log.info("started at %s as %s with %s", now.isoformat(), self.sender.owner, there)

    async def _connect(self) -> None:
        """Start every adapter beside the others: each waits for its platform most of the time. The first fault ends all."""
        starts = [asyncio.ensure_future(one.start(self.dispatcher)) for one in self.adapters.values()]
        try:
            await asyncio.gather(*starts)
        finally:
            for start in starts:
                start.cancel()
            await asyncio.gather(*starts, return_exceptions=True)

    def prepare(self, conn: Connection) -> None:
        """Make the communities of the settings, the content and the erasures true in the database."""
        now = self.clock.now()
        for wanted in self.settings.all_communities():
            told = {
                "name": wanted.name,
                "zone": wanted.zone,
                "language": wanted.language,
                "country": wanted.country,
            }
            roles = self.settings.roles
            # Only what the operator wrote: another version may have other defaults, and that changes no choice.
            moderators = roles.moderators if "moderators" in roles.model_fields_set else frozenset[str]()
            home = follow_settings(conn, wanted.slug, told, wanted.danger_text, moderators, now)
            set_by_operator(conn, home.id, wanted.alerts)
        self.chosen.read(conn)
        reflections.fill_bank(conn, self.decks, now)
        courses.fill_catalog(conn, self.courses, now)
        self.erasure.begin_owed(conn, now)

    def ring(self) -> Alarm:
        """Let an alarm drive the jobs from now on."""
        self.alarm = Alarm(excused=(StoreUnavailable, WriteUnclear))
        for job in self.runner.jobs:
            self.alarm.every(job.seconds, job.name, job.run)
        # Zone data and the calendar may have changed while nobody looked; the first time is at once.
        self.alarm.every(86_400, "planning anew", self.planner.replan)
        self.alarm.every(30, "reading what was chosen in chat", lambda: self.chosen.refresh(self.store))
        self.alarm.every(300, "renewing what outlives a backup", self.upkeep.renew)
        return self.alarm

    async def settle(self) -> int:
        """Run every job until nothing is due any more; how much was done."""
        return await self.runner.settle()

    async def pass_time(self, until: datetime, stop: Callable[[], bool] | None = None) -> None:
        """Move a steerable clock there, or to where `stop` says so; everything on the way happens at its own time."""
        await self.runner.pass_time(until, stop)

    async def disconnect(self) -> None:
        """Stop claiming, let running work finish, hear nothing more. Twice is as good as once."""
        await self.sender.stop()
        if self.alarm is not None:
            await self.alarm.stop()
        for adapter in self.adapters.values():
            await adapter.stop()

    async def stop(self) -> None:
        """Disconnect, and close the store."""
        await self.disconnect()
        await self.store.close()
        self._release()

    def gallery(self) -> tuple[tuple[str, Card], ...]:
        """Every example card with the name of the room it comes from; errors last."""
        cards = [("welcome", card) for card in welcome_cards.examples()]
        cards += [("talk", card) for card in talk_cards.examples()]
        for feature in self.features:
            cards += [(feature.name, card) for card in feature.examples()]
        return (*cards, *(("errors", card) for card in error_cards.examples()))

    def invariants(self, conn: Connection) -> list[str]:
        """The names of the invariants that do not hold, each with how many rows break it."""
        broken = []
        checks = [
            *outbox_records.invariants(),
            *(one for feature in self.features for one in feature.invariants),
        ]
        for name, query in checks:
            rows = conn.execute(query).all()
            if rows:
                broken.append(f"{name}: {len(rows)}")
        return broken


def _prepare_answers(store: Store) -> None:
    """Read what words mean, and compile statements, while the platforms are waited for; whoever needs it sooner does it then."""
    load_recognition()
    load_classifier()
    load_catalogs()
    load_synonyms()
    store.prepare_statements()


def build_app(
    settings: Settings, clock: Clock, store: Store, adapters: Sequence[Adapter], *,
    decks: tuple[Deck, ...] | None = None, lessons: tuple[Course, ...] | None = None,
    belongs: Callable[[str], str | None] | None = None, release: Callable[[], None] = lambda: None,
    secret: DatabaseSecret | None = None, terms: LeaseTerms | None = None,
) -> App:  # fmt: skip
    """Put the bot together. Nothing happens yet but that the secret is claimed; raises `WrongSecret`.

    `belongs` maps a space key to the slug of the community it belongs to; without it, all are the first one's.
    """
    content, taught = _read_content(settings, decks, lessons)
    chosen, folder = ChosenSettings(), settings.store.folder
    roles = RoleSources(settings.roles.admins, settings.roles.moderators, chosen.moderators)
    secret, alerts = secret or claim_secret(store, settings.secret.get_secret_value(), folder), Alerts(roles)
    erasures = Erasures(secret.derive_keys("erasures"), folder)
    by_platform, tell, tally = {one.platform: one for one in adapters}, _Teller(), CallTally(clock)
    features = list_features(settings, store, clock, tell, alerts, by_platform, secret, roles, chosen)
    own, erasure, linking = own_feature(settings, store, clock, erasures, features, tell, by_platform)
    features += [own, help_feature.feature(lambda: dispatcher.commands)]
    features.append(forecast_feature.feature(features))
    features += list_views(settings, store, clock, features, by_platform, alerts, roles, tell, secret)
    belongs = belongs or (lambda _space: settings.community.slug)
    hotline = Hotline(store, clock, find_terms(settings, belongs, chosen.danger_text))
    dispatcher = Dispatcher(store, clock, roles, erasures, features, belongs, hotline)
    tell.to = dispatcher.tell
    steady = (lambda: True) if isinstance(clock, SteerableClock) else ClockGuard(clock).steady
    planner = Planner(store, clock, dispatcher.kinds, steady=steady)
    beat = timedelta(minutes=settings.capture.beat_minutes)
    scanner = Scanner(store, clock, by_platform, dispatcher.found, beat, watch=tally.count_scan)
    sender = Sender(
        store, clock, by_platform, dispatcher.tell, name_process(), terms=terms, steady=steady, watch=tally.count_call,
        take_in=scanner.read_thread, draws=dispatcher.draws, canvases=dispatcher.canvases, hooks=dispatcher.hooks, may_reach=alerts.may_reach,
    )  # fmt: skip
    upkeep = Upkeep(store, clock, erasure, RestoreGuard(folder / "epoch"), list_kinds(features), folder)
    checks = list_checks(store, clock, by_platform, alerts, dispatcher.kinds)
    jobs = list_jobs(planner, sender, scanner, checks, upkeep, features, settings.community.locale)
    return App(
        settings, store, clock, dispatcher, tuple(features), planner, sender, JobRunner(store, clock, jobs),
        by_platform, erasure, linking, upkeep, content, taught, secret, tally, chosen, _release=release,
    )  # fmt: skip


def _read_content(
    settings: Settings, decks: tuple[Deck, ...] | None, lessons: tuple[Course, ...] | None
) -> tuple[tuple[Deck, ...], tuple[Course, ...]]:
    """Decks and courses, from the files where they are not given; what the files say is known at the next start."""
    root, known = content_root(settings), KnownFiles(settings.store.folder)
    asked = read_decks(root, known) if decks is None else decks
    taught = read_courses(root, known) if lessons is None else lessons
    if decks is None and lessons is None:
        known.save()
    return asked, taught


class _Teller:
    """Lets features tell facts to a dispatcher that is made after them."""

    def __init__(self) -> None:
        self.to: Callable[[Connection, object], None] = lambda _conn, _fact: None

    def __call__(self, conn: Connection, fact: object) -> None:
        self.to(conn, fact)
