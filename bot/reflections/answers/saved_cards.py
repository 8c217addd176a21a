"""The cards of messages that their author saves as an answer."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, Markdown, Note, say
from bot.chat.language import N_, _, format_number
from bot.chat.models import Sharing
from bot.reflections.answers.answer_cards import readers_text
from bot.reflections.schedule.asked_prompts import AskedPrompt

HINT = N_("You see this at most once a month.")


def reaction_card(here: AskedPrompt, readers: str) -> Card:
    """To somebody who picked their own message with the saving reaction: what that does, and how to undo it."""
    return say(
        _("Your message becomes your answer"),
        Markdown(
            _(
                "Your message becomes your answer to *{prompt}* as soon as I have read it again, usually "
                "within a minute. To undo that, take the reaction away.",
                prompt=here.prompt.title,
            )
        ),
        Note(readers),
    )


def hint_card(here: AskedPrompt | None) -> Card:
    """To somebody whose saving reaction is on a message of no prompt: what it is for, and what works there."""
    title = _("Nothing is saved by that reaction here")
    about = _(
        "That reaction saves your own message as your answer, but only in the thread of a prompt. I "
        "found no prompt with this message, so nothing is saved."
    )
    if here is None:
        return say(title, Markdown(about), Markdown(_("There's no open prompt right now.")), Note(_(HINT)))
    return say(
        title,
        Markdown(about),
        Markdown(
            _(
                "To save it as your answer to *{prompt}*, choose **Save as my reflection** in the menu of "
                "your message.",
                prompt=here.prompt.title,
            )
        ),
        Buttons((Button(_("Answer"), opens="reflect.answer", value=f"o{here.id}", style="main"),)),
        Note(_(HINT)),
    )


def saved_card() -> Card:
    """Somebody picked a message of a thread that is listened to anyway."""
    return say(
        _("That message is your reflection now"),
        Markdown(
            _("That message is your reflection now. If you edit it, your answer changes within moments.")
        ),
    )


def unsaved_problem(length: int, limit: int) -> tuple[str, str]:
    """Why a picked message cannot be an answer, and what to do."""
    if not length:
        return _("That message has no words in it."), _("Write what you want to keep, and save that.")
    return _(
        "That message has {length} characters. I can save up to {limit}.",
        length=format_number(length),
        limit=format_number(limit),
    ), _("Save a shorter one.")


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    from bot.reflections.examples import ASKED  # examples only

    return (
        reaction_card(ASKED, readers_text(Sharing.EVERYONE, alone=False, public=True)),
        hint_card(ASKED),
        hint_card(None),
        saved_card(),
    )
