"""The mechanisms by which what is too old goes, members know when, and a secret can be changed."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

UPKEEP, KINDS, SECRET = "bot/upkeep.py", "bot/store/retention.py", "bot/store/secret.py"
STORIES, PRIVACY = "tests/stories/test_retention.py", "tests/stories/test_privacy.py"
SLICES, SECRETS = "tests/store/test_retention.py", "tests/store/test_secret.py"
CHANGED = (
    "tests/stories/test_secret.py::test_after_the_secret_is_changed_whoever_was_erased_before_is_still_known"
)

MUTATIONS = (
    Mutation(
        "direct messages that brought nothing are not listened to for ever", (), "bot/account/retention.py",
        '        old_rows("silent direct messages", SILENT, watched, _silent),\n', "",
        ("tests/stories/test_growth.py::test_direct_messages_that_brought_nothing_are_forgotten_soon_after_their_prompt",),
    ),
    Mutation(
        "what is too old is looked for again every day", (40,), UPKEEP,
        "daily = self._looked_at is None or now - self._looked_at >= DAY", "daily = self._looked_at is None",
        (f"{PRIVACY}::test_an_answer_is_removed_after_the_days_that_answers_are_kept",),
    ),
    Mutation(
        "a slice that took too long is followed by a smaller one", (40,), UPKEEP,
        "max(1, limit // 2) if took > SLICE", "limit if took > SLICE",
        (f"{SLICES}::test_a_slice_that_holds_the_writer_for_too_long_is_followed_by_smaller_ones",),
    ),
    Mutation(
        "what is no longer too old when its turn comes stays", (40,), KINDS,
        "tuple_(*keys).in_(found), old(before)", "tuple_(*keys).in_(found)",
        (f"{SLICES}::test_what_changed_after_it_was_found_stays",),
    ),
    Mutation(
        "whoever left is erased after some days", (40,), "bot/account/retention.py",
        "return erasure.erase_left_members(conn, found, before, clock.now())", "return 0",
        (f"{STORIES}::test_whoever_left_is_erased_after_some_days_and_whoever_came_back_is_not",),
    ),
    Mutation(
        "members are told how long things are kept", (40,), "bot/account/welcomes.py",
        "days = None if self.answers is None else self.answers.days", "days = None",
        (f"{STORIES}::test_the_first_answer_through_any_door_brings_how_long_things_are_kept_and_no_other",),
    ),
    Mutation(
        "a secret can be changed", (13,), SECRET,
        "if found is not None and found.fingerprint != wanted and found.answers_to(wanted):", "if False:",
        (f"{SECRETS}::test_a_secret_is_changed_by_writing_a_new_one_above_it",), by="WrongSecret",
    ),
    Mutation(
        "a restored database knows the keys of former secrets", (13, 37), "bot/people/privacy.py",
        "for key in self._keys]", "for key in self._keys[:1]]",
        (CHANGED,),
    ),
    Mutation(
        "what was erased before the secret changed is not taken in again", (13, 37), "bot/people/authors.py",
        "for digest in former", "for digest in ()",
        (CHANGED,),
    ),
)  # fmt: skip
