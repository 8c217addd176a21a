"""The messages of highlights: the question to an author, their yes to the moderator, and the post, kept true or removed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.models import Place, Sharing
from bot.delivery import outbox, standing_posts
from bot.delivery.facts import Draft, Failed, Sent, Verb
from bot.delivery.standing_posts import StandingPost
from bot.people.hours import hours_of
from bot.people.languages import speaking_to
from bot.people.reach import writable_account
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.answers.tables import Answer, find_answer
from bot.reflections.schedule import asked_prompts
from bot.reports.highlights import cards, tables
from bot.reports.highlights.tables import Consent, Highlight
from bot.runtime.clock import Clock
from bot.store.retention import Ages, Retention

QUESTION, YES, SHOWN = "highlight-question", "highlight-yes", "highlight"
"""The kinds of its posts in the outbox, which stores no words of them."""


def standing_answer(conn: Connection, one: Highlight) -> Answer | None:
    """The answer, as long as it stands and others than its author can read it."""
    found = None if one.answer_id is None else find_answer(conn, one.community_id, one.answer_id)
    kept = found is None or found.withdrawn or found.hidden is not None or found.sharing is Sharing.ME
    return None if kept or found is None or not found.words else found


def prompt_of(conn: Connection, one: Highlight) -> str:
    """The title of the prompt that was answered."""
    here = asked_prompts.find_asked_prompt(conn, one.community_id, one.occurrence_id)
    return "" if here is None else here.prompt.title


# ── private messages ──────────────────────────────────────────────────────────


def queue_question(conn: Connection, one: Highlight, now: datetime) -> bool:
    """Ask the author, outside their quiet hours; false where they take no messages."""
    return _queue_direct(conn, one, one.author_id, QUESTION, now)


def queue_yes(conn: Connection, one: Highlight, now: datetime) -> bool:
    """Tell the moderator who asked."""
    return one.asker_id is not None and _queue_direct(conn, one, one.asker_id, YES, now)


def _queue_direct(conn: Connection, one: Highlight, member_id: int, kind: str, now: datetime) -> bool:
    to = writable_account(conn, one.community_id, member_id)
    if to is None:
        return False
    at = hours_of(conn, one.community_id, member_id, now).free_from(now) or now
    draft = Draft(
        community_id=one.community_id, space=to[0], person=to[1], verb=Verb.DIRECT, key=f"{kind}:{one.id}", kind=kind,
        drawn=True, ref=str(one.id), not_before=at, priority=1,
    )  # fmt: skip
    return outbox.queue_draft(conn, draft, now)


def cancel_direct(conn: Connection, one: Highlight, kind: str) -> None:
    """Take back a private message about it that was not said yet."""
    outbox.cancel_draft(conn, f"{kind}:{one.id}")


def draw_question(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The question to the author, as long as there is something to ask."""
    one = tables.find_highlight(conn, community_id, int(ref))
    answer = None if one is None else standing_answer(conn, one)
    if one is None or answer is None or one.consent is not Consent.ASKED:
        return None
    with speaking_to(conn, one.author_id):
        return cards.question_card(one, answer, prompt_of(conn, one))


def draw_yes(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The yes of the author to whoever asked."""
    one = tables.find_highlight(conn, community_id, int(ref))
    answer = None if one is None else standing_answer(conn, one)
    if one is None or answer is None or one.consent is not Consent.AGREED or one.asker_id is None:
        return None
    with speaking_to(conn, one.asker_id):
        return cards.agreed_card(one, prompt_of(conn, one))


# ── the post ──────────────────────────────────────────────────────────────────


def queue_post(conn: Connection, one: Highlight, place: Place, now: datetime) -> None:
    """Show it in a channel."""
    turn = one.turn + 1
    key = f"{SHOWN}:{one.id}:{turn}"
    tables.set_post(conn, one.id, key, place, turn, _sign(conn, one))
    standing_posts.queue_post(conn, StandingPost(one.community_id, SHOWN, str(one.id), key, place), now)


def _post_of(one: Highlight) -> StandingPost | None:
    """Where it is shown; None: nowhere."""
    if one.key is None or one.place is None:
        return None
    return StandingPost(one.community_id, SHOWN, str(one.id), one.key, one.place, one.message, one.turn)


def draw_post(conn: Connection, community_id: int, ref: str) -> Card | None:
    """What everyone reads, as long as its author wants that."""
    one = tables.find_highlight(conn, community_id, int(ref))
    answer = None if one is None else standing_answer(conn, one)
    if one is None or answer is None or one.consent is not Consent.AGREED or one.key is None:
        return None
    return cards.post_card(one, answer, prompt_of(conn, one))


def redraw(conn: Connection, one: Highlight, now: datetime) -> None:
    """Show it as it is now, where it is shown and looks different."""
    post, sign = _post_of(one), _sign(conn, one)
    if post is not None and sign != one.sign:
        standing_posts.redraw_post(conn, replace(post, turn=tables.next_turn(conn, one.id, sign)), now)


def _sign(conn: Connection, one: Highlight) -> str:
    """A sign of everything that its post shows: whoever answers the same prompt changes nothing of it."""
    answer = standing_answer(conn, one)
    shown = "" if answer is None else answer.words
    said = (
        prompt_of(conn, one),
        shown,
        *((answer.name, answer.sharing.value) if answer and one.named else ()),
    )
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:24]


def take_down(conn: Connection, one: Highlight, now: datetime) -> bool:
    """Show it no longer; whether it was shown."""
    post = _post_of(one)
    if post is None:
        return False
    standing_posts.remove_post(conn, post, now)
    tables.set_post(conn, one.id, None, None, one.turn)
    return True


class HighlightPosts:
    """Follows what becomes of answers that are shown, and of their posts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def sent(self, conn: Connection, fact: Sent) -> None:
        """Note where the post stands."""
        if fact.kind == SHOWN:
            tables.note_message(conn, fact.key, fact.place, fact.message)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """It is shown nowhere: a moderator may choose another channel."""
        one = tables.find_highlight(conn, fact.community_id, int(fact.ref)) if fact.kind == SHOWN else None
        if one is not None and one.key == fact.key:
            tables.set_post(conn, one.id, None, None, one.turn)

    def changed(self, conn: Connection, fact: AnswerChanged) -> None:
        """An answer changed: what is shown of it follows, or goes with it, and the consent with that."""
        now = self._clock.now()
        for one in tables.shown_of(conn, fact.occurrence_id):
            if standing_answer(conn, one) is None:
                take_down(conn, one, now)
                tables.decide(conn, one.id, Consent.WITHDRAWN, now)
            else:
                redraw(conn, one, now)

    def retention(self, ages: Ages) -> Retention:
        """Highlights that are too old, and those whose answer is gone: their posts go first."""

        def find(conn: Connection, before: datetime, limit: int) -> Sequence[Any]:
            return tables.list_spent(conn, before, limit)

        def remove(conn: Connection, found: Sequence[Any], _before: datetime) -> int:
            for one in found:
                take_down(conn, one, self._clock.now())
            return tables.drop_highlights(conn, [one.id for one in found])

        return Retention("highlights", ages["answers"], find, remove, tables=(tables.highlight,))
