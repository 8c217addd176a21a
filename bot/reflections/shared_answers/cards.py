"""The cards of what others shared: which prompts have answers to read, and the answers of one prompt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Markdown,
    Moment,
    Note,
    Quote,
    Words,
    compose,
)
from bot.chat.language import N_, _, ngettext
from bot.chat.models import Sharing
from bot.reflections.answers.tables import Answer
from bot.reflections.cards import clip_text, questions_text
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.shared_answers.tables import COUNTED

WHOLE = 2500
"""Characters of one answer on a card of its own."""
CIRCLES = {
    Sharing.ME: N_("only you can read it"),
    Sharing.MODERATORS: N_("shared with the moderators"),
    Sharing.TEAM: N_("shared with their team"),
    Sharing.EVERYONE: N_("shared with everyone"),
}


@dataclass(frozen=True, slots=True)
class PromptLine:
    """A prompt with answers to read: how many, and how many of them since the reader's last look."""

    here: AskedPrompt
    count: int
    new: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer as one reader sees it, with the buttons that belong to it."""

    answer: Answer
    new: bool
    handles: tuple[Button, ...] = ()


def prompts_card(lines: Sequence[PromptLine], zone: str, *, older: str = "", replaces: bool = False) -> Card:
    """The prompts to which others shared answers with the reader. `older` is the state of the next page."""
    if not lines:
        return Card(
            _("No shared answers yet"),
            (
                Markdown(_("Nobody has shared an answer with you yet. You can share one of yours: `/reflect history`.")),
            ),
            replaces=replaces,
        )  # fmt: skip
    blocks: list[Block] = [Heading(_("Answers you can read")), *prompt_blocks(lines, zone)]
    if older:
        blocks.append(Buttons((Button(_("Older prompts"), does="reflect.read", value=older),)))
    return Card(_("Answers you can read"), tuple(blocks), replaces=replaces)


def prompt_blocks(lines: Sequence[PromptLine], zone: str) -> tuple[Block, ...]:
    """A line and a button for each prompt."""
    blocks: list[Block] = []
    for one in lines:
        new = _(", {number} new", number=_number(one.new)) if one.new else ""
        day = Moment(one.here.opened_at, zone, "date")
        blocks.append(Markdown((f"**{one.here.prompt.title}** · ", day, f" · {_answers(one.count)}{new}")))
        label = _(
            "Read {clip_text}", clip_text=clip_text(one.here.prompt.title, 60)
        )  # told apart by whoever hears only the buttons
        blocks.append(Buttons((Button(label, does="reflect.read", value=f"o{one.here.id}"),)))
    return tuple(blocks)


def answers_card(
    here: AskedPrompt, rows: Sequence[AnswerRow], zone: str, *, newest: str, older: str, replaces: bool
) -> Card:
    """A page of what others answered to a prompt. `newest` and `older` are states of other pages, "" where there is none."""
    blocks: list[Block] = [Heading(here.prompt.title), Markdown(clip_text(questions_text(here.prompt), 600))]
    for one in rows:
        blocks += answer_blocks(one, zone)
    if not rows:
        blocks.append(Markdown(_("There is no answer that you can read here.")))
    turns = [
        *((Button(_("Newest"), does="reflect.read", value=newest),) if newest else ()),
        *((Button(_("Older"), does="reflect.read", value=older),) if older else ()),
        Button(_("Other prompts"), does="reflect.read", value=""),
    ]
    return Card(here.prompt.title, (*blocks, Buttons(tuple(turns))), replaces=replaces)


def answer_blocks(row: AnswerRow, zone: str) -> tuple[Block, ...]:
    """One answer, who can read it, and its buttons."""
    text, answer = clip_text(row.answer.text), row.answer
    whole = Button(_("Read it all"), does="reflect.whole", value=f"a{answer.id}")
    handles = (*(() if text == answer.text else (whole,)), *row.handles)
    return (
        Quote(text, by=answer.name),
        Note(_about(answer, zone, new=row.new)),
        *((Buttons(handles),) if handles else ()),
    )


def is_cut(answer: Answer) -> bool:
    """Whether a page shows less than all of an answer, with a button for the rest."""
    return clip_text(answer.text) != answer.text


def whole_card(answer: Answer, here: AskedPrompt, zone: str, at: int, handles: Sequence[Button] = ()) -> Card:
    """One answer in full, from its `at`th character on, as much as a card holds."""
    piece = answer.text[at : at + WHOLE]
    turns = []
    if at + WHOLE < len(answer.text):
        turns.append(Button(_("Read on"), does="reflect.whole", value=f"a{answer.id}/{at + WHOLE}"))
    turns.append(Button(_("Back to the answers"), does="reflect.read", value=f"o{here.id}"))
    return Card(
        here.prompt.title,
        (
            Heading(here.prompt.title),
            Quote(piece, by=answer.name),
            Note(_about(answer, zone, new=False)),
            Buttons(tuple((*turns, *handles)[:5])),
        ),
        replaces=True,
    )


def _about(answer: Answer, zone: str, *, new: bool) -> Words:
    start = _("New · ") if new else ""
    return compose(
        _("{start}{first_at} · {circles}"),
        start=start,
        first_at=Moment(answer.first_at, zone, "date"),
        circles=_(CIRCLES[answer.sharing]),
    )


def _answers(count: int) -> str:
    if count > COUNTED:
        return _("more than {counted} answers", counted=COUNTED)
    return ngettext("{count} answer", "{count} answers", count)


def _number(count: int) -> str:
    return _("more than {counted}", counted=COUNTED) if count > COUNTED else str(count)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ANSWER, ASKED, LONG, OTHER  # examples only

    acts = ("Thank Cleo Marsh", "Reply to Cleo Marsh", "Report", "Hide")
    handles = tuple(Button(act, does="reflect.read", value=f"o{number}") for number, act in enumerate(acts))
    lines = (PromptLine(ASKED, 12, 2), PromptLine(OTHER, 1, 0), PromptLine(OTHER, COUNTED + 1, 0))
    rows = (AnswerRow(ANSWER, True), *(AnswerRow(LONG, False, handles) for _ in range(3)))
    full = [AnswerRow(LONG, True, handles)] * 4
    zone = "Europe/Dublin"
    return (
        prompts_card(lines, zone, older="p1760000000000000.57"),
        prompts_card((), zone),
        answers_card(ASKED, rows, zone, newest="o57", older="o57/1760000000000000.301/-", replaces=True),
        answers_card(ASKED, full, zone, newest="o57", older="o57/1760000000000000.301/-", replaces=True),
        answers_card(ASKED, (), zone, newest="", older="", replaces=False),
        whole_card(LONG, ASKED, zone, 0),
        whole_card(LONG, ASKED, zone, WHOLE),
    )
