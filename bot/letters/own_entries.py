"""Somebody's own answers as a letter needs them: with what was asked, in their own days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, select

from bot.courses.lessons.catalog import course
from bot.courses.lessons.tables import progress
from bot.letters.letter import OwnEntry, ScalePick
from bot.reflections.answers.history_page import list_filtered_answers
from bot.reflections.answers.tables import Answer, answer
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking

MOST = 400
"""Answers that are read for a letter, the newest: a school year of them, and more."""


def read_entries(
    conn: Connection, community_id: int, member_id: int, since: datetime | None, zone: str, slug: str = ""
) -> list[OwnEntry]:
    """A member's answers and notes on lessons since then, whoever may read them; only of one course, by its slug, if named."""
    place = ZoneInfo(zone)
    given: list[ColumnElement[bool]] = []
    if since is not None:
        given.append(answer.c.first_at >= since)
    asked = _list_asked(conn, community_id, member_id, given, slug)
    of_course = [answer.c.occurrence_id.in_(asked)] if slug else []
    found = list_filtered_answers(conn, community_id, member_id, [*given, *of_course], offset=0, limit=MOST)
    entries = [_entry(one, asked[one.occurrence_id], place) for one in found if one.occurrence_id in asked]
    return [*entries, *_notes(conn, community_id, member_id, since, place, slug)]


def _list_asked(
    conn: Connection, community_id: int, member_id: int, given: Sequence[ColumnElement[bool]], slug: str
) -> dict[int, AskedPrompt]:
    """The prompts that a member answered, as they were asked; only of one course, if named."""
    own = select(answer.c.occurrence_id).where(answer.c.member_id == member_id, *given)
    query = select(*WHOLE).where(asking.c.community_id == community_id, asking.c.occurrence_id.in_(own))
    found = map(asked_from, conn.execute(query))
    return {one.id: one for one in found if not slug or (one.prompt.lesson or "").startswith(f"{slug}/")}


def _notes(
    conn: Connection, community_id: int, member_id: int, since: datetime | None, zone: ZoneInfo, slug: str
) -> Iterator[OwnEntry]:
    """What a member noted on the lessons that they did; a lesson's words as they were when they reached it."""
    p = progress.c
    noted = (p.community_id == community_id) & (p.member_id == member_id) & p.note.is_not(None)
    query = select(p.done_at, p.content, p.note).join(course, course.c.id == p.course_id)
    query = query.where(noted, p.done_at.is_not(None), *((course.c.slug == slug,) if slug else ()))
    for row in conn.execute(query if since is None else query.where(p.done_at >= since)):
        title = str(row.content["title"])
        yield OwnEntry(row.done_at.astimezone(zone).date(), 0, title, "", title, row.note)


def _entry(one: Answer, here: AskedPrompt, zone: ZoneInfo) -> OwnEntry:
    questions = here.prompt.questions
    picks = []
    for part in one.parts:
        number = part.question
        kind = questions[number] if number is not None and number < len(questions) else None
        pick = part.value.get("pick") if isinstance(part.value, dict) else None
        if kind is not None and isinstance(kind.answer, ScaleAnswer) and isinstance(pick, int):
            scale = kind.answer
            picks.append(ScalePick(kind.ask, pick, scale.start, scale.end, scale.low, scale.high))
    asked = " ".join((here.prompt.title, *(each.ask for each in questions)))
    day = one.first_at.astimezone(zone).date()
    return OwnEntry(day, here.prompt_id, here.prompt.title, here.prompt.theme, asked, one.words, tuple(picks))
