"""A moderator edits while the bot is posting: the old text once or the new text once, and the answer says which."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.chat import plain_text
from bot.chat.events import FormSubmitted
from bot.chat.models import Person, Place
from bot.delivery.tables import outbox
from bot.reflections.prompts import bank, selection
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from bot.reflections.schedule.settings import KIND, PromptSettings
from bot.schedules import edits
from bot.schedules.model import SchedulePlace
from tests.seeds import seeds
from tests.stories.stage import staged

TURNS = 100
"""Interleavings of one seed; ten seeds make a thousand."""


@pytest.fixture
def kind_of_stage(tmp_path):
    return lambda: staged(tmp_path, "local")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", seeds(1, 10))
async def test_a_hundred_edits_in_the_second_of_posting(kind_of_stage, seed):
    chance = random.Random(seed)
    fates = {"old": 0, "new": 0}
    async with kind_of_stage() as stage:
        for turn in range(TURNS):
            fates[await one_turn(stage, chance, turn, what=chance.choice(("words", "deck")))] += 1
        assert await stage.broken() == []
        rows = await stage.app.store.read(
            lambda conn: conn.execute(
                select(outbox.c.external_id, func.count())
                .where(outbox.c.kind == "prompt")
                .group_by(outbox.c.external_id)
            ).all()
        )
    assert len(rows) == TURNS
    assert all(count == 1 for _, count in rows)
    # Both must have happened, or the interleavings are none.
    assert min(fates.values()) > 5, fates


async def one_turn(stage, chance, turn, what):
    """One schedule, one prompt, one edit somewhere between a second before and the finish of the call; its fate."""
    app, old, new = stage.app, f"Old words {turn}?", f"New words {turn}?"
    app.clock.set(app.clock.now() + timedelta(minutes=2))
    now = app.clock.now()
    at = now.replace(second=0, microsecond=0) + timedelta(minutes=1)

    def prepare(conn):
        made = bank.add_prompt(conn, 1, f"deck-{turn}", plain_prompt(old, (Question(old),)))
        bank.add_prompt(conn, 1, f"other-{turn}", plain_prompt(new, (Question(new),)))
        details = PromptSettings((f"deck-{turn}",)).to_details()
        number = edits.add_schedule(
            conn, 1, kind=KIND, title=f"deck-{turn}", rule=f"{at:%Y-%m-%d %H:%M}", zone="UTC", anchor=at.date(),
            now=now, letter="s", places=(SchedulePlace(stage.space, "c1"),), open_minutes=4 * 1440, details=details,
        )  # fmt: skip
        return made.id, number

    prompt, schedule = await app.store.write(prepare)
    await app.planner.tick()
    app.clock.set(at)
    mo = Person(stage.space, "mo", "Mo Hale", frozenset({"moderator"}))
    place = Place(stage.space, "c1")
    words = {"deck": f"deck-{turn}", "title": "", "question": new, "answer": "text", "hints": ""}
    change = {
        "when": f"{at:%Y-%m-%d %H:%M}",
        "deck": f"other-{turn}",
        "closes": "4d",
        "headsup": "",
        "scope": "following",
    }
    submitted = (
        FormSubmitted(mo, place, "prompt.edit", f"p{prompt}", words)
        if what == "words"
        else FormSubmitted(mo, place, "prompt.change", f"s{schedule}", change)
    )

    async def edit():
        await wait(app, chance.randrange(9))
        return await app.dispatcher.hear(submitted)

    async def post():
        await wait(app, chance.randrange(3))
        await app.planner.tick()
        await wait(app, chance.randrange(3))
        await app.sender.beat()

    said, _ = await asyncio.gather(edit(), post())
    for _ in range(3):
        await app.planner.tick()
        await app.sender.beat()
    return await judge(stage, plain_text.card_text(said), schedule, old, new)


async def wait(app, hops):
    """Let others go first, so often: a read is a hop to another thread and back."""
    for _ in range(hops):
        await app.store.read(lambda conn: None)


async def judge(stage, said, schedule, old, new):
    """What was posted, compared with what the moderator was told."""
    app = stage.app
    query = select(outbox.c.external_id, outbox.c.state).where(
        outbox.c.kind == "prompt", outbox.c.key.startswith(f"prompt:{schedule}:")
    )
    [row] = await app.store.read(lambda conn: conn.execute(query).all())
    assert row.state == "sent"
    posted = plain_text.card_text(stage.record.as_posted(row.external_id))
    fate = "new" if new in posted else "old"
    assert (old in posted) is (fate == "old")
    told_old = (
        "already posted with the old text" in said
        or "going out already, as it was" in said
        or "Nothing more will come" in said
    )
    assert told_old is (fate == "old"), (said, posted)
    drawn = await app.store.read(
        lambda conn: len(
            conn.execute(select(selection.drawn).where(selection.drawn.c.schedule_id == schedule)).all()
        )
    )
    assert drawn == 1
    return fate
