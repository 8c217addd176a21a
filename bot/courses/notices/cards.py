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
    compose,
    say,
)
from bot.chat.language import N_, _
from bot.courses.cards import describe_pacing
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.teams.tables import Team

NOBODY = N_("Somebody who has left")
"""Who did it, where their name is kept no more."""
OPERATOR = N_("Your Tilth admin")
"""Who did it, where that was at the terminal."""
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
    title = _("You are in a course now") if courses else _("You are in a team")
    blocks: list[Block] = [Heading(title)]
    blocks += [Markdown(_team_words(one)) for one in teams]
    for course in courses:
        blocks += [Markdown(_course_words(course)), Markdown(_what_comes(course, zone))]
    buttons = [
        Button(_("Leave {name}", name=one.team.name)[:LABEL], does="team.leave", value=f"t{one.team.id}")
        for one in teams
    ]
    for course in courses:
        buttons += _course_buttons(course, alone=len(courses) == 1)
    return say(
        title,
        *blocks,
        *(Buttons(tuple(buttons[at : at + 5])) for at in range(0, len(buttons), 5)),
        Note(_("Only you see how far you are, unless you show it: /my settings progress:team.")),
        Note(
            _("You can leave at any time. Nobody is enrolled again after leaving.")
            if courses
            else _("You can leave at any time.")
        ),
    )


def _course_buttons(one: CourseNotice, *, alone: bool) -> tuple[Button, Button]:
    """See and Leave; with several courses, their labels name the course."""
    called = one.listed.course.title
    see = _("See the course") if alone else _("See {name}", name=called)
    leave = _("Leave the course") if alone else _("Leave {name}", name=called)
    return (
        Button(see[:LABEL], does="course.see", value=one.listed.name),
        Button(leave[:LABEL], does="course.leave", value=one.listed.name),
    )


def _team_words(one: TeamNotice) -> str:
    known = {"who": one.who, "team": one.team.name}
    if one.leads:
        return _(
            "**{who}** made you lead of the team **{team}**. You can add and remove people, and rename it.",
            **known,
        )
    return _("**{who}** added you to the team **{team}**.", **known)


def _course_words(one: CourseNotice) -> tuple[Part, ...]:
    known = {"who": one.who, "course": one.listed.course.title}
    if one.group:
        enrolled = _("**{who}** enrolled {group}, so you are in the course **{course}** now.")
        return compose(enrolled, group=one.group, **known)
    if one.who:
        return compose(
            _(
                "**{who}** added your progress from the site that hosts the course, so you are in the course "
                "**{course}** now."
            ),
            **known,
        )
    return compose(
        _(
            "Your progress came from the site that hosts the course, so you are in the course **{course}** "
            "now."
        ),
        **known,
    )


def _what_comes(one: CourseNotice, zone: str) -> tuple[Part, ...]:
    pacing = describe_pacing(one.listed.course)
    if one.next_at is None:
        return compose(_("{pacing} Lessons come to you here, in a direct message."), pacing=pacing)
    return compose(
        _("{pacing} Lessons come to you here, in a direct message. The next one comes on {when}."),
        pacing=pacing,
        when=Moment(one.next_at, zone),
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
