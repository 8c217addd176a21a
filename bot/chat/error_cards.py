"""Cards for what cannot be done: a refusal, a database that is away, a bug of ours.

Each gives people their own text back, so that nothing they wrote is lost.
"""

from __future__ import annotations

from bot.chat.cards import Block, Button, Buttons, Card, Markdown, Note, Quote, say
from bot.chat.language import _, drawn_in_own_language
from bot.chat.models import Refusal, Role, role_refusal


@drawn_in_own_language
def refusal_card(refusal: Refusal, *ways_on: Button) -> Card:
    """A refusal as a card in its own language: the problem, the fix, what to press next, and the person's own text."""
    blocks: list[Block] = [Markdown(f"{refusal.problem} {refusal.fix}".strip())]
    if buttons := (*refusal.buttons, *ways_on)[:5]:
        blocks.append(Buttons(buttons))
    if not refusal.quotes:
        return say(refusal.problem, *blocks)
    return say(
        refusal.problem, *blocks, Quote(refusal.returning), Note(_("To copy, so that nothing is lost."))
    )


def not_stored_card(returning: str) -> Card:
    """The store is not there."""
    problem = _("I can’t save anything right now, so this is not saved.")
    return refusal_card(Refusal(problem, _("Please try again in a few minutes."), returning))


def bug_card(returning: str) -> Card:
    """A bug of ours."""
    problem = _("Something went wrong on my side, and I am sorry.")
    return refusal_card(
        Refusal(problem, _("Your Tilth admin can see it in the log. Please try again."), returning)
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (
        refusal_card(role_refusal(Role.MODERATOR)),
        refusal_card(Refusal("There is no prompt p9.", "Open prompts: p1 and p2.", "We tried wait time.")),
        not_stored_card("We tried wait time."),
        bug_card(""),
    )
