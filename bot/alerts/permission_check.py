"""Looking ahead: can the bot speak where something is due? Moderators hear of it a day before, not afterwards.

Where a schedule speaks is in `schedule_place`; a place that is suspended is left out, because moderators know of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, bindparam, select

from bot.alerts import cards
from bot.alerts.alerts import Alerts
from bot.alerts.place_probe import PlaceProbe
from bot.chat.models import Place
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.schedules.model import RUNNING, OccurrenceState, label_of
from bot.schedules.tables import in_state, occurrence, schedule, schedule_place
from bot.store.dialect import upsert
from bot.store.schema import metadata
from bot.store.store import Store
from bot.store.types import UtcDateTime

AHEAD = timedelta(hours=24)
"""How long before something is due its place is looked at for the first time."""
AGAIN, SOONER = timedelta(hours=6), timedelta(hours=1)
"""How long until the next look, where all was well and where it was not."""
TIMEOUT = 15.0

place_look = Table(
    "place_look",
    metadata,
    Column("space", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("looked_at", UtcDateTime, nullable=False),
    Column("code", Text),
)
"""When a place was last looked at, and the platform's word for why the bot could not speak there, if it could not."""

_o, _s, _p = occurrence.c, schedule.c, schedule_place.c
_PLACES = (
    select(_o.fire_at, _s.kind, _s.name, _s.title, _s.community_id, _p.space, _p.channel)
    .join_from(occurrence, schedule, _o.schedule_id == _s.id)
    .join(schedule_place, _p.schedule_id == _s.id)
    .where(
        in_state(OccurrenceState.PLANNED),
        _o.fire_at > bindparam("now"),
        _s.state.in_(RUNNING),
        _p.suspended == "",
    )
    .order_by(_o.fire_at, _p.position)
)
_LOOKED = upsert(place_look, by=("space", "channel"), change=("looked_at", "code"))


@dataclass(frozen=True, slots=True)
class _Look:
    """A place to look at from `at` on, because a schedule is due there."""

    community_id: int
    place: Place
    kind: str
    name: str
    title: str
    due: datetime
    at: datetime


class PermissionCheck:
    """Looks at the places of what is due within a day."""

    def __init__(
        self, store: Store, clock: Clock, probe: PlaceProbe, alerts: Alerts, nouns: Mapping[str, str]
    ) -> None:
        """`nouns`: under which command moderators find each kind of schedule."""
        self._store, self._clock, self._probe, self._alerts, self._nouns = store, clock, probe, alerts, nouns

    async def beat(self) -> int:
        """Look at every place whose turn it is; how many those were."""
        now = self._clock.now()
        turns = [one for one in await self._store.read(self._looks) if one.at <= now]
        for one in turns:
            known, code = await self._probe.ask(one.place, TIMEOUT)
            await self._store.write(partial(self._keep, look=one, known=known, code=code))
        return len(turns)

    def next_due(self, conn: Connection) -> datetime | None:
        """When a place is to be looked at."""
        return min((one.at for one in self._looks(conn)), default=None)

    def _keep(self, conn: Connection, look: _Look, known: bool, code: str | None) -> None:
        now, place = self._clock.now(), look.place
        conn.execute(
            _LOOKED,
            {
                "space": place.space, "channel": place.channel, "community_id": look.community_id,
                "looked_at": now, "code": code,
            },
        )  # fmt: skip
        with speaking_to_all(conn, look.community_id):
            self._tell(conn, look, known, code, now)

    def _tell(self, conn: Connection, look: _Look, known: bool, code: str | None, now: datetime) -> None:
        """Tell moderators that a post would fail there, or that it would no longer."""
        place, key = look.place, cards.place_key(look.place)
        if code is not None:
            zone = people.community_by_id(conn, look.community_id).zone
            noun = self._nouns.get(look.kind)
            buttons = () if noun is None else (cards.other_channel_button(noun, look.name, place),)
            card = cards.would_fail(place, (look.name, look.title), code, look.due, zone, buttons)
            self._alerts.alert(conn, look.community_id, key, card, now)
        elif known:
            self._alerts.resolve(conn, look.community_id, key, now, cards.works_again(place))

    def _looks(self, conn: Connection) -> list[_Look]:
        """Places of what is planned, each with when it is to be looked at; none after it is due."""
        found: dict[Place, _Look] = {}
        for row in conn.execute(_PLACES, {"now": self._clock.now()}):
            place = Place(row.space, row.channel)
            at = row.fire_at - AHEAD
            look = _Look(
                row.community_id, place, row.kind, row.name or "", label_of(row.title), row.fire_at, at
            )
            found.setdefault(place, look)
        if not found:
            return []
        looked = {(row.space, row.channel): row for row in conn.execute(select(place_look))}
        turns = (self._turn(one, looked.get((place.space, place.channel))) for place, one in found.items())
        return [one for one in turns if one.at < one.due]

    @staticmethod
    def _turn(look: _Look, before: object) -> _Look:
        looked_at = getattr(before, "looked_at", None)
        if looked_at is None:
            return look
        wait = AGAIN if getattr(before, "code", None) is None else SOONER
        at = max(look.at, looked_at + wait)
        return replace(look, at=at)
