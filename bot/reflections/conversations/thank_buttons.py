"""Thank under an answer, and the way back; the author hears of all thanks together, in one line a day at most.

The line is a reminder: inside its limits and quiet hours, and never to somebody who wants none. It names nobody, and no
number of people below five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.parsing.button_values import read_id
from bot.feature import ButtonHandler, PeriodicJob, Request, Writes
from bot.people.audience import Readers
from bot.people.hours import hours_of
from bot.people.languages import speaking_to
from bot.reflections.conversations import cards, thanks
from bot.reflections.conversations.access import check_saving, find_others_answer
from bot.reflections.conversations.buttons import THANK, UNTHANK
from bot.reflections.schedule import asked_prompts
from bot.reminders.policy import ReminderPolicy, ReminderRequest
from bot.runtime.clock import Clock
from bot.store.store import Store

SETTLED = timedelta(minutes=10)
"""How long thanks wait before their author may hear of them, so that they can be taken back."""
AGAIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class ThankButtons:
    """Thanks an author, or takes that back."""

    readers: Readers

    def buttons(self) -> Sequence[ButtonHandler]:
        """Thank, and its way back."""
        return (ButtonHandler(THANK, Writes(self.thank)), ButtonHandler(UNTHANK, Writes(take_back)))

    def thank(self, conn: Connection, request: Request) -> Card:
        """Thank for an answer; a second time is as good as once, and shows the way back."""
        check_saving(request)
        home, number = request.community.id, read_id(request.value)
        answer = find_others_answer(conn, request, number, self.readers)
        new = thanks.add_thanks(conn, home, answer.id, request.member.id, request.now)
        if new:
            thanks.have_told(conn, home, answer.member_id, request.now + SETTLED)
        return cards.thanked_card(answer.id, answer.name, new=new)


def take_back(conn: Connection, request: Request) -> Card:
    """Take one's thanks back, whether or not one may still read the answer."""
    number = read_id(request.value)
    told = thanks.remove_thanks(conn, request.community.id, number, request.member.id)
    return cards.unthanked_card(told=bool(told))


class ThanksLines:
    """Tells authors that they were thanked."""

    def __init__(self, store: Store, clock: Clock, policy: ReminderPolicy) -> None:
        self._store, self._clock, self._policy = store, clock, policy

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after."""
        return (PeriodicJob("telling of thanks", 60, self.tell_due, thanks.next_due),)

    async def tell_due(self) -> int:
        """Tell every author who may hear of their thanks now; how many were asked after."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: thanks.list_due(conn, now))
        for community_id, author_id in due:
            await self._store.write(partial(self._tell, community_id, author_id))
        return len(due)

    def _tell(self, community_id: int, author_id: int, conn: Connection) -> None:
        now = self._clock.now()
        untold = thanks.read_untold(conn, author_id)
        if not untold.people:
            thanks.mark_told(conn, author_id, now)
            return
        asked = (asked_prompts.find_asked_prompt(conn, community_id, one) for one in untold.occurrences)
        with speaking_to(conn, author_id):
            lines = cards.thanks_lines(untold.people, [one.prompt.title for one in asked if one is not None])
        day = hours_of(conn, community_id, author_id, now).day_of(now)
        wish = ReminderRequest(
            community_id=community_id, member_id=author_id, series="thanks", reason=f"thanks:{day.isoformat()}",
            period="day", since=now, why=str, sentences=lines, card=cards.thanks_card,
        )  # fmt: skip
        verdict = self._policy.remind(conn, wish, now)
        if verdict.id is None and verdict.again is not None:
            thanks.ask_again(conn, author_id, max(verdict.again, now + AGAIN))
        else:
            thanks.mark_told(conn, author_id, now)
