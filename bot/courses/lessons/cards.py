"""Cards about lessons: what arrives, what a reminder says, and what follows when one is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Markdown,
    Note,
    Progress,
    Quote,
    say,
)
from bot.chat.language import _, format_list, ngettext
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lesson_pages.cards import list_pages
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.learner_path import Station, count_done, waited_for
from bot.courses.lessons.model import Lesson, Step
from bot.courses.lessons.plan_fills import TeamStanding
from bot.ratings.cards import lesson_thing, rating_blocks
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
        Button(_("Done"), opens="course.finish", value=state, style="main"),
    )


def _steps(lesson: Lesson) -> str:
    return "\n".join(_step(number, step) for number, step in enumerate(lesson.steps, 1))


def _step(number: int, step: Step) -> str:
    known = {"number": number, "do": step.do, "minutes": step.minutes}
    if step.plan:
        return _("{number}. {do} ({minutes} min, for the team plan)", **known)
    return _("{number}. {do} ({minutes} min)", **known)


def _finish_blocks(lesson: Lesson, state: str, team: TeamStanding, *, begun: bool) -> list[Block]:
    """The ways to begin and to finish a lesson."""
    buttons = [] if begun else [Button(_("I have begun"), does="course.start", value=state)]
    buttons.append(
        Button(_("Done"), opens="course.finish", value=state, style="plain" if team.did else "main")
    )
    if lesson.completing is not None:
        buttons.append(Button(_("Answer the question"), opens="course.note", value=state))
    return [*team_did_blocks(state, team), Buttons(tuple(buttons))]


def team_did_blocks(state: str, team: TeamStanding) -> list[Block]:
    """The offer to whoever is in a team that did what a lesson asks for."""
    if not team.did:
        return []
    words = Markdown(_("Your team has written this lesson's part into its plan."))
    return [words, Buttons((team_did_button(state),))]


def team_did_button(state: str) -> Button:
    """The one tap of whoever is in a team that did what a lesson asks for."""
    return Button(_("Done: our team did this"), does="course.team", value=state, style="main")


def lesson_blocks(
    one: Enrollment, listed: CatalogCourse, stations: Sequence[Station], station: Station, team: TeamStanding
) -> list[Block]:
    """A lesson: purpose, steps, the question that finishes it, and what can be done with it; the rest is behind buttons."""
    lesson, state = station.lesson, button_value(one, station.lesson)
    blocks: list[Block] = [Markdown(lesson.purpose), Markdown(_steps(lesson))]
    if lesson.completing is not None:
        blocks.append(Markdown(_("**To finish the lesson:** {question}", question=lesson.completing.ask)))
    if lesson.link:
        blocks.append(Buttons((Button(_("Open the lesson"), link=lesson.link),)))
    if station.awaits:
        blocks += _finish_blocks(lesson, state, team, begun=station.state != "open")
    elif station.state == "ahead":
        blocks += ahead_blocks(one, station, stations)
    blocks += list_pages(listed.course, lesson, state, team, first=station.number == 1)
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


def ahead_blocks(one: Enrollment, coming: Station, stations: Sequence[Station]) -> list[Block]:
    """What a lesson waits for that has not come, and the button that opens it all the same."""
    others = waited_for(coming, stations)
    words = _waiting(coming, others) if others else _("This lesson has not come yet.")
    button = Button(_("Open it now"), does="course.open", value=button_value(one, coming.lesson))
    return [Markdown(words), Buttons((button,))]


def _waiting(coming: Station, others: Sequence[Station]) -> str:
    """What a lesson waits for."""
    titles = format_list([_("“{title}”", title=each.lesson.title) for each in others])
    return _("“{lesson}” comes when you finish {others}.", lesson=coming.lesson.title, others=titles)


def arrival_card(
    one: Enrollment, listed: CatalogCourse, stations: Sequence[Station], station: Station, team: TeamStanding
) -> Card:
    """A lesson that arrives by direct message."""
    title = _(
        "Lesson {number} of {of}: {lesson}",
        number=station.number,
        of=len(stations),
        lesson=station.lesson.title,
    )
    return say(title, Heading(title), *lesson_blocks(one, listed, stations, station, team))


def lesson_card(
    one: Enrollment, listed: CatalogCourse, stations: Sequence[Station], station: Station, team: TeamStanding
) -> Card:
    """A lesson somebody asked for."""
    title = station.lesson.title
    return say(title, Heading(title), *lesson_blocks(one, listed, stations, station, team))


def ask_card(one: Enrollment, lesson: Lesson) -> Card:
    """What is asked once of whoever finishes a lesson and says nothing about it."""
    state = button_value(one, lesson)
    return say(
        _("Before you finish: {lesson}", lesson=lesson.title),
        Markdown(_("What is one thing you tried or saw? Or finish without a note.")),
        Buttons(
            (
                Button(_("Write one line"), opens="course.finish", value=state, style="main"),
                Button(_("Finish without a note"), does="course.done", value=state),
            )
        ),
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
        *rating_blocks(lesson_thing(listed.id, lesson.slug)),
    )


def reopened_card(listed: CatalogCourse, station: Station, stations: Sequence[Station]) -> Card:
    """The answer to a lesson that is open again."""
    return say(
        _("Open again: {lesson}", lesson=station.lesson.title),
        Markdown(_("**{lesson}** is open again.", lesson=station.lesson.title)),
        Progress(listed.course.title, count_done(stations), len(stations)),
    )


# ── reminding ─────────────────────────────────────────────────────────────────


def reminder_card(
    one: Enrollment, listed: CatalogCourse, station: Station, team: TeamStanding, waits: Station | None, said: Wording
) -> Card:  # fmt: skip
    """A reminder about an open lesson, for which another `waits`; what every reminder has is added by `bot.reminders`."""
    lesson = station.lesson
    state = button_value(one, lesson)
    style: Literal["plain", "main"] = "plain" if team.did else "main"
    farewell = _("I will not remind you of this lesson again. You can always find it under /course.")
    return say(
        lesson.title,
        Heading(lesson.title),
        Markdown(said.sentence),
        *((Markdown(_waiting(waits, [station])),) if waits is not None else ()),
        *((Markdown(farewell),) if said.ends_reason else ()),
        *((Buttons((team_did_button(state),)),) if team.did else ()),
        Buttons(
            (
                Button(_("Done already"), opens="course.finish", value=state, style=style),
                Button(_("See the lesson"), does="course.lesson", value=state),
                Button(_("Pause this course"), does="course.rest", value=listed.name),
            )
        ),
    )
