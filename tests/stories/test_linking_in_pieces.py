"""Two members become one in pieces: whoever is killed between two of them ends it at the next start, and nobody is half."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.people.accounts import account
from bot.people.links import MemberLink, list_joining
from bot.reflections.answers import linked_answers
from bot.reflections.answers.tables import answer
from bot.store.pieces import COMMIT, PieceTime
from tests.stories.stage import Stage, staged
from tests.stories.test_linked_histories import Pair, begin
from tests.stories.test_linking import code_of, run_job

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.only("local", reason="what is stored is the core's")


@pytest.fixture
async def stage(tmp_path: Path, database_url: str) -> AsyncIterator[Stage]:
    """It is Monday, and the first prompt is in the room."""
    async with staged(tmp_path, url=database_url, on_disk=False) as one:
        await begin(one)
        yield one


async def somebody(stage: Stage, seed: int = 5) -> Pair:
    """One person with two accounts, who did much with both."""
    pair = Pair(stage, random.Random(seed), 0)
    await pair.arrives()
    for who in pair.accounts:
        await stage.asks(who, "/my settings reminders:standard")
        await stage.says(who, f"Words {who}.", thread=stage.prompts()[0])
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
        await stage.asks(who, "/team join North")
    await stage.asks(pair.accounts[1], "/course done c2.1 -- My own note.")
    for _ in range(6):
        await pair.does_something()
        await stage.later(minutes=5)
    return pair


async def who_has(stage: Stage) -> dict[str, int]:
    """The member behind each account."""
    query = select(account.c.person, account.c.member_id)
    return {row[0]: row[1] for row in await stage.app.store.read(lambda conn: conn.execute(query).all())}


async def members(stage: Stage, pair: Pair) -> tuple[int, int]:
    """The members behind both accounts."""
    found = await who_has(stage)
    one, other = (found[who] for who in pair.accounts)
    return one, other


async def begins(stage: Stage, pair: Pair) -> MemberLink:
    """What the first piece of linking does; the process does nothing more of it."""
    keeper, joined = await members(stage, pair)
    who = (stage.space, pair.accounts[1])
    return await stage.app.store.write(lambda conn: stage.app.linking.begin(conn, 1, keeper, joined, who))


async def under_way(stage: Stage) -> list[MemberLink]:
    return await stage.app.store.read(list_joining)


async def kill(stage: Stage, folder: Path, url: str, pair: Pair, pieces: int) -> None:
    """Another process links both accounts, and is killed in the so-manieth piece of it."""
    keeper, joined = await members(stage, pair)
    words = [str(folder), url, stage.clock.now().isoformat(), str(keeper), str(joined), stage.space, pair.accounts[1], str(pieces)]  # fmt: skip
    await stage.stops()
    command = [sys.executable, "-m", "tests.stories.linking_victim", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=100, check=False)  # noqa: ASYNC221 - it is killed
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    await stage.starts()


@pytest.mark.slow
@pytest.mark.parametrize("pieces", [2, 3, 5, 8])
async def test_whoever_is_killed_between_two_pieces_of_linking_ends_it_at_the_next_start(
    stage, database_url, tmp_path, pieces
):
    pair = await somebody(stage)
    before, texts = await pair.everything(), await pair.words()
    await kill(stage, tmp_path, database_url, pair, pieces)
    assert await under_way(stage) == []
    keeper, same = await members(stage, pair)
    assert keeper == same
    assert sorted(text for text, _ in await pair.words()) == sorted(text for text, _ in texts)
    assert len({home for _, home in await pair.words()}) == 1, "one prompt, one answer"
    assert await stage.broken() == []
    await parts(stage, pair)
    assert await pair.everything() == before
    assert await stage.broken() == []


async def parts(stage: Stage, pair: Pair) -> None:
    """Whoever was linked looks at their accounts, and unlinks them."""
    who = pair.accounts[1]
    await stage.asks(who, "/my link")
    shown = stage.last(who)
    [button] = [one for one in shown.buttons if one.startswith("Unlink")]
    await stage.presses(who, shown, button)
    assert len(await pair.members()) == 2


@pytest.mark.parametrize("seed", range(3))
async def test_a_link_that_is_taken_back_before_its_end_changes_nothing(stage, seed):
    pair = await somebody(stage, seed)
    before = await pair.everything()
    made = await begins(stage, pair)
    await parts(stage, pair)
    assert await stage.app.linking.go_on() == 0
    await stage.app.linking._join(made, stage.clock.now())  # as a process that had begun with it
    assert await pair.everything() == before
    assert await stage.broken() == []


async def test_what_is_said_through_either_account_meanwhile_is_in_one_answer(stage):
    pair = await somebody(stage)
    made = await begins(stage, pair)
    for who in pair.accounts:
        await stage.says(who, f"Meanwhile {who}.", thread=stage.prompts()[0])
    await stage.app.linking.go_on()
    assert await under_way(stage) == []
    words = await pair.words()
    assert len({home for _, home in words}) == 1
    assert {f"Meanwhile {who}." for who in pair.accounts} <= {text for text, _ in words}
    left = select(answer.c.id).where(answer.c.member_id == made.joined)
    await parts(stage, pair)
    assert await stage.app.store.read(lambda conn: conn.execute(left).all()), "their own words go with them"
    assert sorted(text for text, _ in await pair.words()) == sorted(text for text, _ in words)
    assert await stage.broken() == []


async def test_an_answer_that_was_joined_and_taken_back_is_not_joined_once_more(stage):
    pair = await somebody(stage)
    made, now = await begins(stage, pair), stage.clock.now()
    [prompts] = await stage.app.store.read(lambda conn: linked_answers.list_pairs(conn, made))
    mine = answer.c.member_id == made.keeper
    for values in ({"withdrawn_at": now}, {"withdrawn_at": now}):
        await stage.app.store.write(lambda conn: linked_answers.join_answers(conn, made, prompts, now))
        assert await stage.app.store.read(lambda conn: linked_answers.list_pairs(conn, made)) == []
        withdrawn = await stage.app.store.read(
            lambda conn: conn.execute(select(answer.c.withdrawn_at).where(mine)).scalars().all()
        )
        await stage.app.store.write(
            lambda conn, values=values: conn.execute(update(answer).where(mine).values(values)).rowcount
        )
    assert withdrawn == [now]


async def test_what_another_process_began_to_link_is_linked_within_a_minute(stage):
    pair = await somebody(stage)
    await begins(stage, pair)
    assert await under_way(stage)
    await stage.later(minutes=1)
    assert await under_way(stage) == []
    assert len({home for _, home in await pair.words()}) == 1


async def test_what_is_due_to_the_other_account_meanwhile_reaches_the_person(stage):
    await stage.joins("ada2", "Ada at home")
    await stage.asks("ada2", "/course join c2")
    await stage.presses("ada2", stage.last("ada2"), "Join")
    ids = await who_has(stage)
    who = (stage.space, "ada2")
    await stage.app.store.write(lambda conn: stage.app.linking.begin(conn, 1, ids["ada"], ids["ada2"], who))
    before = sum(len(stage.inbox(who)) for who in ("ada", "ada2"))
    await run_job(stage, "lessons arriving")
    await stage.settles()
    assert sum(len(stage.inbox(who)) for who in ("ada", "ada2")) == before + 1


async def test_linking_is_many_pieces_and_told_when_everything_is_in_one_place(stage):
    pair, pieces = await somebody(stage), list[PieceTime]()
    one, other = pair.accounts
    await stage.asks(other, f"/my link {await code_of(stage, one)}")
    stage.app.store.times.watch = pieces.append
    assert "are linked" in stage.text(await stage.presses(other, stage.last(other), "Link"))
    stage.app.store.times.watch = None
    assert len([one for one in pieces if one.name != COMMIT]) > 5
    assert await under_way(stage) == []
