"""A member's own answers: their history, editing, sharing, deleting and moving one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, say
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind, Shortcut
from bot.chat.models import FORMER_SHARING, Refusal, Sharing, UnclearOption
from bot.chat.parsing.button_values import read_fields, read_id, read_member, read_number
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Reads, Request, Writes
from bot.people.audience import SHARING_NAMES
from bot.reflections.answers import (
    answer_cards,
    answer_form,
    existing_answer,
    history_cards,
    history_page,
    search_entries,
    tables,
)
from bot.reflections.answers.history_filter import (
    FORM,
    HistoryFilter,
    find_form,
    given_filter,
    lesson_choices,
    read_filter,
    read_form,
)
from bot.reflections.answers.intake import (
    SAVED,
    AnswerChanged,
    AnswerIntake,
)
from bot.reflections.answers.long_text import FormShape, read_shape
from bot.reflections.answers.standing_cards import mark_own_card
from bot.reflections.answers.tables import Answer
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt

PAGE = 4
"""Answers on one page of the history."""
SHORTCUTS = (
    Shortcut("reflect.answer", N_("Answer the prompt"), N_("Answer what is open"), on="anywhere", opens=True),
)


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """The commands and buttons of members for what they answered."""

    answers: AnswerIntake

    def commands(self) -> Sequence[CommandHandler]:
        """`/reflect history` and what can be done with one answer."""
        answer = Option(
            "answer", N_("Which answer"), OptionKind.ID, required=True, positional=True, letter="a", completes=True
        )  # fmt: skip
        readers = Option(
            "with", N_("Who"), OptionKind.CHOICE, required=True, positional=True,
            choices=tuple(kind.value for kind in Sharing), former_choices=FORMER_SHARING,
            labels=tuple(label for _value, label in SHARING_NAMES),
        )  # fmt: skip
        history = Command(
            "reflect", "history", N_("Your own answers"),
            (
                Option("since", N_("From which day"), OptionKind.DAY), Option("until", N_("Up to which day"), OptionKind.DAY),
                Option("prompt", N_("Which prompt"), OptionKind.ID, letter="p"), Option("lesson", N_("Which lesson"), completes=True),
                Option("find", N_("A word in them"), formerly=("word",)),
            ),
            examples=("/reflect history find:hallway", "/reflect history since:2026-09-01 prompt:p12"), label=N_("My answers"), common=True,
        )  # fmt: skip
        return (
            CommandHandler(history, Reads(self.show_history)),
            CommandHandler(
                Command("reflect", "edit", N_("Edit an answer"), (answer,), opens=True, label=N_("Edit an answer")), Reads(self.build_edit_form)
            ),
            CommandHandler(
                Command("reflect", "share", N_("Choose who can read an answer"), (answer, readers), label=N_("Share an answer")),
                Writes(self.share_answer),
            ),
            CommandHandler(
                Command("reflect", "delete", N_("Delete an answer"), (answer,), label=N_("Delete an answer")), Writes(self.delete_answer)
            ),
        )  # fmt: skip

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons and selects on receipts."""
        return (
            ButtonHandler("reflect.page", Reads(self.show_history_page)),
            ButtonHandler("reflect.share", Writes(self.share_answer)),
            ButtonHandler("reflect.delete", Writes(self.delete_answer)),
            ButtonHandler("reflect.undo", Writes(self.restore_answer)),
            ButtonHandler("reflect.move", Writes(self.move_part)),
        )

    def forms(self) -> Sequence[FormHandler]:
        """The answer form, filled with what was answered."""
        return (
            FormHandler("reflect.edit", Reads(self.build_edit_form), Writes(self.edit_answer)),
            FormHandler(FORM, Reads(find_form), Reads(self.find_answers)),
        )

    def completions(self) -> Sequence[Completion]:
        """One's own answers while somebody types."""
        mine = (
            Completion(f"reflect {verb}", "answer", _answer_choices) for verb in ("edit", "share", "delete")
        )
        return (*mine, Completion("reflect history", "lesson", lesson_choices))

    def build_edit_form(self, conn: Connection, request: Request) -> Form | Card:
        """The form again, filled; what came from a message is edited where it was written; unnamed, the history."""
        if request.number("answer") is None and not request.value:
            return self.show_history(conn, request)
        answer, here = find_own(conn, request, _number(request))
        if all(one.via == SAVED for one in answer.parts):
            raise Refusal(
                _("That answer is a copy of a message you picked."),
                _("Delete it and pick the message again."),
            )
        if any(one.via == "form" for one in answer.parts):
            self.answers.check_open(request, here)
            form = answer_form.build_answer_form(conn, request, here)
            shape = read_shape(form.value) or FormShape()
            return replace(form, id="reflect.edit", value=shape.write(f"a{answer.id}"))
        return say(
            _("Edit the message itself"),
            Markdown(
                _(
                    "That answer is a message you wrote. Edit the message itself, and your answer changes "
                    "within moments."
                )
            ),
        )

    def edit_answer(self, conn: Connection, request: Request) -> Card:
        """Store an edited answer; its new receipt takes the place of the old one."""
        _unused, here = find_own(conn, request, read_id(request.value))
        answer, replaced = self.answers.submit_form(conn, request, here, request.values)
        return replace(self.answers.receipts.receipt(conn, answer, here, replaced=replaced), replaces=True)

    def share_answer(self, conn: Connection, request: Request) -> Card:
        """Change who can read an answer."""
        number, wanted = request.number("answer"), request.text("with")
        if number is None:
            state, wanted = read_fields(request.value, 2)
            number = read_id(state, "a")
        answer, here = find_own(conn, request, number)
        tables.set_sharing(conn, answer.id, read_member(Sharing, wanted), request.now)
        search_entries.index_answer_of(conn, here, request.member.id)
        self.answers.tell(conn, AnswerChanged(here.community_id, here.id))
        return self._new_receipt(conn, request, answer.id)

    def delete_answer(self, conn: Connection, request: Request) -> Card:
        """Take an answer back, with ten minutes to undo it."""
        answer, here = find_own(conn, request, _number(request))
        tables.set_withdrawn(conn, answer.id, request.now)
        search_entries.index_answer_of(conn, here, request.member.id)
        self.answers.tell(conn, AnswerChanged(here.community_id, here.id))
        mark_own_card(conn, here, request.member.id, request.now)
        return answer_cards.deleted_card(answer.id, any(one.via != "form" for one in answer.parts))

    def restore_answer(self, conn: Connection, request: Request) -> Card:
        """Bring a deleted answer back."""
        answer, here = find_own(conn, request, read_id(request.value))
        tables.set_withdrawn(conn, answer.id, None)
        search_entries.index_answer_of(conn, here, request.member.id)
        self.answers.tell(conn, AnswerChanged(here.community_id, here.id))
        mark_own_card(conn, here, request.member.id, request.now)
        return self._new_receipt(conn, request, answer.id)

    def move_part(self, conn: Connection, request: Request) -> Card:
        """Give a direct message to another open prompt, for which it was meant."""
        part, prompt = read_fields(request.value, 2)
        there = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(prompt))
        found = tables.find_part(conn, request.community.id, read_number(part))
        if there is None or found is None or found[0].member_id != request.member.id:
            raise Refusal(_("That message is no longer stored."), _("Send it again and pick the prompt."))
        self.answers.check_open(request, there)
        before, moved = found
        answer_id, new = existing_answer.open_answer(
            conn, there, request.member.id, before.sharing, moved.said_at, request.now
        )
        tables.store_part(
            conn, there.community_id, answer_id, moved.via, moved.source, moved.text, None,
            moved.said_at, moved.edited_at,
        )  # fmt: skip
        search_entries.index_answers(conn, there.community_id, [before.id])
        self.answers.tell(conn, AnswerChanged(there.community_id, before.occurrence_id))
        left = asked_prompts.find_asked_prompt(conn, there.community_id, before.occurrence_id)
        if left is not None:
            mark_own_card(conn, left, request.member.id, request.now)
        answer, _unused = find_own(conn, request, answer_id)
        self.answers.announce_change(conn, there, request.member.id, new, late=answer.late)
        return self._new_receipt(conn, request, answer_id)

    def _new_receipt(self, conn: Connection, request: Request, answer_id: int) -> Card:
        """The receipt of an answer as it is now, in place of the one whose button was pressed."""
        return replace(
            self.answers.receipts.receipt(conn, *find_own(conn, request, answer_id)), replaces=True
        )

    def show_history(self, conn: Connection, request: Request) -> Card:
        """One's own answers, newest first."""
        return replace(self._page(conn, request, 0, given_filter(request)), replaces=False)

    def find_answers(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """The answers that the form describes."""
        wanted, errors = read_form(request)
        return FieldErrors(errors) if errors else self._page(conn, request, 0, wanted)

    def show_history_page(self, conn: Connection, request: Request) -> Card:
        """Another page of the history; the filter travels in the button."""
        number, state = read_fields(request.value, 2, "|")
        return self._page(conn, request, read_number(number), read_filter(state, request.community.zone))

    def _page(self, conn: Connection, request: Request, page: int, wanted: HistoryFilter) -> Card:
        home, receipts, member_id = request.community, self.answers.receipts, request.member.id
        found = history_page.list_filtered_answers(
            conn, home.id, member_id, wanted.conditions(conn, home.id, member_id, home.zone),
            offset=page * PAGE, limit=PAGE + 1,
        )  # fmt: skip
        opened = receipts.opened_by(conn, home.id, found[:PAGE])
        rows = []
        for one in found[:PAGE]:
            here = _prompt_of(conn, request, one)
            about = receipts.readers_text(conn, here, one)
            rows.append((one, here, about + answer_cards.opened_text(opened.get(one.id, 0))))
        more, narrowed = len(found) > PAGE, wanted != HistoryFilter()
        return history_cards.history_card(rows, home.zone, page, more, wanted.write(), narrowed=narrowed)


def find_own(conn: Connection, request: Request, answer_id: int) -> tuple[Answer, AskedPrompt]:
    """A member's own answer; anybody else's is as good as not there."""
    answer = tables.find_answer(conn, request.community.id, answer_id)
    if answer is None or answer.member_id != request.member.id or not answer.parts:
        raise UnclearOption("answer", _("You have no answer {id}.", id=f"a{answer_id}"))
    return answer, _prompt_of(conn, request, answer)


def _number(request: Request) -> int:
    """The answer that a command names, or a button carries."""
    return request.number("answer") or read_id(request.value)


def _answer_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = history_page.list_own_answers(conn, request.community.id, request.member.id, offset=0, limit=25)
    return ((f"a{one.id}", _prompt_of(conn, request, one).prompt.title) for one in found)


def _prompt_of(conn: Connection, request: Request, answer: Answer) -> AskedPrompt:
    here = asked_prompts.find_asked_prompt(conn, request.community.id, answer.occurrence_id)
    if here is None:
        raise LookupError("an answer refers to a prompt that is not there")
    return here
