"""Cards for a place that the bot has just joined."""

from __future__ import annotations

from bot.chat.cards import Card, Heading, Markdown, Note, say


def welcome(space: str, community: str) -> Card:
    """To whoever invited the bot into a space that belongs to a community: the three first steps."""
    return say(
        f"Tilth is here: {space}",
        Heading("Tilth is here"),
        Markdown(
            f"I keep a rhythm of reflection going for **{community}**, and keep what people said. Three steps, and the "
            "first prompt is on its way:"
        ),
        Markdown(
            "1. Invite me to the channel where prompts should appear.\n"
            "2. There, a moderator writes `/prompt schedule`, and sees every date before anything is set.\n"
            "3. Tell people: an answer in the thread, by the button or in a direct message is one answer."
        ),
        Note("/tilth help lists what you may do. Until somebody sets a schedule, I say nothing by myself."),
    )


def homeless(key: str, name: str) -> Card:
    """To whoever invited the bot into a space that belongs to no community: nothing is heard or kept there."""
    return say(
        f"Tilth is not set up for {name} yet",
        Heading("One step is missing"),
        Markdown(
            f"This space belongs to no community in my settings, so I hear nothing and keep nothing here. Whoever runs "
            f"me can add it: its key is `{key}`."
        ),
        Note("Once it is set, I start by myself at the next restart."),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (welcome("Harbour School", "Harbour"), homeless("somewhere:123", "Harbour School"))
