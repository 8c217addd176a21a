"""The question whether something was worth the time, and what is said to whoever has answered it."""

from __future__ import annotations

from bot.chat.cards import Block, Button, Buttons, Card, Markdown, Note, say
from bot.chat.language import N_, _
from bot.people.small_groups import MINIMUM
from bot.ratings.tables import Rating

GIVE, CHANGE, TAKE_BACK = "rating.give", "rating.change", "rating.back"
"""The buttons of a rating: under a receipt, and on the card that follows."""
LABELS = {Rating.YES: N_("Yes"), Rating.SO_SO: N_("So-so"), Rating.NO: N_("No")}


def prompt_thing(prompt_id: int) -> str:
    """The name under which a prompt is rated."""
    return f"p{prompt_id}"


def lesson_thing(course_id: int, lesson: str) -> str:
    """The name under which a lesson is rated."""
    return f"c{course_id}/{lesson}"


def rating_blocks(thing: str) -> tuple[Block, ...]:
    """The question under the receipt of an answer or of a finished lesson, with its three taps."""
    return Markdown(_("Was this worth your time?")), Buttons(_taps(GIVE, thing))


def thanks_card(thing: str, choice: Rating) -> Card:
    """What is said after a tap, with what it can be changed to."""
    back = Button(_("Take it back"), does=TAKE_BACK, value=thing)
    return say(
        _("Thank you"),
        Markdown(_("Thank you. You said: {choice}.", choice=_(LABELS[choice]))),
        Buttons((*_taps(CHANGE, thing, but=choice), back)),
        Note(
            _(
                "Moderators see only how many people said what, and only when at least {fewest} did. Once your tap is counted, "
                "nobody can tell it is yours, and it cannot be changed.",
                fewest=MINIMUM,
            )
        ),
    )


def counted_card() -> Card:
    """What is said to whoever taps again after their tap was counted."""
    return say(
        _("Already counted"),
        Markdown(_("Thank you. What you said is already counted, without your name.")),
    )


def taken_back_card(thing: str) -> Card:
    """What is said after a tap was taken back, with the question again."""
    question = Markdown(_("What you said is gone. Was this worth your time?"))
    return say(_("Taken back"), question, Buttons(_taps(CHANGE, thing)))


def _taps(does: str, thing: str, but: Rating | None = None) -> tuple[Button, ...]:
    others = [one for one in LABELS if one is not but]
    return tuple(Button(_(LABELS[one]), does=does, value=f"{thing}/{one.value}") for one in others)


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    thing = prompt_thing(12)
    return thanks_card(thing, Rating.SO_SO), counted_card(), taken_back_card(thing)
