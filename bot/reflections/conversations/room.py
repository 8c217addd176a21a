"""The room of conversations, put together for the feature of reflections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.chat.cards import Button
from bot.delivery.facts import Draw, Failed, Sent
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    DataSubject,
    FormHandler,
    PeriodicJob,
    Request,
    Subscriber,
)
from bot.people.accounts import name_of
from bot.people.audience import Readers
from bot.reflections.answers.tables import Answer
from bot.reflections.conversations import posts, privacy, thanks
from bot.reflections.conversations.buttons import talk_buttons
from bot.reflections.conversations.posts import ReplyPosts
from bot.reflections.conversations.private_replies import PrivateReplies
from bot.reflections.conversations.thank_buttons import ThankButtons, ThanksLines
from bot.reflections.schedule import asked_prompts
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store

DRAWS: Mapping[str, Draw] = {posts.REPLY: posts.draw_reply, posts.LOST: posts.draw_lost}
"""How its posts are made, of which the outbox stores no words."""


class Conversations:
    """Thanks and private replies. Whoever is among the `readers` of an answer may thank for it and reply to it."""

    def __init__(self, store: Store, clock: Clock, policy: ReminderPolicy, readers: Readers) -> None:
        self.replies, self._thanks = PrivateReplies(readers), ThankButtons(readers)
        self._lines, self._posts = ThanksLines(store, clock, policy), ReplyPosts(clock)

    @staticmethod
    def handles(_conn: Connection, _request: Request, answer: Answer) -> Sequence[Button]:
        """Its buttons under an answer on the reading pages."""
        return talk_buttons(answer.id, answer.name)

    def commands(self) -> Sequence[CommandHandler]:
        """The commands."""
        return self.replies.commands()

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons."""
        return (*self.replies.buttons(), *self._thanks.buttons())

    def forms(self) -> Sequence[FormHandler]:
        """The forms."""
        return self.replies.forms()

    def completions(self) -> Sequence[Completion]:
        """Nothing is completed here."""
        return ()

    def jobs(self) -> Sequence[PeriodicJob]:
        """What it looks after."""
        return self._lines.jobs()

    def facts(self) -> tuple[tuple[type, Subscriber], ...]:
        """What it is told."""
        return ((Sent, self._posts.sent), (Failed, self._posts.failed))


def forget(conn: Connection, whose: DataSubject) -> None:
    """Remove a member's conversations, with what both wrote, and their thanks."""
    posts.forget(conn, whose.community.id, whose.member_id, whose.now)
    thanks.forget(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a member wrote privately and what they got, and what they thanked for."""
    home, me = whose.community.id, whose.member_id

    def title(occurrence_id: int) -> str:
        asked = asked_prompts.find_asked_prompt(conn, home, occurrence_id)
        return "" if asked is None else asked.prompt.title

    written: list[dict[str, object]] = [
        {
            "about": title(one.occurrence_id),
            "with": name_of(conn, one.other_id),
            "from": "you" if one.writer_id == me else name_of(conn, one.writer_id),
            "text": one.text,
            "at": one.at.isoformat(),
        }
        for one in privacy.list_replies(conn, home, me)
    ]
    given: list[dict[str, object]] = [
        {"prompt": title(one), "at": at.isoformat()} for one, at in thanks.hand_over(conn, home, me)
    ]
    return {"private replies": written, "thanks you gave": given}
