"""The mechanisms by which a team's plan stands in one place, is true there, and is read by whom somebody agreed to."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, ROOM = "tests/stories/test_team_place.py", "bot/team_plans"
LIVES = f"{STORY}::test_a_plan_lives_in_its_teams_place"
MOVED = f"{STORY}::test_a_page_that_is_removed_moved_or_refused_has_a_clear_answer"
PRIVATE = f"{STORY}::test_a_private_place_is_made_for_a_team_where_the_platform_has_them"

MUTATIONS = (
    Mutation(
        "a plan is posted where others are only after a question",
        (44,),
        f"{ROOM}/place_commands.py",
        "            if not confirmed:",
        "            if False:",
        (LIVES,),
    ),
    Mutation(
        "a moderator shows nobody what only the team may read",
        (44,),
        f"{ROOM}/place_commands.py",
        "    if request.member.id in team or plan.sharing is Sharing.EVERYONE:",
        "    if True:",
        (MOVED,),
    ),
    Mutation(
        "a lead posts a plan only where they are",
        (44,),
        f"{ROOM}/place_commands.py",
        "        request.role >= Role.MODERATOR\n",
        "        True\n",
        (LIVES,),
    ),
    Mutation(
        "many changes of a plan are one edit of its page",
        (28,),
        f"{ROOM}/posted_page.py",
        "self._clock.now() + timedelta(seconds=DEBOUNCE)",
        "self._clock.now()",
        (LIVES,),
    ),
    Mutation(
        "a page says the team's name as it is",
        (20,),
        f"{ROOM}/places.py",
        "for query in (due, _RENAMED.limit(50))",
        "for query in (due,)",
        (LIVES,),
    ),
    Mutation(
        "whoever is erased leaves the page",
        (37,),
        f"{ROOM}/feature.py",
        "        pages.mark(conn, team_id)",
        "        pass",
        (LIVES,),
    ),
    Mutation(
        "a page that somebody removed is posted once more",
        (20,),
        f"{ROOM}/posted_page.py",
        "        elif fact.code in MISSING:",
        "        elif False:",
        (MOVED,),
    ),
    Mutation(
        "it is not posted against them",
        (20,),
        f"{ROOM}/posted_page.py",
        "places.change_place(conn, where.team_id, lost=1)",
        "pass",
        (MOVED,),
    ),
    Mutation(
        "a plan that moves leaves nothing behind",
        (12,),
        f"{ROOM}/posted_page.py",
        "        self.take_down(conn, team_id, now)\n",
        "",
        (MOVED,),
    ),
    Mutation(
        "a page that was refused is true again with the next change",
        (10,),
        f"{ROOM}/posted_page.py",
        "            places.change_place(conn, where.team_id, problem=None)\n",
        "            pass\n",
        (MOVED,),
    ),
    Mutation(
        "a private place is made once",
        (12,),
        f"{ROOM}/private_places.py",
        "if there is not None and there.made and there.problem is None:",
        "if False:",
        (PRIVATE,),
        on="slack",
    ),
    Mutation(
        "whoever leaves a team is shown out of its place",
        (44,),
        f"{ROOM}/private_places.py",
        "for person in one.go]",
        "for person in ()]",
        (PRIVATE,),
        on="slack",
    ),
    Mutation(
        "whoever is erased is shown out of the team's place",
        (37,),
        f"{ROOM}/departures.py",
        "    rooms.owe_farewells(conn, mine, whose.accounts, whose.now)\n",
        "",
        (PRIVATE,),
        on="slack",
    ),
    Mutation(
        "who cannot be let in keeps nobody else outside",
        (10,),
        f"{ROOM}/private_places.py",
        "        return all(moved)",
        "        return True",
        ("tests/team_plans/test_rooms.py::test_who_cannot_be_let_in_keeps_nobody_else_outside",),
    ),
    Mutation(
        "the room of a team stays its own",
        (44,),
        f"{ROOM}/places.py",
        '"made": place == room_of(conn, team_id)',
        '"made": False',
        ("tests/team_plans/test_rooms.py::test_a_plan_that_comes_back_to_its_room_is_its_teams_own_again",),
    ),
    Mutation(
        "what was removed from a plan goes for good",
        (37,),
        f"{ROOM}/removed_entries.py",
        "    conn.execute(delete(plan_entry).where(_c.id.in_(every)))\n",
        "",
        ("tests/team_plans/test_rooms.py::test_what_was_removed_goes_for_good_when_its_history_does",),
    ),
)
