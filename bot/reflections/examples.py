"""Invented prompts and answers that the example cards are filled with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.chat.models import Sharing
from bot.reflections.anonymous.receipts import ReceiptCode
from bot.reflections.anonymous.tables import AnonymousAnswer
from bot.reflections.answers.hiding_reasons import HidingReason
from bot.reflections.answers.tables import Answer, Part
from bot.reflections.prompts.answer_kinds.choice import ChoiceAnswer
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.answer_kinds.yes_no import YesNoAnswer
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.schedule.asked_prompts import AskedPrompt

_OPENED = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
_CLOSES = datetime.fromisoformat("2026-10-09T16:00:00+00:00")

PROMPT = Prompt(
    slug="the-quiet-corner",
    title="The quiet corner",
    form="one-moment",
    level="relating",
    theme="Prepare Your Soil",
    lesson=None,
    questions=(
        Question(
            "Where in the building did you last see two adults really listening to each other?",
            TextAnswer(),
            "none",
        ),
    ),
    one_line='Finish this - "I saw it near the ..."',
    deeper="What about that place made listening easier?",
    help_full=(
        "Say where and when, no names.",
        "What made it possible there?",
        "Where could it happen next?",
    ),
    help_half=("Say where and when, no names.", "What made it possible there?"),
    tags=(),
)
SCALED = Prompt(
    slug="room-to-think",
    title="Room to think",
    form="scale-with-reason",
    level="reasoning",
    theme="General",
    lesson=None,
    questions=(
        Question(
            "How much room to think did this week leave you?", ScaleAnswer(1, 5, "none", "plenty"), "optional"
        ),
    ),
    one_line="",
    deeper="",
    help_full=(),
    help_half=(),
    tags=(),
)
ASKED = AskedPrompt(57, 1, 3, 12, PROMPT, False, _OPENED, _CLOSES, False)
OTHER = AskedPrompt(58, 1, 4, 13, SCALED, False, _OPENED, _CLOSES, False)
UNNAMED = replace(ASKED, anonymous=True)
"""One that takes anonymous answers too."""
UNSIGNED = AnonymousAnswer(
    "5d2f9c1e-7b44-4a0e-9d55-3f6a1c0b8e21", 57, "", "In the copy room, when nobody was in a hurry."
)
CODE = ReceiptCode(57, "mzxw6ytboi4dcnrsgq3tqojqgy")
ANSWER = Answer(
    301,
    57,
    7,
    "Ada Quinn",
    Sharing.EVERYONE,
    _OPENED,
    False,
    False,
    (
        Part(
            1,
            "thread",
            "local:example/c1/m9",
            "By the photocopier, of all places. Nobody can rush a jam.",
            None,
            _OPENED,
            None,
        ),
    ),
)
LATE = Answer(
    302,
    57,
    8,
    "Ben Okafor",
    Sharing.ME,
    _CLOSES,
    True,
    False,
    (Part(2, "form", "form/302/0", "On the stairs after the fire drill.", None, _CLOSES, None),),
)
LONG = Answer(
    303,
    57,
    9,
    "Cleo Marsh",
    Sharing.TEAM,
    _OPENED,
    False,
    False,
    (
        Part(
            3,
            "form",
            "form/303/0",
            "We walked the halls at noon and wrote down what we heard. " * 60,
            None,
            _OPENED,
            None,
        ),
    ),
)
HIDDEN = replace(LONG, id=304, hidden=HidingReason.PRIVATE)
TAPPED = Answer(
    305, 58, 7, "Ada Quinn", Sharing.ME, _OPENED, False, False,
    (Part(4, "form", "form/305/0", "4 of 5", {"pick": 4, "reason": ""}, _OPENED, None, 0),),
)  # fmt: skip
"""An answer by one tap."""
MANY = replace(
    SCALED,
    slug="three-taps",
    title="Three taps",
    questions=(
        Question("Did every student speak in your last lesson?", YesNoAnswer(), "none"),
        Question("How well could you hear them?", ScaleAnswer(0, 9, "not at all", "very well"), "none"),
        Question(
            "What would help you most?",
            ChoiceAnswer(
                ("A colleague to think with", "A slow walk through the whole building", "An hour alone")
            ),
            "none",
        ),
    ),
)
"""A prompt that is all taps, as many as there can be."""
