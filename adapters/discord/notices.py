"""Cards that only Discord needs: a form that has closed, a closed direct message, an unlisted server."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.cards import Button, Buttons, Card, Facts, Markdown, Note, Quote, say
from bot.chat.forms import FieldErrors, Form

NOWHERE = say(
    "I do not know which server this is about",
    Markdown(
        "I do not know which server this is about. Please ask me there once; then I know you here as well."
    ),
)
ASLEEP = say("I am just starting", Markdown("I am just starting. Please try again in a moment."))
OLDER = say(
    "An older command",
    Markdown("That command is from an older version of me. Discord shows the new ones after a restart."),
)
ELSEWHERE = say("The answer is for one person only.", Markdown("The answer is for one person only."))
LATE = "That took me a moment, and Discord opens a form only at once."


def complaint_card(
    errors: FieldErrors, id: str, value: str, fields: Mapping[str, object], form: Form | None
) -> Card:
    """What is wrong with a form, and everything that was filled in: Discord has closed it already."""
    labels = {part.name: part.label for part in form.inputs} if form is not None else {}
    rows = tuple((labels.get(name, name), words) for name, words in errors.errors.items())
    said = [Quote(text, by=None) for text in fields.values() if isinstance(text, str) and " " in text.strip()]
    return say(
        "Not yet",
        Markdown("This is not saved yet:"),
        Facts(rows),
        Buttons((Button("Correct it", opens=id, value=value, style="main"),)),
        *said,
        Note("The form opens with what you filled in." if form is not None else "Your words, to copy."),
    )


def closed_direct_card(titles: tuple[str, ...]) -> Card:
    """To somebody whose direct messages are closed, where only they see it."""
    return say(
        "I could not write to you directly",
        Markdown(
            "I could not write to you directly, because your direct messages are closed to this server:"
        ),
        *(Quote(title) for title in titles),
        Note(
            "To open them: the server's name, Privacy Settings, Direct Messages. Or just ask me here: /tilth help."
        ),
    )


def late_form_card(form: Form) -> Card:
    opens = Button("Open the form", opens=form.id, value=form.value, style="main")
    return say("The form is ready", Markdown(f"{LATE} It is ready now:"), Buttons((opens,)))


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    errors = FieldErrors({"text": "3100 characters; 3000 fit here."})
    return (
        NOWHERE, ASLEEP, ELSEWHERE, OLDER, complaint_card(errors, "reflect.answer", "o1", {"text": "We tried it."}, None), closed_direct_card(("A prompt",)),
    )  # fmt: skip
