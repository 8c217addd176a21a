"""What one feature uses of another, joined here so that neither imports the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.courses.evidence.document import CHOSEN, Reflection
from bot.courses.lessons.catalog import offered_courses
from bot.courses.progress_import.endpoints import Hook
from bot.feature import DataSubject
from bot.reflections.answers import tables
from bot.reflections.schedule import asked_prompts
from bot.settings.model import Settings

MOST_ANSWERS = 1000
"""Answers of a member that are looked at for their weeks, the newest first."""


def answers_for_evidence(conn: Connection, whose: DataSubject) -> list[Reflection]:
    """What a member answered to prompts, newest first, for evidence of a course they finished."""
    found = tables.list_own_answers(
        conn, whose.community.id, whose.member_id, since=None, find="", offset=0, limit=CHOSEN
    )
    return [
        Reflection(f"a{one.id}", here.prompt.title, one.text, one.first_at)
        for one in found
        if (here := asked_prompts.find_asked_prompt(conn, whose.community.id, one.occurrence_id)) is not None
    ]


def answer_times(conn: Connection, community_id: int, member_id: int) -> list[datetime]:
    """When a member answered prompts, for the count of their own weeks."""
    found = tables.list_own_answers(
        conn, community_id, member_id, since=None, find="", offset=0, limit=MOST_ANSWERS
    )
    return [one.first_at for one in found]


def lesson_titles(conn: Connection, community_id: int) -> dict[str, tuple[str, str]]:
    """(`1.2`, its title) of each lesson that can be taken, by `course/lesson`, in their order."""
    return {
        f"{one.course.slug}/{lesson.slug}": (f"{one.id}.{place}", lesson.title)
        for one in offered_courses(conn, community_id)
        for place, lesson in enumerate(one.course.lessons, 1)
    }


def course_hooks(settings: Settings) -> dict[str, Hook]:
    """The places where courses are hosted, by the name that is in their address."""
    first = settings.community.slug
    return {
        name: Hook(one.secret.get_secret_value(), one.community or first)
        for name, one in settings.courses.hooks.items()
    }
