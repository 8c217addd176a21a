"""The mechanisms by which a course fits the people who take it: who is seen, what waits, and what rests."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SUPPORT = "tests/stories/test_support.py::test_a_lead_sees_who_might_want_a_hand_of_those_who_show_it[local]"
MOVED = "tests/stories/test_moved_lessons.py::test_a_lesson_is_moved_before_it_comes[local]"
COHORT = "tests/stories/test_cohorts.py::test_a_group_starts_together_on_its_day_in_its_own_place[local]"
QUIZ = "tests/stories/test_quizzes.py::test_a_quiz_is_answered_once_and_its_score_is_ones_own[local]"
BUDDY = "tests/stories/test_buddies.py::test_two_who_both_want_it_are_buddies_and_change_on_request[local]"
COMPARED = "tests/stories/test_comparisons.py::test_teams_compare_totals_if_the_leads_of_both_say_so[local]"
SILENT = "tests/stories/test_silent_courses.py"
PAUSED = f"{SILENT}::test_a_silent_course_is_paused_and_one_word_resumes_it[local]"

MUTATIONS = (
    Mutation(
        "a lead sees only those who chose to show it", (44,), "bot/courses/support/overdue.py",
        "            preferences.c.hand.is_(True),\n", "", (SUPPORT,),
    ),
    Mutation(
        "only a lead sees who might want a hand", (44,), "bot/courses/support/lead_view.py",
        "if not tables.is_lead(conn, team.id, request.member.id):", "if False:", (SUPPORT,),
    ),
    Mutation(
        "a lesson that was moved does not come before its day", (18,), "bot/courses/holds/tables.py",
        "    return at if day is None else max(", "    return at if True else max(", (MOVED,),
    ),
    Mutation(
        "only a lead or a moderator moves a team's lesson", (44,), "bot/courses/holds/moves.py",
        '    team = teams_resolve.named_team(conn, request, request.text("team"))\n    require_lead(conn, request, team)\n',
        '    team = teams_resolve.named_team(conn, request, request.text("team"))\n', (MOVED,),
    ),
    Mutation(
        "a course in which nothing happens is paused", (28,), "bot/courses/pauses/silence.py",
        "        if due is not None and due <= now:\n", "        if False:\n", (PAUSED,),
    ),
    Mutation(
        "breaks and days away do not count as silence", (28,), "bot/courses/pauses/silence.py",
        "left -= not any(span.starts <= day <= span.ends for span in off)", "left -= 1", (PAUSED,),
    ),
    Mutation(
        "one word resumes a course that was paused after silence", (53,), "bot/courses/pauses/words.py",
        "    for one in paused:\n        resume_quietly(conn, one, request.now)\n    return Taken", "    return Taken", (PAUSED,),
    ),
    Mutation(
        "resume brings back the courses with the messages", (53,), "bot/courses/pauses/words.py",
        "        resume_quietly(conn, one, fact.at)\n", "        str(one)\n",
        (f"{SILENT}::test_whoever_said_stop_is_told_nothing_and_resume_brings_all_back[local]",),
    ),
    Mutation(
        "the starter of a lesson is posted once", (8,), "bot/discussions/left_out.py",
        "    return any(starter in (text or \"\") for text in said)\n", "    return False and bool(said)\n",
        ("tests/stories/test_discussions.py::test_the_starter_of_each_lesson_is_posted_once_on_its_day[local]",),
    ),
    Mutation(
        "a cohort's first lesson waits for its day", (18,), "bot/courses/cohorts/starts.py",
        "    if group is None or lesson_marks(conn, one.id):\n", "    if True:\n", (COHORT,),
    ),
    Mutation(
        "the start of a cohort that was taken back is not posted", (19,), "bot/courses/cohorts/starts.py",
        "        outbox.cancel_draft(conn, group.key)\n", "",
        ("tests/stories/test_cohorts.py::test_a_start_that_was_taken_back_is_not_posted[local]",),
    ),
    Mutation(
        "a quiz is answered once", (22,), "bot/courses/quizzes/tables.py",
        "    return None if row is None else QuizAttempt(*row)\n", "    return None if row is None or row else None\n", (QUIZ,),
    ),
    Mutation(
        "each choice of a quiz has its own word", (53,), "bot/courses/quizzes/attempts.py",
        "    said = question.says[choice : choice + 1]\n", "    said = ()\n",
        ("tests/stories/test_quizzes.py::test_each_choice_has_its_own_word_and_no_lesson_waits_for_a_quiz[local]",),
    ),
    Mutation(
        "a lesson without a date is promised none", (18,), "bot/courses/holds/moves.py",
        "    if all(one.dated for one in moved):\n", "    if moved:\n",
        ("tests/stories/test_moved_lessons.py::test_a_lesson_is_moved_before_it_comes[local]",),
    ),
    Mutation(
        "a large group is enrolled a piece at a time", (51,), "bot/courses/enrollment/groups.py",
        "sorted(group)[:PIECE], now)\n", "sorted(group), now)\n",
        ("tests/courses/test_groups.py::test_a_large_group_is_enrolled_a_piece_at_a_time",),
    ),
    Mutation(
        "whoever left a course is not enrolled again with their group", (13,), "bot/courses/enrollment/groups.py",
        "            or (known.left_at is not None and known.left_by == RULE)\n", "            or known.left_at is not None\n",
        ("tests/courses/test_groups.py::test_who_left_by_themselves_is_neither_counted_nor_enrolled_again",),
    ),
    Mutation(
        "what cannot be posted now is not offered", (8,), "bot/discussions/kind.py",
        "        if lacks_starter(conn, schedule.id, *templates(settings_of(schedule), own), lesson):\n", "        if False:\n",
        ("tests/stories/test_discussions.py::test_the_starter_of_each_lesson_is_posted_once_on_its_day[local]",),
    ),
    Mutation(
        "whoever has finished is promised no search", (28,), "bot/courses/buddies/pairs.py",
        "cards.ended_card(listed) if looks else cards.over_card(listed)", "cards.ended_card(listed)", (BUDDY,),
    ),
    Mutation(
        "the score of a quiz is in the evidence", (53,), "bot/courses/quizzes/evidence.py",
        '        {**one, "quiz": {"right": score.right, "of": score.questions}}\n', "        one\n", (QUIZ,),
    ),
    Mutation(
        "a pair of buddies ends for both", (37,), "bot/courses/buddies/tables.py",
        "    alone = or_(_c.mate_id == _c.member_id, and_(_c.mate_id.is_not(None), ~exists().where(_BACK)))\n",
        "    alone = _c.mate_id == _c.member_id\n", (BUDDY,),
    ),
    Mutation(
        "nobody is paired again with whom they just had", (28,), "bot/courses/buddies/pairs.py",
        "            if one.course_id != other.course_id or apart:\n", "            if one.course_id != other.course_id:\n", (BUDDY,),
    ),
    Mutation(
        "the total of a team is for others only if both agree", (44,), "bot/courses/teams/team_progress.py",
        "or compares_with_any(conn, team.id, own)", "or True", (COMPARED,),
    ),
    Mutation(
        "teams compare only what both have agreed to", (44,), "bot/courses/comparisons/commands.py",
        "    if known is not None and known.agreed_at is not None:\n", "    if known is not None:\n", (COMPARED,),
    ),
    Mutation(
        "breaks and days away are in no count of weeks", (28,), "bot/courses/weeks/count.py",
        "if not _is_off(monday, off) and", "if", ("tests/courses/test_weeks.py::test_a_break_and_days_away_are_in_neither_number",),
    ),
)  # fmt: skip
