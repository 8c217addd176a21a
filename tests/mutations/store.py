"""The mechanisms by which what was stored stays stored, whole, alone, and readable by nobody else."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

WRITER, ENGINE = "bot/store/writer.py", "bot/store/engine.py"
FORESIGHT, SETS = "bot/store/foresight.py", "tests/store/test_foresight.py"
MIGRATE, LEASES = "bot/store/migrate.py", "bot/store/leases.py"
WRITING, OPENING = "tests/store/test_writer.py", "tests/store/test_engine.py"
JOURNAL, JOURNALS = "bot/store/journal.py", "tests/store/test_journal.py"
FAULTS, MIGRATING = "tests/store/test_faults.py", "tests/store/test_migrate.py"

LINE, WAITING = "bot/store/waiting_line.py", "tests/store/test_waiting_line.py"
ANSWERS, ROOM = "bot/store/answer_room.py", "tests/store/test_answer_room.py"
PIECES, SLICES = "bot/store/pieces.py", "bot/store/slices.py"
HELD, CUT = "tests/store/test_pieces.py", "tests/store/test_slices.py"
UPON = "tests/stories/test_pieces.py"
PLANNED = "tests/store/test_steady_plans.py"

MUTATIONS = (
    Mutation(
        "who waits for an answer goes first", (), LINE,
        "(self._told if piece.asker is None else self._asked).append(piece)", "self._told.append(piece)",
        (f"{WAITING}::test_who_asks_goes_before_what_others_told",),
    ),
    Mutation(
        "a command waits for an answer", (), "bot/dispatch.py", "with self._store.answering(who.account):", "if True:",
        ("tests/capture/test_sets.py::test_a_command_goes_before_what_others_say_and_after_what_its_author_said",),
    ),
    Mutation(
        "a message says who told it", (), "bot/messages.py", "PieceOfSet(self, take_in, message, teller)",
        "PieceOfSet(self, take_in, message)",
        ("tests/capture/test_sets.py::test_a_command_goes_before_what_others_say_and_after_what_its_author_said",),
    ),
    Mutation(
        "what is written for somebody who waits goes first", (), "bot/store/store.py",
        "find_asker() if asker is WHOEVER_WAITS else asker", "None if asker is WHOEVER_WAITS else asker",
        (f"{ROOM}::test_what_is_written_for_somebody_who_is_answered_goes_before_what_others_told",),
    ),
    Mutation(
        "what goes on after an answer is done for nobody", (), ANSWERS, "            answer.over = True\n", "",
        (f"{ROOM}::test_what_goes_on_after_an_answer_is_done_for_nobody_who_waits",),
    ),
    Mutation(
        "a piece of a long work ends where somebody is answered", (), SLICES, " or self.is_waited_for())", ")",
        (f"{ROOM}::test_a_piece_of_a_long_work_ends_where_somebody_is_answered",),
    ),
    Mutation(
        "what is done for somebody who waits makes no room for them", (), ANSWERS,
        "self.count > (find_asker() is not None)", "self.count > 0",
        (f"{ROOM}::test_a_long_work_for_whoever_is_answered_does_not_make_room_for_them",),
    ),
    Mutation(
        "what somebody told is kept before they are answered", (), LINE,
        "if one.number < latest.get(_teller(one), 0)]", "if False]",
        (f"{WAITING}::test_what_somebody_told_is_kept_before_they_are_answered",),
    ),
    Mutation(
        "a crowd that asks does not keep away what is told", (), LINE,
        "not (self._asked_last and self._told)", "True", (f"{WAITING}::test_a_crowd_that_asks_does_not_keep_away_what_is_told",),
    ),
    Mutation(
        "a long transaction ends where somebody waits for an answer", (), WRITER,
        "return began > late and self._line.has_asker()", "return False",
        (f"{WAITING}::test_a_long_transaction_ends_where_somebody_asks_and_the_rest_is_kept",),
    ),
    Mutation(
        "what a transaction had no time for is not lost", (), WRITER, "self._line.put_back(batch[done:])", "pass",
        (f"{WAITING}::test_what_a_transaction_had_no_time_for_is_kept_when_the_store_closes",),
    ),
    Mutation(
        "what nobody waits for makes room for who is being answered", (), WRITER,
        "                self.room.make(self._line.is_awaited)\n", "",
        (f"{ROOM}::test_what_nobody_waits_for_makes_room_for_who_is_being_answered",),
    ),
    Mutation(
        "an answer that writes is held back by nothing", (), ANSWERS, "is_awaited() or ", "",
        (f"{ROOM}::test_an_answer_that_writes_is_held_back_by_nothing",), by="TimeoutError",
    ),
    Mutation(
        "pauses take no more than half of the writer's time", (), ANSWERS,
        "self._spare = spare - (self._ended - begun)", "self._spare = spare",
        (f"{ROOM}::test_all_pauses_together_are_no_longer_than_the_time_between_them",),
    ),
    Mutation(
        "it is known who is being answered", (), "bot/dispatch.py",
        "            with self._store.answering(who.account):\n                return await work()\n",
        "            return await work()\n",
        ("tests/capture/test_sets.py::test_room_is_made_while_a_command_and_a_page_are_answered",),
    ),
    Mutation(
        "who is first does not wait for statements to be compiled", (), "bot/app.py", "    store.prepare_statements()\n", "",
        ("tests/store/test_prepared_statements.py::test_a_start_compiles_what_nobody_has_run_yet",),
    ),
    Mutation(
        "a statement is planned once", (), ENGINE, 'connect_args={"cached_statements": KEPT}, ', "",
        (f"{PLANNED}::test_a_statement_is_planned_once_though_many_others_were_run_before_it",),
    ),
    Mutation(
        "a limit has nothing planned anew", (), ENGINE, "    write_limits_as_sums(engine.dialect)\n", "",
        (f"{PLANNED}::test_a_limit_has_no_statement_planned_anew",),
    ),
    Mutation(
        "what holds the writer is named in the log", (), PIECES, "            if seconds > WARN:\n", "            if False:\n",
        (f"{HELD}::test_a_piece_that_takes_long_is_named_in_the_log_and_nothing_of_its_words",),
    ),
    Mutation(
        "the longest piece of work is known", (), PIECES,
        "            if seconds > self.longest.seconds:\n                self.longest = piece", "            self.longest = piece",
        (f"{HELD}::test_the_longest_piece_is_kept_with_its_name",),
    ),
    Mutation(
        "a long work is cut into pieces", (), SLICES,
        "now - self.began + usual > SLICE or", "False or",
        (f"{CUT}::test_no_piece_takes_longer_than_a_slice_and_each_thing_is_done_once",),
    ),
    Mutation(
        "what the things of a piece ask alike is asked once", (), SLICES,
        "            with asking_once(conn):\n", "            if conn:\n",
        (f"{CUT}::test_what_the_things_of_a_piece_ask_alike_is_asked_once_until_it_changes",),
    ),
    Mutation(
        "what was found in a savepoint goes with it", (), "bot/store/foresight.py",
        'return "" if statement.startswith("ROLLBACK") else None', "return None if statement else None",
        (f"{CUT}::test_what_was_found_in_a_savepoint_that_is_rolled_back_is_asked_again",),
    ),
    Mutation(
        "a set within a set comes after what was put off, and leaves nothing known", (), "bot/store/foresight.py",
        '        around.precede(conn, "")\n', "        str(around)\n",
        (f"{CUT}::test_a_set_within_a_piece_is_its_own_and_the_piece_asks_again_afterwards",),
    ),
    Mutation(
        "what a piece had no time for is done by the next one", (), SLICES, "self.cut = True", "pass",
        (f"{CUT}::test_a_work_goes_on_until_it_finds_no_more_or_enough_was_done",),
    ),
    Mutation(
        "a work that never ends lets others have their turn", (), SLICES, "or (in_all is not None and total >= in_all)", "",
        (f"{CUT}::test_a_work_goes_on_until_it_finds_no_more_or_enough_was_done",),
    ),
    Mutation(
        "digests of somebody who is erased are marked at once", (), "bot/reflections/answers/digest.py",
        "        stale_digests.mark_digests_stale(conn, touched, self._clock.now())",
        "        for one in touched:\n            stale_digests.mark_digest_stale(conn, one, self._clock.now())",
        (f"{UPON}::test_no_piece_of_an_erasure_grows_with_what_they_said_or_looks_through_a_table",),
    ),
    Mutation(
        "erasure finds messages by their author", (), "bot/store/migrations/versions/r0001_first_release.py",
        '        sa.Index("ix_heard_person", "space", "person"),\n', "",
        (f"{UPON}::test_no_piece_of_an_erasure_grows_with_what_they_said_or_looks_through_a_table",),
    ),
    Mutation(
        "a prompt listens to a crowd's direct messages a little later", (), "bot/reflections/schedule/direct_watches.py",
        "AT_ONCE = 20", "AT_ONCE = 2000", (f"{UPON}::test_many_prompts_at_once_and_a_crowd_that_writes_directly_hold_nobody_up",),
    ),
    Mutation(
        "all of a crowd's direct messages are listened to", (), "bot/reflections/schedule/direct_watches.py",
        "            piece.done = piece.limit  # there may be another one", "            pass",
        (f"{UPON}::test_many_prompts_at_once_and_a_crowd_that_writes_directly_hold_nobody_up",),
    ),
    Mutation(
        "a fault stays with its owner in a batch", (32, 33), WRITER,
        "hopeless = isinstance(error, WriteUnclear) or", "hopeless = True or isinstance(error, WriteUnclear) or",
        (f"{WRITING}::test_a_fault_stays_with_its_owner",),
    ),
    Mutation(
        "swallowing an error of the database is found out", (33,), WRITER,
        "if not (transaction.is_active and stands()):", "if False:",
        (f"{FAULTS}::test_work_after_a_hidden_rollback_does_not_slip_in_by_itself",),
    ),
    Mutation(
        "an unclear commit is never repeated", (31,), WRITER,
        "unclear = WriteUnclear(", "return error\n            unclear = WriteUnclear(",
        ("tests/store/test_connections.py::test_a_connection_killed_at_commit_is_unclear_and_nothing_is_repeated",),
        on="postgres",
    ),
    Mutation(
        "a set asks once for all of it", (33,), FORESIGHT,
        "asking_once(conn, lambda: set_of[0].kind.foresee(conn, [one.about for one in set_of]))", "asking_once(conn)",
        (f"{SETS}::test_a_set_asks_and_writes_once",),
    ),
    Mutation(
        "what a set put off comes before any other statement", (33,), FORESIGHT,
        "        if self._later:\n            self.settle(conn)", "",
        (f"{SETS}::test_a_piece_that_asks_by_itself_sees_what_was_put_off",),
    ),
    Mutation(
        "what is written by hand makes a set forget what it knew", (33,), FORESIGHT,
        "if not writes or writes in one.tables", "if not writes",
        (f"{SETS}::test_what_is_written_by_hand_makes_nobody_see_what_was",),
    ),
    Mutation(
        "a lost connection is made anew", (31,), WRITER,
        "if error is not None and dialect.is_lost(error):", "if False:",
        ("tests/store/test_connections.py::test_a_connection_killed_between_writes_is_made_anew",),
        by="StoreUnavailable",
        on="postgres",
    ),
    Mutation(
        "writing takes the lock at its beginning", (32,), ENGINE,
        '"BEGIN" if use == "read" else "BEGIN IMMEDIATE"', '"BEGIN"',
        (f"{FAULTS}::test_a_lock_held_briefly_is_waited_for",),
    ),
    Mutation(
        "SQLite overwrites what it deletes", (37, 40), ENGINE,
        "PRAGMA secure_delete=ON", "PRAGMA secure_delete=OFF",
        (f"{OPENING}::test_sqlite_is_set_up_for_durability",),
    ),
    Mutation(
        "SQLite waits for the disk", (1, 33), ENGINE,
        "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL",
        (f"{OPENING}::test_sqlite_is_set_up_for_durability",),
    ),
    Mutation(
        "a query cannot write", (32,), ENGINE,
        'connection.execute("PRAGMA query_only=ON")', "pass",
        ("tests/store/test_store.py::test_a_query_cannot_write",),
    ),
    Mutation(
        "a file on a network is refused", (34,), "bot/store/file_system.py",
        "if _REMOTE.fullmatch(kind):", "if False:",
        ("tests/store/test_file_system.py::test_a_file_system_without_locks_is_refused_with_advice",),
    ),
    Mutation(
        "a second process on one SQLite file is refused", (34,), "bot/store/single_process.py",
        "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass",
        ("tests/store/test_single_process.py::test_a_second_process_is_told_who_is_there",),
    ),
    Mutation(
        "the SQLite file itself is locked, whatever it is called", (34,), "bot/store/single_process.py",
        "    if _lock(file, database):\n        remove", "    if True:\n        remove",
        ("tests/store/test_single_process.py::test_a_hard_link_is_the_same_file",
         "tests/store/test_single_process.py::test_a_file_that_was_moved_away_is_still_held"),
    ),
    Mutation(
        "one process migrates at a time", (35,), MIGRATE,
        'while not connection.scalar(ask, {"lock": LOCK}):', "while False:",
        (f"{MIGRATING}::test_waiting_for_another_migration_ends",),
        on="postgres",
    ),
    Mutation(
        "whoever waited to migrate looks again", (35,), MIGRATE,
        "if _is_current(connection, scripts):\n            return None\n        path", "path",
        (f"{MIGRATING}::test_whoever_waited_for_the_lock_looks_again",),
    ),
    Mutation(
        "a newer schema is refused", (35,), MIGRATE,
        "if foreign:", "if False:",
        (f"{MIGRATING}::test_a_newer_schema_is_refused_with_advice",),
        by="CommandError",
    ),
    Mutation(
        "a copy is made before migrating", (35, 43), MIGRATE,
        "_copy_aside(engine, kept)", "pass",
        (f"{MIGRATING}::test_sqlite_is_copied_before_it_is_changed",),
        by="OperationalError",
    ),
    Mutation(
        "a damaged copy is noticed", (43,), "bot/store/backup.py",
        'if found != "ok":', "if False:",
        ("tests/store/test_backup.py::test_a_damaged_copy_is_noticed",),
    ),
    Mutation(
        "a lease has one holder", (2, 24), LEASES,
        'lease.c.until <= bindparam("now", type_=UtcDateTime))', 'lease.c.until > _LONG_AGO)',
        ("tests/store/test_leases.py::test_a_free_lease_is_taken_and_then_is_not_free",),
    ),
    Mutation(
        "a holder that was replaced can do nothing", (2, 24), LEASES,
        ", lease.c.fence == held.fence)", ")",
        ("tests/store/test_leases.py::test_a_holder_that_was_replaced_can_do_nothing_more",),
    ),
    Mutation(
        "errors do not carry what people said", (47,), ENGINE,
        "module=sqlite3, hide_parameters=True,", "module=sqlite3,",
        (f"{FAULTS}::test_errors_do_not_carry_what_people_said",),
    ),
    Mutation(
        "a library that can lose commits takes no log", (34,), JOURNAL,
        "if not safe:", "if False:",
        (f"{JOURNALS}::test_the_log_is_taken_where_library_and_file_system_are_safe",),
    ),
    Mutation(
        "a file system that is not known takes no log", (34,), JOURNAL,
        "if not file_system.is_local(kind):", "if False:",
        (f"{JOURNALS}::test_the_log_is_taken_where_library_and_file_system_are_safe",),
    ),
    Mutation(
        "only the writer brings the log into the file", (34,), ENGINE,
        'connection.execute("PRAGMA wal_autocheckpoint=0")', "pass",
        (f"{OPENING}::test_only_the_writer_brings_the_log_into_the_file",),
    ),
    Mutation(
        "a log that another database left is removed", (43,), "bot/store/single_process.py",
        "remove_foreign_log(database, file)", "pass",
        (f"{JOURNALS}::test_a_log_that_another_database_left_is_removed_before_it_does_harm",),
        by="StoreRefused",
    ),
    Mutation(
        "the doctor opens no database with another one's log", (43,), "bot/cli/doctor.py",
        "refuse_foreign_log(file)\n        store =", "pass\n        store =",
        ("tests/cli/test_doctor.py::test_a_log_of_another_database_is_found_and_not_taken_in",),
    ),
    Mutation(
        "the writer leaves last, with the log emptied", (43,), WRITER,
        "journal.empty_log_of(self._connection)", "pass",
        (f"{JOURNALS}::test_the_whole_database_is_in_its_file_when_it_is_closed",),
    ),
)  # fmt: skip
