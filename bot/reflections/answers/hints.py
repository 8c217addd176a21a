"""The hints of a prompt for whoever asks for them: the channel shows none, and its thread is answered as well."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, say
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_id
from bot.feature import Request
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt


def deeper_blocks(prompt: Prompt) -> tuple[Block, ...]:
    """The step up from a prompt, as an invitation to somebody who has answered it."""
    if not prompt.deeper:
        return ()
    return (Markdown(_("One more question, if you have time: {question}", question=prompt.deeper)),)


def show_hints(conn: Connection, request: Request) -> Card:
    """All hints of a prompt, to the member alone, whatever size of help they usually see."""
    here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(request.value))
    if here is None or not here.prompt.help_full:
        raise Refusal(_("There are no hints for this prompt."), _("Press **Answer** to write yours."))
    return hints_card(here)


def hints_card(here: AskedPrompt) -> Card:
    """The hints of a prompt, and the step up from it."""
    title = _("Hints for {prompt}", prompt=here.prompt.title)
    return say(
        title,
        Heading(title),
        Markdown("\n".join(f"- {hint}" for hint in here.prompt.help_full)),
        *deeper_blocks(here.prompt),
        Buttons((Button(_("Answer"), opens="reflect.answer", value=f"o{here.id}", style="main"),)),
        Note(_("Only you can see this. To see more or fewer hints with each prompt, write `/my settings`.")),
    )


def examples() -> tuple[Card, ...]:
    """Every card about hints."""
    from bot.reflections.examples import ASKED  # examples only

    return (hints_card(ASKED),)
