"""Invented courses, members and teams that the example cards are filled with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.chat.cards import Card, File, say
from bot.chat.language import _
from bot.chat.models import Role, Sharing
from bot.courses import cards
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lesson_pages import cards as page_cards
from bot.courses.lessons import cards as lessons_cards
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import learner_path
from bot.courses.lessons.model import (
    Course,
    LeaderTask,
    Lesson,
    LessonPrompt,
    LessonSheet,
    MeetingPart,
    Pacing,
    Protocol,
    Step,
)
from bot.courses.lessons.plan_fills import NO_TEAM, TeamStanding
from bot.courses.lessons.tables import LessonMark
from bot.courses.pauses.silence import paused_card as silent_course_card
from bot.courses.support.lead_view import support_card
from bot.courses.support.overdue import OverdueLesson
from bot.courses.teams import cards as teams_cards
from bot.courses.teams.progress_view import Learner, TeamTotal, view_progress
from bot.courses.teams.tables import Team, TeamMember
from bot.people.audience import Reader
from bot.pictures.bars import Bar, bar_chart
from bot.reminders.policy import Wording, framed_card

_NOW = datetime.fromisoformat("2026-10-05T14:00:00+00:00")
_ZONE = "America/Chicago"
_FIRST = Lesson(
    "an-hour-kept-whole", "An hour kept whole", "Find one hour that nobody breaks into, and say what keeps it whole.",
    "https://example.org/lessons/1",
    (Step("Look at the next two weeks and mark the hour.", 10), Step("Ask whoever has to say yes.", 5)),
    (LessonPrompt("what-keeps-it-whole", "What keeps that hour whole?", True),),
    Protocol(
        45, ("Your calendar",), (("Host", "Opens on time and speaks last."),),
        (MeetingPart("Each say when you think best.", 20, "Thirty seconds each.", "Write it into the chat."), MeetingPart("Agree on one hour and what protects it.", 25)),
        "The hour, the place, and who asks whom.", "Read back what was agreed.",
    ),
    "Which hour of your week does nobody break into, and why?",
    ("The smallest piece of this lesson is a look at your calendar.",),
    example="The team of an invented school kept Thursdays at two free for a month.",
    leaders=(LeaderTask("Principal", "Protects the hour."),),
    sheets=(LessonSheet("Questions to ask", ("When do you think best?", "What breaks into it?")),),
)  # fmt: skip
_SECOND = Lesson(
    "who-is-missing", "Who is missing", "Draw the table, and find the chair that is not there.", "",
    (Step("Write a job on each chair.", 15, "problem"),), (), None, "", ("A napkin is enough for this drawing.",),
    waits_for=("an-hour-kept-whole",),
)  # fmt: skip
COURSE = CatalogCourse(
    1,
    Course(
        "common-ground", "Common ground", "Two small lessons about meeting well.", "en",
        Pacing("weekly", 0, 0, time(9), 5), (_FIRST, _SECOND), "Keep the hour for yourself first.", "A school by a river.",
    ),
    retired=False,
)  # fmt: skip
ONE = Enrollment(
    12, 1, 1, 7, "self", _NOW, _NOW.date(), None, None, None, None, None, _NOW, _NOW + timedelta(days=7), None
)
_DONE = LessonMark(
    1, 12, 1, 7, _FIRST, 0, _NOW, _NOW + timedelta(days=5), _NOW, _NOW, "form", "Thursdays.", _NOW
)
_OPEN = LessonMark(2, 12, 1, 7, _SECOND, 1, _NOW, _NOW + timedelta(days=5), None, None, None, None, None)
WHY = "You get this because “Who is missing” has been open for 6 days."
STATIONS = learner_path(COURSE.course, (_DONE, _OPEN))
AHEAD = learner_path(COURSE.course, ())


def learners(count: int, named: int) -> list[Learner]:
    """So many invented members, of whom so many show how far they are."""
    names = ("Ada Quinn", "Ben Okafor", "Cleo Marsh", "Dara Lake", "Eli Stone", "Fern Vale", "Gus Heath")
    return [
        Learner(
            number, names[number], Sharing.TEAM if number < named else Sharing.ME,
            frozenset({_FIRST.slug} if number % 2 == 0 else set()), frozenset({_SECOND.slug}),
        )
        for number in range(count)
    ]  # fmt: skip


def _standing(count: int, named: int, total: TeamTotal | None = None) -> Card:
    lessons = {one.slug: one.title for one in COURSE.course.lessons}
    seen = view_progress(
        "North",
        COURSE.course.title,
        count,
        learners(count, named),
        lessons,
        Reader(1, 0, Role.MEMBER, frozenset(range(1, count))),
        total,
    )
    bars = [Bar(one.title, one.done, one.started, one.of) for one in seen.lessons]
    picture = (
        bar_chart(
            "North", COURSE.course.title, bars, "people", ((date(2026, 9, 28), 1), (date(2026, 10, 5), 3))
        )
        if bars
        else None
    )
    return teams_cards.progress_card(seen, picture, list(lessons.values()), _ZONE)


def examples() -> tuple[Card, ...]:
    """Every card of this room, filled."""
    resting = Enrollment(
        13, 1, 1, 7, "self", _NOW, _NOW.date(), _NOW, None, None, None, None, _NOW, None, None
    )
    picture = bar_chart(COURSE.course.title, "", [Bar(_("All together"), 1, 0, 2)], "lessons")
    reminder = lessons_cards.reminder_card(
        ONE, COURSE, STATIONS[1], NO_TEAM, AHEAD[1], Wording(STATIONS[1].lesson.reminders[0])
    )
    return (
        cards.course_list_card([COURSE], {}),
        cards.course_list_card([], {}),
        cards.preview_card(COURSE, [_NOW, None], _ZONE),
        cards.joined_card(COURSE, ONE, STATIONS[:1], _ZONE),
        cards.joined_card(COURSE, ONE, AHEAD, _ZONE),
        say("Your courses", *cards.home_blocks([(COURSE, ONE, STATIONS), (COURSE, resting, STATIONS)])),
        cards.no_course_card([COURSE]),
        lessons_cards.arrival_card(ONE, COURSE, AHEAD, replace(AHEAD[0], mark=_OPEN), NO_TEAM),
        lessons_cards.lesson_card(ONE, COURSE, AHEAD, AHEAD[1], NO_TEAM),
        lessons_cards.lesson_card(ONE, COURSE, STATIONS, STATIONS[1], TeamStanding(there=True, did=True)),
        lessons_cards.ask_card(ONE, _SECOND),
        *_page_examples(),
        lessons_cards.done_card(ONE, COURSE, STATIONS[0], STATIONS, "Thursdays, because the hall is free."),
        lessons_cards.reopened_card(COURSE, STATIONS[1], STATIONS),
        cards.progress_card(COURSE, ONE, STATIONS, picture, _NOW, _ZONE),
        cards.left_card(COURSE),
        cards.paused_card(COURSE, "Friday 9 October 2026"),
        framed_card(reminder, WHY, 4, 2, first=True),
        framed_card(reminder, WHY, 4, 2, first=False),
        *_team_examples(),
        support_card(Team(1, "North", 5), [OverdueLesson("Ben Okafor", _SECOND.title, _NOW)], _ZONE),
        support_card(Team(1, "North", 5), [], _ZONE),
        silent_course_card(COURSE, _NOW, _ZONE),
    )


def _page_examples() -> tuple[Card, ...]:
    """The cards beside a lesson, filled."""
    return (
        page_cards.meeting_card(_FIRST, "e12/an-hour-kept-whole", handout=True),
        page_cards.parts_card(_FIRST),
        page_cards.online_card(_FIRST),
        page_cards.example_card(COURSE.course, _FIRST),
        page_cards.leaders_card(_FIRST),
        page_cards.sheets_card(_FIRST, "e12/an-hour-kept-whole", handout=True),
        page_cards.sheet_card(_FIRST.sheets[0]),
        page_cards.alone_card(COURSE.course),
        page_cards.starter_card(_FIRST),
        page_cards.handout_card(_FIRST, (File("an-hour-kept-whole.pdf", b"%PDF", _FIRST.title),)),
    )


def _team_examples() -> tuple[Card, ...]:
    return (
        teams_cards.team_list_card([Team(1, "North", 5), Team(2, "South", 1)], {1}),
        say(
            _("Your teams"),
            *teams_cards.home_blocks(
                [
                    (
                        Team(1, "North", 2),
                        [TeamMember(7, "Ada Quinn", True), TeamMember(8, "Ben Okafor", False)],
                    )
                ]
            ),
        ),
        teams_cards.welcome_card(Team(1, "North", 5)),
        teams_cards.left_card(Team(1, "North", 5), "t1/7"),
        teams_cards.left_card(Team(1, "North", 5), "t1/7", leaderless=True),
        *(
            card(Team(1, "North", 5), "Ada Quinn")
            for card in (
                teams_cards.offer_card,
                teams_cards.offered_card,
                teams_cards.accepted_card,
                teams_cards.declined_card,
                teams_cards.led_card,
            )
        ),
        *(
            card(Team(1, "North", 5))
            for card in (teams_cards.leading_card, teams_cards.not_leading_card, teams_cards.leaderless_card)
        ),
        _standing(7, 2, TeamTotal(5, 6, 10, _NOW)),
        _standing(4, 1),
        _standing(2, 0),
    )
