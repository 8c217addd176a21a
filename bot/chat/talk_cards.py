"""The cards of a conversation: what is answered to a greeting, to thanks, to a question, and to words that may be kept."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Button, Buttons, Card, Markdown, Note, say
from bot.chat.language import _
from bot.chat.menu_cards import RUN

HOME, ANSWERS, COURSE, PROMPTS = "tilth", "reflect history", "course", "reflect"
"""The lines of the buttons that lead on."""
DROP = "talk.drop"
"""The button with which somebody says that their words are not to be saved."""


def lead_on(*, prompts: bool = False) -> Buttons:
    """Buttons to what somebody most likely looks for."""
    open_now = (Button(_("Open prompts"), does=RUN, value=PROMPTS),) if prompts else ()
    return Buttons(
        (
            *open_now,
            Button(_("My answers"), does=RUN, value=ANSWERS),
            Button(_("My course"), does=RUN, value=COURSE),
            Button(_("What you can do"), does=RUN, value=HOME),
        )
    )


def greeting_card() -> Card:
    """The answer to a greeting."""
    return say(_("Hello!"), Markdown(_("Hello! What would you like to see?")), lead_on(prompts=True))


def thanks_card() -> Card:
    """The answer to thanks."""
    return say(_("You're welcome!"))


def question_card() -> Card:
    """The answer to a question, or to words in a channel that are no command."""
    words = _(
        "I can't answer questions in my own words. Here is what I can show you. Your moderators can help with the rest."
    )
    return say(_("Here is what I can show you"), Markdown(words), lead_on(prompts=True))


def away_card() -> Card:
    """To somebody who wanted something while the bot was not running."""
    words = _(
        "I was not running then, so I did not do it. I did not save your message as an answer. What would you like now?"
    )
    return say(_("I was not running then"), Markdown(words), lead_on(prompts=True))


def no_prompt_card() -> Card:
    """To somebody whose words could be an answer while there is nothing to answer."""
    words = _("There's no open prompt right now. Want to see your answers, your course, or what I can do?")
    return say(_("There's no open prompt right now."), Markdown(words), lead_on())


def ask_card(question: str, saves: Sequence[Button], drop: Button) -> Card:
    """The question whether words are to be saved, and where."""
    return say(
        question,
        Markdown(question),
        Buttons((*saves, drop)),
        Note(
            _(
                "Nothing is saved until you press a button. To end all messages, write stop. For help, write help."
            )
        ),
    )


def dropped_card() -> Card:
    """In the place of the question, when the answer was no."""
    return say(_("Not saved."))


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    save = Button(_("Save"), does="reflect.keep", value="h1/o2", style="main")
    return (
        greeting_card(),
        thanks_card(),
        question_card(),
        away_card(),
        no_prompt_card(),
        ask_card(
            _("Save this as your answer to *{title}*?", title="One person"),
            (save,),
            Button(_("No"), does=DROP, value="h1"),
        ),
        dropped_card(),
    )
