"""The tour of the playground: what to try first, and what counts as having tried it."""

from __future__ import annotations

from adapters.local.inspector import TourStep
from bot.chat.language import _


def tour_steps() -> tuple[TourStep, ...]:
    """The steps in order, for the community that the playground begins with."""
    return (
        TourStep(
            "next", _("Press “Next due”. Time moves on, and Tilth tells you what happened."),
            ("clock next",), "maya", "c1", controls=True,
        ),
        TourStep(
            "answer", _("Press “Answer” under the prompt in #staff-lounge, or reply in its thread."),
            ("form reflect.answer", "press reflect.", "say in a thread of c1"), "maya", "c1",
        ),
        TourStep(
            "team", _("Write /team progress. You see how far your team is in its course."),
            ("command /team",), "maya", "c1",
        ),
        TourStep(
            "discussion",
            _("Press “Next due” until a discussion opens in #lunch-table. Then write something in its thread."),
            ("say in a thread of c2",), "noor", "c2", controls=True,
        ),
        TourStep(
            "home", _("Open “Tilth's page for you”. It lists everything that is open for you."),
            ("open home",), "maya", "c1", home=True,
        ),
        TourStep(
            "moderator", _("Act as Priya, a moderator, and write /prompt schedule. You see what would be posted and when."),
            ("command /prompt",), "priya", "c2",
        ),
        TourStep(
            "database", _("Choose “Database” on a message. You see what is stored about it."),
            ("open database",), "maya", "c1",
        ),
        TourStep(
            "break", _("Under “Break something”, cut the network. Write an answer, then mend it: nothing is lost."),
            ("mend network",), "maya", "c1", controls=True,
        ),
    )  # fmt: skip
