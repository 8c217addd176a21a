"""The mechanisms by which no number tells of fewer than five people, and what moderators hide is hidden."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

GROUPS = "bot/people/small_groups.py"
TOTALS, COUNTED = "bot/courses/teams/team_totals.py", "tests/courses/test_team_totals.py"
TURNOUT, DIGESTS = "bot/reflections/answers/turnout.py", "tests/reflections/test_turnout.py"
STORY, ROOM = "tests/stories/test_moderation.py", "bot/reflections/moderation"
COMMANDS = f"{ROOM}/commands.py"
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
        "return Turnout(_told(here, named), ", "return Turnout(_told(here, named) and _count(conn, here.id)[0], ",
        (f"{DIGESTS}::test_the_number_is_counted_once",),
    ),
    Mutation(
        "a reply in the thread is seen", (44,), TURNOUT, "is_seen(here.community_id))[:2]",
        "_is_public(here.community_id))[:2]",
        (f"{DIGESTS}::test_a_reply_in_the_thread_is_seen_whatever_its_author_says_afterwards",),
    ),
    Mutation(
        "a number goes when fewer than five are left beside the names", (44,), TURNOUT,
        "and may_tell(here.answered, named)", "",
        (f"{DIGESTS}::test_the_number_goes_when_fewer_than_five_are_left_beside_the_names",),
    ),
    Mutation(
        "what is hidden is in no digest and on no page", (44,), "bot/people/audience.py",
        ", shared.hidden_at.is_(None)]", "]",
        (f"{STORY}::test_a_hidden_answer_is_hidden_everywhere_until_it_is_shown_again",),
    ),
    Mutation(
        "hiding reaches a digest that is out", (44,), COMMANDS,
        "        self.tell(conn, AnswerChanged(here.community_id, here.id))\n        self._settle(conn, request, answer.id, HIDDEN)\n",
        "        self._settle(conn, request, answer.id, HIDDEN)\n",
        (f"{STORY}::test_a_hidden_answer_is_hidden_everywhere_until_it_is_shown_again",),
    ),
    Mutation(
        "an author hears nothing of what was undone", (44,), f"{ROOM}/author_notice.py",
        'if not outbox.cancel_draft(conn, _key(answer, since, "hidden")):', "if True:",
        (f"{STORY}::test_the_author_hears_the_reason_unless_it_is_undone_before",),
    ),
    Mutation(
        "an author is told that their answer is hidden, and why", (44,), "bot/reflections/answers/answer_cards.py",
        "    if hidden is not None:\n        who =", "    if hidden is not None and False:\n        who =",
        (
            f"{STORY}::test_the_author_hears_the_reason_unless_it_is_undone_before",
            f"{STORY}::test_who_wants_no_direct_messages_reads_the_reason_in_their_history",
        ),
    ),
    Mutation(
        "a moderator reads what was reported until it is decided", (44,), f"{ROOM}/tables.py",
        ".where(answer_report.c.answer_id == answer_id, _OPEN)\n        .order_by", ".where(answer_report.c.answer_id == answer_id)\n        .order_by",
        (f"{STORY}::test_a_report_lets_moderators_read_the_answer_until_they_decide",),
    ),
    Mutation(
        "a moderator decides only about what they may read or was reported", (44,), COMMANDS,
        "if not (found.reports or answer.hidden is not None or self._may_read(conn, request, answer)):", "if False:",
        (f"{STORY}::test_a_report_lets_moderators_read_the_answer_until_they_decide",),
    ),
    Mutation(
        "what an author keeps or took back is not decided about", (44,), COMMANDS,
        "and answer.sharing is not Sharing.ME", "",
        (f"{STORY}::test_an_author_withdraws_a_hidden_answer_and_what_they_change_stays_hidden",),
    ),
    Mutation(
        "a report is settled when its answer is gone", (44,), "bot/reflections/feature.py",
        " reports.job(),", "",
        (f"{STORY}::test_a_report_is_settled_when_nothing_is_left_to_decide",),
    ),
    Mutation(
        "the report of somebody who is forgotten is settled", (37,), "bot/reflections/member_data.py",
        "reports.forget_member, closer", "closer",
        (f"{STORY}::test_a_report_is_settled_when_nothing_is_left_to_decide",),
    ),
    Mutation(
        "reading what was reported is on record", (44,), COMMANDS,
        "        if not self._may_read(conn, request, found.answer):\n", "        if False:\n",
        (f"{STORY}::test_everything_is_on_record_without_the_words",),
    ),
    Mutation(
        "what is hidden stays hidden when accounts are linked", (44,), "bot/reflections/answers/linked_answers.py",
        '            **{name: one[name] or other[name] for name in ("hidden_at", "hidden_for")},\n', "",
        (f"{STORY}::test_what_is_hidden_of_one_account_stays_hidden_when_two_are_linked_and_parted",),
    ),
)  # fmt: skip
