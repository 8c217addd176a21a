"""What a digest costs: a change is one mark, and drawing it reads what its card shows, however many answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert, select

from bot.people.tables import member
from bot.reflections.answers import tables
from bot.reflections.schedule.asked_prompts import asking
from tests.capture.test_statements import Tally
from tests.stories.stage import staged


@pytest.fixture
def tally() -> Iterator[Tally]:
    one = Tally()
    event.listen(Engine, "connect", one.attach)
    yield one
    event.remove(Engine, "connect", one.attach)


async def crowd(stage, number):
    """So many members answered the first prompt for everyone to read."""

    def add(conn):
        at = stage.clock.now()
        occurrence = conn.execute(select(asking.c.occurrence_id)).scalar_one()
        for n in range(number):
            who = conn.execute(
                insert(member)
                .values(community_id=1, name=f"Person {n}", keeps=True, created_at=at)
                .returning(member.c.id)
            ).scalar_one()
            one = conn.execute(
                insert(tables.answer)
                .values(
                    community_id=1,
                    occurrence_id=occurrence,
                    member_id=who,
                    sharing="everyone",
                    first_at=at + timedelta(minutes=1 + n),
                    shared_at=at + timedelta(minutes=1 + n),
                    late=False,
                )
                .returning(tables.answer.c.id)
            ).scalar_one()
            tables.store_part(conn, 1, one, "form", f"form/{one}/0", f"Words {n}.", None, at, None)

    await stage.app.store.write(add)


@pytest.fixture
async def monday(tally, tmp_path):
    async with staged(tmp_path, "local") as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        yield stage


@pytest.mark.parametrize("number", [10, 300])
async def test_a_change_after_the_digest_is_one_mark_however_many_answered(monday, tally, number):
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", "The bus.", thread=prompt)
    await crowd(stage, number)
    await stage.until("2026-10-09 12:00")
    tally.said.clear()
    await stage.edits("ada", message, "The late bus.")
    assert len([one for one in tally.said if "outbox" in one]) == 0
    assert (
        len([one for one in tally.said if "shelf" not in one]) <= 10
    )  # two let it be found, one asks for the card of the month
    await stage.settles()
    assert "The late bus." in stage.text(stage.digests()[0])
    assert f"{number + 1} people shared an answer with everyone" in stage.text(stage.digests()[0])


async def test_drawing_reads_only_what_the_card_shows(monday):
    from bot.reflections.answers.digest import draw_digest
    from bot.reflections.answers.turnout import QUOTED

    stage = monday
    await crowd(stage, 300)
    asked: list[tuple[str, object]] = []

    def look(conn):
        occurrence = conn.execute(select(asking.c.occurrence_id)).scalar_one()

        def note(_conn, _cursor, statement, parameters, _context, _many):
            asked.append((statement, parameters))

        event.listen(conn.engine, "before_cursor_execute", note)
        try:
            card = draw_digest(conn, 1, str(occurrence))
        finally:
            event.remove(conn.engine, "before_cursor_execute", note)
        return card, [len(conn.exec_driver_sql(text, values).all()) for text, values in asked]

    card, rows = await stage.app.store.read(look)
    assert card is not None
    assert len(rows) <= 12
    assert max(rows) <= QUOTED
