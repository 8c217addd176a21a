"""The mechanisms by which an answer is what its author last said, and a digest quotes nothing else."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

ROOM = "bot/reflections/answers"
DIGEST, INTAKE, TABLES = f"{ROOM}/digest.py", f"{ROOM}/intake.py", f"{ROOM}/tables.py"
EXISTING, SAVED = f"{ROOM}/existing_answer.py", f"{ROOM}/saved_messages.py"
TAPS, TAPPING = "bot/reflections/taps", "tests/stories/test_taps.py"
FOLLOWING = "tests/stories/test_follow_ups.py"
UPLOADS = "adapters/slack/uploads.py"
DIGESTS, FORMS = "tests/stories/test_digests.py", "tests/stories/test_answer_forms.py"
ORDER, SAVING = "tests/stories/test_form_in_any_order.py", "tests/stories/test_saved_messages.py"
FILES = "tests/stories/test_files.py"
JOINS = f"{FORMS}::test_a_message_saved_after_the_form_joins_it"
ANNOUNCED = f"{FILES}::test_a_file_that_goes_to_the_direct_message_is_announced_in_both_places"

MUTATIONS = (
    Mutation(
        "a digest is drawn when it is said and no copy of it waits", (37, 40), DIGEST,
        "space=row.space, channel=row.channel, drawn=True,",
        "space=row.space, channel=row.channel, card=draw_digest(conn, here.community_id, str(here.id)),",
        (f"{DIGESTS}::test_a_digest_that_waits_for_its_turn_says_what_is_true_when_it_goes_out",),
    ),
    Mutation(
        "what is taken back while a digest is being said leaves it", (22, 37), DIGEST,
        "        stale_digests.mark_digest_stale(conn, fact.occurrence_id, self._clock.now())", "        return",
        (f"{DIGESTS}::test_what_is_taken_back_leaves_the_digest_and_the_outbox",),
    ),
    Mutation(
        "a digest reads no more than it shows", (28,), f"{ROOM}/turnout.py",
        "limit=QUOTED, ", "",
        ("tests/reflections/test_digest_cost.py::test_drawing_reads_only_what_the_card_shows",),
    ),
    Mutation(
        "a tap keeps the reason that was given before", (), f"{TAPS}/intake.py",
        'return str(before.value.get("reason") or "")', 'return ""',
        (f"{TAPPING}::test_a_reason_is_offered_after_the_tap_and_stays_when_the_tap_changes",),
    ),
    Mutation(
        "what was tapped is told of five or more", (), f"{TAPS}/tally.py",
        "        if may_tell(sum(counts), count_seen(conn, here, number)):", "        if True:",
        ("tests/reflections/test_tally.py::test_four_unseen_picks_are_not_counted",),
    ),
    Mutation(
        "what was tapped is told only while five are unseen", (), f"{TAPS}/tally.py",
        "        if may_tell(sum(counts), count_seen(conn, here, int(number)))", "        if True",
        ("tests/reflections/test_tally.py::test_what_was_counted_is_hidden_once_too_few_are_unseen",),
    ),
    Mutation(
        "a member counts once in a tally", (), f"{TAPS}/tally.py",
        "last = {(row.question, row.answer_id): str", "last = {(row.question, row.answer_id, row.value['pick']): str",
        ("tests/reflections/test_tally.py::test_everybody_counts_once_with_their_last_pick",), by="ValueError",
    ),
    Mutation(
        "nobody is quoted for a tap alone", (), f"{ROOM}/turnout.py",
        "worded = and_(everyone, HAS_WORDS)", "worded = everyone",
        (f"{TAPPING}::test_who_shared_a_tap_is_not_named_beside_it",),
    ),
    Mutation(
        "a quote has the words and not the pick", (), f"{ROOM}/digest_cards.py",
        "Quote(clip_text(one.words), by=one.name)", "Quote(clip_text(one.text), by=one.name)",
        (f"{TAPPING}::test_who_shared_a_tap_is_not_named_beside_it",),
    ),
    Mutation(
        "a follow-up is asked only after its answer", (), "bot/reflections/prompts/follow_ups.py",
        "return not after or (condition is not None and picks.get(condition) in after)", "return True",
        (f"{FOLLOWING}::test_a_follow_up_is_asked_only_after_its_answer",),
    ),
    Mutation(
        "what stands in a follow-up stays in the form", (), f"{ROOM}/answer_form.py",
        "number in standing or is_asked", "is_asked",
        (f"{FOLLOWING}::test_what_stands_in_a_follow_up_stays_when_the_answer_changes",),
    ),
    Mutation(
        "a direct message asks what is next", (), f"{ROOM}/intake.py",
        "private=True,", "private=False,",
        (f"{FOLLOWING}::test_a_direct_message_asks_one_question_at_a_time_and_goes_on_after_a_restart",),
    ),
    Mutation(
        "a message knows which question it answers", (), f"{ROOM}/intake.py",
        "number = find_written_question(conn, here, answer_id) if private", "number = None if private",
        (f"{FOLLOWING}::test_what_was_written_for_one_question_stands_in_its_own_field",),
    ),
    Mutation(
        "a late answer leaves the digest alone", (28,), INTAKE,
        "if here.closed and not late:", "if here.closed:",
        (f"{DIGESTS}::test_a_late_answer_does_not_say_the_digest_again",),
    ),
    Mutation(
        "what an earlier message overtakes leaves the digest", (22,), INTAKE,
        "            self.tell(conn, AnswerChanged(watch.community_id, watch.ref))\n", "",
        (f"{DIGESTS}::test_what_an_earlier_message_overtakes_leaves_the_digest",),
    ),
    Mutation(
        "moderators hear of a digest in doubt by its title", (7,), "bot/admin/doubtful_posts.py",
        "title = row.name if row.card is None else", "title = None if row.card is None else",
        (f"{DIGESTS}::test_moderators_hear_of_a_digest_that_may_not_be_there_by_its_title",),
        by="ValueError",
    ),
    Mutation(
        "a form replaces what was said in the thread", (22,), TABLES,
        "    conn.execute(delete(part).where(others))\n", "",
        (f"{FORMS}::test_the_form_of_somebody_who_answered_in_the_thread_is_filled_and_replaces",),
    ),
    Mutation(
        "when an answer was replaced is remembered", (22,), TABLES,
        "values(replaced_at=latest)", "values(replaced_at=None)",
        (f"{ORDER}::test_every_order_of_a_reply_its_edit_an_addition_and_the_form",),
    ),
    Mutation(
        "a form replaces what its author saw, however early it is dated", (17, 22), TABLES,
        "latest = max((at, *(row.said_at for row in messages)))", "latest = at",
        (f"{ORDER}::test_a_platform_that_dates_the_form_late_brings_nothing_back",),
    ),
    Mutation(
        "a form is dated by the platform", (17, 22), INTAKE,
        "sent = request.at or request.now", "sent = request.now",
        (f"{ORDER}::test_a_clock_that_is_ahead_loses_no_reply_that_follows_the_form",),
    ),
    Mutation(
        "a message chosen after the form joins the answer", (22,), EXISTING,
        "        if chosen_at is not None:", "        if False:", (JOINS,),
    ),
    Mutation(
        "a form ends what was chosen before", (22,), INTAKE,
        "        choices.clear_choices(conn, replaced)\n", "", (JOINS,),
    ),
    Mutation(
        "an edit from before a deletion stays out of the next answer", (22,), EXISTING,
        '"replaced_at": before.settled_at}', '"replaced_at": None}',
        (f"{FORMS}::test_an_edit_from_before_a_deletion_does_not_join_the_answer_that_follows",),
    ),
    Mutation(
        "a form is read in the shape in which it was shown", (30,), f"{ROOM}/long_text.py",
        'return FormShape("w" in shape, letters, digits) if slash else None', "return None",
        (f"{FORMS}::test_a_long_text_for_a_scale_is_spread_over_several_fields",),
    ),
    Mutation(
        "a command shows what stands before it replaces that", (22,), f"{ROOM}/member_commands.py",
        " or self._is_in_messages(conn, request, here)", "",
        (f"{FORMS}::test_a_command_with_words_shows_what_stands_before_it_replaces_that",),
    ),
    Mutation(
        "a field is not filled with more than it holds", (30,), "bot/chat/forms.py",
        "if not len(self.value) <= self.limit <= LONGEST:", "if False:",
        (f"{FORMS}::test_a_field_is_never_filled_with_more_than_it_holds",),
    ),
    Mutation(
        "what was written in a form that is refused goes back to its author", (33,), "bot/dispatch.py",
        "refusal.returning or returning) from None", "refusal.returning) from None",
        (f"{FORMS}::test_a_form_that_comes_too_late_goes_back_to_its_author",),
    ),
    Mutation(
        "a reaction saves only one's own message", (44,), SAVED,
        "if reaction.gone or reaction.author != request.person.id:", "if reaction.gone:",
        (f"{SAVING}::test_nothing_is_said_about_other_reactions_and_other_peoples_messages",),
    ),
    Mutation(
        "a hint comes once a month", (28,), f"{ROOM}/seen_notes.py",
        "seen_note.c.at <= now - again", "seen_note.c.at <= now",
        (f"{SAVING}::test_the_hint_comes_once_a_month_at_most",),
    ),
    Mutation(
        "a reaction that comes too late is refused", (22,), SAVED,
        "            self.answers.check_open(request, here)\n        choices", "            pass\n        choices",
        (f"{SAVING}::test_a_reaction_after_the_late_days_is_refused_privately",),
    ),
    Mutation(
        "whoever adds a file is told that it is not kept", (39,), INTAKE,
        " and not message.files and not bare:", " and not bare:",
        (f"{FILES}::test_the_note_about_files_comes_again_in_a_few_words",),
        by="ValueError",
    ),
    Mutation(
        "Slack: the card says where its file went", (51,), UPLOADS,
        "    return replace(card, blocks=(*named, cards.Note(told)))", "    return card", (ANNOUNCED,), on="slack",
    ),
    Mutation(
        "Slack: a file in the direct message says what it belongs to", (51,), UPLOADS,
        "initial_comment=words,", "initial_comment=None,", (ANNOUNCED,), on="slack",
    ),
    Mutation(
        "Slack: a reaction in a thread is known to be there", (22,), "adapters/slack/history.py",
        'return root if root not in ("", message) else None', "return None",
        (f"{SAVING}::test_saving_a_message_in_the_thread_is_confirmed_to_its_author_alone",), on="slack",
    ),
    Mutation(
        "Discord: a form that opens late goes back to its author", (25,), "adapters/discord/open_modals.py",
        "        self.refuse_form(user, f\"{form.id}:{form.value}\", filled)\n", "",
        ("tests/adapters/discord/test_forms.py::test_a_form_that_opens_late_holds_what_it_was_filled_with",), on="discord",
    ),
)  # fmt: skip
