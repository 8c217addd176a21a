"""Whatever two accounts of one person did before, while and after they were linked: no answer and no lesson is lost."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from bot.courses.lessons.tables import progress
from bot.people.accounts import account
from bot.people.link_moves import member_columns
from bot.people.links import link_row, member_link
from bot.people.tables import member
from bot.reflections.answers.tables import answer, part
from tests.seeds import seeds
from tests.stories.stage import staged
from tests.stories.test_linking import link

PAIRS = 3
"""People with two accounts in one story; each has a history of its own."""
PLANNED = {"release_at", "remind_at"}
"""When to look again: a question of now, and no part of a history."""

pytestmark = pytest.mark.only("local", reason="what is stored is the core's")


class Pair:
    """One person with two accounts, who does something now with one and now with the other."""

    def __init__(self, stage, chance, number):
        self.stage, self.chance = stage, chance
        self.accounts = (f"one{number}", f"two{number}")
        self.said = 0

    async def arrives(self):
        for who in self.accounts:
            await self.stage.joins(who, f"Person {who}")

    async def does_something(self):
        who, stage = self.chance.choice(self.accounts), self.stage
        self.said += 1
        words = f"Words {who} {self.said}."
        match self.chance.randrange(9):
            case 0 | 1:
                await stage.says(who, words, thread=stage.prompts()[0])
            case 2:
                await stage.writes_to_the_bot(who, words)
            case 3:
                form = await stage.presses(who, stage.prompts()[0], "Answer or edit")
                if stage.is_form(form):
                    held = stage.value(form, "q0")
                    await stage.fills_in(who, form, q0=f"{held}\n\n{words}".strip())
            case 4:
                await stage.asks(who, f"/course join c{self.chance.choice((1, 2))}")
                if stage.last(who).buttons[:1] == ("Join",):
                    await stage.presses(who, stage.last(who), "Join")
            case 5 | 6:
                await stage.asks(who, f"/course done c{self.chance.choice(('1.1', '2.1', '2.2'))} -- {words}")
            case 7:
                await stage.asks(who, f"/team {self.chance.choice(('join', 'join', 'leave'))} North")
            case _:
                value = self.chance.choice(("share:team", "help:bare", "reminders:light", "progress:team"))
                await stage.asks(who, f"/my settings {value}")

    async def members(self):
        mine = select(account.c.member_id).where(account.c.person.in_(self.accounts))
        return set(await self.stage.app.store.read(lambda conn: conn.execute(mine).scalars().all()))

    async def words(self):
        """Every text of both, and which answers they are in."""
        ids = await self.members()
        query = select(part.c.text, answer.c.id).join(answer).where(answer.c.member_id.in_(ids))
        return await self.stage.app.store.read(lambda conn: sorted(map(tuple, conn.execute(query))))

    async def lessons(self):
        """Every lesson that either account has done, and every note."""
        ids = await self.members()
        mine = progress.c.member_id.in_(ids)
        query = select(progress.c.lesson, progress.c.done_at, progress.c.note).where(mine)
        rows = await self.stage.app.store.read(lambda conn: conn.execute(query).all())
        return {row.lesson for row in rows if row.done_at}, "\n".join(row.note or "" for row in rows)

    async def everything(self):
        """Every row that names either member, without when to look again."""
        ids = await self.members()

        def look(conn):
            found = []
            for table, column in (*member_columns(), (member, member.c.id)):
                for row in conn.execute(select(table).where(column.in_(ids))).mappings():
                    kept = {name: value for name, value in row.items() if name not in PLANNED}
                    found.append((table.name, repr(sorted(kept.items()))))
            return sorted(found)

        return await self.stage.app.store.read(look)


async def begin(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.asks("mo", "/team create North")
    await stage.until("2026-10-05 09:00")


async def unlink(stage, shown, who):
    await stage.presses(who, shown, "Unlink")


@pytest.mark.parametrize("seed", seeds(1, 30))
async def test_a_link_that_ends_at_once_changes_nothing(stage, seed):
    await begin(stage)
    chance = random.Random(seed)
    for number in range(PAIRS):
        pair = Pair(stage, chance, number)
        await pair.arrives()
        for (
            who
        ) in pair.accounts:  # so that a link makes no row of preferences, which would say the same as none
            await stage.asks(who, "/my settings reminders:standard")
        for _ in range(8):
            await pair.does_something()
            await stage.later(minutes=chance.randint(1, 20))
        before = await pair.everything()
        shown = await link(stage, *pair.accounts)
        assert await stage.broken() == []
        await unlink(stage, shown, pair.accounts[1])
        assert await pair.everything() == before
        assert await stage.broken() == []
    for table in (member_link, link_row):
        assert await stage.app.store.read(lambda conn, one=table: conn.execute(select(one)).all()) == []


@pytest.mark.parametrize("seed", seeds(1, 60))
async def test_no_answer_and_no_lesson_is_lost_by_linking_and_unlinking(stage, seed):
    await lose_nothing(stage, seed)


@pytest.mark.postgres
async def test_nothing_is_lost_on_postgres(tmp_path, platform, postgres_url):
    async with staged(tmp_path, platform, url=postgres_url) as stage:
        await lose_nothing(stage, 7, pairs=1)


async def lose_nothing(stage, seed, pairs=PAIRS):
    """Pairs of accounts do something, are linked, do more, and part; every word and lesson is still there."""
    await begin(stage)
    chance = random.Random(seed)
    for number in range(pairs):
        pair = Pair(stage, chance, number)
        await pair.arrives()
        for _ in range(7):
            await pair.does_something()
            await stage.later(minutes=chance.randint(1, 20))
        texts, (done, notes) = [text for text, _ in await pair.words()], await pair.lessons()
        shown = await link(stage, *pair.accounts)
        now, (still_done, _) = await pair.words(), await pair.lessons()
        assert sorted(text for text, _ in now) == sorted(texts)
        assert len({home for _, home in now}) <= 1, "one prompt, one answer"
        assert still_done == done
        for _ in range(5):
            await pair.does_something()
            await stage.later(minutes=chance.randint(1, 20))
        texts, (done, notes) = [text for text, _ in await pair.words()], await pair.lessons()
        await unlink(stage, shown, pair.accounts[1])
        assert len(await pair.members()) == 2
        after, (kept, noted) = await pair.words(), await pair.lessons()
        assert sorted(text for text, _ in after) == sorted(texts)
        assert kept >= done
        for words in notes.split("\n"):
            assert words in noted
        assert await stage.broken() == []
