"""The mechanisms by which what was erased is gone from everywhere, stays gone, and whoever comes back stays."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

PRIVACY, PRIVACY_OF_DELIVERY = "tests/stories/test_privacy.py", "tests/delivery/test_privacy.py"
LIST, SECRET = "bot/people/privacy.py", "bot/store/secret.py"
SECRETS, STORIES = "tests/store/test_secret.py", "tests/stories/test_secret.py"
PIECES = "tests/stories/test_erasing_in_pieces.py"
SCRUB, TRACES = "bot/store/scrub.py", "tests/stories/test_traces.py"

MUTATIONS = (
    Mutation(
        "an erasure touches nobody who came later", (13, 37), LIST,
        "if one is not None and since <= one.at:", "if one is not None:",
        (f"{STORIES}::test_a_list_that_is_put_back_touches_nobody_who_came_later",),
    ),
    Mutation(
        "an erasure that the database knows is not repeated", (13, 37), LIST,
        "for one in _news(_read_list(self._list).values(), known)", "for one in _read_list(self._list).values()",
        (f"{STORIES}::test_who_came_back_stays_though_another_clock_is_behind",),
    ),
    Mutation(
        "the last erasure of an account counts", (37,), LIST,
        "where=_NEW.excluded.at > erasure.c.at,", "where=_NEW.excluded.at < erasure.c.at,",
        (f"{PRIVACY}::test_what_was_said_before_a_second_erasure_is_not_taken_in_again",),
    ),
    Mutation(
        "after a restore the first erasure is repeated, not a new one made", (13, 37), "bot/account/erasure.py",
        "at=one.at, asked=one.asked)", "at=now, asked=one.asked)",
        (f"{STORIES}::test_after_a_restore_what_was_said_since_the_erasure_is_taken_in_again",),
    ),
    Mutation(
        "every folder has the whole list of the erased after a start", (13, 37), LIST,
        "        self.share(conn)\n", "",
        (f"{STORIES}::test_the_list_of_the_erased_reaches_every_folder_and_outlives_a_backup",),
    ),
    Mutation(
        "every folder hears of the erased while it runs", (13, 37), "bot/upkeep.py",
        "return await self.store.read(self.erasure.erasures.share)", "return 0",
        (f"{STORIES}::test_two_folders_with_one_secret_both_keep_erased_words_out",), on="postgres",
    ),
    Mutation(
        "whoever was erased is not met by being listed", (37,), "bot/presence.py",
        " or erasures.stays_away(conn, home.id, who):", ":",
        (f"{PRIVACY}::test_an_erased_person_is_a_stranger_until_they_do_something_themselves",),
    ),
    Mutation(
        "what was under way at an erasure goes as well", (37,), "bot/account/feature.py",
        "lambda conn, one: one[1](conn, one[0])", "lambda _conn, _one: None",
        (f"{PRIVACY}::test_what_was_under_way_when_somebody_was_erased_goes_as_well",),
    ),
    Mutation(
        "an erasure that a process did not end is ended at the next start", (13, 37), "bot/app.py",
        "        await self.erasure.go_on()\n", "",
        (f"{PIECES}::test_whoever_is_killed_between_two_pieces_of_an_erasure_ends_it_at_the_next_start",),
    ),
    Mutation(
        "an erasure that another process did not end is ended within minutes", (13, 37), "bot/account/feature.py",
        "begun = await erasure.go_on()", "begun = 0",
        (f"{PIECES}::test_what_another_process_began_to_erase_is_erased_within_minutes",),
    ),
    Mutation(
        "nobody is told that something is erased before it is", (37,), "bot/account/erasure.py",
        "        await self.store.write(partial(self.begin, subject=subject))\n        await self.go_on()\n",
        "        await self.store.write(partial(self.begin, subject=subject))\n",
        (f"{PRIVACY}::test_erasing_asks_for_a_typed_word_and_then_leaves_no_byte",),
    ),
    Mutation(
        "no more than some answers are erased in one piece", (37,), "bot/reflections/answers/removal.py",
        "        .limit(AT_ONCE)\n", "",
        ("tests/stories/test_pieces.py::test_no_piece_of_an_erasure_grows_with_what_they_said_or_looks_through_a_table",),
    ),
    Mutation(
        "another secret is refused", (13, 37), SECRET,
        "if found is None or found.fingerprint != wanted:\n        if made", "if found is None:\n        if made",
        (f"{SECRETS}::test_without_its_secret_a_database_is_refused_and_no_new_one_is_made",),
    ),
    Mutation(
        "a secret is asked for before anything is migrated", (13, 43), "bot/store/startup.py",
        "check_secret(url, settings.secret.get_secret_value(), settings.store.folder)", "pass",
        (f"{SECRETS}::test_nothing_is_migrated_without_the_secret",), by="OperationalError",
    ),
    Mutation(
        "no second secret is made for a database that has one", (13, 37), SECRET,
        "    if wanted is None:\n        if found is None:\n            found, made",
        "    if wanted is None or found is None:\n        if found is None:\n            found, made",
        (f"{SECRETS}::test_without_its_secret_a_database_is_refused_and_no_new_one_is_made",),
    ),
    Mutation(
        "each purpose has a key of its own", (37,), SECRET,
        'stretch_key(self.material, f"tilth/{purpose}")', 'stretch_key(self.material, "tilth")',
        (f"{SECRETS}::test_each_purpose_has_a_key_of_its_own_and_none_is_the_secret",),
    ),
    Mutation(
        "a copy made before migrating names its secret", (43,), "bot/store/migrate.py",
        '(f".{secret}" if secret else "")', '""',
        ("tests/store/test_migrate.py::test_the_copy_made_before_migrating_names_its_secret",),
    ),
    Mutation(
        "what was said leaves no copy in the outbox", (37, 40), "bot/delivery/results.py",
        '        "card": None,  # the platform has it: a copy here would outlive its source\n', "",
        (f"{PRIVACY_OF_DELIVERY}::test_what_is_settled_leaves_no_copy_of_what_was_said",),
    ),
    Mutation(
        "what was refused leaves no copy in the outbox", (37, 40), "bot/delivery/results.py",
        "    _write(conn, and_(_c.id == row.id, _c.state == OutboxState.FAILED), card=None)\n", "",
        (f"{PRIVACY_OF_DELIVERY}::test_what_is_settled_leaves_no_copy_of_what_was_said",),
    ),
    Mutation(
        "the outbox forgets to whom something was said", (37,), "bot/delivery/outbox.py",
        ', "key": "forgotten:" + cast(_c.id, Text)', "",
        (f"{PRIVACY_OF_DELIVERY}::test_forgetting_somebody_drops_what_waits_and_keeps_no_trace_of_them",),
    ),
    Mutation(
        "alerts forget whom they told", (37,), "bot/admin/feature.py",
        "tables.forget(conn, subject.community.id, subject.accounts)", "pass",
        (f"{STORIES}::test_a_moderator_who_was_told_of_something_leaves_no_trace",),
    ),
    Mutation(
        "pacing forgets whom it was for", (37,), "bot/account/feature.py",
        "pacing.forget_people(conn, subject.accounts)", "pass",
        (f"{STORIES}::test_a_moderator_who_was_told_of_something_leaves_no_trace",),
    ),
    Mutation(
        "the log is emptied every minute", (39, 40), SCRUB,
        "    if wanted is None:\n        await empty_log(store)\n", "    if wanted is None:\n",
        ("tests/store/test_scrub.py::test_what_is_in_the_log_is_gone_within_a_minute",),
    ),
    Mutation(
        "the log forgets what is deleted before that is answered", (37, 40), "bot/store/writer.py",
        "if journal.take_wish(connection):", "if False:",
        ("tests/store/test_journal.py::test_words_are_gone_from_the_log_when_their_deletion_is_answered",),
    ),
    Mutation(
        "what is taken back leaves the log at once", (37, 40), "bot/reflections/answers/tables.py",
        "    empty_log_after(conn)\n", "",
        (f"{TRACES}::test_the_log_of_the_database_forgets_at_once",),
    ),
    Mutation(
        "what is too old leaves the log at once", (40,), "bot/upkeep.py",
        "            await empty_log(self.store)\n", "            pass\n",
        (f"{TRACES}::test_the_log_of_the_database_forgets_at_once",),
    ),
    Mutation(
        "an erasure has the file written anew", (37, 40), LIST,
        "    want_rewrite(conn, now)\n", "",
        (f"{TRACES}::test_the_log_of_the_database_forgets_at_once",),
    ),
    Mutation(
        "a file that is written anew holds no copy between its rows", (37, 40), SCRUB,
        'raw.execute("VACUUM")', 'raw.execute("SELECT 1")',
        ("tests/store/test_scrub.py::test_a_rewritten_file_holds_nothing_that_was_deleted",),
    ),
)  # fmt: skip
