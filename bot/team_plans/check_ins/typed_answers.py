"""What somebody types instead of pressing a button of a check-in: under it, or right after it in their direct messages.

Words that say clearly how it goes are taken at once. Of any others the author is asked what they mean, and they are held
until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.capture import held_messages
from bot.capture.held_messages import HeldMessage
from bot.chat import talk_cards
from bot.chat.cards import Button, Card
from bot.chat.language import _
from bot.chat.models import Message, Refusal
from bot.chat.parsing.button_values import read_fields, read_id, read_member
from bot.chat.time.days import resolve_day
from bot.chat.time.vocabulary import PhraseError
from bot.feature import ButtonHandler, IncomingMessage, Request, SaveOffer, Taken, Writes
from bot.intents.progress_words import ProgressReport, ProgressWord, read_progress
from bot.team_plans.check_ins import asked_messages, cards
from bot.team_plans.check_ins.answers import CheckInAnswers, asked_item, checked_line
from bot.team_plans.check_ins.cards import AskedItem
from bot.team_plans.model import CheckState, PlanPart

CHOICES = 4
"""Things that words can be about, by a button each."""


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """Takes what is typed to a check-in."""

    answers: CheckInAnswers

    def take_clear(self, conn: Connection, said: IncomingMessage) -> Taken | None:
        """Take words that say how it goes, typed under a check-in or right after it."""
        request, message = said.request, said.message
        if not message.place.private or message.deleted or (read := read_progress(message.text)) is None:
            return None
        asked = asked_messages.answered_message(conn, request, message)
        if not (message.answers or message.place.thread or read.loose):
            asked = asked_messages.last_message(conn, request)
        items = _items(conn, request, asked.questions) if asked is not None else []
        fitting = [one for one in items if read.progress is not ProgressWord.STARTED or _is_change(one)]
        if not fitting:
            return None
        if len(fitting) > 1:
            return Taken(_ask_which(conn, request, message, fitting)) if request.member.keeps else None
        held_messages.release_message(conn, message)
        return Taken(self._report(conn, request, fitting[0], read))

    def take_reply(self, conn: Connection, said: IncomingMessage) -> Taken | None:
        """Take any other words that are typed under a check-in: their author is asked what they mean."""
        request, message = said.request, said.message
        if (
            not message.place.private
            or message.deleted
            or not message.text.strip()
            or not request.member.keeps
        ):
            return None
        asked = asked_messages.answered_message(conn, request, message)
        items = _items(conn, request, asked.questions) if asked is not None else []
        if not items:
            return None
        ask = _ask_which if len(items) > 1 else _ask_how
        return Taken(ask(conn, request, message, items))

    def list_offers(self, conn: Connection, request: Request) -> Sequence[SaveOffer]:
        """The check-in that words of a direct message may be about, where it is the last thing they were told."""
        asked = asked_messages.last_message(conn, request)
        items = _items(conn, request, asked.questions) if asked is not None else []
        return [
            SaveOffer(
                _("Check-in: {what}", what=cards.name_item(one, 60)), _("Is this about your check-in, {what}?", what=cards.name_item(one)),
                cards.ABOUT, f"q{one.question_id}", asked.said_at if asked is not None else None,
            )
            for one in items[:1]
        ]  # fmt: skip

    # ── buttons ───────────────────────────────────────────────────────────────

    def choose_item(self, conn: Connection, request: Request) -> Card:
        """Say which check-in held words are about (`h5/q12`)."""
        first, question = read_fields(request.value, 2)
        held, item = _held(conn, request, first), _item(conn, request, read_id(question, "q"))
        read = read_progress(held.text)
        if read is None or read.loose or (read.progress is ProgressWord.STARTED and not _is_change(item)):
            return replace(cards.ask_how_card(item, held.id), replaces=True)
        card = self._report(conn, request, item, read)
        held_messages.release_held(conn, held.id)
        return replace(card, replaces=True)

    def choose_state(self, conn: Connection, request: Request) -> Card:
        """Say how it goes, with held words as the line (`h5/q12/done`)."""
        first, question, state = read_fields(request.value, 3)
        held, item = _held(conn, request, first), _item(conn, request, read_id(question, "q"))
        about = replace(request, value=f"q{item.question_id}")
        line = checked_line(request, held.text)
        take = (
            self.answers.finish if read_member(CheckState, state) is CheckState.DONE else self.answers.pause
        )
        card = take(conn, about, line)
        held_messages.release_held(conn, held.id)
        return replace(card, replaces=True)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of what is asked about words."""
        return (
            ButtonHandler(cards.ABOUT, Writes(self.choose_item)),
            ButtonHandler(cards.SAY, Writes(self.choose_state)),
        )

    # ── what was said ─────────────────────────────────────────────────────────

    def _report(self, conn: Connection, request: Request, item: AskedItem, read: ProgressReport) -> Card:
        about, line = replace(request, value=f"q{item.question_id}"), checked_line(request, read.line)
        if read.progress is ProgressWord.STUCK:
            return self.answers.pause(conn, about, line)
        if read.day is None:
            return self.answers.finish(conn, about, line or None)
        today = request.community.day_of(request.now)
        try:
            day = resolve_day(read.day, today)
        except PhraseError as error:
            raise Refusal(
                error.problem, _("Choose another date."), line, cards.answer_buttons(item)
            ) from None
        if day <= today:
            problem = _("That is today.") if day == today else _("That day is over.")
            raise Refusal(problem, _("Choose a day after today."), line, cards.answer_buttons(item))
        return self.answers.postpone(conn, about, day, line)


def _is_change(item: AskedItem) -> bool:
    return item.entry.part is PlanPart.CHANGE


def _items(conn: Connection, request: Request, questions: Sequence[int]) -> list[AskedItem]:
    """What these questions ask, without those that are nobody's to answer any more."""
    found = []
    for one in questions:
        try:
            found.append(_item(conn, request, one))
        except Refusal:
            continue
    return found


def _item(conn: Connection, request: Request, question_id: int) -> AskedItem:
    return asked_item(conn, replace(request, value=f"q{question_id}"))[0]


def _held(conn: Connection, request: Request, value: str) -> HeldMessage:
    account = (request.person.space, request.person.id)
    held = held_messages.find_held(conn, request.community.id, account, read_id(value, "h"), request.now)
    if held is None:
        raise Refusal(_("I no longer have those words."), _("Please send them again."))
    return held


def _hold(conn: Connection, request: Request, message: Message) -> int:
    until = request.now + held_messages.ASKED
    return held_messages.hold_message(
        conn, request.community.id, message, request.person.id, message.text, until
    )


def _ask_which(conn: Connection, request: Request, message: Message, items: Sequence[AskedItem]) -> Card:
    """The question which of several things words are about."""
    held = _hold(conn, request, message)
    buttons = [
        Button(cards.name_item(one, 60), does=cards.ABOUT, value=f"h{held}/q{one.question_id}")
        for one in items[:CHOICES]
    ]
    drop = Button(_("No"), does=talk_cards.DROP, value=f"h{held}")
    return talk_cards.ask_card(_("Which of these do you mean?"), buttons, drop)


def _ask_how(conn: Connection, request: Request, message: Message, items: Sequence[AskedItem]) -> Card:
    """The question what words say about the one thing they are about."""
    return cards.ask_how_card(items[0], _hold(conn, request, message))
