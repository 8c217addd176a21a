"""What somebody can mean by a message to the bot, and what is known when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, StrEnum


class Intent(StrEnum):
    """What a message means. The wishes are in the order in which one comes before another."""

    STOP = "stop"
    DELETE_DATA = "delete_data"
    TAKE_BACK = "take_back"
    START = "start"
    HELP = "help"
    READERS = "readers"
    """Who reads what they write."""
    MY_DATA = "my_data"
    MY_ANSWERS = "my_answers"
    MY_COURSE = "my_course"
    SETTINGS = "settings"
    AWAY = "away"
    """They will not be there for some time."""
    OTHERS = "others_answers"
    """What others answered."""
    PROMPTS = "prompts"
    TEAM = "team"
    QUESTION = "question"
    """A question to the bot that none of the others is."""
    GREETING = "greeting"
    THANKS = "thanks"
    VALUE = "value"
    """What could have been tapped: a number, yes or no, an option."""
    ANSWER = "answer"
    UNCLEAR = "unclear"
    """Too little, or too much like a wish, to be kept without asking."""

    @property
    def wish(self) -> bool:
        """Whether something is wanted of the bot: nothing of such a message is ever kept as an answer."""
        return self not in (Intent.VALUE, Intent.ANSWER, Intent.UNCLEAR)


ASKING = frozenset((Intent.QUESTION, Intent.HELP))
"""Wishes that are a question as a whole, which may also be the answer to a prompt that asks for one."""


class Invited(IntFlag):
    """What open prompts ask for that would be a wish elsewhere; stored as the number it is."""

    QUESTION = 1
    """They ask what somebody would ask or has asked: a question can be the answer."""
    STOP = 2
    """They ask what somebody would stop, quit or leave: "Stop …" can be the answer."""


NOTHING_INVITED = Invited(0)


@dataclass(frozen=True, slots=True)
class TapQuestion:
    """What can be tapped for a question: pairs of the value that is stored, and its label."""

    taps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TalkFacts:
    """What is known when a message is read: the open questions that take a tap, and what came just before it.

    `answering`: an answer was just given. `noting`: it replies to a lesson, or a lesson came last. `invited`: what an open
    prompt asks for. `awaited`: a prompt was just asked, and its answer is still to come.
    """

    questions: tuple[TapQuestion, ...] = ()
    answering: bool = False
    noting: bool = False
    invited: Invited = NOTHING_INVITED
    awaited: bool = False

    @property
    def wants_question(self) -> bool:
        """Whether an open prompt asks for a question, so that one can be the answer."""
        return Invited.QUESTION in self.invited


NOTHING_KNOWN = TalkFacts()
