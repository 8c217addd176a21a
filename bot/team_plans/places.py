"""The places of team plans: where the page of each stands, as which message, and what is wrong there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Row,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    update,
)

from bot.chat.models import Place
from bot.courses.teams.tables import team
from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime
from bot.team_plans.rooms import room_of

LOOK_MINUTES = 10
"""How often the canvas of a place is looked at."""
REMOVED = "removed"
"""The problem of a page that somebody removed again after it was posted anew."""

plan_place = Table(
    "plan_place",
    metadata,
    Column("team_id", ForeignKey("team.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("space", Text, nullable=False),
    Column("channel", Text),
    Column("thread", Text),
    Column("serial", Integer, nullable=False),
    Column("message", Text),
    Column("turn", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Column("problem", Text),
    Column("named", Text, nullable=False),
    Column("due_at", UtcDateTime, index=True),
    Column("made", Boolean, nullable=False),
    Column("carried", Boolean, nullable=False),
    Column("uncarried", Text),
)
"""Where the page of a plan stands; without a `channel` it has no place any more. `serial`: how often a page was posted;
`turn`: how often it was said anew; `lost`: how often somebody removed it; `named`: the team's name on it; `due_at`: when it
is said anew. `made`: it is in the room that the bot made for the team. `carried`: the page is the canvas of the place, and
`message` its id; `uncarried`: why it is a message, where it could be a canvas."""
_c = plan_place.c


@dataclass(frozen=True, slots=True)
class PlanPlace:
    """Where the page of a plan is; `problem` is why it is not there, or not as it should be."""

    team_id: int
    community_id: int
    place: Place
    serial: int
    message: str | None
    turn: int
    lost: int
    problem: str | None
    made: bool = False
    carried: bool = False
    uncarried: str | None = None

    @property
    def ref(self) -> str:
        """What rows of the outbox carry about this page."""
        return f"{self.team_id}/{self.serial}"

    @property
    def post(self) -> str:
        """The key of its post in the outbox."""
        return f"plan-page:{self.ref}"


def place_of(conn: Connection, team_id: int) -> PlanPlace | None:
    """The place of a team's plan, where it has one."""
    row = conn.execute(select(plan_place).where(_c.team_id == team_id)).one_or_none()
    return None if row is None or row.channel is None else read_place(row)


def by_ref(conn: Connection, ref: str) -> PlanPlace | None:
    """The page that a row of the outbox was about, if it is still the one of its team."""
    found = place_of(conn, int(ref.partition("/")[0]))
    return found if found is not None and found.ref == ref else None


def by_message(conn: Connection, place: Place, message: str) -> PlanPlace | None:
    """The page that is this message, if it is one."""
    here = (_c.space == place.space) & (_c.channel == place.channel) & (_c.message == message)
    row = conn.execute(select(plan_place).where(here)).first()
    return None if row is None else read_place(row)


def put_place(conn: Connection, community_id: int, team_id: int, place: Place) -> PlanPlace:
    """The plan of a team is here from now on, as a page that is not posted yet."""
    new = {
        "space": place.space, "channel": place.channel, "thread": place.thread, "message": None, "turn": 0, "lost": 0,
        "problem": None, "due_at": None, "named": _name_of(conn, team_id), "made": place == room_of(conn, team_id),
        "carried": False, "uncarried": None,
    }  # fmt: skip
    row = insert(plan_place).values(team_id=team_id, community_id=community_id, serial=1, **new)
    again = {**new, "serial": plan_place.c.serial + 1}
    conn.execute(row.on_conflict_do_update(index_elements=["team_id"], set_=again))
    return _there(conn, team_id)


def drop_place(conn: Connection, team_id: int) -> None:
    """The plan of a team has no place any more."""
    gone: dict[str, object] = {
        "channel": None,
        "thread": None,
        "message": None,
        "problem": None,
        "due_at": None,
    }
    conn.execute(update(plan_place).where(_c.team_id == team_id).values(gone))


def change_place(conn: Connection, team_id: int, **values: object) -> PlanPlace:
    """Note something about the page of a team's plan."""
    conn.execute(update(plan_place).where(_c.team_id == team_id).values(values))
    return _there(conn, team_id)


def begin_page(conn: Connection, where: PlanPlace) -> PlanPlace:
    """Another message is to be the page, in the same place."""
    return change_place(
        conn,
        where.team_id,
        serial=where.serial + 1,
        message=None,
        turn=0,
        carried=False,
        uncarried=None,
        named=_name_of(conn, where.team_id),
    )


def standing_place(conn: Connection, team_id: int) -> PlanPlace | None:
    """Where the page of a plan can be read now."""
    where = place_of(conn, team_id)
    return where if where is not None and where.message is not None and where.problem != REMOVED else None


def mark_page(conn: Connection, team_id: int, due: datetime) -> None:
    """Say the page of a team anew then, or earlier where that was meant already."""
    later = or_(_c.due_at.is_(None), _c.due_at > due)
    conn.execute(
        update(plan_place).where(_c.team_id == team_id, _c.channel.is_not(None), later).values(due_at=due)
    )


_RENAMED = (
    select(plan_place)
    .join(team, team.c.id == _c.team_id)
    .where(_c.channel.is_not(None), _c.named != team.c.name)
)


def list_due(conn: Connection, now: datetime) -> Sequence[PlanPlace]:
    """Some of the pages that are to be said anew, also because their team has another name."""
    due = (
        select(plan_place)
        .where(and_(_c.channel.is_not(None), _c.due_at <= now))
        .order_by(_c.due_at)
        .limit(50)
    )
    rows = {row.team_id: row for query in (due, _RENAMED.limit(50)) for row in conn.execute(query)}
    return [read_place(row) for row in rows.values()]


def next_due(conn: Connection) -> datetime | None:
    """When a page is to be said anew: at once where its team has another name."""
    if conn.execute(_RENAMED.limit(1)).first() is not None:
        return datetime.fromtimestamp(0, UTC)
    first: datetime | None = conn.execute(
        select(func.min(_c.due_at)).where(_c.channel.is_not(None))
    ).scalar_one()
    return first


def take_page(conn: Connection, where: PlanPlace) -> PlanPlace:
    """The page is said anew now: under the team's name as it is."""
    return change_place(conn, where.team_id, due_at=None, named=_name_of(conn, where.team_id))


def _name_of(conn: Connection, team_id: int) -> str:
    name: str = conn.execute(select(team.c.name).where(team.c.id == team_id)).scalar_one()
    return name


def _there(conn: Connection, team_id: int) -> PlanPlace:
    return read_place(conn.execute(select(plan_place).where(_c.team_id == team_id)).one())


def read_place(row: Row[Any]) -> PlanPlace:
    """The place that a row is about."""
    place = Place(row.space, row.channel or "", row.thread)
    return PlanPlace(
        row.team_id, row.community_id, place, row.serial, row.message, row.turn, row.lost, row.problem, row.made,
        row.carried, row.uncarried,
    )  # fmt: skip
