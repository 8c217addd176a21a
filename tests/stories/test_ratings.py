"""Whether something was worth the time: one tap under a receipt, told as totals of five people or more, and nothing else."""

from __future__ import annotations

from sqlalchemy import select

from bot.ratings.tables import rating, rating_total

QUESTION = "Was this worth your time?"


async def guests_who_are_asked(stage, *, some: int = 16) -> list[tuple[str, object]]:
    """People who answer the prompt that is open, each with the receipt that asks them."""
    asked = []
    for number in range(some):
        who = f"guest{number}"
        await stage.joins(who, f"Guest {number}")
        receipt = await stage.asks(who, f"/reflect answer share:me -- The door stood open on day {number}.")
        if QUESTION in stage.text(receipt):
            asked.append((who, receipt))
    return asked


async def rows(stage, table) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await stage.app.store.read(lambda conn: conn.execute(select(table)).all())]


async def worth(stage) -> str:
    return stage.text(await stage.asks("mo", "/report worth"))


async def test_five_taps_become_a_total_and_nobody_can_be_found_in_it(monday):
    stage = monday
    asked = await guests_who_are_asked(stage)
    assert len(asked) == 8, "every other answer is asked"
    assert "Nothing is counted yet." in await worth(stage)
    for who, receipt in asked[:4]:
        thanks = stage.text(await stage.presses(who, receipt, "Yes"))
        assert "You said: Yes." in thanks
        assert "only when at least 5 did" in thanks
    (first, receipt), (fifth, late) = asked[0], asked[4]
    await stage.presses(first, receipt, "Yes")
    assert len(await rows(stage, rating)) == 4, "pressed twice, it is one tap"
    await stage.later(days=2)
    assert "Nothing is counted yet." in await worth(stage), "four are too few"

    shown = await stage.presses(fifth, late, "No")
    shown = await stage.presses(fifth, shown, "So-so")
    assert "You said: So-so." in stage.text(shown), "it can be changed"
    assert "Nothing is counted yet." in await worth(stage), "and so it waits for a day"
    await stage.later(days=1, minutes=2)
    told = await worth(stage)
    assert "A door held open" in told
    assert "5 people: 4 yes and 1 so-so" in told
    assert "Guest" not in told
    assert {row[3] for row in await rows(stage, rating)} == {None}, "what each of them said is forgotten"

    assert "already counted" in stage.text(await stage.presses(fifth, late, "No"))
    sixth, open_receipt = asked[5]
    await stage.presses(sixth, open_receipt, "No")
    await stage.later(days=3)
    assert "5 people: 4 yes and 1 so-so" in await worth(stage), "one more would tell of one person"
    assert await stage.broken() == []


async def test_a_tap_is_taken_back_and_goes_with_its_member(monday):
    stage = monday
    asked = await guests_who_are_asked(stage)
    for who, receipt in asked[:5]:
        await stage.presses(who, receipt, "No")
    (first, receipt), (second, _late) = asked[0], asked[1]
    thanks = await stage.presses(first, receipt, "Yes")
    gone = await stage.presses(first, thanks, "Take it back")
    assert QUESTION in stage.text(gone)
    await stage.later(days=1, minutes=2)
    assert "Nothing is counted yet." in await worth(stage), "four are left, so none is counted"
    await stage.presses(first, gone, "So-so")
    form = await stage.asks(second, "/my data delete")
    await stage.fills_in(second, form, word="DELETE")
    await stage.later(days=1, minutes=2)
    assert "Nothing is counted yet." in await worth(stage), "whoever is erased is not counted"
    assert [tuple(row[2:5]) for row in await rows(stage, rating_total)] == [(0, 0, 0)]
    assert await stage.broken() == []


async def test_a_finished_lesson_is_rated_too(monday):
    stage = monday
    await stage.asks("ada", "/course join c1")
    await stage.presses("ada", stage.last("ada"), "Join")
    done = await stage.asks("ada", "/course done c1.1 -- We drew the map of the morning.")
    assert QUESTION in stage.text(done)
    assert "You said: No." in stage.text(await stage.presses("ada", done, "No"))
    await stage.asks("ada", "/course undo c1.1")
    again = stage.text(await stage.presses("ada", done, "Yes"))
    assert "You said" not in again, "who has not finished a lesson says nothing of it"
    [row] = await rows(stage, rating)
    assert row[3] == "no"
