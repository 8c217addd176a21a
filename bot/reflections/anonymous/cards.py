"""The cards of anonymous answers: what the form warns of, the receipt, and what is shown after closing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.language import _
from bot.people.small_groups import MINIMUM
from bot.reflections.anonymous.publication import PublishedAnswers
from bot.reflections.anonymous.receipts import ReceiptCode
from bot.reflections.answers.hints import deeper_blocks
from bot.reflections.cards import answer_buttons, clip_text
from bot.reflections.schedule.asked_prompts import AskedPrompt

CLIPPED, QUOTE = 200, 600
"""Characters of one anonymous answer in a digest, and on a page of them."""


def too_few_text() -> str:
    """What is said in place of answers that are too few."""
    return _(
        "Fewer than {minimum} people answered anonymously, so none of these answers are shown to anybody.",
        minimum=MINIMUM,
    )


def notice_text(witness: str) -> str:
    """What somebody reads before they write: who reads it, what is stored, and what cannot be hidden.

    `witness` says what the platform learns of a form that is sent.
    """
    return _(
        "**Who reads it:** everyone in the community, without your name, after the prompt closes. If "
        "fewer than {minimum} people answer anonymously, all of these answers are deleted unread.\n"
        "**What is stored:** your words, locked until the prompt closes. No name, no time, no order. "
        "A locked mark lets each person answer once; closing destroys it, and until then your answer "
        "is not fully anonymous.\n"
        "**What cannot be hidden:** {witness} Whoever controls this Tilth could watch while answers "
        "arrive. How you write, and what you tell, can show who you are.\n"
        "It finishes no lesson and stops no reminder, because nothing may show that you wrote.",
        minimum=MINIMUM,
        witness=_(witness) if witness else "",
    )


def receipt_card(here: AskedPrompt, code: ReceiptCode) -> Card:
    """To whoever answered anonymously, once: the code by which their answer can be changed and deleted."""
    return say(
        _("Your anonymous answer is stored"),
        Markdown(
            _("Your anonymous answer to *{prompt}* is stored. Your receipt code:", prompt=here.prompt.title)
        ),
        Markdown(f"`{code.text}`"),
        Markdown(
            _(
                "Keep it if you may want to change or delete your answer: `/reflect receipt` with this code "
                "does both. I store only a fingerprint of the code, so I cannot show it again."
            )
        ),
        *deeper_blocks(here.prompt),
        _handles(code, published=False),
        Note(
            _(
                "You will not find it among your own answers. `/my data` does not show or delete it, because "
                "nobody can tell that it is yours."
            )
        ),
    )


def changed_card(here: AskedPrompt) -> Card:
    """An anonymous answer says something else now."""
    words = _(
        "Your anonymous answer to *{prompt}* is changed. Its receipt code stays the same.",
        prompt=here.prompt.title,
    )
    return say(_("Your anonymous answer is changed"), Markdown(words))


def deleted_card() -> Card:
    """An anonymous answer was deleted with its code."""
    return say(_("The anonymous answer is deleted"), Markdown(_("The anonymous answer is deleted for good.")))


def found_card(here: AskedPrompt, code: ReceiptCode, *, published: bool) -> Card:
    """What can be done with an answer whose code somebody has."""
    can = (
        _("The prompt has closed, so the answer can be deleted and no longer changed.")
        if published
        else _("It is locked until the prompt closes. You can change or delete it.")
    )
    words = _(
        "That code belongs to an anonymous answer to *{prompt}*. {can}", prompt=here.prompt.title, can=can
    )
    return say(_("An anonymous answer"), Markdown(words), _handles(code, published=published))


def _handles(code: ReceiptCode, *, published: bool) -> Buttons:
    change = Button(_("Change"), opens="anonymous.change", value=code.text)
    delete = Button(_("Delete"), does="anonymous.delete", value=code.text, style="danger")
    return Buttons((delete,) if published else (change, delete))


# ── from closing on ───────────────────────────────────────────────────────────


def digest_blocks(here: AskedPrompt, published: PublishedAnswers) -> tuple[Block, ...]:
    """The anonymous answers in the digest of a prompt that took them."""
    if not published.shown:
        return (Markdown(too_few_text()),)
    return (
        Markdown(_("**{total} anonymous answers**", total=published.total)),
        *(Quote(clip_text(one.text, CLIPPED)) for one in published.shown),
        Buttons((Button(_("Read all anonymous answers"), does="anonymous.read", value=f"o{here.id}"),)),
    )


def published_card(
    here: AskedPrompt, published: PublishedAnswers, page: int, *, more: bool, moderator: bool
) -> Card:
    """A page of the anonymous answers to a prompt; a moderator can hide each."""
    blocks: list[Block] = [Heading(_("Anonymous answers: {prompt}", prompt=here.prompt.title))]
    if not published.total:
        blocks.append(Markdown(too_few_text()))
    for one in published.shown:
        blocks.append(Quote(clip_text(one.text, QUOTE)))
        if moderator:
            blocks.append(Buttons((Button(_("Hide"), does="anonymous.hide", value=one.id, style="danger"),)))
    turns = []
    if page > 0:
        turns.append(Button(_("Back"), does="anonymous.read", value=f"o{here.id}/{page - 1}"))
    if more:
        turns.append(Button(_("More"), does="anonymous.read", value=f"o{here.id}/{page + 1}"))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    if published.total:
        blocks.append(Note(_("In no order: nobody can tell who wrote what, or when.")))
    return Card(_("Anonymous answers"), tuple(blocks))


def hidden_card(answer_id: str, *, too_few: bool) -> Card:
    """To a moderator who hid an anonymous answer; it can be shown again."""
    rest = (
        _(" Fewer than {minimum} are left, so none of them are shown now.", minimum=MINIMUM)
        if too_few
        else ""
    )
    return say(
        _("The answer is hidden"),
        Markdown(
            _(
                "The answer is hidden from everyone. I cannot tell its author: nobody knows who that "
                "is.{rest}",
                rest=rest,
            )
        ),
        Buttons((Button(_("Undo"), does="anonymous.show", value=answer_id),)),
    )


def shown_card() -> Card:
    """To a moderator who took hiding back."""
    return say(_("The answer is shown again"), Markdown(_("The answer is shown again.")))


def prompts_card(still_open: Sequence[AskedPrompt], closed: Sequence[AskedPrompt]) -> Card:
    """Where somebody can answer anonymously now, and what was answered so."""
    if not still_open and not closed:
        words = _("No prompt takes anonymous answers right now. `/reflect` shows what is open.")
        return say(_("No anonymous answers"), Markdown(words))
    blocks: list[Block] = []
    for one in still_open:
        blocks += [
            Markdown(_("**{prompt}** is open.", prompt=one.prompt.title)),
            answer_buttons(one.id, anonymous=True),
        ]
    for one in closed:
        read = Button(_("Read"), does="anonymous.read", value=f"o{one.id}")
        blocks += [Markdown(_("**{prompt}** has closed.", prompt=one.prompt.title)), Buttons((read,))]
    return say(_("Anonymous answers"), Heading(_("Anonymous answers")), *blocks)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.reflections.examples import CODE, OTHER, UNNAMED, UNSIGNED  # examples only

    some = PublishedAnswers(7, (UNSIGNED,) * 5)
    return (
        receipt_card(UNNAMED, CODE),
        changed_card(UNNAMED),
        deleted_card(),
        found_card(UNNAMED, CODE, published=False),
        found_card(UNNAMED, CODE, published=True),
        say("Looking back", *digest_blocks(UNNAMED, some)),
        say("Looking back", *digest_blocks(UNNAMED, PublishedAnswers(0, ()))),
        published_card(UNNAMED, some, 0, more=True, moderator=False),
        published_card(UNNAMED, some, 1, more=False, moderator=True),
        published_card(UNNAMED, PublishedAnswers(0, ()), 0, more=False, moderator=True),
        hidden_card(UNSIGNED.id, too_few=True),
        shown_card(),
        prompts_card([UNNAMED], [OTHER]),
        prompts_card([], []),
    )
