"""The mechanisms by which every week comes once, at its hour, and not while people are away."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

PLANNER, BREAKS = "bot/schedules/planner.py", "bot/schedules/breaks.py"
QUERIES, RULES = "bot/schedules/planner_queries.py", "bot/schedules/recurrence.py"
PLANNING = "tests/schedules/test_planner.py"
ALARM = "bot/runtime/alarm.py"
MOMENTS, REFUSALS = "tests/chat/test_moment_parser.py", "tests/stories/test_refusals.py"

MUTATIONS = (
    Mutation(
        "prompts that are due at once are handed over in pieces", (), PLANNER,
        "                for o, s in piece.each(orders):", "                for o, s in orders:",
        (f"{PLANNING}::test_many_prompts_at_once_hold_the_writer_for_a_moment_each",),
    ),
    Mutation(
        "a prompt there was no time for is still to come", (), PLANNER,
        "for o, _ in rows if o.id not in later)", "for o, _ in rows)",
        (f"{PLANNING}::test_many_prompts_at_once_hold_the_writer_for_a_moment_each",),
    ),
    Mutation(
        "what stands behind a fault is not forgotten", (), PLANNER,
        "        piece.cut = True  # and those behind it were not reached", "        pass",
        (f"{PLANNING}::test_a_fault_in_one_piece_keeps_nothing_behind_it_back",),
    ),
    Mutation(
        "a list of dates comes on each of them", (), RULES,
        "return next((day for day in rule.on if day >= first), None)", "return rule.on[0] if rule.on[0] >= first else None",
        ("tests/schedules/test_date_lists.py::test_it_comes_once_on_each_date_also_where_the_clock_changes",),
    ),
    Mutation(
        "a date of a list that has passed is refused", (), "bot/scheduled_posts/rule_input.py",
        "    if past:", "    if False:",
        ("tests/schedules/test_date_lists.py::test_a_date_that_has_passed_is_named",),
    ),
    Mutation(
        "an occurrence has one row", (2, 14), QUERIES,
        'insert(occurrence).on_conflict_do_nothing(index_elements=["schedule_id", "key"])', "insert(occurrence)",
        (f"{PLANNING}::test_a_change_of_rule_keeps_to_one_a_week",),
        by="IntegrityError",
    ),
    Mutation(
        "an occurrence of an older version is planned anew", (19,), PLANNER,
        "if o.version != s.version and o.reason != BY_HAND", "if False",
        (f"{PLANNING}::test_an_occurrence_of_an_older_version_is_planned_anew",),
    ),
    Mutation(
        "an edit does not lose what is overdue", (19,), "bot/schedules/edits.py",
        "        earliest[schedule_id] = min(earliest[schedule_id], at - timedelta(microseconds=1))", "        pass",
        (f"{PLANNING}::test_an_edit_and_a_tick_in_any_order_give_the_old_text_once_or_the_new_text_once",),
    ),
    Mutation(
        "a break is looked at again when the time has come", (16,), BREAKS,
        "if calendar.state is not OccurrenceState.PLANNED or calendar.fire_at is not None:", "if False:",
        (f"{PLANNING}::test_back_late_in_the_middle_of_a_break_says_nothing",),
    ),
    Mutation(
        "a break is planned around", (16,), BREAKS,
        "if away is None:\n        return AS_PLANNED", "if True:\n        return AS_PLANNED",
        (f"{PLANNING}::test_what_falls_into_a_break_is_skipped_and_says_why",),
    ),
    Mutation(
        "what is switched off says nothing", (19,), BREAKS,
        "if not s.running:", "if False:",
        (f"{PLANNING}::test_what_was_switched_off_in_the_last_second_says_nothing",),
    ),
    Mutation(
        "of many overdue ones only the newest counts", (16, 17), BREAKS,
        "if newest is not None and newest > o.due_at:", "if False:",
        (f"{PLANNING}::test_only_the_newest_of_many_overdue_ones_counts",),
    ),
    Mutation(
        "what is too late is not said", (16,), BREAKS,
        "if now - owed > s.grace:",
        "if False:",
        (f"{PLANNING}::test_policies_for_what_comes_too_late",),
    ),
    Mutation(
        "new zone data moves what is planned", (18,), PLANNER,
        "planner_queries.move_occurrences(conn, moved)", "pass",
        (f"{PLANNING}::test_new_zone_data_moves_what_is_planned",),
    ),
    Mutation(
        "what another planner has claimed is left to it", (2, 31), QUERIES,
        "_PAIRS.with_for_update(skip_locked=True, of=[occurrence, schedule])", "_PAIRS",
        (f"{PLANNING}::test_a_planner_leaves_alone_what_another_has_claimed",),
        on="postgres",
    ),
    Mutation(
        "one feature's fault stays with it", (2,), PLANNER,
        "for o, s in orders[:taken]:", "for o, s in ():",
        (f"{PLANNING}::test_one_feature_that_fails_does_not_stop_the_others",),
    ),
    Mutation(
        "in doubt about the clock nothing is done", (17,), PLANNER,
        "if not self._steady():", "if False:",
        (f"{PLANNING}::test_nothing_is_done_while_the_clock_cannot_be_trusted",),
    ),
    Mutation(
        "a jump of the clock is noticed", (17,), ALARM,
        "if abs(moved) > self._jump:", "if False:",
        ("tests/runtime/test_alarm.py::test_after_a_jump_everything_is_held_for_a_minute",),
    ),
    Mutation(
        "a clock in 1970 is refused", (17,), ALARM,
        "if now.year < BUILD_YEAR:", "if False:",
        ("tests/runtime/test_alarm.py::test_a_start_in_1970_is_refused_with_advice",),
    ),
    Mutation(
        "after a step back of the clock beats go on", (17,), ALARM,
        "job.modify(next_run_time=now)", "pass",
        ("tests/runtime/test_alarm.py::test_after_a_step_back_of_the_clock_beats_go_on",),
        by="TimeoutError",
    ),
    Mutation(
        "fortnights are counted in days, not in week numbers", (15,), RULES,
        "monday = start - (start - origin) % step", "monday = start - (start - 1) % step",
        ("tests/schedules/test_recurrence.py::test_every_2_weeks_crosses_week_53_without_counting_week_numbers",),
    ),
    Mutation(
        "the country of the reader says which number of a day is the month", (14,), "bot/chat/time/days.py",
        'current_locale().partition("_")[2] in MONTH_FIRST', "True",
        (f"{MOMENTS}::test_a_day_in_numbers_is_read_by_the_country_unless_only_one_order_can_be",),
    ),
    Mutation(
        "a number over twelve is no month, whatever the country", (14,), "bot/chat/time/date_parser.py",
        "month, day = (first, second) if first <= 12 else (second, first)", "month, day = (first, second)",
        (f"{MOMENTS}::test_a_day_in_numbers_is_read_by_the_country_unless_only_one_order_can_be",),
    ),
    Mutation(
        "a zone is known by its common name", (18,), "bot/chat/time/zones.py",
        "_called().get(_plain(name)) or ", "",
        ("tests/schedules/test_recurrence.py::test_a_zone_is_found_by_its_city_its_state_and_its_common_name",),
    ),
    Mutation(
        "a channel is asked about before anything is planned in it", (10,), "bot/scheduled_posts/places.py",
        "            if code is not None:\n", "            if False:\n",
        (f"{REFUSALS}::test_a_channel_the_bot_cannot_post_in_is_refused_when_it_is_planned",),
    ),
    Mutation(
        "a platform is asked before a handler writes", (10,), "bot/dispatch.py",
        "await handler.first(request) if handler.first is not None else None", "None",
        (f"{REFUSALS}::test_a_channel_the_bot_cannot_post_in_is_named_below_its_field",),
    ),
    Mutation(
        "the bank is read once for all that is due together", (), "bot/reflections/prompts/selection.py",
        "ask_once(conn, _BANK, (community_id, source.decks), lambda: _DECKS.rows(conn, decks))", "_DECKS.rows(conn, decks)",
        ("tests/stories/test_pieces.py::test_what_is_due_at_once_asks_for_the_bank_and_the_breaks_once_in_each_piece",),
    ),
    Mutation(
        "the days of a file that were not laid are laid by the next beat", (37,), "bot/calendars/additions.py",
        "fresh=fresh, lay_at=now)", "fresh=fresh)",
        ("tests/stories/test_calendar.py::test_the_days_of_a_file_that_a_process_did_not_lay_are_laid_by_the_next_beat",),
    ),
    Mutation(
        "another channel gets the prompt that was refused", (10,), "bot/reflections/schedule/failures.py",
        "posts.move_unposted(conn, here.id, old, new)", "pass",
        (f"{REFUSALS}::test_another_channel_is_picked_from_the_alert_and_gets_what_was_refused",),
    ),
)  # fmt: skip
