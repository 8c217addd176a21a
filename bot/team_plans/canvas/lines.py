"""The plan of a team as lines of a canvas: a heading for each part, and a line for each answer in it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from bot.chat.canvas import CanvasLine, LineKind
from bot.chat.language import _, format_day
from bot.team_plans.canvas.texts import canvas_readers
from bot.team_plans.labels import EMPTY, LOOK_NAMES, PARTS, SAID
from bot.team_plans.model import (
    FIELDS,
    ONCE,
    WEEKS,
    PlanEntry,
    PlanPart,
    PlanSheet,
    TeamPlan,
    look_day,
)
from bot.team_plans.places import LOOK_MINUTES
from bot.team_plans.sections import Names, verdict_name
from bot.team_plans.sheets import say_field

BLANK = "…"
"""What stands where nothing is written yet."""
INVITING = frozenset((PlanSheet.PROBLEM, PlanSheet.AIM, PlanSheet.CHANGE, PlanSheet.MEASURE, PlanSheet.NEXT))
"""Forms whose empty fields have a line as well, to be filled in on the canvas."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of a plan. `key` names it for good; `field` is the one it holds of an entry's form, or "" where it is ours alone.

    `entry` is None where the one entry of its part is not written yet.
    """

    key: str
    line: CanvasLine
    sheet: PlanSheet | None = None
    entry: PlanEntry | None = None
    field: str = ""

    @property
    def version(self) -> int:
        """The version of the entry as it is said here."""
        return self.entry.version if self.entry is not None else 0


def plan_lines(plan: TeamPlan, names: Names) -> tuple[PlanLine, ...]:
    """Everything of a plan that stands on its canvas."""
    found = [
        PlanLine("title", CanvasLine(LineKind.TITLE, _("Plan of {team}", team=plan.team))),
        PlanLine("note", CanvasLine(LineKind.TEXT, canvas_note())),
        PlanLine("readers", CanvasLine(LineKind.TEXT, canvas_readers(plan))),
    ]
    for part in PlanPart:
        found.append(PlanLine(f"part/{part.value}", CanvasLine(LineKind.HEADING, _(PARTS[part]))))
        lines = list(_PART_LINES[part](plan, names))
        if not plan.of(part):
            found.append(PlanLine(f"hint/{part.value}", CanvasLine(LineKind.TEXT, _(EMPTY[part]))))
        found += lines
    return tuple(found)


def canvas_note() -> str:
    """What people can do on a canvas, and when it is looked at."""
    return _(
        "Change a line here, or tick a box: I look at this canvas every {minutes} minutes, and before I write on it. "
        "What you delete here comes back. To remove it, open your team’s plan in Tilth.",
        minutes=LOOK_MINUTES,
    )


def _own(key: str, label: str, text: str) -> PlanLine:
    """A line that nobody fills in."""
    return PlanLine(key, CanvasLine(LineKind.TEXT, text, label))


def _fields(
    sheet: PlanSheet, entry: PlanEntry | None, names: Names, skip: tuple[str, ...] = ()
) -> Iterator[PlanLine]:
    """A line for each field of a form; for an empty one only where it invites."""
    for name in FIELDS[sheet]:
        text = one_line(say_field(entry, name, names)) if entry is not None else ""
        if name not in skip and (text or sheet in INVITING):
            line = CanvasLine(LineKind.TEXT, text or BLANK, _(SAID[sheet][name]))
            yield PlanLine(key_of(sheet, entry, name), line, sheet, entry, name)


def key_of(sheet: PlanSheet, entry: PlanEntry | None, name: str) -> str:
    """The name of a line; it is the same before and after the one entry of a part is written."""
    if sheet.part in ONCE or entry is None:
        return f"{sheet.value}/{name}"
    return f"{sheet.value}/{entry.id}/{name}"


def one_line(text: str) -> str:
    """A text without line breaks: an answer is one line of a canvas."""
    return " ".join(text.split())


def _once(plan: TeamPlan, names: Names, part: PlanPart) -> Iterator[PlanLine]:
    yield from _fields(PlanSheet(part.value), next(iter(plan.of(part)), None), names)


def _each(plan: TeamPlan, names: Names, part: PlanPart) -> Iterator[PlanLine]:
    for one in plan.of(part):
        yield from _fields(PlanSheet(part.value), one, names)


def _choices(plan: TeamPlan, names: Names) -> Iterator[PlanLine]:
    for one in plan.choices:
        cause = plan.find(one.about_id)
        said = one_line(cause.text("cause")) if cause is not None else _("It was removed.")
        yield _own(f"choice/{one.id}", _("Cause"), said)
        yield from _fields(PlanSheet.WHYS, one, names)


def _changes(plan: TeamPlan, names: Names) -> Iterator[PlanLine]:
    for one in plan.changes:
        yield from _fields(PlanSheet.CHANGE, one, names)
        if (cause := plan.cause_of(one.about_id)) is not None:
            yield _own(
                f"change/{one.id}/for", _(SAID[PlanSheet.CHANGE]["about"]), one_line(cause.text("cause"))
            )
        yield from _fields(PlanSheet.MEASURE, one, names)
        yield _own(f"change/{one.id}/stands", _("How it stands"), verdict_name(plan, one))


def _looks(plan: TeamPlan, names: Names) -> Iterator[PlanLine]:
    for change in plan.changes:
        for one in plan.looks_of(change):
            when = _(LOOK_NAMES[one.text(WEEKS)]) if one.text(WEEKS) in LOOK_NAMES else ""
            yield _own(f"look/{one.id}/at", when or _("When"), one_line(change.text("what")))
            yield from _fields(PlanSheet.LOOK, one, names)
    running = plan.change
    day = look_day(running, plan.weeks_to_look(running)) if running is not None else None
    if day is not None:
        yield _own("look/next", _("Next look"), format_day(day))


def _steps(plan: TeamPlan, names: Names) -> Iterator[PlanLine]:
    for one in plan.steps:
        kind = LineKind.OPEN if one.done_at is None else LineKind.DONE
        line = CanvasLine(kind, one_line(one.text("what")))
        yield PlanLine(f"next/{one.id}/what", line, PlanSheet.NEXT, one, "what")
        yield from _fields(PlanSheet.NEXT, one, names, skip=("what",))


_PART_LINES: Mapping[PlanPart, Callable[[TeamPlan, Names], Iterator[PlanLine]]] = {
    PlanPart.PROBLEM: partial(_once, part=PlanPart.PROBLEM),
    PlanPart.CAUSES: partial(_each, part=PlanPart.CAUSES),
    PlanPart.CHOICE: _choices,
    PlanPart.VOICES: partial(_each, part=PlanPart.VOICES),
    PlanPart.AIM: partial(_once, part=PlanPart.AIM),
    PlanPart.CHANGE: _changes,
    PlanPart.LOOK: _looks,
    PlanPart.NEXT: _steps,
}
