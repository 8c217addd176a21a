"""`/team plan`: the page, its parts, what can be done about each entry, the history, and who may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Button, Card, Markdown
from bot.chat.forms import Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Sharing
from bot.chat.parsing.button_values import read_fields, read_member, read_number
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.team_commands import TEAM
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request, Writes
from bot.team_plans import cards, fishbone, history_cards, page, place_cards, places, tables
from bot.team_plans.access import names_in, own_plan, readable_plan
from bot.team_plans.canvas import ask_commands
from bot.team_plans.canvas.ask_commands import waiting_blocks
from bot.team_plans.labels import ACTS
from bot.team_plans.meetings.cards import next_line
from bot.team_plans.meetings.tables import next_meeting
from bot.team_plans.model import PlanEntry, PlanPart, PlanSheet, TeamPlan
from bot.team_plans.page import plan_page
from bot.team_plans.plan_forms import saved
from bot.team_plans.printed_plan import printed_card
from bot.team_plans.sections import entry_rows
from bot.team_plans.sheet_state import choose, form_of, gone, start_state
from bot.team_plans.tables import PlanRevision
from bot.team_plans.writer import PlanClash, PlanEdit, PlanWriter

SHEETS: Mapping[str, PlanSheet] = {
    "problem": PlanSheet.PROBLEM, "cause": PlanSheet.CAUSES, "choose": PlanSheet.CHOICE, "whys": PlanSheet.WHYS,
    "voice": PlanSheet.VOICES, "aim": PlanSheet.AIM, "change": PlanSheet.CHANGE, "measure": PlanSheet.MEASURE,
    "look": PlanSheet.LOOK, "next": PlanSheet.NEXT,
}  # fmt: skip
"""What somebody can write after `/team plan`, with the form it opens."""
HISTORY, PRINT, SHARE = "history", "print", "share"


@dataclass(frozen=True, slots=True)
class PlanCommands:
    """What a team does with its plan."""

    writer: PlanWriter

    def open_plan(self, conn: Connection, request: Request) -> Card | Form:
        """The page of a plan, or what was asked for of it."""
        part = request.text("part")
        if part == HISTORY:
            return show_history(conn, request)
        if part == PRINT:
            return show_printed(conn, request)
        if part == SHARE:
            return ask_to_share(conn, request)
        if part in SHEETS:
            state = start_state(own_plan(conn, request), SHEETS[part])
            return state if isinstance(state, Card) else form_of(conn, request, state)
        return show_page(conn, request)

    # ── about an entry ────────────────────────────────────────────────────────

    def choose_cause(self, conn: Connection, request: Request) -> Card:
        """Choose a cause; without one, show which there are."""
        plan = own_plan(conn, request)
        if "/" not in request.value:
            return choose(plan)
        cause = plan.find(read_number(request.value.split("/")[-1], "e"))
        if cause is None or cause.part is not PlanPart.CAUSES:
            raise gone(plan)
        edit = PlanEdit(plan.team_id, PlanSheet.CHOICE, about_id=cause.id)
        result = self.writer.write_part(conn, edit, request.member.id, request.now)
        if result is None or isinstance(result, PlanClash):
            raise gone(plan)
        return saved(conn, request, plan.team_id, PlanSheet.CHOICE, result)

    def mark_done(self, conn: Connection, request: Request) -> Card:
        """Mark a step as done, or as not done."""
        plan, entry_id, rest = _entry_of(conn, request)
        step = plan.find(entry_id)
        if step is None or step.part is not PlanPart.NEXT:
            raise gone(plan)
        result = self.writer.set_done(
            conn, plan.team_id, entry_id, request.member.id, request.now, done=rest != "0"
        )
        if result is None:
            raise gone(plan)
        return saved(conn, request, plan.team_id, PlanSheet(result.entry.part.value), result)

    def remove(self, conn: Connection, request: Request) -> Card:
        """Take an entry out of the plan."""
        plan, entry_id, _rest = _entry_of(conn, request)
        result = self.writer.remove(conn, plan.team_id, entry_id, request.member.id, request.now)
        if result is None:
            raise gone(plan)
        return cards.removed_card(plan, result.entry)

    def restore(self, conn: Connection, request: Request) -> Card:
        """Bring back what was removed."""
        plan, entry_id, _rest = _entry_of(conn, request)
        result = self.writer.restore(conn, plan.team_id, entry_id, request.member.id, request.now)
        if result is None:
            raise Refusal(
                _("Something else is there now."), _("Remove that first."),
                buttons=(page.see_button(plan),),
            )  # fmt: skip
        return cards.restored_card(plan)

    def undo(self, conn: Connection, request: Request) -> Card:
        """Take back the last change of an entry, within ten minutes."""
        plan, entry_id, rest = _entry_of(conn, request)
        version = read_number(rest)
        result = self.writer.undo(conn, plan.team_id, entry_id, version, request.member.id, request.now)
        if result is None:
            raise Refusal(
                _("This can’t be undone anymore."),
                _(
                    "Undo works for 10 minutes, and until the next change. The history shows what was there before."
                ),
                buttons=(Button(_("See the history"), does=page.HISTORY, value=f"t{plan.team_id}"),),
            )
        return cards.undone_card(plan)

    # ── who may read it ───────────────────────────────────────────────────────

    def share(self, conn: Connection, request: Request) -> Card:
        """Let the community read the plan."""
        plan = own_plan(conn, request)
        tables.share_plan(conn, plan.community_id, plan.team_id, request.member.id, request.now)
        places.mark_page(conn, plan.team_id, request.now)
        return history_cards.shared_card(plan)

    def unshare(self, conn: Connection, request: Request) -> Card:
        """Let only the team read it."""
        plan = own_plan(conn, request)
        tables.unshare_plan(conn, plan.team_id)
        places.mark_page(conn, plan.team_id, request.now)
        return history_cards.unshared_card(plan, places.standing_place(conn, plan.team_id))

    # ── the menu ──────────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The one command: the page, or the form of a part."""
        part = Option(
            "part", N_("Which part to write"), OptionKind.CHOICE, positional=True, choices=(*SHEETS, HISTORY, PRINT, SHARE),
            labels=(*(ACTS[sheet] for sheet in SHEETS.values()), N_("See the history"), N_("Print the plan"), N_("Share the plan")),
        )  # fmt: skip
        return (
            CommandHandler(
                Command(
                    "team", "plan", N_("Your team’s plan, from the problem to the change"), (part, TEAM), opens=True,
                    examples=("/team plan cause", "/team plan look North"), label=N_("Team plan"), common=True,
                ),
                Reads(self.open_plan),
            ),
        )  # fmt: skip

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of the page and of its parts."""
        return (
            ButtonHandler(page.SEE, Reads(show_page)),
            ButtonHandler(page.PART, Reads(show_part)),
            ButtonHandler(cards.MORE, Reads(show_part)),
            ButtonHandler(page.HISTORY, Reads(show_history)),
            ButtonHandler(page.FISHBONE, Reads(show_fishbone)),
            ButtonHandler(page.PRINT, Reads(show_printed)),
            ButtonHandler(page.CHOOSE, Writes(self.choose_cause)),
            ButtonHandler(cards.DONE, Writes(self.mark_done)),
            ButtonHandler(cards.REMOVE, Writes(self.remove)),
            ButtonHandler(cards.RESTORE, Writes(self.restore)),
            ButtonHandler(cards.UNDO, Writes(self.undo)),
            ButtonHandler(page.SHARE, Reads(ask_to_share)),
            ButtonHandler(history_cards.SHARE_NOW, Writes(self.share)),
            ButtonHandler(page.UNSHARE, Writes(self.unshare)),
            *ask_commands.BUTTONS,
        )


def _entry_of(conn: Connection, request: Request) -> tuple[TeamPlan, int, str]:
    """The plan, the entry and what is left of a button's value (`t3/e12/5`)."""
    plan = own_plan(conn, request)
    _team, rest = read_fields(request.value, 2)
    entry, _slash, last = rest.partition("/")
    return plan, read_number(entry, "e"), last


# ── looking ───────────────────────────────────────────────────────────────────


def show_page(conn: Connection, request: Request) -> Card:
    """The page of a plan, as this member may see it."""
    plan, editable = readable_plan(conn, request)
    where = places.standing_place(conn, plan.team_id)
    told = where is not None and (where.carried or plan.sharing is Sharing.TEAM)
    readers = place_cards.also_posted(where) if where is not None and told else ""
    today = request.community.day_of(request.now)
    card = plan_page(plan, names_in(conn, plan), today, editable=editable, readers=readers)
    coming = next_meeting(conn, plan.team_id, request.now) if editable else None
    lines = (Markdown(next_line(coming, request.member.zone)),) if coming is not None else ()
    waiting = waiting_blocks(conn, plan) if editable else ()
    return replace(card, blocks=(*card.blocks[:1], *lines, *waiting, *card.blocks[1:]))


def show_part(conn: Connection, request: Request) -> Card:
    """One part in full (`t3/causes`, `t3/causes/1`)."""
    plan = own_plan(conn, request)
    _team, rest = read_fields(request.value, 2)
    name, _slash, number = rest.partition("/")
    part = read_member(PlanPart, name)
    at = read_number(number) if number else 0
    last = max(0, len(plan.of(part)) - 1) // cards.EACH
    return cards.part_card(plan, part, names_in(conn, plan), min(at, last))


def show_fishbone(conn: Connection, request: Request) -> Card:
    """The fishbone of a plan as a picture, drawn within the read."""
    plan, _editable = readable_plan(conn, request)
    return fishbone.fishbone_card(plan)


def show_printed(conn: Connection, request: Request) -> Card:
    """A plan on paper, for whoever asked alone; the pages are made within the read."""
    plan, _editable = readable_plan(conn, request)
    return printed_card(plan, names_in(conn, plan), request.community.day_of(request.now))


def show_history(conn: Connection, request: Request) -> Card:
    """Who changed what, the newest first (`t3`, `t3/57`)."""
    plan = own_plan(conn, request)
    before = read_number(read_fields(request.value, 2)[1]) if "/" in request.value else None
    found = tables.list_revisions(conn, plan.team_id, cards.EACH + 1, before)
    lines = [_history_line(conn, plan, one) for one in found[: cards.EACH]]
    return history_cards.history_card(plan, lines, request.member.zone, more=len(found) > cards.EACH)


def _history_line(conn: Connection, plan: TeamPlan, one: PlanRevision) -> history_cards.HistoryLine:
    stored = tables.find_entry(conn, plan.team_id, one.entry_id)
    assert stored is not None  # noqa: S101 - a change has its entry as long as it is known
    newest = stored.entry.version == one.version
    after = stored.state if newest else None
    if after is None:
        later = tables.find_revision(conn, plan.team_id, one.entry_id, one.version + 1)
        after = later.before if later is not None else None
    names = names_in(conn, plan, one.member_id, one.before.owner_id if one.before is not None else None)
    before: Sequence[tuple[str, str]] = ()
    if one.before is not None and one.before.words:
        then: PlanEntry = replace(
            stored.entry, words=one.before.words, owner_id=one.before.owner_id, day=one.before.day,
            done_at=one.before.done_at,
        )  # fmt: skip
        before = entry_rows(replace(plan, check_ins=()), then, names)  # what was said last is not of then
    who = names.get(one.member_id, "") if one.member_id is not None else ""
    what = history_cards.say_change(one.before, after, on_canvas=one.on_canvas)
    return history_cards.HistoryLine(
        one.id, stored.entry, who, one.at, what, before, newest and stored.gone_at is not None
    )


def ask_to_share(conn: Connection, request: Request) -> Card:
    """What sharing a plan would mean, before it is done."""
    return history_cards.share_card(own_plan(conn, request), request.community.name)


# ── while somebody types ─────────────────────────────────────────────────────────────────


def _complete_team(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """A member's own teams, and those whose plans everybody may read."""
    home, mine = request.community.id, teams_tables.teams_of(conn, request.community.id, request.member.id)
    names = dict.fromkeys(
        [*(one.name for one in mine), *(name for _id, name in tables.shared_teams(conn, home))]
    )
    return ((name, name) for name in names)


COMPLETIONS = (Completion("team plan", "team", _complete_team),)
