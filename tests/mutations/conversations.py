"""The mechanisms by which members thank and write to each other, and nobody is pestered, overheard or guessed at."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

ROOM = "bot/reflections/conversations"
REPLIES, POSTS, LIMITS = f"{ROOM}/private_replies.py", f"{ROOM}/posts.py", f"{ROOM}/limits.py"
THANKS, BUTTONS = f"{ROOM}/thanks.py", f"{ROOM}/thank_buttons.py"
WRITING, THANKING = "tests/stories/test_private_replies.py", "tests/stories/test_thanks.py"
LEFT = f"{WRITING}::test_what_is_typed_elsewhere_is_an_answer_and_never_guessed_to_be_a_reply"
TYPED = f"{WRITING}::test_what_is_typed_under_the_card_is_a_reply_and_no_answer_to_a_prompt"
ENDED = f"{WRITING}::test_either_may_end_it_and_only_they_can_begin_again"
UNREACHED = f"{WRITING}::test_who_cannot_be_reached_gets_nothing_and_the_writer_is_told"
NIGHT = f"{WRITING}::test_a_reply_waits_for_the_end_of_quiet_hours_and_goes_with_the_conversation"
PEACE = f"{WRITING}::test_an_author_who_does_not_write_back_is_left_in_peace"
READABLE = f"{WRITING}::test_only_who_may_read_an_answer_may_begin_and_then_it_belongs_to_the_two"

MUTATIONS = (
    Mutation(
        "what answers a private reply is no answer to a prompt", (21,), REPLIES,
        "here = answered and tables.find_conversation_of_post(conn, home, message.place, answered)", "here = None", (TYPED,),
    ),
    Mutation(
        "where a private reply stands is known", (21,), POSTS,
        "tables.note_post(conn, fact.community_id, int(fact.ref), fact.place, fact.message)", "pass", (TYPED,),
    ),
    Mutation(
        "the playground tells which message is answered", (21,), "adapters/local/world.py",
        "answers=one.reply_to,", "answers=None,", (TYPED,),
    ),
    Mutation(
        "discord tells which message is answered", (21,), "adapters/discord/hear.py",
        "answers=answered_message(told),", "answers=None,", (TYPED,), on="discord",
    ),
    Mutation(
        "a private message that was taken is left alone", (21,), REPLIES,
        "if tables.is_known(conn, source_of(message)):", "if False:", (LEFT,),
    ),
    Mutation(
        "an ended conversation is ended", (44,), REPLIES,
        "if here.ended_by not in (None, me):\n            raise", "if False:\n            raise", (ENDED,),
    ),
    Mutation(
        "what is not delivered goes with the conversation", (44,), REPLIES,
        "cards.ended_card(here, name, posts.drop_undelivered(conn, here, other))", "cards.ended_card(here, name, 0)",
        (NIGHT,),
    ),
    Mutation(
        "a conversation is between two", (44,), REPLIES,
        "if here is None or not here.has(request.member.id):", "if here is None:",
        (f"{WRITING}::test_nobody_gets_into_somebody_elses_conversation",),
    ),
    Mutation(
        "only who may read an answer writes to its author", (44,), f"{ROOM}/access.py",
        "answer = find_readable_answer(conn, reader, answer_id)",
        "from bot.reflections.answers.tables import find_answer\n    answer = find_answer(conn, request.community.id, answer_id)", (READABLE,),
    ),
    Mutation(
        "until the author writes back the answer must be readable", (44,), REPLIES,
        "answer = find_others_answer(conn, request, here.answer_id or 0, self.readers, text)",
        "answer = target.conversation", (READABLE,),
    ),
    Mutation(
        "private replies wait for the end of quiet hours", (9,), POSTS,
        "return free if free > now else None", "return None", (NIGHT,),
    ),
    Mutation(
        "who has just written is there", (9,), POSTS,
        "if last is not None and now - last < TALKING:", "if False:",
        (f"{WRITING}::test_who_has_just_written_gets_the_next_reply_at_once",),
    ),
    Mutation(
        "who said stop or wants no direct messages is not written to", (10,), "bot/people/reach.py",
        "if not preferences_of(conn, member_id).reachable:", "if False and preferences_of:",
        (f"{UNREACHED}[local-stop]", f"{UNREACHED}[local-/my settings direct:no]"),
    ),
    Mutation(
        "a reply that does not arrive comes back", (10,), POSTS,
        "if to is not None:\n            at =", "if False:\n            at =",
        (f"{WRITING}::test_a_reply_that_does_not_arrive_comes_back_to_its_writer",),
    ),
    Mutation(
        "a silent author gets two replies at most", (44,), LIMITS,
        "tables.count_written_in(conn, here, here.reader_id) >= UNANSWERED", "False", (PEACE,),
    ),
    Mutation(
        "a silent author gets one conversation at most", (44,), LIMITS,
        "if tables.is_unanswered(conn, request.member.id, author_id, answer_id):", "if False:", (PEACE,),
    ),
    Mutation(
        "private replies have a number a day", (44,), LIMITS,
        "if tables.count_written(conn, request.member.id, request.now - DAY) >= PER_DAY:", "if False:",
        (f"{WRITING}::test_nobody_writes_more_than_a_days_number",),
    ),
    Mutation(
        "the same form is one private reply", (2,), REPLIES,
        "if here.id and tables.is_repeated(", "if False and tables.is_repeated(",
        (f"{WRITING}::test_a_form_that_is_sent_twice_is_one_reply",),
    ),
    Mutation(
        "an erased person's words go from others' direct messages", (37,), POSTS,
        "            outbox.queue_draft(conn, draft, now)\n    privacy", "            pass\n    privacy",
        (f"{WRITING}::test_an_erased_person_takes_the_conversation_along",),
    ),
    Mutation(
        "an erased person takes the conversation along", (37,), f"{ROOM}/privacy.py",
        "    conn.execute(delete(private_reply).where(private_reply.c.conversation_id.in_(ids)))\n"
        "    conn.execute(delete(conversation).where(mine))", "    pass",
        (f"{WRITING}::test_an_erased_person_takes_the_conversation_along",),
    ),
    Mutation(
        "private replies go when their days are over", (40,), f"{ROOM}/privacy.py",
        "private_reply.c.at < before,", "private_reply.c.id < 0,",
        (f"{WRITING}::test_private_replies_are_removed_after_their_days",),
    ),
    Mutation(
        "two conversations of one person about one answer are one", (37,), f"{ROOM}/linked_conversations.py",
        ", JoinStep(list_conversations, join_conversation)),", ",),", (f"{WRITING}::test_two_accounts_of_one_person_have_one_conversation_and_two_again",),
    ),
    Mutation(
        "nobody writes to themselves", (44,), REPLIES,
        "if other == request.member.id:", "if False:", (f"{WRITING}::test_nobody_writes_to_themselves_through_two_accounts",),
    ),
    Mutation(
        "nobody is thanked by themselves", (44,), THANKS,
        "answer.c.withdrawn_at.is_(None), ~own)", "answer.c.withdrawn_at.is_(None))",
        (f"{WRITING}::test_nobody_writes_to_themselves_through_two_accounts",),
    ),
    Mutation(
        "thanks are once", (2,), THANKS,
        "return conn.execute(new.returning(thanks.c.answer_id)).first() is not None",
        "return conn.execute(new.returning(thanks.c.answer_id)).first() is not None or True",
        (f"{THANKING}::test_pressed_twice_is_once_and_it_can_be_taken_back",),
    ),
    Mutation(
        "thanks settle before they are told", (2,), BUTTONS,
        "request.now + SETTLED", "request.now",
        (f"{THANKING}::test_a_tap_thanks_and_the_author_hears_of_it_without_a_name",),
    ),
    Mutation(
        "thanks are told once", (2,), THANKS,
        "conn.execute(update(thanks).where(untold).values(told_at=now))", "pass",
        (f"{THANKING}::test_from_five_people_on_they_are_counted",),
    ),
    Mutation(
        "thanks wait where a reminder would", (9,), BUTTONS,
        "if verdict.id is None and verdict.again is not None:", "if False:",
        (f"{THANKING}::test_the_author_hears_once_a_day_at_most_and_never_at_night",),
    ),
    Mutation(
        "few people are not counted in thanks", (36,), f"{ROOM}/cards.py",
        "if people >= FEW:", "if people:",
        (f"{THANKING}::test_a_tap_thanks_and_the_author_hears_of_it_without_a_name",),
    ),
    Mutation(
        "nobody is thanked for what they took back", (36,), THANKS,
        "answer.c.withdrawn_at.is_(None), ", "",
        (f"{THANKING}::test_only_what_may_be_read_can_be_thanked_for",),
    ),
    Mutation(
        "who wants nothing stored leaves nothing under an answer", (39,), f"{ROOM}/access.py",
        "if not request.member.keeps:", "if False:",
        (f"{THANKING}::test_who_wants_nothing_stored_thanks_nobody", f"{WRITING}::test_who_wants_nothing_stored_writes_nothing"),
    ),
)  # fmt: skip
