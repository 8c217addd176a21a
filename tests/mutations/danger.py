"""The mechanisms by which whoever writes of danger is told who to call, and nothing of it is stored or told."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

STORY, BUTTONS = "tests/stories/test_danger.py", "tests/stories/test_danger_buttons.py"
RATES = "tests/danger/test_recognition.py"
HOTLINE, DISPATCH, FEATURE = "bot/danger/hotline.py", "bot/dispatch.py", "bot/safety/feature.py"
RECOGNITION = "bot/danger/recognition.py"

MUTATIONS = (
    Mutation(
        "a few words are not weighed", (52,), RECOGNITION,
        "if (len(one) >= FEW and", "if (True and",
        (f"{RATES}::test_a_few_words_are_no_disclosure_unless_a_phrase_says_so[The stairs.]",),
    ),
    Mutation(
        "a reply of danger is no answer", (52,), "bot/capture/message_versions.py",
        " and not message_discloses(conn, message, person)", "",
        (f"{STORY}::test_a_reply_in_the_thread_is_answered_alone_and_is_no_answer",),
    ),
    Mutation(
        "a long message is looked through before the writer has it", (52,), "bot/messages.py",
        "            await self._weigh_ahead(message)\n", "",
        (f"{STORY}::test_the_writer_is_not_held_by_a_long_message",),
    ),
    Mutation(
        "a reply of danger is answered", (52,), "bot/messages.py",
        "help_card = self._hotline.answer_message(conn, message, author.id)", "help_card = None",
        (f"{STORY}::test_a_reply_in_the_thread_is_answered_alone_and_is_no_answer",),
    ),
    Mutation(
        "commands and forms are looked through", (52,), DISPATCH,
        "help_card = await self._hotline.answer_event(event, self._registry.role_for(event))", "help_card = None",
        (f"{STORY}::test_no_door_of_members_forgets_it",),
    ),
    Mutation(
        "what opens a form is looked through", (52,), DISPATCH,
        "help_card = await self._hotline.answer_event(opening, self._registry.role_for(opening))", "help_card = None",
        (f"{STORY}::test_no_door_of_members_forgets_it",),
    ),
    Mutation(
        "a command in a direct message is looked through", (52,), DISPATCH,
        "help_card = await self._hotline.answer_spoken(message, author)", "help_card = None",
        (f"{STORY}::test_the_text_of_a_command_is_answered",),
    ),
    Mutation(
        "whoever wants nothing kept is answered too", (52,), "bot/capture/intake.py",
        "or message_discloses(conn, message, author.id)", "",
        (f"{STORY}::test_a_member_who_keeps_nothing_is_answered_too",),
    ),
    Mutation(
        "what moderators draft is no disclosure", (52,), HOTLINE,
        "if role > Role.MEMBER or", "if",
        (f"{STORY}::test_what_moderators_draft_is_no_disclosure",),
    ),
    Mutation(
        "a pause holds for messages", (52,), HOTLINE,
        "return not is_paused(conn, message.place.space, person, message.version)", "return True",
        (f"{BUTTONS}::test_whoever_says_that_nobody_is_in_danger_sends_it_again_and_it_is_the_answer",),
    ),
    Mutation(
        "a pause holds for commands and forms", (52,), HOTLINE,
        "if await self.store.read(lambda conn: is_paused(conn, who.space, who.id, now)):", "if False:",
        (f"{BUTTONS}::test_the_hour_holds_for_every_way_of_writing_and_then_it_is_over",),
    ),
    Mutation(
        "a pause is forgotten", (37, 52), FEATURE,
        "tables.forget_pauses(conn, subject.community.id, subject.accounts)", "pass",
        (f"{BUTTONS}::test_whoever_is_erased_is_looked_through_again",),
    ),
    Mutation(
        "pauses that are over are removed", (40, 52), FEATURE,
        "retention=(tables.retention(),),", "",
        (f"{BUTTONS}::test_the_hour_holds_for_every_way_of_writing_and_then_it_is_over",),
    ),
    Mutation(
        "words that stand nowhere else come back", (52,), "bot/danger/cards.py",
        "*((Quote(returning),) if returning else ()),", "",
        (f"{BUTTONS}::test_words_that_stand_nowhere_else_come_back_in_full",),
    ),
    Mutation(
        "moderators are asked only where the community chose it", (52,), "bot/safety/contact_requests.py",
        "if not self.chosen.get(request.community.slug, False):", "if False:",
        (f"{BUTTONS}::test_where_the_community_did_not_choose_it_nobody_can_be_asked",),
    ),
    Mutation(
        "a request for contact ends when it is taken", (52,), "bot/safety/contact_requests.py",
        "contact_key(read_number(request.value))", "contact_key(0)",
        (f"{BUTTONS}::test_a_moderator_who_takes_a_request_ends_it_for_all_and_it_may_be_asked_anew",),
    ),
    Mutation(
        "a request for contact is forgotten", (37, 52), FEATURE,
        "alerts.resolve(conn, subject.community.id, key, subject.now, withdrawn)", "pass",
        (f"{BUTTONS}::test_a_request_of_somebody_who_was_erased_names_nobody",),
    ),
    Mutation(
        "phrases that begin with a group are read", (52,), "bot/phrases.py",
        """return line.startswith("@") and " = " in line""", """return line.startswith("@")""",
        (f"{RATES}::test_a_phrase_may_begin_with_a_group_of_words",),
    ),
    Mutation(
        "what is spared the weighing is far from a disclosure", (52,), RECOGNITION,
        "FAR = -4.25", "FAR = 1.5", ("tests/intents/test_fast_paths.py::test_danger_is_recognized_as_if_every_stretch_was_weighed",),
    ),
    Mutation(
        "what a novel tells is no disclosure", (52,), RECOGNITION,
        "return total / UNIT - FICTION * told", "return total / UNIT",
        (f"{RATES}::test_what_only_sounds_like_it_is_none",),
    ),
    Mutation(
        "words are weighed", (52,), RECOGNITION,
        "    return most if meant is None else most + PHRASE if meant else most - FUN", "    return most - 9",
        (f"{RATES}::test_disclosures_are_recognized_as_often_as_the_readme_says",),
    ),
    Mutation(
        "what was told in fun is no disclosure", (52,), RECOGNITION,
        "return most if meant is None else most + PHRASE if meant else most - FUN", "return most",
        (f"{RATES}::test_what_only_sounds_like_it_is_none",),
    ),
)  # fmt: skip
