"""The publication of anonymous answers: all together when their prompt closes, if there are enough of them, and never again.

What was sealed and what is published have nothing in common: other ids, other marks of the receipts, no time, and a new
order. The key that joins them is destroyed right after.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.feature import DataSubject, PeriodicJob
from bot.people.small_groups import may_tell
from bot.reflections.anonymous import tables
from bot.reflections.anonymous.keys import Keyring
from bot.reflections.anonymous.tables import AnonymousAnswer
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.runtime.clock import Clock
from bot.store.store import Store

QUOTED = 3
"""Anonymous answers quoted in a digest."""


@dataclass(frozen=True, slots=True)
class PublishedAnswers:
    """What may be shown of the anonymous answers to a prompt: none and a total of 0 where they are too few."""

    total: int
    shown: tuple[AnonymousAnswer, ...]


TOO_FEW = PublishedAnswers(0, ())


def read_published(
    conn: Connection, here: AskedPrompt, limit: int = QUOTED, offset: int = 0
) -> PublishedAnswers:
    """The anonymous answers to a prompt that may be shown, to moderators too; none of too few."""
    total = tables.count_published(conn, here.id)
    if not may_tell(total):
        return TOO_FEW
    return PublishedAnswers(total, tuple(tables.list_published(conn, here.id, limit=limit, offset=offset)))


class AnonymousPublisher:
    """Publishes what was answered anonymously, and destroys the keys of prompts that have closed."""

    def __init__(self, store: Store, clock: Clock, keyring: Keyring) -> None:
        self._store, self._clock, self._keyring = store, clock, keyring

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after: keys that nobody needs any more."""
        return (PeriodicJob("destroying keys", 5, self.destroy_spent_keys, self.next_due),)

    def can_publish(self, conn: Connection, here: AskedPrompt) -> bool:
        """Whether this process has the key of a prompt, where it needs one; another may have it."""
        needed = tables.find_key_name(conn, here.id)
        key = self._keyring.find_key(here.id)
        return needed is None or (key is not None and key.name == needed)

    def publish(self, conn: Connection, here: AskedPrompt) -> None:
        """Publish the answers to a prompt that closes, in the transaction that closes it.

        What are too few, or sealed with a key that is lost, is deleted unread.
        """
        readable = self.can_publish(conn, here)
        sealed = tables.take_sealed(conn, here.id)
        key = self._keyring.find_key(here.id)
        if not readable or key is None:
            return
        from cryptography.exceptions import InvalidTag  # only where anonymous answers are published

        found = []
        for one in sealed:
            try:
                told = json.loads(key.unseal(one))
            except InvalidTag:  # not one of ours: somebody wrote into the database
                continue
            text = "\n\n".join(reply["text"] for reply in told["replies"])
            found.append(AnonymousAnswer(str(uuid.uuid4()), here.id, told["receipt"], text))
        if may_tell(len(found)):
            tables.publish_answers(conn, here.community_id, found)

    def forget_member(self, conn: Connection, whose: DataSubject) -> None:
        """Remove the tickets of a member. Which answers are theirs nobody knows: only a receipt code deletes one."""
        for occurrence_id in self._keyring.list_prompts():
            key = self._keyring.find_key(occurrence_id)
            if key is not None:
                tables.drop_ticket(conn, key, whose.member_id)

    # ── keys ──────────────────────────────────────────────────────────────────

    async def destroy_spent_keys(self) -> int:
        """Destroy the keys of prompts that have closed; how many there were."""
        spent = await self._store.read(self._spent)
        for occurrence_id in spent:
            self._keyring.destroy_key(occurrence_id)
        return len(spent)

    def next_due(self, conn: Connection) -> datetime | None:
        """Now, where there is a key that nobody needs any more."""
        return self._clock.now() if self._spent(conn) else None

    def _spent(self, conn: Connection) -> list[int]:
        known = self._keyring.list_prompts()
        still_open = tables.list_unclosed(conn, known) if known else set()
        return [one for one in known if one not in still_open]
