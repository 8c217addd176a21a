"""The feature of webhooks, put together: what admins set up, what is told, and the client that the sender calls."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp.abc import AbstractResolver
from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.delivery.facts import Failed, Sent
from bot.delivery.hook_call import HookCaller
from bot.facts import LessonDone, LookDue, StrategyShared
from bot.feature import DataSubject, Feature
from bot.runtime.clock import Clock
from bot.store.secret import DatabaseSecret
from bot.store.store import Store
from bot.webhooks import cards
from bot.webhooks.addresses import AddressRules
from bot.webhooks.client import WebhookClient
from bot.webhooks.commands import WebhookCommands
from bot.webhooks.events import DrawEvent, EventKind, list_kinds
from bot.webhooks.queue import WebhookEvents

PURPOSE = "webhooks"
"""What the key is for that the secrets of webhooks are derived with."""


def feature(
    store: Store, clock: Clock, alerts: Alerts, secret: DatabaseSecret, rules: AddressRules, discussion: DrawEvent | None = None
) -> Feature:  # fmt: skip
    """Webhooks. `discussion` draws what is told of a posted one, where there are any."""
    kinds = list_kinds(discussion)
    commands = WebhookCommands(secret.derive_key(PURPOSE), rules, alerts, kinds)
    events = WebhookEvents(clock, alerts)
    return Feature(
        name="webhooks",
        forget=(),
        hand_over=_none,
        commands=tuple(commands.commands()),
        buttons=tuple(commands.buttons()),
        forms=tuple(commands.forms()),
        facts=(
            (Sent, events.sent),
            (Failed, events.failed),
            (LessonDone, events.lesson_done),
            (StrategyShared, events.strategy_shared),
            (LookDue, events.look_due),
        ),
        hooks=make_caller(store, clock, secret, rules, kinds),
        examples=cards.examples,
    )


def make_caller(
    store: Store, clock: Clock, secret: DatabaseSecret, rules: AddressRules, kinds: Mapping[str, EventKind],
    names: AbstractResolver | None = None,
) -> HookCaller:  # fmt: skip
    """What the sender tells services with; `names` resolves their names, another one only in tests."""
    return HookCaller(WebhookClient(store, clock, secret.derive_keys(PURPOSE), rules, kinds, names).call)


def _none(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
