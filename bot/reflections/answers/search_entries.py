"""Answers as they are found by words: those that somebody else may read, and nothing of any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, or_, select

from bot.chat.models import Sharing
from bot.people.links import MembersParted
from bot.reflections.answers.existing_answer import ExistingAnswer
from bot.reflections.answers.tables import IS_GIVEN, answer, drop_parts, part
from bot.reflections.schedule.asked_prompts import AskedPrompt, find_asked_prompt
from bot.search import tables as search
from bot.search.tables import SearchEntry, search_entry
from bot.search.terms import BREAK
from bot.store.foresight import LaterWork, do_later

KIND = "answer"
IS_FOUND = and_(IS_GIVEN, answer.c.sharing != Sharing.ME.value, answer.c.hidden_at.is_(None))
"""Whether somebody else may read an answer."""
_piece = part.alias()
_SAID = (
    select(
        answer.c.id, answer.c.occurrence_id, answer.c.first_at, IS_FOUND.label("found"), _piece.c.text, _piece.c.value
    )
    .select_from(answer.outerjoin(_piece, _piece.c.answer_id == answer.c.id))
    .order_by(answer.c.id, _piece.c.said_at, _piece.c.id)
)  # fmt: skip
_OF_MEMBER = _SAID.where(
    answer.c.occurrence_id == bindparam("occurrence_id"), answer.c.member_id == bindparam("member_id")
)
_BY_ID = _SAID.where(answer.c.id == bindparam("answer_id"))
_BY_IDS = _SAID.where(answer.c.id.in_(bindparam("answer_ids", expanding=True)))


def index_answer_of(conn: Connection, here: AskedPrompt, member_id: int) -> None:
    """Let the answer that a member gave to a prompt be found as it is now, or no more."""
    said = conn.execute(_OF_MEMBER, {"occurrence_id": here.id, "member_id": member_id}).all()
    if said:
        _index(conn, here, said)


def index_message(
    conn: Connection, here: AskedPrompt, before: ExistingAnswer, answer_id: int, sharing: Sharing | None, text: str, at: datetime
) -> None:  # fmt: skip
    """Let an answer be found with a message that was just stored in it; `sharing` is what would be chosen for a new one.

    Nothing is asked where what was there `before` says enough: of the first message there is nothing else to be found, and of
    what only its author reads, nothing at all. What follows the rest of an answer is added to it.
    """
    if before.part_of is None and before.answer_id is None:
        if sharing is not Sharing.ME:
            search.put_entry(conn, _entry(here, answer_id, text, at))
    elif not _is_private(before, answer_id, sharing):
        follows = before.answer_id == answer_id and before.part_of is None and not before.ended
        more = text if follows and before.first_at is not None and before.first_at <= at else None
        do_later(conn, _INDEXED_LATER, (here, answer_id, more))


def _is_private(before: ExistingAnswer, answer_id: int, sharing: Sharing | None) -> bool:
    """Whether only its author reads an answer that was there `before`; false where that is not known."""
    if before.answer_id != answer_id:
        return False
    return (sharing if before.ended else before.sharing) is Sharing.ME


def index_answer(conn: Connection, here: AskedPrompt, answer_id: int) -> None:
    """Let an answer to a prompt be found as it is now, or no more."""
    do_later(conn, _INDEXED_LATER, (here, answer_id, None))


def _index_together(conn: Connection, which: Sequence[tuple[AskedPrompt, int, str | None]]) -> None:
    """Index answers, each by what was added to it where only that is new (None: there is more that changed)."""
    added: dict[int, list[str | None]] = {}
    for _here, answer_id, more in which:
        added.setdefault(answer_id, []).append(more)
    only = {id: BREAK.join(filter(None, texts)) for id, texts in added.items() if None not in texts}
    done = only.keys() - search.add_texts(conn, KIND, only) if only else frozenset()
    prompts = {answer_id: here for here, answer_id, _more in which if answer_id not in done}
    if not prompts:
        return
    if len(prompts) == 1:
        rows = conn.execute(_BY_ID, {"answer_id": next(iter(prompts))}).all()
    else:
        rows = conn.execute(_BY_IDS, {"answer_ids": list(prompts)}).all()
    for answer_id, said in groupby(rows, lambda row: row.id):
        _index(conn, prompts[answer_id], list(said))


_INDEXED_LATER = LaterWork(5, _index_together)


def index_answers(conn: Connection, community_id: int, answer_ids: Sequence[int]) -> None:
    """The same for answers by their ids."""
    rows = conn.execute(_SAID.where(answer.c.id.in_(answer_ids))).all()
    for _answer, said in groupby(rows, lambda row: row.id):
        pieces = list(said)
        if not _words_found(pieces):
            search.drop_entry(conn, KIND, pieces[0].id)
        elif (here := find_asked_prompt(conn, community_id, pieces[0].occurrence_id)) is not None:
            _index(conn, here, pieces)


def index_answers_of(conn: Connection, community_id: int, *member_ids: int) -> None:
    """The same for everything that members answered."""
    theirs = select(answer.c.id).where(answer.c.member_id.in_(member_ids))
    index_answers(conn, community_id, conn.execute(theirs).scalars().all())


def take_parts(conn: Connection, community_id: int, sources: Sequence[str]) -> None:
    """Take what these messages said out of its answers, which are found by what is left of them."""
    said = or_(part.c.source.in_(sources), part.c.said_in.in_(sources))
    rows = conn.execute(select(part.c.answer_id, part.c.source).where(said)).all()
    if not rows:
        return
    touched = sorted({row.answer_id for row in rows})
    drop_parts(conn, [row.source for row in rows])
    index_answers(conn, community_id, touched)


def follow_parting(conn: Connection, fact: MembersParted) -> None:
    """Answers that are taken apart are found as they are now; one that only went back to another is as it was."""
    link = fact.link
    touched = set[int]()
    for row in fact.written:
        if row.name == part.name:
            touched.update(
                values["answer_id"] for values in (row.was, row.became or {}) if "answer_id" in values
            )
        elif row.name == answer.name and set(row.became or row.was) != {"member_id"}:
            touched.add(row.key["id"])
    index_answers(conn, link.community_id, sorted(touched))


def drop_answers(conn: Connection, which: Select[Any] | Sequence[Any]) -> None:
    """Let answers be found no more, before they are removed."""
    search.drop_entries(conn, KIND, search_entry.c.ref.in_(which))


def _index(conn: Connection, here: AskedPrompt, said: Sequence[Any]) -> None:
    one, words = said[0], _words_found(said)
    if not words:
        search.drop_entry(conn, KIND, one.id)
        return
    search.put_entry(conn, _entry(here, one.id, words, one.first_at))


def _entry(here: AskedPrompt, answer_id: int, words: str, at: datetime) -> SearchEntry:
    return SearchEntry(
        here.community_id, KIND, answer_id, words, at, here.prompt.lesson or "", here.prompt.tags,
        "es" if here.prompt.language.startswith("es") else "en",
    )  # fmt: skip


def _words_found(said: Sequence[Any]) -> str:
    """The words by which an answer is found, without what was picked; none where nobody else may read it."""
    if not said[0].found:
        return ""
    words = ((one.value.get("reason") or "") if isinstance(one.value, dict) else one.text for one in said)
    return BREAK.join(filter(None, map(str, words)))


def invariants() -> tuple[tuple[str, Select[Any]], ...]:
    """Rows that must not exist."""
    stray = and_(search_entry.c.kind == KIND, ~exists().where(answer.c.id == search_entry.c.ref, IS_FOUND))
    indexed = exists().where(search_entry.c.kind == KIND, search_entry.c.ref == answer.c.id)
    worded = exists().where(part.c.answer_id == answer.c.id, part.c.value.is_(None))
    return (
        ("nothing is found that nobody else may read", select(search_entry.c.id).where(stray)),
        ("every answer in words that others may read is found", select(answer.c.id).where(IS_FOUND, worded, ~indexed)),
    )  # fmt: skip
