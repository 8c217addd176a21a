"""What every kind of answer knows of itself, from a content file to the form and the digest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from bot.chat.forms import Choice, Input, Scale
from bot.content.text_fields import OneLine, Sheet
from bot.reflections.prompts.taxonomy import PromptForm

LABEL_LENGTH = 75
"""Characters of an option, or of a word at the end of a scale."""
Label = Annotated[str, Field(min_length=1, max_length=LABEL_LENGTH), OneLine]


class AnswerKind(ABC):
    """How a question is answered: a frozen value that holds the options, ends or whatever its kind has.

    A new kind is a subclass in a module of its own and its line in `registry.KINDS`. It is drawn by the form field
    that it names; only a field that is new needs a renderer on each platform.
    """

    __slots__ = ()

    key: ClassVar[str]
    """Its name in content files and in stored prompts."""
    sheet: ClassVar[type[Sheet] | None] = None
    """What authors write, with `key` as its one field; None: the key alone says everything."""
    example: ClassVar[str]
    """How a moderator writes it, shown as a hint: `yes or no`."""
    prompt_form: ClassVar[PromptForm]
    """The form of a prompt that was written in chat and is answered like this."""
    free_text: ClassVar[bool] = False
    """Whether the answer is the member's own words. They are their own reason; anything else is asked why."""

    def content(self) -> Any:
        """What stands below its key in a content file or a stored prompt; None: nothing."""
        return None

    @classmethod
    def from_content(cls, content: Any) -> Self:
        """The value whose `content` this is; KeyError, TypeError or ValueError when it is something else."""
        raise ValueError(f"{cls.key} has nothing below it, not {content!r}")

    @abstractmethod
    def words(self) -> str:
        """The answer as a moderator writes it; `from_words` reads it."""

    @classmethod
    @abstractmethod
    def from_words(cls, text: str) -> Self | None:
        """The value that a moderator described; None: another kind. `Wrong` when it is this one with a mistake."""

    @abstractmethod
    def field(self, name: str, label: str, before: object) -> Input:
        """The form field, filled with an earlier reply (None: nothing): its text where it is free, else its pick."""

    @abstractmethod
    def reply(self, given: object) -> tuple[str, object]:
        """(text for people, pick to store) of a value that the field has checked."""

    def taps(self) -> tuple[tuple[str, str], ...]:
        """(value, label) of each thing that one tap can say; nothing where it takes words. The value is the field's."""
        match self._input():
            case Choice(options=options):
                return options
            case Scale(low=low, high=high):
                return tuple((str(number), str(number)) for number in range(low, high + 1))
            case _:
                return ()

    def read_tap(self, value: str) -> object:
        """What `reply` takes of the value of a tap; ValueError when none of them says it."""
        return self._input().check(value)

    def says_options(self) -> bool:
        """Whether its taps say all that could be said of how it is answered."""
        return isinstance(self._input(), Choice)

    def _input(self) -> Input:
        return self.field("tap", "", None)

    @abstractmethod
    def ways(self) -> str:
        """How it is answered, in a few words under the question; nothing where that needs no saying."""
