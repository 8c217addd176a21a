"""What a letter says of somebody's answers, in both languages; and of a school year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.letters.letter import OwnEntry, ScaleMove, ScalePick, thin_out, write_letter
from bot.letters.school_year import SchoolYear, usual_year, year_of_terms

FIRST = date(2026, 9, 7)


def entry(
    day: int,
    words: str,
    prompt: int = 1,
    theme: str = "time",
    asked: str = "What did you hear?",
    **more: object,
) -> OwnEntry:
    return replace(
        OwnEntry(FIRST + timedelta(days=day), prompt, f"Prompt {prompt}", theme, asked, words), **more
    )


def pick(value: int) -> ScalePick:
    return ScalePick("How rested are you?", value, 1, 5, "not at all", "fully")


def test_the_first_and_latest_words_to_the_same_prompt_come_before_those_about_a_theme():
    letter = write_letter((
        entry(200, "The hall is quiet on Mondays now."),
        entry(0, "The hall is loud all day."),
        entry(100, "The hall is loud at noon."),
        entry(5, "Nobody reads what I send home.", prompt=2, theme="families"),
        entry(150, "Rosa’s mother wrote back to me.", prompt=3, theme="families"),
    ))  # fmt: skip
    assert letter is not None
    [pair] = letter.pairs
    assert (pair.then.words, pair.now.words) == (
        "The hall is loud all day.",
        "The hall is quiet on Mondays now.",
    )
    assert (letter.count, letter.first, letter.last) == (5, FIRST, FIRST + timedelta(days=200))


def test_without_a_prompt_that_came_twice_the_theme_is_taken_and_then_anything():
    words = ("Nobody reads what I send.", "Her mother wrote to me.", "The bell is far too early.")
    families = [
        entry(40 * n, text, prompt=n, theme="families" if n < 2 else "time") for n, text in enumerate(words)
    ]
    [pair] = write_letter(families).pairs  # type: ignore[union-attr] # there is one
    assert (pair.then.words, pair.now.words) == words[:2]
    apart = [entry(40 * n, text, prompt=n + 1, theme=f"t{n}") for n, text in enumerate(words)]
    [pair] = write_letter(apart).pairs  # type: ignore[union-attr]
    assert (pair.then.words, pair.now.words) == (words[0], words[2])


def test_what_is_too_little_or_too_close_together_makes_no_letter():
    assert write_letter([]) is None
    assert write_letter([entry(0, "The hall is loud today."), entry(90, "The hall is quiet today.")]) is None
    assert write_letter([entry(n, "The hall is loud today.") for n in range(5)]) is None
    assert write_letter([entry(40 * n, "Yes.") for n in range(5)]) is None


def test_a_word_comes_back_in_three_answers_weeks_apart_and_not_when_the_question_said_it():
    said = (
        "The hallways, a corridor.",
        "One hallway, no corridor.",
        "My hallway is the corridor.",
        "No more of it.",
    )
    letter = write_letter([entry(20 * n, text, asked="How is the corridor?") for n, text in enumerate(said)])
    assert letter is not None
    assert [one.word for one in letter.words] == ["hallways"]
    word = letter.words[0]
    assert (word.word, word.times, word.first, word.last) == (
        "hallways",
        3,
        FIRST,
        FIRST + timedelta(days=40),
    )
    spanish = (
        "El pasillo está lleno.",
        "Los pasillos, también ahora.",
        "Escuché el pasillo desde el timbre.",
    )
    letter = write_letter([entry(20 * n, text) for n, text in enumerate(spanish)])
    assert letter is not None
    assert [one.word for one in letter.words] == ["pasillo"]


def test_a_scale_is_told_with_all_that_was_picked_on_it_or_evenly_thinned():
    values = (2, 3, 3, 4)
    letter = write_letter([entry(20 * n, "", picks=(pick(value),)) for n, value in enumerate(values)])
    assert letter is not None
    [move] = letter.scales
    assert [one.value for _day, one in thin_out(move, 6)] == [2, 3, 3, 4]
    long = ScaleMove(tuple((FIRST + timedelta(days=n), pick(1 + n % 5)) for n in range(40)))
    thin = list(thin_out(long, 6))
    assert (len(thin), thin[0], thin[-1]) == (6, long.picks[0], long.picks[-1])


def test_a_school_year_is_what_the_terms_say_else_what_is_usual():
    fall, spring = (date(2026, 8, 24), date(2026, 12, 18)), (date(2027, 1, 4), date(2027, 5, 28))
    year = SchoolYear(fall[0], spring[1])
    assert year_of_terms((spring, fall), date(2027, 2, 1)) == year
    assert year_of_terms((spring, fall), date(2027, 6, 2)) == year
    assert year_of_terms((spring, fall), date(2027, 11, 2)) is None, "nobody has entered the next year"
    assert year_of_terms((spring, fall), date(2026, 8, 1)) is None
    assert usual_year("US", date(2027, 6, 10)).ends == date(2027, 6, 5)
    assert usual_year("US", date(2026, 9, 10)) == SchoolYear(date(2026, 8, 4), date(2027, 6, 5))
    assert usual_year("US", date(2027, 1, 10)) == usual_year("US", date(2026, 9, 10))
    assert usual_year("NZ", date(2027, 1, 10)) == SchoolYear(date(2026, 2, 3), date(2026, 12, 5))
    assert usual_year("NZ", date(2027, 3, 10)).ends == date(2027, 12, 5)
