"""The mechanisms by which what is posted is there once: the platform's time, refusals, lists of events, copies, parts."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

CLAIMS, SEARCH = "bot/delivery/claims.py", "bot/delivery/marker_search.py"
SWEEP, RESULTS = "bot/delivery/sweep.py", "bot/delivery/results.py"
TABLES, MEETINGS = "bot/delivery/tables.py", "bot/discussions/meetings.py"
ONCE, LOOKING = "tests/stories/test_posted_once.py", "tests/delivery/test_recovery.py"
PARTS = "tests/delivery/test_parts.py"
LISTED = f"{ONCE}::test_a_meeting_whose_listing_was_answered_with_an_error_is_listed_once_and_known"
CALLED_OFF = (
    f"{ONCE}::test_a_meeting_that_is_called_off_before_anybody_knows_that_it_is_listed_leaves_the_list"
)
KEPT = f"{ONCE}::test_what_people_answered_under_a_copy_is_kept_when_the_copy_goes"
EARLIER = f"{LOOKING}::test_a_finish_of_the_same_senders_earlier_attempt_changes_nothing"

MUTATIONS = (
    Mutation(
        "a call is dated by the platform", (5, 17), CLAIMS,
        '"called_after": row.called_after or request.there,', '"called_after": row.called_after or request.now,',
        (f"{LOOKING}::test_a_clock_that_is_moved_between_a_call_and_its_search_hides_nothing",),
    ),
    Mutation(
        "a machine days ahead finds what was said before", (13, 17), SEARCH,
        "return min(ours, there or ours) - lookback - margin", "return ours - margin",
        (f"{LOOKING}::test_a_restored_database_on_a_machine_days_ahead_finds_what_was_said_before",),
    ),
    Mutation(
        "Slack: every answer tells the platform's time", (5, 17), "adapters/slack/web_client.py",
        '            self.clock.note_date(end.response.headers.get("Date"))', "            pass",
        (f"{ONCE}::test_a_prompt_whose_answer_was_lost_is_there_once_whatever_this_machines_clock_says",), on="slack",
    ),
    Mutation(
        "Discord: every answer tells the platform's time", (5, 17), "adapters/discord/call_trace.py",
        '        clock.note_date(end.response.headers.get("Date"))\n', "",
        (f"{ONCE}::test_a_forum_post_whose_answer_was_lost_is_there_once_whatever_this_machines_clock_says",),
        on="discord",
    ),
    Mutation(
        "the platform's time goes on between two answers", (17,), "bot/runtime/clock.py",
        "return told + timedelta(seconds=self._monotonic() - since)", "return told",
        ("tests/runtime/test_clock.py::test_the_platforms_time_goes_on_from_its_last_answer_whatever_our_clock_does",),
    ),
    Mutation(
        "the sender asks the guard of the clock", (17,), "bot/app.py",
        "steady=steady,", "",
        (f"{LOOKING}::test_the_senders_clock_is_guarded_as_the_planners_is",),
    ),
    Mutation(
        "Discord: a meeting is looked for on the list before it is put there", (4,), "adapters/discord/scheduled_events.py",
        "            for copy in there[1:]:", "            there = []\n            for copy in there[1:]:",
        (LISTED,), on="discord",
    ),
    Mutation(
        "a meeting whose listing is unclear is listed again", (4,), MEETINGS,
        "            return True\n        except RetryLater:", "            pass\n        except RetryLater:",
        (LISTED,), on="discord",
    ),
    Mutation(
        "a meeting that may be listed is looked for when it is called off", (4,), MEETINGS,
        "(off and not doubtful)", "off", (CALLED_OFF,), on="discord",
    ),
    Mutation(
        "a copy is read before it goes", (5, 20), SWEEP,
        "if not await self._take_answers_in(row, place, message):", "if False:", (KEPT,),
    ),
    Mutation(
        "a copy that is gone needs no reading", (5,), SWEEP,
        "return found.absent", "return False",
        (f"{ONCE}::test_a_copy_under_which_nobody_wrote_goes_without_a_trace",), on="discord",
    ),
    Mutation(
        "a copy stays where the first was removed by hand", (5,), SWEEP,
        "if row.external_id in seen.ids or not seen.ids:", "if True:",
        (f"{ONCE}::test_where_somebody_has_removed_the_first_by_hand_the_copy_stays_and_is_answered",),
    ),
    Mutation(
        "who answered under a copy reads where the answer is now", (5, 20), "bot/reflections/schedule/publish.py",
        "        if fact.gone:\n", "        if False:\n", (KEPT,),
    ),
    Mutation(
        "a refused prompt that is tried again is no doubt", (10, 16), "bot/reflections/schedule/posts.py",
        "refused=attempt > 0,", "refused=False,",
        (f"{ONCE}::test_what_was_refused_is_tried_again_after_a_long_stop_and_holds_up_nothing",),
    ),
    Mutation(
        "a refused discussion that is tried again is no doubt", (10, 16), "bot/discussions/publish.py",
        "refused=row.tries > 0", "refused=False",
        (f"{ONCE}::test_a_refused_discussion_is_tried_again_after_a_long_stop_too",),
    ),
    Mutation(
        "in an old database a refusal proves nothing", (10, 13), TABLES,
        "UNSIGHTED = or_(_c.look.is_(None), _c.look == literal_column(f\"'{REFUSED}'\"))",
        "UNSIGHTED = _c.look.is_(None)",
        (f"{LOOKING}::test_what_was_refused_before_is_looked_for_where_the_database_may_be_old",),
    ),
    Mutation(
        "the app tells its sender of a restored database", (13,), "bot/app.py",
        "            self.sender.be_wary(wary_until)", "            pass",
        (f"{ONCE}::test_what_was_posted_after_the_backup_is_not_posted_again_by_the_restored_database",),
        on="slack",
    ),
    Mutation(
        "a refusal counts for its own attempt", (6,), RESULTS,
        "is_any(_c.state, row.state), _c.attempt == row.attempt, held)",
        "is_any(_c.state, row.state), held)", (EARLIER,),
    ),
    Mutation(
        "a success counts for its own attempt", (6,), RESULTS,
        "and_(_c.id == row.id, _c.attempt == row.attempt, is_any(_c.state, *unsettled))",
        "and_(_c.id == row.id, is_any(_c.state, *unsettled))", (EARLIER,),
    ),
    Mutation(
        "Discord: a process waits for the gateway", (24,), "bot/cli/run.py",
        "            await gateway.wait()", "            pass",
        ("tests/processes/test_on_discord.py::test_a_process_that_does_not_hold_the_gateway_stands_by_and_connects_nothing",),
        on="postgres",
    ),
    Mutation(
        "the other parts of a card follow its first", (1, 3), RESULTS,
        "    queue_parts(conn, row, place, message, parts, now)\n", "",
        (f"{PARTS}::test_every_part_is_said_once_and_in_the_thread_of_the_first",),
    ),
    Mutation(
        "parts are looked for where somebody else said the first", (12,), "bot/delivery/outbox.py",
        "    if not row.attempt:", "    if False:",
        (f"{PARTS}::test_where_another_installation_said_the_first_part_the_others_are_looked_for_too",),
    ),
    Mutation(
        "features hear of a card once, not of its parts", (9,), TABLES,
        "return PART if self.part else self.kind", "return self.kind",
        (f"{PARTS}::test_features_hear_of_the_whole_card_and_not_of_its_parts",),
    ),
    Mutation(
        "Slack: a file that was uploaded is remembered", (1, 3), "adapters/slack/posts.py",
        "        await self._state.note_files(marker, ids, self._now().timestamp())\n", "",
        (f"{ONCE}::test_every_page_and_file_of_a_long_card_is_there_once_though_the_bot_is_killed_after_each",),
        on="slack",
    ),
)  # fmt: skip
