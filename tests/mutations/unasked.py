"""The mechanisms that keep what comes unasked to working hours, to true words and to one budget."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORIES = "tests/stories/test_reminders_one_keeps_on.py"
NOTICES = "tests/stories/test_membership_notices.py"
FIRST = "tests/stories/test_first_contact.py"
HOURS, POLICY, BUDGET = "bot/people/hours.py", "bot/reminders/policy.py", "bot/reminders/budget.py"
LESSONS, PROMPTS = "bot/courses/lessons/reminders.py", "bot/reflections/answers/reminders.py"
OFF = f"{STORIES}::test_nothing_comes_at_night_at_a_weekend_or_on_a_holiday"
FAREWELL = f"{STORIES}::test_a_farewell_to_a_lesson_is_final_also_in_july"

MUTATIONS = (
    Mutation(
        "a first answer brings the welcome", (13,), "bot/account/feature.py",
        "(Answered, welcomes.answered)", "(Answered, lambda _conn, _fact: None)",
        (f"{FIRST}::test_a_first_contact_by_any_door_brings_one_welcome_and_no_other_door_a_second",),
        by="ValueError",
    ),
    Mutation(
        "the welcome comes once", (13,), "bot/people/welcome_marks.py",
        '.where(member.c.id == bindparam("of"), member.c.noticed_at.is_(None))', '.where(member.c.id == bindparam("of"))',
        (f"{FIRST}::test_a_first_contact_by_any_door_brings_one_welcome_and_no_other_door_a_second",),
    ),
    Mutation(
        "nothing comes unasked at a weekend", (13,), HOURS,
        "(self.workdays and day.weekday() >= SATURDAY)", "False", (OFF,),
    ),
    Mutation(
        "nothing comes unasked on a public holiday", (13,), HOURS,
        'country = "" if known else', 'country = "" and', (OFF,),
    ),
    Mutation(
        "nothing comes unasked outside working hours", (13,), "bot/people/preferences.py",
        "QUIET = (time(17), time(8))", "QUIET = (time(20), time(7))", (OFF,),
    ),
    Mutation(
        "a calendar takes the place of public holidays", (13,), HOURS,
        'country = "" if known else', "country =",
        (f"{STORIES}::test_a_calendar_of_ones_own_takes_the_place_of_public_holidays",),
    ),
    Mutation(
        "the reason of a reminder is its reader's own", (13,), PROMPTS,
        "reminder_cards.reason, here, one.last_at, zone", "reminder_cards.reason, here, here.opened_at, zone",
        (f"{STORIES}::test_the_reason_is_true_of_each_reader",),
    ),
    Mutation(
        "the last reminder of prompts says so", (13,), POLICY,
        "ends_series=len(taken) + 1 >= steps", "ends_series=False",
        (f"{STORIES}::test_the_last_reminder_of_prompts_says_so_and_is_the_last",),
    ),
    Mutation(
        "a farewell to a lesson is final", (13,), LESSONS,
        "and not said_goodbye(conn, one, each)", "", (FAREWELL,),
    ),
    Mutation(
        "an old lesson is not reminded of", (13,), LESSONS,
        "and each.mark.due_at + FRESH > now", "", (FAREWELL,),
    ),
    Mutation(
        "no sentence is said twice in a month", (13,), POLICY,
        "if one not in said]", "if one]",
        (f"{STORIES}::test_no_sentence_comes_twice_within_a_month",),
    ),
    Mutation(
        "nobody is reminded in the last two hours of a prompt", (13,), PROMPTS,
        "until=here.closes_at - TOO_LATE", "until=here.closes_at",
        (f"{STORIES}::test_nobody_is_reminded_in_the_last_two_hours",),
    ),
    Mutation(
        "two things never come at once", (13,), BUDGET,
        "if abs(one - at) < SPACING:", "if False:",
        (f"{STORIES}::test_a_prompt_and_a_lesson_never_come_in_one_minute",),
    ),
    Mutation(
        "what comes unasked shares one budget", (13,), BUDGET,
        "if counted and len(week) >= WEEKLY:", "if False:",
        (f"{STORIES}::test_what_comes_unasked_shares_one_budget",),
    ),
    Mutation(
        "who joins a team takes its course at once", (13,), "bot/courses/enrollment/groups.py",
        'if is_team_enrolled(conn, community_id, team_id):', "if False:",
        (f"{NOTICES}::test_who_joins_a_team_that_takes_a_course_is_enrolled_at_once_and_told",),
    ),
    Mutation(
        "a lesson waits for the notice of its course", (13,), "bot/courses/lessons/release.py",
        "if notice is not None:", "if False:",
        (f"{STORIES}::test_who_is_enrolled_hears_of_it_before_the_first_lesson_comes",),
    ),
)  # fmt: skip
