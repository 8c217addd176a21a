"""`/prompt import` and `/prompt export`: many prompts from a pasted text, or as content files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, LongText, ShortText, Upload
from bot.chat.language import N_, _, ngettext
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.content.file import MOST_BYTES
from bot.feature import CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.reflections.prompts import bank, bank_cards, prompt_form
from bot.reflections.prompts.bank import PromptOrigin
from bot.reflections.prompts.deck_use import add_deck_use
from bot.reflections.prompts.import_export import ImportedLine, read_prompts, write_files
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.options import DECK

ENDINGS = ("yaml", "yml", "txt")
PASTED = 3000
"""Characters of a pasted import: what a form holds on every platform."""


@dataclass(frozen=True, slots=True)
class ImportCommands:
    """Fills the bank from a text, and hands it out as files."""

    supplies: Supplies

    def commands(self) -> Sequence[CommandHandler]:
        """The two commands."""
        take = Command(
            "prompt", "import", N_("Add many prompts at once: a content file, or one question per line"),
            (DECK, Option("text", N_("The prompts"), OptionKind.TEXT)), role=Role.MODERATOR, opens=True, label=N_("Import prompts"),
        )  # fmt: skip
        give = Command(
            "prompt",
            "export",
            N_("What was written in chat, as a content file"),
            (DECK,),
            role=Role.MODERATOR,
            label=N_("Export prompts"),
        )
        return (CommandHandler(take, Writes(self.import_text)), CommandHandler(give, Reads(export_deck)))

    def forms(self) -> Sequence[FormHandler]:
        """The form in which many prompts are pasted."""
        return (FormHandler("prompt.import", Reads(build_form), Writes(self.import_form), Role.MODERATOR),)

    def import_text(self, conn: Connection, request: Request) -> Card | Form:
        """Import the command's own text; without one, open the form."""
        if not request.text("text"):
            return build_form(conn, request)
        name = prompt_form.slug_of(request.text("deck"), "weekly")
        return self._import(conn, request, name, _read(conn, request, name))

    def import_form(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Import what was pasted; a text of which nothing can be taken stays in the form to be mended."""
        name = prompt_form.slug_of(request.text("deck"), "weekly")
        field = "file" if request.text("file") else "text"
        if not request.text(field):
            return FieldErrors({"file": _("Please choose a file, or paste the prompts.")})
        lines = _read(conn, request, name)
        if lines and not any(one.prompt for one in lines):
            told = [_("Line {number}: {problem}", number=one.line, problem=one.problem) for one in lines]
            left = len(told) - 5
            more = [ngettext("And {count} more.", "And {count} more.", left)] if left > 0 else []
            return FieldErrors({field: " ".join((*told[:5], *more))})
        return self._import(conn, request, name, lines)

    def _import(self, conn: Connection, request: Request, deck: str, lines: Sequence[ImportedLine]) -> Card:
        made = [
            (one, bank.add_prompt(conn, request.community.id, deck, one.prompt).id if one.prompt else None)
            for one in lines
        ]
        ids = [f"p{number}" for _line, number in made if number is not None]
        if ids:
            note_change(conn, request, "imported", deck, None, {"prompts": ids})
        self.supplies.check(conn, request.community.id, request.now)
        card = bank_cards.imported_card(deck, made)
        return add_deck_use(conn, request.community.id, deck, card) if ids else card


def _read(conn: Connection, request: Request, deck: str) -> list[ImportedLine]:
    there = [one.prompt.questions[0].ask for one in bank.list_prompts(conn, request.community.id, deck)]
    return read_prompts(request.text("file") or request.text("text"), f"{deck}.yaml", there)


def build_form(conn: Connection, request: Request) -> Form:
    """The form in which many prompts are pasted."""
    decks = list(bank.count_by_deck(conn, request.community.id))
    deck = request.text("deck") or (decks[0] if decks else "weekly")
    hint = _(
        "One question per line (“Title | Question” gives it a title), or a content file with “prompts:”."
    )
    return Form(
        "prompt.import", _("Many prompts at once"),
        (
            ShortText("deck", _("Deck"), _("A new name begins a new deck."), value=deck, limit=40),
            Upload("file", _("A file of prompts"), ENDINGS, required=False, limit=MOST_BYTES),
            LongText("text", _("Or the prompts as text"), hint, required=False, limit=PASTED),
        ),
        submit=_("Import"),
    )  # fmt: skip


def export_deck(conn: Connection, request: Request) -> Card:
    """The prompts of a deck that were written in chat, as content files."""
    every = bank.list_prompts(conn, request.community.id, request.text("deck"))
    ours = [one for one in every if one.origin is not PromptOrigin.FILE and one.retired_by is None]
    decks = list(dict.fromkeys(one.deck for one in ours))
    if not decks:
        raise Refusal(
            _("No prompt there was written in chat."), _("`/prompt list` shows the decks."), request.line
        )
    if len(decks) > 1:
        raise Refusal(
            _("Several decks have prompts from chat."),
            _("Say which: {decks}.", decks=", ".join(f"deck:{deck}" for deck in decks)),
        )
    deck = decks[0]
    new = not any(one.origin is PromptOrigin.FILE and one.deck == deck for one in every)
    files = write_files(deck, [one.prompt for one in ours], new=new)
    return bank_cards.exported_card(deck, files, len(ours), new=new)
