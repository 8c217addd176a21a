"""The words with which prompts are described: form, level, month, audience, and whether they ask for a reason."""

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
PromptAudience = Literal["", "me", "anonymous"]
"""Who is meant to read the answers to a sensitive prompt: "me" only its writer, "anonymous" the same, and it can be
answered without a name too. "" is any other prompt."""
# fmt: off
Month = Literal[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
]
# fmt: on
