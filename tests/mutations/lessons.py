"""The mechanisms of lessons: when they come, how they are done, and what evidence says of them."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

ROOM = "bot/courses/lessons"
COMPLETION, FILLS = f"{ROOM}/completion.py", f"{ROOM}/plan_fills.py"
WHOLE = "tests/stories/test_from_cause_to_change.py::test_a_team_goes_from_a_problem_to_a_second_change"
STORY, CONTENT = "tests/stories/test_finishing.py", "tests/courses/test_content.py"
PLAN = f"{STORY}::test_whoever_wrote_into_the_plan_has_done_the_lesson_and_the_others_say_so_with_one_tap"
ASKED = f"{STORY}::test_idk_is_asked_about_once_and_evidence_says_how_each_lesson_was_finished"
ANSWER = f"{STORY}::test_an_answer_that_says_nothing_begins_the_lesson_and_asks_for_one_thing"
WAITS = f"{STORY}::test_a_lesson_that_waits_says_for_what_and_can_be_opened_all_the_same"

MUTATIONS = (
    Mutation(
        "a lesson waits for those it names", (51,), f"{ROOM}/release.py",
        " or waited_for(coming, stations):", ":", (WAITS,),
    ),
    Mutation(
        "a reminder says which lesson waits", (13,), f"{ROOM}/reminders.py",
        "team, held_up(station, stations)),", "team, None),", (WAITS,),
    ),
    Mutation(
        "a lesson leaves the one before it its days", (51,), f"{ROOM}/release.py",
        "timedelta(days=coming.lesson.after_days)", "timedelta()", (WAITS,),
    ),
    Mutation(
        "who says nothing of a lesson is asked, and once", (53,), COMPLETION,
        "mark.asked_at is not None or ", "", (ASKED, ANSWER),
    ),
    Mutation(
        "a note that says nothing is asked about", (53,), COMPLETION,
        " or says_something(note):", " or note:", (ASKED,),
    ),
    Mutation(
        "an answer that says nothing finishes no lesson", (53,), COMPLETION,
        "if finishes and (fact.says_something or", "if finishes and (True or", (ANSWER,),
    ),
    Mutation(
        "a changed answer finishes its lesson", (53,), "bot/reflections/answers/intake.py",
        "        tell_lesson(conn, here, member_id, self.tell)\n",
        "        if new:\n            tell_lesson(conn, here, member_id, self.tell)\n", (ANSWER,),
    ),
    Mutation(
        "writing into the plan finishes the lesson of who wrote", (51,), f"{ROOM}/plan_completion.py",
        "if mark.member_id in fills.writers(needs) and fills", "if False and fills", (PLAN,),
    ),
    Mutation(
        "who wrote nothing says it themselves", (51,), f"{ROOM}/plan_completion.py",
        "        wrote = mates & {writer for _part, writer, _day in fills.rows if writer is not None}\n", "        wrote = mates\n", (PLAN,),
    ),
    Mutation(
        "a lesson wants every part that its steps name", (51,), FILLS,
        "all(len(days[part])", "any(len(days[part])", (PLAN,),
    ),
    Mutation(
        "two looks are two", (51,), f"{ROOM}/model.py",
        "times if part == LOOK else 1", "1",
        ("tests/courses/test_plan_fills.py::test_two_looks_are_looks_on_two_days",),
    ),
    Mutation(
        "writing into the plan is a sign of life", (37,), f"{ROOM}/plan_completion.py",
        "if one.done_at is not None or one.alive_at >= now - DAY:", "if True:",
        ("tests/courses/test_plan_fills.py::test_whoever_writes_into_the_plan_is_not_silent_in_a_course_that_asks_for_one",),
    ),
    Mutation(
        "a reminder knows that the team did it already", (37,), f"{ROOM}/reminders.py",
        "    if not team.did:\n        return station", "    if True:\n        return station", (WHOLE,),
    ),
    Mutation(
        "whoever took part finishes the lesson from the end of the meeting", (37,), "bot/team_plans/meetings/agenda.py",
        "    return plan_fills_of(conn, team_id, found[1].plan_needs).fulfill(found[1])", "    return False", (WHOLE,), by="Rejected",
    ),
    Mutation(
        "a part stays filled when its writer is forgotten", (37,), FILLS,
        "conn.execute(update(plan_fill).where(mine).values(member_id=None))", "conn.execute(delete(plan_fill).where(mine))",
        ("tests/courses/test_plan_fills.py::test_what_a_team_did_stays_done_when_its_writer_is_forgotten",),
    ),
    Mutation(
        "a part that is empty again is not filled", (51,), FILLS,
        "    if not fact.filled:\n", "    if False:\n", (PLAN,),
    ),
    Mutation(
        "evidence tells a line from a bare word", (51,), "bot/courses/evidence/document.py",
        'if says_something(mark.note or ""):', "if True:", (ASKED,),
    ),
    Mutation(
        "a meeting is printed on one page", (51,), "bot/pictures/paper.py",
        "if whole or pdf.page_no() == 1 else None", "",
        ("tests/courses/test_handouts.py::test_each_meeting_and_each_further_page_fits_on_one_page",),
    ),
    Mutation(
        "no handout is offered that cannot be made", (51,), "bot/pictures/paper.py",
        'return find_spec("fpdf") is not None', "return True",
        (f"{STORY}::test_a_lesson_is_short_and_the_rest_is_behind_buttons",),
    ),
    Mutation(
        "a step does not fill the plan too early", (51,), f"{ROOM}/file_order.py",
        "if need is not None and need not in filled:", "if False:",
        (f"{CONTENT}::test_every_mistake_is_told_with_its_place_and_a_remedy[a fix before the problem]",),
    ),
    Mutation(
        "a lesson waits only for one before it", (51,), f"{ROOM}/file_order.py",
        "            if one not in before:\n", "            if False:\n",
        (f"{CONTENT}::test_every_mistake_is_told_with_its_place_and_a_remedy[waiting for what comes later]",),
    ),
    Mutation(
        "nobody is asked on the morning of a lesson what they did in it", (51,), "bot/reflections/prompts/seasons.py",
        "return max(came + TO_DO_IT, ", "return max(came, ",
        ("tests/reflections/test_seasons.py::test_a_prompt_that_completes_a_lesson_comes_when_the_lesson_has_come",),
    ),
    Mutation(
        "who comes later to a lesson takes its weeks from nobody", (51,), "bot/reflections/prompts/bank.py",
        "first = min(row.lesson_opens_at, opens) if running else opens", "first = opens",
        ("tests/reflections/test_seasons.py::test_a_lesson_of_three_weeks_is_asked_about_in_its_last_two",),
    ),
)  # fmt: skip
