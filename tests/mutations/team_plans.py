"""The mechanisms by which a team's plan loses nothing, names no student, and is read by those whom it belongs to."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, ROOM = "tests/stories/test_team_plan.py", "bot/team_plans"
AT_ONCE = f"{STORY}::test_two_people_who_write_at_once_lose_nothing"
NAMED = f"{STORY}::test_a_name_in_what_students_said_is_asked_about_and_never_refused"
SHARED = f"{STORY}::test_a_plan_is_its_teams_until_the_team_shares_it"
ERASED = f"{STORY}::test_whoever_is_erased_is_out_of_the_plan_which_stays_whole"
OVER = "tests/team_plans/test_model.py::test_a_change_that_is_over_makes_room_for_another"

PRINTED = "tests/team_plans/test_printed_plan.py"

MUTATIONS = (
    Mutation(
        "paper holds whole what a message shortens", (32,), f"{ROOM}/sections.py",
        "ALL = 10_000", "ALL = 100",
        (f"{PRINTED}::test_paper_holds_everything_whole_that_a_message_shortens",),
    ),
    Mutation(
        "a letter that the font lacks is drawn as a box, and not logged", (37,), "bot/pictures/paper.py",
        "one if has_letter(one) else", "one if True else",
        (f"{PRINTED}::test_a_plan_and_its_fishbone_are_one_page_each",),
    ),
    Mutation(
        "the letters get smaller until each bone has room", (32,), f"{ROOM}/printed_fishbone.py",
        "if not fits and size >", "if False and size >",
        (f"{PRINTED}::test_every_cause_stands_on_its_bone_as_long_as_there_are_smaller_letters",),
    ),
    Mutation(
        "nobody writes over what somebody else wrote meanwhile", (32,), f"{ROOM}/writer.py",
        "if clashing:", "if False:",
        (AT_ONCE,),
    ),
    Mutation(
        "who changes something else is not asked", (32,), f"{ROOM}/writer.py",
        'if _value(base, name) != _clean(value)}', 'if True}',
        (AT_ONCE,),
    ),
    Mutation(
        "Undo takes nothing back that others went on from", (32,), f"{ROOM}/writer.py",
        "known.entry.version != version or", "",
        (AT_ONCE,),
    ),
    Mutation(
        "a draft is saved once", (32,), f"{ROOM}/plan_forms.py",
        "_done_with(conn, draft, request)\n        if result is None:", "if result is None:",
        (AT_ONCE,),
    ),
    Mutation(
        "a likely name in a student's words is asked about", (44,), f"{ROOM}/plan_forms.py",
        "if found := find_student_names(conn, request.community.id, draft):", "if found := []:",
        (NAMED,),
    ),
    Mutation(
        "a team's plan is its team's", (44,), "bot/people/audience.py",
        "return item.sharing is Sharing.EVERYONE or self.member_id in item.members", "return True",
        (SHARED,),
    ),
    Mutation(
        "a shared plan is changed by its team alone", (44,), f"{ROOM}/access.py",
        "if not editable:", "if False:",
        (SHARED,),
    ),
    Mutation(
        "an erased person's name leaves the plan", (37,), f"{ROOM}/departures.py",
        "if told != row.words:", "if False:",
        (ERASED,),
    ),
    Mutation(
        "what an erased person had not saved goes", (37,), f"{ROOM}/departures.py",
        "drafts.forget_drafts(conn, home, member_id)", "pass",
        (ERASED,),
    ),
    Mutation(
        "a given name leaves the plans of a team before the team forgets its member", (37,), f"{ROOM}/departures.py",
        "given=row.team_id in mine", "given=False",
        (ERASED,),
    ),
    Mutation(
        "an owner who cannot be shown here stays", (32,), f"{ROOM}/plan_forms.py",
        "return before if isinstance(before, int) and unseen else None", "return None",
        ("tests/team_plans/test_two_spaces.py::test_an_owner_without_an_account_here_stays",),
    ),
    Mutation(
        "a plan is one message", (30,), f"{ROOM}/page.py",
        "shown = [shorten_block(block, most) for block in blocks]", "shown = blocks",
        ("tests/team_plans/test_page.py::test_a_page_is_one_message_on_each_platform",),
    ),
    Mutation(
        "what hangs on what was removed is out of sight", (32,), f"{ROOM}/tables.py",
        "if one.part not in DEPENDENT or one.about_id in ids", "",
        (f"{STORY}::test_what_is_removed_takes_what_hangs_on_it_out_of_sight_and_back",),
    ),
    Mutation(
        "every change of a plan is told", (32,), f"{ROOM}/writer.py",
        "self._tell(conn, PlanChanged(stored.community_id, team_id, sheet.value, member_id, filled))", "pass",
        ("tests/team_plans/test_writer.py::test_each_change_is_told_once_and_no_change_is_not",),
    ),
    Mutation(
        "a dropped change makes room for the next", (28,), f"{ROOM}/model.py",
        'one.text("verdict") in (ADJUST, DROP)', "False",
        (OVER,),
    ),
)  # fmt: skip
