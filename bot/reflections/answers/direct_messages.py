"""Direct messages that are no wish: an answer, or words whose author is asked first whether to save them.

Nothing is an answer before its author said so or wrote what can be nothing else: until then the words are only held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.capture import held_messages
from bot.capture.tables import NEVER
from bot.chat import talk_cards
from bot.chat.cards import Button, Card
from bot.chat.language import _
from bot.chat.menu_cards import RUN
from bot.chat.models import Message, Refusal
from bot.chat.parsing.button_values import read_fields, read_id
from bot.feature import ButtonHandler, IncomingMessage, Request, Writes
from bot.intents.classifier import understand
from bot.intents.intent import Intent, Invited, TalkFacts
from bot.intents.open_prompts import read_invitations
from bot.reflections.answers import answer_cards, existing_answer, tables
from bot.reflections.answers.first_sharing import choose_sharing
from bot.reflections.answers.followed_messages import follow_message
from bot.reflections.answers.intake import LIMIT, AnswerIntake, newest_prompt
from bot.reflections.answers.message_parts import source_of, text_of
from bot.reflections.answers.next_question import find_written_question
from bot.reflections.answers.withdrawal import Withdrawal, last_said
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.spoken_picks import SpokenPicks

KEEP = "reflect.keep"
"""The button that saves held words as an answer."""
AFTER = timedelta(hours=1)
"""How long what somebody writes still speaks of the answer they gave."""
FRESH = timedelta(days=2)
"""How long after a prompt was asked a word or two are taken for its answer."""
WORD = 60
"""Characters up to which a message may be no more than a word or two."""
CHOICES = 3
"""Open prompts that words may be saved to by a button each."""


@dataclass(frozen=True, slots=True)
class DirectMessages:
    """Decides what becomes of the words of a direct message; everything in a thread is left to the intake."""

    answers: AnswerIntake
    withdrawal: Withdrawal
    picks: SpokenPicks

    def buttons(self) -> Sequence[ButtonHandler]:
        """The button that saves held words."""
        return (ButtonHandler(KEEP, Writes(self.keep_held)),)

    def listen(self, conn: Connection, said: IncomingMessage) -> Card | None:
        """Take in a message: what a direct one says is understood before it is stored."""
        message, heard = said.message, said.heard
        gone = message.deleted or (heard is not None and not heard.counts)
        if not message.place.private:
            return self.answers.listen(conn, said, None if gone else self.picks.take_in_thread)
        if gone or tables.find_answer_with_source(conn, source_of(message)) is not None:
            held_messages.release_message(conn, message)
            return None if heard is None else self.answers.listen(conn, said)
        if not said.request.member.keeps:
            raise saving_refusal()
        if (picked := self.picks.take(conn, said)) is not None:
            return picked.card
        if len(message.text) > LIMIT:
            return answer_cards.too_long_card(len(message.text), LIMIT)
        prompts = asked_prompts.list_open_prompts(conn, said.request.community.id, said.request.now)
        last = last_said(conn, said.request.community.id, said.request.member.id)
        answering = last is not None and message.at - last[1].said_at <= AFTER
        target = _find_target(conn, said, prompts)
        facts = TalkFacts(
            answering=answering,
            invited=_find_invited(prompts),
            awaited=_awaits(message, target, None if last is None else last[1].said_at),
        )
        intent = understand(message.text, facts) if message.text.strip() else Intent.ANSWER
        if intent is Intent.TAKE_BACK:
            return self.withdrawal.take_back_last(conn, said.request)
        since = max(NEVER if target is None else target.opened_at, NEVER if last is None else last[1].said_at)
        elsewhere = [one for one in said.offers if one.said_at is not None and one.said_at > since]
        if target is not None and intent is Intent.ANSWER and not elsewhere:
            return self.answers.listen(conn, said)
        return self._ask(conn, said, target, prompts)

    @staticmethod
    def find_invited(conn: Connection, request: Request) -> Invited:
        """What the open prompts ask for that would be a wish elsewhere."""
        return _find_invited(asked_prompts.list_open_prompts(conn, request.community.id, request.now))

    def _ask(
        self, conn: Connection, said: IncomingMessage, target: AskedPrompt | None, prompts: Sequence[AskedPrompt]
    ) -> Card:  # fmt: skip
        """Ask whether to save the words, and where; they are held until then."""
        request, message = said.request, said.message
        places = [*([target] if target else ()), *(one for one in reversed(prompts) if one != target)][
            :CHOICES
        ]
        if not places and not said.offers:
            return talk_cards.no_prompt_card()
        held = held_messages.hold_message(
            conn,
            request.community.id,
            message,
            request.person.id,
            text_of(message),
            request.now + held_messages.ASKED,
        )
        saves = [
            (_("Answer: {title}", title=one.prompt.title[:60]), _("Save this as your answer to *{title}*?", title=one.prompt.title), KEEP, f"o{one.id}")
            for one in places
        ]  # fmt: skip
        saves += [(one.label, one.question, one.does, one.value) for one in said.offers]
        drop = Button(_("No"), does=talk_cards.DROP, value=f"h{held}")
        if len(saves) == 1:
            (_label, question, does, value), = saves  # fmt: skip
            return talk_cards.ask_card(
                question, [Button(_("Save"), does=does, value=f"h{held}/{value}", style="main")], drop
            )
        buttons = [
            Button(label, does=does, value=f"h{held}/{value}") for label, _question, does, value in saves
        ]
        return talk_cards.ask_card(_("Where do you want to save this?"), buttons[:4], drop)

    def keep_held(self, conn: Connection, request: Request) -> Card:
        """Save held words as a part of the answer to a prompt; the receipt takes the place of the question."""
        first, prompt = read_fields(request.value, 2)
        account = (request.person.space, request.person.id)
        held = held_messages.find_held(conn, request.community.id, account, read_id(first, "h"), request.now)
        here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(prompt, "o"))
        if held is None or here is None:
            raise Refusal(_("I no longer have those words."), _("Please send them again."))
        self.answers.check_open(request, here, held.text)
        message = Message(held.place, held.message, request.person, held.text, held.said_at, held.said_at)
        sharing = choose_sharing(here.prompt, request.member.sharing, private=held.place.private)
        answer_id, new = existing_answer.open_answer(
            conn, here, request.member.id, sharing, held.said_at, request.now
        )
        via = "direct" if held.place.private else "thread"
        tables.store_part(
            conn, here.community_id, answer_id, via, held.source, held.text, held.value, held.said_at, None,
            find_written_question(conn, here, answer_id) if held.place.private else None,
        )  # fmt: skip
        held_messages.release_held(conn, held.id)
        follow_message(conn, self.answers, request, here, message)
        answer = tables.find_answer(conn, here.community_id, answer_id)
        if answer is None:
            raise LookupError(f"answer {answer_id} was written and is not there")
        self.answers.announce_change(conn, here, request.member.id, new, late=answer.late)
        open_now = asked_prompts.list_open_prompts(conn, here.community_id, request.now)
        card = self.answers.receipts.receipt(
            conn,
            answer,
            here,
            new=new,
            private=held.place.private,
            move=open_now,
            source=held.source,
        )
        return replace(card, replaces=True)


def _find_invited(prompts: Sequence[AskedPrompt]) -> Invited:
    return read_invitations(question.ask for one in prompts for question in one.prompt.questions)


def saving_refusal(returning: str = "") -> Refusal:
    """The refusal for somebody who wants nothing stored that they write, with the button that changes it."""
    turn_on = Button(_("Turn on"), does=RUN, value="my settings keep:yes", style="main")
    refusal = Refusal(_("Saving is off for you."), _("Turn it on to answer?"), returning)
    refusal.buttons = (turn_on,)
    return refusal


def _awaits(message: Message, target: AskedPrompt | None, last: datetime | None) -> bool:
    """Whether a word may be the answer to a prompt that was just asked, and that its author has not answered yet."""
    if target is None or len(message.text) > WORD or (last is not None and last >= target.opened_at):
        return False
    return message.at - target.opened_at <= FRESH


def _find_target(
    conn: Connection, said: IncomingMessage, prompts: Sequence[AskedPrompt]
) -> AskedPrompt | None:
    """The prompt that words are most likely for: the one this conversation is about, else the newest that is open."""
    watched = said.heard.watch.ref if said.heard is not None else None
    here = next((one for one in prompts if one.id == watched), None)
    if here is not None or prompts:
        return here or newest_prompt(prompts)
    return (
        None if watched is None else asked_prompts.find_asked_prompt(conn, said.request.community.id, watched)
    )
