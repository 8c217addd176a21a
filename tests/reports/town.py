"""A small town in a database in memory: people in a channel, one prompt, and what they did, written down beside it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, create_engine, insert

from bot.all_tables import metadata
from bot.chat.models import Sharing
from bot.people import tables as people
from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.people.preferences import away
from bot.people.tables import Community
from bot.reflections.answers import tables
from bot.reflections.answers.turnout import count_answered
from bot.reflections.examples import SCALED
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.shared_answers.tables import last_look
from bot.reflections.taps.tally import count_picks

OPENS = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
"""A Monday."""
CLOSES = OPENS + timedelta(days=4, hours=8)
SPACE, CHANNEL = "local:town", "c1"


@dataclass(slots=True)
class Person:
    """What one member is and did, as anybody would write it down."""

    number: int
    present: bool = True
    away: tuple[date, date] | None = None
    sharing: Sharing | None = None
    text: str = ""
    pick: int | None = None
    late: bool = False
    withdrawn: bool = False
    hidden: bool = False
    threaded: bool = False
    looked: bool = False
    team: int | None = None

    @property
    def answered(self) -> bool:
        """Whether an answer of theirs stands that came in time."""
        return self.sharing is not None and not self.late and not self.withdrawn

    @property
    def read(self) -> bool:
        """Whether moderators see by name that they answered."""
        shared = self.sharing in (Sharing.EVERYONE, Sharing.MODERATORS) and not self.hidden
        return self.answered and (shared or self.threaded)

    @property
    def seen(self) -> bool:
        """Whether everybody sees by name that they answered."""
        return self.answered and ((self.sharing is Sharing.EVERYONE and not self.hidden) or self.threaded)


@dataclass(slots=True)
class Town:
    """Its database and its people."""

    conn: Connection
    home: Community
    people: list[Person] = field(default_factory=list)

    def here(self) -> AskedPrompt:
        """The prompt."""
        found = asked_prompts.find_asked_prompt(self.conn, self.home.id, 1)
        assert found is not None
        return found

    def add(self, one: Person) -> None:
        """Somebody lives here from now on, with everything they did."""
        self.people.append(one)
        conn, number = self.conn, one.number
        who = {"community_id": 1, "created_at": OPENS}
        conn.execute(insert(people.member).values(id=number, name=f"Member {number}", **who))
        row = {"space": SPACE, "person": f"p{number}", "community_id": 1}
        conn.execute(
            insert(account).values(**row, member_id=number, name="", facts=[], stranger=False, seen_at=OPENS)
        )
        if one.present:
            conn.execute(insert(presence).values(**row, channel=CHANNEL))
        if one.away is not None:
            days = {"starts": one.away[0], "ends": one.away[1]}
            conn.execute(insert(away).values(community_id=1, member_id=number, **days))
        if one.looked:
            conn.execute(
                insert(last_look).values(member_id=number, occurrence_id=1, community_id=1, at=OPENS)
            )
        if one.sharing is not None:
            self._answer(one)

    def _answer(self, one: Person) -> None:
        assert one.sharing is not None
        row = {
            "id": one.number, "community_id": 1, "occurrence_id": 1, "member_id": one.number,
            "sharing": one.sharing.value, "first_at": OPENS, "shared_at": OPENS, "late": one.late,
            "withdrawn_at": OPENS if one.withdrawn else None, "hidden_at": OPENS if one.hidden else None,
        }  # fmt: skip
        self.conn.execute(insert(tables.answer).values(row))
        said = (1, one.number)
        if one.pick is not None:
            value = {"pick": one.pick, "reason": ""}
            source = f"form/{one.number}/0"
            tables.store_part(self.conn, *said, "form", source, f"{one.pick} of 5", value, OPENS, None, 0)
        if one.text:
            via = "thread" if one.threaded else "form"
            source = f"{SPACE}/{CHANNEL}/{one.number}"
            tables.store_part(self.conn, *said, via, source, one.text, None, OPENS, None)

    def close(self) -> None:
        """The prompt closes, and what is told of it is counted as the bot counts it."""
        here = self.here()
        answered, picked = count_answered(self.conn, here), count_picks(self.conn, here)
        asked_prompts.close_prompt(self.conn, 1, CLOSES, answered, picked)


@contextmanager
def founded_town() -> Iterator[Town]:
    """A town without people, with its prompt open."""
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        metadata.create_all(conn)
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", OPENS)
        people.see_space(conn, SPACE, "Town", home.id, OPENS)
        asked_prompts.open_asking(
            conn, occurrence_id=1, community_id=1, schedule_id=1, prompt_id=1, prompt=SCALED, direct=False,
            opened_at=OPENS, closes_at=CLOSES,
        )  # fmt: skip
        conn.execute(
            insert(asked_prompts.asked_in).values(
                occurrence_id=1, space=SPACE, channel=CHANNEL, community_id=1, message="m1"
            )
        )
        yield Town(conn, home)
    engine.dispose()


def anybody(number: int, chance: random.Random) -> Person:
    """Somebody at random."""
    monday = date(2026, 10, 5)
    spans = (
        (monday, date(2026, 10, 9)), (date(2026, 10, 1), date(2026, 10, 20)), (monday, date(2026, 10, 8)),
        (date(2026, 10, 6), date(2026, 10, 9)),
    )  # fmt: skip
    sharing = chance.choice((None, *Sharing))
    threaded = sharing is not None and chance.random() < 0.2
    words = " ".join(["word"] * chance.randint(1, 9))
    return Person(
        number, present=chance.random() < 0.9, away=chance.choice(spans) if chance.random() < 0.3 else None,
        sharing=sharing, threaded=threaded, text=words if threaded or chance.random() < 0.7 else "",
        pick=chance.randint(1, 5), late=chance.random() < 0.1, withdrawn=chance.random() < 0.1,
        hidden=chance.random() < 0.1, looked=chance.random() < 0.4, team=chance.choice((None, 1, 2, 3)),
    )  # fmt: skip
