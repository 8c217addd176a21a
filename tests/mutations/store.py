"""The mechanisms by which what was stored stays stored, whole, alone, and readable by nobody else."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

WRITER, ENGINE = "bot/store/writer.py", "bot/store/engine.py"
FORESIGHT, SETS = "bot/store/foresight.py", "tests/store/test_foresight.py"
MIGRATE, LEASES = "bot/store/migrate.py", "bot/store/leases.py"
WRITING, OPENING = "tests/store/test_writer.py", "tests/store/test_engine.py"
FAULTS, MIGRATING = "tests/store/test_faults.py", "tests/store/test_migrate.py"

MUTATIONS = (
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
        "        set_of[0].kind.foresee(conn, [one.about for one in set_of])\n", "",
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
        "a file on a network is refused", (34,), ENGINE,
        "if _REMOTE.fullmatch(kind):", "if False:",
        (f"{OPENING}::test_a_file_system_without_locks_is_refused_with_advice",),
    ),
    Mutation(
        "a second process on one SQLite file is refused", (34,), "bot/store/single_process.py",
        "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)", "pass",
        ("tests/store/test_single_process.py::test_a_second_process_is_told_who_is_there",),
    ),
    Mutation(
        "the SQLite file itself is locked, whatever it is called", (34,), "bot/store/single_process.py",
        "    if _lock(file, database):\n        return file", "    if True:\n        return file",
        ("tests/store/test_single_process.py::test_a_hard_link_is_the_same_file",
         "tests/store/test_single_process.py::test_a_file_that_was_moved_away_is_still_held"),
    ),
    Mutation(
        "one process migrates at a time", (35,), MIGRATE,
        'while not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):', "while False:",
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
        'create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True, **options)',
        'create_engine(URL.create("sqlite", database=str(path)), **options)',
        (f"{FAULTS}::test_errors_do_not_carry_what_people_said",),
    ),
)  # fmt: skip
