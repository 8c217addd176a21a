"""Cards for what cannot be done: a refusal, a database that is away, a bug of ours.

Each gives people their own text back, so that nothing they wrote is lost.
"""

from __future__ import annotations

from bot.chat.cards import Card, Markdown, Note, Quote, say
from bot.chat.models import Refusal, Role, need


def refused(refusal: Refusal) -> Card:
    """A refusal as a card: the problem, the fix, and the person's own text."""
    advice = Markdown(f"{refusal.problem} {refusal.fix}".strip())
    if not refusal.returning:
        return say(refusal.problem, advice)
    return say(refusal.problem, advice, Quote(refusal.returning), Note("To copy, so that nothing is lost."))


def unkept(returning: str) -> Card:
    """The store is not there."""
    problem = "I cannot keep anything right now, so this is not saved."
    return refused(Refusal(problem, "Please try again in a few minutes.", returning))


def sorry(returning: str) -> Card:
    """A bug of ours."""
    problem = "Something went wrong on my side, and I am sorry."
    return refused(Refusal(problem, "It has been noted. Please try again.", returning))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (
        refused(need(Role.MODERATOR)),
        refused(Refusal("I know no prompt p9.", "Open prompts: p1 and p2.", "We tried wait time.")),
        unkept("We tried wait time."),
        sorry(""),
    )
