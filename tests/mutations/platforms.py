"""The mechanisms that each platform needs: markers, no repeated write, no live word of anybody's, budgets."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

SLACK, DISCORD = "adapters/slack", "adapters/discord"
SAYING, SPEAKING = "tests/adapters/slack/test_saying.py", "tests/adapters/discord/test_speaking.py"
HEARING, HTTP = "tests/adapters/slack/test_hearing.py", "tests/adapters/slack/test_http.py"
LOOKING_BACK = "tests/contract/test_looking_back.py"
SMALL = "tests/adapters/discord/test_small_parts.py"

MUTATIONS = (
    Mutation(
        "Slack: no write is repeated by the library", (3,), f"{SLACK}/web_client.py",
        "self.writes = AsyncWebClient(bot_token, base_url=address, retry_handlers=[], logger=log)",
        "self.writes = AsyncWebClient(bot_token, base_url=address, retry_handlers=patient, logger=log)",
        (f"{SAYING}::test_a_post_that_goes_wrong_is_one_request_and_the_right_word",),
        on="slack",
    ),
    Mutation(
        "Slack: a post carries its marker", (3, 12), f"{SLACK}/say.py",
        'blocks[0] = blocks[0] | {"block_id": f"{MARK}{marker}"}', "pass",
        (f"{SAYING}::test_a_post_is_one_message_that_carries_its_marker",),
        on="slack",
    ),
    Mutation(
        "Slack: an update keeps the marker", (3,), f"{SLACK}/api.py",
        'marker = say.marker_of(found or {}) or ""', 'marker = ""',
        (f"{SAYING}::test_an_update_keeps_the_marker_also_after_a_restart",),
        on="slack",
    ),
    Mutation(
        "Slack: a 5xx is unclear", (4,), f"{SLACK}/errors.py",
        'return OutcomeUnknown(f"http_{status}")', 'return Rejected(f"http_{status}")',
        ("tests/adapters/slack/test_faults.py::test_each_failure_has_its_word",),
        on="slack",
    ),
    Mutation(
        "Slack: no connection is a definite no", (3,), f"{SLACK}/errors.py",
        'return RetryLater("cannot_connect")', 'return OutcomeUnknown("cannot_connect")',
        ("tests/adapters/slack/test_faults.py::test_no_connection_is_certainly_not_done",),
        on="slack",
    ),
    Mutation(
        "Slack: nobody's words are live", (36,), f"{SLACK}/say.py",
        '.replace("<", "&lt;").replace(">", "&gt;")', "",
        ("tests/adapters/slack/test_say.py::test_nobodys_words_mention_anybody",),
        on="slack",
    ),
    Mutation(
        "Slack: an event is acknowledged when it was kept", (21,), f"{SLACK}/listeners.py",
        "status=200 if kept else LATER", "status=200",
        (f"{HEARING}::test_what_could_not_be_kept_is_not_acknowledged_and_kept_when_slack_tries_again",),
        on="slack",
    ),
    Mutation(
        "Slack: a page that fails makes no shorter history", (26,), f"{SLACK}/history.py",
        'log.warning("a history could not be read to its end: %s", error.code)\n            seen.complete = False',
        'log.warning("a history could not be read to its end: %s", error.code)',
        (f"{HEARING}::test_a_history_that_breaks_off_is_not_complete",),
        on="slack",
    ),
    Mutation(
        "Slack: a deaf socket is noticed", (23,), f"{SLACK}/socket_watchdog.py",
        "return bool(late)", "return False",
        ("tests/adapters/slack/test_silence.py::test_our_own_message_that_is_never_told_back_means_deafness",),
        on="slack",
    ),
    Mutation(
        "Slack: a long request is not read", (45,), f"{SLACK}/http.py",
        "if len(body) > BODY:", "if False:",
        (f"{HTTP}::test_a_body_that_never_says_how_long_it_is_is_cut_off",),
        on="slack",
    ),
    Mutation(
        "Discord: a post carries its marker as a nonce", (8,), f"{DISCORD}/library_views.py",
        "nonce=nonce,", "nonce=None,",
        (f"{SPEAKING}::test_every_attempt_carries_the_marker_as_its_nonce",),
        by="KeyError",
        on="discord",
    ),
    Mutation(
        "Discord: a message carries its mark", (3,), f"{DISCORD}/say.py",
        'box["id"] = mark[0]', "pass",
        (f"{SPEAKING}::test_components_are_sent_and_the_ids_come_back_in_the_history",),
        on="discord",
    ),
    Mutation(
        "Discord: a thread that is there is the one we want", (9,), f"{DISCORD}/api.py",
        "with translated_but(THERE):", "with translated_but():",
        (f"{SPEAKING}::test_a_thread_that_somebody_opened_is_the_one_we_want",),
        by="Rejected",
        on="discord",
    ),
    Mutation(
        "Discord: a crash loop stops identifying", (24, 50), f"{DISCORD}/identify_budget.py",
        "if len(recent) < self._free:", "if True:",
        (f"{SMALL}::test_a_crash_loop_sends_at_most_twenty_an_hour_and_two_hundred_a_day",),
        on="discord",
    ),
    Mutation(
        "Discord: its own count of identifies is never used up", (24, 50), f"{DISCORD}/identify_budget.py",
        "if limit is not None and limit.remaining < len(wanted) + RESERVE:", "if False:",
        (f"{SMALL}::test_discords_own_count_is_never_used_up",),
        on="discord",
    ),
    Mutation(
        "Discord: what has no word is unclear", (4,), f"{DISCORD}/errors.py",
        "return OutcomeUnknown(type(error).__name__)", 'return RetryLater("unknown")',
        (f"{SMALL}::test_every_error_is_one_of_the_doors_and_carries_no_words",),
        by="RetryLater",
        on="discord",
    ),
    Mutation(
        "Discord: no library repeats a call without a key", (3, 9), f"{DISCORD}/call_trace.py",
        "if end.response.status >= 500 and not may_be_repeated(end.method, end.url.path):", "if False:",
        ("tests/stories/test_posted_once.py::test_a_forum_post_that_was_answered_with_an_error_is_there_once",),
        by="ValueError",
        on="discord",
    ),
    Mutation(
        "Discord: the client calls nobody by default", (36,), f"{DISCORD}/client.py",
        '"allowed_mentions": discord.AllowedMentions.none(),', '"allowed_mentions": discord.AllowedMentions.all(),',
        (f"{SPEAKING}::test_posts_edits_and_the_library_by_itself_each_notify_nobody",),
        on="discord",
    ),
    Mutation(
        "Discord: a post calls nobody", (36,), f"{DISCORD}/library_views.py",
        "allowed_mentions=to_mentions(said.pings),", "allowed_mentions=discord.AllowedMentions.all(),",
        (f"{SPEAKING}::test_posts_edits_and_the_library_by_itself_each_notify_nobody",),
        on="discord",
    ),
    Mutation(
        "Discord: an edit calls nobody", (36,), f"{DISCORD}/library_views.py",
        'attachments=to_files(said.files), allowed_mentions=to_mentions("")',
        "attachments=to_files(said.files), allowed_mentions=discord.AllowedMentions.all()",
        (f"{SPEAKING}::test_posts_edits_and_the_library_by_itself_each_notify_nobody",),
        on="discord",
    ),
)  # fmt: skip
