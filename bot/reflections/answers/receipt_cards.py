"""The receipt of an answer: what was saved, who can read it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Markdown, Note, Quote, Select, say
from bot.chat.language import _
from bot.chat.models import Sharing
from bot.reflections.answers.answer_cards import (
    READERS,
    change_buttons,
    file_blocks,
    late_text,
    readers_text,
    share_select,
)
from bot.reflections.answers.tables import Answer, Part
from bot.reflections.cards import clip_text
from bot.reflections.schedule.asked_prompts import AskedPrompt


def receipt_card(
    answer: Answer,
    here: AskedPrompt,
    readers: str,
    *,
    added: bool = False,
    replaced: bool = False,
    move: Sequence[AskedPrompt] = (),
    notes: Sequence[Block] = (),
    source: str = "",
) -> Card:
    """To the member alone: what was saved, who can read it (`readers`), what can be done with it.

    `replaced`: it took the place of what they wrote in messages. `notes` are what is asked next, and what is stored of files.
    `source` is the message this is about, which may have been meant for no prompt or another one.
    """
    title = here.prompt.title
    saved = (
        _("Added to your answer to *{title}*.", title=title)
        if added
        else _("Saved as your answer to *{title}*.", title=title)
    )
    also: list[str] = []
    if answer.late:
        also.append(late_text())
    if replaced:
        also.append(_("It replaces your earlier messages and no longer follows them."))
    said = next((one for one in answer.parts if one.source == source), None)
    blocks: list[Block] = [
        Markdown(" ".join((saved, *also))),
        Quote(clip_text(answer.text, 1500)),
        *_handles(answer, said),
        *notes,
    ]
    others = [one for one in move if one.id != here.id]
    if others and said is not None:
        options = tuple((f"o{one.id}", one.prompt.title[:75]) for one in others[:25])
        blocks.append(Select(_("This was meant for"), "reflect.move", options, value=str(said.id)))
    return say(_("Saved: {title}", title=title), *blocks, Note(readers))


def _handles(answer: Answer, said: Part | None) -> list[Block]:
    """What can be done with an answer; with what was just `said`, also that it is none."""
    unsay = (
        (Button(_("Not an answer"), does="reflect.unsay", value=str(said.id)),) if said is not None else ()
    )
    return [Buttons((*unsay, *change_buttons(answer.id))), share_select(answer)]


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    from bot.reflections.examples import ANSWER, ASKED, OTHER  # examples only

    said = ANSWER.parts[-1].source
    return (
        receipt_card(ANSWER, ASKED, READERS[Sharing.EVERYONE], move=(ASKED, OTHER), source=said),
        receipt_card(
            ANSWER,
            ASKED,
            readers_text(Sharing.TEAM, alone=True, public=True),
            replaced=True,
            notes=file_blocks(("hall.png",), new=False),
        ),
    )
