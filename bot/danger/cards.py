"""The card for somebody who writes of danger: nobody watches, and here is who to call."""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.language import N_, _

WHO_TO_CALL = N_(
    "- Somebody is in danger right now: call **911**\n"
    "- Thoughts of suicide, yours or a student's: call or text **988** (en español, 2)\n"
    "- A child is hurt or neglected: Childhelp, **1-800-422-4453**, and your district's mandated-reporter line\n"
    "- Hurt by a partner: **1-800-799-7233** (también en español)"
)
"""Who can be called in the US, where a community has no text of its own."""
PAUSE, CONTACT = "danger.pause", "danger.contact"
"""The buttons: nobody is in danger; and that a moderator should get in touch."""
ASK = N_("Ask a moderator to contact me")


@dataclass(frozen=True, slots=True)
class HotlineTerms:
    """What a community wants said: its own text of who to call, and whether a moderator can be asked for contact."""

    text: str = ""
    contact: bool = False


def who_to_call_card(terms: HotlineTerms, returning: str = "") -> Card:
    """To whoever wrote of danger, alone. `returning` is what they wrote, where it stands nowhere else."""
    buttons = [Button(_("Nobody is in danger: save what I write"), does=PAUSE)]
    asking: tuple[Markdown, ...] = ()
    if terms.contact:
        buttons.insert(0, Button(_(ASK), does=CONTACT))
        asking = (
            Markdown(
                _("This community lets you ask a moderator to contact you. They are told only if you press " "*{ask}*: your name, and that you ask for it. They are never told what you wrote, and may " "see it late.", ask=_(ASK))
            ),
        )  # fmt: skip
    return say(
        _("Nobody reads this as it arrives"),
        Heading(_("Please call somebody who can help")),
        Markdown(
            _(
                "Nobody reads what is written here as it arrives, and I have told nobody. If you or somebody "
                "you write about may be in danger:"
            )
        ),
        Markdown(terms.text or _(WHO_TO_CALL)),
        *asking,
        *((Quote(returning),) if returning else ()),
        Buttons(tuple(buttons)),
        Note(
            _(
                "I did not save what you wrote. Only you see this. What you wrote in a thread is still "
                "there; you can delete it. I go by phrases, and can be wrong."
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (
        who_to_call_card(HotlineTerms()),
        who_to_call_card(
            HotlineTerms("Call the front office, extension 4.", contact=True),
            "A student told me that he wants to die, and " * 3,
        ),
    )
