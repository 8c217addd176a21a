"""The mechanisms by which a running bot is watched: true numbers without anybody in them, and a sign of life that stops."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

METRICS, SIGN, STATUS = (
    "tests/vitals/test_metrics.py",
    "tests/vitals/test_life_sign.py",
    "tests/cli/test_status.py",
)
FIGURES, TROUBLE = "bot/vitals/figures.py", "bot/vitals/trouble.py"

MUTATIONS = (
    Mutation(
        "the sign of life stops with a job that hangs", (11,), TROUBLE,
        "    late = find_late_job(beats)\n", "    late = find_late_job({})\n",
        (f"{SIGN}::test_it_is_given_while_all_is_well_and_stops_with_a_job_that_hangs",),
    ),
    Mutation(
        "the sign of life stops when posts do not go out", (3,), TROUBLE,
        "timedelta(seconds=figures.overdue_for) > PATIENCE and quiet", "False",
        (f"{SIGN}::test_it_stops_when_posts_do_not_go_out_and_is_back_when_they_do",),
    ),
    Mutation(
        "the sign of life stops when nothing prepares what is due", (16,), TROUBLE,
        "timedelta(seconds=figures.unplanned_for) > PATIENCE", "False",
        (f"{SIGN}::test_it_stops_when_nothing_prepares_what_is_due",),
    ),
    Mutation(
        "the sign of life stops with a refused token", (11,), TROUBLE,
        "    if figures.refusing_spaces:\n", "    if figures.refusing_spaces < 0:\n",
        (f"{SIGN}::test_a_refused_token_stops_it_and_a_channel_that_refuses_does_not",),
    ),
    Mutation(
        "the sign of life stops with the database", (31,), "bot/vitals/monitor.py",
        '            return ["The database does not answer."]\n', "            return []\n",
        (f"{SIGN}::test_without_its_database_it_gives_none",),
    ),
    Mutation(
        "the numbers count calls", (29,), "bot/app.py",
        "steady=steady, watch=tally.count_call,", "steady=steady,",
        (f"{METRICS}::test_a_platform_that_says_wait_is_counted",), by="KeyError",
    ),
    Mutation(
        "the numbers name nobody", (47,), "bot/vitals/tally.py",
        "self.scans[platform, ", "self.scans[scan.watch.place.channel, ",
        (f"{METRICS}::test_the_numbers_hold_no_person_no_place_and_no_word",),
    ),
    Mutation(
        "the status says that no bot runs", (49,), "bot/cli/deployment_status.py",
        "    if not well and not others:\n", "    if others:\n",
        (f"{STATUS}::test_while_it_does_not_run_it_says_so_and_what_to_do",),
    ),
    Mutation(
        "the playground says how it is without its token", (49,), "adapters/local/page/gate.py",
        "request.path not in self._free and ", "",
        ("tests/processes/test_in_a_container.py::test_the_playground_says_how_it_is_to_whoever_has_no_token",),
    ),
)  # fmt: skip
