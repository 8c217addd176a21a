"""The mechanisms by which whoever asks is answered in time, and in one way where one is enough."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SLACK, DISCORD = "adapters/slack", "adapters/discord"
ASKING = "tests/adapters/discord/test_asking.py"

MUTATIONS = (
    Mutation(
        "Discord: what was done is told though nobody waits for it any more",
        (),
        f"{DISCORD}/replies.py",
        "            await self._otherwise(card, who, error, public=public)",
        "            raise",
        (f"{ASKING}::test_an_answer_that_discord_waits_for_no_more_goes_by_direct_message",),
        on="discord",
    ),
    Mutation(
        "Discord: what is slow is put off long before Discord stops waiting",
        (),
        f"{DISCORD}/timings.py",
        "    slow: float = 1.2",
        "    slow: float = 2.8",
        (f"{ASKING}::test_slow_answers_are_put_off_long_before_discord_stops_waiting",),
        on="discord",
    ),
    Mutation(
        "Discord: the way of a file takes no time from the first answer",
        (),
        f"{DISCORD}/replies.py",
        "        if any(one.files for one in said):\n            return False\n",
        "",
        (
            f"{ASKING}::test_an_answer_with_a_file_is_put_off_so_that_the_way_of_the_file_takes_no_time_from_it",
        ),
        on="discord",
    ),
    Mutation(
        "Slack: an acknowledgment that is on its way takes no answer along",
        (),
        f"{SLACK}/replies.py",
        "        if not self._open or self._body is not None:",
        "        if self._body is not None:",
        (
            "tests/adapters/slack/test_asking.py::test_a_quick_command_is_acknowledged_at_once_and_a_slow_one_in_time",
        ),
        on="slack",
    ),
)
