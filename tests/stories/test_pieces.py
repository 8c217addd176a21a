"""Nobody waits long for the one writer, whatever comes at once: each piece of work is short, counted in statements.

Here a statement takes a millisecond by the clock that slices are cut by, and each further row of it a twentieth, so that
what is measured is the same everywhere.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, func, insert, select, update

from bot.account.link_rules import part_link
from bot.capture.tables import watched
from bot.feature import DataSubject
from bot.people import tables as people
from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.people.links import MemberLink
from bot.reflections.answers import removal
from bot.reflections.answers.search_entries import KIND, index_answers
from bot.reflections.answers.tables import answer, part
from bot.reflections.prompts import bank
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.direct_watches import AT_ONCE
from bot.schedules import edits
from bot.schedules.model import SchedulePlace
from bot.search.tables import search_entry
from bot.search.terms import kind_word
from bot.store import Store
from bot.store.pieces import COMMIT, PieceTime
from tests.capture.test_statements import Tally
from tests.stories.stage import Stage, staged

CROWD, SCHEDULES = 130, 12
MOST = 0.080
"""What a piece may take: a slice, and the one thing that ends it."""


class StatementClock(Tally):
    """Counts a statement as a millisecond; `longest` is the longest piece of work since it was asked last."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.pieces, self._before = 0.0, [], ""

    def note(self, statement: str) -> None:
        known = len(self.said)
        super().note(statement)
        if len(self.said) > known:
            again = statement[:80] == self._before and not statement.startswith(("SELECT", "UPDATE asking"))
            self.seconds += 0.00005 if again else 0.001
            self._before = statement[:80]

    def measure(self, store: Store) -> None:
        store.times.clock = lambda: self.seconds
        store.times.watch = self.pieces.append

    def longest(self) -> PieceTime:
        seen, self.pieces[:] = [one for one in self.pieces if one.name != COMMIT], []
        return max(seen, key=lambda one: one.seconds)


@pytest.fixture
async def watch() -> AsyncIterator[StatementClock]:
    clock = StatementClock()
    event.listen(Engine, "connect", clock.attach)
    yield clock
    event.remove(Engine, "connect", clock.attach)


@pytest.fixture
async def stage(tmp_path: Path, watch: StatementClock) -> AsyncIterator[Stage]:
    async with staged(tmp_path, "local") as one:
        watch.measure(one.app.store)
        yield one


def fill(conn: Connection, stage: Stage) -> None:
    """A crowd that has written to the bot before, and many schedules that ask at the same time."""
    now, same = stage.clock.now(), {"community_id": 1}
    place = stage.place()
    ids = range(1001, 1001 + CROWD)
    members = [{"id": n, "name": f"Person {n}", "keeps": True, "created_at": now, **same} for n in ids]
    conn.execute(insert(people.member), members)
    seen = {"space": place.space, "facts": [], "stranger": False, "seen_at": now, **same}
    known = [{"person": f"x{n}", "member_id": n, "name": f"P {n}", "direct": f"d{n}", **seen} for n in ids]
    conn.execute(insert(account), known)
    there = [{"space": place.space, "channel": place.channel, "person": f"x{n}", **same} for n in ids]
    conn.execute(insert(presence), there)
    for n in range(SCHEDULES):
        edits.add_schedule(
            conn, 1, kind="prompt", now=now, letter="s", title=f"{n}", rule="every mon 09:00", zone="Europe/Dublin",
            anchor=now.date(), details={"decks": ["weekly"]}, places=(SchedulePlace(place.space, place.channel),),
        )  # fmt: skip


async def test_many_prompts_at_once_and_a_crowd_that_writes_directly_hold_nobody_up(stage, watch):
    await stage.app.store.write(lambda conn: fill(conn, stage))
    watch.pieces.clear()
    await stage.until("2026-10-05 09:00")
    longest = watch.longest()
    assert longest.seconds <= MOST, longest
    listened = select(watched.c.ref, func.count()).where(watched.c.private).group_by(watched.c.ref)
    found = dict(await stage.app.store.read(lambda conn: conn.execute(listened).all()))
    assert len(found) == SCHEDULES
    assert min(found.values()) >= CROWD > AT_ONCE
    left = select(asked_prompts.asked_in.c.listen_after).where(
        asked_prompts.asked_in.c.listen_after.is_not(None)
    )
    assert await stage.app.store.read(lambda conn: conn.execute(left).all()) == []
    assert await stage.broken() == []


async def test_what_is_due_at_once_asks_for_the_bank_and_the_breaks_once_in_each_piece(stage, watch):
    await stage.app.store.write(lambda conn: fill(conn, stage))
    stage.app.store.times.clock = lambda: 0.0  # there is time for as many as a piece may take
    stage.clock.set(stage.clock.now().replace(year=2026, month=10, day=5, hour=8))
    watch.said.clear()
    watch.pieces.clear()
    await stage.app.planner.tick()
    settled, planned = (
        [one for one in watch.pieces if one.name.endswith(f"Planner.{step}")] for step in ("_settle", "_plan")
    )
    drawn = [one for one in watch.said if one.startswith("INSERT INTO drawn")]
    assert len(drawn) == SCHEDULES > 2 * len(settled)
    for table in ("prompt", "away_break"):
        asked = [
            one for one in watch.said if f"FROM {table} " in one.replace("\n", " ") and "ORDER BY" in one
        ]
        assert 0 < len(asked) <= len(settled) + len(planned), asked
    homes = [one for one in watch.said if one.startswith("SELECT community.id")]
    assert 0 < len(homes) <= len(settled) + len(planned), homes
    own = [one for one in watch.said if not one.startswith("INSERT INTO watched")]
    assert len(own) <= 31 * SCHEDULES, "what each of them says to the database, apart from whom it listens to"


# ── erasure ───────────────────────────────────────────────────────────────────

SHORT = 0.020
"""What a piece of an erasure may take."""
GROWS = ("answer", "part", "heard", "watched", "outbox", "skip", "standing_card", "search_entry", "reminder", "asking", "asked_in",
         "lesson_mark", "presence", "stuck_notice")  # fmt: skip
"""Tables with rows for each prompt, message or member."""


def say_much(conn: Connection, stage: Stage, member_id: int, prompts: int) -> None:
    """A member answered so many prompts, long ago; all of them are closed, and their digests are out."""
    at, same, first = stage.clock.now() - timedelta(days=90), {"community_id": 1}, member_id * 1000
    known = bank.list_prompts(conn, 1)[0]
    numbers = range(first, first + prompts)
    for n in numbers:
        asked_prompts.open_asking(
            conn, occurrence_id=n, community_id=1, schedule_id=1, prompt_id=known.id, prompt=known.prompt, direct=False,
            opened_at=at, closes_at=at,
        )  # fmt: skip
        asked_prompts.close_prompt(conn, n, at, 1, {})
    said = {"member_id": member_id, "sharing": "everyone", "first_at": at, "shared_at": at, "late": False}
    conn.execute(insert(answer), [{"id": n, "occurrence_id": n, **said, **same} for n in numbers])
    written = {"via": "form", "text": "The late bus.", "question": 0, "value": None, "said_at": at}
    conn.execute(
        insert(part), [{"answer_id": n, "source": f"form/{n}/0", **written, **same} for n in numbers]
    )
    found = {"kind": "answer", "words": "late bus", "at": at, "language": "en", "lesson": "", "tags": ""}
    conn.execute(insert(search_entry), [{"ref": n, **found, **same} for n in numbers])


def look_up_plans(conn: Connection, said: list[tuple[str, object]]) -> list[str]:
    """How SQLite goes through the tables that grow, for each of these statements, where it is through a whole one."""
    found = []
    for text, values in said:
        if not text.startswith(("SELECT", "UPDATE", "DELETE")):
            continue
        for line in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all():
            words = line[3].split()
            whole = words[0] == "SCAN" or line[3].endswith(("(space=?)", "(community_id=?)"))
            if whole and words[1] in GROWS:
                found.append(f"{line[3]}: {text}")
    return found


def most(said: list[tuple[str, object]], begins: str) -> int:
    """The most rows that a statement of this kind names."""
    return max(len(values) for text, values in said if text.startswith(begins) and isinstance(values, tuple))


async def test_no_piece_of_an_erasure_grows_with_what_they_said_or_looks_through_a_table(stage, watch):
    await stage.app.store.write(lambda conn: fill(conn, stage))
    costs, said = [], []

    def note(_conn, _cursor, text, values, _context, many):
        said.append((text, values[0] if many else values))

    home = await stage.app.store.read(lambda conn: people.community_by_id(conn, 1))
    for member_id, prompts in ((1001, 2), (1002, 120)):
        await stage.app.store.write(lambda conn, who=member_id, n=prompts: say_much(conn, stage, who, n))
        watch.pieces.clear()
        event.listen(stage.app.store._writing, "before_cursor_execute", note)
        whose = DataSubject(home, member_id, ((stage.space, f"x{member_id}"),), stage.clock.now())
        await stage.app.erasure.erase(whose)
        event.remove(stage.app.store._writing, "before_cursor_execute", note)
        costs.append(watch.longest())
    assert max(one.seconds for one in costs) <= SHORT, costs
    assert most(said, "DELETE FROM answer") <= removal.AT_ONCE, "as many as they gave, in one piece"
    assert await stage.app.store.read(lambda conn: look_up_plans(conn, said)) == []
    stale = select(func.count()).where(asked_prompts.asking.c.stale_at.is_not(None))
    assert await stage.app.store.read(lambda conn: conn.execute(stale).scalar_one()) == 122
    assert await stage.broken() == []


# ── linked accounts ───────────────────────────────────────────────────────────


async def link(stage: Stage, keeper: int, joined: int) -> MemberLink:
    """Two members become one, as `/my link` does it."""
    linking, who = stage.app.linking, (stage.space, f"x{joined}")
    made = await stage.app.store.write(lambda conn: linking.begin(conn, 1, keeper, joined, who))
    await linking.go_on()
    return made


def unlink(conn: Connection, stage: Stage, made: MemberLink) -> None:
    part_link(conn, made, stage.app.features, stage.app.erasure.tell, stage.clock.now())


def words_found(conn: Connection, *refs: int) -> list[str | None]:
    """The words by which each answer is found."""
    known = dict(conn.execute(select(search_entry.c.ref, search_entry.c.words)).all())
    return [known.get(ref) for ref in refs]


async def test_linking_two_who_said_much_asks_the_same_of_the_index_however_much_it_was(stage, watch):
    await stage.app.store.write(lambda conn: fill(conn, stage))
    for member_id in (1001, 1002):
        await stage.app.store.write(lambda conn, who=member_id: say_much(conn, stage, who, 60))
    watch.said.clear()
    made = await link(stage, 1001, 1002)
    await stage.app.store.write(lambda conn: unlink(conn, stage, made))
    assert [one for one in watch.said if "search_entry" in one] == [], "no word of them has changed"
    assert await stage.broken() == []


async def test_no_piece_of_a_link_grows_with_what_they_said(stage, watch):
    await stage.app.store.write(lambda conn: fill(conn, stage))
    said = []

    def note(_conn, _cursor, text, values, _context, many):
        said.append((text, values[0] if many else values))

    for member_id in (1001, 1002):
        await stage.app.store.write(lambda conn, who=member_id: say_much(conn, stage, who, 120))
    same = 1001000 - 1002000  # half of what the other one answered was asked of both
    theirs = answer.c.occurrence_id.in_(range(1002000, 1002060))
    moved = update(answer).where(theirs).values(occurrence_id=answer.c.occurrence_id + same)
    await stage.app.store.write(lambda conn: conn.execute(moved).rowcount)
    watch.pieces.clear()
    event.listen(stage.app.store._writing, "before_cursor_execute", note)
    await link(stage, 1001, 1002)
    event.remove(stage.app.store._writing, "before_cursor_execute", note)
    longest = watch.longest()
    assert longest.seconds <= SHORT + 0.015, longest
    assert most(said, "SELECT answer.") <= 25, "as many as they gave, in one piece"
    assert most(said, "SELECT part.") <= 10
    assert await stage.broken() == []


async def test_two_answers_that_are_one_are_found_by_the_words_of_both_until_they_are_two_again(stage):
    same, at = {"community_id": 1, "member_id": 1002}, stage.clock.now() - timedelta(days=90)

    def settle(conn: Connection) -> list[str | None]:
        fill(conn, stage)
        say_much(conn, stage, 1001, 2)
        said = {"sharing": "everyone", "first_at": at, "shared_at": at, "late": False}
        conn.execute(insert(answer).values(id=77, occurrence_id=1001000, **said, **same))
        conn.execute(
            insert(part).values(
                community_id=1, answer_id=77, source="form/77/0", via="form", text="Quiet mornings", question=0, said_at=at
            )
        )  # fmt: skip
        index_answers(conn, 1, [1001000, 1001001, 77])
        return words_found(conn, 1001000, 1001001, 77)

    before = await stage.app.store.write(settle)
    assert all(before)
    made = await link(stage, 1001, 1002)
    joint = await stage.app.store.read(lambda conn: words_found(conn, 1001000, 1001001, 77))
    added = str(before[2]).removeprefix(f"{kind_word(KIND)} ")
    assert joint == [f"{before[0]} {added}", before[1], None]
    await stage.app.store.write(lambda conn: unlink(conn, stage, made))
    assert await stage.app.store.read(lambda conn: words_found(conn, 1001000, 1001001, 77)) == before
    assert await stage.broken() == []
