"""The mechanisms by which a prompt is asked at its time of the year, with help that fits, and stays with whom it should."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SELECTION, SEASONS = "bot/reflections/prompts/selection.py", "bot/reflections/prompts/seasons.py"
ROOM = "bot/reflections/answers"
YEAR, STORIES = "tests/reflections/test_seasons.py", "tests/stories/test_sensitive_prompts.py"
CANDID = f"{STORIES}::test_an_answer_to_a_sensitive_prompt_is_its_authors_alone_wherever_it_is_said"

MUTATIONS = (
    Mutation(
        "a prompt comes in its months", (51,), SEASONS,
        "if months and at.astimezone(ZoneInfo(zone)).month not in months:", "if False:",
        (f"{YEAR}::test_prompts_come_in_their_months_and_none_comes_back_before_the_others",),
    ),
    Mutation(
        "a month is that of the schedule's zone", (51,), SEASONS,
        "at.astimezone(ZoneInfo(zone)).month", "at.month",
        (f"{YEAR}::test_a_month_is_that_of_the_community",),
    ),
    Mutation(
        "a prompt with few months goes first", (51,), SEASONS,
        "or 0 < len(row.content.get(\"months\", ())) <= FEW_MONTHS", "",
        (f"{YEAR}::test_prompts_come_in_their_months_and_none_comes_back_before_the_others",),
    ),
    Mutation(
        "a prompt that completes a lesson waits for it", (51,), SEASONS,
        'if not row.content.get("completes"):', "if True:",
        (f"{YEAR}::test_nobody_is_asked_what_came_of_a_lesson_that_came_to_nobody",),
    ),
    Mutation(
        "a lesson's own prompt goes first while the lesson is open", (51,), SEASONS,
        'return bool(row.content.get("completes")) or', "return",
        (f"{YEAR}::test_a_prompt_that_completes_a_lesson_comes_when_the_lesson_has_come",),
    ),
    Mutation(
        "a lesson's own prompt is for the weeks of the lesson", (51,), SEASONS,
        "opens <= at <= row.lesson_closes_at", "opens <= at",
        (f"{YEAR}::test_two_weeks_after_a_lesson_its_prompt_waits_for_the_next_time",),
    ),
    Mutation(
        "a lesson that comes to somebody is told", (51,), "bot/courses/lessons/release.py",
        "coming, hours, now, self._tell)", "coming, hours, now, lambda _conn, _fact: None)",
        (f"{STORIES}::test_the_prompt_of_a_lesson_comes_in_the_week_in_which_the_lesson_has_come",),
    ),
    Mutation(
        "rather out of season than silent", (51,), SELECTION,
        "self._seasons[at] = found or self.rows", "self._seasons[at] = found",
        (f"{YEAR}::test_a_deck_of_one_season_is_rather_asked_out_of_it_than_silent",), by="ValueError",
    ),
    Mutation(
        "no form has to come twice running later", (51,), SELECTION,
        "(row.content[\"form\"] not in good, *self._order(row))", "self._order(row)",
        (f"{YEAR}::test_of_two_forms_the_frequent_one_comes_first_so_that_none_has_to_come_twice",),
    ),
    Mutation(
        "an answer to a sensitive prompt stays with its author", (51,), f"{ROOM}/first_sharing.py",
        "if prompt.audience:", "if False:", (CANDID,),
    ),
    Mutation(
        "a sensitive prompt asks for no answers in the thread", (51,), "bot/reflections/cards.py",
        "    if prompt.audience:\n        return _sensitive", "    if False:\n        return _sensitive", (CANDID,),
    ),
    Mutation(
        "a prompt can be anonymous by itself", (42,), "bot/reflections/schedule/anonymity.py",
        'drawn.prompt.audience == "anonymous"', "False",
        (f"{STORIES}::test_a_prompt_can_be_anonymous_in_a_deck_that_is_not",),
    ),
    Mutation(
        "help fades with the number of answers", (51,), f"{ROOM}/help_size.py",
        'return "full" if count < HALF_FROM else "half" if count < BARE_FROM else "bare"', 'return "full"',
        (f"{YEAR}::test_help_fades_with_the_number_of_answers_and_whoever_wants_another_size_has_it",),
    ),
    Mutation(
        "the step up is an invitation after an answer", (51,), f"{ROOM}/hints.py",
        "    if not prompt.deeper:\n", "    if True:\n",
        (f"{STORIES}::test_the_step_up_is_an_invitation_after_an_answer_and_not_before",),
    ),
)  # fmt: skip
