"""The two buttons under an answer that others can read: thanks, and a private reply."""

from __future__ import annotations

from bot.chat.cards import Button
from bot.chat.language import _
from bot.chat.short_text import shorten

THANK, UNTHANK, REPLY, END = "talk.thank", "talk.unthank", "talk.reply", "talk.end"
NAME = 30
"""Characters of a name on a button."""


def talk_buttons(answer_id: int, author: str) -> tuple[Button, Button]:
    """Thank and Reply under an answer; the labels name its author, so that they are told apart without looking."""
    name = shorten(author, NAME)
    return (
        Button(_("Thank {name}", name=name), does=THANK, value=f"a{answer_id}"),
        Button(_("Reply to {name}", name=name), opens=REPLY, value=f"a{answer_id}"),
    )
