"""The tour of the playground: what to try first, and what counts as having tried it."""

from __future__ import annotations

from dataclasses import replace

from adapters.local.inspector import TourStep
from bot.chat.language import N_, _

STEPS = (
    TourStep(
        "next", N_("Press “Next due”. Time moves on, and Tilth tells you what happened."),
        ("clock next",), "maya", "c1", controls=True,
    ),
    TourStep(
        "answer", N_("Press “Answer or edit” under the prompt in #staff-lounge, or reply in its thread."),
        ("form reflect.answer", "press reflect.", "say in a thread of c1"), "maya", "c1",
    ),
    TourStep(
        "team", N_("Write /team progress. You see how far your team is in its course."),
        ("command /team",), "maya", "c1",
    ),
    TourStep(
        "discussion",
        N_("Press “Next due” until a discussion opens in #lunch-table. Then write something in its thread."),
        ("say in a thread of c2",), "noor", "c2", controls=True,
    ),
    TourStep(
        "home", N_("Open “Tilth's page for you”. It lists everything that is open for you."),
        ("open home",), "maya", "c1", home=True,
    ),
    TourStep(
        "spanish", N_("Act as Rosa, who reads Spanish. Write to Tilth in Spanish: ¿qué puedes hacer?"),
        ("say in dm-rosa",), "rosa", "dm-rosa",
    ),
    TourStep(
        "moderator", N_("Act as Priya, a moderator, and write /prompt schedule. You see what would be posted and when."),
        ("command /prompt",), "priya", "c2",
    ),
    TourStep(
        "database", N_("Choose “Database” on a message. You see what is stored about it."),
        ("open database",), "maya", "c1",
    ),
    TourStep(
        "break", N_("Under “Break something”, cut the network. Write an answer, then fix the network: "
                    "nothing is lost."),
        ("mend network",), "maya", "c1", controls=True,
    ),
)  # fmt: skip
"""The steps in order, for the community that the playground begins with."""


def tour_steps() -> tuple[TourStep, ...]:
    """The steps in the language of whoever looks."""
    return tuple(replace(step, words=_(step.words)) for step in STEPS)
