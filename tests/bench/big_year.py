"""A year of a community of 10,000 in 500 teams, for benches that ask how fast its pages open.

Everybody answered two prompts a week, a million answers in all; every tenth prompt is a scale. Two in five answers are kept
private, the others are shared with the moderators, the team or everyone, a fifth each, and are found by their words. The
answers to the first ten prompts are written one by one, those to later ones are copies of them at a later time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Interval,
    Table,
    Text,
    cast,
    insert,
    literal,
    select,
)

from bot.app import App
from bot.chat.cards import Buttons, Card
from bot.chat.events import ButtonPressed, CommandInvoked, HomeOpened
from bot.chat.models import Person, Place, Sharing
from bot.chat.parsing import command_line
from bot.courses.teams import tables as teams_tables
from bot.people import accounts
from bot.people import tables as people
from bot.people.channel_members import presence
from bot.reflections.answers.tables import answer, part
from bot.reflections.answers.turnout import count_answered
from bot.reflections.prompts import bank
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from bot.reflections.schedule import asked_prompts
from bot.reflections.shared_answers.tables import last_look
from bot.reflections.taps.tally import count_picks
from bot.search.tables import SearchEntry, row_of, search_entry
from bot.store.types import UtcDateTime
from tests.bench.bench_search import make_text

MEMBERS, TEAMS, A_WEEK, DAYS_OPEN, WRITTEN = 10_000, 500, 2, 3, 10
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
SPACE, CHANNEL = "local:bench", "c1"
CIRCLES = (Sharing.ME, Sharing.ME, Sharing.MODERATORS, Sharing.TEAM, Sharing.EVERYONE)
SCALE = ScaleAnswer(1, 5, "none", "plenty")
Rows = list[dict[str, Any]]


def person(number: int) -> Person:
    """The account of a member; every hundredth is a moderator."""
    facts = frozenset({"moderator"} if number % 100 == 0 else ())
    return Person(SPACE, f"p{number}", f"Member {number}", facts, zone="Europe/Dublin")


async def build_year(app: App, answers: int) -> int:
    """Write so many answers, a prompt at a time; how many prompts there are."""
    prompts = max(10, answers // MEMBERS)
    members = await app.store.write(populate)
    for number in range(1, prompts + 1):
        await app.store.write(lambda conn, one=number: fill_prompt(conn, one, members, prompts))
    return prompts


def populate(conn: Connection) -> list[int]:
    """Everybody is in the channel and in a team; the ids of the members."""
    home = people.communities(conn)[0]
    people.see_space(conn, SPACE, "Bench", home.id, NOW)
    teams = [teams_tables.create_team(conn, home.id, f"Team {number}", NOW) or 0 for number in range(TEAMS)]
    members = [accounts.member_of(conn, person(number), home, NOW).id for number in range(MEMBERS)]
    same = {"community_id": home.id}
    joined = [
        {"team_id": teams[number % TEAMS], "member_id": one, "lead": False, "joined_at": NOW, **same}
        for number, one in enumerate(members)
    ]
    conn.execute(insert(teams_tables.teammate), joined)
    there = [
        {"space": SPACE, "channel": CHANNEL, "person": f"p{number}", **same} for number in range(MEMBERS)
    ]
    conn.execute(insert(presence), there)
    return members


def fill_prompt(conn: Connection, number: int, members: Sequence[int], prompts: int) -> None:
    """One prompt with its answers, closed as the bot closes it."""
    opened = _opening(number, prompts)
    scale = number % 10 == 0
    ask = "How much room did you have to think?" if scale else f"What did you notice the {number}th time?"
    question = Question(ask, SCALE) if scale else Question(ask)
    made = bank.add_prompt(conn, 1, "bench", plain_prompt(f"{ask} {number}", (question,)))
    closes = opened + timedelta(days=DAYS_OPEN)
    asked_prompts.open_asking(
        conn, occurrence_id=number, community_id=1, schedule_id=1, prompt_id=made.id, prompt=made.prompt, direct=False,
        opened_at=opened, closes_at=closes,
    )  # fmt: skip
    where = {"occurrence_id": number, "space": SPACE, "channel": CHANNEL, "community_id": 1}
    conn.execute(insert(asked_prompts.asked_in).values(**where))
    if number <= WRITTEN:
        _write_answers(conn, number, members, opened, scale)
    else:
        first = (number - 1) % WRITTEN + 1
        _copy_answers(conn, first, number, opened - _opening(first, prompts))
    here = asked_prompts.find_asked_prompt(conn, 1, number)
    assert here is not None
    counted, picked = count_answered(conn, here), count_picks(conn, here)
    asked_prompts.close_prompt(conn, number, closes, counted, picked)


def _opening(number: int, prompts: int) -> datetime:
    return NOW - timedelta(weeks=(prompts - number + 1) / A_WEEK)


def _write_answers(
    conn: Connection, number: int, members: Sequence[int], opened: datetime, scale: bool
) -> None:
    """The answers to one prompt, with what is found of them, and who has looked at the others' since."""
    dice = random.Random(number)
    answers, parts, looks, entries = Rows(), Rows(), Rows(), Rows()
    for key, member in enumerate(members, (number - 1) * MEMBERS + 1):
        at = opened + timedelta(seconds=dice.randrange(200_000))
        circle, pick = dice.choice(CIRCLES), dice.randint(1, 5)
        said = f"{pick} of 5" if scale else make_text(dice, key)
        answers.append(
            {
                "id": key, "community_id": 1, "occurrence_id": number, "member_id": member, "sharing": circle.value,
                "first_at": at, "shared_at": at, "late": False,
            }
        )  # fmt: skip
        same = {"community_id": 1, "answer_id": key, "via": "form", "source": f"form/{key}/0", "said_at": at}
        value = {"pick": pick, "reason": ""} if scale else None
        parts.append({**same, "text": said, "value": value, "question": 0})
        if circle is not Sharing.ME and not scale:
            entries.append(row_of(SearchEntry(1, "answer", key, said, at)))
        if dice.random() < 0.2:
            looks.append({"community_id": 1, "member_id": member, "occurrence_id": number, "at": at})
    for table, rows in ((answer, answers), (part, parts), (last_look, looks), (search_entry, entries)):
        if rows:
            conn.execute(insert(table), rows)


def _copy_answers(conn: Connection, of: int, number: int, later: timedelta) -> None:
    """The answers to one prompt, with all that belongs to them, given again to another."""
    micro = conn.dialect.name == "sqlite"  # times are whole microseconds there (`UtcDateTime`)
    step = literal(later // timedelta(microseconds=1), BigInteger) if micro else literal(later, Interval)
    on = (number - of) * MEMBERS
    low, high = (of - 1) * MEMBERS + 1, of * MEMBERS

    def copy(table: Table, which: ColumnElement[bool], **changed: ColumnElement[Any]) -> None:
        kept = [one for one in table.c if one.name != "id" or "id" in changed]
        values = [changed.get(one.name, _moved(one, step)) for one in kept]
        conn.execute(insert(table).from_select([one.name for one in kept], select(*values).where(which)))

    asked, key = literal(number), part.c.answer_id + on
    copy(answer, answer.c.occurrence_id == of, id=answer.c.id + on, occurrence_id=asked)
    source = literal("form/") + cast(key, Text) + literal("/0")
    copy(part, part.c.answer_id.between(low, high), answer_id=key, source=source)
    copy(last_look, last_look.c.occurrence_id == of, occurrence_id=asked)
    copy(search_entry, search_entry.c.ref.between(low, high), ref=search_entry.c.ref + on)


def _moved(column: Column[Any], step: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column, later where it is a time."""
    return column.op("+")(step) if isinstance(column.type, UtcDateTime) else column


class Asker:
    """Somebody who asks through the core's own door."""

    def __init__(self, app: App, number: int) -> None:
        self._app, self._who, self._place = app, person(number), Place(SPACE, CHANNEL)

    async def command(self, line: str) -> Card:
        call = command_line.parse_call(self._app.dispatcher.menu, "", line)
        reply = await self._app.dispatcher.hear(CommandInvoked(self._who, self._place, call))
        assert isinstance(reply, Card)
        assert "went wrong" not in reply.title
        return reply

    async def press(self, card: Card, label: str) -> Card:
        """Press the first button of a card that says this."""
        rows = (row for row in card.blocks if isinstance(row, Buttons))
        one = next(one for row in rows for one in row.buttons if one.label == label)
        event = ButtonPressed(self._who, self._place, one.does or "", one.value)
        reply = await self._app.dispatcher.hear(event)
        assert isinstance(reply, Card)
        return reply

    async def home(self) -> Card:
        reply = await self._app.dispatcher.hear(HomeOpened(self._who))
        assert isinstance(reply, Card)
        return reply
