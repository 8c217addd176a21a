"""Tables of communities, spaces and members, and a function for each query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.exc import NoResultFound

from bot.chat.language import DEFAULT, LANGUAGES, country_of_zone, locale_of
from bot.chat.models import ALL_VISIBLE, Sharing, Visibility
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import SetQuestion, ask_once
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

community = Table(
    "community",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("language", Text, nullable=False, default=LANGUAGES[0]),
    Column("country", Text, nullable=False, default="US"),
    Column("created_at", UtcDateTime, nullable=False),
)

space = Table(
    "space",
    metadata,
    Column("key", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("sees_replies", Boolean, nullable=False),
    Column("sees_people", Boolean, nullable=False),
    Column("people_fix", Text, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
)
"""`sees_replies`, `sees_people` and `people_fix` are a `Visibility`, as the platform told it last."""

member = Table(
    "member",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("zone", Text),
    Column("language", Text),
    Column("sharing", Text),
    Column("help", Text),
    Column("keeps", Boolean, nullable=False, default=True),
    Column("noticed_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("erasing_at", UtcDateTime),
    Column("erased_at", UtcDateTime),
)
"""`erasing_at`: an erasure was begun then, and is not at its end."""


erasure = Table(
    "erasure",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("asked", Boolean, nullable=False),
    UniqueConstraint("community_id", "digest"),
)
"""Whose words from before `at` must not be taken in again; a keyed digest of the account, never the account itself.
`asked` is false for those whose space was left."""


@dataclass(frozen=True, slots=True)
class Community:
    """A tenant: one group of people with its own zone and language. `id` is in every row that belongs to it.

    `language` is that of what is said to everybody (`en`), `country` (`US`) says how days and times are written.
    """

    id: int
    slug: str
    name: str
    zone: str
    language: str = LANGUAGES[0]
    country: str = "US"

    @property
    def locale(self) -> str:
        """The locale in which everybody is spoken to."""
        return locale_of(self.language, self.country)

    def day_of(self, at: datetime) -> date:
        """The day that an instant is on, by the community's clock."""
        return at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a community, whichever account they use.

    `zone` is their own or the community's. `sharing` is their default for forms and direct messages. `help` is
    the size of help they chose (`full`, `half`, `bare`), or None: it shrinks by itself. `keeps` is false for
    those who asked that nothing they write be stored. `noticed` tells whether they were welcomed. `locale` is
    that of their own language (`language`, if they chose one, else their platform's), else the community's.
    """

    id: int
    community_id: int
    name: str
    zone: str
    sharing: Sharing | None
    help: str | None
    keeps: bool
    noticed: bool
    locale: str = DEFAULT
    language: str | None = None


COMMUNITY = tuple(community.c[name] for name in ("id", "slug", "name", "zone", "language", "country"))
"""What a `Community` is made of."""
_NEW_COMMUNITY = insert(community).on_conflict_do_nothing(index_elements=["slug"])


def ensure_community(
    conn: Connection,
    slug: str,
    name: str,
    zone: str,
    now: datetime,
    language: str = LANGUAGES[0],
    country: str = "",
) -> Community:
    """The community with this slug, made if need be; all else follows the settings.

    Without a `country` it is the one its zone lies in.
    """
    told = {"name": name, "zone": zone, "language": language, "country": country or country_of_zone(zone)}
    conn.execute(_NEW_COMMUNITY.values(slug=slug, created_at=now, **told))
    conn.execute(update(community).where(community.c.slug == slug).values(**told))
    return Community(*conn.execute(select(*COMMUNITY).where(community.c.slug == slug)).one())


_COMMUNITIES = select(*COMMUNITY).order_by(community.c.id)
_COMMUNITY_BY_ID = CompiledStatement(
    select(*COMMUNITY).where(community.c.id == bindparam("community_id")), "community_id"
)


def communities(conn: Connection) -> tuple[Community, ...]:
    """All communities of this deployment."""
    return tuple(Community(*row) for row in conn.execute(_COMMUNITIES))


_HOME = SetQuestion.about(community)


def community_by_id(conn: Connection, community_id: int) -> Community:
    """A community of this deployment; raises `NoResultFound` where there is none."""
    return ask_once(conn, _HOME, community_id, lambda: _community_by_id(conn, community_id))


def _community_by_id(conn: Connection, community_id: int) -> Community:
    row = _COMMUNITY_BY_ID.row(conn, {"community_id": community_id})
    if row is None:
        raise NoResultFound(f"there is no community {community_id}")
    return Community(*row)


_SPACE = insert(space)
_SPACE_SEEN = _SPACE.on_conflict_do_update(
    index_elements=["key"],
    set_={
        **{
            name: _SPACE.excluded[name]
            for name in ("name", "seen_at", "sees_replies", "sees_people", "people_fix")
        },
        "left_at": None,
    },
)


def see_space(
    conn: Connection,
    key: str,
    name: str,
    community_id: int,
    now: datetime,
    visible: Visibility = ALL_VISIBLE,
) -> None:
    """Store that a space was seen; the community it is part of changes only by `move_spaces`."""
    conn.execute(
        _SPACE_SEEN.values(
            key=key, name=name, community_id=community_id, seen_at=now, sees_replies=visible.replies,
            sees_people=visible.people, people_fix=visible.people_fix,
        )
    )  # fmt: skip


_VISIBILITY = CompiledStatement(
    select(space.c.sees_replies, space.c.sees_people, space.c.people_fix).where(
        space.c.key == bindparam("there")
    ),
    "there",
)
_SEEN = SetQuestion.about(space)


def visibility_of(conn: Connection, key: str) -> Visibility:
    """What the bot sees of a space; of one that nobody told of, everything."""
    row = ask_once(conn, _SEEN, key, lambda: _VISIBILITY.row(conn, {"there": key}))
    return ALL_VISIBLE if row is None else Visibility(*row)


def leave_space(conn: Connection, key: str, now: datetime) -> None:
    """Store that the bot is no longer in this space."""
    conn.execute(update(space).where(space.c.key == key).values(left_at=now))


def spaces(conn: Connection, community_id: int) -> dict[str, str]:
    """The spaces of a community that the bot is in: key and name."""
    ours = (space.c.community_id == community_id) & space.c.left_at.is_(None)
    return {row.key: row.name for row in conn.execute(select(space).where(ours).order_by(space.c.key))}


def was_left(conn: Connection, key: str) -> bool:
    """Whether the bot was removed from this space, and has not been seen there since."""
    return conn.execute(select(space.c.left_at).where(space.c.key == key)).scalar_one_or_none() is not None


def left_spaces(conn: Connection, before: datetime) -> list[tuple[str, int]]:
    """(space, community) of each space that the bot was removed from before then."""
    rows = conn.execute(select(space.c.key, space.c.community_id).where(space.c.left_at < before))
    return [(row[0], row[1]) for row in rows]


def forget_space(conn: Connection, key: str) -> None:
    """Remove a space that nothing refers to any more."""
    conn.execute(delete(space).where(space.c.key == key))


_COMMUNITY_OF = CompiledStatement(
    select(*COMMUNITY)
    .join(space, space.c.community_id == community.c.id)
    .where(space.c.key == bindparam("key")),
    "key",
)


def community_of(conn: Connection, space_key: str) -> Community | None:
    """The community a space belongs to."""
    row = _COMMUNITY_OF.row(conn, {"key": space_key})
    return Community(*row) if row is not None else None


def change_member(conn: Connection, who: Member, **values: object) -> None:
    """Change settings of a member: `zone`, `language`, `sharing`, `help`, `keeps`, `noticed_at`."""
    conn.execute(
        update(member)
        .where(member.c.id == who.id, member.c.community_id == who.community_id)
        .values(**values)
    )


def sharing_of(conn: Connection, member_id: int) -> Sharing | None:
    """Who reads the answers of a member where they do not say, if they chose that."""
    chosen = conn.execute(select(member.c.sharing).where(member.c.id == member_id)).scalar_one()
    return Sharing(chosen) if chosen else None


def help_of(conn: Connection, member_id: int) -> str | None:
    """The size of help a member chose, if any."""
    chosen: str | None = conn.execute(select(member.c.help).where(member.c.id == member_id)).scalar_one()
    return chosen
