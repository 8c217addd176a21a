"""The scores of quizzes in evidence: of each lesson that is in it, how many answers were right."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from bot.chat.language import _
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.quizzes.tables import list_attempts


def add_scores(conn: Connection, row: EnrolledCourse, document: dict[str, Any]) -> dict[str, Any]:
    """The same evidence, with the member's score beside each lesson whose quiz they answered."""
    scores = list_attempts(conn, row.one.member_id, row.one.course_id)
    known = {
        station.lesson.title: scores[station.lesson.slug]
        for station in row.stations
        if station.lesson.slug in scores
    }
    lessons = [
        {**one, "quiz": {"right": score.right, "of": score.questions}}
        if (score := known.get(one["title"])) is not None
        else one
        for one in document["lessons"]
    ]
    return {**document, "lessons": lessons}


def score_words(lesson: dict[str, Any]) -> str:
    """A score as it stands on the page, after what the lesson is for."""
    score = lesson.get("quiz")
    if score is None:
        return ""
    return "<br>" + _("Quiz: {right} of {count} right", right=score["right"], count=score["of"])
