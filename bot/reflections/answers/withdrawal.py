"""The withdrawal of what was said: one message of an answer, or what somebody said last, with ten minutes to undo it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.capture import held_messages
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.chat.language import _
from bot.chat.menu_cards import RUN
from bot.chat.models import Message, Place, Refusal
from bot.chat.parsing.button_values import read_number
from bot.feature import UNDO, ButtonHandler, Request, Writes
from bot.reflections.answers import answer_cards, search_entries, tables
from bot.reflections.answers.intake import SAVED, AnswerChanged, AnswerIntake
from bot.reflections.answers.standing_cards import mark_own_card
from bot.reflections.answers.tables import Answer, Part, answer, part
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
        last = last_said(conn, request.community.id, request.member.id, request.at)
        if last is None or request.now - last[1].said_at > RECENT:
            return nothing_recent_card()
        return self._take_back(conn, request, *last)

    def _take_back(self, conn: Connection, request: Request, given: Answer, said: Part) -> Card:
        here = asked_prompts.find_asked_prompt(conn, request.community.id, given.occurrence_id)
        if here is None:
            raise LookupError("an answer refers to a prompt that is not there")
        self.answers.tell(conn, AnswerChanged(here.community_id, here.id))
        mark_own_card(conn, here, request.member.id, request.now)
        alone, copied = len(given.parts) == 1, said.via == SAVED
        if said.via not in MESSAGES and not (copied and not alone):
            tables.set_withdrawn(conn, given.id, request.now)
            search_entries.index_answer_of(conn, here, given.member_id)
            return answer_cards.deleted_card(given.id, copied)
        tables.drop_parts(conn, [said.source])
        search_entries.index_answer(conn, here, given.id)
        if copied:  # what was copied is still there to be saved again
            return copy_removed_card(here.prompt.title)
        space, channel, message = said.source.rsplit("/", 2)
        place = Place(space, channel, private=said.via == "direct")
        heard = Message(place, message, request.person, said.text, said.said_at, said.said_at)
        held = held_messages.hold_message(
            conn, here.community_id, heard, request.person.id, said.text, request.now + UNDO, said.value
        )
        return taken_back_card(here.prompt.title, f"h{held}/o{here.id}", alone=alone)


def last_said(
    conn: Connection, community_id: int, member_id: int, before: datetime | None = None
) -> tuple[Answer, Part] | None:
    """The piece of an answer that a member said last, and before an instant where one is given."""
    ours = [
        answer.c.community_id == community_id,
        answer.c.member_id == member_id,
        answer.c.withdrawn_at.is_(None),
    ]
    if before is not None:
        ours.append(part.c.said_at < before)
    last = select(part.c.id).join(answer, answer.c.id == part.c.answer_id).where(*ours)
    found = conn.execute(last.order_by(part.c.said_at.desc(), part.c.id.desc()).limit(1)).scalar_one_or_none()
    return None if found is None else tables.find_part(conn, community_id, found)


def taken_back_card(title: str, undo: str, *, alone: bool) -> Card:
    """To whoever took something back: what is gone, and how to undo that. `alone`: nothing is left of the answer."""
    words = _("I removed it. You have no answer to *{title}* now.", title=clip_text(title, 200))
    if not alone:
        words = _(
            "I removed it. The rest of your answer to *{title}* is still saved.", title=clip_text(title, 200)
        )
    return say(
        _("Removed"),
        Markdown(words + " " + _("You can undo this for ten minutes.")),
        Buttons((Button(_("Undo"), does="reflect.keep", value=undo),)),
    )


def copy_removed_card(title: str) -> Card:
    """To whoever took the copy of a message out of an answer that has more in it."""
    words = _(
        "I removed the copy of your message. The rest of your answer to *{title}* is still saved. Your message stays where "
        "you wrote it: **Save as my reflection** in its menu saves it again.",
        title=clip_text(title, 200),
    )
    return say(_("Removed"), Markdown(words))


def nothing_recent_card() -> Card:
    """To whoever wants to take something back that was not said today."""
    words = _("You saved nothing in the last day. To delete an older answer, open your answers.")
    return say(
        _("There is nothing to undo"),
        Markdown(words),
        Buttons((Button(_("My answers"), does=RUN, value="reflect history"),)),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    return (
        taken_back_card("One person", "h1/o1", alone=True),
        taken_back_card("One person", "h1/o1", alone=False),
        copy_removed_card("One person"),
        nothing_recent_card(),
    )
