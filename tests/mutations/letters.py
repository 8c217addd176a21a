"""The mechanisms by which somebody's earlier words come back to them alone, and only when they want it."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, LETTER = "tests/stories/test_letters.py", "tests/letters/test_letter.py"
YEAR = f"{STORY}::test_a_letter_is_offered_once_at_the_end_of_a_year_and_read_by_its_author_alone"
COURSE = f"{STORY}::test_a_letter_about_a_course_is_offered_the_day_after_and_none_that_would_be_empty"
FOUND = (
    f"{STORY}::test_own_answers_are_found_by_word_day_prompt_and_lesson_and_earlier_words_come_back_on_wish"
)

MUTATIONS = (
    Mutation(
        "nobody is offered an empty letter", (28,), "bot/letters/offers.py",
        "return value if write_letter(entries) is not None else None", "return value",
        (COURSE,),
    ),
    Mutation(
        "a letter is offered once, and once more to whoever put it off", (28,), "bot/letters/offers.py",
        "tables.set_offer(conn, one, None if again else now + PUT_OFF, now)", "tables.set_offer(conn, one, None, now)",
        (YEAR,),
    ),
    Mutation(
        "the end of a course is an occasion for a letter", (28,), "bot/letters/offers.py",
        "if conn.execute(select(c.id).where(done)).first() is not None:", "if False:",
        (COURSE,),
    ),
    Mutation(
        "earlier words come back only on wish", (44,), "bot/reflections/answers/earlier_words.py",
        "if not preferences_of(conn, member_id).recall:", "if False:",
        (FOUND,),
    ),
    Mutation(
        "a word that the question said has not come back", (44,), "bot/letters/letter.py",
        "if stem not in asked and word", "if word",
        (f"{LETTER}::test_a_word_comes_back_in_three_answers_weeks_apart_and_not_when_the_question_said_it",),
    ),
    Mutation(
        "own answers are found up to a day", (44,), "bot/reflections/answers/history_filter.py",
        "if self.until is not None:\n            found", "if False:\n            found",
        (FOUND,),
    ),
)  # fmt: skip
