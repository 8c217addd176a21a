"""The mechanisms by which everybody may do what they may, sees what they may, and is gone when they wish."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

PERMISSIONS = "tests/stories/test_permissions.py"
PRIVACY = "tests/stories/test_privacy.py"
POLICY = "bot/reminders/policy.py"
REMINDING = "tests/reminders/test_reminders.py"

MUTATIONS = (
    Mutation(
        "a command asks for its role", (44,), "bot/permissions.py",
        "if request.role < needed and not (", "if False and not (",
        (f"{PERMISSIONS}::test_a_member_is_told_which_role_it_takes_and_nothing_else",),
    ),
    Mutation(
        "whoever is known waits for nobody who writes", (44,), "bot/permissions.py",
        "            if known is not None:\n                return known\n", "",
        ("tests/stories/test_under_load.py::test_whoever_is_known_and_only_reads_waits_for_nobody_who_writes",),
        on="discord",
    ),
    Mutation(
        "what one told is kept before one is answered", (44,), "bot/permissions.py",
        "if not self._store.waits_for(person.account):", "if True:",
        ("tests/capture/test_sets.py::test_a_command_goes_before_what_others_say_and_after_what_its_author_said",),
    ),
    Mutation(
        "buttons and forms are checked like commands", (44,), "bot/dispatch.py",
        "request = await self._permissions.allow(event.person, event.place, button.role, event.id)",
        "request = await self._permissions.allow(event.person, event.place, Role.MEMBER, event.id)",
        (f"{PERMISSIONS}::test_every_button_and_form_of_moderators_is_checked",),
    ),
    Mutation(
        "bots and strangers have no role", (44,), "bot/people/roles.py",
        "if who.bot or who.stranger:", "if False:",
        (f"{PERMISSIONS}::test_a_stranger_may_neither_ask_nor_answer",),
    ),
    Mutation(
        "nobody calls everybody", (36,), "bot/chat/mass_mentions.py",
        "if any(mass_mention(text) for text in texts):", "if False:",
        ("tests/stories/test_suggestions.py::test_a_suggestion_that_calls_everybody_goes_back_to_its_author",),
    ),
    Mutation(
        "a cell that looks like a formula is none", (36,), "bot/content/spreadsheet.py",
        """return f"'{cell}" if cell[:1] in FORMULAS else cell""", "return cell",
        (f"{PRIVACY}::test_a_cell_that_looks_like_a_formula_does_not_become_one",),
    ),
    Mutation(
        "what was said before an erasure is not taken in again", (37,), "bot/people/authors.py",
        "at is not None and said_at <= at for at in known", "False for at in known",
        (f"{PRIVACY}::test_what_was_said_before_the_erasure_is_not_taken_in_again",),
    ),
    Mutation(
        "a restored backup brings nobody back", (13, 37), "bot/app.py",
        "self.erasure.begin_owed(conn, now)", "pass",
        (f"{PRIVACY}::test_a_restored_backup_does_not_bring_an_erased_person_back",),
    ),
    Mutation(
        "an erasure reaches every room", (37,), "bot/account/erasure.py",
        " and bool(step(conn, whose))", " and False",
        (f"{PRIVACY}::test_erasing_asks_for_a_typed_word_and_then_leaves_no_byte",),
    ),
    Mutation(
        "answers go when their days are over", (40,), "bot/reflections/answers/removal.py",
        "answer.c.first_at < before)",
        "answer.c.id < 0)",
        (f"{PRIVACY}::test_an_answer_is_removed_after_the_days_that_answers_are_kept",),
    ),
    Mutation(
        "a month later nothing of a left space remains", (41,), "bot/account/retention.py",
        "return erasure.erase_left_spaces(conn, found, before, clock.now())",
        "return 0",
        ("tests/stories/test_leaving.py::test_a_month_after_it_was_left_nothing_of_a_space_remains",),
    ),
    Mutation(
        "logs hold no secret", (47,), "bot/runtime/logs.py",
        'return _SECRETS.sub("…", text)', "return text",
        ("tests/runtime/test_logs.py::test_what_looks_like_a_secret_is_scrubbed",),
    ),
    Mutation(
        "logs hold no words of an exception", (47,), "bot/runtime/logs.py",
        'found = event.pop("exc_info", None)', 'found = event.get("exc_info")',
        ("tests/runtime/test_logs.py::test_an_exception_is_told_by_its_kind_and_place",),
    ),
    Mutation(
        "reminders have a cap", (28,), POLICY,
        "if len(recent) >= cap:", "if False:",
        (f"{REMINDING}::test_the_cap_counts_over_all_features",),
    ),
    Mutation(
        "reminders come twenty hours apart", (28,), POLICY,
        "earliest += [at + APART for at in recent if abs(at - now) < APART]", "pass",
        (f"{REMINDING}::test_two_reminders_are_twenty_hours_apart",),
    ),
    Mutation(
        "one reason and period is one reminder", (2, 13), POLICY,
        "if tables.is_reminded(conn, wish.member_id, wish.reason, wish.period):", "if False:",
        (f"{REMINDING}::test_one_reason_and_period_is_one_reminder_across_restarts",),
    ),
)  # fmt: skip
