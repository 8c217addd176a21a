"""The forms of a plan, and what is asked before something is saved: names of students, and what others wrote meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.chat.time.vocabulary import PhraseError
from bot.courses.teams.tables import team_members
from bot.feature import ButtonHandler, FormHandler, Reads, Request, Writes
from bot.people.accounts import member_at
from bot.team_plans import cards, draft_cards, drafts, places
from bot.team_plans.access import account_here, names_in, own_plan
from bot.team_plans.canvas import tables as canvases
from bot.team_plans.drafts import PlanDraft
from bot.team_plans.lessons_learned import lesson_of
from bot.team_plans.model import CODES, DAY, FIELDS, OWNER, WEEKS, PlanSheet, TeamPlan
from bot.team_plans.sheet_state import SheetState, filled_with, form_of, gone, own_draft, read_state
from bot.team_plans.sheets import ABOUT, WRITE, choices_offered, day_problem, read_form_day
from bot.team_plans.student_names import fields_of_students, find_student_names
from bot.team_plans.writer import (
    PlanClash,
    PlanEdit,
    PlanSaved,
    PlanValue,
    PlanWriter,
    as_text,
    as_values,
    values_of,
)


@dataclass(frozen=True, slots=True)
class PlanForms:
    """Opens the forms of plans and takes what comes back."""

    writer: PlanWriter

    def open_form(self, conn: Connection, request: Request) -> Form | Card:
        """The form behind a button, and once more when it is sent."""
        state = read_state(conn, request)
        return state if isinstance(state, Card) else form_of(conn, request, state)

    def submit(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Save what a form holds, or ask about it first."""
        state = read_state(conn, request)
        if isinstance(state, Card):
            return state
        values = _read_values(conn, request, state)
        if isinstance(values, FieldErrors):
            return values
        draft = _draft_of(state, values, request.text(ABOUT))
        _require_saving(request, draft)
        if found := find_student_names(conn, request.community.id, draft):
            text = "\n".join(draft.words[name] for name in fields_of_students(draft))
            return draft_cards.names_card(_hold(conn, request, draft), found, text)
        return self._save(conn, request, state.plan, draft)

    def keep_draft(self, conn: Connection, request: Request) -> Card:
        """Save a draft as it is: with the names in it, or in the place of what somebody else wrote."""
        draft = own_draft(conn, request)
        return self._save(conn, request, own_plan(conn, replace(request, value=f"t{draft.team_id}")), draft)

    def drop_draft(self, conn: Connection, request: Request) -> Card:
        """Leave the plan as it is."""
        draft = own_draft(conn, request)
        _done_with(conn, draft, request)
        return draft_cards.dropped_card(draft.team_id)

    def _save(self, conn: Connection, request: Request, plan: TeamPlan, draft: PlanDraft) -> Card:
        edit = PlanEdit(
            draft.team_id, draft.sheet, _whole(draft), draft.entry_id, draft.version, draft.about_id
        )
        result = self.writer.write_part(conn, edit, request.member.id, request.now)
        if isinstance(result, PlanClash):
            return _ask_both(conn, request, plan, draft, result)
        _done_with(conn, draft, request)
        if result is None:
            raise gone(plan, "\n\n".join(draft.words.values()))
        return saved(conn, request, plan.team_id, draft.sheet, result)

    def forms(self) -> tuple[FormHandler, ...]:
        """The one form of all parts."""
        return (FormHandler(WRITE, Reads(self.open_form), Writes(self.submit)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """What can be done about a draft."""
        return (
            ButtonHandler(draft_cards.KEEP_DRAFT, Writes(self.keep_draft)),
            ButtonHandler(draft_cards.DROP_DRAFT, Writes(self.drop_draft)),
        )


def saved(conn: Connection, request: Request, team_id: int, sheet: PlanSheet, result: PlanSaved) -> Card:
    """The answer to something that was saved."""
    plan = own_plan(conn, replace(request, value=f"t{team_id}"))
    names = names_in(conn, plan)
    card = cards.saved_card(
        plan, sheet, result.entry, result.undo, names, request.community.day_of(request.now)
    )
    if lesson_of(plan, result.entry) is None:
        return card
    # What ended a change can help others; the form is the strategies', which ask whoever wrote it.
    save = Button(_("Save as a strategy"), opens="strategy.write", value=f"t{team_id}/e{result.entry.id}")
    return replace(card, blocks=(*card.blocks, Buttons((save,))))


# ── reading ───────────────────────────────────────────────────────────────────


def _read_values(conn: Connection, request: Request, state: SheetState) -> dict[str, PlanValue] | FieldErrors:
    """The values of a form that came back, or what is wrong with which field."""
    values: dict[str, PlanValue] = {}
    errors: dict[str, str] = {}
    for name in FIELDS[state.sheet]:
        given = request.text(name)
        if name == DAY:
            past = state.sheet is PlanSheet.CHANGE
            try:
                values[DAY] = (
                    read_form_day(given, request.community.day_of(request.now), past=past) if given else None
                )
            except PhraseError as error:
                errors[DAY] = day_problem(error)
        elif name == OWNER:
            values[OWNER] = owner = _read_owner(conn, request, state, given)
            if given and owner is None:
                errors[OWNER] = _("Choose somebody in {team}.", team=state.plan.team)
        else:
            values[name] = given
    if state.weeks:
        values[WEEKS] = state.weeks
    return FieldErrors(errors) if errors else values


def _read_owner(conn: Connection, request: Request, state: SheetState, person: str) -> int | None:
    """The member of the team with this account; nobody where it was left empty.

    Whoever has no account in this space cannot be shown here, and stays.
    """
    if not person:
        before = filled_with(state).get(OWNER)
        unseen = isinstance(before, int) and not account_here(conn, request, before)
        return before if isinstance(before, int) and unseen else None
    found = member_at(conn, request.community.id, request.person.space, person)
    mates = {one.member_id for one in team_members(conn, state.plan.team_id)}
    return found[0] if found is not None and found[0] in mates else None


def _draft_of(state: SheetState, values: Mapping[str, PlanValue], about: str) -> PlanDraft:
    """What was filled in, as a draft that is not stored yet."""
    about_id = state.about_id
    if state.sheet is PlanSheet.CHANGE and state.entry is None and about in dict(choices_offered(state.plan)):
        about_id = int(about)
    return PlanDraft(
        state.draft.id if state.draft is not None else 0,
        state.plan.team_id,
        state.sheet,
        state.entry.id if state.entry is not None else None,
        about_id,
        state.version,
        as_text(values),
        line=state.draft.line if state.draft is not None else "",
    )


def _whole(draft: PlanDraft) -> dict[str, PlanValue]:
    """The values of a draft, with the fields that were left empty."""
    names = (*FIELDS[draft.sheet], *([WEEKS] if WEEKS in draft.words else []))
    empty: dict[str, PlanValue] = {name: None if name in (OWNER, DAY) else "" for name in names}
    return empty | as_values(draft.words)


def _require_saving(request: Request, draft: PlanDraft) -> None:
    """Refuse somebody who wants nothing stored of what they write."""
    if not request.member.keeps:
        raise Refusal(
            _("Saving is off for you, so I cannot write this into the plan."),
            _("Turn it on with `/my settings keep:yes`, or ask somebody in your team to write it."),
            "\n\n".join(text for name, text in draft.words.items() if name not in CODES),
        )


def _done_with(conn: Connection, draft: PlanDraft, request: Request) -> None:
    """A draft is settled, and with it the line of a canvas from which it came."""
    drafts.drop_draft(conn, draft.id)
    if draft.line:
        canvases.settle_line(conn, draft.team_id, draft.line)
        places.mark_page(conn, draft.team_id, request.now)


# ── asked first ───────────────────────────────────────────────────────────────


def _hold(conn: Connection, request: Request, draft: PlanDraft) -> int:
    """Store a draft in the place of the one it goes on with; its id."""
    drafts.drop_draft(conn, draft.id)
    return drafts.add_draft(conn, request.community.id, request.member.id, draft, request.now)


def _ask_both(conn: Connection, request: Request, plan: TeamPlan, draft: PlanDraft, clash: PlanClash) -> Card:
    """Keep what somebody wrote, and show it beside what somebody else saved meanwhile."""
    theirs, sheet = clash.theirs, draft.sheet
    words = as_text(values_of(clash.mine, sheet))
    mine = replace(draft, entry_id=theirs.id, version=theirs.version, words=words, clash=clash.fields)
    held = _hold(conn, request, mine)
    names = names_in(conn, plan, theirs.owner_id, clash.mine.owner_id, clash.member_id)
    fields = draft_cards.clashing_fields(sheet, clash.fields, theirs, clash.mine, names)
    who = names.get(clash.member_id, "") if clash.member_id is not None else ""
    return draft_cards.clash_card(held, who, fields)
