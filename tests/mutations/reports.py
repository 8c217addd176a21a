"""The mechanisms by which a report tells what is true, of nobody, and only when there is something to tell."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

ROOM = "bot/reports"
COUNTED = "tests/reports/test_prompt_counts.py"
BY_HAND = f"{COUNTED}::test_a_prompt_is_counted_as_anybody_would_count_it"
TEAMS = f"{COUNTED}::test_no_sum_of_teams_leaves_fewer_than_five"
LATER = "tests/reports/test_told_later.py::test_a_number_is_told_no_longer_once_too_few_are_left_unseen"
AWAY = f"{COUNTED}::test_who_was_away_all_the_time_is_not_counted_and_who_came_back_in_time_is"
SCHOOL = "tests/stories/test_reports.py::test_three_weeks_of_a_small_school"
NOTE = "tests/stories/test_reports.py::test_the_note_can_be_turned_off_and_comes_to_each_moderator_without_a_channel"
CHOICE = "tests/reports/test_highlights.py::test_the_rules_of_the_choice_hold_when_somebody_is_asked"

SHOWING = "tests/stories/test_highlights.py"
BACK = f"{SHOWING}::test_an_answer_is_asked_for_agreed_to_shown_and_taken_back"
WITH_IT = f"{SHOWING}::test_without_a_name_it_has_none_and_goes_with_the_answer"
GONE = f"{SHOWING}::test_a_no_is_a_no_and_nothing_is_left_of_who_is_erased"
MONTHS = "tests/stories/test_monthly_card.py"
OCTOBER = f"{MONTHS}::test_what_was_tried_in_october_is_told_in_november_and_goes_when_it_is_taken_back"
SPANISH = f"{MONTHS}::test_a_spanish_community_reads_it_in_spanish_and_nothing_of_who_was_erased"

MUTATIONS = (
    Mutation(
        "a report tells no number of fewer than five", (11,), f"{ROOM}/prompt_counts.py",
        "seen if may_tell(seen) else None", "seen", (BY_HAND,),
    ),
    Mutation(
        "a report does not tell of how few did not answer", (11,), f"{ROOM}/prompt_counts.py",
        "asked if apart else None", "asked", (BY_HAND,),
    ),
    Mutation(
        "what was counted is told only while five are left unseen", (11,), f"{ROOM}/figures.py",
        "if not one.everybody or _unseen(conn, one) >= MINIMUM:", "if True:", (LATER,),
    ),
    Mutation(
        "who was away the whole time is not counted", (11,), f"{ROOM}/prompt_counts.py",
        "account.c.member_id.not_in(gone),", "", (AWAY,),
    ),
    Mutation(
        "no sum of a team can be taken from another", (11,), f"{ROOM}/scale_counts.py",
        "if not any(0 < few < MINIMUM for few in (left, left + shared)):", "if True:", (TEAMS,),
    ),
    Mutation(
        "an answer that was thanked for waits no longer", (11,), f"{ROOM}/waiting_list.py",
        ", HAS_WORDS, ~is_thanked(), ~replied)", ", HAS_WORDS, ~replied)", (SCHOOL,),
    ),
    Mutation(
        "nothing is told to moderators where nothing happened", (11,), f"{ROOM}/figures.py",
        "return bool(self.prompts or self.waiting or a.failed or a.low or a.looks)", "return True", (SCHOOL,),
    ),
    Mutation(
        "the note waits for a working day", (11,), f"{ROOM}/monday_note.py",
        "return community_hours(conn, home.id, now).slot(week.shifted(1).monday, AT)",
        "return week.ends(community_hours(conn, home.id, now).zone)", (SCHOOL,),
    ),
    Mutation(
        "the note after a break is of the week before it", (11,), f"{ROOM}/monday_note.py",
        'week_named(untold or "") or due.week', "due.week", (SCHOOL,),
    ),
    Mutation(
        "moderators can turn the note off", (11,), f"{ROOM}/monday_note.py",
        "if is_switched_on(conn, home.id) and now < due.until:", "if now < due.until:", (NOTE,),
    ),
    Mutation(
        "an author takes back what is shown of them", (11,), f"{ROOM}/highlights/commands.py",
        "    posts.take_down(conn, one, request.now)\n    shown =", "    shown =", (BACK,),
    ),
    Mutation(
        "no author is asked twice within two months", (11,), f"{ROOM}/highlights/candidates.py",
        ", LONGEST), ~asked, ~reported)", ", LONGEST), ~reported)", (BACK,),
    ),
    Mutation(
        "no author is asked about another answer so soon", (11,), f"{ROOM}/highlights/candidates.py",
        "or_(highlight.c.answer_id == answer.c.id, lately)", "highlight.c.answer_id == answer.c.id", (CHOICE,),
    ),
    Mutation(
        "who does not want their name shown has none", (11,), f"{ROOM}/highlights/cards.py",
        "by=answer.name if one.named else None", "by=answer.name", (WITH_IT,),
    ),
    Mutation(
        "what is shown goes with the answer", (11,), f"{ROOM}/highlights/posts.py",
        "                take_down(conn, one, now)\n                tables.decide", "                tables.decide", (WITH_IT,),
    ),
    Mutation(
        "a post of an answer is edited only where it looks different", (11,), f"{ROOM}/highlights/posts.py",
        "    if post is not None and sign != one.sign:", "    if post is not None:",
        ("tests/reports/test_highlights.py::test_a_post_is_edited_only_where_it_looks_different",),
    ),
    Mutation(
        "what is shown of somebody goes with them", (11,), f"{ROOM}/highlights/commands.py",
        "        posts.take_down(conn, one, whose.now)\n", "", (GONE,),
    ),
    Mutation(
        "the monthly card shows only what everyone may read", (11,), f"{ROOM}/monthly_card/tried_things.py",
        "and_(IS_GIVEN, public_reader(community_id).condition(SHARED))", "IS_GIVEN", (OCTOBER,),
    ),
    Mutation(
        "the monthly card waits for a working day", (11,), f"{ROOM}/monthly_card/months.py",
        ".slot(first, AT)", ".starts_at(datetime.combine(first, AT, UTC))", (OCTOBER,),
    ),
    Mutation(
        "the monthly card follows the answers on it", (11,), f"{ROOM}/monthly_card/posts.py",
        "self._follow(conn, tables.cards_showing(conn, monthly_thing.c.occurrence_id == fact.occurrence_id))", "pass", (OCTOBER,),
    ),
    Mutation(
        "a monthly card on which nothing is left is removed", (11,), f"{ROOM}/monthly_card/posts.py",
        "standing_posts.remove_post(conn, post, now)", "pass", (OCTOBER,),
    ),
    Mutation(
        "the monthly card is silent where nobody tried anything", (11,), f"{ROOM}/monthly_card/tried_things.py",
        "        _t.tried_at >= find_day_start(month, zone),\n", "", (SPANISH,),
    ),
    Mutation(
        "strategies of an erased member go from the monthly card", (11,), "bot/strategies/member_data.py",
        "    for thing in touched:\n", "    for thing in ():\n", (SPANISH,),
    ),
    Mutation(
        "what somebody no longer says that they tried goes from the monthly card", (11,), "bot/strategies/tries.py",
        "        if was:\n", "        if not was:\n", (SPANISH,),
    ),
    Mutation(
        "ratings are counted at least five together", (11,), "bot/ratings/tables.py",
        "if may_tell(len(found)):", "if found:",
        ("tests/stories/test_ratings.py::test_a_tap_is_taken_back_and_goes_with_its_member",),
    ),
    Mutation(
        "what somebody said of a prompt is forgotten when it is counted", (11,), "bot/ratings/tables.py",
        "conn.execute(update(rating).where(counted).values(choice=None))", "pass",
        ("tests/stories/test_ratings.py::test_five_taps_become_a_total_and_nobody_can_be_found_in_it",),
    ),
    Mutation(
        "processes that count ratings at once count them once", (11,), "bot/ratings/tables.py",
        ".limit(limit).with_for_update(skip_locked=True)", ".limit(limit)",
        ("tests/ratings/test_counting.py::test_two_processes_that_count_at_once_count_once",),
    ),
    Mutation(
        "the fifth tap is seen whoever taps beside it", (11,), "bot/ratings/tables.py",
        "    _hold_total(conn, community_id, thing)\n    new", "    new",
        ("tests/ratings/test_counting.py::test_a_tap_while_others_are_counted_is_neither_lost_nor_counted_early",),
    ),
)  # fmt: skip
