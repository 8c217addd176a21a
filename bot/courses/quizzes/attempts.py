"""`/course quiz`: the quiz of a lesson, answered once, with what was right and why; only its member sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Heading, Markdown, Note, say
from bot.chat.forms import Choice, Form
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, UnclearOption
from bot.courses.enrollment import tables as enrollment_tables
from bot.courses.lessons import cards, resolve
from bot.courses.lessons.course_views import LESSON
from bot.courses.lessons.learner_path import Station
from bot.courses.lessons.release import plan_enrollment
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.offers import takes_course
from bot.courses.quizzes.questions import QuizQuestion, count_right
from bot.courses.quizzes.tables import QuizAttempt, find_attempt, insert_attempt
from bot.feature import CommandHandler, Completion, FormHandler, Reads, Request, Writes

FORM = "course.quiz"


def quiz_form(conn: Connection, request: Request) -> Form | Card:
    """The questions of a lesson's quiz; the score, where it was answered."""
    row, station = _quiz_of(conn, request)
    known = find_attempt(conn, request.member.id, row.one.course_id, station.lesson.slug)
    if known is not None:
        return score_card(station.lesson.title, station.lesson.quiz, known.chosen)
    fields = tuple(
        Choice(f"q{place}", question.ask, tuple((str(at), one) for at, one in enumerate(question.choices)))
        for place, question in enumerate(station.lesson.quiz)
    )
    return Form(
        FORM, _("Quiz, one try"), fields, cards.button_value(row.one, station.lesson), submit=_("Send")
    )


def submit_quiz(conn: Connection, request: Request) -> Card:
    """Store the answers of the first try, and say what was right."""
    row, station = _quiz_of(conn, request)
    quiz, slug = station.lesson.quiz, station.lesson.slug
    chosen = [int(request.text(f"q{place}") or 0) for place in range(len(quiz))]
    one = row.one
    insert_attempt(
        conn,
        QuizAttempt(
            one.member_id, one.course_id, slug, one.community_id, chosen, count_right(quiz, chosen), len(quiz), request.now
        ),
    )  # fmt: skip
    enrollment_tables.change_enrollment(conn, one.id, alive_at=request.now)
    plan_enrollment(conn, replace(one, alive_at=request.now), request.now)
    first = find_attempt(conn, one.member_id, one.course_id, slug)
    return score_card(station.lesson.title, quiz, chosen if first is None else first.chosen)


def _quiz_of(conn: Connection, request: Request) -> tuple[EnrolledCourse, Station]:
    """The lesson that somebody means, which has come to them and has a quiz."""
    if not request.value and not request.text("lesson"):
        request = _choose_lesson(conn, request)
    row, station = resolve.taken_lesson(conn, request)
    if not station.lesson.quiz:
        raise Refusal(_("“{lesson}” has no quiz.", lesson=station.lesson.title))
    if station.mark is None:
        raise Refusal(
            _("“{lesson}” has not come yet.", lesson=station.lesson.title),
            _("The quiz opens when the lesson comes."),
        )
    if not request.member.keeps:
        raise Refusal(
            _("Saving is off for you, so I cannot save a score."),
            _("`/my settings keep:yes` turns saving on."),
        )
    return row, station


def _choose_lesson(conn: Connection, request: Request) -> Request:
    """The same request about the only lesson with a quiz; a question where there are several."""
    there = quiz_lessons(conn, request)
    if not there:
        raise Refusal(
            _("No lesson that has come to you has a quiz."), _("`/course progress` shows your lessons.")
        )
    if len(there) > 1:
        raise UnclearOption("lesson", _("Which quiz do you mean?"), there)
    return replace(request, values={**request.values, "lesson": there[0][0].removeprefix("c")})


def score_card(lesson: str, quiz: Sequence[QuizQuestion], chosen: Sequence[int]) -> Card:
    """How many were right, and for each that was not, which is right and why."""
    title = _(
        "{right} of {count} right: {lesson}", right=count_right(quiz, chosen), count=len(quiz), lesson=lesson
    )
    blocks: list[Block] = [Heading(title)]
    for question, choice in zip(quiz, chosen, strict=True):
        blocks.append(Markdown(f"**{question.ask}**\n{_explain(question, choice)}"))
    return say(title, *blocks, Note(_("Only you see your score. Your evidence of completion says it too.")))


def _explain(question: QuizQuestion, choice: int) -> str:
    """What is said about one answer, a line for each thing: first about what was chosen, then about what is right."""
    chosen, right = question.choices[choice], question.choices[question.right]
    said = question.says[choice : choice + 1]
    if choice == question.right:
        return "\n".join((_("Right: {choice}", choice=chosen), *said))
    lines = (_("You chose: {choice}", choice=chosen), *said)
    return "\n".join((*lines, _("The right answer: {right}", right=right), question.why))


def quiz_lessons(conn: Connection, request: Request) -> list[tuple[str, str]]:
    """The lessons with a quiz that have come to the asker."""
    return [
        (f"{row.listed.name}.{station.number}", station.lesson.title)
        for row in resolve.taken_courses(conn, request)
        for station in row.stations
        if station.lesson.quiz and station.mark is not None
    ]


COMMANDS = (
    CommandHandler(
        Command("course", "quiz", N_("The quiz of a lesson: one try, and only you see your score"), (LESSON,), opens=True,
                examples=("/course quiz c2.1",), label=N_("Take a quiz")),
        Reads(quiz_form),
        takes_course,
    ),
)  # fmt: skip
FORMS = (FormHandler(FORM, Reads(quiz_form), Writes(submit_quiz)),)
COMPLETIONS = (Completion("course quiz", "lesson", quiz_lessons),)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    quiz = (
        QuizQuestion(
            "When does a silence work?",
            ("After a question", "Never"),
            0,
            "People need five seconds to think.",
            ("Most people wait less than one second.", "It can be hard to wait."),
        ),
    )
    return (score_card("An hour kept whole", quiz, [0]), score_card("An hour kept whole", quiz, [1]))
