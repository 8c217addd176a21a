"""The card that tells somebody into which teams and courses they were put, by whom, and how to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Heading,
    Markdown,
    Moment,
    Note,
    Part,
    say,
)
from bot.courses.cards import describe_pacing
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.teams.tables import Team

NOBODY = "Somebody who has left"
"""Who did it, where their name is kept no more."""
LABEL = 75
"""Characters of a button."""


@dataclass(frozen=True, slots=True)
class TeamNotice:
    """Somebody was put into a team, or made its lead."""

    team: Team
    who: str
    leads: bool


@dataclass(frozen=True, slots=True)
class CourseNotice:
    """Somebody was enrolled: with a group (`group` names it), or because progress of theirs came in.

    `who` is empty where a machine did it. `next_at` is when the next lesson comes by itself.
    """

    listed: CatalogCourse
    who: str
    group: tuple[Part, ...]
    next_at: datetime | None


def membership_card(teams: Sequence[TeamNotice], courses: Sequence[CourseNotice], zone: str) -> Card:
    """Everything that somebody is told at once."""
    title = "You are in a team" if not courses else "You take a course"
    blocks: list[Block] = [Heading(title)]
    blocks += [Markdown(_team_words(one)) for one in teams]
    for course in courses:
        blocks += [Markdown(_course_words(course)), Markdown(_what_comes(course, zone))]
    buttons = [
        Button(f"Leave {one.team.name}"[:LABEL], does="team.leave", value=f"t{one.team.id}") for one in teams
    ]
    for course in courses:
        called = "the course" if len(courses) == 1 else course.listed.course.title
        buttons += [
            Button(f"See {called}"[:LABEL], does="course.see", value=course.listed.name),
            Button(f"Leave {called}"[:LABEL], does="course.leave", value=course.listed.name),
        ]
    rest = "How far you are stays with you unless you show it: /my settings progress:team."
    again = (
        " You can leave at any time, and nobody is enrolled again after leaving."
        if courses
        else " You can leave at any time."
    )
    return say(
        title,
        *blocks,
        *(Buttons(tuple(buttons[at : at + 5])) for at in range(0, len(buttons), 5)),
        Note(rest + again),
    )


def _team_words(one: TeamNotice) -> str:
    if one.leads:
        return f"**{one.who}** made you lead of the team **{one.team.name}**. You can add and remove people, and rename it."
    return f"**{one.who}** added you to the team **{one.team.name}**."


def _course_words(one: CourseNotice) -> tuple[Part, ...]:
    so = f", so you take the course **{one.listed.course.title}** from now on."
    if one.group:
        return (f"**{one.who}** enrolled ", *one.group, so)
    if one.who:
        return (f"**{one.who}** took in your progress from where the course is hosted{so}",)
    return (f"Your progress came in from where the course is hosted{so}",)


def _what_comes(one: CourseNotice, zone: str) -> tuple[Part, ...]:
    pacing = f"{describe_pacing(one.listed.course.pacing)} It comes to you here, in a direct message."
    return (
        (pacing,)
        if one.next_at is None
        else (f"{pacing} The next one comes on ", Moment(one.next_at, zone), ".")
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.courses.examples import COURSE  # examples only

    at = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    north = Team(1, "North", 4)
    here: tuple[Part, ...] = ("everybody in ", ChannelLink("c1"))
    return (
        membership_card([TeamNotice(north, "Mo Hale", leads=False)], [], "Europe/Dublin"),
        membership_card(
            [TeamNotice(north, NOBODY, leads=True)],
            [CourseNotice(COURSE, "Mo Hale", ("the team North",), at)],
            "Europe/Dublin",
        ),
        membership_card(
            [],
            [CourseNotice(COURSE, "Mo Hale", here, at), CourseNotice(COURSE, "", (), None)],
            "Europe/Dublin",
        ),
    )
