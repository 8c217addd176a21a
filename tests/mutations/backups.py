"""The mechanisms by which a backup is whole, a restore brings back no post and nobody, and a copy is everything or says so."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

FOLDERS, RESTORES = "tests/backups/test_folder.py", "tests/backups/test_restore.py"
COPIES, UPGRADES, DRILL = (
    "tests/backups/test_copy.py",
    "tests/backups/test_upgrades.py",
    "tests/stories/test_backups.py",
)
REFUSED = f"{RESTORES}::test_what_is_no_whole_backup_of_this_version_is_refused_and_changes_nothing"
ERASED = f"{RESTORES}::test_who_was_erased_since_is_in_the_list_of_the_new_place"
RESTORE, LITE, FILE, COPY = (
    "bot/backups/restore.py", "bot/backups/restore_sqlite.py", "bot/store/backup_file.py", "bot/backups/copy.py",
)  # fmt: skip

MUTATIONS = (
    Mutation(
        "a place that is taken is told before a secret is asked for", (43,), "bot/cli/restore.py",
        "        check_place(url, data, SystemClock().now(), over=over)\n", "",
        ("tests/backups/test_restore.py::test_the_secret_is_asked_for_and_has_to_be_the_right_one",),
    ),
    Mutation(
        "a backup of PostgreSQL is of one moment", (43,), "bot/store/engine.py",
        r'"default_transaction_isolation": r"repeatable\ read",', "",
        (f"{FOLDERS}::test_a_backup_made_while_the_bot_writes_is_of_one_moment",),
        on="postgres",
    ),
    Mutation(
        "a backup that is not what its manifest says is refused", (43,), FILE,
        "    if (size, digest.hexdigest()) != (part.size, part.sha256):\n        raise damaged(file)\n", "",
        (REFUSED,),
    ),
    Mutation(
        "what a killed backup left is cleared up", (43,), "bot/backups/folder.py",
        "        delete_unfinished(file.parent, _NAME.fullmatch if into_folder else file.name.__eq__)\n", "",
        (f"{FOLDERS}::test_killed_it_leaves_no_backup_and_the_next_one_clears_up",),
    ),
    Mutation(
        "what was replaced is kept for 35 days from the restore on", (43,), LITE,
        "                os.utime(beside)", "                pass",
        (f"{RESTORES}::test_what_was_replaced_is_kept_for_35_days_from_the_restore_on",),
    ),
    Mutation(
        "a bot that runs for months deletes old copies of its database", (37, 43), "bot/upkeep.py",
        "            await self._delete_copies()\n", "",
        ("tests/stories/test_backups.py::test_a_bot_that_runs_for_months_deletes_old_copies",),
        on="slack",
    ),
    Mutation(
        "a backup of a newer version is refused", (35, 43), RESTORE,
        "if manifest.schema not in known_revisions():", "if False:",
        (REFUSED,),
    ),
    Mutation(
        "a restore needs the secret of the backup", (43,), RESTORE,
        "if given.fingerprint != manifest.secret:", "if False:",
        (f"{RESTORES}::test_the_secret_is_asked_for_and_has_to_be_the_right_one",),
    ),
    Mutation(
        "a restore leaves what is there", (43,), RESTORE,
        "if not free and not over:", "if False:",
        (f"{RESTORES}::test_what_is_there_stays_unless_the_backup_may_take_its_place",),
    ),
    Mutation(
        "who was erased since is known from beside the backup", (37, 43), RESTORE,
        '        erasures.add_list(file.parent / LIST)\n', "",
        (ERASED,),
    ),
    Mutation(
        "who was erased since is known from the database that is replaced", (37, 43), RESTORE,
        "            listed |= target.share_erasures(erasures)\n", "",
        (ERASED,),
    ),
    Mutation(
        "a line of the list that was cut off takes no other along", (37,), "bot/people/privacy.py",
        '"" if first or file.read()[-1:] in ("", "\\n") else "\\n"', '""',
        (f"{FOLDERS}::test_the_list_beside_a_backup_knows_what_the_database_and_the_data_folder_know",),
    ),
    Mutation(
        "a restored database knows nobody", (13, 43), LITE,
        "                forget_tokens(conn)\n", "",
        (f"{RESTORES}::test_a_backup_arrives_elsewhere_as_it_was",),
    ),
    Mutation(
        "a restart in the first hour after a restore is as careful", (13, 43), "bot/delivery/restore_guard.py",
        "if old is None or changed else old.wary_until", "if old is None or changed else None",
        (f"{DRILL}::test_killed_in_its_first_hour_it_looks_before_it_speaks_all_the_same",),
        on="slack",
    ),
    Mutation(
        "a database that is being filled says so", (43,), "bot/store/migrate.py",
        "    if MARK in found:\n        raise StoreRefused(EXPLANATION)\n", "",
        (f"{COPIES}::test_a_row_that_the_other_database_cannot_hold_is_named_by_its_table_alone",),
        on="postgres",
    ),
    Mutation(
        "a copy is read back and compared", (43,), COPY,
        "if (rows, total % 2**256) != (copied[table.name].rows, copied[table.name].sum):", "if False:",
        (f"{COPIES}::test_a_row_that_did_not_arrive_undoes_the_copy",),
        on="postgres",
    ),
    Mutation(
        "a copy gives no id twice", (43,), COPY,
        "    continue_ids(new, table, highest)\n", "",
        (f"{COPIES}::test_every_table_arrives_as_it_was_in_the_other_database_and_back",),
        on="postgres",
    ),
    Mutation(
        "a PostgreSQL database in use is left alone", (43,), "bot/backups/restore_postgres.py",
        "if postgres_rows.count_others(conn):", "if False:",
        (f"{COPIES}::test_a_source_in_use_is_refused",),
        on="postgres",
    ),
    Mutation(
        "a start waits while PostgreSQL is restored", (43,), "bot/store/migrate.py",
        "            with wait_for_turn(engine, patience_seconds, shared=True):", "            if True:",
        (f"{RESTORES}::test_a_bot_that_starts_while_postgresql_is_restored_waits",),
        on="postgres", by="Failed",
    ),
    Mutation(
        "PostgreSQL is backed up before a migration", (35, 43), "bot/store/migrate.py",
        "    write_backup(url, kept, datetime.now(UTC))\n", "",
        (f"{UPGRADES}::test_after_an_upgrade_the_version_from_before_comes_back_with_the_copy",),
        on="postgres",
    ),
    Mutation(
        "an upgrade that failed says how to go on", (35,), "bot/store/startup.py",
        "    except Exception as error:", "    except ZeroDivisionError as error:",
        (f"{UPGRADES}::test_a_failed_upgrade_changes_nothing_and_says_how_to_go_on",),
        by="IntegrityError",
    ),
)  # fmt: skip
