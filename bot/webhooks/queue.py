"""What becomes a row of the outbox: each event, once for every webhook that is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.delivery import outbox
from bot.delivery.facts import CANCELLED, OURS, Draft, Failed, Sent, Verb
from bot.facts import LessonDone, LookDue, StrategyShared
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.webhooks import cards, tables
from bot.webhooks.events import (
    DIGEST,
    DISCUSSION,
    LESSON,
    LOOK,
    PROMPT,
    STRATEGY,
    TEST,
    count_finished,
    is_round,
)
from bot.webhooks.tables import Webhook

KIND = "webhook"
POSTS = {"prompt": PROMPT, "digest": DIGEST}
"""Posts of which services are told, by the kind of their rows; a private message is none of them."""


def queue_event(conn: Connection, community_id: int, event: str, about: str, now: datetime) -> None:
    """Tell every webhook that listens of an event, once for what it is about."""
    for hook in tables.list_listening(conn, community_id, event):
        outbox.queue_draft(conn, _draft(hook, event, about), now)


def queue_test(conn: Connection, hook: Webhook, now: datetime) -> None:
    """Send a test to a webhook; within a second, one."""
    outbox.queue_draft(conn, replace(_draft(hook, TEST, f"{now:%Y%m%d%H%M%S}"), priority=1), now)


def cancel_waiting(conn: Connection, hook: Webhook) -> int:
    """Take back what waits to be told to a webhook; how much."""
    return sum(outbox.cancel_draft(conn, key) for key, _error in tables.list_waiting(conn, hook))


def _draft(hook: Webhook, event: str, about: str) -> Draft:
    return Draft(
        community_id=hook.community_id, space=tables.space_of(hook.community_id), channel=hook.lane, private=True,
        verb=Verb.HOOK, kind=KIND, key=f"{KIND}:{hook.id}:{event}:{about}", ref=f"{event} {about}", priority=3,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WebhookEvents:
    """Queues what services are told, in the transaction in which it became true; and stops telling one that does not answer."""

    clock: Clock
    alerts: Alerts

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Something was posted; or a service took something."""
        if fact.kind == KIND:
            tables.note_answer(conn, int(fact.place.channel[1:]), fact.at)
        elif fact.kind == "discussion":
            queue_event(conn, fact.community_id, DISCUSSION, fact.ref, fact.at)
        elif fact.kind in POSTS:
            about = f"o{fact.ref} {fact.place.space} {fact.place.channel}"
            queue_event(conn, fact.community_id, POSTS[fact.kind], about, fact.at)

    def lesson_done(self, conn: Connection, fact: LessonDone) -> None:
        """A member finished a lesson: told when five more have, so that a number is never about one of them."""
        if not tables.list_listening(conn, fact.community_id, LESSON):
            return
        count = count_finished(conn, fact.community_id, fact.lesson)
        if is_round(count):
            queue_event(conn, fact.community_id, LESSON, f"{fact.lesson} {count}", self.clock.now())

    def strategy_shared(self, conn: Connection, fact: StrategyShared) -> None:
        """Everybody may read a strategy."""
        queue_event(conn, fact.community_id, STRATEGY, f"w{fact.strategy_id}", self.clock.now())

    def look_due(self, conn: Connection, fact: LookDue) -> None:
        """A team is to look at its change."""
        queue_event(conn, fact.community_id, LOOK, str(fact.check_id), self.clock.now())

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A service did not answer for a day, or wants nothing any more: it is paused, and admins are told."""
        if fact.kind != KIND or fact.code in OURS or fact.code == CANCELLED:
            return
        hook = tables.find_webhook(conn, fact.community_id, int(fact.place.channel[1:]))
        now = self.clock.now()
        if hook is None or not tables.pause_webhook(conn, hook.id, now, fact.code):
            return
        cancel_waiting(conn, hook)
        with speaking_to_all(conn, hook.community_id):
            card = cards.stopped_card(hook, fact.code)
        self.alerts.alert(conn, hook.community_id, alert_key(hook), card, now)


def alert_key(hook: Webhook) -> str:
    """The name of the trouble that a webhook was paused because its service did not answer."""
    return f"webhook:{hook.id}"
