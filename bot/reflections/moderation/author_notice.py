"""The private message to an author whose answer was hidden or is shown again; it waits while that can be undone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import UNDO
from bot.people.hours import hours_of
from bot.people.reach import writable_account
from bot.reflections.answers.tables import Answer

KIND = "moderated-answer"


def tell_hidden(conn: Connection, community_id: int, answer: Answer, card: Card, now: datetime) -> bool:
    """Tell the author that their answer is hidden; false where they cannot be written to, or do not want it."""
    return _tell(conn, community_id, answer, card, _key(answer, now, "hidden"), now)


def tell_shown(
    conn: Connection, community_id: int, answer: Answer, card: Card, since: datetime, now: datetime
) -> None:
    """Tell the author that it is shown again, if they heard that it was hidden `since` then."""
    if not outbox.cancel_draft(conn, _key(answer, since, "hidden")):
        _tell(conn, community_id, answer, card, _key(answer, since, "shown"), now)


def _tell(conn: Connection, community_id: int, answer: Answer, card: Card, key: str, now: datetime) -> bool:
    """Queue it for the author's next hour outside of their quiet ones."""
    to = writable_account(conn, community_id, answer.member_id)
    if to is None:
        return False
    settled = now + UNDO
    at = hours_of(conn, community_id, answer.member_id, settled).free_from(settled) or settled
    draft = Draft(
        community_id=community_id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=KIND, priority=3, key=key,
        not_before=at, card=card, ref=f"a{answer.id}",
    )  # fmt: skip
    return outbox.queue_draft(conn, draft, now)


def _key(answer: Answer, since: datetime, what: str) -> str:
    return f"{KIND}:{answer.id}:{since:%Y%m%d%H%M%S%f}:{what}"
