"""The members of a team who take a course, with how far they are and who may see it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.models import Sharing
from bot.courses.enrollment import tables
from bot.courses.lessons import tables as lessons_tables
from bot.courses.teams.progress_view import Learner
from bot.courses.teams.tables import TeamMember
from bot.people.preferences import progress_sharing


def list_learners(conn: Connection, course_id: int, mates: Sequence[TeamMember]) -> list[Learner]:
    """Those of these members who take the course."""
    ids = [mate.member_id for mate in mates]
    taking = {one.member_id for one in tables.enrollments_in(conn, course_id, ids)}
    dots = lessons_tables.lesson_states(conn, course_id, ids)
    shown = progress_sharing(conn, ids)
    return [
        Learner(
            mate.member_id,
            mate.name,
            shown.get(mate.member_id, Sharing.ME),
            frozenset(dot.lesson for dot in dots if dot.member_id == mate.member_id and dot.done_at),
            frozenset(dot.lesson for dot in dots if dot.member_id == mate.member_id and dot.started_at),
        )
        for mate in mates
        if mate.member_id in taking
    ]
