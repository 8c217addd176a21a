"""Invented courses, members and teams that the example cards are filled with."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.chat.cards import Card, say
from bot.chat.models import Role, Sharing
from bot.courses import cards
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import cards as lessons_cards
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import path
from bot.courses.lessons.model import Course, Lesson, LessonPrompt, Pacing, Protocol, Step
from bot.courses.lessons.tables import Mark
from bot.courses.teams import cards as teams_cards
from bot.courses.teams.progress_view import Viewer, Walker, stand
from bot.courses.teams.tables import Mate, Team
from bot.pictures.bars import Bar, chart
from bot.reminders.policy import framed

_NOW = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
_ZONE = "Europe/Dublin"
_FIRST = Lesson(
    "an-hour-kept-whole", "An hour kept whole", "Find one hour that nobody breaks into, and say what keeps it whole.",
    "https://example.org/lessons/1",
    (Step("Look at the next two weeks and mark the hour.", 10), Step("Ask whoever has to say yes.", 5)),
    (LessonPrompt("what-keeps-it-whole", "What keeps that hour whole?", True),),
    Protocol(
        45, ("Your calendar",), (("Host", "Opens on time and speaks last."),),
        (Step("Each say when you think best.", 20), Step("Agree on one hour and what protects it.", 25)),
        "The hour, the place, and who asks whom.", "Read back what was agreed.",
    ),
    "Which hour of your week does nobody break into, and why?",
    ("The smallest piece of this lesson is a look at your calendar.",),
)  # fmt: skip
_SECOND = Lesson(
    "who-is-missing", "Who is missing", "Draw the table, and find the chair that is not there.", "",
    (Step("Write a job on each chair.", 15),), (), None, "", ("A napkin is enough for this drawing.",),
)  # fmt: skip
COURSE = CatalogCourse(
    1,
    Course(
        "common-ground", "Common ground", "Two small lessons about meeting well.", "en",
        Pacing("weekly", 0, 0, time(9), 5), (_FIRST, _SECOND),
    ),
    retired=False,
)  # fmt: skip
ONE = Enrollment(
    12, 1, 1, 7, "self", _NOW, _NOW.date(), None, None, None, None, None, _NOW, _NOW + timedelta(days=7), None
)
_DONE = Mark(1, 12, 1, 7, _FIRST, 0, _NOW, _NOW + timedelta(days=5), _NOW, _NOW, "form", "Thursdays.", _NOW)
_OPEN = Mark(2, 12, 1, 7, _SECOND, 1, _NOW, _NOW + timedelta(days=5), None, None, None, None, None)
STATIONS = path(COURSE.course, (_DONE, _OPEN))


def walkers(count: int, named: int) -> list[Walker]:
    """So many invented members, of whom so many show how far they are."""
    names = ("Ada Quinn", "Ben Okafor", "Cleo Marsh", "Dara Lake", "Eli Stone", "Fern Vale", "Gus Heath")
    return [
        Walker(
            number, names[number], Sharing.TEAM if number < named else Sharing.ME,
            frozenset({_FIRST.slug} if number % 2 == 0 else set()), frozenset({_SECOND.slug}),
        )
        for number in range(count)
    ]  # fmt: skip


def _standing(count: int, named: int) -> Card:
    lessons = {one.slug: one.title for one in COURSE.course.lessons}
    seen = stand(
        "North", COURSE.course.title, count, walkers(count, named), lessons, Viewer(0, Role.MEMBER, True)
    )
    bars = [Bar(one.title, one.done, one.started, one.of) for one in seen.lessons]
    picture = chart("North", COURSE.course.title, bars, "people", (("W40", 1), ("W41", 3))) if bars else None
    return teams_cards.standing_card(seen, picture, list(lessons.values()))


def examples() -> tuple[Card, ...]:
    """Every card of this room, filled."""
    resting = Enrollment(
        13, 1, 1, 7, "self", _NOW, _NOW.date(), _NOW, None, None, None, None, _NOW, None, None
    )
    picture = chart(COURSE.course.title, "", [Bar("All together", 1, 0, 2)], "lessons")
    reminder = lessons_cards.reminder(ONE, COURSE, STATIONS[1], 0)
    return (
        cards.listing([COURSE], {}),
        cards.listing([], {}),
        cards.preview(COURSE, [_NOW, None], _ZONE),
        cards.joined(COURSE, _NOW, _ZONE),
        say("Your courses", *cards.home([(COURSE, ONE, STATIONS), (COURSE, resting, STATIONS)])),
        cards.nothing_taken([COURSE]),
        lessons_cards.arrived(ONE, COURSE, path(COURSE.course, ())[0], 2),
        lessons_cards.lesson_card(ONE, COURSE, STATIONS[1]),
        lessons_cards.meeting(_FIRST),
        lessons_cards.starter(_FIRST),
        lessons_cards.marked(ONE, COURSE, STATIONS[0], STATIONS, "Thursdays, because the hall is free."),
        lessons_cards.unmarked(COURSE, STATIONS[1], STATIONS),
        cards.progress_card(COURSE, ONE, STATIONS, picture, _NOW, _ZONE),
        cards.left(COURSE),
        cards.rests(COURSE, "Friday 9 October 2026"),
        framed(reminder, "You get this because “Who is missing” has been open for 6 days.", 4, 1, 2),
        teams_cards.listing([Team(1, "North", 5), Team(2, "South", 1)], {1}),
        say(
            "Your teams",
            *teams_cards.home(
                [(Team(1, "North", 2), [Mate(7, "Ada Quinn", True), Mate(8, "Ben Okafor", False)])]
            ),
        ),
        teams_cards.welcome(Team(1, "North", 5)),
        teams_cards.gone(Team(1, "North", 5), "t1/7"),
        _standing(7, 2),
        _standing(4, 1),
        _standing(2, 0),
    )
