"""Adding a prompt to the bank and editing one; what was asked or is a file's is copied as a new prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Role
from bot.chat.parsing.button_values import read_id
from bot.feature import CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.reflections.prompts import bank, bank_cards, prompt_form, selection
from bot.reflections.prompts.bank import BankedPrompt, PromptOrigin
from bot.reflections.prompts.deck_use import add_deck_use
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Prompt
from bot.reflections.prompts.options import DECK, named_prompt
from bot.reflections.schedule import asked_prompts, posts
from bot.scheduled_posts import headsups
from bot.scheduled_posts.approval import PostApproval


@dataclass(frozen=True, slots=True)
class PromptEditor:
    """The forms with which moderators write prompts."""

    supplies: Supplies
    approval: PostApproval

    def commands(self) -> Sequence[CommandHandler]:
        """`/prompt add`; `/prompt edit` is shared with schedules."""
        add = Command(
            "prompt",
            "add",
            N_("Write a new prompt"),
            (DECK,),
            role=Role.MODERATOR,
            opens=True,
            label=N_("Write a prompt"),
            common=True,
        )
        return (CommandHandler(add, Reads(build_new_form)),)

    def forms(self) -> Sequence[FormHandler]:
        """The form of a new prompt and that of one that is there."""
        return (
            FormHandler("prompt.add", Reads(build_new_form), Writes(self.add_prompt), Role.MODERATOR),
            FormHandler("prompt.edit", Reads(build_edit_form), Writes(self.edit_prompt), Role.MODERATOR),
        )

    def add_prompt(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Store a new prompt."""
        deck, prompt, errors = prompt_form.read_form(request.values, None)
        if errors:
            return FieldErrors(errors)
        made = bank.add_prompt(conn, request.community.id, deck, prompt)
        note_change(conn, request, "added", f"p{made.id}", None, _state(made))
        self.supplies.check(conn, request.community.id, request.now)
        name = f"p{made.id}"
        card = bank_cards.details_card(made, 0, _("Added as {id}.", id=name))
        return add_deck_use(conn, request.community.id, deck, card)

    def edit_prompt(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Store the new words: in place while nobody has read the old ones, else as a new prompt."""
        one = named_prompt(conn, request, read_id(request.value), hold=True)
        deck, prompt, errors = prompt_form.read_form(request.values, one.prompt)
        if errors:
            return FieldErrors(errors)
        times = selection.count_draws(conn, request.community.id).get(one.id, 0)
        going = asked_prompts.by_prompt(conn, request.community.id, one.id)
        if going is not None and times == 1 and one.origin is not PromptOrigin.FILE:
            if posts.reword(conn, going, prompt):
                return self._reword(
                    conn, request, one, deck, prompt, _("It goes out with the new text, once.")
                )
        elif going is None and times == 0 and one.origin is not PromptOrigin.FILE:
            said = _("Saved: the next time it is asked, it is asked like this.")
            return self._reword(conn, request, one, deck, prompt, said)
        return self._copy(conn, request, one, deck, prompt, out=going is not None)

    def _reword(
        self, conn: Connection, request: Request, one: BankedPrompt, deck: str, prompt: Prompt, said: str
    ) -> Card:
        bank.reword_prompt(conn, request.community.id, one.id, prompt)
        if deck != one.deck:
            prompt = bank.move_to_deck(conn, request.community.id, one.id, deck, prompt)
        after = replace(one, deck=deck, prompt=prompt)
        self.approval.refresh(conn, request, one.id)
        note_change(conn, request, "edited", f"p{one.id}", *_states(one, after))
        self.supplies.check(conn, request.community.id, request.now)
        return bank_cards.details_card(after, 0, said)

    def _copy(
        self, conn: Connection, request: Request, one: BankedPrompt, deck: str, prompt: Prompt, *, out: bool
    ) -> Card:
        """The old words stay as they were read; the new ones are a prompt of their own, in the old one's place."""
        made = bank.add_prompt(conn, request.community.id, deck, prompt)
        self._replace(conn, request, one, made)
        bank.retire_prompt(conn, request.community.id, one.id, request.now)
        note_change(conn, request, "edited", f"p{one.id}", *_states(one, replace(made, id=one.id)))
        note_change(conn, request, "retired", f"p{one.id}", None, {"instead": f"p{made.id}"})
        self.supplies.check(conn, request.community.id, request.now)
        name = f"p{one.id}"
        why = (
            _("{id} was already posted with the old text. That post stays as it is.", id=name)
            if out
            else _("{id} is what its content file says.", id=name)
        )
        new = _(
            "Your text is {new}, and {id} is retired ({command}).",
            new=f"p{made.id}",
            id=name,
            command=f"`/prompt unretire {name}`",
        )
        return bank_cards.details_card(made, 0, f"{why} {new}")

    def _replace(self, conn: Connection, request: Request, one: BankedPrompt, made: BankedPrompt) -> None:
        """Give the new prompt the old one's place in the queue and in what moderators were shown."""
        line = [each.id for each in bank.list_queue(conn, request.community.id)]
        if one.id in line:
            bank.order_queue(
                conn, request.community.id, [made.id if each == one.id else each for each in line]
            )
        headsups.swap_choice(conn, request.community.id, one.id, made.id)
        self.approval.refresh(conn, request, made.id)


def build_new_form(conn: Connection, request: Request) -> Form:
    """The form of a new prompt."""
    deck = prompt_form.slug_of(request.text("deck") or request.value, "")
    known = list(bank.count_by_deck(conn, request.community.id))
    start = deck or (known[0] if known else "weekly")
    return prompt_form.prompt_form("prompt.add", _("A new prompt"), deck, known, start, None, _("Add"))


def build_edit_form(conn: Connection, request: Request) -> Form:
    """The form of a prompt, filled; its title says when the new words become a new prompt."""
    one = named_prompt(conn, request, request.number("prompt") or read_id(request.value))
    known = list(bank.count_by_deck(conn, request.community.id))
    settled = one.origin is PromptOrigin.FILE or selection.was_drawn(conn, request.community.id, one.id)
    title = _("Edit as a new prompt") if settled else _("Edit a prompt")
    return prompt_form.prompt_form("prompt.edit", title, f"p{one.id}", known, one.deck, one.prompt, _("Save"))


def _state(one: BankedPrompt) -> dict[str, Any]:
    """What the audit log keeps of a prompt: the words of moderators, not those of the member who suggested it."""
    state: dict[str, Any] = {"deck": one.deck}
    if one.origin is not PromptOrigin.SUGGESTED:
        state |= {"title": one.prompt.title, "question": [each.ask for each in one.prompt.questions]}
    return state


def _states(before: BankedPrompt, after: BankedPrompt) -> tuple[dict[str, Any], dict[str, Any]]:
    if before.origin is PromptOrigin.SUGGESTED:
        after = replace(after, origin=PromptOrigin.SUGGESTED)
    return _state(before), _state(after)
