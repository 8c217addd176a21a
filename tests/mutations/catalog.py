"""The catalog of all mutations, in the order of the page that lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.mutations import (
    anonymity,
    answers,
    asking,
    audience,
    capture,
    check_ins,
    conversations,
    danger,
    delivery,
    departures,
    erasure,
    finding,
    grammar,
    hours,
    learning,
    lessons,
    linking,
    meetings,
    moderation,
    operation,
    people,
    platforms,
    playground,
    posting,
    prompt_cards,
    reach,
    reports,
    rereading,
    retention,
    schedules,
    serving,
    store,
    talk,
    team_canvases,
    team_places,
    team_plans,
    unasked,
)
from tests.mutations.mutation import Mutation

ROOMS: Mapping[str, Sequence[Mutation]] = {
    "Delivery": delivery.MUTATIONS,
    "Posted once": posting.MUTATIONS,
    "What people say": capture.MUTATIONS,
    "Somebody in danger": danger.MUTATIONS,
    "Words to the bot": talk.MUTATIONS,
    "Reading again": rereading.MUTATIONS,
    "Answers and digests": answers.MUTATIONS,
    "The card of a prompt": prompt_cards.MUTATIONS,
    "Nothing ends in grammar": grammar.MUTATIONS,
    "A course fits the people who take it": learning.MUTATIONS,
    "Anonymous answers": anonymity.MUTATIONS,
    "What is asked, and how": asking.MUTATIONS,
    "Thanks and private replies": conversations.MUTATIONS,
    "Who reads what": audience.MUTATIONS,
    "What is found": finding.MUTATIONS,
    "Time": schedules.MUTATIONS,
    "Own hours, cancels, notices": hours.MUTATIONS,
    "What comes unasked": unasked.MUTATIONS,
    "Lessons": lessons.MUTATIONS,
    "The store": store.MUTATIONS,
    "People": people.MUTATIONS,
    "Linked accounts": linking.MUTATIONS,
    "Who is reached": reach.MUTATIONS,
    "Erasure and the secret": erasure.MUTATIONS,
    "Small groups and moderation": moderation.MUTATIONS,
    "Roles that end": departures.MUTATIONS,
    "What is too old": retention.MUTATIONS,
    "The platforms": platforms.MUTATIONS,
    "Courses, content, the process": operation.MUTATIONS,
    "Team plans": team_plans.MUTATIONS,
    "Check-ins": check_ins.MUTATIONS,
    "The place of a team": team_places.MUTATIONS,
    "A plan on a canvas": team_canvases.MUTATIONS,
    "Team meetings": meetings.MUTATIONS,
    "Reports": reports.MUTATIONS,
    "The running process": serving.MUTATIONS,
    "The playground": playground.MUTATIONS,
}
MUTATIONS: tuple[Mutation, ...] = tuple(one for room in ROOMS.values() for one in room)


def find_mutation(name: str) -> Mutation:
    """The mutation of this name."""
    return next(one for one in MUTATIONS if one.name == name)
