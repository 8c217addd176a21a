"""Replies that a platform does not let the bot read: their authors are told, once for each prompt, what works there."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.capture.intake import UnreadReply
from bot.chat.language import speaking
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.reflections.answers import answer_cards
from bot.reflections.answers.existing_answer import find_existing_answer
from bot.reflections.answers.intake import SUBJECT

KIND = "unread-reply"


def answer_unread_reply(conn: Connection, fact: UnreadReply) -> None:
    """Tell the author of a reply to a prompt how to answer, unless it was meant for somebody else or they have.

    It goes through the outbox, whose key says it once however often the thread is read again.
    """
    who, watch = fact.message.author, fact.watch
    if watch.subject != SUBJECT or who is None or fact.message.to or not fact.member.keeps:
        return
    found = find_existing_answer(conn, watch.community_id, watch.ref, fact.member.id, "")
    if found is None or found[1].has_parts:
        return
    here = found[0]
    with speaking(fact.member.locale):
        card = answer_cards.unread_reply_card(here)
    draft = Draft(
        community_id=watch.community_id, space=who.space, person=who.id, verb=Verb.DIRECT, kind=KIND,
        key=f"unread:{here.id}:{who.space}:@{who.id}", card=card, priority=0,
        expires_at=watch.until, ref=str(here.id),
    )  # fmt: skip
    outbox.queue_draft(conn, draft, fact.now)
