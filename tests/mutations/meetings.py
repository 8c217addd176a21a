"""The mechanisms by which a team's meeting moves once, belongs to its team, and leaves nobody's name behind."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, ROOM = "tests/stories/test_team_meeting.py", "bot/team_plans/meetings"
RUN = f"{STORY}::test_a_lead_plans_a_meeting_that_the_team_runs_from_the_thread"
MOVED = f"{STORY}::test_a_meeting_is_moved_called_off_and_ends_by_itself"
TOLD = "tests/team_plans/test_meetings.py::test_the_end_counts_what_students_said_and_tells_only_what_may_be_told"

MUTATIONS = (
    Mutation(
        "two who go on at once go on once", (22,), f"{ROOM}/session.py",
        "if meeting.step != step or not tables.advance(conn, meeting.id, step, part, request.now):",
        "if not tables.advance(conn, meeting.id, meeting.step, part, request.now):",
        (RUN,),
    ),
    Mutation(
        "the card that a meeting left behind has no buttons", (22,), f"{ROOM}/session.py",
        "        posts.settle_step(conn, meeting, request.now)\n", "",
        (RUN,),
    ),
    Mutation(
        "a meeting is planned by a lead", (44,), f"{ROOM}/access.py",
        "if not may_plan(conn, request, team):", "if False:",
        (RUN, MOVED),
    ),
    Mutation(
        "a meeting is run by its team", (44,), f"{ROOM}/access.py",
        "if is_in(conn, request, team):\n        return meeting", "if True:\n        return meeting",
        (MOVED,),
    ),
    Mutation(
        "a meeting that ended by itself has no buttons left", (16,), f"{ROOM}/session.py",
        "_close(conn, tables.read_meeting(conn, one.id), now)", "pass",
        (MOVED,),
    ),
    Mutation(
        "a meeting that is moved is posted at its new time only", (19,), f"{ROOM}/posts.py",
        "    clear_bell(conn, meeting, now)\n    key = ", "    key = ",
        (MOVED,),
    ),
    Mutation(
        "a meeting that cannot be posted is not planned", (10,), f"{ROOM}/posts.py",
        "if fact.kind == POST:\n        _give_up", "if False:\n        _give_up",
        (MOVED,),
    ),
    Mutation(
        "without a thread a meeting runs in the channel", (10,), f"{ROOM}/posts.py",
        'post_step(conn, meeting, now)\n    show_again', "show_again",
        (MOVED,),
    ),
    Mutation(
        "the end of a meeting follows the plan for a day", (37,), f"{ROOM}/posts.py",
        "(team_id,), now - FOLLOWED)", "(team_id,), now)",
        (RUN,),
    ),
    Mutation(
        "whoever is erased is out of the end of a meeting", (37,), "bot/team_plans/feature.py",
        "        redraw_summary(conn, one, whose.now)", "        pass",
        (RUN,),
    ),
    Mutation(
        "what students said is counted at the end, and not repeated", (36,), f"{ROOM}/summary.py",
        "if part is PlanPart.VOICES and mine:", "if False:",
        (TOLD,),
    ),
    Mutation(
        "what is for the plan only is not posted", (36,), f"{ROOM}/summary.py",
        "elif not meeting.tells:", "elif False:",
        (TOLD,),
    ),
    Mutation(
        "the next meeting is on the bot's own page", (44,), "bot/team_plans/home.py",
        "if coming := next_meeting(conn, one.id, request.now):", "if coming := next_meeting(conn, 0, request.now):",
        (RUN,),
    ),
    Mutation(
        "a meeting whose time was not touched is not moved", (19,), f"{ROOM}/meeting_form.py",
        "if meeting is not None and text ==", "if False and text ==",
        (MOVED,), by="AttributeError",
    ),
)  # fmt: skip
