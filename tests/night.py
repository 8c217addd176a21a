"""What runs at night only: tests that take long, about what shorter ones hold by day as well.

A run of all tests has to end within the time of a pull request. `NIGHTLY=1` (`make nightly`) runs everything, and so does naming a
test (`file::test`).
"""

from __future__ import annotations

import os

NIGHTLY = bool(os.environ.get("NIGHTLY"))
LONG = (
    # The other database, where the same story runs on SQLite by day.
    "tests/audience/test_histories.py::test_everybody_reads_the_same_on_postgres",
    "tests/schedules/test_planner.py::test_an_edit_and_a_tick_in_any_order_give_the_old_text_once_or_the_new_text_once[postgresql",
    "tests/search/test_hits.py::test_what_one_says_to_a_colleague_is_not_found_worse_than_when_it_was_read[postgresql",
    "tests/stories/test_strategies.py::test_they_are_shown_and_gone_on_postgres_too",
    "tests/stories/test_taps.py::test_taps_and_their_picture_on_the_other_database",
    "tests/stories/test_traces.py::test_no_row_is_left_on_postgresql[local-withdrawn]",
    "tests/backups/test_upgrades.py::test_after_an_upgrade_the_version_from_before_comes_back_with_the_copy[postgresql]",
    "tests/stories/test_anonymous_matching.py::test_postgresql_tells_no_order_either",
    "tests/stories/test_backups.py::test_the_machine_burns_and_the_backup_goes_on_elsewhere[slack-socket-postgresql]",
    "tests/stories/test_backups.py::test_the_machine_burns_and_the_backup_goes_on_elsewhere[discord-postgresql]",
    "tests/stories/test_linked_histories.py::test_nothing_is_lost_on_postgres",
    "tests/stories/test_moderators_on_postgres.py::",
    "tests/stories/test_private_replies.py::test_thanks_and_replies_on_the_other_database",
    "tests/stories/test_reach.py::test_joining_and_reminding_on_postgres",
    "tests/stories/test_traces.py::test_no_row_is_left_on_postgresql[local-erased]",
    "tests/contract/test_looking_back.py::test_a_long_thread_is_read_to_its_end[slack-http]",
    "tests/stories/test_linking_in_pieces.py::test_whoever_is_killed_between_two_pieces_of_linking_ends_it_at_the_next_start[postgresql",
    "tests/team_plans/test_both_databases.py::test_a_plan_on_a_canvas_on_postgres",
    "tests/vitals/test_metrics.py::test_after_a_week_the_numbers_are_what_happened[postgres]",
    # Kills at every point, long histories, and what another story tells as well.
    "tests/courses/test_both_databases.py::test_a_short_story_on_each_database",
    "tests/stories/test_backups.py::test_the_machine_burns_and_the_backup_goes_on_elsewhere[slack-socket-sqlite]",
    "tests/store/test_scrub.py::test_a_rewritten_file_holds_nothing_that_was_deleted[truncate]",
    "tests/adapters/discord/test_process.py::test_a_process_that_starts_over_and_over_stops_identifying_and_tells_its_commands_once",
    "tests/delivery/test_many.py::test_processes_that_are_killed_at_random",
    "tests/processes/test_database_away.py::test_without_its_database_it_is_alive_and_not_ready_and_a_new_one_asks_to_be_started_again",
    "tests/processes/test_database_away.py::test_a_revoked_token_is_not_ready_and_no_reason_for_a_restart",
    "tests/stories/test_anonymous_matching.py::test_a_matching_script_does_no_better_than_chance[local-truncate]",
    "tests/stories/test_discussion_words.py::test_everything_people_can_type_is_planned_or_refused",
    "tests/backups/test_copy.py::test_killed_it_leaves_a_target_that_says_so_and_is_taken_again",
    "tests/backups/test_restore.py::test_killed_it_leaves_the_old_database_or_says_that_it_is_unfinished",
    "tests/stories/test_a_month.py::test_a_month_of_three_people[es]",
    "tests/stories/test_a_week.py::test_no_prompt_comes_back_before_the_deck_is_exhausted",
    "tests/stories/test_discussion_edits.py::test_an_edit_while_it_goes_out_ends_in_one_of_both_words_and_the_answer_says_which",
    "tests/stories/test_interleavings.py::test_a_hundred_edits_in_the_second_of_posting",
    "tests/stories/test_rereading.py::test_hundreds_of_threads_are_read_without_a_refusal",
    *(
        f"tests/stories/test_erasing_in_pieces.py::test_whoever_is_killed_between_two_pieces_of_an_erasure_ends_it_at_the_next_start[{one}]"
        for one in ("sqlite-1", "sqlite-2", "sqlite-12")
    ),
    "tests/courses/test_playground.py::test_two_teams_are_in_mid_course_and_the_next_lesson_comes_on_monday",
    "tests/schedules/test_planner.py::test_an_edit_and_a_tick_in_any_order_give_the_old_text_once_or_the_new_text_once[sqlite-0]",
    "tests/stories/test_growth.py::test_direct_messages_that_brought_nothing_are_forgotten_soon_after_their_prompt",
    "tests/stories/test_leavers.py::test_whoever_left_hears_of_no_lesson_no_prompt_and_no_reminder",
    "tests/stories/test_letters.py::test_a_letter_is_offered_once_at_the_end_of_a_year_and_read_by_its_author_alone",
    "tests/stories/test_linking.py::test_an_account_makes_at_most_five_codes_an_hour",
    "tests/stories/test_playground.py::test_next_due_stops_at_prompts_lessons_and_discussions_but_not_at_what_is_left_out",
    "tests/stories/test_prompt_cards.py::test_two_schedules_ask_the_same_people_nothing_twice_before_all_was_asked",
    "tests/stories/test_reminders.py::test_a_week_never_brings_more_than_two_over_all_features",
    "tests/stories/test_saved_messages.py::test_the_hint_comes_once_a_month_at_most",
    "tests/stories/test_trouble.py::test_a_digest_waits_for_a_history_that_cannot_be_read_but_not_for_ever",
    "tests/stories/test_reminders_one_keeps_on.py::test_the_last_reminder_of_prompts_says_so_and_is_the_last",
    "tests/stories/test_reminders_one_keeps_on.py::test_no_sentence_comes_twice_within_a_month",
    "tests/stories/test_the_year_ahead.py::test_twelve_weeks_come_as_they_were_foretold[local-3]",
    "tests/stories/test_upgrades.py::",
    # Whole installations, and a second way of starting the same.
    "tests/adapters/discord/test_process.py::test_a_process_connects_answers_and_leaves_when_it_is_told_to",
    "tests/adapters/discord/test_process.py::test_a_wrong_token_ends_the_process_with_the_setting_to_mend",
    "tests/house/test_command_blocks.py::test_a_command_that_serves_opens_the_page_that_it_prints[uv run --locked --no-dev tilth play --port 9000]",
    "tests/house/test_command_blocks.py::test_a_command_that_serves_opens_the_page_that_it_prints[uv run --locked --no-dev tilth play --real-time]",
    "tests/house/test_command_blocks.py::test_a_command_that_serves_opens_the_page_that_it_prints[uv run --locked --no-dev tilth play --reset]",
    "tests/house/test_extending.py::test_the_platform_that_the_recipe_adds_answers",
    "tests/processes/test_fresh_clone.py::",
    "tests/processes/test_in_a_container.py::test_the_address_it_prints_can_be_opened_whoever_else_holds_connections",
    "tests/processes/test_in_a_container.py::test_the_playground_says_how_it_is_to_whoever_has_no_token",
    "tests/processes/test_first_start.py::test_a_command_on_discord_is_answered_as_soon_as_the_bot_hears_it",
    "tests/processes/test_on_discord.py::test_a_token_that_discord_refuses_ends_it_with_the_setting_named",
    "tests/processes/test_on_slack.py::test_what_was_said_while_it_was_killed_is_found_when_it_comes_back",
    "tests/processes/test_on_discord.py::test_what_was_said_while_it_was_killed_is_found_when_it_comes_back",
    "tests/processes/test_on_slack.py::test_a_token_that_slack_refuses_ends_it_with_the_setting_named[SLACK__BOT_TOKEN",
    "tests/processes/test_setup.py::test_a_script_sets_it_up_without_a_question",
    "tests/processes/test_setup.py::test_a_script_ends_with_78_where_no_prompt_will_come",
    "tests/processes/test_setup.py::test_the_doctor_tries_a_live_discord_and_is_silent_about_voice",
    "tests/processes/test_setup.py::test_where_several_servers_have_the_channel_the_doctor_tries_none_and_names_them",
    "tests/processes/test_image.py::",
    "tests/processes/test_setup.py::test_a_second_time_changes_nothing_unasked_and_says_what_stays",
    "tests/processes/test_setup.py::test_it_is_left_and_taken_up_again_and_a_wrong_token_is_named",
    "tests/processes/test_wheel.py::",
    "tests/release/test_release.py::test_a_rehearsed_release_builds_everything_and_leaves_the_checkout_alone",
    "tests/reflections/test_answer_kinds.py::test_a_kind_is_added_with_one_module_and_its_line_in_the_list",
)
"""The beginnings of their names."""
ON_POSTGRESQL = (
    "tests/backups/test_folder.py::",
    "tests/backups/test_restore.py::",
    "tests/capture/test_scans.py::",
    "tests/capture/test_statements.py::",
    "tests/courses/test_lessons.py::",
    "tests/courses/test_progress_import.py::",
    "tests/delivery/test_kill.py::",
    "tests/delivery/test_pacing.py::",
    "tests/delivery/test_parts.py::",
    "tests/delivery/test_privacy.py::",
    "tests/delivery/test_recovery.py::",
    "tests/delivery/test_sending.py::",
    "tests/stories/test_erasing_in_pieces.py::",
    "tests/webhooks/test_delivery.py::",
)
"""The beginnings of names of tests that run on both databases, on PostgreSQL at night only: by day other tests of these rooms
run on it, and these run on SQLite."""


def is_for_the_night(test: str) -> bool:
    """Whether a test, by its whole name, takes too long for the day."""
    return test.startswith(LONG) or ("[postgresql" in test and test.startswith(ON_POSTGRESQL))
