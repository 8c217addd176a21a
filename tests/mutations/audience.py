"""The mechanisms by which what is shared is read by its audience of now, and by nobody else."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

POLICY, READING = "bot/people/audience.py", "bot/reflections/shared_answers"
RULE, SHARED = "tests/people/test_audience.py", "tests/stories/test_shared_answers.py"
CONDITION = f"{RULE}::test_the_condition_finds_exactly_what_the_check_allows"
CHANGES = f"{SHARED}::test_a_new_team_role_or_audience_counts_at_once_for_what_was_said_before"
PAGES = f"{SHARED}::test_answers_are_paged_the_latest_first_and_new_until_the_next_look"
OPENED = f"{SHARED}::test_an_author_reads_how_many_opened_from_five_on_and_never_who"

MUTATIONS = (
    Mutation(
        "a team's answers are for who is in a team with the author", (44,), POLICY,
        "found.append(and_(*others, shared.sharing == Sharing.TEAM.value, mine))",
        "found.append(and_(*others, shared.sharing == Sharing.TEAM.value))",
        (CONDITION,),
    ),
    Mutation(
        "moderators' answers are for moderators of now", (44,), POLICY,
        "        if self.role >= Role.MODERATOR:", "        if True:",
        (CONDITION,),
    ),
    Mutation(
        "a hidden answer is for its author alone", (44,), POLICY,
        "self.community_id, shared.hidden_at.is_(None)]", "self.community_id]",
        (CONDITION,),
    ),
    Mutation(
        "another community reads nothing", (44,), POLICY,
        "others = [shared.community_id == self.community_id, ", "others = [",
        (CONDITION,),
    ),
    Mutation(
        "a guest reads nothing", (44,), POLICY,
        "if item.community_id != self.community_id or self.role < Role.MEMBER:",
        "if item.community_id != self.community_id:",
        (f"{RULE}::test_the_table_of_who_may_read",),
    ),
    Mutation(
        "who left a team is its mate no longer", (44,), "bot/courses/teams/tables.py",
        "teammate.c.team_id.in_(mine), _IN).distinct()", "teammate.c.team_id.in_(mine)).distinct()",
        (CHANGES,),
    ),
    Mutation(
        "a digest quotes what everybody may read", (44,), "bot/reflections/answers/turnout.py",
        "return public_reader(community_id).condition(SHARED)", "return answer.c.id > 0",
        (f"{SHARED}::test_a_digest_quotes_what_everybody_may_read_and_follows_its_audience",),
    ),
    Mutation(
        "one answer is opened by whoever may read it", (44,), "bot/reflections/answers/tables.py",
        "answer.c.id == answer_id, IS_GIVEN, reader.condition(SHARED))", "answer.c.id == answer_id, IS_GIVEN)",
        (f"{SHARED}::test_a_long_answer_is_read_in_full",),
    ),
    Mutation(
        "an answer is changed by its author", (44,), "bot/reflections/answers/own_answers.py",
        "answer is None or answer.member_id != request.member.id or not answer.parts:",
        "answer is None or not answer.parts:",
        (f"{SHARED}::test_pressing_what_only_another_was_shown_opens_nothing",),
    ),
    Mutation(
        "what is new ends with a look", (44,), f"{READING}/commands.py",
        "        tables.note_look(conn, request.community.id, request.member.id, here.id, request.now)\n", "",
        (PAGES,),
    ),
    Mutation(
        "what is shared later is new", (44,), "bot/reflections/answers/tables.py",
        "values(sharing=sharing.value, shared_at=wider)", "values(sharing=sharing.value)",
        (PAGES,),
    ),
    Mutation(
        "openers are told in steps of five", (44,), "bot/reflections/answers/receipts.py",
        "// STEP * STEP", "// 1",
        (OPENED,),
    ),
    Mutation(
        "that everybody opened an answer is not told", (44,), "bot/reflections/answers/receipts.py",
        "if step and step < self.readers.count_readers(conn, item):", "if step:",
        (f"{SHARED}::test_that_all_of_a_team_opened_an_answer_is_not_told",),
    ),
    Mutation(
        "a team is named as a reader where there is one", (44,), "bot/reflections/answers/receipts.py",
        "return sharing is Sharing.TEAM and not self.readers.mates_of(conn, here.community_id, member_id)",
        "return False",
        (f"{SHARED}::test_a_team_is_only_named_as_a_reader_where_there_is_one",),
    ),
)  # fmt: skip
