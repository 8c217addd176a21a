"""The mechanisms by which no number tells of fewer than five people, and what moderators hide is hidden."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

GROUPS = "bot/people/small_groups.py"
TOTALS, COUNTED = "bot/courses/teams/team_totals.py", "tests/courses/test_team_totals.py"
TURNOUT, DIGESTS = "bot/reflections/answers/turnout.py", "tests/reflections/test_turnout.py"
SUBTRACTED = f"{COUNTED}::test_no_two_totals_differ_by_what_fewer_than_five_did"

MUTATIONS = (
    Mutation(
        "what is left beside the names is five or more", (44,), GROUPS,
        "return counted - named >= MINIMUM", "return counted >= MINIMUM",
        (f"{DIGESTS}::test_no_digest_and_no_two_of_them_tell_of_fewer_than_five",),
    ),
    Mutation(
        "a total follows another only if five people differ", (44,), TOTALS,
        "    if not may_follow(earlier.values(), counts):\n        return False\n", "",
        (SUBTRACTED, f"{COUNTED}::test_the_total_stays_until_five_have_moved"),
    ),
    Mutation(
        "who is seen by name is not one of five that differ", (44,), TOTALS,
        "            or_(preferences.c.progress.is_(None), preferences.c.progress == Sharing.ME.value),\n", "",
        (f"{COUNTED}::test_who_shows_theirs_is_not_one_of_five_that_moved",),
    ),
    Mutation(
        "nobody is counted for two teams", (44,), TOTALS, " and one.member_id not in elsewhere", "",
        (f"{COUNTED}::test_nobody_is_counted_for_two_teams",),
    ),
    Mutation(
        "four have no total", (44,), TOTALS, "not may_tell(len(counts)) or ", "",
        (f"{COUNTED}::test_four_have_no_total",),
    ),
    Mutation(
        "all or nothing done is not told", (44,), TOTALS, "not MINIMUM <= done <= lessons - MINIMUM", "False",
        (f"{COUNTED}::test_all_or_nothing_is_not_told",),
    ),
    Mutation(
        "a total goes when fewer than five are unseen", (44,), TOTALS, " if may_tell(len(unseen)) else None", "",
        (SUBTRACTED, f"{COUNTED}::test_a_total_goes_when_fewer_than_five_are_unseen"),
    ),
    Mutation(
        "a digest counts once", (44,), TURNOUT,
        "return Turnout(here.answered if told", "return Turnout(_count(conn, here.id)[0] if told",
        (f"{DIGESTS}::test_the_number_is_counted_once",),
    ),
    Mutation(
        "a reply in the thread is seen", (44,), TURNOUT, "named = _count(conn, here.id, or_(everyone, _THREADED))", "named = _count(conn, here.id, everyone)",
        (f"{DIGESTS}::test_a_reply_in_the_thread_is_seen_whatever_its_author_says_afterwards",),
    ),
    Mutation(
        "a number goes when fewer than five are left beside the names", (44,), TURNOUT,
        "and may_tell(here.answered, named)", "",
        (f"{DIGESTS}::test_the_number_goes_when_fewer_than_five_are_left_beside_the_names",),
    ),
)  # fmt: skip
