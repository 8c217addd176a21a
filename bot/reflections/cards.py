"""The cards of a prompt: as it is asked, and the list of open ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Markdown,
    Moment,
    Note,
    Words,
    say,
)
from bot.chat.language import _, format_list, ngettext
from bot.reflections.prompts.follow_ups import list_openings, name_answers
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.card_blocks import says_its_options, tap_blocks

CLIP = 400
"""Characters of one quoted answer."""


def questions_text(prompt: Prompt, *, follow_ups: bool = False) -> str:
    """The question, or the numbered questions, of a prompt; with `follow_ups` also those that only some are asked."""
    openings = [prompt.questions[number].ask for number in list_openings(prompt)]
    asked = [f"{number}. {ask}" for number, ask in enumerate(openings, 1)] if openings[1:] else openings
    if follow_ups:
        asked += [
            _(
                "If the answer is {answer}: {question}",
                answer=format_list(name_answers(prompt.questions, number), either=True), question=one.ask,
            )
            for number, one in enumerate(prompt.questions) if one.after
        ]  # fmt: skip
    return "\n".join(asked)


def hints_of_size(prompt: Prompt, size: str) -> tuple[str, ...]:
    """The hints of one size of help: `full`, `half` or `bare`."""
    return {"full": prompt.help_full, "half": prompt.help_half}.get(size, ())


def _ask_blocks(occurrence: int, prompt: Prompt, *, one_by_one: bool = False) -> list[Block]:
    blocks: list[Block] = [
        Heading(prompt.title),
        *_question_blocks(occurrence, prompt, one_by_one=one_by_one),
    ]
    if prompt.one_line:
        blocks.append(Markdown(f"Short of time? {prompt.one_line}"))
    return blocks


def _question_blocks(occurrence: int, prompt: Prompt, *, one_by_one: bool) -> list[Block]:
    """The questions with the taps that answer them; questions that all take words stand in one block.

    `one_by_one`: only the first, because the others are asked in turn.
    """
    openings = list_openings(prompt)
    if one_by_one:
        openings = openings[:1]
    if len(openings) > 1 and not any(one.answer.taps() for one in prompt.questions):
        return [Markdown(f"**{questions_text(prompt)}**")]
    blocks: list[Block] = []
    for place, number in enumerate(openings, 1):
        one, count = prompt.questions[number], f"{place}. " if len(openings) > 1 else ""
        blocks.append(Markdown(f"**{count}{one.ask}**"))
        if not says_its_options(prompt, number) and (ways := one.answer.ways()):
            blocks.append(Markdown(ways))
        blocks += tap_blocks(occurrence, prompt, number)
    return blocks


def answer_buttons(occurrence: int, *, anonymous: bool) -> Buttons:
    """The ways to answer that a prompt takes, and letting it pass."""
    ref = f"o{occurrence}"
    named = Button("Answer", opens="reflect.answer", value=ref, style="main")
    unnamed = Button("Answer anonymously", opens="anonymous.answer", value=ref)
    skip = Button("Not this week", does="reflect.skip", value=ref)
    return Buttons((named, unnamed, skip) if anonymous else (named, skip))


ANONYMOUSLY = (
    "Answer anonymously: your answer is shown to everyone without your name after the prompt closes, if at least 5 people "
    "answer that way. The form says what cannot be hidden."
)
"""What the button for anonymous answers does, on the card of a prompt."""


def _until(closes_at: datetime, zone: str) -> Words:
    return ("Open until ", Moment(closes_at, zone), ".")


def _ways_to_answer(*, replies: bool) -> str:
    """How to answer in a channel, and who reads it; `replies`: whether what is written in its threads can be read."""
    if replies:
        return "Reply in the thread and everyone here can read it; press Answer and it stays with you unless you share it."
    return (
        "Press Answer and it stays with you unless you share it. In the thread I can read only replies that mention me; "
        "everyone here can read those."
    )


def prompt_card(
    occurrence: int, prompt: Prompt, closes_at: datetime, zone: str, *, replies: bool = True, anonymous: bool = False
) -> Card:  # fmt: skip
    """The weekly prompt in a channel: the bare question. `replies`: whether the bot reads what its thread says."""
    return say(
        prompt.title,
        *_ask_blocks(occurrence, prompt),
        Markdown(_until(closes_at, zone)),
        answer_buttons(occurrence, anonymous=anonymous),
        *((Note(ANONYMOUSLY),) if anonymous else ()),
        Note(
            f"{_ways_to_answer(replies=replies)} Please name no pupil or colleague. /my data shows, exports or deletes what is kept."
        ),
    )


def direct_card(
    occurrence: int, prompt: Prompt, closes_at: datetime, zone: str, size: str, *, anonymous: bool = False
) -> Card:
    """The weekly prompt in a direct message, with as much help as this member gets."""
    blocks = _ask_blocks(occurrence, prompt, one_by_one=True)
    if count := len(list_openings(prompt)) - 1:
        more = ngettext(
            "One more question comes after your answer.",
            "{count} more questions come, one after each answer.",
            count,
        )
        blocks.append(Markdown(more))
    if found := hints_of_size(prompt, size):
        blocks.append(Markdown("\n".join(f"- {hint}" for hint in found)))
    return say(
        prompt.title,
        *blocks,
        Markdown(_until(closes_at, zone)),
        answer_buttons(occurrence, anonymous=anonymous),
        *((Note(ANONYMOUSLY),) if anonymous else ()),
        Note("Answer by writing here, or with the form. Only you can read it unless you share it."),
    )


def copy_removed_card() -> Card:
    """What stands in the thread of a copy that was removed."""
    return say(
        "This prompt was posted twice",
        Markdown(
            "This prompt was posted twice by mistake, and I removed this copy. Your answers here still count."
        ),
    )


def clip_text(text: str, limit: int = CLIP) -> str:
    """A text cut at a paragraph, a sentence or a word, never in the middle of one."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    for mark in ("\n\n", ". ", " "):
        cut = head.rfind(mark)
        if cut > limit // 2:
            return head[:cut].rstrip() + " …"
    return head + "…"


def open_prompts_card(prompts: Sequence[AskedPrompt], answered: set[int], zone: str) -> Card:
    """What awaits an answer now, with buttons."""
    if not prompts:
        return say(
            "No prompt is open right now",
            Markdown("No prompt is open right now. `/reflect history` has your own answers."),
        )
    blocks: list[Block] = [Heading("Open prompts")]
    for one in prompts:
        mark = "Answered. " if one.id in answered else ""
        blocks.append(Markdown(f"**{one.prompt.title}** (o{one.id})\n\n{questions_text(one.prompt)}"))
        blocks.append(Markdown((mark + "Open until ", Moment(one.closes_at, zone), ".")))
        blocks.append(answer_buttons(one.id, anonymous=one.anonymous))
    return say("Open prompts", *blocks)


def examples() -> tuple[Card, ...]:
    """Every card about prompts, for the gallery and the tests of every platform."""
    from bot.reflections.examples import ASKED, OTHER  # examples only

    soon = ASKED.closes_at
    return (
        prompt_card(57, ASKED.prompt, soon, "Europe/Dublin"),
        prompt_card(57, ASKED.prompt, soon, "Europe/Dublin", replies=False),
        prompt_card(57, ASKED.prompt, soon, "Europe/Dublin", anonymous=True),
        direct_card(57, ASKED.prompt, soon, "Europe/Dublin", "full"),
        direct_card(57, ASKED.prompt, soon, "Europe/Dublin", "full", anonymous=True),
        open_prompts_card([ASKED, OTHER], {57}, "Europe/Dublin"),
        open_prompts_card([], set(), "Europe/Dublin"),
        copy_removed_card(),
    )
