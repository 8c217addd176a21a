"""How many questions one message may put to the database: what is asked of every message decides how many come through."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from bot.chat.events import MessageReceived
from bot.chat.models import Message, Person
from bot.reflections.answers.tables import part
from bot.search.tables import search_entry
from bot.search.terms import MOST
from tests.stories.stage import Stage, staged

WORDS = "We asked the students first this time."


class Tally:
    """The statements that reach the database through the one writer, whoever compiled them."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.index_spoke = False

    def note(self, statement: str) -> None:
        # What the full-text index does of itself, by triggers and in tables of its own, is no statement of ours; after
        # each, SQLite says the statement again that set the trigger off.
        # What SQLite is told of its log after the commit (PRAGMA) is said once for all that gathered, and is none either.
        apart = ("BEGIN", "COMMIT", "PRAGMA")
        if threading.current_thread().name != "tilth-writer" or statement.startswith(apart):
            return
        if statement.startswith("--") or "search_text" in statement:
            self.index_spoke = True
        elif not (self.index_spoke and statement in self.said[-1:]):
            self.index_spoke = False
            self.said.append(statement)

    def attach(self, raw: Any, _record: object) -> None:
        """Listen where the driver takes statements: prepared ones pass SQLAlchemy's own events by."""
        if hasattr(raw, "set_trace_callback"):
            raw.set_trace_callback(self.note)
            return
        from psycopg import Cursor

        note = self.note

        class Noting(Cursor[Any]):
            def execute(self, query: Any, *args: Any, **options: Any) -> Any:
                note(str(query))
                return super().execute(query, *args, **options)

        raw.cursor_factory = Noting


@pytest.fixture
def tally() -> Iterator[Tally]:
    one = Tally()
    event.listen(Engine, "connect", one.attach)
    yield one
    event.remove(Engine, "connect", one.attach)


@pytest.fixture
async def stage(tally, tmp_path, database_url):
    """The second prompt is open; Ada, who answered the first, has seen the notice that comes with that."""
    async with staged(tmp_path, url=database_url) as one:
        await one.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await one.until("2026-10-05 09:00")
        await one.app.dispatcher.hear(MessageReceived(told(one, "m0", 0)))
        await one.until("2026-10-12 09:00")
        yield one


def told(stage: Stage, id: str, minutes: int, **changes: Any) -> Message:
    """What Ada says in the thread of the newest prompt, so many minutes from now."""
    at = stage.clock.now() + timedelta(minutes=minutes)
    ada = Person(stage.space, "ada", "Ada Quinn")
    return replace(Message(stage.place(thread=stage.prompts()[-1]), id, ada, WORDS, at, at), **changes)


async def taken_in(stage: Stage, tally: Tally, message: Message) -> int:
    """How many statements the one writer needed for this message."""
    tally.said.clear()
    await stage.app.dispatcher.hear(MessageReceived(message))
    return len(tally.said)


async def sources(stage: Stage) -> list[str]:
    return await stage.app.store.read(lambda conn: list(conn.execute(select(part.c.source)).scalars()))


async def test_a_new_reply_takes_nine(stage, tally):
    assert await taken_in(stage, tally, told(stage, "m1", 1)) == 9
    assert await stage.answers() == {"Ada Quinn": WORDS}


async def test_a_further_reply_takes_seven(stage, tally):
    await taken_in(stage, tally, told(stage, "m1", 1))
    assert await taken_in(stage, tally, told(stage, "m2", 2, text="And more.")) == 7
    assert await stage.answers() == {"Ada Quinn": f"{WORDS}\n\nAnd more."}
    # However long an answer has grown, what is added to it costs what is added.
    assert not any("part" in one and ".text" in one for one in tally.said if one.startswith("SELECT"))


async def test_a_further_reply_to_an_answer_of_which_no_more_is_indexed_takes_no_more(stage, tally):
    for number in range(4):
        words = " ".join(f"w{number}x{n}" for n in range(1000))
        await taken_in(stage, tally, told(stage, f"m{number}", number + 1, text=words))
    found = select(search_entry.c.words)
    entry = max(await stage.app.store.read(lambda conn: list(conn.execute(found).scalars())), key=len)
    assert len(entry.split()) == 1 + MOST
    assert await taken_in(stage, tally, told(stage, "m9", 9, text="And more.")) <= 7
    assert not any("part" in one and ".text" in one for one in tally.said if one.startswith("SELECT"))
    assert await stage.broken() == []


async def test_what_only_its_author_reads_takes_two_less(stage, tally):
    await taken_in(stage, tally, told(stage, "m1", 1))
    await stage.asks("ada", "/reflect share a2 me")
    assert await taken_in(stage, tally, told(stage, "m2", 2, text="And more.")) == 5
    assert await stage.answers() == {"Ada Quinn": f"{WORDS}\n\nAnd more."}


async def test_an_edit_takes_seven(stage, tally):
    first = told(stage, "m1", 1)
    await taken_in(stage, tally, first)
    edited = replace(first, text="Better.", version=first.at + timedelta(minutes=1))
    assert await taken_in(stage, tally, edited) == 7
    assert await stage.answers() == {"Ada Quinn": "Better."}


async def test_a_message_told_again_takes_two(stage, tally):
    await taken_in(stage, tally, told(stage, "m1", 1))
    assert await taken_in(stage, tally, told(stage, "m1", 1)) == 2
    assert await stage.answers() == {"Ada Quinn": WORDS}


async def test_a_deletion_takes_seven(stage, tally):
    first = told(stage, "m1", 1)
    await taken_in(stage, tally, first)
    gone = replace(first, author=None, text="", version=first.at + timedelta(minutes=1), deleted=True)
    assert await taken_in(stage, tally, gone) == 7
    assert not any(source.endswith("/m1") for source in await sources(stage))


async def test_talk_in_the_thread_takes_four(stage, tally):
    await taken_in(stage, tally, told(stage, "m1", 1))
    talk = told(stage, "m2", 2, text="I agree!", to=frozenset({"ben"}))
    assert await taken_in(stage, tally, talk) == 4
    assert await taken_in(stage, tally, told(stage, "m3", 90, text="One more thing.")) == 4
    assert await stage.answers() == {"Ada Quinn": WORDS}


async def test_talk_elsewhere_takes_one(stage, tally):
    assert await taken_in(stage, tally, told(stage, "m1", 1, place=stage.place())) == 1
    assert await stage.answers() == {}


async def test_a_deletion_elsewhere_takes_one(stage, tally):
    gone = told(stage, "m1", 1, place=stage.place(), author=None, text="", deleted=True)
    assert await taken_in(stage, tally, gone) == 1


async def test_a_first_answer_ever_brings_the_welcome_and_takes_no_more_than_sixteen(stage, tally):
    cleo = Person(stage.space, "cleo", "Cleo Marsh")
    assert await taken_in(stage, tally, told(stage, "m1", 1, author=cleo)) <= 16
    assert await stage.answers() == {"Cleo Marsh": WORDS}
