"""Letters: somebody's own words of a term, offered once, made when they ask, and read by nobody else."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from tests.stories.stage import Stage

OVER, FINISHED = "The school year is over.", "You finished"


async def a_term(stage: Stage) -> None:
    """A term of six weeks in which Ada answers three times, Ben once, and Cleo takes a course with a line on each lesson."""
    await stage.asks("mo", "/tilth calendar term 1 sep 2026 to 13 nov 2026 -- Fall")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.presses("cleo", await stage.asks("cleo", "/course join c1"), "Join")
    said = {
        "2026-10-05": "The hallway was loud before the first bell.",
        "2026-10-19": "I stood in the hallway and said nothing.",
        "2026-11-09": "The hallway is calmer since two of us stand there.",
    }
    for lesson, (day, words) in enumerate(said.items(), 1):
        await stage.until(f"{day} 09:05")
        await stage.says("ada", words, thread=stage.prompts()[-1])
        await stage.asks("cleo", f"/course done c1.{lesson} -- Lesson of {day}: {words}")
        if day == "2026-10-05":
            await stage.says("ben", "A fair point about the bus.", thread=stage.prompts()[-1])
    await stage.asks("cleo", "/course done c1.4 -- The last one, in November.")


def places_of(dump: list[str], words: str) -> Counter[str]:
    """In how many rows of which tables some words stand."""
    return Counter(line.split('"')[1] for line in dump if words in line and line.startswith("INSERT"))


def offers(stage: Stage, who: str, words: str) -> list[str]:
    return [one.text for one in stage.inbox(who) if words in one.text and "Read my letter" in one.buttons]


async def test_a_letter_is_offered_once_at_the_end_of_a_year_and_read_by_its_author_alone(stage):
    await a_term(stage)
    await stage.until("2026-11-13 18:00")
    assert offers(stage, "ada", OVER) == [], "the year is not over"
    await stage.until("2026-11-17 18:00")
    assert len(offers(stage, "ada", OVER)) == 1
    assert offers(stage, "ben", OVER) == [], "one answer makes no letter"
    offer = next(one for one in stage.inbox("ada") if OVER in one.text)
    await stage.presses("ada", offer, "Later")
    await stage.until("2026-11-23 18:00")
    assert len([one for one in stage.inbox("ada") if "that you put off" in one.text]) == 1
    await stage.until("2026-12-01 18:00")
    assert len([one for one in stage.inbox("ada") if "Read my letter" in one.buttons]) == 1, "and never again"
    offer = next(one for one in stage.inbox("ada") if "that you put off" in one.text)
    before = places_of(await stage.dump(), "before the first bell")
    letter = await stage.presses("ada", offer, "Read my letter")
    told = stage.text(letter)
    assert "This letter comes from 3 answers and notes" in told
    assert "The hallway was loud before the first bell." in told
    assert "The hallway is calmer since two of us stand there." in told
    assert "hallway: in 3 answers" in told.replace("*", "")
    assert "The hallway was loud" in stage.files(letter)["my-letter.txt"].decode()
    assert stage.text(await stage.presses("ada", offer, "Read my letter")) == told, "as often as one likes"
    await stage.asks("ada", "/my settings language:es")
    spanish = stage.text(await stage.asks("ada", "/my letter"))
    assert "Tu carta" in spanish
    assert "The hallway was loud before the first bell." in spanish, "one's own words stay as they are"
    assert "There is no letter yet" in stage.text(await stage.asks("ben", "/my letter"))
    assert "hallway" not in stage.text(await stage.asks("mo", "/my letter since:2026-09-01"))
    assert places_of(await stage.dump(), "before the first bell") == before, "a letter is not stored"
    assert await stage.broken() == []


async def test_a_letter_about_a_course_is_offered_the_day_after_and_none_that_would_be_empty(stage):
    await a_term(stage)
    await stage.until("2026-11-09 20:00")
    assert offers(stage, "cleo", FINISHED) == []
    await stage.until("2026-11-12 18:00")
    assert len(offers(stage, "cleo", FINISHED)) == 1
    offer = next(
        one for one in stage.inbox("cleo") if FINISHED in one.text and "Read my letter" in one.buttons
    )
    told = stage.text(await stage.presses("cleo", offer, "Read my letter"))
    assert "This letter comes from 4 answers and notes" in told
    assert "Lesson of 2026-10-05" in told
    await stage.asks("cleo", "/my stop")
    await stage.until("2026-11-14 12:00")
    rows = [line for line in await stage.dump() if "year:2026" in line]
    assert len(rows) == 1, "only Ada answered often enough for a letter about the year"
    assert "The hallway was loud" in stage.text(await stage.asks("ada", "/my letter"))
    await stage.asks("ada", "/reflect delete a1")
    await stage.until("2026-11-18 12:00")
    assert offers(stage, "ada", OVER) == [], "what is left makes no letter, so none is offered"


async def test_own_answers_are_found_by_word_day_prompt_and_lesson_and_earlier_words_come_back_on_wish(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:05")
    await stage.says("ada", "The hallway was loud before the first bell.", thread=stage.prompts()[-1])
    await stage.until("2026-10-12 09:05")
    await stage.says("ada", "The bus came late again.", thread=stage.prompts()[-1])
    await stage.says("ben", "The hallway is mine.", thread=stage.prompts()[-1])
    first = stage.text(await stage.asks("ada", "/reflect history find:hallway"))
    assert "The hallway was loud" in first
    assert "bus" not in first
    assert "mine" not in first
    late = stage.text(await stage.asks("ada", "/reflect history since:2026-10-12"))
    assert "bus" in late
    assert "hallway" not in late
    early = stage.text(await stage.asks("ada", "/reflect history until:2026-10-11"))
    assert "hallway" in early
    assert "bus" not in early
    found = await stage.asks("ada", "/reflect history")
    form = await stage.presses("ada", found, "Find an answer")
    wrong = await stage.fills_in("ada", form, since="soonish", prompt="bell")
    assert set(stage.errors(wrong)) == {"since", "prompt"}
    shown = await stage.fills_in("ada", await stage.amends("ada", wrong), since="Oct 12", prompt="")
    assert "bus" in stage.text(shown)
    none = await stage.asks("ada", "/reflect history lesson:no-such-lesson find:bus")
    assert "None of your answers fits that." in stage.text(none)
    assert "Find an answer" in none.buttons
    # Months later: only whoever asked for it reads their own words in the form, and nobody else's.
    stage.clock.advance(timedelta(days=98))
    await stage.until("2027-01-25 09:05")
    prompt = stage.prompts()[-1]
    before = stage.text(await stage.presses("ada", prompt, "Answer or edit"))
    assert "you answered" not in before
    await stage.presses("ada", await stage.asks("ada", "/my settings"), "Show me my earlier words")
    form = stage.text(await stage.presses("ada", prompt, "Answer or edit"))
    assert "Only you see this" in form
    assert "loud before the first bell" in form or "The bus came late again." in form
    assert "mine" not in form
    stopped = await stage.presses(
        "ada", await stage.asks("ada", "/my settings"), "Stop showing my earlier words"
    )
    assert "Show me my earlier words" in stopped.buttons
    assert "Only you see this" not in stage.text(await stage.presses("ada", prompt, "Answer or edit"))
