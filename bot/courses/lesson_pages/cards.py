"""Cards beside a lesson, each behind a button of it: the team's meeting, who does what, the example, pages, and the way alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.cards import Block, Button, Buttons, Card, Facts, File, Heading, Markdown, Note, Quote, say
from bot.chat.language import _, ngettext
from bot.chat.menu_cards import OPEN
from bot.courses.lessons.model import Course, Lesson, LessonSheet, MeetingPart
from bot.courses.lessons.plan_fills import TeamStanding

ROW = 5
"""Buttons in a row."""


def list_pages(course: Course, lesson: Lesson, value: str, team: TeamStanding, *, first: bool) -> list[Block]:
    """The buttons to what belongs to a lesson and is not on its card; the way alone for whoever has no team."""
    alone = not team.there and bool(course.alone)
    buttons = [Button(_("Without a team"), does="course.alone", value=value)] if alone else []
    if lesson.protocol is not None:
        label = _("Team meeting, {minutes} min", minutes=lesson.protocol.minutes)
        buttons.append(Button(label, does="course.meeting", value=value))
    if lesson.example:
        buttons.append(Button(_("An example"), does="course.example", value=value))
    if lesson.leaders:
        buttons.append(Button(_("Who can help, and how"), does="course.leaders", value=value))
    if lesson.sheets:
        buttons.append(Button(_("Sheets to use"), does="course.sheets", value=value))
    if lesson.starter:
        buttons.append(Button(_("Conversation starter"), does="course.starter", value=value))
    if lesson.quiz:
        buttons.append(Button(_("Quiz"), opens="course.quiz", value=value))
    rows: list[Block] = [
        Buttons(tuple(buttons[start : start + ROW])) for start in range(0, len(buttons), ROW)
    ]
    if alone and first:
        words = _("You are not in a team. You can take this course alone: press *Without a team*.")
        rows.insert(0, Markdown(words))
    return rows


# ── the meeting ───────────────────────────────────────────────────────────────


def meeting_card(lesson: Lesson, value: str, *, handout: bool = False) -> Card:
    """The plan of a team's meeting about a lesson: what to have ready, and who does what. `handout`: it can be printed."""
    protocol = lesson.protocol
    if protocol is None:
        return no_meeting_card()
    title = _("{lesson}: {minutes} minutes together", lesson=lesson.title, minutes=protocol.minutes)
    blocks: list[Block] = [Heading(title)]
    if protocol.materials:
        blocks.append(Markdown(_("**Have ready**\n{things}", things=_bullets(protocol.materials))))
    if protocol.bring:
        blocks.append(Markdown(_("**Bring**\n{bring}", bring=_bullets(protocol.bring))))
    if protocol.roles:
        blocks.append(Facts(protocol.roles))
    buttons = [Button(_("What to do and say"), does="course.parts", value=value, style="main")]
    if any(part.online for part in protocol.parts):
        buttons.append(Button(_("On a video call"), does="course.online", value=value))
    if handout:
        buttons.append(Button(_("One page to print"), does="course.handout", value=value))
    return say(title, *blocks, Buttons(tuple(buttons)))


def parts_card(lesson: Lesson) -> Card:
    """The parts of that meeting for whoever leads it: what to do, in which minutes, and a line to say."""
    protocol = lesson.protocol
    if protocol is None:
        return no_meeting_card()
    title = _("{lesson}: what to do and say", lesson=lesson.title)
    parts = Markdown("\n".join(_part(number, part) for number, part in enumerate(protocol.parts, 1)))
    ends = Facts(((_("Write down"), protocol.write_down), (_("End"), protocol.end)))
    return say(title, Heading(title), parts, ends)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {one}" for one in lines)


def _part(number: int, part: MeetingPart) -> str:
    """One part of a meeting, with the line to say below it."""
    line = _("{number}. {do} ({minutes} min)", number=number, do=part.do, minutes=part.minutes)
    if not part.say:
        return line
    return line + "\n   " + _("Say: *{words}*", words=part.say.replace("*", "\\*"))


def online_card(lesson: Lesson) -> Card:
    """How each part of the meeting goes on a video call."""
    protocol = lesson.protocol
    if protocol is None:
        return no_meeting_card()
    lines = [
        _("{number}. {do} ({minutes} min)", number=number, do=part.online or part.do, minutes=part.minutes)
        for number, part in enumerate(protocol.parts, 1)
    ]
    title = _("{lesson}, on a video call", lesson=lesson.title)
    return say(title, Heading(title), Markdown("\n".join(lines)))


def no_meeting_card() -> Card:
    """The answer where a lesson has no meeting."""
    return say(_("This lesson has no plan for a meeting."))


# ── beside it ─────────────────────────────────────────────────────────────────


def example_card(course: Course, lesson: Lesson) -> Card:
    """What the invented school of the course did in a lesson."""
    if not lesson.example:
        return say(_("This lesson has no example."))
    title = _("An example: {lesson}", lesson=lesson.title)
    about = (Markdown(course.example),) if course.example else ()
    return say(
        title, Heading(title), *about, Markdown(lesson.example), Note(_("The school and the people are invented."))
    )  # fmt: skip


def leaders_card(lesson: Lesson) -> Card:
    """Who can help with a lesson, and how."""
    if not lesson.leaders:
        return say(_("This lesson does not say who can help."))
    title = _("Who can help, and how: {lesson}", lesson=lesson.title)
    return say(title, Heading(title), Facts(tuple((one.who, one.does) for one in lesson.leaders)))


def sheets_card(lesson: Lesson, value: str, *, handout: bool = False) -> Card:
    """The pages of a lesson, a button for each, and all of them to print where that is possible."""
    if not lesson.sheets:
        return say(_("This lesson has no sheets."))
    title = _("Sheets to use: {lesson}", lesson=lesson.title)
    pages = tuple(
        Button(one.title, does="course.sheet", value=f"{value}#{number}")
        for number, one in enumerate(lesson.sheets, 1)
    )
    paper = (Button(_("Print the sheets"), does="course.handout", value=value),)
    return say(title, Heading(title), Buttons(pages), *((Buttons(paper),) if handout else ()))


def sheet_card(sheet: LessonSheet) -> Card:
    """One page of a lesson, to read from."""
    return say(sheet.title, Heading(sheet.title), Markdown(_bullets(sheet.lines)))


def alone_card(course: Course) -> Card:
    """How somebody takes a course without a team."""
    title = _("Without a team: {course}", course=course.title)
    words = course.alone or _("This course is written for teams, and each lesson can be done alone.")
    return say(title, Heading(title), Markdown(words), Note(_("/team join shows the teams you can join.")))


def starter_card(lesson: Lesson) -> Card:
    """Words to get people talking, to copy into a channel."""
    if not lesson.starter:
        return say(_("This lesson has no conversation starter."))
    further = [
        Markdown(_("**To think about:** {question}", question=one.ask))
        for one in lesson.prompts
        if not one.completes
    ]
    return say(
        _("Conversation starter: {lesson}", lesson=lesson.title),
        Markdown(_("Copy this into a channel if you like, or say it your own way:")),
        Quote(lesson.starter),
        *further,
    )


def with_posting(card: Card) -> Card:
    """A starter as a moderator sees it: with the way to have the starter of each new lesson posted."""
    post = Button(
        _("Post starters in a channel"), opens=OPEN, value="discuss schedule title:{lesson} -- {starter}"
    )
    words = _("As a moderator, you can have the starter of each new lesson posted in a channel.")
    return replace(card, blocks=(*card.blocks, Markdown(words), Buttons((post,))))


def handout_card(lesson: Lesson, files: Sequence[File]) -> Card:
    """A lesson on paper: the meeting on one page, and each further page."""
    if not files:
        return say(_("This lesson has nothing to print."))
    title = _("To print: {lesson}", lesson=lesson.title)
    words = ngettext("One page, to print or to share.", "{count} pages, to print or to share.", len(files))
    return say(title, Heading(title), Markdown(words), *files)
