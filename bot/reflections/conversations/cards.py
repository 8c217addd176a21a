"""The cards and the form of thanks and private replies."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.forms import Form, Hint, LongText
from bot.chat.language import _, format_list, ngettext
from bot.reflections.conversations.buttons import END, REPLY, UNTHANK
from bot.reflections.conversations.tables import Conversation
from bot.reminders.policy import Wording

LIMIT = 2000
"""Characters of one private reply: with what stands around it, it fits into one message everywhere."""
FEW = 5
"""From so many people on, a number is told; fewer could be guessed."""
NAMED = 3
"""Prompts that the line about thanks names; the others are counted."""


# ── private replies ───────────────────────────────────────────────────────────


def reply_form(value: str, name: str, prompt: str) -> Form:
    """Write to the other one; `value` says about which answer, or in which conversation."""
    readers = _(
        "Only {name} gets this, by direct message, with your name. Moderators cannot read it. It is "
        "about “{prompt}”.",
        name=name,
        prompt=prompt,
    )
    return Form(
        REPLY, _("Write a private reply"),
        (Hint(readers), LongText("text", _("Your reply"), limit=LIMIT)), value=value, submit=_("Send"),
    )  # fmt: skip


def reply_card(here: Conversation, prompt: str, writer: str, text: str, *, first: bool, ended: bool) -> Card:
    """What somebody wrote, to the other one. The note is in full under the `first` reply."""
    blocks: list[Block] = [
        Markdown(_("A private reply about *{prompt}*", prompt=prompt)),
        Quote(text, by=writer),
    ]
    if ended:
        return say(
            _("A private reply from {writer}", writer=writer),
            *blocks,
            Note(_("{writer} has ended this conversation.", writer=writer)),
        )
    note = _("Only you and {writer} can read this.", writer=writer)
    if first:
        note += _(
            " Moderators cannot. To write back, press Reply or answer under this message. Either of you "
            "can end the conversation."
        )
    return say(_("A private reply from {writer}", writer=writer), *blocks, _handles(here.id), Note(note))


def _handles(conversation_id: int) -> Buttons:
    state = f"c{conversation_id}"
    return Buttons(
        (
            Button(_("Reply"), opens=REPLY, value=state),
            Button(_("End conversation"), does=END, value=state),
        )
    )


def sent_card(here: Conversation, name: str, *, at_once: bool, files: bool = False) -> Card:
    """To the writer: where their reply goes, and when."""
    when = (
        _("Your reply is on its way to {name}, by direct message.", name=name)
        if at_once
        else _("{name} gets your reply by direct message, outside their quiet hours and days off.", name=name)
    )
    left = _(" I pass on words, not files: your file was not sent.") if files else ""
    end = Buttons((Button(_("End conversation"), does=END, value=f"c{here.id}"),))
    return say(_("Your private reply"), Markdown(when + left), end)


def ended_card(here: Conversation, name: str, dropped: int) -> Card:
    """To whoever ended a conversation."""
    about = _("The conversation with {name} has ended. {name} can’t write to you in it anymore.", name=name)
    if dropped:
        about += _(" If they wrote something that you did not get yet, it is not delivered.")
    return say(
        _("The conversation is ended"),
        Markdown(_("{about} Only you can begin it again.", about=about)),
        Buttons((Button(_("Begin again"), opens=REPLY, value=f"c{here.id}"),)),
    )


def lost_card(prompt: str, name: str, text: str) -> Card:
    """To a writer: their reply did not reach the other one."""
    return say(
        _("Your private reply was not delivered"),
        Markdown(
            _(
                "I could not deliver your private reply to {name} about *{prompt}*. This is what you wrote:",
                name=name,
                prompt=prompt,
            )
        ),
        Quote(text),
    )


def conversations_card(rows: Sequence[tuple[Conversation, str, str]]) -> Card:
    """A member's open conversations, each with the name of the other one and the prompt."""
    title = _("Your private conversations")
    if not rows:
        return say(
            title,
            Markdown(
                _("You have no open private conversation. Press **Reply** under an answer to start one.")
            ),
        )
    blocks: list[Block] = [Heading(title)]
    for here, name, prompt in rows:
        blocks += [Markdown(_("**{name}**, about *{prompt}*", name=name, prompt=prompt)), _handles(here.id)]
    return say(title, *blocks, Note(_("Only the two of you can read what you write.")))


# ── thanks ────────────────────────────────────────────────────────────────────


def thanked_card(answer_id: int, name: str, *, new: bool) -> Card:
    """To whoever pressed Thank: what the author learns of it, and the way back."""
    before = _("You thanked") if new else _("You have thanked")
    return say(
        _("Thanks"),
        Markdown(
            _(
                "{before} {name} for this answer. If {name} takes reminders, they hear of it in one line a "
                "day at most, without your name.",
                before=before,
                name=name,
            )
        ),
        Buttons((Button(_("Take back my thanks"), does=UNTHANK, value=f"a{answer_id}"),)),
    )


def unthanked_card(*, told: bool) -> Card:
    """To whoever took their thanks back; `told`: the author has heard of them."""
    heard = _(" The author has heard of them already, without your name.") if told else ""
    return say(_("Thanks taken back"), Markdown(_("Your thanks are taken back.{heard}", heard=heard)))


def thanks_lines(people: int, prompts: Sequence[str]) -> tuple[str, ...]:
    """The ways to tell an author, once a day at most, that `people` thanked them for answers to these prompts."""
    named = [f"*{title}*" for title in prompts[:NAMED]]
    if (more := len(prompts) - NAMED) > 0:
        named.append(ngettext("{count} more", "{count} more", more))
    listed = format_list(named)
    count, known = len(prompts), {"people": people, "prompts": listed}
    if people >= FEW:
        return (
            ngettext("{people} people thanked you for your answer to {prompts}.",
                     "{people} people thanked you for your answers to {prompts}.", count, **known),
            ngettext("{people} people said thank you for your answer to {prompts}.",
                     "{people} people said thank you for your answers to {prompts}.", count, **known),
            ngettext("You got thanks from {people} people for your answer to {prompts}.",
                     "You got thanks from {people} people for your answers to {prompts}.", count, **known),
        )  # fmt: skip
    return (
        ngettext("You got thanks for your answer to {prompts}.",
                 "You got thanks for your answers to {prompts}.", count, **known),
        ngettext("Somebody wants to thank you for your answer to {prompts}.",
                 "Somebody wants to thank you for your answers to {prompts}.", count, **known),
        ngettext("There are new thanks for your answer to {prompts}.",
                 "There are new thanks for your answers to {prompts}.", count, **known),
    )  # fmt: skip


def thanks_card(said: Wording) -> Card:
    """To an author: one of these lines."""
    return say(_("Thanks for your answer"), Markdown(said.sentence))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    here = Conversation(4, 1, 57, 301, 8, 7, None)
    text = "We have the same jam. What do you do when the line is long?"
    return (
        reply_card(here, "The quiet corner", "Ben Okafor", text, first=True, ended=False),
        reply_card(here, "The quiet corner", "Ben Okafor", text, first=False, ended=True),
        sent_card(here, "Ada Quinn", at_once=True, files=True),
        sent_card(here, "Ada Quinn", at_once=False),
        ended_card(here, "Ben Okafor", dropped=1),
        lost_card("The quiet corner", "Ada Quinn", text),
        conversations_card([(here, "Ada Quinn", "The quiet corner")]),
        conversations_card([]),
        thanked_card(301, "Ada Quinn", new=True),
        unthanked_card(told=True),
        thanks_card(Wording(thanks_lines(1, ["The quiet corner"])[0])),
        thanks_card(Wording(thanks_lines(6, ["The quiet corner", "Room to think", "A chair", "An idea"])[0])),
    )
