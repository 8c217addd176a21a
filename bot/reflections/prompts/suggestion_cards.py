"""The cards about prompts that members suggest."""

from __future__ import annotations

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Markdown, Moment, Note, Quote, say
from bot.chat.language import _
from bot.reflections.prompts.model import Prompt
from bot.reflections.prompts.suggestions import Fate, PromptSuggestion


def thanks_card(text: str) -> Card:
    """To the member: it is with the moderators."""
    return say(
        _("Thank you"),
        Markdown(_("Thank you. The moderators look at it, and I tell you what they decide.")),
        Quote(text),
    )


def waiting_card() -> Card:
    """To moderators: something waits, without its words."""
    return say(
        _("A suggestion waits"),
        Markdown(_("A member suggested a prompt.")),
        Buttons((Button(_("Review"), does="prompt.review", style="main"),)),
        Note(_("You get this once, until every suggestion is decided. `/prompt review` opens them, too.")),
    )


def review_card(found: PromptSuggestion, deck: str, waiting: int, zone: str) -> Card:
    """One suggestion and what can be done with it."""
    value = f"g{found.id}"
    buttons = [
        Button(_("Accept"), does="prompt.accept", value=value, style="main"),
        Button(_("Edit"), opens="prompt.take", value=value),
        Button(_("Decline"), opens="prompt.decline", value=value),
    ]
    if waiting > 1:
        buttons.append(Button(_("Another"), does="prompt.review", value=value))
    blocks: list[Block] = [
        Quote(found.text, by=found.name),
        Facts(
            ((_("Suggested"), (Moment(found.at, zone),)), (_("Goes to"), deck), (_("Waiting"), str(waiting)))
        ),
        Buttons(tuple(buttons)),
    ]
    return say(_("A suggested prompt"), *blocks)


def accepted_card(prompt: Prompt, changed: bool) -> Card:
    """To whoever suggested it: it was taken."""
    told = _("The moderators took your suggestion as it is. One day I will ask:")
    if changed:
        told = _("The moderators took your suggestion with a few changes. One day I will ask:")
    return say(
        _("Your suggestion is taken"),
        Markdown(told),
        Quote("\n".join(question.ask for question in prompt.questions)),
    )


def declined_card(text: str, reason: str) -> Card:
    """To whoever suggested it: it was not taken, and why."""
    return say(
        _("About your suggestion"),
        Markdown(_("The moderators did not take your suggestion:")),
        Quote(text),
        Markdown(_("They say:")),
        Quote(reason),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ASKED, PROMPT  # examples only

    one = PromptSuggestion(
        7, 7, "Ada Quinn", "local:example", "u1", "weekly", "Who spoke first?", Fate.OPEN, ASKED.opened_at
    )
    return (
        thanks_card(one.text),
        waiting_card(),
        review_card(one, "weekly", 2, "Europe/Dublin"),
        accepted_card(PROMPT, changed=True),
        declined_card(one.text, "We asked nearly the same in spring."),
    )
