"""The shape of a quiz in a lesson's file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from bot.content import Wrong
from bot.content.text_fields import OneLine, Sheet, distinct
from bot.courses.quizzes.questions import QuizQuestion

ASK = 140
"""Characters of a question: what every platform shows above a choice in a form."""
CHOICE = 75
"""Characters of a choice: Slack's limit."""
_Said = Annotated[str, Field(min_length=1, max_length=200), OneLine]
_Choice = Annotated[str, Field(min_length=1, max_length=CHOICE), OneLine]


class QuizSheet(Sheet):
    """A question with choices, of which one is right."""

    ask: Annotated[str, Field(min_length=1, max_length=ASK), OneLine]
    choices: Annotated[tuple[_Choice, ...], Field(min_length=2, max_length=5), AfterValidator(distinct)]
    right: Annotated[str, Field(description="The right one of the choices, word for word.")]
    why: Annotated[
        str, Field(min_length=1, max_length=300, description="Said to whoever chose another."), OneLine
    ]

    says: Annotated[
        tuple[_Said, ...],
        Field(max_length=5, description="Said to whoever chose each of the choices, in the same order."),
    ] = ()

    @model_validator(mode="after")
    def _has_right_choice(self) -> QuizSheet:
        if self.right not in self.choices:
            raise Wrong(f'"{self.right}" is none of the choices.', "Copy the right choice word for word.")
        return self

    @model_validator(mode="after")
    def _says_it_of_each(self) -> QuizSheet:
        if self.says and len(self.says) != len(self.choices):
            raise Wrong(
                f'"says" has {len(self.says)} lines, and there are {len(self.choices)} choices.',
                "Write one line for each choice, in the same order.",
            )
        return self

    def value(self) -> QuizQuestion:
        return QuizQuestion(self.ask, self.choices, self.choices.index(self.right), self.why, self.says)
