"""The mechanisms by which everything is said once: claims, leases, looking, sweeping, pacing."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SENDER, CLAIMS = "bot/delivery/sender.py", "bot/delivery/claims.py"
TURNS, LANES = "bot/delivery/turns.py", "bot/delivery/lanes.py"
RECOVERY, RESULTS = "bot/delivery/recovery.py", "bot/delivery/results.py"
SEARCH, SWEEP = "bot/delivery/marker_search.py", "bot/delivery/sweep.py"
OUTCOMES, PACING = "bot/delivery/outcomes.py", "bot/delivery/pacing.py"
SENDING, LOOKING = "tests/delivery/test_sending.py", "tests/delivery/test_recovery.py"
ONCE = "tests/stories/test_posted_once.py"
KEPT = "tests/delivery/test_lanes.py"
PACES, MANY = "tests/delivery/test_pacing.py", "tests/delivery/test_many.py"

MUTATIONS = (
    Mutation(
        "a key is queued once", (2, 12), "bot/delivery/outbox.py",
        "where=and_(_c.state == OutboxState.DROPPED, or_(_c.error == CANCELLED, _c.error == ORPHANED)),", "where=_c.id > 0,",
        (f"{SENDING}::test_the_same_key_is_queued_and_said_once",),
    ),
    Mutation(
        "look first", (3, 4, 51), SEARCH,
        "found = await adapter.find(place, row.marker, since)", "found = ()",
        (f"{LOOKING}::test_a_lost_answer_is_found_and_not_repeated",),
    ),
    Mutation(
        "a hidden history is not an empty one", (7,), SEARCH,
        'return MarkerHidden("invisible")',
        "return MarkerFound(place, ())",
        (f"{LOOKING}::test_a_hidden_history_leaves_the_doubt_and_is_told_within_five_minutes",),
    ),
    Mutation(
        "a sender that vanished is followed by a look", (1, 6), RECOVERY,
        "_c.lease_until <= now,", "_c.lease_until <= now - timedelta(days=9),",
        (f"{LOOKING}::test_a_vanished_sender_is_followed_by_a_look",),
    ),
    Mutation(
        "a row in a sender's hands stays there while the lease holds", (2, 6), RECOVERY,
        "_c.lease_until <= now,", "",
        (f"{LOOKING}::test_a_vanished_sender_is_followed_by_a_look",),
    ),
    Mutation(
        "a finish is for whoever holds the claim", (6, 51), RESULTS,
        "held = and_(_c.lease_owner == row.lease_owner, _c.looks == row.looks)", "held = _c.id == row.id",
        ("tests/delivery/test_fencing.py::test_a_look_that_was_overtaken_concludes_nothing",),
    ),
    Mutation(
        "a lease that is nearly over is not used", (6, 51), SENDER,
        "if self._is_paused(row):", "if False:",
        (f"{LOOKING}::test_a_sender_that_was_paused_before_its_call_gives_up",),
    ),
    Mutation(
        "a call ends with its time", (6,), SENDER,
        'async with asyncio.timeout(self._terms.timeout):\n                self._at("calling")',
        'async with asyncio.timeout(None):\n                self._at("calling")',
        (f"{LOOKING}::test_a_call_that_never_ends_is_given_up",),
    ),
    Mutation(
        "doubt settles before anybody looks", (5, 51), SENDER,
        "self._lose(conn, row, code, place, now + timedelta(seconds=pace.settle))",
        "self._lose(conn, row, code, place, now)",
        (f"{LOOKING}::test_a_message_that_lands_within_the_settling_time_stays_alone",),
    ),
    Mutation(
        "copies are swept", (5, 6), SENDER,
        "copies = row.strikes > 1 and row.verb in SPEAKING", "copies = False",
        (f"{LOOKING}::test_a_message_that_lands_after_the_settling_time_is_swept",),
    ),
    Mutation(
        "a sweep that could not look comes again", (5, 7), SWEEP,
        "None if clear or given_up else", "None if True else",
        (f"{LOOKING}::test_a_sweep_that_may_not_look_or_remove_tries_again",),
    ),
    Mutation(
        "what nobody foresaw is unclear", (4,), OUTCOMES,
        "return CallLost(code_of(error), place)", "return CallDelayed(code_of(error), 0.0)",
        (f"{SENDING}::test_an_error_nobody_foresaw_counts_as_unclear",),
    ),
    Mutation(
        "opening a direct message says nothing yet", (3,), OUTCOMES,
        "return CallDelayed(outcome.code, None) if isinstance(outcome, CallLost) else outcome", "return outcome",
        (f"{SENDING}::test_an_error_while_opening_a_direct_message_is_never_unclear",),
    ),
    Mutation(
        "eight strikes are enough", (10,), RECOVERY,
        "elif row.strikes >= terms.strikes:", "elif row.strikes >= 9999:",
        (f"{SENDING}::test_eight_calls_that_led_nowhere_are_enough",),
    ),
    Mutation(
        "a channel that refuses is left alone for an hour", (10,), SENDER,
        "pacing.open_circuit(conn, row.space, row.lane, until, code)", "pass",
        (f"{SENDING}::test_a_refusal_takes_one_request_and_the_channel_is_left_alone_for_an_hour",),
    ),
    Mutation(
        "a revoked token stops the whole space", (11,), SENDER,
        "self._lock_out(conn, row, code, pace, now)",
        "results.postpone(conn, row, now + timedelta(minutes=2), code, counts=False)",
        (f"{PACES}::test_a_revoked_token_costs_three_requests_in_ten_minutes_and_loses_nothing",),
    ),
    Mutation(
        "told to wait, it waits, also after a restart", (29,), RESULTS,
        "postpone(conn, row, now + wait, delay.code, counts=False)",
        "postpone(conn, row, now + wait / 2, delay.code, counts=False)",
        (f"{SENDING}::test_what_was_told_to_wait_waits_exactly_so_long_across_a_restart",),
    ),
    Mutation(
        "nothing overtakes what is in doubt in its channel", (2, 12), LANES,
        "if head is not None and not doubtful:", "if head is not None:",
        (f"{KEPT}::test_the_lanes_say_what_a_naive_look_over_all_rows_says",),
    ),
    Mutation(
        "what has been tried is finished before anything else of its lane", (2, 29), LANES,
        "func.coalesce(first(IS_TRIED), ", "func.coalesce(",
        (f"{KEPT}::test_the_lanes_say_what_a_naive_look_over_all_rows_says",),
    ),
    Mutation(
        "a lane's next row is found without reading what waits", (28,), LANES,
        "found = select(_c.id).where(inside, IS_PENDING, IS_FREE, *of).order_by(_c.priority, _c.id).limit(1)",
        "found = select(func.min(_c.id)).where(inside, IS_PENDING, IS_FREE, *of)",
        (f"{KEPT}::test_a_claim_costs_the_same_however_much_waits",),
    ),
    Mutation(
        "a lane goes on when its call has ended", (2,), RESULTS,
        "lanes.note_rows(conn, (row,))", "pass",
        (f"{KEPT}::test_the_lanes_say_what_a_naive_look_over_all_rows_says",),
    ),
    Mutation(
        "what is taken back frees its lane", (2, 19), "bot/delivery/outbox.py",
        "lanes.note_where(conn, and_(_c.key == key, lanes.MATTERS))", "pass",
        (f"{KEPT}::test_the_lanes_say_what_a_naive_look_over_all_rows_says",),
    ),
    Mutation(
        "a lane that waits goes on when its instant comes", (28, 29), TURNS,
        "if work.later:", "if False:",
        (f"{KEPT}::test_the_lanes_say_what_a_naive_look_over_all_rows_says",),
    ),
    Mutation(
        "a row that nobody would look at is found at a start", (13, 43), LANES,
        "for found in (waiting, unnoticed):", "for found in (waiting,):",
        (f"{KEPT}::test_a_database_that_was_filled_without_lanes_is_said_all_the_same",),
    ),
    Mutation(
        "what a lane says is checked before it is claimed", (2, 17), CLAIMS,
        "stale = [head.row for head, fits in found if not fits]", "stale = list[OutboxRow]()",
        (f"{KEPT}::test_what_a_lane_says_is_checked_before_its_row_is_claimed",),
    ),
    Mutation(
        "what is overdue is looked for before it is said", (12, 13, 16), TURNS,
        "(_FORGOTTEN, LATE), else_=_ELSE)", "(_FORGOTTEN, NO), else_=_ELSE)",
        (f"{LOOKING}::test_what_is_overdue_is_looked_for_before_it_is_said",),
    ),
    Mutation(
        "what expired is dropped", (16,), TURNS,
        "_GONE.where(HERE, _c.expires_at <= NOW)", "_GONE.where(HERE, _c.id < 0)",
        (f"{SENDING}::test_a_reminder_that_is_too_late_is_dropped_and_a_prompt_is_not",),
    ),
    Mutation(
        "what hangs on something that failed is dropped", (10,), TURNS,
        "lost = [child.id for child in children if child.lost]", "lost: list[int] = []",
        (f"{SENDING}::test_what_hangs_on_something_that_failed_is_dropped",),
    ),
    Mutation(
        "a restored database makes the sender wary", (13,), SENDER,
        "wary = self._wary_until is not None and now < self._wary_until", "wary = False",
        (f"{LOOKING}::test_after_a_restored_backup_everything_is_looked_for_first",),
    ),
    Mutation(
        "a restored database gives itself away", (13,), "bot/delivery/restore_guard.py",
        "changed = old is None or old.token != known", "changed = old is None",
        (f"{LOOKING}::test_a_restored_or_empty_database_gives_itself_away",),
    ),
    Mutation(
        "a space has a pace", (28,), CLAIMS,
        "- calling, in_space, overall)", "- calling, 99, overall)",
        (f"{PACES}::test_monday_at_nine",),
    ),
    Mutation(
        "one sender claims at a time", (2, 31), PACING,
        "_LOCK = _READY.with_for_update(skip_locked=True)", "_LOCK = _READY",
        (f"{MANY}::test_several_senders_keep_one_pace",),
        on="postgres",
    ),
    Mutation(
        "a search begins in the platform's time", (5, 17), SEARCH,
        "return row.called_after - margin", "return (row.first_sent_at or row.due_at) - margin",
        (f"{ONCE}::test_a_prompt_whose_answer_was_lost_is_there_once_whatever_this_machines_clock_says",),
        on="slack",
    ),
    Mutation(
        "while the clock cannot be trusted nothing is said", (17,), SENDER,
        "while not self._stopping and self._steady():", "while not self._stopping:",
        (f"{LOOKING}::test_while_the_clock_is_not_steady_nothing_is_begun",),
    ),
    Mutation(
        "what was refused is no doubt", (10, 16), "bot/delivery/outbox.py",
        '"look": REFUSED if draft.refused else None,', '"look": None,',
        (f"{LOOKING}::test_what_was_refused_before_is_no_doubt_however_late_it_is",),
    ),
    Mutation(
        "what people wrote under a copy is kept", (5, 20), SWEEP,
        "await self._tell_doubled(row, place, message, gone=True)\n        return await self._take_in(thread)", "return True",
        (f"{ONCE}::test_what_people_answered_under_a_copy_is_kept_when_the_copy_goes",),
    ),
    Mutation(
        "of a lock and an unlock that wait the last one holds", (2,), "bot/delivery/outbox.py",
        "_supersede_lock(conn, draft)\n", "pass\n",
        (f"{SENDING}::test_of_a_lock_and_an_unlock_that_wait_together_the_one_asked_for_last_holds",),
    ),
    Mutation(
        "a new start is a new process", (24, 49), "bot/runtime/identity.py",
        'return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"',
        'return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(0)}"',
        ("tests/cli/test_run.py::test_two_containers_with_one_hostname_and_process_number_are_two",),
    ),
)  # fmt: skip
