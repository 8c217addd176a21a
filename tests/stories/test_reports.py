"""Moderators learn how the weeks go: numbers that are true, what waits, and never who did not answer."""

from __future__ import annotations

import pytest

LONG = "We tried wait time in every group today, and one of them used it well."


@pytest.fixture
async def school(stage):
    """Fifteen people in the room, a channel of the moderators, and a prompt each Monday that is open until Friday."""
    for number in range(9):
        await stage.joins(f"guest{number}", f"Guest {number}")
    await stage.joins(
        "luz",
        "Luz Marín",
        facts=("moderator",),
        locale="es-419" if stage.platform.platform == "discord" else "es-MX",
    )
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    return stage


def notes(stage):
    """The notes in the moderators' channel."""
    return [one for one in stage.room(None, "c2") if "The week of" in stage.text(one)]


async def test_three_weeks_of_a_small_school(school):
    stage = school
    assert "No prompt closed this week." in stage.text(await stage.asks("mo", "/report week"))
    assert "No prompt with a scale has closed yet." in stage.text(await stage.asks("mo", "/report scales"))
    await stage.until("2026-10-05 10:00")
    assert notes(stage) == [], "nothing happened, so nothing is told"
    [prompt] = stage.prompts()
    await stage.says("ada", "By the photocopier, of all places.", thread=prompt)
    for number in range(6):
        await stage.asks(f"guest{number}", f"/reflect answer share:me -- {LONG}")
    await stage.asks("guest8", "/my away 2026-10-05 to 2026-10-09")
    await stage.asks("ida", "/tilth calendar add 2026-10-19 to 2026-10-23 -- Fall break")

    await stage.until("2026-10-12 08:31")
    [note] = notes(stage)
    told = stage.text(note)
    assert "A door held open" in told
    owner = stage.platform.platform == "discord"  # whoever owns a server is in its channels, too
    assert f"7 of {14 + owner} people answered." in told
    assert "1 answer has no thanks and no private reply yet." in told
    assert "Room to think" in told.split("Next")[1], "what comes in the next days"
    for name in ("Guest", "Ada", LONG, "photocopier"):
        assert name not in told, "nobody is named, and nothing of theirs is quoted"

    waiting = await stage.presses("mo", note, "See them")
    assert "By the photocopier" in stage.text(waiting)
    linked = stage.platform.platform != "local"  # no page of the playground is served here
    assert ("Go to the message" in stage.text(waiting)) == linked
    await stage.presses("mo", waiting, "Thank Ada Quinn")
    again = await stage.presses("mo", note, "See them")
    assert "By the photocopier" not in stage.text(again), "it waits no longer"
    assert LONG not in stage.text(again), "what is kept private is not shown"

    await stage.until("2026-10-12 10:00")
    scale = stage.prompts()[-1]
    for number, pick in enumerate((4, 4, 5, 3, 4, 2)):
        await stage.presses(f"guest{number}", scale, str(pick))
    await stage.until("2026-10-19 12:00")
    assert len(notes(stage)) == 1, "nothing comes in a break"
    shown = stage.text(await stage.asks("mo", "/report scales"))
    assert "3.7 on average, 6 people" in shown
    assert "Guest" not in shown

    await stage.until("2026-10-26 08:31")
    second = stage.text(notes(stage)[1])
    assert f"6 of {15 + owner} people answered." in second, "the note after a break is of the week before it"
    assert "Answers in the weeks before: 5 Oct: 7." in second
    spanish = stage.text(await stage.asks("luz", "/report week"))
    assert "La semana del 19 oct al 25 oct" in spanish
    assert "Esta semana no se cerró ninguna pregunta." in spanish
    charts = await stage.presses("mo", notes(stage)[1], "Charts")
    share, shown = 47 if owner else 50, stage.text(charts)
    if (
        stage.platform.platform == "slack"
    ):  # which draws the chart itself; the shares are in the table below it
        assert "5 Oct: 7, 12 Oct: 6" in shown
        assert f"5 Oct | 7 | {share}%" in shown
    else:
        assert f"7 answers, {share}% of those asked" in shown


async def test_the_note_can_be_turned_off_and_comes_to_each_moderator_without_a_channel(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 10:00")
    await stage.says("ada", "By the photocopier.", thread=stage.prompts()[0])
    shown = await stage.asks("mo", "/report note")
    assert "Monday 12 October at 08:30" in stage.text(shown)
    off = await stage.presses("mo", shown, "Turn it off")
    assert "The note is off." in stage.text(off)
    assert "The note is off." in stage.text(await stage.asks("mo", "/report note monday:no")), "twice is once"
    await stage.until("2026-10-12 12:00")
    assert not any("The week of" in stage.text(one) for one in stage.inbox("mo"))
    assert "The next one comes" in stage.text(await stage.asks("mo", "/report note monday:yes"))
    await stage.asks("ida", "/my stop")
    await stage.until("2026-10-19 12:00")
    [note] = [one for one in stage.inbox("mo") if "The week of" in stage.text(one)]
    assert "You get this because you are a moderator here." in stage.text(note)
    assert not any("The week of" in stage.text(one) for one in stage.inbox("ida")), (
        "who said stop is left alone"
    )
    assert not any("The week of" in stage.text(one) for one in stage.inbox("ada"))
