"""Cards that only Discord needs: a form that has closed, a closed direct message, an unlisted server."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.cards import Button, Buttons, Card, Facts, Markdown, Note, Quote, say
from bot.chat.forms import FieldErrors, Form, Upload
from bot.chat.language import N_, _, drawn_in_own_language

FORM_WITNESS = N_(
    "Discord itself sees who sends this form and what it says. It keeps my receipts in direct messages."
)
"""What Discord learns of an anonymous form, which is said before one is filled in."""


def unlisted_card() -> Card:
    """To somebody who writes to us directly and is in none of our servers."""
    return say(
        _("I do not know which server this is about"),
        Markdown(
            _(
                "I do not know which server this is about. Please ask me there once; then I know you here as well."
            )
        ),
    )


def starting_card() -> Card:
    return say(_("I am just starting"), Markdown(_("I am just starting. Please try again in a moment.")))


def older_card() -> Card:
    """To somebody who used a command that there is no more."""
    return say(
        _("An older command"),
        Markdown(
            _("That command is from an older version of me. Discord shows the new ones after a restart.")
        ),
    )


def alone_card() -> Card:
    """What everybody sees for a moment of an answer that is only for whoever asked."""
    words = _("The answer is for one person only.")
    return say(words, Markdown(words))


def complaint_card(
    errors: FieldErrors, id: str, value: str, fields: Mapping[str, object], form: Form | None
) -> Card:
    """What is wrong with a form, and everything that was filled in: Discord has closed it already."""
    labels = {part.name: part.label for part in form.inputs} if form is not None else {}
    rows = tuple((labels.get(name, name), words) for name, words in errors.errors.items())
    said = [Quote(text, by=None) for text in fields.values() if isinstance(text, str) and " " in text.strip()]
    again = _("The form opens with what you filled in.")
    if form is not None and any(isinstance(part, Upload) for part in form.inputs):
        again = f"{again} " + _("A file has to be chosen again.")
    return say(
        _("Not yet"),
        Markdown(_("This is not saved yet:")),
        Facts(rows),
        Buttons((Button(_("Correct it"), opens=id, value=value, style="main"),)),
        *said,
        Note(again if form is not None else _("Your words, to copy.")),
    )


def closed_direct_card(titles: tuple[str, ...]) -> Card:
    """To somebody whose direct messages are closed, where only they see it."""
    return say(
        _("I could not write to you directly"),
        Markdown(
            _("I could not write to you directly, because your direct messages are closed to this server:")
        ),
        *(Quote(title) for title in titles),
        Note(
            _(
                "To open them: the server's name, Privacy Settings, Direct Messages. Or just ask me here: "
                "/tilth help."
            )
        ),
    )


@drawn_in_own_language
def late_form_card(form: Form) -> Card:
    """The way to a form that took too long to open by itself."""
    late = _("That took me a moment, and Discord opens a form only at once. It is ready now:")
    opens = Button(_("Open the form"), opens=form.id, value=form.value, style="main")
    return say(_("The form is ready"), Markdown(late), Buttons((opens,)))


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    errors = FieldErrors({"text": "3100 characters; 3000 fit here."})
    return (
        unlisted_card(), starting_card(), alone_card(), older_card(), complaint_card(errors, "reflect.answer", "o1", {"text": "We tried it."}, None), closed_direct_card(("A prompt",)),
    )  # fmt: skip
