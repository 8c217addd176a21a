"""The cards of a prompt: as it is asked, and the list of open ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, Words, compose, say
from bot.chat.language import N_, _, format_list, ngettext
from bot.people.small_groups import MINIMUM
from bot.reflections.closing_times import closing_moment
from bot.reflections.prompts.follow_ups import list_openings, name_answers
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.coming_prompt import ComingPrompt, coming_note
from bot.reflections.taps.card_blocks import tap_blocks

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
    """The title and the question, which nothing that follows outweighs."""
    blocks: list[Block] = [
        Heading(prompt.title),
        *question_blocks(occurrence, prompt, one_by_one=one_by_one),
    ]
    if prompt.one_line:
        blocks.append(Note(_("Short of time? {idea}", idea=_(prompt.one_line))))
    return blocks


def question_blocks(occurrence: int, prompt: Prompt, *, one_by_one: bool) -> list[Block]:
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
        if not one.answer.says_options() and (ways := one.answer.ways()):
            blocks.append(Markdown(ways))
        blocks += tap_blocks(occurrence, prompt, number)
    return blocks


ANSWER, EDIT, EITHER = N_("Answer"), N_("Edit your answer"), N_("Answer or edit")
"""The main button, for somebody who has not answered, for somebody who has, and for everybody in a channel."""


def answer_buttons(occurrence: int, *, anonymous: bool, label: str = ANSWER, hints: bool = False) -> Buttons:
    """The ways to answer that a prompt takes, its hints if the card has none, and letting it pass if it is not answered."""
    ref = f"o{occurrence}"
    named = Button(_(label), opens="reflect.answer", value=ref, style="main")
    unnamed = Button(_("Answer anonymously"), opens="anonymous.answer", value=ref)
    skip = Button(_("Not this week"), does="reflect.skip", value=ref)
    more = Button(_("Hints"), does="reflect.hints", value=ref)
    others = ((unnamed, anonymous), (more, hints), (skip, label != EDIT))
    return Buttons((named, *(one for one, offered in others if offered)))


def _until(prompt: Prompt, closes_at: datetime, zone: str) -> Words:
    return compose(_("Open until {when}."), when=closing_moment(prompt, closes_at, zone))


@dataclass(frozen=True, slots=True)
class CardNotes:
    """Which fixed notes a card carries, and whether its readers see each for the first time.

    `replies`: whether what is written in its thread can be read; `shares`: whether an answer by direct message is shared
    as its reader has set. A note that is not new has ten words.
    """

    new: bool = True
    anonymous_new: bool = True
    replies: bool = True
    shares: bool = False


ALL_NEW = CardNotes()


def _sensitive_note(notes: CardNotes) -> str:
    """How to answer a sensitive prompt in a channel: not where everybody reads it."""
    if not notes.new:
        return _("Press the button, not the thread. Only you read it.")
    return _(
        "Press Answer or edit, and only you can read it unless you share it. Please do not answer in the thread, where "
        "everyone can read it. Please don’t name students or colleagues. /my data shows, exports, or deletes what Tilth stores."
    )


def _channel_note(prompt: Prompt, notes: CardNotes) -> str:
    """How to answer in a channel, and who reads it."""
    if prompt.audience:
        return _sensitive_note(notes)
    match notes.new, notes.replies:
        case True, True:
            return _(
                "Reply in the thread, and everyone here can read it. Press Answer or edit, and only you can read it unless you "
                "share it. Please don’t name students or colleagues. /my data shows, exports, or deletes what Tilth stores."
            )
        case True, False:
            return _(
                "Press Answer or edit, and only you can read it unless you share it. In the thread I can "
                "read only replies that mention me. Everyone here can read those. Please don’t name students "
                "or colleagues. /my data shows, exports, or deletes what Tilth stores."
            )
        case False, True:
            return _("Everyone here reads replies. Answers stay private. Use no names.")
        case _:
            return _("Mention me in replies. Answers stay private. Use no names.")


def _direct_note(prompt: Prompt, notes: CardNotes) -> str:
    """How to answer in a direct message, and who reads it."""
    match notes.new, notes.shares and not prompt.audience:
        case True, False:
            return _(
                "Write your answer here, or press Answer. Only you can read it unless you share it. Please "
                "don’t name students or colleagues."
            )
        case True, True:
            return _(
                "Write your answer here, or press Answer. It is shared as you chose in /my settings. Please "
                "don’t name students or colleagues."
            )
        case False, False:
            return _("Write here or press Answer. Only you read your answer.")
        case _:
            return _("Write here or press Answer. It follows your sharing setting.")


def _anonymous_notes(notes: CardNotes) -> tuple[Note, ...]:
    """What the button for anonymous answers does."""
    if notes.anonymous_new:
        return (
            Note(
                _(
                    "Answer anonymously: everyone sees your answer without your name after the prompt closes, if at least "
                    "{fewest} people answer that way. The form says what cannot be hidden.",
                    fewest=MINIMUM,
                )
            ),
        )
    return (Note(_("Anonymous answers appear after closing, if at least {fewest} come.", fewest=MINIMUM)),)


def prompt_card(
    occurrence: int, prompt: Prompt, closes_at: datetime, zone: str, *, notes: CardNotes = ALL_NEW, anonymous: bool = False,
    answered: int | None = None,
) -> Card:  # fmt: skip
    """The weekly prompt in a channel while it is open: the bare question. `answered`: how many did, where that is told."""
    count = "" if answered is None else _("{count} people answered so far.", count=answered)
    return say(
        prompt.title,
        *_ask_blocks(occurrence, prompt),
        Markdown(_until(prompt, closes_at, zone)),
        *((Note(count),) if count else ()),
        answer_buttons(occurrence, anonymous=anonymous, label=EITHER, hints=bool(prompt.help_full)),
        *(_anonymous_notes(notes) if anonymous else ()),
        Note(_channel_note(prompt, notes)),
    )


def closed_card(prompt: Prompt, digest: str) -> Card:
    """A prompt in a channel after it closed: nothing to press but the way to its digest (`channel/message`), if it has one."""
    led = (Buttons((Button(_("See the answers"), message=digest),)),) if digest else ()
    question = Markdown(f"**{questions_text(prompt)}**")
    return say(prompt.title, Heading(prompt.title), question, Markdown(_("This prompt is closed.")), *led)


def direct_card(
    occurrence: int, prompt: Prompt, closes_at: datetime, zone: str, size: str, *, notes: CardNotes = ALL_NEW,
    anonymous: bool = False,
) -> Card:  # fmt: skip
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
        Markdown(_until(prompt, closes_at, zone)),
        answer_buttons(occurrence, anonymous=anonymous, hints=bool(prompt.help_full) and size != "full"),
        *(_anonymous_notes(notes) if anonymous else ()),
        Note(_direct_note(prompt, notes)),
    )


def copy_removed_card() -> Card:
    """What stands in the thread of a copy that was removed."""
    return say(
        _("This prompt was posted twice"),
        Markdown(
            _(
                "This prompt was posted twice by mistake, and I removed this copy. Your answers here still count."
            )
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


def open_prompts_card(
    prompts: Sequence[AskedPrompt], answered: set[int], zone: str, coming: ComingPrompt | None = None
) -> Card:
    """What awaits an answer now, with buttons that say whether its reader has answered, and what comes next."""
    ahead = () if coming is None else (coming_note(coming, zone),)
    if not prompts:
        return say(
            _("There is no open prompt right now"),
            Markdown(_("There is no open prompt right now. `/reflect history` shows your answers.")),
            *ahead,
        )
    blocks: list[Block] = [Heading(title := _("Open prompts"))]
    for one in prompts:
        done = one.id in answered
        blocks.append(Markdown(f"**{one.prompt.title}**\n\n{questions_text(one.prompt)}"))
        told = _("You answered. Open until {when}.") if done else _("Open until {when}.")
        blocks.append(Markdown(compose(told, when=Moment(one.closes_at, zone))))
        blocks.append(answer_buttons(one.id, anonymous=one.anonymous, label=EDIT if done else ANSWER))
    return say(title, *blocks, *ahead)


def examples() -> tuple[Card, ...]:
    """Every card about prompts, for the gallery and the tests of every platform."""
    from bot.reflections.examples import ASKED, MANY, OTHER  # examples only

    soon, zone, prompt = ASKED.closes_at, "America/Chicago", ASKED.prompt
    known = CardNotes(new=False, anonymous_new=False)
    return (
        prompt_card(57, prompt, soon, zone),
        prompt_card(57, prompt, soon, zone, notes=replace(ALL_NEW, replies=False)),
        prompt_card(57, prompt, soon, zone, anonymous=True),
        prompt_card(57, prompt, soon, zone, notes=known, anonymous=True),
        prompt_card(57, prompt, soon, zone, notes=replace(known, replies=False), answered=12),
        prompt_card(58, OTHER.prompt, soon, zone, notes=known),
        prompt_card(59, MANY, soon, zone, anonymous=True),
        direct_card(59, MANY, soon, zone, "full"),
        closed_card(prompt, "c1/1"),
        closed_card(prompt, ""),
        direct_card(57, prompt, soon, zone, "full"),
        direct_card(57, prompt, soon, zone, "full", anonymous=True),
        direct_card(57, prompt, soon, zone, "bare", notes=known),
        direct_card(57, prompt, soon, zone, "bare", notes=replace(known, shares=True)),
        open_prompts_card([ASKED, OTHER], {57}, zone),
        open_prompts_card([], set(), zone, ComingPrompt(soon, "C1")),
        open_prompts_card([ASKED], set(), zone, ComingPrompt(soon, "")),
        copy_removed_card(),
    )
