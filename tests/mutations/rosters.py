"""The mechanisms of teams that are imported and archived: told slowly, taken back as it was, asked nothing any more."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY = "tests/stories/test_rosters.py"
ARCHIVE = "tests/stories/test_team_archive.py"
WORK = "bot/courses/rosters/carrying_out.py"
SLOWLY = f"{STORY}::test_people_are_told_slowly_and_by_whom[local]"
ONLY = f"{STORY}::test_an_undo_takes_back_only_what_the_import_did[local]"
PLAN = f"{STORY}::test_a_team_that_began_its_plan_stays[local]"
DAY = f"{STORY}::test_it_can_be_undone_for_a_day[local]"
FORGOTTEN = f"{STORY}::test_a_table_is_forgotten_after_some_days[local]"

MUTATIONS = (
    Mutation(
        "nobody is told of an import for ten minutes", (30,), WORK,
        "            notices.postpone_notices(conn, [each.id for each in owed], told_at)\n", "", (SLOWLY,),
    ),
    Mutation(
        "what Windows wrote is read", (45,), "bot/chat/handed_file.py",
        "        return body.decode(WINDOWS)\n", "        raise\n",
        ("tests/chat/test_handed_file.py::test_what_excel_writes_is_read",),
    ),
    Mutation(
        "a team that nobody named is asked about before it is archived", (44,), "bot/courses/teams/archive.py",
        "        if not (request.value or request.text(\"team\")) and team.archived_at is None:\n", "        if False:\n",
        (f"{ARCHIVE}::test_typed_bare_it_asks_first_and_says_what_ends[local]",),
    ),
    Mutation(
        "an undo leaves who was there before", (44,), WORK,
        "joined=joined, led=led, made_team=made)", "joined=True, led=led, made_team=made)", (ONLY,),
    ),
    Mutation(
        "an undo leaves who was made lead since", (44,), WORK,
        "if since != began or (leads and not row.led):", "if since != began:", (ONLY,),
    ),
    Mutation(
        "a team of which something was made stays", (43,), WORK,
        "                if conn.execute(held).scalar_one():\n                    return False\n",
        "                if conn.execute(held).scalar_one():\n                    pass\n", (PLAN,), by="IntegrityError",
    ),
    Mutation(
        "an import can be undone for a day", (44,), "bot/courses/rosters/commands.py",
        "if one.undone_at is None and request.now - one.imported_at > OPEN:", "if False:", (DAY,),
    ),
    Mutation(
        "a table of teams is forgotten", (40,), "bot/courses/rosters/tables.py",
        "lambda before: _r.made_at < before)", "lambda before: _r.made_at > before)", (FORGOTTEN,),
    ),
    Mutation(
        "nobody is asked about the plan of an archived team", (30,), "bot/team_plans/check_ins/agenda.py",
        "set() if is_archived(conn, plan.team_id) else set(list_agenda(plan))", "set(list_agenda(plan))",
        (f"{ARCHIVE}::test_nobody_is_asked_about_an_archived_plan[local]",),
    ),
    Mutation(
        "an archived team holds no meeting that was planned", (44,), "bot/team_plans/meetings/posts.py",
        "            if not meeting.runs:\n                turn_meeting(conn, meeting, fact.at, now)", "            pass",
        (f"{ARCHIVE}::test_what_an_archived_team_planned_is_called_off_and_comes_back_with_it[local]",),
    ),
    Mutation(
        "nobody joins an archived team", (44,), "bot/courses/teams/team_commands.py",
        "    if team.archived_at is not None:\n        raise Refusal(", "    if False:\n        raise Refusal(",
        (f"{ARCHIVE}::test_an_archived_team_keeps_its_plan_and_nobody_joins[local]",),
    ),
)  # fmt: skip
