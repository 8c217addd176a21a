"""The taps on the card of a prompt: a button for each thing that one tap can say."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from bot.chat.cards import Block, Button, Buttons, Markdown, Select
from bot.chat.language import _
from bot.reflections.prompts.model import Prompt

TAP = "reflect.tap"
ROW = 5
"""Buttons in a row."""
LABEL = 24
"""Characters of a label that a phone shows whole on a button; longer ones stand above their letters."""


def tap_blocks(occurrence: int, prompt: Prompt, number: int) -> list[Block]:
    """The taps of one question of a prompt; nothing where it takes words."""
    taps = prompt.questions[number].answer.taps()
    if not taps:
        return []
    ref = f"o{occurrence}/{number}"
    if len(taps) > ROW and len(prompt.questions) > 1:  # a card has room for one long row of buttons
        return [Select(_("Tap your answer"), TAP, taps, value=ref)]
    if all(len(label) <= LABEL for _value, label in taps):
        return _rows([Button(label, does=TAP, value=f"{ref}/{value}") for value, label in taps])
    lettered = list(zip(ascii_uppercase, taps, strict=False))
    spelled = "\n".join(f"- **{letter}** {label}" for letter, (_value, label) in lettered)
    return [
        Markdown(spelled),
        *_rows([Button(letter, does=TAP, value=f"{ref}/{value}") for letter, (value, _label) in lettered]),
    ]


def _rows(buttons: Sequence[Button]) -> list[Block]:
    """Rows of about the same length."""
    count = -(-len(buttons) // ROW)
    size = -(-len(buttons) // count)
    return [Buttons(tuple(buttons[at : at + size])) for at in range(0, len(buttons), size)]
