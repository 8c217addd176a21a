"""What people do with anonymous answers: write one, use its receipt, read those of a closed prompt, hide one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import Form, ShortText
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id, read_number
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    FormHandler,
    Reads,
    Request,
    Waits,
    Writes,
    note_change,
)
from bot.people.small_groups import may_tell
from bot.reflections.anonymous import cards, tables
from bot.reflections.anonymous.intake import ANSWER, CHANGE, AnonymousIntake
from bot.reflections.anonymous.publication import read_published
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt

PAGE = 5
"""Anonymous answers on one page."""
RECENT = 10
"""Closed prompts that are offered to read."""
RECEIPT = "anonymous.receipt"
"""The form that asks for a receipt code."""


@dataclass(frozen=True, slots=True)
class AnonymousCommands:
    """The commands, buttons and forms of anonymous answers."""

    intake: AnonymousIntake

    def commands(self) -> Sequence[CommandHandler]:
        """`/reflect anonymous` and `/reflect receipt`."""
        anonymous = Command(
            "reflect", "anonymous", N_("Answer anonymously, or read the anonymous answers"),
            (Option("prompt", N_("Which prompt"), OptionKind.ID, positional=True, letter="p", completes=True),),
            opens=True, label=N_("Anonymous answers"),
        )  # fmt: skip
        receipt = Command(
            "reflect", "receipt", N_("Change or delete an anonymous answer, with its code"),
            (Option("code", N_("The receipt code"), required=True, positional=True),), opens=True, label=N_("Use a receipt code"),
        )  # fmt: skip
        return (
            CommandHandler(anonymous, Reads(self.open_prompt)),
            CommandHandler(receipt, Reads(self.use_receipt)),
        )

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons on receipts, on digests and on pages of answers."""
        return (
            ButtonHandler("anonymous.delete", Writes(self.intake.delete_answer)),
            ButtonHandler("anonymous.read", Reads(show_published)),
            ButtonHandler("anonymous.hide", Writes(self.hide_answer), role=Role.MODERATOR),
            ButtonHandler("anonymous.show", Writes(self.show_answer), role=Role.MODERATOR),
        )

    def forms(self) -> Sequence[FormHandler]:
        """The form to answer, the same filled, and the one that asks for a code."""
        intake = self.intake
        return (
            FormHandler(ANSWER, Reads(intake.build_form), Waits(intake.submit_answer)),
            FormHandler(CHANGE, Reads(intake.build_change_form), Writes(intake.change_answer)),
            FormHandler(RECEIPT, Reads(_receipt_form), Reads(intake.show_answer)),
        )

    def completions(self) -> Sequence[Completion]:
        """Prompts that take anonymous answers, while somebody types."""
        return (Completion("reflect anonymous", "prompt", _prompt_choices),)

    def open_prompt(self, conn: Connection, request: Request) -> Card | Form:
        """The form of the prompt that is meant, or its answers once it has closed; else what there is."""
        still_open, closed = _list_prompts(conn, request)
        number = request.number("prompt")
        if number is not None:
            here = asked_prompts.by_prompt(conn, request.community.id, number)
            if here is None or not here.anonymous:
                raise Refusal(
                    _("p{number} takes no anonymous answers.", number=number),
                    _("`/reflect anonymous` shows what does."),
                )
            is_open = any(one.id == here.id for one in still_open)
            return self.intake.form_for(conn, request, here) if is_open else _page(conn, request, here, 0)
        if len(still_open) == 1 and not closed:
            return self.intake.form_for(conn, request, still_open[0])
        return cards.prompts_card(still_open, closed)

    def use_receipt(self, conn: Connection, request: Request) -> Card | Form:
        """What can be done with the answer of a code; a form asks for the code where there is none."""
        return (
            self.intake.show_answer(conn, request) if request.text("code") else _receipt_form(conn, request)
        )

    # ── moderators ────────────────────────────────────────────────────────────

    def hide_answer(self, conn: Connection, request: Request) -> Card:
        """Hide an answer from everyone; its text stays out of the audit log."""
        occurrence_id = self._set_hidden(conn, request, hidden=True)
        too_few = not may_tell(tables.count_published(conn, occurrence_id))
        return replace(cards.hidden_card(request.value, too_few=too_few), replaces=True)

    def show_answer(self, conn: Connection, request: Request) -> Card:
        """Show a hidden answer again."""
        self._set_hidden(conn, request, hidden=False)
        return replace(cards.shown_card(), replaces=True)

    def _set_hidden(self, conn: Connection, request: Request, *, hidden: bool) -> int:
        occurrence_id = tables.set_hidden(conn, request.community.id, request.value, hidden=hidden)
        if occurrence_id is None:
            raise Refusal(_("That answer is no longer here."), _("`/reflect anonymous` shows the others."))
        what = "hid an anonymous answer" if hidden else "showed an anonymous answer again"
        note_change(conn, request, what, f"o{occurrence_id}")
        self.intake.tell(conn, AnswerChanged(request.community.id, occurrence_id))
        return occurrence_id


def show_published(conn: Connection, request: Request) -> Card:
    """A page of the anonymous answers to a prompt that has closed."""
    here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(request.value))
    if here is None or not here.anonymous:
        raise Refusal(_("That prompt is no longer here."), _("`/reflect anonymous` shows the others."))
    page = request.value.partition("/")[2]
    return replace(_page(conn, request, here, read_number(page) if page else 0), replaces=bool(page))


def _page(conn: Connection, request: Request, here: AskedPrompt, page: int) -> Card:
    if not here.closed:
        raise Refusal(
            _("“{prompt}” is still open.", prompt=here.prompt.title),
            _("Anonymous answers are shown after it closes."),
        )
    found = read_published(conn, here, PAGE, page * PAGE)
    more = found.total > (page + 1) * PAGE
    return cards.published_card(here, found, page, more=more, moderator=request.role >= Role.MODERATOR)


def _receipt_form(_conn: Connection, _request: Request) -> Form:
    field = ShortText("code", _("Your receipt code"), _("It was shown when you sent the answer."), limit=60)
    return Form(RECEIPT, _("Your anonymous answer"), (field,), submit=_("Find it"))


def _list_prompts(conn: Connection, request: Request) -> tuple[list[AskedPrompt], list[AskedPrompt]]:
    """Prompts that take anonymous answers now, and the latest that took them."""
    found = tables.list_prompts(conn, request.community.id, RECENT)
    still_open = [one for one in found if one.closes_at > request.now and not one.closed]
    return still_open, [one for one in found if one.closed]


def _prompt_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    still_open, closed = _list_prompts(conn, request)
    return ((f"p{one.prompt_id}", one.prompt.title) for one in (*still_open, *closed))
