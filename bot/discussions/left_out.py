"""Discussions that are left out on their date, because there is nothing to open them with, and why."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from bot.alerts.alerts import Alerts
from bot.chat.language import N_
from bot.discussions import cards, topics
from bot.discussions.placeholders import wanted
from bot.discussions.settings import Dry
from bot.discussions.tables import discussion
from bot.facts import CurrentLesson
from bot.scheduled_posts.approval import PostApproval
from bot.schedules import tables as schedules_tables
from bot.schedules.model import OccurrenceState
from bot.schedules.planner import DueOccurrence

NO_TOPIC = N_("no topic is left")
NO_STARTER = N_("no new lesson has a starter")


def leave_out(
    conn: Connection, alerts: Alerts, approval: PostApproval, due: DueOccurrence, reason: str, now: datetime
) -> None:
    """Skip one for a reason; moderators hear of it where they can do something about it."""
    schedules_tables.mark(conn, due.id, OccurrenceState.SKIPPED, reason)
    if reason == NO_TOPIC:
        card = cards.dry_card(due.schedule)
        alerts.alert(conn, due.community_id, f"dry:{due.schedule.id}:{due.key}", card, now)
        approval.settle(conn, due.schedule, due.key, now, N_("No topic was left."))
    else:
        approval.settle(conn, due.schedule, due.key, now, N_("No new lesson had a starter."))


def warn_of_last_topic(conn: Connection, alerts: Alerts, due: DueOccurrence, dry: Dry, now: datetime) -> None:
    """Say that the last topic was just used, while there is time to think of more."""
    if dry is not Dry.AGAIN and not topics.waiting_topics(conn, due.schedule.id):
        card = cards.last_topic_card(due.schedule, dry)
        alerts.alert(conn, due.community_id, f"dry:{due.schedule.id}:{due.key}", card, now)


def lacks_starter(
    conn: Connection, schedule_id: int, title: str, text: str, lesson: CurrentLesson | None
) -> bool:
    """Whether a starter is wanted that is not there, or was posted by the same schedule before."""
    if "starter" not in wanted(f"{title}\n{text}"):
        return False
    return lesson is None or not lesson.starter or _was_said(conn, schedule_id, lesson.starter)


def _was_said(conn: Connection, schedule_id: int, starter: str) -> bool:
    opened = (discussion.c.schedule_id == schedule_id) & discussion.c.opened_at.is_not(None)
    said = conn.execute(select(discussion.c.text).where(opened)).scalars()
    return any(starter in (text or "") for text in said)
