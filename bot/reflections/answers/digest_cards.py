"""The digest of a prompt: how many answered, what they shared, what came without a name, and when the next one comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat.cards import Block, Buttons, Card, Heading, Markdown, Moment, Quote, compose, say
from bot.chat.language import _, ngettext
from bot.reflections.answers.turnout import Turnout
from bot.reflections.cards import clip_text
from bot.reflections.conversations.buttons import talk_buttons
from bot.reflections.prompts.model import Prompt


def digest_title(prompt: Prompt) -> str:
    """What a digest is called."""
    return _("Looking back: {title}", title=prompt.title)


def digest_card(
    prompt: Prompt, turnout: Turnout, next_at: datetime | None, zone: str, in_thread: bool,
    anonymous: Sequence[Block] = (), *, unnamed: bool = False,
) -> Card:  # fmt: skip
    """What came of a prompt: how many answered, what was shared or came without a name, what is next.

    `unnamed`: whether answers are among what is told of nobody by name (`anonymous`), not only that they are too few.
    """
    blocks: list[Block] = [Heading(digest_title(prompt))]
    if said := _describe_turnout(turnout, unnamed=unnamed):
        blocks.append(Markdown(said))
    for one in turnout.quoted:
        blocks += [Quote(clip_text(one.words), by=one.name), Buttons(talk_buttons(one.id, one.name))]
    blocks += [*_rest(turnout, in_thread=in_thread), *anonymous]
    if next_at is not None:
        said_next = compose(_("The next prompt comes on {when}."), when=Moment(next_at, zone))
        blocks.append(Markdown(said_next))
    return say(digest_title(prompt), *blocks)


def _describe_turnout(turnout: Turnout, *, unnamed: bool) -> str:
    """How many answered, and how many of them shared it, as far as there is something to say."""
    said = []
    if turnout.answered is not None and turnout.at_least:
        said.append(_("{count} or more people answered.", count=turnout.answered))
    elif turnout.answered is not None:
        said.append(_("{count} people answered.", count=turnout.answered))
    if turnout.shared:
        said.append(
            ngettext(
                "One person shared an answer with everyone.",
                "{count} people shared an answer with everyone.",
                turnout.shared,
            )
        )
    elif turnout.answered is None and not unnamed:
        said.append(_("There are no answers to show."))
    return " ".join(said)


def _rest(turnout: Turnout, *, in_thread: bool) -> tuple[Block, ...]:
    """Shared answers that are not quoted, and where they are read."""
    more = turnout.worded - len(turnout.quoted)
    if more <= 0:
        return ()
    quoted_elsewhere = sum(all(part.via != "thread" for part in one.parts) for one in turnout.quoted)
    if in_thread and turnout.elsewhere == quoted_elsewhere:
        return (
            Markdown(ngettext("{count} more is in the thread.", "{count} more are in the thread.", more)),
        )
    return (
        Markdown(
            ngettext(
                "{count} more is shared: `/reflect read` shows it.",
                "{count} more are shared: `/reflect read` shows them.",
                more,
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every digest, for the gallery and the tests of every platform."""
    from bot.reflections.examples import ANSWER, ASKED  # examples only

    later, zone = ASKED.closes_at + timedelta(days=3), "America/Chicago"
    return (
        digest_card(ASKED.prompt, Turnout(9, 1, 0, [ANSWER], worded=1), later, zone, in_thread=True),
        digest_card(
            ASKED.prompt, Turnout(12, 4, 4, [ANSWER], at_least=True, worded=4), later, zone, in_thread=True
        ),
        digest_card(ASKED.prompt, Turnout(None, 0, 0, []), None, zone, in_thread=True),
    )
