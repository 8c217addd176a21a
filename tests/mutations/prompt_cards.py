"""The mechanisms by which a prompt's card says what is true and no more than is wanted, and no question comes twice."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

ANSWERS, SCHEDULE = "bot/reflections/answers", "bot/reflections/schedule"
CARDS = "tests/stories/test_prompt_cards.py"
LOOK, TURNOUT = "tests/reflections/test_prompt_card.py", "tests/reflections/test_turnout.py"
COUNTED = f"{CARDS}::test_an_open_card_says_how_many_answered_in_steps_that_name_nobody"
CLOSED = f"{CARDS}::test_a_closed_card_has_no_button_but_the_way_to_its_digest"
QUIET = f"{CARDS}::test_where_nothing_can_be_shown_nothing_is_said_and_moderators_hear_it_once"
OWN = f"{CARDS}::test_the_card_of_a_direct_prompt_follows_what_its_reader_does"
ONE_DECK = f"{CARDS}::test_two_schedules_ask_the_same_people_nothing_twice_before_all_was_asked"

MUTATIONS = (
    Mutation(
        "a channel reads the whole note once", (28,), f"{SCHEDULE}/card_notes.py",
        "new=not (seen and seen.any)", "new=True",
        (f"{CARDS}::test_the_note_under_a_prompt_is_in_full_once_in_each_channel",),
    ),
    Mutation(
        "a member reads the whole note of a direct prompt once", (28,), f"{SCHEDULE}/publish.py",
        "            card_notes.note_direct_seen(conn, here, known[0])", "            pass",
        (f"{CARDS}::test_the_note_of_a_direct_prompt_is_in_full_once_for_each_member",),
    ),
    Mutation(
        "the form says whether somebody answered", (28,), f"{ANSWERS}/answer_form.py",
        'title = _("Edit your answer: {title}", title=about) if parts else _("Answer: {title}", title=about)',
        'title = _("Answer: {title}", title=about)',
        (f"{CARDS}::test_the_form_and_private_cards_say_whether_somebody_answered",),
    ),
    Mutation(
        "an open card counts in steps of five", (42,), f"{ANSWERS}/turnout.py",
        "    if may_tell(answered, named) and (told is None or may_correct(told.unseen, answered - named)):",
        "    if may_tell(answered, named):",
        (COUNTED, f"{TURNOUT}::test_two_numbers_on_a_card_and_its_digest_differ_by_five_people_or_not_at_all"),
    ),
    Mutation(
        "a digest says no number next to that of its card", (42,), f"{ANSWERS}/turnout.py",
        "    return answered if told is None or may_correct(told.unseen, answered - named) else told.answered",
        "    return answered",
        (COUNTED, f"{TURNOUT}::test_two_numbers_on_a_card_and_its_digest_differ_by_five_people_or_not_at_all"),
    ),
    Mutation(
        "an open card counts an answer after a while", (42,), f"{ANSWERS}/standing_cards.py",
        "self._clock.now() + WAIT)", "self._clock.now())", (COUNTED,),
    ),
    Mutation(
        "a card closes with its prompt", (28,), f"{ANSWERS}/digest.py",
        "        standing_cards.mark_cards(conn, here.id, now, own=True)\n", "", (QUIET, OWN),
    ),
    Mutation(
        "a direct prompt's card says that its reader answered", (28,), f"{ANSWERS}/intake.py",
        "        mark_own_card(conn, here, member_id, here.opened_at)\n", "", (OWN,),
    ),
    Mutation(
        "a direct prompt's card says that its reader let it pass", (28,), f"{ANSWERS}/member_commands.py",
        "        skips.skip_prompt(conn, here, request.member.id)\n        mark_own_card(conn, here, request.member.id, request.now)\n",
        "        skips.skip_prompt(conn, here, request.member.id)\n", (OWN,),
    ),
    Mutation(
        "nothing is asked of direct cards for a prompt of channels", (28,), f"{ANSWERS}/standing_cards.py",
        "    if here.direct:\n", "    if True:\n", ("tests/capture/test_statements.py::test_a_new_reply_takes_nine",),
    ),
    Mutation(
        "a closed card leads to its digest", (28,), f"{SCHEDULE}/publish.py",
        "            standing_cards.mark_cards(conn, int(fact.ref), self._clock.now())\n", "", (CLOSED,), on="discord",
    ),
    Mutation(
        "the sender fills in the address of a message", (28,), "bot/delivery/call.py",
        "    return None if link is None else replace(button, message=None, link=link)", "    return None", (CLOSED,), on="slack",
    ),
    Mutation(
        "a prompt with nothing to show has no digest", (28,), f"{ANSWERS}/digest.py",
        "        if silence.has_answers_to_show(conn, here.community_id, here.id):", "        if True:", (QUIET,),
    ),
    Mutation(
        "a digest comes when somebody shares after a silent closing", (20,), f"{ANSWERS}/digest.py",
        "            if now < here.closes_at + OPENS and ", "            if False and ",
        ("tests/stories/test_answers.py::test_answers_stay_private_until_their_author_shares_them",),
        by="IndexError",
    ),
    Mutation(
        "moderators hear again of a schedule that is silent again", (28,), f"{ANSWERS}/digest.py",
        "        silence.settle(conn, self._alerts, here, now)\n", "", (QUIET,),
    ),
    Mutation(
        "two schedules of one deck share what they asked", (14,), "bot/reflections/prompts/memory.py",
        "_list_posted(conn, community_id, spots | near)", "_list_posted(conn, community_id, spots)", (ONE_DECK,),
    ),
    Mutation(
        "a new schedule in a channel knows what was asked there", (14,), "bot/reflections/prompts/memory.py",
        "_list_posted(conn, community_id, spots | near)", "_list_posted(conn, community_id, near - spots)", (ONE_DECK,),
    ),
    Mutation(
        "Discord's notice of our pin is taken away", (28,), "adapters/discord/events.py",
        'await self._api.remove_notice(str(payload["channel_id"]), str(payload["id"]))', "pass",
        ("tests/contract/test_saying.py::test_pins_come_and_go_and_may_be_repeated",), on="discord",
    ),
    Mutation(
        "a discussion in which nobody wrote closes without a word", (28,), "bot/discussions/closing.py",
        "if fresh.thread is not None and seen == 0:", "if False:",
        ("tests/stories/test_discussions.py::test_a_discussion_in_which_nobody_wrote_closes_without_a_word",),
    ),
    Mutation(
        "a deck that nothing asks says so", (28,), "bot/reflections/prompts/deck_use.py",
        "    if is_asked(conn, community_id, deck):\n        return card", "    if True:\n        return card",
        (f"{CARDS}::test_a_deck_that_nothing_asks_says_so_when_it_is_made",),
    ),
)  # fmt: skip
