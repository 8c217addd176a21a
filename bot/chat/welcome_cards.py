"""Cards for a place that the bot has just joined."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Note, say
from bot.chat.models import ALL_VISIBLE, Visibility


def welcome(space: str, community: str, visible: Visibility = ALL_VISIBLE) -> Card:
    """To whoever invited the bot into a space that belongs to a community: the first steps."""
    thread = "in the thread" if visible.replies else "in the thread with a mention of me"
    steps = [
        "Invite me to the channel where prompts should appear.",
        "There, a moderator writes `/prompt schedule`, and sees every date before anything is set.",
        f"Tell people: an answer {thread}, by the button or in a direct message is one answer.",
    ]
    if not visible.people:
        steps.append(
            "`/tilth invite` posts a card with a Join button. I cannot see who is here, so I can write only to "
            "people who press it: prompts and reminders."
        )
    joining = () if visible.people else (Buttons((Button("Join", does="my.join"),)),)
    return say(
        f"Tilth is here: {space}",
        Heading("Tilth is here"),
        Markdown(
            f"I keep a rhythm of reflection going for **{community}**, and keep what people said. "
            f"{'Three' if len(steps) == 3 else 'Four'} steps, and the first prompt is on its way:"
        ),
        Markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))),
        *joining,
        Note("/tilth help lists what you may do. Until somebody sets a schedule, I say nothing by myself."),
    )


def homeless(key: str, name: str) -> Card:
    """To whoever invited the bot into a space that belongs to no community: nothing is heard or kept there."""
    return say(
        f"Tilth is not set up for {name} yet",
        Heading("One step is missing"),
        Markdown(
            f"This space belongs to no community in my settings, so I hear nothing and keep nothing here. Your Tilth "
            f"admin can add it: its key is `{key}`."
        ),
        Note("Once it is set, I start by myself at the next restart."),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (
        welcome("Harbour School", "Harbour"),
        welcome("Harbour School", "Harbour", Visibility(replies=False, people=False)),
        homeless("somewhere:123", "Harbour School"),
    )
