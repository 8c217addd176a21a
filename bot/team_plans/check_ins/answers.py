"""What somebody says when they are asked: done, moving to a new date, or stuck, and whether the lead may know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from bot.capture import held_messages
from bot.capture.held_messages import HeldMessage
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, Hint, ShortText
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_id, read_number
from bot.chat.time.vocabulary import PhraseError
from bot.feature import ButtonHandler, FormHandler, Reads, Request, Writes
from bot.people.accounts import name_of
from bot.people.reach import writable_account
from bot.team_plans.access import own_plan
from bot.team_plans.check_ins import cards, notices, tables
from bot.team_plans.check_ins.cards import AskedItem
from bot.team_plans.check_ins.questions import list_asked
from bot.team_plans.check_ins.tables import PlanQuestion
from bot.team_plans.model import DAY, CheckState, PlanPart, PlanSheet
from bot.team_plans.page import see_button
from bot.team_plans.sheet_state import gone
from bot.team_plans.sheets import day_problem, read_form_day
from bot.team_plans.writer import PlanEdit, PlanSaved, PlanWriter

LONGEST = 200


@dataclass(frozen=True, slots=True)
class CheckInAnswers:
    """Takes what somebody says about what they do in a plan."""

    writer: PlanWriter

    # ── buttons ───────────────────────────────────────────────────────────────

    def say_done(self, conn: Connection, request: Request) -> Card:
        """It is done; a change has started."""
        return self.finish(conn, request)

    def say_stuck(self, conn: Connection, request: Request) -> Card:
        """They are stuck: nobody is told before they say so."""
        return self.pause(conn, request)

    def keep_private(self, conn: Connection, request: Request) -> Card:
        """Nobody is told, and what was told before goes from the plan."""
        item, asked = open_item(conn, request)
        told = _names(conn, notices.list_told(conn, asked.id))
        leads = len(notices.leads_but(conn, item.plan.team_id, request.member.id))
        _put(conn, request, asked, CheckState.STUCK, "" if asked.shown else asked.line, shown=False)
        return replace(cards.kept_card(item, told, leads), replaces=True)

    # ── what was said, whichever way ──────────────────────────────────────────

    def finish(self, conn: Connection, request: Request, line: str | None = None) -> Card:
        """It is done, with a line; None: the one that was written for that before."""
        item, asked = asked_item(conn, request)
        undo = 0
        if item.entry.part is PlanPart.NEXT:
            saved = self.writer.set_done(
                conn, item.plan.team_id, item.entry.id, request.member.id, request.now, done=True
            )
            undo = saved.undo if saved is not None else 0
        said = _line_of(asked, CheckState.DONE) if line is None else line
        _put(conn, request, asked, CheckState.DONE, said, shown=True)
        return cards.done_card(item, undo, said)

    def pause(self, conn: Connection, request: Request, line: str = "") -> Card:
        """They are stuck; the line waits for who may read it."""
        item, asked = open_item(conn, request)
        if asked.is_told and line in ("", asked.line):
            return _told(conn, request, item, asked.line)
        kept = line or ("" if asked.shown or asked.state is not CheckState.STUCK else asked.line)
        _put(conn, request, asked, CheckState.STUCK, kept, shown=False)
        leads = _names(conn, notices.leads_but(conn, item.plan.team_id, request.member.id))
        return cards.stuck_card(item, leads, _names(conn, notices.list_told(conn, asked.id)), kept)

    def postpone(self, conn: Connection, request: Request, day: date, line: str) -> Card:
        """Write a new date into the plan."""
        item, asked = open_item(conn, request)
        edit = PlanEdit(
            item.plan.team_id, PlanSheet(item.entry.part.value), {DAY: day}, item.entry.id, item.entry.version
        )
        saved = self.writer.write_part(conn, edit, request.member.id, request.now)
        if not isinstance(saved, PlanSaved):
            raise gone(item.plan, line)
        _put(conn, request, asked, CheckState.MOVING, line, shown=True)
        return cards.moved_card(item, day)

    # ── forms ─────────────────────────────────────────────────────────────────

    def move_form(self, conn: Connection, request: Request) -> Form:
        """By when it is done now, and a line."""
        item, asked = open_item(conn, request)
        changes = item.entry.part is PlanPart.CHANGE
        label = _("From when will it run?") if changes else _("By when will it be done?")
        day = ShortText(DAY, label, _("Like Dec 4, Friday, or in 2 weeks."), limit=40)
        held = _held_in(conn, request)
        line = held.text[:LONGEST] if held is not None else _line_of(asked, CheckState.MOVING)
        return Form(cards.MOVE, _("A new date"), (day, _line_field(line)), request.value)

    def move(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Take a new date, and a line."""
        line = checked_line(request, request.text("line"))
        today = request.community.day_of(request.now)
        try:
            day = read_form_day(request.text(DAY), today, past=False)
        except PhraseError as error:
            return FieldErrors({DAY: day_problem(error)})
        if day <= today:
            return FieldErrors({DAY: _("Choose a day after today.")})
        card = self.postpone(conn, request, day, line)
        if (held := _held_in(conn, request)) is not None:
            held_messages.release_held(conn, held.id)
        return card

    def line_form(self, conn: Connection, request: Request) -> Form:
        """A line about what is done."""
        _item, asked = asked_item(conn, request)
        return Form(cards.LINE, _("A line for your team"), (_line_field(asked.line),), request.value)

    def add_line(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Write a line beside what was said."""
        item, asked = asked_item(conn, request)
        line = checked_line(request, request.text("line"))
        last = item.plan.last_said(item.entry)
        if asked.state is None or not asked.shown or last is None:
            raise Refusal(
                _("Nothing that you said about this is in the plan now."), _("Say first how it goes."), line,
                buttons=cards.answer_buttons(item),
            )  # fmt: skip
        _put(conn, request, asked, asked.state, line, shown=True)
        return cards.line_card(item)

    def tell_form(self, conn: Connection, request: Request) -> Form:
        """What the lead and the team will read."""
        item, asked = open_item(conn, request)
        leads = len(notices.leads_but(conn, item.plan.team_id, request.member.id))
        hint = _("Your team reads it in the plan, with your line.")
        if leads:
            hint = _("I tell your lead that you are stuck. Your team reads it in the plan, with your line.")
        line = ShortText(
            "line", _("What is in the way?"), _("You can leave it empty."), required=False, value=asked.line, limit=LONGEST
        )  # fmt: skip
        return Form(cards.TELL, cards.tell_label(leads), (Hint(hint), line), request.value, _("Tell them"))

    def tell_lead(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Let the plan and the lead know that somebody is stuck."""
        item, asked = open_item(conn, request)
        line = checked_line(request, request.text("line"))
        if not (asked.is_told and asked.line == line):
            leads = notices.leads_but(conn, item.plan.team_id, request.member.id)
            reached = [one for one in leads if writable_account(conn, request.community.id, one) is not None]
            _put(conn, request, asked, CheckState.STUCK, line, shown=True)
            notices.owe_notices(conn, request.community.id, asked.id, reached, request.now)
        return _told(conn, request, item, line)

    # ── the menu ──────────────────────────────────────────────────────────────

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of a question."""
        return (
            ButtonHandler(cards.DONE, Writes(self.say_done)),
            ButtonHandler(cards.STUCK, Writes(self.say_stuck)),
            ButtonHandler(cards.PRIVATE, Writes(self.keep_private)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms of a question."""
        return (
            FormHandler(cards.MOVE, Reads(self.move_form), Writes(self.move)),
            FormHandler(cards.LINE, Reads(self.line_form), Writes(self.add_line)),
            FormHandler(cards.TELL, Reads(self.tell_form), Writes(self.tell_lead)),
        )


def asked_item(conn: Connection, request: Request) -> tuple[AskedItem, PlanQuestion]:
    """What somebody answers, if they are still the one who is asked."""
    asked = tables.find_question(conn, request.community.id, read_id(request.value, "q"))
    if asked is None or asked.member_id != request.member.id:
        raise Refusal(_("This question is no longer open for you."), _("`/team plan` shows the plan."))
    plan = own_plan(conn, replace(request, value=f"t{asked.team_id}"))
    entry = plan.find(asked.entry_id)
    if entry is None:
        raise gone(plan)
    if request.member.id not in list_asked(conn, plan, entry, ""):
        raise Refusal(
            _("The plan no longer names you for this."), _("The plan says who does it."),
            buttons=(see_button(plan),),
        )  # fmt: skip
    return AskedItem(asked.id, plan, entry, owned=entry.owner_id == request.member.id), asked


def open_item(conn: Connection, request: Request) -> tuple[AskedItem, PlanQuestion]:
    """The same for what is not done yet."""
    item, asked = asked_item(conn, request)
    if item.entry.done_at is not None:
        raise Refusal(
            _("This is marked as done already."), _("Open the plan to change it."),
            buttons=(see_button(item.plan),),
        )  # fmt: skip
    return item, asked


def _put(
    conn: Connection, request: Request, asked: PlanQuestion, state: CheckState, line: str, *, shown: bool
) -> None:
    """Store what was said; nobody else is asked about it, and what is no longer true is told to nobody."""
    if not (state is CheckState.STUCK and shown):
        notices.withdraw_notices(conn, asked.id)
    tables.close_questions(conn, asked.check_id)
    tables.put_answer(conn, asked.id, state, line, request.now, shown=shown)


def _line_of(asked: PlanQuestion, state: CheckState) -> str:
    """The line that somebody wrote for the same before."""
    return asked.line if asked.state is state and asked.shown else ""


def _line_field(value: str) -> ShortText:
    return ShortText(
        "line", _("A line for your team"), _("You can leave it empty."), required=False, value=value, limit=LONGEST
    )  # fmt: skip


def checked_line(request: Request, text: str) -> str:
    """A line for the plan; refuses what is too long, and any from somebody who wants nothing stored."""
    line = " ".join(text.split())
    if line and not request.member.keeps:
        raise Refusal(
            _("Saving is off for you, so I cannot write this into the plan."),
            _("Turn it on with `/my settings keep:yes`, or ask somebody in your team to write it."),
            line,
        )
    if len(line) > LONGEST:
        raise Refusal(
            _("A line in the plan has at most {count} characters.", count=LONGEST),
            _("Write a shorter one, or press a button."), line,
        )  # fmt: skip
    return line


def _held_in(conn: Connection, request: Request) -> HeldMessage | None:
    """The words of a message that a form goes on with (`q12/h5`)."""
    _question, _slash, held = request.value.partition("/")
    if not held:
        return None
    account = (request.person.space, request.person.id)
    return held_messages.find_held(conn, request.community.id, account, read_number(held, "h"), request.now)


def _told(conn: Connection, request: Request, item: AskedItem, line: str) -> Card:
    """Who knows that somebody is stuck, who hears of it yet, and to whom it cannot be written."""
    owed, told = notices.list_owed(conn, item.question_id), notices.list_told(conn, item.question_id)
    leads = notices.leads_but(conn, item.plan.team_id, request.member.id)
    lost = [one for one in leads if one not in {*owed, *told}]
    return cards.told_card(item, _names(conn, owed), _names(conn, told), _names(conn, lost), line)


def _names(conn: Connection, member_ids: list[int]) -> list[str]:
    """The names of members who are still known."""
    return [name for one in member_ids if (name := name_of(conn, one))]
