"""The mechanisms by which a process says how it is, ends with the right code, and is served though others hold on."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

WEB, STARTUP = "bot/runtime/web.py", "bot/cli/startup.py"
READINESS = "bot/vitals/readiness.py"
SERVING, READY = "tests/runtime/test_web.py", "tests/vitals/test_readiness.py"
AWAY, CONTAINER = "tests/processes/test_database_away.py", "tests/processes/test_in_a_container.py"

MUTATIONS = (
    Mutation(
        "readiness asks the database", (31, 33), READINESS,
        '        wrong = "; ".join([*store, *away])', '        wrong = "; ".join(away)',
        (f"{READY}::test_a_database_that_keeps_nothing_is_told_though_it_can_be_read",
         f"{READY}::test_a_space_that_refuses_us_is_told_and_one_that_was_left_is_not"),
        by="TypeError",
    ),
    Mutation(
        "readiness asks the platforms", (11,), READINESS,
        '        wrong = "; ".join([*store, *away])', '        wrong = "; ".join(store)',
        (f"{READY}::test_it_is_ready_when_the_database_keeps_and_the_platforms_tell",),
    ),
    Mutation(
        "Slack: a refused token is not ready", (11,), "adapters/slack/workspace.py",
        " and not self._refusal\n", "\n",
        (f"{AWAY}::test_a_revoked_token_is_not_ready_and_no_reason_for_a_restart",), on="slack",
    ),
    Mutation(
        "a database that is away is no reason for a restart", (31,), "bot/app.py",
        "Alarm(excused=(StoreUnavailable, WriteUnclear))", "Alarm()",
        (f"{AWAY}::test_an_hour_without_its_database_is_no_reason_for_a_restart",), on="postgres",
    ),
    Mutation(
        "a database that is away has the code to start again", (31, 49), STARTUP,
        "CONFIG if isinstance(error, StoreBroken) else TEMPORARY", "CONFIG",
        ("tests/cli/test_main.py::test_a_database_that_is_away_exits_with_75_so_that_it_is_tried_again",),
    ),
    Mutation(
        "a damaged database has the code to leave it", (33, 49), "bot/store/dialect.py",
        "    fault = StoreBroken(sentence) if broken else StoreUnavailable(sentence)",
        "    fault = StoreUnavailable(sentence)",
        ("tests/cli/test_main.py::test_a_damaged_database_is_not_tried_again",),
    ),
    Mutation(
        "a request's heading has a deadline", (45,), WEB,
        "self._unheard[made] = loop.call_later(self._limits.heading_seconds, self._close, made)",
        "self._unheard[made] = loop.call_later(3600, self._close, made)",
        (f"{SERVING}::test_a_request_that_does_not_end_is_closed",),
        by="TimeoutError",
    ),
    Mutation(
        "a request's body has a deadline", (45,), WEB,
        "asyncio.timeout(self._limits.body_seconds)", "asyncio.timeout(3600)",
        (f"{SERVING}::test_a_request_that_does_not_end_is_closed",),
        by="TimeoutError",
    ),
    Mutation(
        "who never asks makes room for who does", (45,), WEB,
        "        if len(self._unheard) >= self._limits.unheard:", "        if False:",
        (f"{SERVING}::test_many_half_requests_leave_room_for_whole_ones",),
        by="TimeoutError",
    ),
    Mutation(
        "connections have a limit", (45,), WEB,
        "len(server.connections) >= self._limits.connections", "False",
        (f"{SERVING}::test_a_connection_too_many_is_closed_and_none_that_works_is_disturbed",),
    ),
    Mutation(
        "the doctor reads all of the file", (33, 43), "bot/cli/doctor.py",
        "store.read_now(_find_damage) if file is not None else None", "None",
        ("tests/cli/test_doctor.py::test_a_damaged_file_is_restored_and_not_started",),
    ),
    Mutation(
        "held, a wrong setting waits", (49,), STARTUP,
        "        signal.sigwait(signals)\n", "",
        (f"{CONTAINER}::test_held_a_wrong_setting_is_said_once_and_waits_until_it_is_stopped",),
    ),
    Mutation(
        "playground: a missing part of an address is a sentence", (45,), "adapters/local/page/actions.py",
        "    if value is None:\n        raise web.HTTPBadRequest(",
        "    if value is None:\n        raise KeyError(name) if name else web.HTTPBadRequest(",
        ("tests/adapters/local/test_page.py::test_an_address_without_one_of_its_parts_is_a_sentence",),
    ),
)  # fmt: skip
