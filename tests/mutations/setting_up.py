"""The mechanisms by which setting up says what is wrong, keeps what is there, and holds what was chosen in chat."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

MODEL, MAIN = "tests/settings/test_model.py", "tests/cli/test_main.py"
CHAT, FILE = "tests/stories/test_setup_in_chat.py", "tests/settings/test_env_file.py"

APART = "tests/stories/test_two_communities.py"

ALONE = "tests/processes/test_setup.py"

MUTATIONS = (
    Mutation(
        "a token is known by its form, whatever was asked for", (44,), "bot/cli/setup/connection.py",
        "meant = next((one for one in missing if not one.judge(text)), None)", "meant = missing[0] if missing else None",
        (f"{ALONE}::test_from_tokens_to_the_first_prompt_on_slack",),
    ),
    Mutation(
        "setting up sees by itself that the bot is in", (44,), "bot/cli/setup/screen.py",
        "            if is_done():\n", "            if False:\n",
        (f"{ALONE}::test_from_tokens_to_the_first_prompt_on_slack",),
    ),
    Mutation(
        "a value that is no JSON names its variable", (49,), "bot/settings/environment.py",
        "    return \"\\n\".join(lines) or ", "    return ",
        (f"{MODEL}::test_json_that_is_wrong_in_the_file_is_named_too",),
    ),
    Mutation(
        "a fact that names nobody is refused", (44,), "bot/settings/environment.py",
        "        if wrong:\n            raise ValueError(f", "        if False:\n            raise ValueError(f",
        (f"{MODEL}::test_a_wrong_setting_names_the_variable_and_the_fix",),
        by="Failed",
    ),
    Mutation(
        "a taken port is told before a database is made", (49,), "bot/cli/startup.py",
        "    if is_port_free(web.host, web.port):\n", "    if True:\n",
        (f"{MAIN}::test_a_taken_port_is_named_before_a_database_is_made",),
    ),
    Mutation(
        "the file of the tokens is its owner's", (47,), "bot/settings/env_file.py",
        "os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)", "os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)",
        (f"{FILE}::test_only_its_owner_can_read_it",),
    ),
    Mutation(
        "what was chosen in chat outlives a start", (44,), "bot/people/chosen.py",
        "    home = ensure_community(conn, slug, now=now, **{**told, **chosen})", "    home = ensure_community(conn, slug, now=now, **told)",
        (f"{CHAT}::test_what_was_chosen_in_chat_holds_until_the_operator_changes_the_setting",),
    ),
    Mutation(
        "who was chosen in chat moderates", (44,), "bot/people/roles.py",
        " or claims & self.chosen()", "",
        (f"{CHAT}::test_a_moderator_that_an_admin_chose_may_plan_at_once_and_no_longer_when_removed",),
    ),
    Mutation(
        "the text of who to call is the one chosen in chat", (52,), "bot/danger/hotline.py",
        "return found if text is None else replace(found, text=text)", "return found",
        (f"{CHAT}::test_who_is_in_danger_is_told_the_text_that_was_written_in_chat",),
    ),
    Mutation(
        "who was chosen in chat moderates until the setting changes", (44,), "bot/people/chosen.py",
        "    if before is not None and before != sorted(told):\n", "    if False:\n",
        (f"{CHAT}::test_moderators_and_the_place_of_alerts_that_were_chosen_hold_until_their_setting_changes",),
    ),
    Mutation(
        "the place of alerts holds until the setting changes", (44,), "bot/alerts/alerts.py",
        "    if before is not None and before != now:\n", "    if False:\n",
        (f"{CHAT}::test_moderators_and_the_place_of_alerts_that_were_chosen_hold_until_their_setting_changes",),
    ),
    Mutation(
        "what leaves the calendar takes its past days along", (44,), "bot/calendars/rebuild.py",
        "for gone in laid_sources(conn, home.id) - kept:",
        "for gone in {one.source for one in old if one.source is not None} - kept:",
        ("tests/stories/test_calendar.py::test_a_break_that_is_long_over_leaves_the_calendar_with_all_its_days",),
    ),
    Mutation(
        "a corrected school year takes the place of the wrong one", (44,), "bot/calendars/school_year.py",
        "            tables.remove(conn, one.id, now)\n            lay_breaks(conn, home.id, one.id, (), now)\n", "            pass\n",
        (f"{CHAT}::test_a_corrected_school_year_takes_the_place_of_the_wrong_one",),
    ),
    Mutation(
        "the doctor counts the people of one community", (44,), "bot/people/reach.py",
        "        ours.append(space.c.community_id == community_id)\n", "        pass\n",
        (f"{APART}::test_the_doctor_tells_an_admin_nothing_of_the_other_community",),
    ),
    Mutation(
        "the doctor asks a platform of the spaces of one community", (44,), "bot/doctor/deployment.py",
        "seen = own if len(settings.all_communities()) > 1 else None", "seen = None",
        (f"{APART}::test_the_doctor_tells_an_admin_nothing_of_the_other_community",),
    ),
)  # fmt: skip
