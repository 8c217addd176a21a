"""The card for somebody who writes of danger: nobody watches, and here is who to call."""

from __future__ import annotations

from bot.chat.cards import Card, Heading, Markdown, Note, Quote, say

WHO_TO_CALL = (
    "- Somebody is in danger right now: call **911**\n"
    "- Thoughts of suicide, yours or a student's: call or text **988** (en español, 2)\n"
    "- A child is hurt or neglected: Childhelp, **1-800-422-4453**, and your district's mandated-reporter line\n"
    "- Hurt by a partner: **1-800-799-7233** (también en español)"
)
"""Who can be called in the US, where a community has no text of its own."""
LINE = 80
"""Characters of one's own words from which on they are given back."""


def who_to_call_card(who: str, returning: str = "") -> Card:
    """To whoever wrote of danger, alone. `returning` is what they wrote, where it stands nowhere else."""
    theirs = (Quote(returning),) if len(returning) > LINE else ()
    return say(
        "Nobody reads this as it arrives",
        Heading("Please call somebody who can help"),
        Markdown(
            "Nobody reads what is written here as it arrives, and I have told nobody. If you or somebody you write about "
            "may be in danger:"
        ),
        Markdown(who or WHO_TO_CALL),
        *theirs,
        Note(
            "I did not save what you wrote. Only you see this. What you wrote in a thread still stands there; you can "
            "delete it. I go by phrases, and can be wrong: if nobody is in danger, write it in other words."
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (
        who_to_call_card(""),
        who_to_call_card(
            "Call the front office, extension 4.", "A student told me that he wants to die, and " * 3
        ),
    )
