"""Questions that somebody asks in an answer, and answers themselves: "Does it work? With half the class."; and what they need."""

from __future__ import annotations

from collections.abc import Sequence

from bot.intents.features import MessageWeight, weigh_sentence, weigh_text
from bot.intents.intent import ASKING, Intent
from bot.intents.sentences import Sentence, read_intent_phrases

LEAST_NEED = -1.0
"""The weight up to which words are no wish that must not be kept."""
NEEDS = -0.3
"""What more than `LEAST_NEED` must weigh together with what they talk with the bot: then words may be a wish that must not be kept."""
REPORTS = -1.5
"""The weight up to which words are an answer, whatever phrases stand in them."""
_REPLIED = ASKING | {Intent.MY_ANSWERS, Intent.MY_COURSE}
"""Wishes that somebody may only seem to have who asks and answers their own question."""


def asks_and_answers(
    text: str, units: Sequence[tuple[Intent | None, Sentence]], *, wants_question: bool
) -> bool:
    """Whether what is made like a question to the bot is followed by its author's own answer, and needs nothing.

    `units` are the sentences of the text, each with the wish it is made like; `wants_question`: an open prompt asks for one.
    """
    asking = ASKING if wants_question else {Intent.QUESTION}
    asked = [(wish, one) for wish, one in units if wish is not None]
    rest = [one for wish, one in units if wish is None and one.words and not asks(one)]
    told = any(map(_reports, rest))
    if told and all(wish in asking and weigh_sentence(one).need < LEAST_NEED for wish, one in asked):
        return True
    asks_first = units[0][0] is not None and bool(rest)
    return asks_first and all(wish in _REPLIED and one.asks for wish, one in asked) and _replies(text, rest)


def _reports(sentence: Sentence) -> bool:
    """Whether a sentence tells of somebody, or of what happened."""
    book = read_intent_phrases()
    return book.has(sentence.text, "story") or book.has(sentence.text, "others")


def _replies(text: str, rest: Sequence[Sentence]) -> bool:
    """Whether what follows a question is its author's own reply to it.

    It must certainly be an answer, alone and with the question, and say nothing to the bot.
    """
    weights = [weigh_text(text), *map(weigh_sentence, rest)]
    to_bot = any(read_intent_phrases().has(one.text, "bot") for one in rest)
    return not to_bot and all(one.talk < REPORTS and one.need < LEAST_NEED for one in weights)


def asks(sentence: Sentence) -> bool:
    """Whether a sentence asks: by its mark, or by how it begins."""
    book = read_intent_phrases()
    return sentence.asks or (book.covers(sentence.text, "asking") and not book.has(sentence.text, "others"))


def may_need(weight: MessageWeight) -> bool:
    """Whether words may be a wish that must not be kept: by what they need, and by whom they talk with."""
    return weight.need > LEAST_NEED and (weight.need + weight.talk) / 2 > NEEDS


def is_near(rest: Sequence[Sentence]) -> bool:
    """Whether what is asked is about the bot or what it sent: it speaks of "you", "this" or "me", and not of "we"."""
    book = read_intent_phrases()
    words = {word for one in rest for word in one.words}
    return any(book.has(one.text, "toward us") for one in rest) and not words & {
        "we",
        "our",
        "nosotros",
        "if",
    }
