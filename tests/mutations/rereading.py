"""The mechanisms by which conversations are read again: each once, seldom enough, and never so that it deletes."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SCANS, AGAIN = "tests/capture/test_scans.py", "tests/stories/test_rereading.py"
ABSENCE = "tests/capture/test_absence.py"
QUEUE, TIMES = "bot/capture/scan_queue.py", "bot/capture/scan_times.py"
SCANNER, MESSAGES = "bot/capture/scanner.py", "bot/messages.py"

MUTATIONS = (
    Mutation(
        "one process reads a conversation at a time", (25,), QUEUE,
        'conn.execute(_CLAIM, [{"this": row.id, "lease": until} for row in rows])', "pass",
        (f"{SCANS}::test_two_processes_read_each_thread_once_between_them",),
    ),
    Mutation(
        "threads are read at minutes of their own", (25, 28), TIMES,
        "own = crc32(f\"{place.space}/{place.channel}/{place.thread or ''}\".encode()) % minutes", "own = 0",
        (f"{SCANS}::test_threads_are_read_at_times_of_their_own",),
    ),
    Mutation(
        "re-reading spends from the bucket of reading", (25, 29), QUEUE,
        "pacing.spend_reads(conn, space, own, now, len(rows))", "pass",
        (f"{SCANS}::test_no_minute_sees_more_calls_than_the_platform_grants",),
    ),
    Mutation(
        "a post in doubt is looked for before threads are re-read", (25,), "bot/delivery/pacing.py",
        "return own.read_burst // 2", "return 0",
        (f"{SCANS}::test_a_post_in_doubt_is_looked_for_before_any_thread_is_read_again",),
    ),
    Mutation(
        "quiet threads are read less and less", (25,), TIMES,
        "        apart *= 2", "        break",
        (f"{SCANS}::test_a_thread_that_is_quiet_is_read_less_and_less",),
    ),
    Mutation(
        "a thread becomes lively again", (20,), SCANNER,
        "last = max((here.since, *(message.version for message in listing.messages)))", "last = here.since",
        (f"{SCANS}::test_a_late_reply_in_an_old_thread_is_found_within_two_hours",),
    ),
    Mutation(
        "two absences are ten minutes apart", (26,), TIMES,
        "SURE = timedelta(minutes=10)", "SURE = timedelta(minutes=9)",
        (f"{ABSENCE}::test_only_two_complete_listings_without_a_break_delete",),
    ),
    Mutation(
        "a message that was shown again was never gone", (26,), SCANNER,
        "scan_queue.mark_missed(conn, one.watch, one.shown, None)", "pass",
        (f"{ABSENCE}::test_a_message_that_was_shown_again_was_never_gone",),
    ),
    Mutation(
        "refused credentials end a round of reading", (11,), SCANNER,
        "refused.append(one.error)", "pass",
        (f"{SCANS}::test_revoked_credentials_end_reading_after_a_call_or_two",),
    ),
    Mutation(
        "refused credentials end all reading in the space", (11,), SCANNER,
        "pacing.open_circuit(conn, space, pacing.WHOLE, until, error.code)", "pass",
        (f"{SCANS}::test_revoked_credentials_end_reading_after_a_call_or_two",),
    ),
    Mutation(
        "reading waits as long as it is told", (29,), SCANNER,
        "pacing.hold_reads(conn, space, now + retry_delay(seconds, random.random()))", "pass",
        (f"{SCANS}::test_a_refusal_that_says_how_long_is_heeded_by_every_process",),
    ),
    Mutation(
        "each page of a thread is a call", (25,), SCANNER,
        "pacing.spend_reads(conn, space, own, now, max(one.calls - 1, 0))", "pass",
        (f"{SCANS}::test_a_long_thread_spends_a_call_for_each_of_its_pages",),
    ),
    Mutation(
        "what closes is read before a backlog", (20,), QUEUE,
        "scan_at=now - URGENT)", "scan_at=now)",
        (f"{SCANS}::test_what_is_about_to_close_is_read_before_a_backlog",),
    ),
    Mutation(
        "connecting takes nobody's turn away", (20, 23), QUEUE,
        "later = or_(watched.c.scan_at.is_(None), watched.c.scan_at > now)", "later = or_(watched.c.scan_at.is_(None), watched.c.id > 0)",
        (f"{SCANS}::test_connecting_anew_takes_nobodys_turn_away",),
    ),
    Mutation(
        "a reading asked for while one runs comes", (20,), QUEUE,
        "            else_=watched.c.scan_at,", "            else_=bindparam(\"again\", type_=UtcDateTime()),",
        (f"{SCANS}::test_whoever_asks_for_a_reading_while_one_runs_gets_another",),
    ),
    Mutation(
        "a reading asked for while one fails comes", (20,), QUEUE,
        'watched.c.scan_at == bindparam("was"))', 'bindparam("was", type_=UtcDateTime()) == bindparam("was", type_=UtcDateTime()))',
        (f"{SCANS}::test_whoever_asks_for_a_reading_while_one_runs_gets_another",),
    ),
    Mutation(
        "what is found late is answered through the outbox", (20,), MESSAGES,
        "queue_late_reply(conn, received, card, self._clock.now())", "pass",
        (f"{AGAIN}::test_what_is_refused_when_it_is_found_is_told_its_author_once",),
    ),
    Mutation(
        "of what nothing is kept, nothing is said late", (20, 39), MESSAGES,
        "if received is None or received.version is None:", "if received is None:",
        (f"{AGAIN}::test_who_wants_nothing_stored_is_told_so_once",),
    ),
    Mutation(
        "a prompt is open from when it was due", (13,), "bot/reflections/schedule/publish.py",
        "opened_at=min(now, due.due_at)", "opened_at=now",
        (f"{AGAIN}::test_answers_from_before_a_restore_are_read_again",),
        on="slack",
    ),
    Mutation(
        "what hangs from a post came after it, whatever our clock says", (13, 17), "bot/capture/watch_lookup.py",
        "or_(~over.c.private, over.c.since <= key[\"at\"])", "over.c.since <= key[\"at\"]",
        (f"{AGAIN}::test_an_answer_counts_whatever_this_machine_takes_for_the_time",),
        on="slack",
    ),
    Mutation(
        "what was refused was heard", (20,), MESSAGES,
        "await self._store.write(lambda conn: self._receive(conn, message))", "pass",
        (f"{AGAIN}::test_answers_from_before_a_restore_are_read_again",),
        on="slack",
    ),
    Mutation(
        "Slack: what a plan hides is no absence", (26,), "adapters/slack/history.py",
        'seen.complete = seen.complete and not page.get("is_limited")', "pass",
        (f"{AGAIN}::test_what_slack_does_not_show_is_not_deleted_however_often_it_is_read",),
        on="slack",
    ),
)  # fmt: skip
