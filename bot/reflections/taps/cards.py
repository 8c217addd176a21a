"""The cards of taps: the receipt of one, and the pictures of how often each option was picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.cards import Block, Buttons, Card, Heading, Markdown, Note, Picture, Quote, say
from bot.chat.language import _, ngettext
from bot.chat.models import Sharing
from bot.people.small_groups import MINIMUM
from bot.pictures.tally import tally_chart
from bot.reflections.answers.answer_cards import READERS, change_buttons, late_text, share_select
from bot.reflections.answers.tables import Answer, Part
from bot.reflections.prompts.answer_kinds.kind import AnswerKind
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.tally import QuestionTally


def receipt_card(
    answer: Answer, here: AskedPrompt, part: Part, readers: str, notes: Sequence[Block] = ()
) -> Card:
    """To whoever tapped, alone: what is stored, who can read it, and what else can be said or taken back."""
    question = here.prompt.questions[part.question or 0]
    reason = str(part.value.get("reason") or "")
    saved = _("Saved: {answer}. To change it, tap another answer.", answer=shown_pick(question, part))
    blocks: list[Block] = [Markdown(saved)]
    if reason:
        blocks.append(Quote(reason))
    if answer.late:
        blocks.append(Markdown(late_text()))
    blocks += [_buttons(answer, question, reason), share_select(answer), *notes]
    title = _("Saved: {title}", title=here.prompt.title)
    return say(title, *blocks, Note(readers), *(() if answer.late else (Note(counted_text()),)))


def _buttons(answer: Answer, question: Question, reason: str) -> Buttons:
    edit, delete = change_buttons(answer.id)
    if question.reason != "none" and not reason:
        edit = replace(edit, label=_("Add a reason"), style="main")
    return Buttons((edit, delete))


def shown_pick(question: Question, part: Part) -> str:
    """What was picked, in words."""
    return question.answer.reply(part.value["pick"])[0]


def counted_text() -> str:
    """What everybody learns of a tap."""
    return _(
        "After the prompt closes, the summary shows how many people picked each answer. It shows no names. If fewer than "
        "{fewest} people answer, it shows nothing.",
        fewest=MINIMUM,
    )


def tally_blocks(prompt: Prompt, tallies: Sequence[QuestionTally]) -> tuple[Block, ...]:
    """A picture for each question whose picks may be told."""
    return tuple(_picture(prompt.questions[one.question], one) for one in tallies)


def _picture(question: Question, tally: QuestionTally) -> Picture:
    rows = tuple(zip(_option_names(question.answer), tally.counts, strict=True))
    people = ngettext("{count} person answered.", "{count} people answered.", sum(tally.counts))
    return tally_chart(question.ask, people, rows)


def _option_names(answer: AnswerKind) -> list[str]:
    """What each tap means, as a picture says it: the ends of a scale with their words."""
    names = [label for _value, label in answer.taps()]
    if isinstance(answer, ScaleAnswer):
        names[0], names[-1] = f"{names[0]} ({answer.low})", f"{names[-1]} ({answer.high})"
    return names


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import OTHER, TAPPED  # examples only

    part = TAPPED.parts[0]
    why = replace(part, value={"pick": 4, "reason": "Two free afternoons."})
    tally = QuestionTally(0, (1, 4, 0, 7, 2))
    return (
        receipt_card(TAPPED, OTHER, part, READERS[Sharing.ME]),
        receipt_card(replace(TAPPED, late=True), OTHER, why, READERS[Sharing.EVERYONE]),
        say(_("Looking back"), Heading(_("Looking back")), *tally_blocks(OTHER.prompt, (tally,))),
    )
