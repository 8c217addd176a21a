"""The cards and forms with which members report answers, and moderators decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.forms import Choice, Form, Hint
from bot.chat.language import _, format_number
from bot.reflections.answers.answer_cards import change_buttons
from bot.reflections.answers.hiding_reasons import REASONS, HidingReason
from bot.reflections.answers.tables import Answer
from bot.reflections.moderation.tables import AnswerReport
from bot.reflections.schedule.asked_prompts import AskedPrompt

LONGEST = 2500
"""Characters of an answer that moderators decide about."""


@dataclass(frozen=True, slots=True)
class ModeratedAnswer:
    """An answer that is reported or hidden, the prompt it answers, and its open reports."""

    answer: Answer
    here: AskedPrompt
    reports: Sequence[AnswerReport]


def _reasons() -> tuple[tuple[str, str], ...]:
    return tuple((reason.value, _(label)) for reason, label in REASONS.items())


def report_form(answer: Answer) -> Form:
    """What a member says of an answer that they report."""
    told = _(
        "The moderators can then read this answer, whomever it is shared with, until they decide "
        "about it. They see your name; its author does not."
    )
    return Form(
        "reflect.report", _("Report this answer"), (Hint(told), Choice("reason", _("What is wrong with it?"), _reasons())),
        value=f"a{answer.id}", submit=_("Report"),
    )  # fmt: skip


def hide_form(answer: Answer, reason: HidingReason | None) -> Form:
    """What a moderator says of an answer that they hide."""
    told = _(
        "Only its author ({answer}) can read it then. They are told the reason, and not who hid it.",
        answer=answer.name,
    )
    chosen = reason.value if reason is not None else ""
    return Form(
        "reflect.hide", _("Hide this answer"), (Hint(told), Choice("reason", _("Why?"), _reasons(), value=chosen)),
        value=f"a{answer.id}", submit=_("Hide"),
    )  # fmt: skip


def reported_card(here: AskedPrompt) -> Card:
    """To whoever reported an answer."""
    return say(
        _("You reported this answer"),
        Markdown(
            _(
                "The moderators know about this answer to *{prompt}* now, and can read it.",
                prompt=here.prompt.title,
            )
        ),
    )


def alert_card(answer_id: int, here: AskedPrompt, reason: HidingReason) -> Card:
    """To moderators: an answer was reported. Its words and names are not in it."""
    return say(
        _("An answer was reported"),
        Heading(_("An answer was reported")),
        Markdown(
            _(
                "An answer to *{prompt}* was reported. {reasons}.",
                prompt=here.prompt.title,
                reasons=_(REASONS[reason]),
            )
        ),
        Buttons((Button(_("Read it"), does="reflect.reported", value=f"a{answer_id}", style="main"),)),
        Note(_("You can read it until one of you decides. The audit log shows who read it.")),
    )


def settled_card(outcome: str) -> Card:
    """What takes the place of the alert."""
    return say(_("A reported answer"), Markdown(outcome))


def answer_card(found: ModeratedAnswer) -> Card:
    """A reported or hidden answer, to a moderator alone."""
    answer = found.answer
    shown = answer.text[:LONGEST]
    blocks: list[Block] = [Heading(found.here.prompt.title), Quote(shown, by=answer.name)]
    if len(shown) < len(answer.text):
        blocks.append(Note(_("The first {longest} characters.", longest=format_number(LONGEST))))
    blocks += [
        Note(_("Reported by {one}. {reasons}.", one=one.name, reasons=_(REASONS[one.reason])))
        for one in found.reports
    ]
    if answer.hidden is not None:
        blocks.append(Note(_("Hidden. {reasons}.", reasons=_(REASONS[answer.hidden]))))
    return say(found.here.prompt.title, *blocks, Buttons(_decisions(found)))


def _decisions(found: ModeratedAnswer) -> tuple[Button, ...]:
    state = f"a{found.answer.id}"
    if found.answer.hidden is not None:
        return (Button(_("Show again"), does="reflect.unhide", value=state),)
    leave = (Button(_("Leave it as it is"), does="reflect.leave", value=state),) if found.reports else ()
    return (Button(_("Hide"), opens="reflect.hide", value=state, style="danger"), *leave)


def list_card(found: Sequence[ModeratedAnswer]) -> Card:
    """The answers that are reported or hidden."""
    if not found:
        return say(_("No answer is reported or hidden"), Markdown(_("No answer is reported or hidden.")))
    blocks: list[Block] = [Heading(_("Reported and hidden answers"))]
    for one in found:
        answer, prompt = f"a{one.answer.id}", one.here.prompt.title
        line = (
            _("{answer} to *{prompt}* · reported", answer=answer, prompt=prompt)
            if one.answer.hidden is None
            else _("{answer} to *{prompt}* · hidden", answer=answer, prompt=prompt)
        )
        blocks.append(Markdown(line))
        blocks.append(
            Buttons(
                (Button(_("Read it"), does="reflect.reported", value=f"a{one.answer.id}"), *_decisions(one))
            )
        )
    return say(_("Reported and hidden answers"), *blocks)


def hidden_card(answer: Answer, here: AskedPrompt, *, reached: bool) -> Card:
    """To the moderator who hid an answer."""
    told = (
        _(
            "{answer} is told the reason in a direct message, in ten minutes at the earliest.",
            answer=answer.name,
        )
        if reached
        else _(
            "I cannot write to {answer}. They see it, and the reason, under the answer in their history.",
            answer=answer.name,
        )
    )
    blocks: list[Block] = [
        Markdown(
            _(
                "The answer to *{prompt}* is hidden from everybody but its author. {told}",
                prompt=here.prompt.title,
                told=told,
            )
        )
    ]
    if any(one.via in ("thread", "saved") for one in answer.parts):
        blocks.append(
            Note(
                _("The message is still in the thread. Only its author or this place's admins can delete it.")
            )
        )
    blocks.append(Buttons((Button(_("Undo"), does="reflect.unhide", value=f"a{answer.id}"),)))
    return say(_("The answer is hidden"), *blocks)


def shown_card(here: AskedPrompt) -> Card:
    """To the moderator who shows an answer again."""
    words = _(
        "The answer to *{prompt}* is shown again to those its author shares it with.",
        prompt=here.prompt.title,
    )
    return say(_("The answer is shown again"), Markdown(words))


def told_hidden_card(answer: Answer, here: AskedPrompt, reason: HidingReason) -> Card:
    """To the author of an answer that was hidden."""
    return say(
        _("A moderator hid your answer"),
        Markdown(
            _(
                "A moderator hid your answer to *{prompt}* from everybody but you. The reason: {reasons}.",
                prompt=here.prompt.title,
                reasons=_(REASONS[reason]),
            )
        ),
        Markdown(
            _(
                "You can still edit or delete it. If you think this is a mistake, tell a moderator: they can "
                "show it again."
            )
        ),
        Buttons(change_buttons(answer.id)),
    )


def told_shown_card(here: AskedPrompt) -> Card:
    """To the author of an answer that is shown again."""
    words = _(
        "A moderator made your answer to *{prompt}* visible again to the people you share it with.",
        prompt=here.prompt.title,
    )
    return say(_("Your answer is shown again"), Markdown(words))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import ANSWER, ASKED, HIDDEN, LONG  # examples only

    reports = (AnswerReport("Ben Okafor", HidingReason.NAMES),)
    reported, hidden = ModeratedAnswer(LONG, ASKED, reports), ModeratedAnswer(HIDDEN, ASKED, ())
    return (
        reported_card(ASKED),
        alert_card(301, ASKED, HidingReason.NAMES),
        settled_card(_("An answer was reported, and a moderator left it as it is.")),
        answer_card(reported),
        answer_card(hidden),
        list_card((reported, hidden)),
        list_card(()),
        hidden_card(ANSWER, ASKED, reached=True),
        hidden_card(LONG, ASKED, reached=False),
        shown_card(ASKED),
        told_hidden_card(ANSWER, ASKED, HidingReason.UNKIND),
        told_shown_card(ASKED),
    )
