"""The mechanisms by which each is asked at their own hour, what is canceled stays so, and who is added is told."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

HOURS, NOTICES = "tests/stories/test_direct_hours.py", "tests/stories/test_membership_notices.py"
REFUSED, TROUBLE = "tests/stories/test_refusals.py", "tests/stories/test_discussion_trouble.py"
LEAVING = "tests/stories/test_leaving.py"
LIFECYCLE, BREAKS = "bot/scheduled_posts/lifecycle.py", "bot/schedules/breaks.py"
DIRECT, NOTED = "bot/reflections/schedule/direct_hours.py", "bot/courses/notices/tables.py"
TOLD = "bot/courses/notices/membership.py"
TURN = "bot/reminders/notices.py"

MUTATIONS = (
    Mutation(
        "a direct prompt waits for working hours", (), "bot/reflections/schedule/posts.py",
        "free = working.free_from(at)", "free = own.free_from(at)",
        ("tests/stories/test_working_hours.py::test_what_is_due_on_a_weekend_comes_on_monday_morning",),
    ),
    Mutation(
        "what is over is not opened again", (16,), "bot/discussions/closing.py",
        "expires_at=row.closes_at,", "expires_at=None,",
        (f"{TROUBLE}::test_a_discussion_that_is_over_is_not_opened_while_its_thread_cannot_be_read",),
    ),
    Mutation(
        "a direct schedule is the community's", (14,), "bot/scheduled_posts/rule_input.py",
        '"zone": own_zone if direct else zone', '"zone": "Pacific/Kiritimati" if direct else zone',
        (f"{HOURS}::test_a_heads_up_comes_before_the_hour_of_the_community",),
    ),
    Mutation(
        "a direct prompt goes out where the day begins first", (14,), DIRECT,
        "default=None)\n\n    def _first_hours", "default=None) and None\n\n    def _first_hours",
        (f"{HOURS}::test_each_member_is_asked_at_their_own_hour_from_one_end_of_the_world_to_the_other",),
    ),
    Mutation(
        "nobody reads what moderators have not seen", (14,), DIRECT,
        "return None if at is None else max(since, at)", "return since",
        (f"{HOURS}::test_a_heads_up_comes_before_the_hour_of_the_community",),
        by="ValueError",
    ),
    Mutation(
        "being late is each member's own", (16,), BREAKS,
        "if s.direct and now - o.owed_at <= s.grace + FURTHEST:", "if False:",
        (f"{HOURS}::test_in_the_evening_it_is_the_next_morning_where_it_is_evening_and_at_once_elsewhere",
         f"{HOURS}::test_what_is_too_late_for_the_first_is_in_time_for_the_last"),
    ),
    Mutation(
        "a member who is late is written to as the schedule says", (16,), "bot/reflections/schedule/posts.py",
        "return owed, late.fire_at or now", "return owed, now",
        (f"{HOURS}::test_away_at_the_first_hour_and_into_the_night_there_she_alone_waits_for_the_morning",),
    ),
    Mutation(
        "a break is about the day a direct prompt is meant for", (16,), BREAKS,
        "day = max(day, wall.date())", "pass",
        (f"{HOURS}::test_a_break_is_about_the_day_it_is_meant_for_wherever_it_is_asked",),
    ),
    Mutation(
        "what is going out is still due until the community's hour", (14,), "bot/schedules/forecast.py",
        "return one.direct and o.reason != BY_HAND and o.due_at > since", "return False",
        (f"{HOURS}::test_the_queue_names_the_hour_of_the_community_before_and_after_the_first_were_asked",),
    ),
    Mutation(
        "what was canceled is not tried again when it is refused", (10,), "bot/scheduled_posts/failures.py",
        "if not schedule.running:", "if False:",
        (f"{REFUSED}::test_what_was_going_out_when_it_was_cancelled_and_is_refused_is_not_tried_again",),
    ),
    Mutation(
        "a cancel takes back the prompts that wait to be tried again", (10,), "bot/reflections/schedule/failures.py",
        "posts.take_back_post(conn, here, one.key, Place(row.space, row.channel))\n                found", "found",
        (f"{REFUSED}::test_what_is_cancelled_is_not_tried_again_and_moderators_hear_of_it_where_they_were_told",),
    ),
    Mutation(
        "a cancel takes back the discussions that wait to be tried again", (10,), "bot/discussions/publish.py",
        "if row.post is not None and outbox.cancel_draft(conn, row.post):", "if False:",
        (f"{TROUBLE}::test_a_cancelled_discussion_is_not_tried_again",),
    ),
    Mutation(
        "a cancel ends the alerts", (10,), LIFECYCLE,
        "self._alerts.resolve(conn, one.community_id, place_key(place), request.now, gone)", "pass",
        (f"{REFUSED}::test_what_is_cancelled_is_not_tried_again_and_moderators_hear_of_it_where_they_were_told",),
    ),
    Mutation(
        "a cancel that is taken back tries again what waited", (10,), LIFECYCLE,
        "if after.open_places == after.places:", "if False:",
        (f"{REFUSED}::test_taking_the_cancel_back_tries_again_what_was_waiting",),
    ),
    Mutation(
        "an old button says that its schedule is canceled", (10,), "bot/scheduled_posts/ids.py",
        "if found is not None and found.state is ScheduleState.CANCELLED and not cancelled:", "if False:",
        (f"{REFUSED}::test_the_buttons_of_a_cancelled_schedule_say_so",),
    ),
    Mutation(
        "a channel is greeted once", (22,), "bot/presence.py",
        'key=f"arrival:{place.space}:{place.channel}"', 'key=f"arrival:{place.space}:{place.channel}:{now}"',
        ("tests/stories/test_first_contact.py::test_a_channel_that_lets_the_bot_in_is_told_once_what_this_is",),
        on="slack", by="ValueError",
    ),
    Mutation(
        "a server is told once that the bot is there", (22,), "adapters/discord/membership.py",
        "        if unknown:\n", "        if True:\n",
        ("tests/adapters/discord/test_hearing.py::test_a_server_that_lets_us_in_is_told_in_one_channel[the first it may write in]",),
    ),
    Mutation(
        "a server is told where the bot may write", (22,), "adapters/discord/membership.py",
        "        if may.view_channel and may.send_messages:", "        if may.view_channel:",
        ("tests/adapters/discord/test_hearing.py::test_a_server_that_lets_us_in_is_told_in_one_channel[the first it may write in]",),
    ),
    Mutation(
        "the card of a deck with a language says its date in it", (53,), "bot/reflections/closing_times.py",
        "in_words=bool(prompt.language)", "in_words=False",
        ("tests/reflections/test_prompt_card.py::test_the_card_of_a_deck_with_a_language_says_when_it_closes_in_that_language_too[en]",),
    ),
    Mutation(
        "the first thing heard from a space joins it to its community", (22,), "bot/presence.py",
        "if home is None and slug is not None:", "if False:",
        (f"{LEAVING}::test_what_is_heard_before_the_platform_tells_of_its_space_is_taken_in",),
        by="NoResultFound",
    ),
    Mutation(
        "who is added to a team is told", (28,), "bot/courses/teams/team_commands.py",
        "note_made(conn, request, MembershipKind.TEAM, team, member_id)", "pass",
        (f"{NOTICES}::test_who_is_added_to_a_team_is_told_by_whom_and_how_to_leave",),
        by="ValueError",
    ),
    Mutation(
        "what one did oneself is not told", (28,), NOTED,
        "if made_by != member_id:", "if True:",
        (f"{NOTICES}::test_who_joins_and_enrolls_by_themselves_is_told_nothing",),
    ),
    Mutation(
        "notices are gathered", (28,), NOTED,
        "GATHERED = timedelta(minutes=2)", "GATHERED = timedelta()",
        (f"{NOTICES}::test_a_team_that_takes_a_course_brings_each_person_one_message",),
        by="ValueError",
    ),
    Mutation(
        "no notice in quiet hours", (28,), TURN,
        "if free > now or expires <= now + MOMENT:", "if False:",
        (f"{NOTICES}::test_it_waits_for_the_end_of_quiet_hours_and_is_not_said_when_it_was_taken_back_meanwhile",),
    ),
    Mutation(
        "a notice is told once", (2, 28), TOLD,
        "tables.queue_notices(conn, ids, draft.key)", "pass",
        (f"{NOTICES}::test_a_restart_between_says_it_once",),
        by="RuntimeError",
    ),
)  # fmt: skip
