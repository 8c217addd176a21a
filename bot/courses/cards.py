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
    compose,
    say,
)
from bot.chat.language import N_, _, format_list, format_time, format_weekday, ngettext
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons.cards import ahead_blocks, describe_minutes, lesson_buttons
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import (
    Station,
    count_done,
    next_station,
    open_stations,
    waited_for,
)
from bot.courses.lessons.model import Course, Lesson

WEEK = 7
"""Days."""
STATES = {"ahead": N_("to come"), "open": N_("open"), "started": N_("begun"), "done": N_("done")}


def describe_pacing(course: Course) -> str:
    """How lessons arrive, in a sentence."""
    pacing = course.pacing
    at = format_time(pacing.at)
    match pacing.release:
        case "weekly" if any(one.after_days > WEEK or one.waits_for for one in course.lessons):
            return _(
                "You get at most one lesson a week, on {day} at {at} your time.",
                day=format_weekday(pacing.weekday),
                at=at,
            )
        case "weekly":
            return _(
                "You get one lesson a week, on {day} at {at} your time.",
                day=format_weekday(pacing.weekday),
                at=at,
            )
        case "days":
            return ngettext(
                "You get the first lesson at once, then one every day at {at} your time.",
                "You get the first lesson at once, then one every {count} days at {at} your time.",
                pacing.every,
                at=at,
            )
        case "previous":
            return _(
                "You get the first lesson at once. Each later lesson comes at {at} your time, after you "
                "finish the one before.",
                at=at,
            )


# ── courses ───────────────────────────────────────────────────────────────────


def course_list_card(courses: Sequence[CatalogCourse], taking: Mapping[int, int]) -> Card:
    """The courses that can be joined."""
    if not courses:
        return say(_("There is no course yet"), Markdown(_("There is no course yet.")))
    blocks: list[Block] = [Heading(_("Courses"))]
    for listed in courses:
        course = listed.course
        size = _(
            "{count} lessons, about {describe_minutes}",
            count=len(course.lessons),
            describe_minutes=describe_minutes(course.minutes),
        )
        blocks.append(Markdown(f"**{course.title}** ({listed.name}) · {size}\n\n{course.about}"))
        mine = listed.id in taking
        button = (
            Button(_("My progress"), does="course.see", value=listed.name)
            if mine
            else Button(_("What is in it"), does="course.preview", value=listed.name, style="main")
        )
        blocks.append(Buttons((button,)))
    return say(_("Courses"), *blocks)


def preview_card(listed: CatalogCourse, dates: Sequence[datetime | None], zone: str) -> Card:
    """What joining a course means, before somebody does: every lesson, and when it would come."""
    course = listed.course
    rows: list[tuple[str, Words]] = []
    for number, (lesson, at) in enumerate(zip(course.lessons, dates, strict=True), 1):
        when = _preview_when(course, lesson, at, zone)
        rows.append((f"{number}. {lesson.title} ({describe_minutes(lesson.minutes)})", when))
    return say(
        course.title,
        Heading(course.title),
        Markdown(course.about),
        Facts(tuple(rows)),
        Markdown(
            _(
                "{describe_pacing} A lesson that stays open for {open_days} days may bring a reminder; you "
                "can pause, move or stop that whenever you like.",
                describe_pacing=describe_pacing(course),
                open_days=course.pacing.open_days,
            )
        ),
        Buttons((Button(_("Join"), does="course.join", value=listed.name, style="main"),)),
        Note(_("Your progress is private unless you show it: /my settings progress:team.")),
    )


def _preview_when(course: Course, lesson: Lesson, at: datetime | None, zone: str) -> Words:
    """When a lesson would come to somebody who joins now, and what it waits for."""
    titles = [_("“{title}”", title=one.title) for one in course.lessons if one.slug in lesson.waits_for]
    if at is None:
        return (_("when you finish the one before"),)
    if titles:
        return compose(_("{at}, if you finish {others}"), at=Moment(at, zone), others=format_list(titles))
    return (Moment(at, zone),)


def joined_card(
    listed: CatalogCourse, one: Enrollment, stations: Sequence[Station], zone: str, *, again: bool = False
) -> Card:
    """The answer to joining or resuming a course."""
    when, course = _next_blocks(one, stations, one.release_at, zone), listed.course.title
    if not when:
        when = [Markdown(_("No more lessons come by themselves."))]
    if again:
        title, words = (
            _("Welcome back: {course}", course=course),
            _("Welcome back: **{course}**.", course=course),
        )
    else:
        title, words = _("You are in: {course}", course=course), _("You are in: **{course}**.", course=course)
    return say(
        title,
        Markdown(words),
        *when,
        Note(
            _(
                "/course progress shows where you are. /course pause {listed} pauses it.",
                listed=listed.name,
            )
        ),
    )


def home_blocks(rows: Sequence[tuple[CatalogCourse, Enrollment, tuple[Station, ...]]]) -> list[Block]:
    """A member's courses, on the bot's own page and under /course."""
    blocks: list[Block] = [Heading(_("Your courses"))]
    for listed, one, stations in rows:
        blocks.append(Progress(listed.course.title, count_done(stations), len(stations)))
        if one.done_at is not None:
            blocks.append(
                Buttons((Button(_("Evidence of completion"), opens="course.evidence", value=listed.name),))
            )
            continue
        if one.paused:
            blocks.append(
                Buttons((Button(_("Resume"), does="course.resume", value=listed.name, style="main"),))
            )
            continue
        for station in open_stations(stations)[:1]:
            blocks.append(
                Markdown(
                    _(
                        "Open: **{lesson}** (c{listed}.{number})",
                        lesson=station.lesson.title,
                        listed=listed.id,
                        number=station.number,
                    )
                )
            )
            blocks.append(Buttons(lesson_buttons(one, station)))
        coming = next_station(stations)
        if coming is not None and waited_for(coming, stations):
            blocks += ahead_blocks(one, coming, stations)
    return blocks


def no_course_card(courses: Sequence[CatalogCourse]) -> Card:
    """The answer to somebody who takes no course yet."""
    if not courses:
        return course_list_card((), {})
    return say(
        _("You are not in a course yet"),
        Markdown(_("You are not in a course yet. `/course list` shows them.")),
        Buttons((Button(_("See the courses"), does="course.list"),)),
    )


# ── progress ──────────────────────────────────────────────────────────────────


def describe_state(station: Station, zone: str) -> Words:
    """How far somebody is with a lesson, and the day of it."""
    mark, state = station.mark, _(STATES[station.state])
    if mark is None:
        return state
    if mark.done_at is not None:
        return compose(_("done, {day}"), day=Moment(mark.done_at, zone, "date"))
    return compose(_("{state}, planned until {day}"), state=state, day=Moment(mark.due_at, zone, "date"))


def progress_card(
    listed: CatalogCourse,
    one: Enrollment,
    stations: Sequence[Station],
    picture: Picture,
    next_at: datetime | None,
    zone: str,
) -> Card:
    """A member's own progress in a course."""
    rows = tuple(
        (f"c{listed.id}.{each.number} {each.lesson.title}", describe_state(each, zone)) for each in stations
    )
    blocks: list[Block] = [picture, Facts(rows), *_next_blocks(one, stations, next_at, zone)]
    blocks += [Buttons(lesson_buttons(one, station)) for station in open_stations(stations)[:1]]
    if one.done_at is not None:
        blocks.append(
            Buttons((Button(_("Evidence of completion"), opens="course.evidence", value=listed.name),))
        )
    return say(
        _("Your progress: {course}", course=listed.course.title), Heading(listed.course.title), *blocks
    )


def _next_blocks(
    one: Enrollment, stations: Sequence[Station], next_at: datetime | None, zone: str
) -> list[Block]:
    """When the next lesson comes, or what it waits for and how to open it all the same."""
    coming = next_station(stations)
    if one.done_at is not None or coming is None:
        return []
    if one.paused:
        return [Markdown(_("It is paused. `/course resume` goes on."))]
    if next_at is not None:
        return [Markdown(compose(_("The next lesson comes on {next_at}."), next_at=Moment(next_at, zone)))]
    if waited_for(coming, stations):
        return ahead_blocks(one, coming, stations)
    return [Markdown(_("The next lesson comes when you finish the open one."))]


def left_card(listed: CatalogCourse) -> Card:
    """The answer to leaving a course, with ten minutes to undo it."""
    return say(
        _("You left {course}", course=listed.course.title),
        Markdown(
            _(
                "You left **{course}**. Your progress is saved: if you join again, you go on from there.",
                course=listed.course.title,
            )
        ),
        Buttons((Button(_("Undo"), does="course.rejoin", value=listed.name),)),
    )


def paused_card(listed: CatalogCourse, until: str) -> Card:
    """The answer to pausing a course."""
    course = listed.course.title
    words = (
        _(
            "**{course}** is paused until {day}. Until then you get no lessons and no reminders.",
            course=course,
            day=until,
        )
        if until
        else _(
            "**{course}** is paused until you resume it. Until then you get no lessons and no reminders.",
            course=course,
        )
    )
    return say(
        _("{course} is paused", course=course),
        Markdown(words),
        Buttons((Button(_("Resume"), does="course.resume", value=listed.name),)),
    )
