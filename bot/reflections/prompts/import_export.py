"""Many prompts at once: taken in from a pasted text, handed out as content files."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, LongText, ShortText
from bot.chat.models import Refusal
from bot.feature import Request, note
from bot.reflections.prompts import bank, bank_cards, export_files, import_text, prompt_form
from bot.reflections.prompts.bank import PromptOrigin
from bot.reflections.prompts.low_stock import Supplies
from bot.store.store import Store

PASTED = 3000
"""Characters of a pasted import: what a form holds on every platform."""


class BankImportExport:
    """Fills the bank, and empties it into files."""

    def __init__(self, store: Store, supplies: Supplies) -> None:
        self._store, self._supplies = store, supplies

    async def take_in(self, request: Request) -> Card | Form:
        """Take in many prompts: from the command's own text, or from a form."""
        if not request.text("text"):
            return await self.import_form(request)
        told = await self._import(request, request.text("deck"), request.text("text"), form=False)
        return told if isinstance(told, Card) else await self.import_form(request)

    async def import_form(self, request: Request) -> Form:
        """Where many prompts are pasted."""
        decks = await self._store.read(lambda conn: list(bank.decks(conn, request.community.id)))
        deck = request.text("deck") or (decks[0] if decks else "weekly")
        hint = "One question a line (`Title | Question` gives it a title), or a content file with `prompts:`."
        return Form(
            "prompt.import", "Many prompts at once",
            (
                ShortText("deck", "Deck", "A new name begins a new deck.", value=deck, limit=40),
                LongText("text", "Prompts", hint, limit=PASTED),
            ),
            submit="Import",
        )  # fmt: skip

    async def take_import(self, request: Request) -> Card | FieldErrors:
        """What was pasted; a content file with something wrong in it stays in the form to be mended."""
        return await self._import(request, request.text("deck"), request.text("text"), form=True)

    async def _import(self, request: Request, deck: str, text: str, *, form: bool) -> Card | FieldErrors:
        name = prompt_form.slug_of(deck, "weekly")

        def keep(conn: Connection) -> Card | FieldErrors:
            there = [one.prompt.questions[0].ask for one in bank.listing(conn, request.community.id, name)]
            found = import_text.read(text, f"{name}.yaml", there)
            if form and found and not any(one.prompt for one in found):
                told = [f"Line {one.line}: {one.problem}" for one in found]
                more = f" And {len(told) - 5} more." if len(told) > 5 else ""
                return FieldErrors({"text": " ".join(told[:5]) + more})
            made = [
                (one, bank.add(conn, request.community.id, name, one.prompt).id if one.prompt else None)
                for one in found
            ]
            ids = [f"p{number}" for _, number in made if number is not None]
            if ids:
                note(conn, request, "imported", name, None, {"prompts": ids})
            self._supplies.check(conn, request.community.id, request.now)
            return bank_cards.imported_card(name, made)

        return await self._store.write(keep)

    async def export(self, request: Request) -> Card:
        """What came from chat, as content files."""
        wanted = request.text("deck")

        def look(conn: Connection) -> Card:
            every = bank.listing(conn, request.community.id, wanted)
            ours = [one for one in every if one.origin is not PromptOrigin.FILE and one.retired_by is None]
            decks = list(dict.fromkeys(one.deck for one in ours))
            if not decks:
                raise Refusal(
                    "No prompt there was written in chat.", "`/prompt list` shows the decks.", request.line
                )
            if len(decks) > 1:
                raise Refusal(
                    "Several decks have prompts from chat.",
                    f"Say which: {', '.join(f'deck:{deck}' for deck in decks)}.",
                )
            deck = decks[0]
            new = not any(one.origin is PromptOrigin.FILE and one.deck == deck for one in every)
            files = export_files.files(deck, [one.prompt for one in ours], new=new)
            return bank_cards.exported_card(deck, files, len(ours), new=new)

        return await self._store.read(look)
