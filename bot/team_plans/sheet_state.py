"""What a form of a plan is about: which entry, in which version, or what a new one is about; and the form itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from bot.chat.cards import Button, Card, Heading, Markdown, say
from bot.chat.forms import Form
from bot.chat.language import _
from bot.chat.menu_cards import rows_of
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_member, read_number
from bot.chat.short_text import shorten
from bot.feature import Request
from bot.team_plans import cards, drafts
from bot.team_plans.access import account_here, own_plan
from bot.team_plans.drafts import PlanDraft
from bot.team_plans.model import (
    ADJUST,
    CODES,
    DAY,
    LOOKS,
    OWNER,
    WEEKS,
    PlanEntry,
    PlanPart,
    PlanSheet,
    TeamPlan,
)
from bot.team_plans.page import HISTORY, see_button, sheet_button
from bot.team_plans.sheets import ABOUT, LABEL, LIMIT, LIMITS, build_sheet, write_day
from bot.team_plans.writer import PlanValue, as_values, values_of

MOST = 7
"""Choices that are offered as buttons."""


@dataclass(frozen=True, slots=True)
class SheetState:
    """What one form is about. `version` is that of the entry when the form was made; `draft` is what it goes on with.

    `about_id` and `weeks` are those of a new entry.
    """

    plan: TeamPlan
    sheet: PlanSheet
    entry: PlanEntry | None = None
    version: int = 0
    about_id: int | None = None
    weeks: str = ""
    draft: PlanDraft | None = field(default=None)

    @property
    def value(self) -> str:
        """The same, as a form carries it."""
        if self.draft is not None:
            return f"d{self.draft.id}"
        parts = [self.sheet.value, f"t{self.plan.team_id}"]
        parts += [f"e{self.entry.id}"] if self.entry is not None else []
        parts += [f"a{self.about_id}"] if self.about_id is not None else []
        parts += [f"w{self.weeks}"] if self.weeks else []
        return "/".join([*parts, f"v{self.version}"])


def read_state(conn: Connection, request: Request) -> SheetState | Card:
    """What the form behind a button, or one that comes back, is about; a card asks where several can be meant."""
    if request.value.startswith("d"):
        return _state_of_draft(conn, request)
    head, *rest = request.value.split("/")
    sheet, given = read_member(PlanSheet, head), {piece[:1]: piece[1:] for piece in rest}
    plan = own_plan(conn, replace(request, value=f"t{read_number(given.get('t', ''))}"))
    entry = None
    if "e" in given:
        entry = plan.find(read_number(given["e"]))
        if entry is None or entry.part is not sheet.part:
            raise gone(plan)
    if "v" not in given:
        if sheet is PlanSheet.LOOK and {"a", "w"} <= given.keys():
            return _look_asked(plan, read_number(given["a"]), given["w"])
        return start_state(plan, sheet, entry)
    about_id = read_number(given["a"]) if "a" in given else None
    return SheetState(plan, sheet, entry, read_number(given["v"]), about_id, given.get("w", ""))


def start_state(plan: TeamPlan, sheet: PlanSheet, entry: PlanEntry | None = None) -> SheetState | Card:
    """What a form is about that is opened now: an entry, the one that is meant, or a new one."""
    if entry is not None:
        return _editing(plan, sheet, entry)
    match sheet:
        case PlanSheet.CHOICE:
            return choose(plan)
        case PlanSheet.PROBLEM if plan.problem is not None:
            return _editing(plan, sheet, plan.problem)
        case PlanSheet.AIM if plan.aim is not None:
            return _editing(plan, sheet, plan.aim)
        case PlanSheet.WHYS:
            return _whys(plan)
        case PlanSheet.CHANGE:
            if plan.change is not None:
                return _editing(plan, sheet, plan.change)
            return SheetState(plan, sheet, about_id=_usual_choice(plan))
        case PlanSheet.MEASURE:
            return _editing(plan, sheet, _running_change(plan))
        case PlanSheet.LOOK:
            change = _running_change(plan)
            return SheetState(plan, sheet, about_id=change.id, weeks=plan.weeks_to_look(change))
        case _:
            return SheetState(plan, sheet)


def _look_asked(plan: TeamPlan, change_id: int, weeks: str) -> SheetState:
    """The look that was asked for on its day: written once, and edited after that."""
    change = plan.find(change_id)
    if change is None or change.part is not PlanPart.CHANGE or weeks not in LOOKS:
        raise gone(plan)
    there = next((one for one in plan.looks_of(change) if one.text(WEEKS) == weeks), None)
    if there is not None:
        return _editing(plan, PlanSheet.LOOK, there)
    if plan.change != change:
        raise Refusal(
            _("This change is over."), _("The plan shows what you decided, and what comes next."),
            buttons=(see_button(plan),),
        )  # fmt: skip
    return SheetState(plan, PlanSheet.LOOK, about_id=change.id, weeks=weeks)


def _editing(plan: TeamPlan, sheet: PlanSheet, entry: PlanEntry) -> SheetState:
    return SheetState(plan, sheet, entry, entry.version, entry.about_id)


def choose(plan: TeamPlan) -> Card:
    """The causes to choose from; refuses where there is none."""
    if plan.unchosen():
        return cards.choose_card(plan)
    if plan.causes:
        raise Refusal(
            _("Every cause is chosen."), _("Add another cause first."),
            buttons=(sheet_button(plan, PlanSheet.CAUSES, main=True), see_button(plan)),
        )  # fmt: skip
    raise _no_cause(plan)


def _no_cause(plan: TeamPlan) -> Refusal:
    return Refusal(
        _("There is no cause in the plan yet."), _("Add one first."),
        buttons=(sheet_button(plan, PlanSheet.CAUSES, main=True), see_button(plan)),
    )  # fmt: skip


def _whys(plan: TeamPlan) -> SheetState | Card:
    """The whys of the one choice that can be meant, or the question which."""
    if not plan.choices:
        if plan.causes:
            raise Refusal(
                _("No cause is chosen yet."), _("Choose one first."),
                buttons=(sheet_button(plan, PlanSheet.CHOICE, main=True), see_button(plan)),
            )  # fmt: skip
        raise _no_cause(plan)
    if len(plan.choices) == 1:
        return _editing(plan, PlanSheet.WHYS, plan.choices[0])
    title = _("Which cause do you ask about?")
    buttons = []
    for one in plan.choices[-MOST:]:
        cause = plan.find(one.about_id)
        label = cause.text("cause") if cause is not None else _("It was removed.")
        buttons.append(
            sheet_button(plan, PlanSheet.WHYS, one, main=not one.whys, label=shorten(label, LABEL))
        )
    return say(
        title,
        Heading(title),
        Markdown(_("Ask why until you reach something you can change.")),
        *rows_of(buttons),
    )


def _running_change(plan: TeamPlan) -> PlanEntry:
    """The change that runs; refuses where there is none."""
    if plan.change is not None:
        return plan.change
    raise Refusal(
        _("No change is running right now."), _("Write the change first."),
        buttons=(sheet_button(plan, PlanSheet.CHANGE, main=True), see_button(plan)),
    )  # fmt: skip


def _usual_choice(plan: TeamPlan) -> int | None:
    """The chosen cause that a new change is likely for: the same once more, else the first that was not tried."""
    if plan.changes and plan.verdict_of(plan.changes[-1]) == ADJUST:
        return plan.changes[-1].about_id
    found = plan.untried() or plan.choices[-1:]
    return found[0].id if found else None


def _state_of_draft(conn: Connection, request: Request) -> SheetState:
    draft = own_draft(conn, request)
    plan = own_plan(conn, replace(request, value=f"t{draft.team_id}"))
    entry = plan.find(draft.entry_id)
    if draft.entry_id is not None and entry is None:
        raise gone(plan, "\n\n".join(draft.words.values()))
    return SheetState(
        plan, draft.sheet, entry, draft.version, draft.about_id, draft.words.get(WEEKS, ""), draft
    )


def own_draft(conn: Connection, request: Request) -> PlanDraft:
    """The draft of a button or form, if it is the asker's and waits still."""
    draft = drafts.find_draft(conn, request.member.id, read_number(request.value, "d"))
    if draft is None:
        raise Refusal(
            _("These words were saved or dropped already, or a day has passed."),
            _("`/team plan` shows the plan."),
        )
    return draft


def gone(plan: TeamPlan, text: str = "") -> Refusal:
    """What was to be changed is no longer in the plan."""
    history = Button(_("See the history"), does=HISTORY, value=f"t{plan.team_id}")
    return Refusal(
        _("Somebody removed this from the plan."), _("The history can bring it back."), text,
        buttons=(history, see_button(plan)),
    )  # fmt: skip


# ── the form ──────────────────────────────────────────────────────────────────


def form_of(conn: Connection, request: Request, state: SheetState) -> Form:
    """The form, filled with what stands there, or with what somebody wrote before."""
    known = filled_with(state)
    shown = {name: _say_value(conn, request, name, value) for name, value in known.items()}
    plan, about = state.plan, state.entry if state.sheet is PlanSheet.WHYS else None
    if state.sheet is PlanSheet.LOOK:
        about = plan.find(state.about_id)
    if state.sheet is PlanSheet.CHANGE and state.about_id is not None:
        shown[ABOUT] = str(state.about_id)
    return build_sheet(plan, state.sheet, state.value, shown, about, new=state.entry is None)


def filled_with(state: SheetState) -> Mapping[str, PlanValue]:
    """The values of the fields: those of a draft before those of its entry."""
    there = values_of(state.entry, state.sheet) if state.entry is not None else {}
    if state.draft is None:
        return there
    mine = dict(as_values(state.draft.words))
    for name in state.draft.clash:
        mine[name] = _joined(name, there.get(name), mine.get(name))
    return mine


def _joined(name: str, theirs: PlanValue, mine: PlanValue) -> PlanValue:
    """Both versions of a text one after the other, where there is room for both; else one's own, as of what is chosen."""
    if name in CODES or not isinstance(theirs, str) or not isinstance(mine, str) or not theirs or not mine:
        return mine if mine not in (None, "") else theirs
    both = f"{theirs}\n{mine}"
    return both if len(both) <= LIMITS.get(name, LIMIT) else mine


def _say_value(conn: Connection, request: Request, name: str, value: PlanValue) -> str:
    """A value as a field of a form holds it."""
    if name == OWNER:
        return account_here(conn, request, value if isinstance(value, int) else None)
    if name == DAY:
        return write_day(value)  # type: ignore[arg-type]
    return str(value or "")
