"""The mechanisms by which two accounts of one person become one member, and part again without loss."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

LINKING = "tests/stories/test_linking.py"
PIECES = "tests/stories/test_linking_in_pieces.py"
CONNECTING = "tests/stories/test_connecting.py"
CODES = "bot/people/link_codes.py"
JOURNAL = "bot/people/link_journal.py"
COMMANDS = "bot/account/link_commands.py"
ANSWERS = "bot/reflections/answers/linked_answers.py"
PROGRESS = "bot/courses/enrollment/linked_progress.py"
ONCE = f"{LINKING}::test_a_code_works_once_for_ten_minutes_and_not_for_the_account_that_made_it"
TWO = f"{LINKING}::test_two_answers_to_one_prompt_become_one_and_are_two_again_after_unlinking"
SETTINGS = f"{LINKING}::test_settings_join_and_the_more_private_and_quieter_ones_hold"
LESSONS = f"{LINKING}::test_progress_joins_and_parts_without_losing_a_lesson"
WAY = f"{LINKING}::test_lessons_and_reminders_on_their_way_to_both_are_said_once"

MUTATIONS = (
    Mutation(
        "codes are removed after an hour", (40,), "bot/account/feature.py",
        "            *link_codes.retention(),\n", "",
        ("tests/stories/test_linking.py::test_codes_and_wrong_tries_leave_no_row_after_an_hour",),
    ),
    Mutation(
        "a code is stored as a hash", (44,), CODES,
        "return hashlib.sha256(normal_code(text).encode()).hexdigest()", "return hashlib and normal_code(text)",
        (f"{LINKING}::test_the_database_holds_no_code",),
    ),
    Mutation(
        "a code ends after ten minutes", (44,), CODES, " or now - row.made_at >= LASTS", "", (ONCE,),
    ),
    Mutation(
        "a newer code ends the one before", (44,), CODES,
        "conn.execute(update(link_code).where(mine, ours).values(ended_at=now))", "pass", (ONCE,),
    ),
    Mutation(
        "a code is used once", (44,), CODES,
        "return conn.execute(update(link_code).where(unused).values(ended_at=now)).rowcount > 0", "return bool(unused is not None)",
        (ONCE,),
    ),
    Mutation(
        "wrong codes are counted in rows", (44,), CODES,
        "        note_wrong_code(conn, community_id, who, now)\n", "",
        (f"{LINKING}::test_who_enters_five_wrong_codes_waits_an_hour_also_after_a_restart",),
    ),
    Mutation(
        "an account makes few codes", (44,), CODES,
        "if conn.execute(recent).scalar_one() >= TRIES:", "if recent is None:",
        (f"{LINKING}::test_an_account_makes_at_most_five_codes_an_hour",),
    ),
    Mutation(
        "only who is linked unlinks", (44,), COMMANDS,
        "if link is None or link.keeper != request.member.id or (link.space, link.person) not in accounts:",
        "if link is None:",
        (f"{LINKING}::test_nobody_unlinks_others_and_nobody_links_two_groups_of_accounts",),
    ),
    Mutation(
        "what a link changed goes back", (37,), JOURNAL,
        "conn.execute(update(table).where(_has_key(table, key)).values(same))", "pass", (TWO, SETTINGS),
    ),
    Mutation(
        "what was set aside goes back", (37,), JOURNAL,
        "        conn.execute(insert(table).values(was))\n        return", "        return", (LESSONS,),
    ),
    Mutation(
        "what an account said since goes back with it", (37,), ANSWERS,
        "_credit_parts(conn, link, answer_id, sources - written, theirs, now)", "pass", (TWO,),
    ),
    Mutation(
        "two done lessons count once, and one done lesson counts", (37,), PROGRESS,
        '"done_at": done["done_at"],\n        "how"', '"done_at": one["done_at"],\n        "how"', (f"{LINKING}::test_a_lesson_is_done_when_either_account_did_it",),
    ),
    Mutation(
        "who is linked is asked once", (44,), ANSWERS,
        "JoinStep(list_spare, take_back), ", "",
        (f"{LINKING}::test_who_links_while_both_are_about_to_be_asked_is_asked_once",),
    ),
    Mutation(
        "accounts that were unlinked are not erased with one another", (13, 37), "bot/account/erasure.py",
        "        self._part_owed(conn, now)\n", "",
        (f"{LINKING}::test_a_backup_from_while_they_were_linked_loses_only_the_account_that_was_erased",),
    ),
    Mutation(
        "erasure reaches what was linked", (37,), "bot/account/erasure.py",
        "joined = links.forget(conn, home, subject.member_id)", "joined = list[int]()",
        (f"{LINKING}::test_the_export_shows_both_accounts_and_erasure_covers_both",),
    ),
    Mutation(
        "a lesson on its way to both comes once", (44,), PROGRESS,
        '    _take_back_lessons(conn, other["id"])\n', "", (WAY,),
    ),
    Mutation(
        "a reminder on its way to both comes once", (44,), "bot/account/link_rules.py",
        "lately = reminders_around(conn, link.keeper, now, policy.APART)", "lately = now < link.at", (WAY,),
    ),
    Mutation(
        "a form's author is written down", (37,), ANSWERS,
        "    if link is not None:\n        credit_row(", "    if link is None:\n        credit_row(",
        (f"{LINKING}::test_what_an_account_answers_by_form_while_linked_goes_with_it",),
    ),
    Mutation(
        "what was decided of a joint answer holds for both", (37,), ANSWERS,
        '        values |= {"sharing": one["sharing"], "shared_at": one["shared_at"]}\n', "        pass\n",
        (f"{LINKING}::test_who_hides_a_joint_answer_hides_both_halves",),
    ),
    Mutation(
        "what was chosen while linked holds for both", (37,), "bot/people/linked_settings.py",
        "conn.execute(update(member).where(member.c.id == link.joined).values(chosen))", "pass", (SETTINGS,),
    ),
    Mutation(
        "what other rows point to is not set aside", (37,), "bot/people/link_moves.py",
        "if not any(key.column.table is table for one", "if any(table is not None for one",
        ("tests/stories/test_linking.py::test_the_digest_counts_a_linked_person_once",),
    ),
    Mutation(
        "a seat that was given on stays given", (44,), "bot/discussions/linked_rsvps.py",
        "conn.execute(update(rsvp).where(theirs).values(place=last + 1))", "str(update(rsvp).where(theirs).values(place=last + 1))",
        ("tests/stories/test_meetings.py::test_linked_accounts_take_one_seat_and_whoever_waits_gets_the_other",),
    ),
    Mutation(
        "a linked person takes one seat", (44,), "bot/discussions/linked_rsvps.py",
        "    tell_who_moved_up(conn, here, before, now)\n", "    str(before)\n",
        ("tests/stories/test_meetings.py::test_linked_accounts_take_one_seat_and_whoever_waits_gets_the_other",),
    ),
    Mutation(
        "nobody is a reader of their own", (44,), "bot/reflections/shared_answers/linked_openings.py",
        "        set_row_aside(conn, link, opening, row)\n", "        str(set_row_aside)\n",
        (f"{LINKING}::test_nobody_is_counted_among_the_readers_of_their_own_answer",),
    ),
    Mutation(
        "spaces that both have data stay two communities", (44,), "bot/admin/connect_command.py",
        "if spaces.find_data(conn, home) is None:", "if home:",
        (f"{CONNECTING}::test_two_spaces_that_both_have_data_are_refused",),
    ),
    Mutation(
        "whoever made a code is still an admin", (44,), "bot/admin/connect_command.py",
        "if met is None or met[1] or self.alerts.role_of(met[0]) < Role.ADMIN:", "if met is None:",
        (f"{CONNECTING}::test_it_takes_an_admin_on_both_sides_until_the_end",),
    ),
    Mutation(
        "people move with their space", (44,), "bot/people/spaces.py",
        "for name in MOVED:", "for name in MOVED[:1]:",
        (f"{CONNECTING}::test_the_space_without_data_moves_whichever_side_enters_the_code",),
    ),
    Mutation(
        "only answers that a link changed are indexed anew", (), "bot/reflections/answers/search_entries.py",
        '!= {"member_id"}:', "!= set():",
        ("tests/stories/test_pieces.py::test_linking_two_who_said_much_asks_the_same_of_the_index_however_much_it_was",),
    ),
    Mutation(
        "an answer that a link joined is found by the words of both", (), ANSWERS,
        "        index_answers(conn, link.community_id, ids)\n", "",
        ("tests/stories/test_pieces.py::test_two_answers_that_are_one_are_found_by_the_words_of_both_until_they_are_two_again",),
    ),
    Mutation(
        "links that were begun are brought to their end at a start", (13, 37), "bot/app.py",
        "        await self.linking.go_on()\n", "",
        (f"{PIECES}::test_whoever_is_killed_between_two_pieces_of_linking_ends_it_at_the_next_start",),
    ),
    Mutation(
        "links that another process began are brought to their end within a minute", (13, 37), "bot/account/feature.py",
        'PeriodicJob("linking accounts", 30, linking.go_on, links.next_joining)', 'PeriodicJob("linking accounts", 30, linking.go_on, links.next_joining and (lambda _conn: None))',
        (f"{PIECES}::test_what_another_process_began_to_link_is_linked_within_a_minute",),
    ),
    Mutation(
        "who links is told when everything is in one place", (37,), COMMANDS,
        "        await self.linking.go_on()\n", "",
        (f"{PIECES}::test_linking_is_many_pieces_and_told_when_everything_is_in_one_place",),
    ),
    Mutation(
        "what was parted meanwhile is not joined any further", (37,), "bot/account/link_pieces.py",
        "        if links.is_joining(conn, link):\n            step", "        if link.id:\n            step",
        (f"{PIECES}::test_a_link_that_is_taken_back_before_its_end_changes_nothing",),
        by="IntegrityError",
    ),
    Mutation(
        "two answers are joined once, whoever goes on with that", (37,), ANSWERS,
        '        and not is_written(conn, link, answer, mine[other["occurrence_id"]]["id"])\n', "",
        (f"{PIECES}::test_an_answer_that_was_joined_and_taken_back_is_not_joined_once_more",),
    ),
    Mutation(
        "whoever is being joined is written to at the account that stays", (37,), "bot/people/links.py",
        "    return keeper or member_id\n", "    return member_id if keeper is None else member_id\n",
        (f"{PIECES}::test_what_is_due_to_the_other_account_meanwhile_reaches_the_person",),
    ),
    Mutation(
        "no more than some rows of a link are moved in one piece", (37,), "bot/people/link_moves.py",
        "TOGETHER = 20\n", "TOGETHER = 2_000\n",
        ("tests/stories/test_pieces.py::test_no_piece_of_a_link_grows_with_what_they_said",),
    ),
    Mutation(
        "no more than some answers of a link are joined in one piece", (37,), ANSWERS,
        "TOGETHER = 3\n", "TOGETHER = 3_000\n",
        ("tests/stories/test_pieces.py::test_no_piece_of_a_link_grows_with_what_they_said",),
    ),
    Mutation(
        "answers that a link had joined are found by their own words again", (), "bot/reflections/answers/search_entries.py",
        "        if row.name == part.name:\n            touched", "        if row.name == answer.name:\n            touched",
        ("tests/stories/test_pieces.py::test_two_answers_that_are_one_are_found_by_the_words_of_both_until_they_are_two_again",),
    ),
)  # fmt: skip
