"""Cards about courses; those about lessons are in `lessons/cards.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Picture,
    Progress,
    Words,
    say,
)
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons.cards import describe_minutes, lesson_buttons
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, count_done, next_station, open_stations
from bot.courses.lessons.model import Pacing

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATES = {"ahead": "to come", "open": "open", "started": "begun", "done": "done"}


def describe_pacing(pacing: Pacing) -> str:
    """How lessons arrive, in a sentence."""
    at = f"{pacing.at:%H:%M} in your own time"
    match pacing.release:
        case "weekly":
            return f"One lesson a week, on {DAYS[pacing.weekday]} at {at}."
        case "days":
            days = "every day" if pacing.every == 1 else f"every {pacing.every} days"
            return f"The first lesson at once, then one {days} at {at}."
        case "previous":
            return (
                f"The first lesson at once, each further one at {at} after you are done with the one before."
            )


# ── courses ───────────────────────────────────────────────────────────────────


def course_list_card(courses: Sequence[CatalogCourse], taking: Mapping[int, int]) -> Card:
    """The courses that can be joined."""
    if not courses:
        return say("There is no course yet", Markdown("There is no course yet."))
    blocks: list[Block] = [Heading("Courses")]
    for listed in courses:
        course = listed.course
        size = f"{len(course.lessons)} lessons, about {describe_minutes(course.minutes)}"
        blocks.append(Markdown(f"**{course.title}** ({listed.name}) · {size}\n\n{course.about}"))
        mine = listed.id in taking
        button = (
            Button("My progress", does="course.see", value=listed.name)
            if mine
            else Button("What would come", does="course.preview", value=listed.name, style="main")
        )
        blocks.append(Buttons((button,)))
    return say("Courses", *blocks)


def preview_card(listed: CatalogCourse, dates: Sequence[datetime | None], zone: str) -> Card:
    """What joining a course means, before somebody does: every lesson, and when it would come."""
    course = listed.course
    rows: list[tuple[str, Words]] = []
    for number, (lesson, at) in enumerate(zip(course.lessons, dates, strict=True), 1):
        when: Words = ("when you are done with the one before",) if at is None else (Moment(at, zone),)
        rows.append((f"{number}. {lesson.title} ({describe_minutes(lesson.minutes)})", when))
    return say(
        course.title,
        Heading(course.title),
        Markdown(course.about),
        Facts(tuple(rows)),
        Markdown(
            f"{describe_pacing(course.pacing)} A lesson that stays open for {course.pacing.open_days} days may bring a "
            "reminder; you can pause, move or stop that whenever you like."
        ),
        Buttons((Button("Join", does="course.join", value=listed.name, style="main"),)),
        Note("How far you are is yours alone unless you show it: /my settings progress:team."),
    )


def joined_card(listed: CatalogCourse, at: datetime | None, zone: str, *, again: bool = False) -> Card:
    """The answer to joining or resuming a course."""
    when: Words = (
        ("Your next lesson comes on ", Moment(at, zone), ".")
        if at is not None
        else "Nothing more is to come by itself."
    )
    begin = "Welcome back" if again else "You are in"
    return say(
        f"{begin}: {listed.course.title}",
        Markdown(f"{begin}: **{listed.course.title}**."),
        Markdown(when),
        Note(f"/course progress shows where you are; /course pause {listed.name} lets it rest."),
    )


def home_blocks(rows: Sequence[tuple[CatalogCourse, Enrollment, tuple[Station, ...]]]) -> list[Block]:
    """A member's courses, on the bot's own page and under /course."""
    blocks: list[Block] = [Heading("Your courses")]
    for listed, one, stations in rows:
        blocks.append(Progress(listed.course.title, count_done(stations), len(stations)))
        if one.done_at is not None:
            blocks.append(
                Buttons((Button("Evidence of completion", opens="course.evidence", value=listed.name),))
            )
            continue
        if one.paused:
            blocks.append(Buttons((Button("Resume", does="course.resume", value=listed.name, style="main"),)))
            continue
        for station in open_stations(stations)[:1]:
            blocks.append(Markdown(f"Open: **{station.lesson.title}** (c{listed.id}.{station.number})"))
            blocks.append(Buttons(lesson_buttons(one, station)))
    return blocks


def no_course_card(courses: Sequence[CatalogCourse]) -> Card:
    """The answer to somebody who takes no course yet."""
    if not courses:
        return course_list_card((), {})
    return say(
        "You take no course yet",
        Markdown("You take no course yet. `/course list` shows what there is."),
        Buttons((Button("See the courses", does="course.list"),)),
    )


# ── progress ──────────────────────────────────────────────────────────────────


def progress_card(
    listed: CatalogCourse,
    one: Enrollment,
    stations: Sequence[Station],
    picture: Picture,
    next_at: datetime | None,
    zone: str,
) -> Card:
    """A member's own progress in a course."""
    rows: list[tuple[str, Words]] = []
    for station in stations:
        mark, when = station.mark, ()
        words: Words = STATES[station.state]
        if mark is not None and mark.done_at is not None:
            words = ("done, ", Moment(mark.done_at, zone, "date"))
        elif mark is not None:
            words = (f"{STATES[station.state]}, planned until ", Moment(mark.due_at, zone, "date"))
        rows.append(
            (f"c{listed.id}.{station.number} {station.lesson.title}", (*words, *when) if when else words)
        )
    blocks: list[Block] = [picture, Facts(tuple(rows))]
    if one.paused:
        blocks.append(Markdown("It rests. `/course resume` goes on."))
    elif next_at is not None:
        blocks.append(Markdown(("The next lesson comes on ", Moment(next_at, zone), ".")))
    elif one.done_at is None and next_station(stations) is not None:
        blocks.append(Markdown("The next lesson comes when you are done with the open one."))
    blocks += [Buttons(lesson_buttons(one, station)) for station in open_stations(stations)[:1]]
    if one.done_at is not None:
        blocks.append(
            Buttons((Button("Evidence of completion", opens="course.evidence", value=listed.name),))
        )
    return say(f"Your progress: {listed.course.title}", Heading(listed.course.title), *blocks)


def left_card(listed: CatalogCourse) -> Card:
    """The answer to leaving a course, with ten minutes to undo it."""
    return say(
        f"You left {listed.course.title}",
        Markdown(
            f"You left **{listed.course.title}**. What you did stays yours, and joining again goes on from there."
        ),
        Buttons((Button("Undo", does="course.rejoin", value=listed.name),)),
    )


def paused_card(listed: CatalogCourse, until: str) -> Card:
    """The answer to pausing a course."""
    when = f"until {until}" if until else "until you resume it"
    return say(
        f"{listed.course.title} rests",
        Markdown(f"**{listed.course.title}** rests {when}. No lesson comes, and nobody asks after one."),
        Buttons((Button("Resume", does="course.resume", value=listed.name),)),
    )
