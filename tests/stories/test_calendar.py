"""The community is away: what is due then is left out, held or posted anyway, and deadlines wait for the return."""

from __future__ import annotations

ICS = """BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:School days
BEGIN:VEVENT
SUMMARY:Founders' day
DTSTART;VALUE=DATE:20261012
DTEND;VALUE=DATE:20261013
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
SUMMARY:Staff meeting
DTSTART:20261019T150000Z
DTEND:20261019T160000Z
END:VEVENT
END:VCALENDAR"""


def bare(text):
    """A text without the zone that some platforms write behind a moment."""
    return text.replace(" (Irish Time)", "")


async def test_a_break_leaves_out_what_falls_into_it_and_undo_brings_it_back(monday):
    stage = monday
    said = stage.text(await stage.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term"))
    assert "Half term: Mon 12 Oct 2026 to Fri 16 Oct 2026" in said
    assert "Monday 12 October at 09:00: skipped (break: Half term)" in bare(said)
    assert "19 October" not in said
    undone = stage.text(await stage.presses("mo", stage.last("mo"), "Undo"))
    assert "Monday 12 October at 09:00: comes as planned" in bare(undone)
    await stage.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term")
    await stage.until("2026-10-18 09:00")
    assert len(stage.prompts()) == 1
    await stage.until("2026-10-19 09:00")
    assert len(stage.prompts()) == 2
    assert await stage.broken() == []


async def test_a_moderator_reads_the_calendar_in_their_own_language(monday):
    await monday.asks("mo", "/my settings language:es")
    said = monday.text(await monday.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term"))
    assert "Agregado al calendario" in said
    assert "se omite (receso: Half term)" in said
    assert "omitida (receso: Half term)" in monday.text(await monday.asks("mo", "/prompt preview weeks:2"))


async def test_a_break_with_hold_posts_once_on_the_first_day_back(stage):
    await stage.confirms("/prompt schedule #staffroom every 2 weeks on wed 09:00")
    await stage.until("2026-10-14 09:00")
    before = len(stage.prompts())
    await stage.asks("mo", "/tilth calendar policy s1 hold")
    said = stage.text(await stage.asks("mo", "/tilth calendar add 27 oct to 30 oct"))
    assert "held, and comes on Saturday 31 October at 09:00" in said
    await stage.until("2026-10-31 08:59")
    assert len(stage.prompts()) == before
    await stage.until("2026-10-31 09:00")
    assert len(stage.prompts()) == before + 1
    await stage.until("2026-11-11 08:00")
    assert len(stage.prompts()) == before + 1


async def test_a_schedule_that_ignores_breaks_comes_all_the_same(monday):
    await monday.asks("mo", "/tilth calendar add 12 oct to 16 oct")
    said = monday.text(await monday.asks("mo", "/tilth calendar policy s1 ignore"))
    assert "posts in breaks, too" in said
    await monday.until("2026-10-12 09:00")
    assert len(monday.prompts()) == 2


async def test_a_closing_date_does_not_fall_into_a_break(stage):
    await stage.asks("mo", "/tilth calendar add 9 oct to 14 oct")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-14 23:00")
    assert stage.digests() == []  # it would have closed on Friday the 9th
    assert "Thursday 15 October at 09:00" in stage.text(stage.prompts()[0])
    await stage.says("ada", "The side gate.", thread=stage.prompts()[0])
    await stage.until("2026-10-15 10:00")
    assert len(stage.digests()) == 1


async def test_the_gap_between_two_terms_is_a_break(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00")
    first = stage.text(
        await stage.asks("mo", "/tilth calendar term 1 sep 2026 to 9 oct 2026 -- Early autumn")
    )
    assert "Nothing that is due" in first
    second = stage.text(await stage.asks("mo", "/tilth calendar term 26 oct to 18 dec -- Late autumn"))
    assert "12 October at 09:00: skipped (break: between Early autumn and Late autumn)" in bare(second)
    assert "19 October" in second
    assert "26 October" not in second
    removed = stage.text(await stage.asks("mo", "/tilth calendar remove b1"))
    assert "12 October at 09:00: comes as planned" in bare(removed)
    restored = stage.text(await stage.presses("mo", stage.last("mo"), "Undo"))
    assert "12 October at 09:00: skipped" in bare(restored)


async def test_a_calendar_file_counts_by_its_whole_days(monday):
    form = await monday.asks("mo", "/tilth calendar import")
    said = monday.text(await monday.fills_in("mo", form, text=ICS))
    assert "School days" in said
    assert "Founders' day" in said
    assert "skipped (break: Founders' day)" in said
    assert "19 October" not in said  # a meeting is no day off
    listed = monday.text(await monday.asks("mo", "/tilth calendar"))
    assert "Mon 12 Oct 2026" in listed
    assert "2027" in listed  # the repetition of next year


async def test_the_days_of_a_file_that_a_process_did_not_lay_are_laid_by_the_next_beat(monday):
    from bot.schedules import breaks
    from bot.store.pieces import PieceTime

    store, form = monday.app.store, await monday.asks("mo", "/tilth calendar import")

    def fail(piece: PieceTime) -> None:
        if piece.name.endswith("lay_sources"):
            store.times.watch = None
            raise RuntimeError("killed here")

    store.times.watch = fail
    await monday.fills_in("mo", form, text=ICS)
    assert store.times.watch is None
    assert await store.read(lambda conn: breaks.breaks(conn, 1)) == []
    await monday.later(minutes=1)
    assert "Mon 12 Oct 2026" in monday.text(await monday.asks("mo", "/tilth calendar"))


async def test_a_link_to_a_calendar_is_refused_and_nothing_is_fetched(stage):
    said = stage.text(
        await stage.asks("mo", "/tilth calendar import -- https://calendar.example/private/basic.ics")
    )
    assert "I do not fetch calendars from a link" in said


async def test_holidays_of_a_region_are_days_away(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00")
    said = stage.text(await stage.asks("mo", "/tilth calendar holidays IE"))
    assert "26 October at 09:00: skipped (break: October Bank Holiday)" in bare(said)
    wrong = stage.text(await stage.asks("mo", "/tilth calendar holidays DE region:XX"))
    assert "DE has no region “XX”" in wrong


async def test_holidays_are_laid_out_further_as_the_years_go(stage):
    from bot.schedules import breaks

    await stage.asks("mo", "/tilth calendar holidays IE")

    async def latest() -> int:
        rows = await stage.app.store.read(lambda conn: breaks.breaks(conn, 1))
        return max(one.ends.year for one in rows)

    before = await latest()
    await stage.later(days=370)
    assert await latest() > before


async def test_members_may_not_change_the_calendar(stage):
    assert "Only a moderator" in stage.text(await stage.asks("ada", "/tilth calendar add 12 oct to 16 oct"))


async def test_a_removed_break_comes_back_for_ten_minutes_only(monday):
    await monday.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term")
    await monday.asks("mo", "/tilth calendar remove b1")
    removed = monday.last("mo")
    await monday.later(minutes=11)
    assert "can no longer be undone" in monday.text(await monday.presses("mo", removed, "Undo"))


async def test_a_break_that_is_long_over_leaves_the_calendar_with_all_its_days(monday):
    await monday.asks("mo", "/tilth calendar add 12 oct to 16 oct -- Half term")
    await monday.until("2026-10-26 10:00")
    await monday.asks("mo", "/tilth calendar remove b1")
    assert await monday.broken() == []
    assert "Half term" in monday.text(await monday.presses("mo", monday.last("mo"), "Undo"))
    assert await monday.broken() == []


async def test_a_term_that_has_begun_is_this_years(stage):
    said = stage.text(await stage.asks("mo", "/tilth calendar term 1 sep to 18 dec -- Autumn term"))
    assert "Tue 1 Sept 2026 to Fri 18 Dec 2026" in said
