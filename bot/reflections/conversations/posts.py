"""The direct messages by which private replies reach the other one of a conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.delivery import outbox
from bot.delivery.facts import Draft, Failed, Sent, Verb
from bot.people.accounts import name_of
from bot.people.hours import hours_of
from bot.people.languages import speaking_to
from bot.people.reach import writable_account
from bot.reflections.conversations import cards, privacy, tables
from bot.reflections.conversations.tables import Conversation
from bot.reflections.schedule import asked_prompts
from bot.runtime.clock import Clock

REPLY, LOST, GONE = "private-reply", "private-reply-lost", "private-reply-gone"
"""The kinds of its posts in the outbox, which stores no words and no names of them."""
TALKING = timedelta(hours=1)
"""Who wrote in a conversation within this time gets the next reply at once, whatever the hour."""


def queue_reply(
    conn: Connection, here: Conversation, reply_id: int, writer_id: int, to: tuple[str, str], now: datetime
) -> bool:
    """Have a reply said to the other one, outside their quiet hours and days off; whether that is at once."""
    at = _next_free(conn, here, here.other_than(writer_id), now)
    _queue(conn, here.community_id, REPLY, reply_id, to, now, at)
    return at is None


def _next_free(conn: Connection, here: Conversation, member_id: int, now: datetime) -> datetime | None:
    """When somebody may next be written to; None: now."""
    last = tables.last_written_in(conn, here, member_id)
    if last is not None and now - last < TALKING:
        return None
    free = hours_of(conn, here.community_id, member_id, now).free_from(now) or now
    return free if free > now else None


def _queue(
    conn: Connection, community_id: int, kind: str, reply_id: int, to: tuple[str, str], now: datetime,
    at: datetime | None,
) -> None:  # fmt: skip
    draft = Draft(
        community_id=community_id, space=to[0], person=to[1], verb=Verb.DIRECT, key=f"{kind}:{reply_id}", kind=kind,
        drawn=True, ref=str(reply_id), not_before=at, priority=1,
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)


def drop_undelivered(conn: Connection, here: Conversation, writer_id: int) -> int:
    """Take back what one of the two wrote and the other has certainly not got; how many replies."""
    waiting = tables.undelivered_replies(conn, here, writer_id)
    return sum(outbox.cancel_draft(conn, f"{REPLY}:{one}") for one in waiting)


def draw_reply(conn: Connection, community_id: int, ref: str) -> Card | None:
    """A reply as the other one reads it; None where it is gone, or they do not want it any more."""
    reply = tables.find_reply(conn, community_id, int(ref))
    if reply is None:
        return None
    here = reply.conversation
    reader = here.other_than(reply.writer_id)
    name, prompt = name_of(conn, reply.writer_id), prompt_title(conn, here)
    if name is None or here.ended_by == reader or writable_account(conn, community_id, reader) is None:
        return None
    with speaking_to(conn, reader):
        return cards.reply_card(
            here, prompt, name, reply.text, first=reply.first, ended=here.ended_by is not None
        )


def draw_lost(conn: Connection, community_id: int, ref: str) -> Card | None:
    """To a writer: their reply did not reach the other one."""
    reply = tables.find_reply(conn, community_id, int(ref))
    if reply is None:
        return None
    other = name_of(conn, reply.conversation.other_than(reply.writer_id))
    if other is None:
        return None
    with speaking_to(conn, reply.writer_id):
        return cards.lost_card(prompt_title(conn, reply.conversation), other, reply.text)


def prompt_title(conn: Connection, here: Conversation) -> str:
    """The title of the prompt that a conversation is about."""
    asked = asked_prompts.find_asked_prompt(conn, here.community_id, here.occurrence_id)
    return "a prompt" if asked is None else asked.prompt.title


def forget(conn: Connection, community_id: int, member_id: int, now: datetime) -> None:
    """Delete a member's conversations, and what they wrote where others have it in their direct messages."""
    for reply_id, place, message in privacy.posts_of(conn, community_id, member_id):
        key, draft = f"{REPLY}:{reply_id}", None
        row = None if outbox.cancel_draft(conn, key) else outbox.find_by_key(conn, key)
        if place is not None:
            draft = Draft(
                community_id=community_id, space=place.space, channel=place.channel, private=True, message=message,
                verb=Verb.DELETE, key=f"{GONE}:{reply_id}", kind=GONE, priority=4,
            )  # fmt: skip
        elif row is not None:
            draft = Draft(
                community_id=community_id, space=row.space, person=row.person, after=key,
                verb=Verb.DELETE, key=f"{GONE}:{reply_id}", kind=GONE, priority=4,
            )  # fmt: skip
        if draft is not None:
            outbox.queue_draft(conn, draft, now)
    privacy.forget(conn, community_id, member_id)


@dataclass(frozen=True, slots=True)
class ReplyPosts:
    """Follows what becomes of the posts."""

    clock: Clock

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Note where a reply stands, so that what is written under it is known for an answer."""
        if fact.kind == REPLY:
            tables.note_post(conn, fact.community_id, int(fact.ref), fact.place, fact.message)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """Tell the writer that their reply did not reach the other one."""
        reply = tables.find_reply(conn, fact.community_id, int(fact.ref)) if fact.kind == REPLY else None
        if reply is None:
            return
        now, here = self.clock.now(), reply.conversation
        to = writable_account(conn, fact.community_id, reply.writer_id)
        if to is not None:
            at = _next_free(conn, here, reply.writer_id, now)
            _queue(conn, fact.community_id, LOST, reply.id, to, now, at)
