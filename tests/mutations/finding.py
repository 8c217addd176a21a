"""The mechanisms by which what is shared is found by whoever may read it, and gone from the index with what it was."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

LIFE = "tests/stories/test_strategies.py"
HITS, STORY = "tests/search/test_hits.py", "tests/stories/test_find.py"
TERMS = "tests/search/test_terms.py"
FILTERS = f"{HITS}::test_filters_and_audience_hold_and_nothing_of_a_removed_row_stays"
FOUND = f"{STORY}::test_answers_are_found_by_words_by_whoever_may_read_them_now"
GONE = f"{STORY}::test_what_is_hidden_edited_taken_back_or_erased_is_found_no_more"

MUTATIONS = (
    Mutation(
        "who may read what was found is asked at every search", (44,), "bot/search/hits.py",
        " readable(reader, c.ref)", " c.ref > 0",
        (FILTERS,),
    ),
    Mutation(
        "nothing is found where half of it fits", (44,), "bot/search/queries.py",
        "share = self.share or ENOUGH.get(len(self.meanings), FEW)", "share = 0.1",
        (f"{HITS}::test_queries_find_what_one_would_want",),
    ),
    Mutation(
        "what has less of a query is found only behind what fits", (44,), "bot/search/hits.py",
        "    if not found:\n        found = _weighed(conn, reader, query.topics(), kinds, narrowed)\n    elif len(found) < FILLED",
        "    if len(found) < FILLED",
        (f"{HITS}::test_what_teachers_type_finds_what_they_mean", FILTERS),
    ),
    Mutation(
        "what is weak is found only behind enough that fits", (44,), "bot/search/hits.py",
        "    if len(fit) < ENOUGH_FIT:", "    if not fit:",
        (f"{HITS}::test_what_is_weak_is_found_only_behind_enough_that_fits", f"{HITS}::test_what_teachers_type_finds_what_they_mean"),
    ),
    Mutation(
        "the index knows of which kind an entry is", (44,), "bot/search/hits.py",
        "[[kind_word(kind)], *way] for way in query.ways()", "[*way] for way in query.ways()",
        (f"{HITS}::test_what_there_is_little_of_is_found_without_reading_what_there_is_much_of",),
    ),
    Mutation(
        "PostgreSQL does not go through everything for what few have", (44,), "bot/store/word_index.py",
        "rowid + 0 if are_few and dialect", "rowid + 0 if not are_few and dialect",
        ("tests/search/test_plans.py::test_what_few_have_is_not_looked_for_through_all_that_was_written",),
        on="postgres",
    ),
    Mutation(
        "what several words name is found where the rest is in no text", (44,), "bot/search/queries.py",
        "if one.is_topic)\n        whole", "if not one.phrases)\n        whole",
        (FILTERS,),
    ),
    Mutation(
        "a topic that is little of what is meant is not looked for alone", (44,), "bot/search/queries.py",
        ">= TOPICS * whole else ()", ">= 0 else ()",
        (f"{HITS}::test_a_topic_that_is_little_of_what_is_meant_is_not_looked_for_alone",),
    ),
    Mutation(
        "a word that nobody wrote is read as it is spelled", (44,), "bot/search/queries.py",
        "    for spelled in nearest_words(word, spelled_words(), most=1, allowed=ONE_SLIP):\n        return spelled, stems_of(spelled)\n", "",
        (f"{HITS}::test_what_nobody_wrote_is_read_as_it_is_spelled",),
    ),
    Mutation(
        "a word that nobody wrote is compared with a bounded part of the index", (44,), "bot/search/queries.py",
        "    return found if len(found) < LOOKED_AT else", "    return found if found else",
        (f"{HITS}::test_a_slip_is_mended_in_a_large_index_by_looking_at_a_bounded_part_of_it",),
    ),
    Mutation(
        "only some words of a query are mended", (44,), "bot/search/queries.py",
        "if mends < MENDED and", "if",
        (f"{HITS}::test_only_some_words_of_a_query_are_mended",),
    ),
    Mutation(
        "a word behind a negation says something else", (44,), "bot/search/terms.py",
        "            not_at = at\n", "            pass\n",
        (f"{TERMS}::test_small_words_count_where_they_change_what_is_said",),
    ),
    Mutation(
        "a narrow word finds the broad one less surely", (44,), "bot/search/synonyms.py",
        "[(self.same, FAR)] if is_near", "[(self.same, 1.0)] if is_near",
        (f"{TERMS}::test_a_phrase_finds_what_means_the_same_and_less_what_is_near_it",),
    ),
    Mutation(
        "what is only one's own is not in the index", (44,), "bot/reflections/answers/search_entries.py",
        "answer.c.sharing != Sharing.ME.value, answer.c.hidden_at.is_(None))", "answer.c.hidden_at.is_(None))",
        (FOUND,),
    ),
    Mutation(
        "an edited message is found by its new words", (22,), "bot/reflections/answers/intake.py",
        "        index_message(conn, here, before, answer_id, sharing, text, message.at)\n", "",
        (GONE,),
    ),
    Mutation(
        "an answer of which no more is indexed is not indexed again", (), "bot/search/tables.py",
        "        if row.size >= MOST:\n", "        if False:\n",
        ("tests/capture/test_statements.py::test_a_further_reply_to_an_answer_of_which_no_more_is_indexed_takes_no_more",),
    ),
    Mutation(
        "an answer that goes on in another language is found in that one", (44,), "bot/search/tables.py",
        "if language == row.language and", "if",
        ("tests/capture/test_sets.py::test_what_was_added_to_is_found_as_if_it_had_been_put_whole",),
    ),
    Mutation(
        "a hidden answer leaves the index at once", (44,), "bot/reflections/moderation/tables.py",
        "    search_entries.drop_answers(conn, [answer_id])\n", "",
        (GONE,),
    ),
    Mutation(
        "erased words leave the segments of the index", (13,), "bot/store/scrub.py",
        "            raw.execute(MERGE)\n", "            pass\n",
        (GONE,),
    ),
    Mutation(
        "a message is saved once as a strategy", (44,), "bot/strategies/commands.py",
        "            if found.name\n", '            if found.name[:1] in ("a", "t")\n',
        (f"{LIFE}::test_a_message_is_saved_once_however_often_it_is_picked",),
    ),
    Mutation(
        "somebody else's words are shown when they agree", (44,), "bot/strategies/tables.py",
        "\"ask_at\": None if own else now, \"agreed_at\": now if own else None,",
        "\"ask_at\": None if own else now, \"agreed_at\": now,",
        (f"{LIFE}::test_somebody_elses_words_are_shown_when_they_agree_and_gone_when_they_take_it_back",),
    ),
    Mutation(
        "what somebody said of what they tried goes with them", (28, 37), "bot/strategies/try_tables.py",
        "    return [thing_of(row) for row in conn.execute(gone.returning(c.strategy_id, c.answer_id))]\n", "    return []\n",
        (f"{LIFE}::test_what_is_saved_in_october_and_tried_by_three_is_found_in_march",),
    ),
    Mutation(
        "what was tried is asked after two weeks later", (28,), "bot/strategies/try_tables.py",
        "LATER = timedelta(days=14)", "LATER = timedelta(days=1)",
        (f"{LIFE}::test_what_is_saved_in_october_and_tried_by_three_is_found_in_march",),
    ),
    Mutation(
        "how it went is stored only for others to read", (53,), "bot/strategies/tries.py",
        "text if shared else \"\"", "text",
        (f"{LIFE}::test_what_is_saved_in_october_and_tried_by_three_is_found_in_march",),
    ),
    Mutation(
        "what its author took back is found no more", (44,), "bot/strategies/tables.py",
        "    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(withdrawn_at=at, ask_at=None))\n    index_strategy(conn, strategy_id)\n",
        "    conn.execute(update(strategy).where(strategy.c.id == strategy_id).values(ask_at=None))\n    index_strategy(conn, strategy_id)\n",
        (f"{LIFE}::test_somebody_elses_words_are_shown_when_they_agree_and_gone_when_they_take_it_back",),
    ),
    Mutation(
        "what another version indexed is indexed anew", (44,), "bot/finder/stale_entries.py",
        "known[kind].index(conn, community_id, [one.ref for one in entries])", "pass",
        ("tests/stories/test_find.py::test_what_another_version_indexed_is_indexed_anew_after_a_start",),
    ),
)  # fmt: skip
