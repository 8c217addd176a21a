"""The mechanisms by which nobody can tell who wrote an anonymous answer, and when."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

ROOM = "bot/reflections/anonymous"
KEYS, TABLES, INTAKE, PUBLISH = (f"{ROOM}/{name}.py" for name in ("keys", "tables", "intake", "publication"))
UNITS = "tests/reflections/test_anonymous_keys.py"
STORIES, MATCHING = "tests/stories/test_anonymous_answers.py", "tests/stories/test_anonymous_matching.py"
SHOWN = f"{STORIES}::test_five_anonymous_answers_are_shown_together_when_the_prompt_closes"
FEW = f"{STORIES}::test_four_are_too_few_for_anybody_and_are_deleted_unread"
KEYLESS = f"{STORIES}::test_a_process_without_the_key_takes_nothing_in_and_waits_for_one_that_has_it"
HIDDEN = f"{STORIES}::test_a_moderator_hides_an_anonymous_answer_and_can_undo_it"
DELETED = f"{STORIES}::test_after_closing_a_receipt_still_deletes_and_fewer_than_five_are_hidden_with_it"
SCRIPT = f"{MATCHING}::test_a_matching_script_does_no_better_than_chance"

MUTATIONS = (
    Mutation(
        "no length of what is sealed tells one from another",
        (42,),
        KEYS,
        "        framed += bytes(-len(framed) % BLOCK)\n",
        "",
        (f"{UNITS}::test_what_is_sealed_has_one_length_and_needs_its_key", SCRIPT),
    ),
    Mutation(
        "what is published shares no receipt with what was sealed",
        (42,),
        INTAKE,
        "tables.store_sealed(conn, here, key.mark(code.hash), sealed)",
        "tables.store_sealed(conn, here, code.hash, sealed)",
        (SCRIPT,),
    ),
    Mutation(
        "fewer than five anonymous answers are deleted unread",
        (42,),
        PUBLISH,
        "if may_tell(len(found)):",
        "if found:",
        (FEW,),
    ),
    Mutation(
        "fewer than five anonymous answers that are left are hidden",
        (42,),
        PUBLISH,
        "if not may_tell(total):",
        "if not total:",
        (DELETED,),
    ),
    Mutation(
        "each member answers anonymously once",
        (42,),
        INTAKE,
        "if not tables.take_ticket(conn, here, key, request.member.id):",
        "if tables.take_ticket(conn, here, key, request.member.id) is None:",
        (f"{STORIES}::test_each_person_answers_once_and_the_words_come_back",),
    ),
    Mutation(
        "closing destroys the tickets",
        (42,),
        TABLES,
        "for table in (sealed_answer, anonymous_ticket, anonymous_key):",
        "for table in (sealed_answer, anonymous_key):",
        (SHOWN, FEW),
    ),
    Mutation(
        "the key of a prompt that has closed is destroyed",
        (42, 43),
        PUBLISH,
        "return [one for one in known if one not in still_open]",
        "return [one for one in known if one < 0]",
        (SHOWN, SCRIPT),
    ),
    Mutation(
        "a destroyed key is overwritten",
        (42,),
        KEYS,
        "file.write(secrets.token_bytes(path.stat().st_size))",
        "file.seek(0)",
        (f"{UNITS}::test_a_key_is_made_once_for_its_owner_alone_and_destroyed_for_good",),
    ),
    Mutation(
        "a prompt waits for the process that has its key",
        (42,),
        "bot/reflections/answers/digest.py",
        "locked = not self._anonymous.can_publish(conn, here)",
        "locked = False",
        (KEYLESS,),
    ),
    Mutation(
        "a process without the key of a prompt makes no other",
        (42,),
        INTAKE,
        "return known if known is not None and known.name == needed else None",
        "return self.keyring.make_key(occurrence_id)",
        (KEYLESS,),
    ),
    Mutation(
        "one key alone seals the answers to a prompt",
        (42,),
        TABLES,
        "return find_key_name(conn, here.id) == name",
        "return True",
        (KEYLESS,),
    ),
    Mutation(
        "erasing a member removes their tickets",
        (37, 42),
        PUBLISH,
        "                tables.drop_ticket(conn, key, whose.member_id)",
        "                continue",
        (f"{STORIES}::test_an_erased_member_may_answer_anew_and_what_was_answered_stays_nobodys",),
    ),
    Mutation(
        "no anonymous answer is taken late",
        (42,),
        INTAKE,
        "    if here.closed or request.now >= here.closes_at:",
        "    if not here:",
        (f"{STORIES}::test_no_anonymous_answer_is_taken_where_it_is_not_allowed_or_too_late",),
    ),
    Mutation(
        "a schedule's word on anonymous answers goes before its deck's",
        (42,),
        "bot/reflections/schedule/anonymity.py",
        "    if wanted:\n",
        "    if wanted == 'yes':\n",
        (f"{STORIES}::test_a_deck_allows_anonymous_answers_and_a_schedule_may_say_otherwise",),
    ),
    Mutation(
        "the form says what the platform itself sees",
        (42,),
        INTAKE,
        'self.witnesses.get(platform_of(request.place.space), "")',
        '""',
        (f"{STORIES}::test_the_form_says_what_this_platform_cannot_hide_and_who_reads_it",),
    ),
    Mutation(
        "what a moderator hid is shown to nobody",
        (42,),
        TABLES,
        "    visible = and_(c.occurrence_id == occurrence_id, c.hidden.is_(False))\n    query",
        "    visible = and_(c.occurrence_id == occurrence_id)\n    query",
        (HIDDEN,),
    ),
    Mutation(
        "what is deleted or hidden leaves the digest",
        (37, 42),
        INTAKE,
        "        self.tell(conn, AnswerChanged(request.community.id, occurrence_id))\n",
        "",
        (DELETED,),
    ),
    Mutation(
        "anonymous answers have an age limit",
        (40, 42),
        "bot/reflections/member_data.py",
        "return (*several, anonymous_tables.retention(ages), ",
        "return (*several, ",
        (f"{STORIES}::test_anonymous_answers_go_when_answers_of_their_age_do",),
    ),
    Mutation(
        "published answers lie in no order on the disk",
        (42,),
        "bot/store/migrations/versions/r0001_first_release.py",
        'sa.Index("uq_anonymous_answer_receipt", "receipt", unique=True),\n        sqlite_with_rowid=False,',
        'sa.Index("uq_anonymous_answer_receipt", "receipt", unique=True),',
        (f"{UNITS}::test_the_tables_of_anonymous_answers_have_no_time_no_member_and_no_order",),
    ),
    Mutation(
        "Discord: a notice stands in the form however long its questions are",
        (42,),
        "adapters/discord/forms.py",
        "    room -= notice\n",
        "    notice = 0\n",
        (
            "tests/adapters/discord/test_forms.py::test_a_notice_stands_before_long_questions_whatever_room_they_want",
        ),
    ),
)
