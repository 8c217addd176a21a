"""Messages that are stored together: the same is stored as one by one, and the database is asked no more for many than for few."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, select

from bot.capture.tables import heard
from bot.chat.events import MessageReceived
from bot.chat.models import Message, Person
from bot.people.accounts import account
from bot.people.tables import member
from bot.reflections.answers.search_entries import index_answers
from bot.reflections.answers.tables import answer, part
from bot.search.tables import search_entry
from bot.store import compiled
from tests.store.gathering import held_up
from tests.stories.stage import Stage, staged

TEXTS = (
    "We asked the students first this time.", "And one more thing about it.", "What should I do next?", "",
    "I want to kill myself.", "Thanks!",
)  # fmt: skip


SPANISH = "Los niños ya no entregan las tareas, y nadie sabe por qué es así."
LAST = 40


@pytest.fixture
async def stage(tmp_path, database_url):
    """A prompt is open."""
    async with staged(tmp_path, url=database_url) as one:
        await one.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await one.until("2026-10-05 09:00")
        yield one


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the driver is called with, by prepared statements and by others."""
    said: list[str] = []
    original = compiled._hand_over

    def hand_over(conn: Any, ready: Any, *rest: Any) -> Any:
        said.append(ready.text)
        return original(conn, ready, *rest)

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    monkeypatch.setattr(compiled, "_hand_over", hand_over)
    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


def told(stage: Stage, who: str, id: str, minutes: float, **changes: Any) -> Message:
    """What somebody says in the thread of the prompt."""
    at = stage.clock.now() + timedelta(minutes=minutes)
    person = Person(stage.space, who, f"{who} Quinn")
    message = Message(stage.place(thread=stage.prompts()[-1]), f"{id}{who}", person, TEXTS[0], at, at)
    return replace(message, **changes)


async def tell_together(stage: Stage, messages: Sequence[Message]) -> list[Any]:
    """Tell these messages while the writer is busy, so that they are stored in one batch."""
    with held_up(stage.app.store):
        tasks = [asyncio.ensure_future(stage.app.dispatcher.hear(MessageReceived(one))) for one in messages]
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks, return_exceptions=True)


def tell_story(stage: Stage, crowd: str, seed: int) -> list[Message]:
    """Anything that may be told of a few people: said, added, edited, deleted, said to others, told twice."""
    dice = random.Random(seed)
    said: dict[str, Message] = {}
    story: list[Message] = []
    for number in range(45):
        who = f"{crowd}{dice.randrange(7)}"
        before = [one for one in said.values() if one.author is not None and one.author.id == who]
        # Whose message was lost is asked before it is told, which would change the order of the others.
        deed = (
            "lose"
            if number > LAST
            else dice.choice(("say", "say", "say", "address", "edit", "delete", "again"))
        )
        if deed in ("say", "address") or not before:
            to = frozenset({f"{crowd}9"}) if deed == "address" else frozenset()
            one = told(stage, who, f"m{seed}.{number}", 7 * number, to=to, text=dice.choice(TEXTS))
        else:
            one = dice.choice(before)
            later = stage.clock.now() + timedelta(minutes=7 * number, seconds=1)
            if deed == "edit":
                one = replace(one, text=dice.choice(TEXTS), version=later)
            elif deed != "again":
                one = replace(one, text="", version=later, deleted=True)
                one = replace(one, author=None) if deed == "lose" else one
        if not one.deleted:
            said[one.id] = one
        story.append(one)
    return story


async def rows_about(stage: Stage, crowd: str) -> list[tuple[Any, ...]]:
    """What is stored of a crowd, without ids and without its letter."""
    a, p, h = answer.c, part.c, heard.c
    mine = account.c.person.startswith(crowd)
    people = account.join(member, member.c.id == account.c.member_id)
    answers = people.join(answer, a.member_id == member.c.id).outerjoin(part, p.answer_id == a.id)
    found = answers.outerjoin(search_entry, (search_entry.c.ref == a.id) & (search_entry.c.kind == "answer"))
    what = (
        select(account.c.person, member.c.noticed_at, a.sharing, a.first_at, a.late, a.withdrawn_at, a.replaced_at, p.via, p.source, p.text, p.said_at, p.edited_at, search_entry.c.words).select_from(found).where(mine),
        select(h.person, h.message, h.at, h.version, h.deleted_at, h.counts, h.chosen_at).where(h.person.startswith(crowd)),
        select(account.c.person, member.c.name, account.c.direct).select_from(people).where(mine),
    )  # fmt: skip
    rows = await stage.app.store.read(lambda conn: [tuple(row) for one in what for row in conn.execute(one)])
    return sorted(tuple(str(value).replace(crowd, "") for value in row) for row in rows)


async def test_a_batch_leaves_what_its_messages_leave_one_by_one(stage):
    for seed in range(3):
        together = await tell_together(stage, tell_story(stage, "xa", seed))
        alone = [
            await stage.app.dispatcher.hear(MessageReceived(one)) for one in tell_story(stage, "xb", seed)
        ]
        assert list(map(type, together)) == list(map(type, alone))
        assert await rows_about(stage, "xa") == await rows_about(stage, "xb")
    assert await rows_about(stage, "xa")


async def test_a_command_goes_before_what_others_say_and_after_what_its_author_said(stage):
    held: list[str] = []
    stage.app.store.times.watch = lambda piece: held.append(piece.name.rpartition(".")[2])
    said = [told(stage, f"xa{number % 5}", f"m{number}", 1) for number in range(20)]
    said.append(told(stage, "ada", "m", 2, text="My own words."))
    with held_up(stage.app.store):
        others = [asyncio.ensure_future(stage.app.dispatcher.hear(MessageReceived(one))) for one in said]
        await asyncio.sleep(0)
        asked = asyncio.ensure_future(stage.asks("ada", "/reflect history"))
        for _ in range(5):
            await asyncio.sleep(0)
    assert "My own words." in str(await asked)
    await asyncio.gather(*others)
    first = [name for name in held if name in ("_take_in_told", "<lambda>")]
    assert first[:2] == ["_take_in_told", "<lambda>"]
    assert first.count("_take_in_told") == 21


async def test_room_is_made_while_a_command_and_a_page_are_answered(stage):
    store, found = stage.app.store, set()
    event.listen(store._reading, "begin", lambda _conn: found.add(store._writer.room.count))
    for act in (lambda: stage.asks("ada", "/reflect history"), lambda: stage.opens_home("ada")):
        found.clear()
        await act()
        assert 1 in found
    assert store._writer.room.count == 0


async def test_a_command_that_leads_to_no_others_reads_twice(stage):
    """Who asks, and what they asked for: each is a way from the loop to a thread and back."""
    reads: list[object] = []
    event.listen(stage.app.store._reading, "begin", reads.append)
    await stage.asks("ada", "/reflect history")
    reads.clear()
    await stage.asks("ada", "/reflect history")
    assert len(reads) == 2


async def test_what_was_added_to_is_found_as_if_it_had_been_put_whole(stage):
    """Said, added, edited and deleted, in both languages; then every answer is indexed anew."""
    for seed in range(3):
        await tell_together(stage, tell_story(stage, "xa", seed))
        more = [told(stage, f"xa{who}", f"n{seed}", 55, text=SPANISH) for who in range(3)]
        await tell_together(stage, more)
    before = await stage.app.store.read(found_words)
    assert any("tare0" in words for _ref, _language, words in before)
    await stage.app.store.write(lambda conn: index_answers(conn, 1, [ref for ref, *_rest in before]))
    assert await stage.app.store.read(found_words) == before


def found_words(conn: Connection) -> list[tuple[int, str, str]]:
    """By which words answers are found: (id, language, words)."""
    e = search_entry.c
    rows = conn.execute(select(e.ref, e.language, e.words).where(e.kind == "answer").order_by(e.ref))
    return [(row.ref, row.language, row.words) for row in rows]


async def test_many_messages_ask_no_more_than_few(stage, calls):
    """First replies, further ones, edits and deletions; of people who are known, and have been welcomed."""

    def crowd(many: int) -> list[str]:
        return [f"{many}c{number}" for number in range(many)]

    async def asked(messages: Sequence[Message]) -> int:
        calls.clear()
        assert not any(isinstance(one, Exception) for one in await tell_together(stage, messages))
        return len(calls)

    takes: dict[int, list[int]] = {}
    for many in (5, 25):
        people = crowd(many)
        await tell_together(stage, [told(stage, who, "t", 0, to=frozenset({"ben"})) for who in people])
        await stage.app.store.write(
            lambda conn: conn.execute(member.update().values(noticed_at=stage.clock.now()))
        )
        first = [told(stage, who, "f", 1) for who in people]
        more = [told(stage, who, "g", 2, text="And more.") for who in people]
        later = stage.clock.now() + timedelta(minutes=3)
        edits = [replace(one, text="Better.", version=later) for one in first]
        gone = [replace(one, text="", version=later + timedelta(minutes=1), deleted=True) for one in more]
        elsewhere = [told(stage, who, "e", 5, place=stage.place()) for who in people]
        takes[many] = [await asked(one) for one in (first, more, edits, gone, elsewhere)]
        rows = await rows_about(stage, f"{many}c")
        assert sum("Better." in row for row in rows) == many
    assert takes[25] == takes[5]
    assert max(takes[5]) <= 12
