"""The records of an export: what stands in a row of each of its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.chat.models import Role, Sharing
from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons.catalog import CatalogCourse, offered_courses
from bot.courses.lessons.tables import lesson_states
from bot.exports.pseudonyms import Pseudonyms
from bot.people.audience import Reader, SharedItem
from bot.people.preferences import progress_sharing
from bot.reflections.anonymous.publication import read_published
from bot.reflections.answers.tables import Answer, Part
from bot.reflections.answers.turnout import told_now
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reports.highlights.tables import Consent, highlight

Record = Mapping[str, Any]
ANSWERS = (
    "answer", "person", "asked", "prompt", "asked_on", "title", "theme", "lesson", "question_number", "question", "kind",
    "value", "value_words", "words", "answered_on", "late", "moderators_may_read", "everyone_may_read", "agreed_to_highlight",
)  # fmt: skip
PROMPTS = (
    "asked", "prompt", "asked_on", "closes_on", "title", "theme", "lesson", "question_number", "question", "kind",
    "how_answered", "answered_in_time",
)  # fmt: skip
ANONYMOUS = ("asked", "prompt", "title", "words")
PROGRESS = ("person", "course", "course_title", "lesson", "lesson_number", "lesson_title", "state", "done_on")
TABLES = {"answers": ANSWERS, "prompts": PROMPTS, "anonymous": ANONYMOUS, "progress": PROGRESS}
"""The columns of each table, by the name of its file."""
YES, NO, NAMED = "yes", "no", "with name"
MOST_UNNAMED = 100_000
"""Anonymous answers to one prompt that are read at once: more than any community has people."""


@dataclass(frozen=True, slots=True)
class RecordMaker:
    """Makes the records of a community. Days are those of its zone; nobody's name or exact time is in them."""

    names: Pseudonyms
    zone: ZoneInfo

    def _day(self, at: datetime) -> str:
        return at.astimezone(self.zone).date().isoformat()

    def answer_records(self, answer: Answer, here: AskedPrompt, agreed: str) -> Iterator[Record]:
        """One record for each piece of an answer; `agreed` is what its author said to its being highlighted."""
        for part in answer.parts:
            yield {
                "answer": self.names.answer(answer.id),
                "person": self.names.person(answer.member_id),
                **self._asked(here),
                **_question(here, part),
                "answered_on": self._day(part.said_at),
                "late": YES if answer.late else NO,
                "moderators_may_read": YES,
                "everyone_may_read": YES if answer.sharing is Sharing.EVERYONE else NO,
                "agreed_to_highlight": agreed,
            }

    def prompt_records(self, conn: Connection, here: AskedPrompt) -> Iterator[Record]:
        """One record for each question of a prompt that was asked."""
        answered = told_now(conn, here)
        for number, question in enumerate(here.prompt.questions, 1):
            yield {
                **self._asked(here),
                "closes_on": self._day(here.closes_at),
                "question_number": number,
                "question": question.ask,
                "kind": question.answer.key,
                "how_answered": question.answer.words(),
                "answered_in_time": "" if answered is None else answered,
            }

    def anonymous_records(self, conn: Connection, here: AskedPrompt) -> Iterator[Record]:
        """The anonymous answers to a closed prompt, in their random order; none of too few."""
        if here.anonymous and here.closed:
            for one in read_published(conn, here, MOST_UNNAMED).shown:
                asked = {name: value for name, value in self._asked(here).items() if name in ANONYMOUS}
                yield {**asked, "words": one.text}

    def _asked(self, here: AskedPrompt) -> dict[str, Any]:
        return {
            "asked": f"o{here.id}", "prompt": f"p{here.prompt_id}", "asked_on": self._day(here.opened_at),
            "title": here.prompt.title, "theme": here.prompt.theme, "lesson": here.prompt.lesson or "",
        }  # fmt: skip

    def progress_records(
        self, conn: Connection, home: int, listed: CatalogCourse, members: list[int], lesson: str
    ) -> list[Record]:
        """How far each of these members is in a course who lets moderators see it, by lesson, as it is now."""
        titles = {one.slug: (n, one.title) for n, one in enumerate(listed.course.lessons, 1)}
        found: list[Record] = []
        for one in lesson_states(conn, listed.id, _showing(conn, home, members)):
            if lesson.partition("/")[2] not in ("", one.lesson):
                continue
            number, title = titles.get(one.lesson, ("", ""))
            found.append({
                "person": self.names.person(one.member_id),
                "course": listed.course.slug,
                "course_title": listed.course.title,
                "lesson": one.lesson,
                "lesson_number": number,
                "lesson_title": title,
                "state": "done" if one.done_at else "started" if one.started_at else "not started",
                "done_on": self._day(one.done_at) if one.done_at else "",
            })  # fmt: skip
        return found


def read_consents(conn: Connection, answer_ids: Sequence[int]) -> dict[int, str]:
    """Which of these answers may be shown to everyone as a highlight, by what their authors agreed to and still do."""
    h = highlight.c
    agreed = select(h.answer_id, h.named).where(h.answer_id.in_(answer_ids), h.consent == Consent.AGREED)
    return {row.answer_id: NAMED if row.named else YES for row in conn.execute(agreed)}


def _question(here: AskedPrompt, part: Part) -> dict[str, Any]:
    """What a piece of an answer says to which question: a value with its words, or words alone."""
    asked = here.prompt.questions
    known = part.question is not None and part.question < len(asked)
    question = asked[part.question or 0] if known else None
    pick = part.value.get("pick", "") if isinstance(part.value, dict) else ""
    return {
        "question_number": (part.question or 0) + 1 if question is not None else "",
        "question": question.ask if question is not None else "",
        "kind": question.answer.key if question is not None else "text",
        "value": pick,
        "value_words": dict(question.answer.taps()).get(str(pick), "") if question is not None else "",
        "words": part.words,
    }


def list_learners(conn: Connection, community_id: int, lesson: str) -> list[tuple[CatalogCourse, list[int]]]:
    """The courses of a scope, each with who takes it."""
    c, slug, found = enrollment.c, lesson.partition("/")[0], []
    for listed in offered_courses(conn, community_id):
        if slug in ("", listed.course.slug):
            taking = (c.community_id == community_id) & (c.course_id == listed.id) & c.left_at.is_(None)
            members = conn.execute(select(c.member_id).where(taking).order_by(c.member_id)).scalars()
            found.append((listed, list(members)))
    return found


def count_progress(conn: Connection, home: int, lesson: str) -> int:
    """How many rows the table of progress has at most."""
    one = bool(lesson.partition("/")[2])
    taken = list_learners(conn, home, lesson)
    return sum(len(members) * (1 if one else len(listed.course.lessons)) for listed, members in taken)


def _showing(conn: Connection, community_id: int, members: list[int]) -> list[int]:
    """Those of these members who let moderators see how far they are."""
    reader, shown = Reader(community_id, None, Role.MODERATOR), progress_sharing(conn, members)
    return [one for one, sharing in shown.items() if reader.may_read(SharedItem(community_id, one, sharing))]
