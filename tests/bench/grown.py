"""A community of 5,000 that has used the bot for some years, for benches that ask what its weight costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

from bot.capture.tables import heard, watched
from bot.chat.models import Person
from bot.courses.teams import tables as teams_tables
from bot.delivery.facts import OutboxState, Verb
from bot.delivery.tables import outbox
from bot.people import tables as people
from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.reflections.answers.tables import answer, part
from bot.reflections.prompts import bank
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from bot.reflections.schedule import asked_prompts
from bot.schedules import edits
from bot.schedules.model import SchedulePlace
from bot.search.tables import search_entry

MEMBERS, TEAMS, DECK = 5_000, 250, 40
NOW = datetime(2026, 11, 1, 20, tzinfo=UTC)
"""A Sunday evening; Monday's prompts come at 09:00."""
SPACE, CHANNEL = "local:bench", "c1"
DAY = timedelta(days=1)
CIRCLES = ("me", "me", "moderators", "team", "everyone")
Rows = Iterator[dict[str, Any]]


def person(number: int) -> Person:
    """The account of the member with this number, which is their id as well."""
    return Person(SPACE, f"p{number}", f"Member {number}", zone="Europe/Dublin")


def fill(conn: Connection, table: Table, rows: Rows) -> None:
    """Write many rows."""
    while some := list(islice(rows, 2_000)):
        conn.execute(insert(table), some)


def settle_people(conn: Connection) -> None:
    """Everybody is in the space, in its channel and in a team."""
    home = people.communities(conn)[0]
    people.see_space(conn, SPACE, "Bench", home.id, NOW)
    numbers, same = range(1, MEMBERS + 1), {"community_id": home.id}
    common = {"zone": None, "keeps": True, "created_at": NOW, "noticed_at": NOW, **same}
    fill(conn, people.member, ({"id": n, "name": f"Member {n}", **common} for n in numbers))
    seen = {"facts": [], "stranger": False, "zone": "Europe/Dublin", "seen_at": NOW, "space": SPACE, **same}
    fill(
        conn,
        account,
        (
            {
                "person": f"p{n}",
                "member_id": n,
                "name": f"Member {n}",
                "direct": f"d{n}" if n % 10 == 0 else None,
                **seen,
            }
            for n in numbers
        ),
    )
    fill(conn, presence, ({"space": SPACE, "channel": CHANNEL, "person": f"p{n}", **same} for n in numbers))
    teams = [teams_tables.create_team(conn, home.id, f"Team {n}", NOW) for n in range(TEAMS)]
    in_teams = (
        {"team_id": teams[n % TEAMS], "member_id": n, "lead": False, "joined_at": NOW, **same}
        for n in numbers
    )
    fill(conn, teams_tables.teammate, in_teams)


def fill_deck(conn: Connection) -> Sequence[bank.BankedPrompt]:
    """A deck that all schedules draw from."""
    asks = (f"What did you notice about the {n}th door?" for n in range(DECK))
    return [bank.add_prompt(conn, 1, "bench", plain_prompt(ask, (Question(ask),))) for ask in asks]


def plan(conn: Connection, schedules: int) -> None:
    """So many schedules ask on Mondays at nine, each in a channel of its own."""
    details = {"decks": ["bench"], "tag": "", "kept": None, "tags": [], "anonymous": False}
    for n in range(schedules):
        edits.add_schedule(
            conn, 1, kind="prompt", now=NOW, letter="s", title="bench", rule="every mon 09:00", zone="Europe/Dublin",
            anchor=NOW.date(), open_minutes=4 * 24 * 60, details=details,
            places=(SchedulePlace(SPACE, f"room{n}", "", ""),),
        )  # fmt: skip


def ask(conn: Connection, known: bank.BankedPrompt, number: int, opened: datetime, closes: datetime) -> None:
    """A prompt that was asked in the channel, and is watched there."""
    asked_prompts.open_asking(
        conn, occurrence_id=number, community_id=1, schedule_id=0, prompt_id=known.id, prompt=known.prompt, direct=False,
        opened_at=opened, closes_at=closes,
    )  # fmt: skip
    where = {"occurrence_id": number, "space": SPACE, "channel": CHANNEL, "community_id": 1}
    conn.execute(insert(asked_prompts.asked_in).values(**where, message=f"m{number}", thread=f"t{number}"))
    watch = {
        "id": number, "community_id": 1, "space": SPACE, "channel": CHANNEL, "thread": f"t{number}", "private": False,
        "subject": "prompt", "ref": number, "since": opened, "until": closes, "scan_at": None, "scanned_at": closes,
    }  # fmt: skip
    conn.execute(insert(watched).values(**watch))


def answer_all(
    conn: Connection, number: int, members: Sequence[int], at: datetime, *, found: bool = True
) -> None:
    """Each of these members answered a prompt in its thread; what is shared is found by its words."""
    said = "By the bins, after the late bus, somebody held a door open for two of us. "
    base, same = number * MEMBERS, {"community_id": 1}
    answers = (
        {
            "id": base + n, "occurrence_id": number, "member_id": n, "sharing": CIRCLES[n % 5], "first_at": at,
            "shared_at": at, "late": False, **same,
        }
        for n in members
    )  # fmt: skip
    fill(conn, answer, answers)
    parts = (
        {
            "answer_id": base + n, "via": "thread", "source": f"{SPACE}/{CHANNEL}/{base + n}", "text": f"{said}{n}",
            "question": 0, "value": None, "said_at": at, **same,
        }
        for n in members
    )  # fmt: skip
    fill(conn, part, parts)
    messages = (
        {
            "space": SPACE, "channel": CHANNEL, "message": str(base + n), "watched_id": number, "person": f"p{n}",
            "at": at, "version": at, **same,
        }
        for n in members
    )  # fmt: skip
    fill(conn, heard, messages)
    if found:
        entries = (
            {
                "kind": "answer",
                "ref": base + n,
                "words": f"door bin bus {n}",
                "at": at,
                "language": "en",
                "lesson": "",
                "tags": "",
                **same,
            }
            for n in members
            if n % 5 > 1
        )
        fill(conn, search_entry, entries)


def queue_old(conn: Connection, count: int) -> None:
    """What was said in all that time."""
    said = {
        "community_id": 1, "platform": "local", "space": SPACE, "verb": Verb.DIRECT, "private": True, "part": 0,
        "kind": "receipt", "priority": 3, "ref": "", "state": OutboxState.SENT, "attempt": 1, "strikes": 1, "looks": 0,
        "due_at": NOW - DAY, "not_before": NOW - DAY, "sent_at": NOW - DAY, "extras": 0, "created_at": NOW - DAY,
    }  # fmt: skip
    people_said = (
        {
            "lane": f"@p{n % MEMBERS}",
            "person": f"p{n % MEMBERS}",
            "key": f"old:{n}",
            "marker": f"k{n}",
            **said,
        }
        for n in range(count)
    )
    fill(conn, outbox, people_said)
