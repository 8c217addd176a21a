"""The upkeep of reports: nobody has to decide about an answer that its author took back, or that nobody reports any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.language import N_, _
from bot.feature import DataSubject, PeriodicJob
from bot.people import audit
from bot.people.languages import speaking_to_all
from bot.reflections.moderation import cards, tables
from bot.reflections.moderation.commands import alert_key
from bot.runtime.clock import Clock
from bot.store.store import Store

GONE = N_(
    "An answer was reported. Its author took it back or keeps it to themselves now, so there is nothing to decide."
)
DROPPED = N_("An answer was reported. The person who reported it deleted their data, so the report is gone.")


@dataclass(frozen=True, slots=True)
class ReportUpkeep:
    """Settles reports of which nothing is left to decide."""

    store: Store
    alerts: Alerts
    clock: Clock

    def job(self) -> PeriodicJob:
        """The job that looks for them."""
        return PeriodicJob("settling reports", 30, self.settle_void, tables.next_void)

    async def settle_void(self) -> int:
        """Settle the reports of what its author took back or keeps; how many answers there were."""
        void = await self.store.read(tables.list_void_reports)
        if void:
            await self.store.write(self._settle)
        return len(void)

    def _settle(self, conn: Connection) -> None:
        now = self.clock.now()
        for home, answer_id in tables.list_void_reports(conn):
            tables.settle_reports(conn, answer_id, now)
            note = "settled a report"
            audit.record_change(
                conn, home, None, None, note, f"a{answer_id}", None, {"why": "taken back"}, now
            )
            self._resolve(conn, home, answer_id, GONE, now)

    def _resolve(self, conn: Connection, home: int, answer_id: int, said: str, now: datetime) -> None:
        with speaking_to_all(conn, home):
            card = cards.settled_card(_(said))
        self.alerts.resolve(conn, home, alert_key(answer_id), now, card)

    def forget_member(self, conn: Connection, whose: DataSubject) -> None:
        """Forget what a member reported, and the reports of what they answered."""
        home = whose.community.id
        for answer_id in tables.forget_reports(conn, home, whose.member_id):
            self._resolve(conn, home, answer_id, DROPPED, whose.now)
        for answer_id in tables.list_reports_about(conn, home, whose.member_id):
            self._resolve(conn, home, answer_id, GONE, whose.now)
