"""The upkeep of reports: nobody has to decide about an answer that its author took back, or that nobody reports any more."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.feature import DataSubject
from bot.people import audit
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.moderation import cards, tables
from bot.reflections.moderation.commands import alert_key
from bot.runtime.clock import Clock

GONE = "An answer was reported. Its author took it back or keeps it to themselves now, so there is nothing to decide."
DROPPED = "An answer was reported. Whoever reported it deleted their data, so the report is gone."


@dataclass(frozen=True, slots=True)
class ReportUpkeep:
    """Settles reports of which nothing is left to decide."""

    alerts: Alerts
    clock: Clock

    def changed(self, conn: Connection, fact: AnswerChanged) -> None:
        """An answer changed: settle the reports of those that their authors took back or keep."""
        now = self.clock.now()
        for answer_id in tables.list_void_reports(conn, fact.occurrence_id):
            tables.settle_reports(conn, answer_id, now)
            note = "settled a report"
            audit.record_change(
                conn, fact.community_id, None, None, note, f"a{answer_id}", None, {"why": "taken back"}, now
            )
            self.alerts.resolve(conn, fact.community_id, alert_key(answer_id), now, cards.settled_card(GONE))

    def forget_member(self, conn: Connection, whose: DataSubject) -> None:
        """Forget what a member reported, and the reports of what they answered."""
        home = whose.community.id
        for answer_id in tables.forget_reports(conn, home, whose.member_id):
            self.alerts.resolve(conn, home, alert_key(answer_id), whose.now, cards.settled_card(DROPPED))
        for answer_id in tables.list_reports_about(conn, home, whose.member_id):
            self.alerts.resolve(conn, home, alert_key(answer_id), whose.now, cards.settled_card(GONE))
