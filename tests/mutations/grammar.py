"""The mechanisms by which nothing ends in grammar: what is missing is asked for, and everything is a button away."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

RUNNER, VALUES = "bot/command_runner.py", "bot/chat/parsing/button_values.py"
BARE, PRESSED = "tests/stories/test_bare_commands.py", "tests/stories/test_without_commands.py"
TEAMS = "tests/stories/test_teams.py"
GARBAGE = "tests/audience/test_garbage.py"

MUTATIONS = (
    Mutation(
        "what a command was not told is asked for", (44,), RUNNER,
        "return await self._asked(divided, request) or await self._answered(divided, request)",
        "return await self._answered(divided, request)",
        (f"{BARE}::test_a_command_with_parts_left_out_gets_something_to_press[local-my]",),
    ),
    Mutation(
        "an option that names nothing is answered with what there is", (44,), RUNNER,
        "        except UnclearOption as unclear:\n", "        except UnclearOption as unclear:\n            raise\n",
        (f"{PRESSED}::test_an_unknown_id_is_answered_with_what_there_is[local]",),
    ),
    Mutation(
        "a home leads to everything that somebody may do", (44,), RUNNER,
        "        if below := await self._offered(call.command, request):\n", "        if below := ():\n",
        (f"{PRESSED}::test_my_data_is_a_page_with_show_export_and_delete[local]",),
    ),
    Mutation(
        "a name of several words needs no quotes", (44,), "bot/chat/parsing/values.py",
        "    words = tokens[:1] if tokens[0].quoted else tokens\n", "    words = tokens[:1]\n",
        (f"{TEAMS}::test_a_team_is_named_as_people_write_it[local]",),
    ),
    Mutation(
        "a line with two names is divided at what is known", (44,), RUNNER,
        "        clash = clash_card(loose, ways) if len(ways) > 1 else None\n", "        clash = ways = None\n",
        (f"{TEAMS}::test_a_team_is_named_as_people_write_it[local]",),
    ),
    Mutation(
        "a name in quotes is never divided", (44,), "bot/loose_names.py",
        "            option.name in call.loose\n            and option.completes\n", "            option.completes\n",
        ("tests/chat/test_command_line.py::test_a_name_in_quotes_is_never_divided",),
    ),
    Mutation(
        "nobody stands in a team's progress with an empty row", (44,), "bot/courses/teams/progress_view.py",
        "        return bool(self.done or self.started)\n", "        return True\n",
        (f"{TEAMS}::test_nobody_stands_by_name_in_a_teams_progress_with_nothing_begun[local]",),
    ),
    Mutation(
        "a button that cannot be read is out of date", (45,), VALUES,
        "    if found is None:\n        raise StaleValue\n    return int(found[1])", "    return int(found[1])",
        (f"{GARBAGE}::test_a_button_that_cannot_be_read_leads_to_where_it_belongs",),
    ),
)  # fmt: skip
