"""The mechanisms by which a role that ends, and a person who leaves, end what they saw and were asked."""

from __future__ import annotations

from tests.mutations.mutation import Mutation

DEMOTED, LEFT, LEADS = (f"tests/stories/test_{name}.py" for name in ("demotion", "leavers", "leads"))
ALERTS, CHECK, LEADING = "bot/alerts/alerts.py", "bot/alerts/moderator_check.py", "bot/courses/teams/leads.py"

MUTATIONS = (
    Mutation(
        "what is for moderators is said to nobody else", (44,), ALERTS,
        "(row.kind not in (KIND, AGAIN) or self._roles.of(who) >= Role.MODERATOR)", "True",
        (f"{DEMOTED}::test_what_waits_for_a_moderator_who_no_longer_is_one_is_not_said",),
    ),
    Mutation(
        "what moderators were told directly goes with the role", (44,), CHECK,
        "owed = await self._store.read(self._alerts.told_in_vain)", "owed = []",
        (f"{DEMOTED}::test_what_was_told_directly_goes_with_the_role_and_its_buttons_do_nothing",),
    ),
    Mutation(
        "a platform that does not tell of a demotion is asked", (44,), CHECK,
        "if now is not None and (now.facts, now.stranger) != (known.facts, known.stranger):", "if False:",
        (f"{DEMOTED}::test_where_the_platform_does_not_tell_of_a_demotion_it_is_asked",), on="discord",
    ),
    Mutation(
        "whoever left is told nothing more", (44,), ALERTS,
        "return not left and", "return",
        (f"{LEFT}::test_what_waits_for_somebody_who_leaves_is_not_said",),
    ),
    Mutation(
        "an offer of a team is for one person", (44,), LEADING,
        "ours = offer is not None and offer.member_id == request.member.id", "ours = offer is not None",
        (f"{LEADS}::test_only_whom_it_is_for_accepts_an_offer_and_only_while_it_stands",),
    ),
    Mutation(
        "nobody gives a team that is not theirs", (44,), LEADING,
        "not ours or not tables.is_lead(conn, team.id, offer.offered_by)", "not ours",
        (f"{LEADS}::test_only_whom_it_is_for_accepts_an_offer_and_only_while_it_stands",),
    ),
    Mutation(
        "moderators hear of a lead who left the space", (44,), "bot/dispatch.py",
        "                    self.tell(conn, left)\n", "                    pass\n",
        (f"{LEADS}::test_moderators_hear_of_a_lead_who_leaves_the_space",),
    ),
    Mutation(
        "whoever is erased leaves no offer of a team", (37,), LEADING,
        "            handovers.drop_handover(conn, offer.team_id)\n", "            pass\n",
        (f"{LEADS}::test_whoever_is_erased_leaves_no_offer",),
    ),
    Mutation(
        "whoever left has a say about their own data", (44,), "bot/permissions.py",
        "(about in OWN_DATA and await self.has_left(request.person))", "False",
        (f"{LEFT}::test_whoever_left_still_has_a_say_about_their_own_data_and_about_nothing_else",), on="discord",
    ),
    Mutation(
        "whoever asks from outside has not come back", (44,), "bot/people/accounts.py",
        "left = row.left_at if who.stranger else None", "left = None",
        (f"{LEFT}::test_whoever_left_still_has_a_say_about_their_own_data_and_about_nothing_else",), on="discord",
    ),
    Mutation(
        "who left one of two spaces has not left", (40,), "bot/people/departures.py",
        "having(func.count() == func.count(a.left_at))", "having(func.count() > 0)",
        ("tests/people/test_departures.py::test_who_left_one_of_two_spaces_has_not_left",),
    ),
)  # fmt: skip
