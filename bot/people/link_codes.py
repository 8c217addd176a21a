"""One-time codes that prove two accounts, or two spaces, to be in the same hands; stored only as a hash."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    delete,
    func,
    select,
    tuple_,
    update,
)

from bot.chat.language import _
from bot.chat.models import Refusal
from bot.store.dialect import insert
from bot.store.next_due import earliest
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime

BYTES = 16
"""128 bits: nobody guesses one."""
LASTS = timedelta(minutes=10)
TRIES = 5
"""Codes that an account may make, and wrong ones that it may enter, in an hour."""
HOUR = timedelta(hours=1)
_MISREAD = str.maketrans({"0": "O", "1": "I", "8": "B", "-": None, " ": None})
"""Base32 has none of these digits, so whoever types one has misread a letter."""


class CodePurpose(StrEnum):
    """What a code joins."""

    MEMBER = "member"
    SPACE = "space"


link_code = Table(
    "link_code",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("purpose", EnumText(CodePurpose), nullable=False),
    Column("space", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Index("ix_link_code_account", "space", "person"),
)
"""A code that the account (`space`, `person`) was shown; `ended_at`: used, or replaced by a newer one."""

link_try = Table(
    "link_try",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_link_try_account", "space", "person", "at"),
)
"""A wrong code that an account entered."""


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code as it is known: who was shown it, and whether it can still be used."""

    id: int
    community_id: int
    space: str
    person: str
    ended: bool


class CodeProblem(StrEnum):
    """Why a code that somebody entered is of no use here."""

    LOCKED_OUT = "too many wrong codes"
    WRONG = "wrong"
    OWN = "made by the same account"
    ENDED = "used or too old"


def explain_problem(problem: CodeProblem, purpose: CodePurpose) -> Refusal:
    """The problem in words, with how to get a code for this purpose."""
    if purpose is CodePurpose.SPACE:
        enter = _("Enter it in the other space.")
        new = _("Write `/tilth connect` in the other space. Enter the code it shows here within ten minutes.")
    else:
        enter = _("Enter it on your other account.")
        new = _("Write `/my link` on your other account. Enter the code it shows here within ten minutes.")
    match problem:
        case CodeProblem.LOCKED_OUT:
            return Refusal(
                _("You entered {tries} wrong codes.", tries=TRIES), _("Wait an hour, then try again.")
            )
        case CodeProblem.OWN:
            return Refusal(_("This account made that code."), enter)
        case CodeProblem.ENDED:
            return Refusal(_("That code was used already, or is older than ten minutes."), new)
        case _:
            return Refusal(_("That code is wrong."), new)


def read_code(
    conn: Connection, community_id: int, purpose: CodePurpose, who: tuple[str, str], text: str, now: datetime
) -> LinkCode | CodeProblem:
    """The code that an account entered; or what is wrong with it, which counts against the account."""
    if is_locked_out(conn, who, now):
        return CodeProblem.LOCKED_OUT
    code = find_code(conn, purpose, text, now)
    if code is not None and (code.space, code.person) == who:
        return CodeProblem.OWN
    if code is None or code.ended:
        note_wrong_code(conn, community_id, who, now)
        return CodeProblem.WRONG if code is None else CodeProblem.ENDED
    return code


def make_code(
    conn: Connection, community_id: int, purpose: CodePurpose, who: tuple[str, str], now: datetime
) -> str | None:
    """A new code for an account, which ends those before it; None when it made too many within the hour."""
    mine = (link_code.c.space == who[0]) & (link_code.c.person == who[1])
    recent = select(func.count()).select_from(link_code).where(mine, link_code.c.made_at > now - HOUR)
    if conn.execute(recent).scalar_one() >= TRIES:
        return None
    ours = (link_code.c.purpose == purpose) & link_code.c.ended_at.is_(None)
    conn.execute(update(link_code).where(mine, ours).values(ended_at=now))
    text = base64.b32encode(secrets.token_bytes(BYTES)).decode().rstrip("=")
    conn.execute(
        insert(link_code).values(
            community_id=community_id, purpose=purpose, space=who[0], person=who[1], digest=_digest(text), made_at=now
        )
    )  # fmt: skip
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def find_code(conn: Connection, purpose: CodePurpose, text: str, now: datetime) -> LinkCode | None:
    """The code that somebody entered, also one that has ended; None when there never was one."""
    same = (link_code.c.digest == _digest(text)) & (link_code.c.purpose == purpose)
    row: Any = conn.execute(select(link_code).where(same)).one_or_none()
    if row is None:
        return None
    ended = row.ended_at is not None or now - row.made_at >= LASTS
    return LinkCode(row.id, row.community_id, row.space, row.person, ended)


def use_code(conn: Connection, code: LinkCode, now: datetime) -> bool:
    """Use a code up; False when somebody else just did."""
    unused = (link_code.c.id == code.id) & link_code.c.ended_at.is_(None)
    return conn.execute(update(link_code).where(unused).values(ended_at=now)).rowcount > 0


def _digest(text: str) -> str:
    return hashlib.sha256(normal_code(text).encode()).hexdigest()


def normal_code(text: str) -> str:
    """A code without what people put between its letters."""
    return text.upper().translate(_MISREAD)


def note_wrong_code(conn: Connection, community_id: int, who: tuple[str, str], now: datetime) -> None:
    """Count a wrong code against the account that entered it."""
    conn.execute(insert(link_try).values(community_id=community_id, space=who[0], person=who[1], at=now))


def is_locked_out(conn: Connection, who: tuple[str, str], now: datetime) -> bool:
    """Whether an account entered so many wrong codes that it has to wait."""
    mine = (link_try.c.space == who[0]) & (link_try.c.person == who[1]) & (link_try.c.at > now - HOUR)
    return conn.execute(select(func.count()).select_from(link_try).where(mine)).scalar_one() >= TRIES


def retention() -> tuple[Retention, ...]:
    """Codes and wrong tries, which count for nothing after an hour."""
    made, at = link_code.c.made_at, link_try.c.at
    return (
        old_rows("codes", HOUR, link_code, lambda before: made <= before, next_due=earliest(made, plus=HOUR)),
        old_rows("wrong codes", HOUR, link_try, lambda before: at <= before, next_due=earliest(at, plus=HOUR)),
    )  # fmt: skip


def forget(conn: Connection, accounts: tuple[tuple[str, str], ...]) -> None:
    """Forget the codes of these (space, person) accounts; wrong tries go by themselves within the hour."""
    conn.execute(delete(link_code).where(tuple_(link_code.c.space, link_code.c.person).in_(accounts)))
