"""Answers of linked accounts: two answers to one prompt become one, and each account's own parts go back with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.capture.tables import heard
from bot.chat.models import Sharing
from bot.delivery import outbox
from bot.delivery import tables as delivery_tables
from bot.delivery.facts import OutboxState
from bot.people.accounts import accounts_of
from bot.people.link_journal import RowValues, change_row, credit_row, is_written, moved_ids, written_rows
from bot.people.links import JoinStep, LinkRules, MemberLink, link_of_account
from bot.reflections.answers.search_entries import index_answers
from bot.reflections.answers.stale_digests import mark_digest_stale, mark_digests_stale
from bot.reflections.answers.tables import answer, part
from bot.store.dialect import insert

SIDES = tuple(Sharing)
DIRECT = "prompt-direct"
ASKED = (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.SENT)
TOGETHER = 3
"""Pairs of answers that are joined together at most."""


def list_pairs(conn: Connection, link: MemberLink) -> list[tuple[int, ...]]:
    """The prompts that both answered and whose answers are not one yet, some in each."""
    mine, theirs = answer.alias("mine"), answer.alias("theirs")
    both = (
        select(mine.c.occurrence_id, mine.c.id)
        .join(theirs, theirs.c.occurrence_id == mine.c.occurrence_id)
        .where(mine.c.member_id == link.keeper, theirs.c.member_id == link.joined, theirs.c.withdrawn_at.is_(None))
        .order_by(mine.c.id)
    )  # fmt: skip
    done = {row.key["id"] for row in written_rows(conn, link, answer)}
    left = [row.occurrence_id for row in conn.execute(both) if row.id not in done]
    return [tuple(left[at : at + TOGETHER]) for at in range(0, len(left), TOGETHER)]


def join_answers(conn: Connection, link: MemberLink, prompts: tuple[int, ...], now: datetime) -> None:
    """Let two answers to one prompt be one answer with the parts of both, for the narrower circle of readers."""
    mine = {row["occurrence_id"]: row for row in _answers(conn, link.keeper, prompts)}
    both = [
        (mine[other["occurrence_id"]], other)
        for other in _answers(conn, link.joined, prompts)
        if other["withdrawn_at"] is None
        and other["occurrence_id"] in mine
        and not is_written(conn, link, answer, mine[other["occurrence_id"]]["id"])
    ]
    if both:
        ids = [row["id"] for pair in both for row in pair]
        parts = _parts_of(conn, ids)
        for known, other in both:
            _join_two(conn, link, (known, parts.get(known["id"], [])), (other, parts.get(other["id"], [])))
        mark_digests_stale(conn, [other["occurrence_id"] for _known, other in both], now)
        index_answers(conn, link.community_id, ids)


def _join_two(
    conn: Connection, link: MemberLink, mine: tuple[RowValues, list[RowValues]],
    theirs: tuple[RowValues, list[RowValues]],
) -> None:  # fmt: skip
    (one, kept), (other, brought) = mine, theirs
    if one["withdrawn_at"] is not None:  # nothing of what was taken back comes again
        conn.execute(delete(part).where(part.c.answer_id == one["id"]))
        kept = []
    settled = [row[name] for row in (one, other) for name in ("withdrawn_at", "replaced_at") if row[name]]
    picked = {_question(row): row for row in kept if row["value"] is not None}
    for row in brought:
        values: dict[str, Any] = {"answer_id": one["id"]}
        same = picked.get(_question(row)) if row["value"] is not None else None
        if same is not None and same["said_at"] <= row["said_at"]:
            change_row(conn, link, part, same, {"value": None})  # its words stay, and its number counts once
        elif same is not None:
            values["value"] = None
        change_row(conn, link, part, row, values)
    change_row(
        conn, link, answer, one, whole=True, values={
            "sharing": min(one["sharing"], other["sharing"], key=lambda side: SIDES.index(Sharing(side)))
            if one["withdrawn_at"] is None and (kept or brought) else other["sharing"],
            "first_at": min(one["first_at"], other["first_at"]),
            "late": one["late"] and other["late"],
            "withdrawn_at": None,
            "replaced_at": max(settled, default=None),
            "shared_at": max(one["shared_at"], other["shared_at"]),
            **{name: one[name] or other[name] for name in ("hidden_at", "hidden_for")},
        },
    )  # fmt: skip


def _question(row: RowValues) -> str:
    return str(row["question"])


def _answers(conn: Connection, member_id: int, prompts: Collection[int] = ()) -> Sequence[RowValues]:
    """What a member answered, to these prompts or to all."""
    mine = select(answer).where(answer.c.member_id == member_id).order_by(answer.c.id)
    return conn.execute(mine.where(answer.c.occurrence_id.in_(prompts)) if prompts else mine).mappings().all()


def _parts(conn: Connection, answer_id: int) -> Sequence[RowValues]:
    mine = select(part).where(part.c.answer_id == answer_id).order_by(part.c.said_at, part.c.id)
    return conn.execute(mine).mappings().all()


def _parts_of(conn: Connection, ids: Collection[int]) -> dict[int, list[RowValues]]:
    """The parts of answers, by answer, in the order in which they were said."""
    found: dict[int, list[RowValues]] = {}
    said = select(part).where(part.c.answer_id.in_(ids)).order_by(part.c.said_at, part.c.id)
    for row in conn.execute(said).mappings():
        found.setdefault(row["answer_id"], []).append(row)
    return found


def list_spare(conn: Connection, link: MemberLink) -> list[str]:
    """The keys of direct messages that would ask one person a second time."""
    c = delivery_tables.outbox.c
    brought = (link.space, link.person)
    others = [one for one in accounts_of(conn, link.community_id, link.keeper) if one != brought]
    asked: dict[str, list[Any]] = {}
    for space, person in (*others, brought):
        theirs = (c.kind == DIRECT) & (c.space == space) & (c.person == person)
        for row in conn.execute(select(c.key, c.ref, c.state).where(theirs).order_by(c.id)):
            asked.setdefault(row.ref.partition("/")[0], []).append(row)
    spare = []
    for rows in asked.values():
        pending = [row for row in rows if row.state is OutboxState.PENDING]
        spare += pending if any(row.state in ASKED for row in rows) else pending[1:]
    return [row.key for row in spare]


def take_back(conn: Connection, _link: MemberLink, key: str, _now: datetime) -> None:
    """Ask nobody a second time."""
    outbox.cancel_draft(conn, key)


# ── parting ───────────────────────────────────────────────────────────────────


def note_author(conn: Connection, who: tuple[str, str], answer_id: int) -> None:
    """Write down that a linked account began an answer by form: of a message, its author is known."""
    link = link_of_account(conn, *who)
    if link is not None:
        credit_row(conn, link, answer, {"id": answer_id}, {"member_id": link.joined})


def part_answers(conn: Connection, link: MemberLink, now: datetime) -> None:
    """Give back what the joined account said since, and let what was decided of a joint answer hold for both."""
    theirs = {row["occurrence_id"]: row for row in _answers(conn, link.joined)}
    made = {row.key["id"]: row.became for row in written_rows(conn, link, answer) if row.became}
    for one in _answers(conn, link.keeper):
        other = theirs.get(one["occurrence_id"])
        if other is not None and one["id"] in made:
            _settle(conn, one, other, made[one["id"]])
            mark_digest_stale(conn, one["occurrence_id"], now)
    back = moved_ids(conn, link, answer)
    written = {row.key["id"] for row in written_rows(conn, link, part)}
    for answer_id, sources in _said_by(conn, link).items():
        if answer_id not in back:
            _credit_parts(conn, link, answer_id, sources - written, theirs, now)


def _settle(conn: Connection, one: RowValues, other: RowValues, made: RowValues) -> None:
    values: dict[str, Any] = {}
    if one["sharing"] != made.get("sharing", one["sharing"]):
        values |= {"sharing": one["sharing"], "shared_at": one["shared_at"]}
    if one["hidden_at"] is not None and made.get("hidden_at") is None:
        values["hidden_at"] = one["hidden_at"]
    if one["withdrawn_at"] is not None:
        values["withdrawn_at"] = one["withdrawn_at"]
    if values:
        conn.execute(update(answer).where(answer.c.id == other["id"]).values(values))


def _said_by(conn: Connection, link: MemberLink) -> dict[int, set[int]]:
    """Part ids by answer id: what the joined account wrote in messages of the keeper's answers."""
    mine = select(part.c.answer_id, part.c.id, part.c.source).join(answer, answer.c.id == part.c.answer_id)
    told = mine.where(answer.c.member_id == link.keeper, part.c.via != "form")
    found: dict[int, set[int]] = {}
    for answer_id, part_id, source in conn.execute(told).all():
        space, channel, message = source.rsplit("/", 2)
        said = (heard.c.space == space) & (heard.c.channel == channel) & (heard.c.message == message)
        author = conn.execute(select(heard.c.person).where(said)).scalar_one_or_none()
        if (space, author) == (link.space, link.person):
            found.setdefault(answer_id, set()).add(part_id)
    return found


def _credit_parts(
    conn: Connection, link: MemberLink, answer_id: int, ids: set[int], theirs: Mapping[int, RowValues],
    now: datetime,
) -> None:  # fmt: skip
    """Write down that these parts of the keeper's answer are the joined member's, in an answer of their own."""
    parts = _parts(conn, answer_id)
    mine = [row for row in parts if row["id"] in ids]
    if not mine:
        return
    whole = conn.execute(select(answer).where(answer.c.id == answer_id)).mappings().one()
    known = theirs.get(whole["occurrence_id"])
    mark_digest_stale(conn, whole["occurrence_id"], now)
    if known is None and len(mine) == len(parts):
        credit_row(conn, link, answer, {"id": answer_id}, {"member_id": link.joined})
        return
    if known is None:
        same = {name: value for name, value in whole.items() if name != "id"}
        new = insert(answer).values(same | {"member_id": link.joined, "first_at": mine[0]["said_at"]})
        own = conn.execute(new.returning(answer.c.id)).scalar_one()
    else:
        own = known["id"]
    for row in mine:
        credit_row(conn, link, part, {"id": row["id"]}, {"answer_id": own})


RULES = LinkRules((JoinStep(list_spare, take_back), JoinStep(list_pairs, join_answers)), part=part_answers)
