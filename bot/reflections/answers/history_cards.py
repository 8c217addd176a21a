"""The cards of a member's own answers: each with who can read it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, Quote, compose, say
from bot.chat.language import _
from bot.chat.menu_cards import OPEN
from bot.chat.models import Sharing
from bot.reflections.answers.answer_cards import READERS, change_buttons, opened_text
from bot.reflections.answers.history_filter import FORM
from bot.reflections.answers.tables import Answer
from bot.reflections.cards import clip_text
from bot.reflections.schedule.asked_prompts import AskedPrompt


def history_card(
    answers: Sequence[tuple[Answer, AskedPrompt, str]], zone: str, page: int, more: bool, state: str,
    *, narrowed: bool = False,
) -> Card:  # fmt: skip
    """A page of a member's own answers, each with who can read it. `state` is the filter, carried by the paging buttons; `narrowed`: there is one."""
    find = Button(_("Find an answer"), opens=FORM)
    if not answers:
        told = _("None of your answers fits that.") if narrowed else _("You have no answers yet.")
        return say(told, Markdown(told), Buttons((find,))) if narrowed else say(told)
    blocks: list[Block] = [Heading(_("Your answers"))]
    for answer, here, readers in answers:
        edit, delete = change_buttons(answer.id)
        share = Button(_("Share"), opens=OPEN, value=f"reflect share answer:a{answer.id}")
        blocks.append(
            Markdown(
                compose(
                    _("**{prompt}** {first_at}"),
                    prompt=here.prompt.title,
                    first_at=Moment(answer.first_at, zone, "date"),
                )
            )
        )
        blocks.append(Quote(clip_text(answer.text)))
        blocks.append(Note(f"{readers} {_('This answer was late.')}" if answer.late else readers))
        blocks.append(Buttons((edit, share, delete)))
    turns = []
    if page > 0:
        turns.append(Button(_("Newer"), does="reflect.page", value=f"{page - 1}|{state}"))
    if more:
        turns.append(Button(_("Older"), does="reflect.page", value=f"{page + 1}|{state}"))
    blocks.append(Buttons((*turns, find)))
    return Card(_("Your answers"), tuple(blocks), replaces=True)


def examples() -> tuple[Card, ...]:
    """Every card of a history."""
    from bot.reflections.examples import ANSWER, ASKED  # examples only

    row = (ANSWER, ASKED, READERS[Sharing.EVERYONE] + opened_text(10))
    return (
        history_card([row], "Europe/Dublin", 1, more=True, state="|"),
        history_card([], "Europe/Dublin", 0, more=False, state="|"),
    )
