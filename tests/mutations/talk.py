"""The mechanisms by which what somebody writes to the bot is understood before anything of it is stored."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, RULES = "tests/stories/test_talk.py", "tests/intents/test_classifier.py"
DOUBT, FAST = "tests/intents/test_doubt.py", "tests/intents/test_fast_paths.py"
ASKED = "tests/stories/test_asked_in_words.py"
CLASSIFIER, MESSAGES = "bot/intents/classifier.py", "bot/messages.py"
DIRECT, WITHDRAWAL = "bot/reflections/answers/direct_messages.py", "bot/reflections/answers/withdrawal.py"
TO_A_QUESTION = "test_a_question_is_the_answer_to_a_prompt_that_asks_for_one"
A_WORD = "test_a_word_answers_a_prompt_that_was_just_asked_and_is_asked_about_later"
PICKS, STOPPING = "tests/stories/test_spoken_picks.py", "tests/stories/test_stop_prompts.py"
SPOKEN = "bot/reflections/taps/spoken_picks.py"
NOTES = "bot/courses/lessons/message_notes.py"

MUTATIONS = (
    Mutation(
        "a wish is no answer", (53,), "bot/capture/message_versions.py",
        "    answers = answers and not understand(message.text, TalkFacts(invited=here.invited)).wish\n", "",
        (f"{STORY}::test_a_wish_in_a_thread_is_no_answer",),
    ),
    Mutation(
        "a wish is answered", (53,), MESSAGES,
        "return intent if intent.wish else None", "return None",
        (f"{STORY}::test_help_thanks_and_greetings_are_answered_and_never_stored",),
    ),
    Mutation(
        "a question answers a prompt that asks for one", (53,), MESSAGES,
        "            intent = understand(message.text, TalkFacts(invited=invited))\n", "            pass\n", (f"{STORY}::{TO_A_QUESTION}",),
    ),
    Mutation(
        "a question in the thread of a prompt that asks for one is an answer", (53,), "bot/reflections/schedule/publish.py",
        "here.id, until, here.opened_at, person, invited=here.invited", "here.id, until, here.opened_at, person", (f"{STORY}::{TO_A_QUESTION}",),
    ),
    Mutation(
        "the open prompt decides about a question", (53,), CLASSIFIER,
        "    if facts.wants_question:\n", "    if False:\n", (f"{RULES}::test_the_open_prompt_decides_about_a_question",),
    ),
    Mutation(
        "what is said of others is no wish", (53,), CLASSIFIER,
        "        if others and wish in GUARDED:\n            continue\n", "",
        (f"{RULES}::test_what_is_said_around_a_word_decides[Un alumno me pidió ayuda]",),
    ),
    Mutation(
        "one word before a report is no wish", (53,), CLASSIFIER,
        "wish if told < TOLD or len(one.words) > 1 else None", "wish",
        (f"{RULES}::test_what_is_said_around_a_word_decides[Help. That is what she finally asked for, in front of everybody in the room.]",),
    ),
    Mutation(
        "what is quoted is nobody's wish", (53,), CLASSIFIER,
        "split_sentences(without_quotes(text))", "split_sentences(text)",
        (f"{RULES}::test_no_wish_and_nothing_unclear_is_ever_stored[stranger]", f"{RULES}::test_at_most_two_of_a_hundred_answers_are_asked_about"),
    ),
    Mutation(
        "words that talk with the bot are asked about", (53,), CLASSIFIER,
        "weigh_text(text)  # the whole message", "MessageWeight(-9.0, -9.0, -9.0)",
        (f"{DOUBT}::test_what_may_be_a_need_is_asked_about[me da miedo que lo lea el director]",),
    ),
    Mutation(
        "what only sounds like a wish is an answer", (53,), CLASSIFIER,
        "(None if wish and _reports_only(text, wish, one) else wish, one)", "(wish, one)",
        (f"{RULES}::test_what_asks_or_sounds_like_a_wish_is_an_answer_all_the_same[Dejé de gritar y empecé a preguntar]",),
    ),
    Mutation(
        "kinds of words are weighed", (53,), "bot/intents/features.py",
        "    _add_kinds(found, words, [_kind_of(one) for one in words])\n", "",
        (f"{RULES}::test_no_wish_and_nothing_unclear_is_ever_stored[stranger]", f"{RULES}::test_most_messages_are_taken_for_what_was_meant[stranger]"),
    ),
    Mutation(
        "what is spared the weighing is far from talk with the bot", (53,), "bot/intents/features.py",
        "FAR = -5.5", "FAR = 1.0", (f"{FAST}::test_a_message_that_is_not_weighed_as_a_whole_would_not_weigh_more",),
    ),
    Mutation(
        "a sentence is split where a clause may be a wish", (53,), CLASSIFIER,
        "    return wished or not _POLITE.isdisjoint(found)\n", "    return False\n",
        (f"{FAST}::test_a_sentence_that_is_not_split_has_no_clause_that_is_a_wish_or_only_polite",),
    ),
    Mutation(
        "words that are too few are asked about", (53,), DIRECT,
        "if target is not None and intent is Intent.ANSWER and not elsewhere:", "if target is not None:",
        (f"{STORY}::test_words_that_are_too_few_are_asked_about_and_kept_only_by_a_button",),
    ),
    Mutation(
        "a word answers only a prompt that was just asked", (53,), DIRECT,
        "    return message.at - target.opened_at <= FRESH\n", "    return True\n", (f"tests/stories/test_single_words.py::{A_WORD}",),
    ),
    Mutation(
        "a word says nothing more once there is an answer", (53,), DIRECT,
        " or (last is not None and last >= target.opened_at)", "", (f"tests/stories/test_single_words.py::{A_WORD}",),
    ),
    Mutation(
        "what may be a need is asked about", (53,), CLASSIFIER,
        "    if may_need(weight) or weight.talk > CHATS:", "    if weight.talk > CHATS:",
        (f"{DOUBT}::test_what_may_be_a_need_is_asked_about[me da miedo que lo lea el director]",),
    ),
    Mutation(
        "what can only be about the school is kept", (53,), CLASSIFIER,
        "ASKS if talks else ASKS_NEAR if near else ASKS_FAR", "ASKS",
        (f"{DOUBT}::test_a_question_about_the_school_is_an_answer[Where do the coats go?]",),
    ),
    Mutation(
        "who answers their own question has answered", (53,), "bot/intents/own_questions.py",
        "and _replies(text, rest)", "and False", (f"{DOUBT}::test_a_question_that_its_author_answers_is_an_answer[Does it work? With half the class-True]",),
    ),
    Mutation(
        "who asks and needs something has not", (53,), "bot/intents/own_questions.py",
        "    return not to_bot and all(one.talk < REPORTS and one.need < LEAST_NEED for one in weights)", "    return True",
        (f"{DOUBT}::test_a_question_that_its_author_answers_is_an_answer[What is this? My son signed me up-False]",),
    ),
    Mutation(
        "a word must be one", (53,), CLASSIFIER,
        "are_words(words) and ", "", (f"{DOUBT}::test_a_word_is_an_answer_where_one_is_awaited[sdfgh-False]",),
    ),
    Mutation(
        "what is taken back is removed", (53,), WITHDRAWAL,
        "        tables.drop_parts(conn, [said.source])\n", "",
        (f"{STORY}::test_a_message_that_was_no_answer_is_taken_out_and_can_be_put_back",),
    ),
    Mutation(
        "held words go with their time", (53,), "bot/account/feature.py",
        "            held_messages.retention(),\n", "",
        (f"{STORY}::test_what_was_taken_back_is_gone_from_everywhere_after_ten_minutes",),
    ),
    Mutation(
        "a reply to a lesson is its note", (53,), "bot/courses/feature.py",
        "        replies=(notes.take_reply,),\n", "",
        (f"{STORY}::test_a_reply_to_a_lesson_is_the_note_that_finishes_it",),
    ),
    Mutation(
        "after a lesson somebody is asked where a sentence belongs", (53,), DIRECT,
        " and not elsewhere:", ":",
        (f"{STORY}::test_with_a_prompt_and_a_newer_lesson_somebody_is_asked_where_a_sentence_belongs",),
    ),
    Mutation(
        "a pick in words counts like a tap", (53,), DIRECT,
        "(picked := self.picks.take(conn, said)) is not None", "(picked := None) is not None",
        (f"{PICKS}::test_yes_or_no_said_in_words_counts_as_if_it_were_tapped",),
    ),
    Mutation(
        "a pick in words goes with its message", (53,), "bot/reflections/answers/intake.py",
        "(given := before.part_of or before.pick_of) is not None", "(given := before.part_of) is not None",
        (f"{PICKS}::test_a_pick_said_in_a_thread_changes_and_goes_with_its_message",),
    ),
    Mutation(
        "the message of a pick is followed", (53,), SPOKEN,
        "        follow_message(conn, self.taps.answers, request, here, message)\n", "",
        (f"{PICKS}::test_a_pick_said_in_a_direct_message_changes_and_goes_with_it",),
    ),
    Mutation(
        "a pick in words does not take the place of what was tapped since", (53,), SPOKEN,
        "        if _is_overtaken(conn, said, here, number):\n", "        if False:\n",
        (f"{PICKS}::test_what_was_tapped_since_stays_whatever_becomes_of_the_message",),
    ),
    Mutation(
        "an answer to what one would stop is no wish to stop", (53,), CLASSIFIER,
        "        return Intent.UNCLEAR  # it may be what", "        return intent  # it may be what",
        (f"{STOPPING}::test_an_answer_that_sounds_like_a_wish_to_stop_is_asked_about",),
    ),
    Mutation(
        "what asks to stop in so many words is obeyed whatever was asked", (53,), CLASSIFIER,
        " and not _stops_outright(text, facts):", ":",
        (f"{STOPPING}::test_whoever_asks_in_so_many_words_is_left_alone_all_the_same[stop]",),
    ),
    Mutation(
        "a farewell ends lessons too", (53,), "bot/people/preferences.py",
        "return self.direct and not self.stopped", "return self.direct",
        (f"{STORY}::test_stop_ends_lessons_too_and_resume_brings_them_back",),
    ),
    Mutation(
        "a command needs no slash", (53,), "bot/dispatch.py",
        "        return command_line_in(self.menu, message.text)\n", '        return message.text if message.text.startswith("/") else ""\n',
        (f"{STORY}::test_a_command_needs_no_slash[Reflect History]",),
    ),
    Mutation(
        "who reads what somebody writes is said as their settings are", (53,), "bot/account/wish_cards.py",
        "        alone if sharing is Sharing.ME else shared,", "        alone,",
        (f"{ASKED}::test_whoever_asks_who_reads_what_they_write_is_told_by_the_door_and_as_their_settings_are",),
    ),
    Mutation(
        "the next prompt is told of channels one is in", (53,), "bot/reflections/schedule/coming_prompt.py",
        "    rows = conn.execute(asked.where(mine, ", "    rows = conn.execute(asked.where(",
        (f"{ASKED}::test_nobody_is_told_of_a_prompt_in_a_channel_they_are_not_in",),
    ),
    Mutation(
        "whoever will be away is not unsubscribed", (53,), "bot/intents/phrases.txt",
        "im|i_am|we_are out|done|quitting|finished|over_it !next|this|until|till|til|for|through|tomorrow|today|all ..",
        "im|i_am|we_are out|done|quitting|finished|over_it ..",
        (f"{ASKED}::test_whoever_will_be_away_is_asked_for_the_days_and_nothing_is_stopped",),
    ),
    Mutation(
        "whoever calls the bot is answered", (53,), "bot/capture/intake.py",
        "to_us = message.place.private or message.called", "to_us = message.place.private",
        (f"{STORY}::test_who_calls_the_bot_in_a_channel_is_answered_alone",),
    ),
)  # fmt: skip
