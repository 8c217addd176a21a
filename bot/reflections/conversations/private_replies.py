"""Private replies: the reader and the author of an answer write to each other, and either may end it.

A reply is written in a form, or typed under our direct message where the platform shows what it answers. Until the
author has written back, only who may read the answer may write, and little; after that the conversation belongs to
the two, whatever becomes of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.language import N_, _, format_number
from bot.chat.menu import Command
from bot.chat.models import Message, Refusal
from bot.chat.parsing.button_values import read_id
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    FormHandler,
    IncomingMessage,
    Reads,
    Request,
    Taken,
    Writes,
)
from bot.people.accounts import name_of
from bot.people.audience import Readers
from bot.people.reach import writable_account
from bot.reflections.conversations import cards, limits, posts, tables
from bot.reflections.conversations.access import check_saving, find_others_answer
from bot.reflections.conversations.buttons import END, REPLY
from bot.reflections.conversations.tables import Conversation

TWICE = timedelta(minutes=10)
"""Within this time the same words in the same conversation are the same reply, sent twice."""
SHOWN = 7
"""Open conversations that are listed: as many as fit into one message everywhere."""


@dataclass(frozen=True, slots=True)
class _Target:
    """What a reply is written about: a conversation, whose id is 0 while nobody has begun it, and the other one."""

    conversation: Conversation
    name: str
    account: tuple[str, str]


@dataclass(frozen=True, slots=True)
class PrivateReplies:
    """The commands, buttons and the form of private conversations."""

    readers: Readers

    def commands(self) -> Sequence[CommandHandler]:
        """`/reflect conversations`."""
        about = N_("Your open private conversations about answers")
        return (
            CommandHandler(
                Command("reflect", "conversations", about, label=N_("Private conversations")),
                Reads(list_conversations),
            ),
        )

    def buttons(self) -> Sequence[ButtonHandler]:
        """The button that ends a conversation."""
        return (ButtonHandler(END, Writes(end_conversation)),)

    def forms(self) -> Sequence[FormHandler]:
        """The form behind Reply."""
        return (FormHandler(REPLY, Reads(self.build_form), Writes(self.submit_form)),)

    # ── the form ──────────────────────────────────────────────────────────────

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form for a private reply, where one may be written."""
        target = self._check(conn, request, self._target(conn, request), "")
        return cards.reply_form(request.value, target.name, posts.prompt_title(conn, target.conversation))

    def submit_form(self, conn: Connection, request: Request) -> Card:
        """Send what was written in the form."""
        text = request.text("text")
        target = self._target(conn, request, text)
        here = target.conversation
        if here.id and tables.is_repeated(conn, here, request.member.id, text, request.now - TWICE):
            return cards.sent_card(here, target.name, at_once=True)
        return self._send(conn, request, target, text, None)

    def _target(self, conn: Connection, request: Request, text: str = "") -> _Target:
        """What the state of a button or form names: `a12` an answer, `c5` a conversation."""
        number, me = read_id(request.value), request.member.id
        if request.value.startswith("c"):
            return _reach(conn, request, find_own(conn, request, number), text)
        here = tables.find_conversation_about(conn, number, me)
        if here is not None and here.community_id == request.community.id:
            return _reach(conn, request, here, text)
        answer = find_others_answer(conn, request, number, self.readers, text)
        new = Conversation(
            0, request.community.id, answer.occurrence_id, answer.id, me, answer.member_id, None
        )
        return _reach(conn, request, new, text)

    # ── writing ───────────────────────────────────────────────────────────────

    def _check(self, conn: Connection, request: Request, target: _Target, text: str) -> _Target:
        """Refuse a reply that may not be written, with its text."""
        here, me = target.conversation, request.member.id
        check_saving(request, text)
        if here.ended_by not in (None, me):
            raise Refusal(
                _("{target} has ended this conversation.", target=target.name),
                _("Nothing more can be written in it."),
                text,
            )
        if me == here.reader_id and (not here.id or not tables.count_written_in(conn, here, here.author_id)):
            answer = find_others_answer(conn, request, here.answer_id or 0, self.readers, text)
            if here.id:
                limits.check_patience(conn, here, target.name, text)
            else:
                limits.check_new(conn, request, here.author_id, answer.id, target.name, text)
        limits.check_day(conn, request, text)
        return target

    def _send(
        self, conn: Connection, request: Request, target: _Target, text: str, typed: Message | None
    ) -> Card:
        """Store a reply and have it said to the other one."""
        self._check(conn, request, target, text if typed is None else "")
        here, me, now = target.conversation, request.member.id, request.now
        if not here.id and here.answer_id is not None:
            made = tables.begin_conversation(
                conn, here.community_id, here.occurrence_id, here.answer_id, me, here.author_id, now
            )
            here = replace(here, id=made)
        if here.ended_by is not None:
            tables.set_ended(conn, here.id, None)
        source = None if typed is None else source_of(typed)
        reply_id = tables.store_reply(conn, here, me, text, source, now)
        at_once = posts.queue_reply(conn, here, reply_id, me, target.account, now)
        files = typed is not None and bool(typed.files)
        return cards.sent_card(here, target.name, at_once=at_once, files=files)

    # ── typed under our message ───────────────────────────────────────────────

    def claim_reply(self, conn: Connection, said: IncomingMessage) -> Taken | None:
        """Take what is typed under one of our direct messages that belongs to a conversation, whatever it says."""
        message = said.message
        if not message.place.private:
            return None
        if tables.is_known(conn, source_of(message)):
            return Taken(None)  # told again, edited or deleted: what was sent stays as it was
        answered = message.answers or message.place.thread
        home = said.request.community.id
        here = answered and tables.find_conversation_of_post(conn, home, message.place, answered)
        if not here:
            return None
        return Taken(None if message.deleted else self._take(conn, said.request, here, message))

    def _take(self, conn: Connection, request: Request, here: Conversation, message: Message) -> Card:
        own = find_own(conn, request, here.id)
        if not message.text.strip():
            raise Refusal(_("I pass on words, not files."), _("Write something, and it goes to them."))
        if len(message.text) > cards.LIMIT:
            raise Refusal(
                _(
                    "That reply has {count} characters and {limit} fit, so I did not send it.",
                    count=format_number(len(message.text)),
                    limit=format_number(cards.LIMIT),
                ),
                _("Write a shorter one."),
            )
        return self._send(conn, request, _reach(conn, request, own, ""), message.text, message)


def source_of(message: Message) -> str:
    """The identity of a direct message as the source of a reply."""
    return f"{message.place.space}/{message.place.channel}/{message.id}"


def find_own(conn: Connection, request: Request, conversation_id: int) -> Conversation:
    """A conversation of the asker; anybody else's is as good as not there."""
    here = tables.find_conversation(conn, request.community.id, conversation_id)
    if here is None or not here.has(request.member.id):
        raise Refusal(_("You have no such conversation."), _("`/reflect conversations` lists yours."))
    return here


def _reach(conn: Connection, request: Request, here: Conversation, text: str) -> _Target:
    """The other one with the account through which to write to them; refuses where there is none, whatever the reason."""
    other = here.other_than(request.member.id)
    if other == request.member.id:  # two linked accounts of one person
        raise Refusal(_("That is your own answer."), _("`/reflect history` has all of yours."), text)
    name, account = name_of(conn, other), writable_account(conn, here.community_id, other)
    if name is None or account is None:
        who = name or _("the other person")
        raise Refusal(
            _("I cannot write to {who} by direct message, so nothing was sent.", who=who),
            _("Try again another day."),
            text,
        )
    return _Target(here, name, account)


def end_conversation(conn: Connection, request: Request) -> Card:
    """End a conversation: the other one cannot write in it any more, and what is not delivered stays so."""
    here, me = find_own(conn, request, read_id(request.value)), request.member.id
    other = here.other_than(me)
    name = name_of(conn, other) or _("the other person")
    if here.ended_by not in (None, me):
        raise Refusal(
            _("{name} has ended this conversation already.", name=name),
            _("Nothing more can be written in it."),
        )
    tables.set_ended(conn, here.id, me)
    return cards.ended_card(here, name, posts.drop_undelivered(conn, here, other))


def list_conversations(conn: Connection, request: Request) -> Card:
    """The asker's open conversations."""
    me = request.member.id
    found = tables.list_open_conversations(conn, request.community.id, me, SHOWN)
    return cards.conversations_card(
        [
            (one, name_of(conn, one.other_than(me)) or _("someone"), posts.prompt_title(conn, one))
            for one in found
        ]
    )
