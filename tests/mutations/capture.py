"""The mechanisms by which nothing that people said is lost, doubled or made up, and nothing unwanted is kept."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

VERSIONS, SCANNER = "bot/capture/message_versions.py", "bot/capture/scanner.py"
ORDER, ANSWERS = "tests/stories/test_any_order.py", "tests/stories/test_answers.py"
TOGETHER = "tests/capture/test_sets.py"
ABSENCE, TROUBLE = "tests/capture/test_absence.py", "tests/stories/test_trouble.py"

MUTATIONS = (
    Mutation(
        "of one author only the first message is foreseen", (22, 27), "bot/capture/expectation.py",
        "seen.isdisjoint(about)", "True",
        (f"{TOGETHER}::test_a_batch_leaves_what_its_messages_leave_one_by_one",),
    ),
    Mutation(
        "many messages ask no more than few", (33,), "bot/messages.py",
        "return await self._store.write(PieceOfSet(self, take_in, message, teller))",
        "return await self._store.write(lambda conn: take_in(conn, message))",
        (f"{TOGETHER}::test_many_messages_ask_no_more_than_few",),
    ),
    Mutation(
        "an older version changes nothing", (22, 27), VERSIONS,
        "(message.version <= known.version and not message.deleted)", "False",
        (f"{ORDER}::test_the_rows_equal_what_was_said_in_whatever_order_it_is_told",),
    ),
    Mutation(
        "talk to somebody else is no answer", (22,), VERSIONS,
        "answers = not (message.to - {person})", "answers = True",
        (f"{ANSWERS}::test_a_reply_to_another_person_is_talk",),
    ),
    Mutation(
        "a deletion does not come back by an edit", (20, 22), "bot/reflections/answers/existing_answer.py",
        "return self.settled_at is not None and said_at <= self.settled_at",
        "return False",
        (f"{ANSWERS}::test_a_deleted_answer_can_be_brought_back_for_ten_minutes_and_an_edit_does_not_revive_it",),
    ),
    Mutation(
        "whoever wants nothing kept is not kept", (39,), "bot/capture/intake.py",
        "keeps = match is not None and member.keeps", "keeps = match is not None",
        (f"{ANSWERS}::test_somebody_who_wants_nothing_kept_is_not_kept",),
    ),
    Mutation(
        "bots and strangers are not heard", (44,), "bot/capture/intake.py",
        "return not message.own and (author is None or not (author.bot or author.stranger))", "return not message.own",
        ("tests/stories/test_permissions.py::test_a_stranger_may_neither_ask_nor_answer",),
    ),
    Mutation(
        "a hidden history deletes nothing", (26,), SCANNER,
        "        if isinstance(listing, HistoryUnavailable):",
        "        if isinstance(listing, HistoryUnavailable):\n"
        "            listing = History((), complete=True)\n"
        "        if isinstance(listing, HistoryUnavailable):",
        (f"{TROUBLE}::test_a_hidden_history_deletes_nothing",),
    ),
    Mutation(
        "coming back, every open conversation is read again", (20, 23), "bot/presence.py",
        "scan_queue.scan_all(conn, event.space, now)", "pass",
        (f"{TROUBLE}::test_a_restart_finds_what_was_said_meanwhile_at_once",),
    ),
    Mutation(
        "open conversations are read again on a beat", (20, 23), "bot/capture/scan_times.py",
        "if now > here.until or", "if True or",
        (f"{TROUBLE}::test_what_was_said_while_the_bot_was_deaf_is_found_edits_and_deletions_too",),
    ),
    Mutation(
        "a message that is too long is not cut but refused", (30,), "bot/reflections/answers/intake.py",
        "if len(message.text) > LIMIT:", "if False:",
        (f"{ANSWERS}::test_an_oversized_message_gets_a_clear_answer_and_is_taken_once_it_is_shorter",),
    ),
    Mutation(
        "an incomplete listing deletes nothing", (26,), SCANNER,
        "if not listing.complete:", "if False:",
        (f"{ABSENCE}::test_an_incomplete_listing_never_deletes_however_often_it_comes",),
    ),
    Mutation(
        "one absence deletes nothing", (26,), SCANNER,
        "sure = [one for one in gone if one.missing_at is not None and now - one.missing_at >= SURE]", "sure = gone",
        (f"{ABSENCE}::test_only_two_complete_listings_without_a_break_delete",),
    ),
)  # fmt: skip
