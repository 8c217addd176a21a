"""The mechanisms of a running process, of courses and their evidence, and of content files."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

DELIVERIES = "bot/courses/progress_import/deliveries.py"
SIGNATURE, ENDPOINTS = "bot/courses/evidence/signature.py", "bot/courses/progress_import/endpoints.py"
CREDENTIAL, BADGE = "bot/courses/evidence/credential.py", "tests/courses/test_badge.py"
EVIDENCE, IMPORT = "tests/courses/test_evidence.py", "tests/courses/test_progress_import.py"
IMPORTS = "tests/cli/test_imports.py"

MUTATIONS = (
    Mutation(
        "a beat that does not get through is unwell", (23, 31), "bot/runtime/health.py",
        "if age > MISSED]", "if False]",
        ("tests/runtime/test_health.py::test_a_beat_that_never_gets_through_is_named",),
    ),
    Mutation(
        "a process that stopped answering is unwell", (6, 23), "bot/runtime/health.py",
        "if age > STALE:", "if False:",
        ("tests/runtime/test_health.py::test_a_process_that_stopped_answering_is_not_well",),
    ),
    Mutation(
        "a long body is not read", (45,), "bot/runtime/web.py",
        "client_max_size=LARGEST, ", "client_max_size=0, ",
        ("tests/runtime/test_web.py::test_a_body_that_is_too_long_is_refused",),
    ),
    Mutation(
        "evidence is checked against its seal", (51,), SIGNATURE,
        "key.verify(base64.b64decode(seal[\"signature\"], validate=True), _signed(community, digests))", "pass",
        (f"{EVIDENCE}::test_any_change_shows",),
    ),
    Mutation(
        "every file of evidence is checked", (51,), SIGNATURE,
        "if hashlib.sha256(data).hexdigest() != digests[name]:", "if False:",
        (f"{EVIDENCE}::test_any_change_shows",),
    ),
    Mutation(
        "content: an alias is refused", (46,), "bot/content/yaml_tree.py",
        "if isinstance(event, AliasEvent):", "if False:",
        ("tests/content/test_documents.py::test_a_hostile_file_is_refused_at_once",),
        by="AttributeError",
    ),
    Mutation(
        "content: nothing above the folder is read", (46,), "bot/content/file.py",
        "if not real.is_relative_to(top) or", "if",
        ("tests/content/test_documents.py::test_a_link_that_leaves_the_root_is_refused",),
        by="ValueError",
    ),
    Mutation(
        "a hook's delivery is signed", (45,), DELIVERIES,
        'if not _same(f"sha256={wanted}", headers[SIGNATURE]):', "if False:",
        (f"{IMPORT}::test_nothing_of_a_signed_call_can_be_changed_or_left_out",),
    ),
    Mutation(
        "a hook's delivery is of this time", (45,), DELIVERIES,
        "if abs(age) > WINDOW:", "if False:",
        (f"{IMPORT}::test_a_call_from_another_time_is_told_so",),
    ),
    Mutation(
        "a hook's delivery is taken in once", (45,), ENDPOINTS,
        "if await self._store.read(lambda conn: deliveries.is_taken(conn, home.id, hook, id)):", "if False:",
        (f"{IMPORT}::test_each_delivery_is_taken_once_by_whichever_process_and_the_list_of_them_stays_short",),
    ),
    Mutation(
        "a hook asks for its secret", (45,), DELIVERIES,
        "if not _same(secret, given):", "if False:",
        (f"{IMPORT}::test_the_hook_answers_clearly_and_never_breaks",),
    ),
    Mutation(
        "a badge is for a finished course only", (51,), "bot/courses/lessons/resolve.py",
        "    if row.one.done_at is None:\n", "    if False:\n",
        ("tests/stories/test_badge.py::test_a_finished_course_is_a_badge_that_says_what_was_shown_first",),
    ),
    Mutation(
        "a badge tells a day, and none that is yet to come", (51,), CREDENTIAL,
        "return min(noon, now - timedelta(microseconds=now.microsecond))", "return noon",
        (f"{BADGE}::test_a_badge_tells_a_day_and_never_one_that_is_yet_to_come",),
    ),
    Mutation(
        "each community signs badges with its own key", (51,), CREDENTIAL,
        'secret.derive_key(f"badge/{community}")', 'secret.derive_key("badge")',
        (f"{BADGE}::test_the_key_is_the_same_on_every_machine_and_no_other_communitys_nor_that_of_the_seal",),
    ),
    Mutation(
        "the form says all that a badge will say", (51,), "bot/courses/evidence/badge.py",
        '        (_("Criteria"), facts.criteria),\n', "",
        (f"{BADGE}::test_the_form_says_all_that_the_badge_will_say",),
    ),
    Mutation(
        "no badge is offered that cannot be made", (51,), CREDENTIAL,
        'return find_spec("openbadgeslib") is not None and find_spec("pyld") is not None', "return True",
        ("tests/stories/test_badge.py::test_where_badges_are_not_set_up_none_is_offered_and_whoever_asks_is_told",),
    ),
    Mutation(
        "evidence: only the community's own key is good", (51,), "bot/cli/verify.py",
        '    good = given == found.fingerprint.replace(" ", "")',
        '    good = given in ("", found.fingerprint.replace(" ", ""))',
        (f"{EVIDENCE}::test_without_the_communitys_key_the_signer_is_unknown",),
    ),
    Mutation(
        "evidence: sealed words are looked at like anything from outside", (51,), SIGNATURE,
        '    if not all(isinstance(document.get(name), str) for name in ("name", "course")):', "    if False:",
        (f"{EVIDENCE}::test_a_sealed_file_that_is_no_evidence_is_a_plain_sentence",),
    ),
    Mutation(
        "a hook's signature covers its time and its id", (45,), DELIVERIES,
        'f"{stamp}.{id}.".encode() + body', "body",
        (f"{IMPORT}::test_nothing_of_a_signed_call_can_be_changed_or_left_out",),
    ),
    Mutation(
        "a hook's line without a time counts from the signed one", (45,), "bot/courses/progress_import/resolve.py",
        "return self.said or self.row.sent_at", "return self.said",
        (f"{IMPORT}::test_a_delivery_that_was_interrupted_may_come_again_and_undoes_nothing",),
    ),
    Mutation(
        "an export of a course host takes nothing back", (), "bot/courses/progress_import/rows.py",
        "    if line.row.only_adds:\n", "    if False:\n",
        ("tests/courses/test_progress_import.py::test_an_export_takes_nothing_back_and_brings_nothing_back",),
    ),
    Mutation(
        "a table that waits is its moderator's alone", (), "bot/courses/progress_import/drafts.py",
        "c.community_id == community_id, c.made_by == made_by)\n    ).one_or_none()", "c.community_id == community_id)\n    ).one_or_none()",
        ("tests/courses/test_progress_import.py::test_a_table_that_waits_is_its_moderators_alone_and_goes_with_anybody_forgotten",),
    ),
    Mutation(
        "a login page is never taken for a file", (), "adapters/slack/handed_files.py",
        ' or answer.content_type == "text/html"', "",
        ("tests/adapters/slack/test_handed_files.py::test_a_page_in_the_place_of_a_file_is_said_to_be_one",),
    ),
    Mutation(
        "with the bare secret a line needs its time", (45,), ENDPOINTS,
        "[line for line in lines if line.at]", "lines",
        (f"{IMPORT}::test_with_the_bare_secret_every_line_says_its_time",),
    ),
    Mutation(
        "the version is said before a library is imported", (), "bot/cli/entry.py",
        'if sys.argv[1:] == ["--version"]:', "if False:",
        (f"{IMPORTS}::test_the_version_is_said_without_a_library",),
    ),
    Mutation(
        "help is written without rich", (), "bot/cli/main.py",
        "rich_markup_mode=None,", 'rich_markup_mode="rich",',
        (f"{IMPORTS}::test_help_needs_only_the_library_of_commands",),
    ),
    Mutation(
        "a start that has nothing to migrate leaves Alembic alone", (35,), "bot/store/migrate.py",
        "from bot.store.revisions import SCRIPTS,", "import alembic\nfrom bot.store.revisions import SCRIPTS,",
        (f"{IMPORTS}::test_a_start_with_nothing_to_migrate_imports_one_platform_and_no_migrations[slack]",),
    ),
    Mutation(
        "a platform that is not set up is not imported", (), "adapters/discord/platform.py",
        "import typer\n", "import discord\nimport typer\n",
        (f"{IMPORTS}::test_a_start_with_nothing_to_migrate_imports_one_platform_and_no_migrations[slack]",),
    ),
    Mutation(
        "no garbage is collected while the bot is put together", (), "bot/cli/startup.py",
        "    gc.disable()\n", "",
        ("tests/cli/test_run.py::test_no_garbage_is_collected_while_the_bot_is_put_together_and_again_after_a_fault",),
    ),
    Mutation(
        "what was made without the collector is not looked through before the bot runs", (), "bot/cli/startup.py",
        "        gc.freeze()\n", "",
        ("tests/cli/test_run.py::test_what_was_made_meanwhile_is_not_looked_through_when_the_collector_is_back",),
    ),
    Mutation(
        "what a start leaves behind is collected once the bot runs", (), "bot/runtime/garbage.py",
        "    gc.unfreeze()\n", "",
        ("tests/runtime/test_alarm.py::test_garbage_of_the_start_is_collected_once_the_bot_runs",),
    ),
    Mutation(
        "no platform waits for another to be connected", (), "bot/app.py",
        "        await self._connect()\n",
        "        for one in self.adapters.values():\n            await one.start(self.dispatcher)\n",
        ("tests/stories/test_two_spaces.py::test_no_platform_waits_for_another_to_be_connected",), by="TimeoutError",
    ),
    Mutation(
        "letters that the font lacks are left out of a picture", (), "bot/pictures/text_width.py",
        "for one in words if one.isspace() or _is_drawn(one)", "for one in words",
        ("tests/pictures/test_pictures.py::test_letters_that_the_font_lacks_are_left_out_of_the_picture_and_stand_in_its_words",),
    ),
    Mutation(
        "a key is the one that HKDF says", (), "bot/store/secret.py",
        'info.encode() + b"\\x01"', "info.encode()",
        ("tests/store/test_secret.py::test_a_key_is_the_one_that_the_standard_says",),
    ),
    Mutation(
        "words in a picture stand on their line", (), "bot/pictures/png.py",
        "(text.y - text_ascent(text.size)) * ZOOM", "text.y * ZOOM",
        ("tests/pictures/test_pictures.py::test_words_stand_on_their_line_and_begin_end_or_lie_around_their_place",),
    ),
    Mutation(
        "a content file that is as it was is taken apart once", (), "bot/content/document.py",
        "said = None if known is None else known.find(text)", "said = None",
        ("tests/content/test_known_files.py::test_a_file_that_is_as_it_was_is_taken_apart_once",),
    ),
    Mutation(
        "what is known of a content file is checked by its model", (), "bot/content/document.py",
        "with suppress(ValidationError):", "with suppress(IndexError):",
        ("tests/content/test_known_files.py::test_a_known_text_that_says_what_no_file_may_say_is_not_believed",),
        by="ValidationError",
    ),
    Mutation(
        "one server that an outage keeps away is waited for", (), "adapters/discord/client.py",
        "self._settle if waits else min(SOON, self._settle)", "min(SOON, self._settle)",
        ("tests/adapters/discord/test_gateway.py::test_a_server_that_is_away_is_waited_for",),
    ),
    Mutation(
        "nothing is waited for once every server was told", (), "adapters/discord/client.py",
        "self._settle if waits else min(SOON, self._settle)", "self._settle",
        ("tests/adapters/discord/test_gateway.py::test_once_every_server_was_told_nothing_more_is_waited_for",),
    ),
    Mutation(
        "what is there at the start is not collected again", (), "bot/runtime/alarm.py",
        "    set_all_aside()\n", "",
        ("tests/runtime/test_alarm.py::test_what_is_there_at_the_start_is_kept_from_the_garbage_collector",),
    ),
    Mutation(
        "what stands after a look for garbage is not looked through at the next", (), "bot/runtime/garbage.py",
        "            gc.freeze()\n", "",
        ("tests/runtime/test_garbage.py::test_a_look_collects_what_is_new_and_sets_aside_what_stands",),
    ),
    Mutation(
        "what was set aside and is garbage is collected once a day", (), "bot/runtime/garbage.py",
        "        if self.looks % DAY:\n", "        if self.looks:\n",
        ("tests/runtime/test_garbage.py::test_what_was_set_aside_and_is_garbage_is_collected_within_a_day",),
    ),
    Mutation(
        "garbage is not looked for among everything while somebody waits", (), "bot/runtime/garbage.py",
        "    gc.set_threshold(young, middle, SELDOM)\n", "    gc.set_threshold(young, middle, 10)\n",
        ("tests/runtime/test_garbage.py::test_python_does_not_look_through_everything_by_itself_in_the_middle_of_something",),
    ),
    Mutation(
        "nobody waits long for a busy thread", (), "bot/app.py",
        "        shorten_turns()\n", "",
        ("tests/runtime/test_interpreter.py::test_whoever_waits_for_a_busy_thread_waits_a_millisecond_at_most",),
    ),
)  # fmt: skip
