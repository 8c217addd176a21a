"""`/discuss topics`: what comes next in a row of discussions, added, listed and dropped by moderators."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.cards import Button, Card
from bot.chat.forms import Form, LongText
from bot.chat.mass_mentions import refuse_calls
from bot.chat.models import Refusal
from bot.discussions import moderator_cards, topics
from bot.discussions.drafts import find
from bot.discussions.settings import read
from bot.discussions.topics import LONGEST, MOST
from bot.discussions.wording import uses_topics
from bot.feature import Request, note
from bot.schedules.model import Schedule
from bot.store.store import Store


class TopicCommands:
    """The queue of topics of a discussion."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def topics(self, request: Request) -> Card | Form:
        """List, add or drop topics."""
        what = request.text("do") or ("add" if request.text("text") else "list")
        if what == "add":
            return await self.add(request) if request.text("text") else await self.form(request)
        if what == "drop":
            return await self.drop(request)
        return await self._store.read(
            lambda conn: _show(conn, find(conn, request, request.number("discussion") or 0))
        )

    async def form(self, request: Request) -> Form:
        """The form for more topics."""
        number = _number(request)
        await self._store.read(lambda conn: find(conn, request, number))
        field = LongText("text", "Topics, one a line", "Wait time\nThe first five minutes")
        return Form("discuss.topics", f"Topics of d{number}", (field,), value=f"d{number}", submit="Add")

    async def add(self, request: Request) -> Card:
        """Put topics at the end of the queue, one for each line."""
        texts = [" ".join(line.split()) for line in request.text("text").splitlines() if line.strip()]
        long = next((one for one in texts if len(one) > LONGEST), None)
        if long is not None:
            raise Refusal(
                f"A topic has up to {LONGEST} characters, and one has {len(long)}.",
                "Shorten it.",
                request.text("text"),
            )
        refuse_calls(*texts, returning=request.text("text"))

        def keep(conn: Connection) -> Card:
            schedule = find(conn, request, _number(request))
            if len(topics.waiting(conn, schedule.id)) + len(texts) > MOST:
                raise Refusal(
                    f"{MOST} topics fit into a queue.", "Add the others later.", request.text("text")
                )
            topics.add(conn, request.community.id, schedule.id, texts, request.member.id, request.now)
            note(conn, request, "added topics", f"d{schedule.id}", None, {"topics": texts})
            return _show(conn, schedule)

        return await self._store.write(keep)

    async def drop(self, request: Request) -> Card:
        """Take a topic out of the queue."""
        wanted = request.number("topic")
        if wanted is None:
            raise Refusal("Which topic?", "Write it like `/discuss topics d4 drop t3`.", request.line)

        def take_out(conn: Connection) -> Card:
            schedule = find(conn, request, _number(request))
            there = {one.id: one.text for one in topics.waiting(conn, schedule.id)}
            if wanted not in there:
                fix = f"There is {', '.join(f't{one}' for one in there)}." if there else "The queue is empty."
                raise Refusal(f"No topic t{wanted} is waiting.", fix, request.line)
            topics.drop(conn, request.community.id, schedule.id, wanted, request.now)
            note(conn, request, "dropped topic", f"d{schedule.id}", None, {"topic": there[wanted]})
            undo = Button("Undo", does="discuss.undrop", value=f"d{schedule.id}/{wanted}")
            return moderator_cards.done(f"“{there[wanted]}” is out of the queue.", undo)

        return await self._store.write(take_out)

    async def undrop(self, request: Request) -> Card:
        """Put a dropped topic back where it was."""
        number, _, topic = request.value.partition("/")

        def put_back(conn: Connection) -> Card:
            schedule = find(conn, request, int(number[1:]))
            topics.drop(conn, request.community.id, schedule.id, int(topic), None)
            return _show(conn, schedule)

        return await self._store.write(put_back)


def _number(request: Request) -> int:
    given = request.number("discussion")
    return given if given is not None else int(request.value[1:].partition("/")[0])


def _show(conn: Connection, schedule: Schedule) -> Card:
    plan = read(schedule)
    waiting = topics.waiting(conn, schedule.id)
    return moderator_cards.topics_card(f"d{schedule.id}", plan.title, waiting, plan.dry, uses_topics(plan))
