"""The withdrawal of what was said: one message of an answer, or what somebody said last, with ten minutes to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.capture import held_messages
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.chat.language import _
from bot.chat.models import Message, Place, Refusal
from bot.chat.parsing.button_values import read_number
from bot.feature import UNDO, ButtonHandler, Request, Writes
from bot.reflections.answers import answer_cards, tables
from bot.reflections.answers.intake import AnswerChanged, AnswerIntake
from bot.reflections.answers.tables import Answer, Part
from bot.reflections.cards import clip_text
from bot.reflections.schedule import asked_prompts

UNSAY = "reflect.unsay"
"""The button of a receipt that says: this was no answer."""
RECENT = timedelta(days=1)
"""How long ago what is taken back without naming it may have been said."""
MESSAGES = ("direct", "thread")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Takes back what became part of an answer."""

    answers: AnswerIntake

    def buttons(self) -> Sequence[ButtonHandler]:
        """The button of a receipt."""
        return (ButtonHandler(UNSAY, Writes(self.take_back_message)),)

    def take_back_message(self, conn: Connection, request: Request) -> Card:
        """Take one message out of an answer: its author says that it was none."""
        found = tables.find_part(conn, request.community.id, read_number(request.value))
        if found is None or found[0].member_id != request.member.id:
            raise Refusal(_("That is not saved anymore."))
        return replace(self._take_back(conn, request, *found), replaces=True)

    def take_back_last(self, conn: Connection, request: Request) -> Card:
        """Take back what somebody said last before they asked for it."""
        last = tables.last_said(conn, request.community.id, request.member.id, request.at)
        if last is None or request.now - last[1].said_at > RECENT:
            return nothing_recent_card()
        return self._take_back(conn, request, *last)

    def _take_back(self, conn: Connection, request: Request, answer: Answer, part: Part) -> Card:
        here = asked_prompts.find_asked_prompt(conn, request.community.id, answer.occurrence_id)
        if here is None:
            raise LookupError("an answer refers to a prompt that is not there")
        self.answers.tell(conn, AnswerChanged(here.community_id, here.id))
        if part.via not in MESSAGES:
            tables.set_withdrawn(conn, answer.id, request.now)
            return answer_cards.deleted_card(answer.id, False)
        space, channel, message = part.source.rsplit("/", 2)
        place = Place(space, channel, private=part.via == "direct")
        said = Message(place, message, request.person, part.text, part.said_at, part.said_at)
        held = held_messages.hold_message(
            conn, here.community_id, said, request.person.id, part.text, request.now + UNDO, part.value
        )
        tables.drop_parts(conn, [part.source])
        return taken_back_card(here.prompt.title, f"h{held}/o{here.id}", alone=len(answer.parts) == 1)


def taken_back_card(title: str, undo: str, *, alone: bool) -> Card:
    """To whoever took something back: what is gone, and how to undo that. `alone`: nothing is left of the answer."""
    words = _("I removed it. You have no answer to *{title}* now.", title=clip_text(title, 200))
    if not alone:
        words = _("I removed it. The rest of your answer to *{title}* is still saved.", title=clip_text(title, 200))
    return say(
        _("Removed"),
        Markdown(words + " " + _("You can undo this for ten minutes.")),
        Buttons((Button(_("Undo"), does="reflect.keep", value=undo),)),
    )


def nothing_recent_card() -> Card:
    """To whoever wants to take something back that was not said today."""
    words = _("You saved nothing in the last day. To delete an older answer, open your answers.")
    return say(
        _("There is nothing to undo"),
        Markdown(words),
        Buttons((Button(_("My answers"), does="menu.run", value="reflect history"),)),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    return (
        taken_back_card("One person", "h1/o1", alone=True),
        taken_back_card("One person", "h1/o1", alone=False),
        nothing_recent_card(),
    )
