"""The mechanisms by which an export holds what moderators may read, names nobody, runs nowhere, and comes whole or not at all."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, FILES = "tests/stories/test_exports.py", "tests/exports/test_files.py"
READS = f"{STORY}::test_a_moderator_exports_what_moderators_may_read_and_gets_it_alone"
LONG = f"{STORY}::test_a_long_export_shows_how_far_it_is_can_be_stopped_and_is_told_when_ready"
KILLED = f"{STORY}::test_an_export_that_was_under_way_when_the_bot_was_killed_is_told_as_ended"

MOVES, MANIFEST = "tests/exports/test_transfer.py", "bot/exports/community_import.py"
REFUSED = f"{MOVES}::test_what_is_no_whole_file_of_this_version_is_refused_and_changes_nothing"

MUTATIONS = (
    Mutation(
        "an export holds only what every moderator may read", (44,), "bot/exports/scope.py",
        "return and_(IS_GIVEN, or_(*circles))", "return IS_GIVEN",
        (READS,),
    ),
    Mutation(
        "an export names nobody", (44,), "bot/exports/records.py",
        '"person": self.names.person(answer.member_id),', '"person": answer.name,',
        (READS,),
    ),
    Mutation(
        "every cell of a spreadsheet stands in quotes", (36,), "bot/content/spreadsheet.py",
        "csv.writer(out, quoting=csv.QUOTE_ALL)", "csv.writer(out)",
        (f"{FILES}::test_no_cell_begins_like_a_formula_and_a_number_stays_one",),
    ),
    Mutation(
        "a pseudonym needs the key", (47,), "bot/exports/pseudonyms.py",
        "hmac.new(self.key, f\"{self.community}", "hmac.new(b\"\", f\"{self.community}",
        (f"{FILES}::test_a_name_is_the_same_in_every_export_and_another_with_another_secret_or_community",),
    ),
    Mutation(
        "an export that was stopped goes no further", (44,), "bot/exports/tables.py",
        "ended = conn.execute(here.values(state=state)).rowcount > 0", "ended = False",
        (LONG,),
    ),
    Mutation(
        "a file is not handed out once something in it was taken back", (37,), "bot/exports/seen.py",
        "    return seen == replace(seen, ", "    return replace(seen, ",
        (LONG,),
    ),
    Mutation(
        "an erasure deletes every exported file", (37,), "bot/exports/tables.py",
        "conn.execute(delete(export_piece).where(export_piece.c.community_id == community_id))", "pass",
        (f"{STORY}::test_an_erasure_deletes_the_files_that_may_hold_their_words",),
    ),
    Mutation(
        "an export whose process is gone is told as ended", (4,), "bot/exports/tables.py",
        "_c.owner != owner, _c.beat_at <= now - LOST)", "_c.owner != owner, _c.beat_at <= now - LOST * 1000)",
        (KILLED,),
    ),
    Mutation(
        "a community's file is taken in whole, or not at all", (43,), MANIFEST,
        "if (rows, digest.hexdigest()) != (entry.rows, entry.sha256):", "if False:",
        (REFUSED,),
    ),
    Mutation(
        "a community is imported into an empty database only", (43,), MANIFEST,
        "    _require_empty(conn)\n", "",
        (REFUSED,),
    ),
    Mutation(
        "a file of a newer version is refused", (35,), MANIFEST,
        "if manifest.format > FORMAT or manifest.schema not in known_revisions():", "if manifest.format > FORMAT:",
        (REFUSED,),
    ),
    Mutation(
        "after an import no id is given twice", (43,), MANIFEST,
        "    continue_ids(conn, table, entry.highest)\n", "",
        (f"{MOVES}::test_a_community_moves_to_the_other_database_and_back_as_it_was",),
    ),
)  # fmt: skip
