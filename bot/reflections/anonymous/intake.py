"""The intake of anonymous answers: sealed at once, changed and deleted with a receipt code alone.

Nothing else learns of one. It is no `Answered` fact and finishes no lesson; no reminder, count or log depends on who sent
it; and no row of it is written anywhere but in the tables of this room.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import Form, Hint
from bot.chat.language import _
from bot.chat.models import Refusal, platform_of
from bot.chat.parsing.button_values import read_id
from bot.feature import Request
from bot.reflections.anonymous import cards, tables
from bot.reflections.anonymous.keys import Keyring, PromptKey
from bot.reflections.anonymous.receipts import ReceiptCode, make_code, read_code
from bot.reflections.answers import answer_form
from bot.reflections.answers.answer_form import Reply
from bot.reflections.answers.help_size import find_help_size
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.answers.long_text import FormShape, read_shape
from bot.reflections.answers.tables import Part
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.store.store import Store

ANSWER, CHANGE = "anonymous.answer", "anonymous.change"
"""The forms in which somebody answers anonymously, and changes that."""


@dataclass(frozen=True, slots=True)
class AnonymousIntake:
    """Takes anonymous answers in. `witnesses` says of each platform what it learns of a form that is sent."""

    store: Store
    keyring: Keyring
    tell: Callable[[Connection, object], None]
    witnesses: Mapping[str, str]

    # ── a new one ─────────────────────────────────────────────────────────────

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form to answer a prompt anonymously; it says what cannot be hidden."""
        return self.form_for(conn, request, find_open_prompt(conn, request, read_id(request.value)))

    def form_for(self, conn: Connection, request: Request, here: AskedPrompt) -> Form:
        """The same for a prompt that is known to be open."""
        return self._form(conn, request, here, ANSWER, f"o{here.id}", ())

    async def submit_answer(self, request: Request) -> Card:
        """Seal and store what was written; the receipt is shown once."""
        number = read_id(request.value)
        await self.store.read(lambda conn: find_open_prompt(conn, request, number))
        needed = await self.store.read(lambda conn: tables.find_key_name(conn, number))
        key = await asyncio.to_thread(self._find_key, number, needed)
        if key is None:
            raise _elsewhere(request)
        return await self.store.write(partial(self._store, request=request, key=key, code=make_code(number)))

    def _find_key(self, occurrence_id: int, needed: str | None) -> PromptKey | None:
        """The key of a prompt, made where none is needed yet; None where the one that is needed is elsewhere."""
        if needed is None:
            return self.keyring.make_key(occurrence_id)
        known = self.keyring.find_key(occurrence_id)
        return known if known is not None and known.name == needed else None

    @staticmethod
    def _store(conn: Connection, request: Request, key: PromptKey, code: ReceiptCode) -> Card:
        here = find_open_prompt(conn, request, key.occurrence_id, hold=True)
        sealed = key.seal(_write_body(_replies(request, here), code))
        if not tables.claim_key(conn, here, key.name):
            raise _elsewhere(request)
        if not tables.take_ticket(conn, here, key, request.member.id):
            raise Refusal(
                _("You have answered this prompt anonymously already."),
                _("With the receipt code that you were shown, `/reflect receipt` changes or deletes it."),
                _written(request, here),
            )
        tables.store_sealed(conn, here, key.mark(code.hash), sealed)
        return cards.receipt_card(here, code)

    # ── with a receipt code ───────────────────────────────────────────────────

    def build_change_form(self, conn: Connection, request: Request) -> Form:
        """The form with what stands of an answer that is still sealed."""
        code = read_code(request.value)
        here, _, replies = self._find_sealed(conn, request, code)
        parts = [
            Part(0, "form", f"form/0/{one.question}", one.text, one.value, here.opened_at, None, one.question)
            for one in replies
        ]
        return self._form(conn, request, here, CHANGE, code.text, parts)

    def change_answer(self, conn: Connection, request: Request) -> Card:
        """Seal what it says now in the place of what it said."""
        code = read_code(request.value)
        here, key, _ = self._find_sealed(conn, request, code)
        sealed = key.seal(_write_body(_replies(request, here), code))
        tables.replace_sealed(conn, here.id, key.mark(code.hash), sealed)
        return cards.changed_card(here)

    def delete_answer(self, conn: Connection, request: Request) -> Card:
        """Delete an answer for good, sealed or published."""
        code = read_code(request.value)
        here = asked_prompts.find_asked_prompt(conn, request.community.id, code.occurrence_id, hold=True)
        key = self.keyring.find_key(code.occurrence_id) if here is not None else None
        if key is not None and tables.delete_sealed(conn, code.occurrence_id, key.mark(code.hash)):
            tables.drop_ticket(conn, key, request.member.id)
            return cards.deleted_card()
        occurrence_id = tables.delete_published(conn, request.community.id, code.hash)
        if occurrence_id is None:
            raise _unknown()
        self.tell(conn, AnswerChanged(request.community.id, occurrence_id))
        return cards.deleted_card()

    def show_answer(self, conn: Connection, request: Request) -> Card:
        """What can be done with the answer of a receipt code; its text is not repeated."""
        code = read_code(request.text("code"))
        here = asked_prompts.find_asked_prompt(conn, request.community.id, code.occurrence_id)
        if here is None:
            raise _unknown()
        key = self.keyring.find_key(here.id)
        if key is not None and tables.find_sealed(conn, here.id, key.mark(code.hash)) is not None:
            return cards.found_card(here, code, published=False)
        if tables.find_published(conn, request.community.id, code.hash) is None:
            raise _unknown()
        return cards.found_card(here, code, published=True)

    def _find_sealed(
        self, conn: Connection, request: Request, code: ReceiptCode
    ) -> tuple[AskedPrompt, PromptKey, list[Reply]]:
        here = asked_prompts.find_asked_prompt(conn, request.community.id, code.occurrence_id, hold=True)
        key = self.keyring.find_key(code.occurrence_id)
        sealed = key and tables.find_sealed(conn, code.occurrence_id, key.mark(code.hash))
        if here is None or here.closed or request.now >= here.closes_at:
            raise Refusal(
                _("That prompt has closed, so the answer can no longer be changed."),
                _("`/reflect receipt` still deletes it."),
                _written(request, here) if here is not None else "",
            )
        if key is None or not sealed:
            raise _unknown()
        return here, key, [Reply(**one) for one in json.loads(key.unseal(sealed))["replies"]]

    def _form(
        self, conn: Connection, request: Request, here: AskedPrompt, form: str, ref: str, parts: list[Part] | tuple[()]
    ) -> Form:  # fmt: skip
        size = find_help_size(conn, here.community_id, request.member.id, request.member.help)
        fields, shape = answer_form.fill_fields(
            here.prompt, parts, read_shape(request.value), "", size, every=True
        )
        witness = self.witnesses.get(platform_of(request.place.space), "")
        notice = Hint(cards.notice_text(witness))
        return Form(form, _("Answer anonymously"), (notice, *fields), shape.write(ref), submit=_("Send"))


def find_open_prompt(
    conn: Connection, request: Request, occurrence_id: int, *, hold: bool = False
) -> AskedPrompt:
    """A prompt that takes anonymous answers now; raises `Refusal`."""
    here = asked_prompts.find_asked_prompt(conn, request.community.id, occurrence_id, hold=hold)
    if here is None:
        raise Refusal(_("That prompt is no longer here."), _("`/reflect` shows what is open."))
    returning = _written(request, here)
    if not here.anonymous:
        raise Refusal(
            _("“{prompt}” takes no anonymous answers.", prompt=here.prompt.title),
            _("`/reflect answer` answers it; only you can read that unless you share it."),
            returning,
        )
    if not request.member.keeps:
        raise Refusal(_("Saving is off for you."), _("`/my settings keep:yes` turns it on."), returning)
    if here.closed or request.now >= here.closes_at:
        raise Refusal(
            _(
                "“{prompt}” has closed, so it takes no more anonymous answers.",
                prompt=here.prompt.title,
            ),
            _("`/reflect` shows what is open."),
            returning,
        )
    return here


def _replies(request: Request, here: AskedPrompt) -> list[Reply]:
    """What was written in the form, question by question; raises `Refusal` where that is nothing."""
    found = answer_form.read_replies(here.prompt, request.values, read_shape(request.value) or FormShape())
    if not any(one.text.strip() for one in found):
        raise answer_form.nothing_said_refusal()
    return found


def _written(request: Request, here: AskedPrompt) -> str:
    """The words that are handed back with a refusal."""
    replies = answer_form.read_replies(here.prompt, request.values, read_shape(request.value) or FormShape())
    return "\n\n".join(one.text for one in replies)


def _write_body(replies: list[Reply], code: ReceiptCode) -> str:
    """What is sealed: the replies, and the hash under which the code finds them after closing."""
    told = [{"question": one.question, "text": one.text, "value": one.value} for one in replies]
    return json.dumps({"receipt": code.hash, "replies": told})


def _unknown() -> Refusal:
    return Refusal(
        _("There is no anonymous answer with that code."),
        _("It may have been deleted, or its prompt had too few anonymous answers when it closed."),
    )


def _elsewhere(request: Request) -> Refusal:
    return Refusal(
        _("Anonymous answers to this prompt cannot be taken right now, so I stored nothing."),
        _("Please tell your Tilth admin that I can’t find the key of this prompt."),
        "\n\n".join(text for text in map(str, request.values.values()) if " " in text),
    )
