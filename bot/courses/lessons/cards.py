"""Cards about lessons: what arrives, what a reminder says, and what follows when one is done."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Note,
    Progress,
    Quote,
    say,
)
from bot.chat.language import _, ngettext
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, count_done
from bot.courses.lessons.model import Lesson
from bot.reminders.policy import Wording


def button_value(one: Enrollment, lesson: Lesson) -> str:
    """The value of a button about a lesson."""
    return f"e{one.id}/{lesson.slug}"


def describe_minutes(minutes: int) -> str:
    """A length in words: `50 minutes`, `2 hours`, `2 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("{count} minute", "{count} minutes", rest)
    if rest:
        return _("{hours} h {rest} min", hours=hours, rest=rest)
    return ngettext("{count} hour", "{count} hours", hours)


# ── lessons ───────────────────────────────────────────────────────────────────


def lesson_buttons(one: Enrollment, station: Station) -> tuple[Button, ...]:
    """The buttons of an open lesson."""
    state = button_value(one, station.lesson)
    return (
        Button(_("See the lesson"), does="course.lesson", value=state),
        Button(_("Done"), does="course.done", value=state, style="main"),
        Button(_("Done, with a note"), opens="course.note", value=state),
    )


def _steps(lesson: Lesson) -> str:
    return "\n".join(
        f"{number}. {step.do} ({step.minutes} min)" for number, step in enumerate(lesson.steps, 1)
    )


def _finish_buttons(lesson: Lesson, state: str, *, begun: bool) -> Buttons:
    """The ways to begin and to finish a lesson."""
    first = () if begun else (Button(_("I have begun"), does="course.start", value=state),)
    finish = _("Reflect and finish") if lesson.completing else _("Done, with a note")
    last = (
        Button(finish, opens="course.note", value=state, style="main"),
        Button(_("Done"), does="course.done", value=state),
    )
    return Buttons((*first, *last))


def lesson_blocks(one: Enrollment, listed: CatalogCourse, station: Station, title: str) -> list[Block]:
    """A lesson in full: purpose, steps, the question, and what can be done with it."""
    lesson, state = station.lesson, button_value(one, station.lesson)
    blocks: list[Block] = [Heading(title), Markdown(lesson.purpose), Markdown(_steps(lesson))]
    for prompt in lesson.prompts:
        label = _("To finish the lesson") if prompt.completes else _("To think about")
        blocks.append(Markdown(f"**{label}:** {prompt.ask}"))
    if lesson.link:
        blocks.append(Buttons((Button(_("Open the lesson"), link=lesson.link),)))
    if station.state != "done":
        blocks.append(_finish_buttons(lesson, state, begun=station.state != "open"))
    more = []
    if lesson.protocol is not None:
        label = _("Team meeting, {minutes} min", minutes=lesson.protocol.minutes)
        more.append(Button(label, does="course.meeting", value=state))
    if lesson.starter:
        more.append(Button(_("Conversation starter"), does="course.starter", value=state))
    if lesson.quiz:
        more.append(Button(_("Quiz"), opens="course.quiz", value=state))
    if more:
        blocks.append(Buttons(tuple(more)))
    blocks.append(
        Note(
            _(
                "{lesson} of {course} · {time} in all",
                lesson=f"{listed.name}.{station.number}",
                course=listed.course.title,
                time=describe_minutes(lesson.minutes),
            )
        )
    )
    return blocks


def arrival_card(one: Enrollment, listed: CatalogCourse, station: Station, of: int) -> Card:
    """A lesson that arrives by direct message."""
    title = _("Lesson {number} of {of}: {lesson}", number=station.number, of=of, lesson=station.lesson.title)
    return say(title, *lesson_blocks(one, listed, station, title))


def lesson_card(one: Enrollment, listed: CatalogCourse, station: Station) -> Card:
    """A lesson somebody asked for."""
    return say(station.lesson.title, *lesson_blocks(one, listed, station, station.lesson.title))


def meeting_card(lesson: Lesson) -> Card:
    """The plan of a team's meeting about a lesson."""
    protocol = lesson.protocol
    if protocol is None:
        return say(_("This lesson has no plan for a meeting."))
    bring = "\n".join(f"- {one}" for one in protocol.bring)
    parts = "\n".join(f"{i}. {part.do} ({part.minutes} min)" for i, part in enumerate(protocol.parts, 1))
    blocks: list[Block] = [
        Heading(_("{lesson}: {minutes} minutes together", lesson=lesson.title, minutes=protocol.minutes))
    ]
    if bring:
        blocks.append(Markdown(_("**Bring**\n{bring}", bring=bring)))
    if protocol.roles:
        blocks.append(Facts(protocol.roles))
    blocks += [
        Markdown(parts),
        Facts(((_("Write down"), protocol.write_down), (_("End"), protocol.end))),
    ]
    return say(
        _("{lesson}: {minutes} minutes together", lesson=lesson.title, minutes=protocol.minutes), *blocks
    )


def starter_card(lesson: Lesson) -> Card:
    """Words to get people talking, to copy into a channel."""
    return say(
        _("Conversation starter: {lesson}", lesson=lesson.title),
        Markdown(_("Copy this into a channel if you like, or say it your own way:")),
        Quote(lesson.starter),
    )


def done_card(
    one: Enrollment, listed: CatalogCourse, station: Station, stations: Sequence[Station], note: str
) -> Card:
    """The answer to a lesson that is done."""
    lesson, count = station.lesson, count_done(stations)
    blocks: list[Block] = [
        Markdown(_("**{lesson}** is done.", lesson=lesson.title)),
        Progress(listed.course.title, count, len(stations)),
    ]
    if note:
        blocks.append(Quote(note))
    buttons = [Button(_("Mark as not done"), does="course.undo", value=button_value(one, lesson))]
    if not note:
        label = _("Add a reflection") if lesson.completing else _("Add a note")
        buttons.append(Button(label, opens="course.note", value=button_value(one, lesson)))
    if count == len(stations):
        blocks.append(
            Markdown(
                _(
                    "That was the last lesson of **{course}**. Thank you for the time you took.",
                    course=listed.course.title,
                )
            )
        )
        buttons.append(Button(_("Evidence of completion"), opens="course.evidence", value=listed.name))
    return say(
        _("Done: {lesson}", lesson=lesson.title),
        *blocks,
        Buttons(tuple(buttons)),
        Note(_("Your note is yours alone.")),
    )


def reopened_card(listed: CatalogCourse, station: Station, stations: Sequence[Station]) -> Card:
    """The answer to a lesson that is open again."""
    return say(
        _("Open again: {lesson}", lesson=station.lesson.title),
        Markdown(_("**{lesson}** is open again.", lesson=station.lesson.title)),
        Progress(listed.course.title, count_done(stations), len(stations)),
    )


# ── reminding ─────────────────────────────────────────────────────────────────


def reminder_card(one: Enrollment, listed: CatalogCourse, station: Station, said: Wording) -> Card:
    """A reminder about an open lesson; what every reminder has is added by `bot.reminders`."""
    lesson = station.lesson
    state = button_value(one, lesson)
    farewell = _("I will not remind you of this lesson again. You can always find it under /course.")
    return say(
        lesson.title,
        Heading(lesson.title),
        Markdown(said.sentence),
        *((Markdown(farewell),) if said.ends_reason else ()),
        Buttons(
            (
                Button(_("Done already"), does="course.done", value=state, style="main"),
                Button(_("See the lesson"), does="course.lesson", value=state),
                Button(_("Pause this course"), does="course.rest", value=listed.name),
            )
        ),
    )
