"""The mechanisms by which nothing is promised where it is not heard, and nobody is counted who cannot be reached."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

REACH = "tests/stories/test_reach.py"
HEAR, MEMBERSHIP = "adapters/discord/hear.py", "adapters/discord/membership.py"
UNREAD, PEOPLE = "bot/reflections/answers/unread_replies.py", "bot/people/channel_members.py"
UNHEARD = f"{REACH}::test_a_reply_that_cannot_be_heard_is_answered_once_with_what_works"
ELSEWHERE = f"{REACH}::test_what_is_meant_for_somebody_else_is_not_commented_on"
NOBODY = f"{REACH}::test_a_direct_prompt_is_refused_with_the_fix_where_nobody_can_be_reached"
CLOSED = f"{REACH}::test_who_closes_their_direct_messages_is_tried_once_and_no_more"
WORKS = f"{REACH}::test_a_prompt_says_what_works_where_replies_are_not_heard"

MUTATIONS = (
    Mutation(
        "a reply whose words are hidden is known as such", (20,), HEAR,
        "named, hidden=True)", "named, hidden=False)", (UNHEARD,), by="ValueError", on="discord",
    ),
    Mutation(
        "whom a hidden reply is meant for is known", (20,), HEAR,
        "to=addressees(told, us) | named, hidden", "to=frozenset(), hidden", (ELSEWHERE,), on="discord",
    ),
    Mutation(
        "a hidden reply is no answer without words", (20,), "bot/messages.py",
        "if not message.hidden:", "if message.id:", (UNHEARD,), by="ValueError", on="discord",
    ),
    Mutation(
        "talk that is not heard is left alone", (20,), UNREAD,
        " or fact.message.to or not", " or not", (ELSEWHERE,), on="discord",
    ),
    Mutation(
        "who has answered another way is left alone", (20,), UNREAD,
        "if found is None or found[1].has_parts:", "if found is None:", (ELSEWHERE,), on="discord",
    ),
    Mutation(
        "what works is told once", (10, 20), UNREAD,
        'key=f"unread:{here.id}:{who.space}:@{who.id}"', 'key=f"unread:{here.id}:{fact.message.id}:@{who.id}"',
        (UNHEARD,), on="discord",
    ),
    Mutation(
        "a digest sends nobody where nothing stands", (20,), "bot/reflections/answers/digest_cards.py",
        "if in_thread and turnout.elsewhere == quoted_elsewhere:", "if in_thread:",
        (f"{REACH}::test_a_digest_sends_nobody_to_a_thread_for_answers_that_came_by_form",), on="discord",
    ),
    Mutation(
        "a prompt says whether replies are heard", (20,), MEMBERSHIP,
        "Visibility(wanted.message_content, wanted.members,", "Visibility(True, wanted.members,", (WORKS,), on="discord",
    ),
    Mutation(
        "whether people are listed is known", (10,), MEMBERSHIP,
        "Visibility(wanted.message_content, wanted.members,", "Visibility(wanted.message_content, True,", (NOBODY,),
        on="discord",
    ),
    Mutation(
        "whoever takes part is known", (10,), "bot/permissions.py",
        "channel_members.note_activity(conn, person, place, home.id)", "pass", (NOBODY,), on="discord",
    ),
    Mutation(
        "only who can be written to is reached", (10,), PEOPLE,
        "            space.c.sees_people | account.c.direct.is_not(None),\n", "", (NOBODY,), on="discord",
    ),
    Mutation(
        "closed direct messages are not tried again", (10,), PEOPLE,
        "            account.c.refused_at.is_(None),\n", "", (CLOSED,), on="discord",
    ),
    Mutation(
        "closed direct messages are remembered", (10,), "bot/account/feature.py",
        "note_refused(conn, fact, clock.now())", "pass", (CLOSED,), on="discord",
    ),
    Mutation(
        "a direct schedule is refused where nobody is reached", (10,), "bot/scheduled_posts/drafts.py",
        "if direct and (refused :=", "if not direct and (refused :=", (NOBODY,), on="discord",
    ),
    Mutation(
        "who took part is reminded", (28,), "bot/reflections/answers/reminders.py",
        "    return there | took_part", "    return there",
        (f"{REACH}::test_who_took_part_is_reminded_although_nobody_is_listed",), on="discord",
    ),
    Mutation(
        "who refuses is not counted", (10,), "bot/people/reach.py",
        "return len(found - set(refused.scalars()))", "return len(found)",
        (f"{REACH}::test_a_direct_schedule_counts_who_can_really_be_reached",), on="discord",
    ),
)  # fmt: skip
