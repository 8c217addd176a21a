"""The words with which prompts are described: their forms, their levels, and whether they ask for a reason."""

from __future__ import annotations

from typing import Literal

# fmt: off
PromptForm = Literal[
    "one-moment", "sentence-heard", "finish-the-line", "picture-described", "before-after", "scale-with-reason",
    "which-of-three", "question-for-a-student", "why-behind-a-why", "borrow-an-idea", "letter-to-next-month",
    "small-test", "thank-a-condition", "stopped-doing",
]
# fmt: on
Level = Literal["reporting", "relating", "reasoning", "reconstructing"]
Reason = Literal["optional", "asked", "none"]
"""Whether a person is asked why, after tapping an answer. Text answers have "none": they are the reason."""
