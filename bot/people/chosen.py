"""What a community chose in chat in the place of a setting: its name, zone, language and country, who moderates, who to call.

What was changed last counts: a choice in chat holds until the operator changes the same setting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.chat.language import country_of_zone
from bot.people import options
from bot.people.tables import COMMUNITY, Community, communities, community, ensure_community
from bot.store.store import Store

HOME, HOME_SETTING = "home", "home-by-setting"
MODERATORS, MODERATORS_SETTING = "moderators", "moderators-by-setting"
DANGER, DANGER_SETTING = "danger-text", "danger-text-by-setting"
FIELDS = ("name", "zone", "language", "country")
MOST = 50
"""Facts of moderators that may be chosen in chat."""


# ── name, zone, language, country ─────────────────────────────────────────────


def follow_settings(
    conn: Connection,
    slug: str,
    told: Mapping[str, str],
    danger: str,
    moderators: Collection[str],
    now: datetime,
) -> Community:
    """Make the community of the settings true in the database.

    `told` holds `FIELDS`, `danger` the text of who to call, `moderators` the facts that make moderators.
    """
    told = {**told, "country": told["country"] or country_of_zone(told["zone"])}
    row = conn.execute(select(community.c.id).where(community.c.slug == slug)).scalar_one_or_none()
    chosen = {} if row is None else _still_chosen(conn, row, HOME, HOME_SETTING, told)
    home = ensure_community(conn, slug, now=now, **{**told, **chosen})
    options.set_option(conn, home.id, HOME_SETTING, told)
    options.set_option(conn, home.id, HOME, chosen or None)
    _follow_moderators(conn, home.id, moderators)
    kept = _still_chosen(conn, home.id, DANGER, DANGER_SETTING, {"text": danger})
    options.set_option(conn, home.id, DANGER_SETTING, {"text": danger})
    options.set_option(conn, home.id, DANGER, kept or None)
    return home


def _still_chosen(
    conn: Connection, home: int, name: str, setting: str, told: Mapping[str, str]
) -> dict[str, str]:
    """What was chosen and whose setting is what it was when it was chosen."""
    before = options.option_of(conn, home, setting) or {}
    chosen = options.option_of(conn, home, name) or {}
    return {key: value for key, value in chosen.items() if before.get(key) == told.get(key)}


def _follow_moderators(conn: Connection, home: int, told: Collection[str]) -> None:
    """Whoever was chosen in chat moderates no longer once the operator has changed who does."""
    before = options.option_of(conn, home, MODERATORS_SETTING)
    if before is not None and before != sorted(told):
        options.set_option(conn, home, MODERATORS, None)
    options.set_option(conn, home, MODERATORS_SETTING, sorted(told))


def choose_home(conn: Connection, home: Community, wanted: Mapping[str, str]) -> Community:
    """Change the community; `wanted` holds some of `FIELDS`."""
    kept = options.option_of(conn, home.id, HOME) or {}
    options.set_option(conn, home.id, HOME, {**kept, **wanted})
    conn.execute(update(community).where(community.c.id == home.id).values(dict(wanted)))
    return Community(*conn.execute(select(*COMMUNITY).where(community.c.id == home.id)).one())


# ── who to call, and who moderates ────────────────────────────────────────────


def choose_danger_text(conn: Connection, home: int, text: str) -> None:
    """What somebody is told who writes of danger; empty: the standard text."""
    options.set_option(conn, home, DANGER, {"text": text})


def danger_text_of(conn: Connection, home: int) -> str | None:
    """The text that was chosen in chat, which may be empty for the standard one; None: the setting counts."""
    found = options.option_of(conn, home, DANGER)
    return None if found is None else str(found["text"])


def moderators_of(conn: Connection, home: int) -> list[str]:
    """The facts that make moderators by choice in chat, each `<space>:<fact>`."""
    return list(options.option_of(conn, home, MODERATORS) or ())


def choose_moderators(conn: Connection, home: int, facts: list[str]) -> None:
    """Who moderates beside those whom the settings name. Raises `ValueError` for more than `MOST` facts."""
    if len(facts) > MOST:
        raise ValueError(f"{len(facts)} facts of moderators; {MOST} fit")
    options.set_option(conn, home, MODERATORS, facts or None)


class ChosenSettings:
    """The choices in memory, for whoever has no connection at hand; half a minute old at most where another process changed them."""

    def __init__(self) -> None:
        self._moderators: frozenset[str] = frozenset()
        self._danger: dict[str, str] = {}

    def moderators(self) -> frozenset[str]:
        """The facts that make moderators, of all communities; each belongs to one space."""
        return self._moderators

    def danger_text(self, slug: str) -> str | None:
        """The text of a community that was chosen in chat."""
        return self._danger.get(slug)

    def read(self, conn: Connection) -> int:
        """Read all of it; 1 when something was news."""
        found: dict[str, Any] = {"moderators": set(), "danger": {}}
        for home in communities(conn):
            found["moderators"].update(moderators_of(conn, home.id))
            text = danger_text_of(conn, home.id)
            if text is not None:
                found["danger"][home.slug] = text
        news = (found["moderators"], found["danger"]) != (self._moderators, self._danger)
        self._moderators, self._danger = frozenset(found["moderators"]), found["danger"]
        return int(news)

    async def refresh(self, store: Store) -> int:
        """Read what is committed."""
        return await store.read(self.read)
