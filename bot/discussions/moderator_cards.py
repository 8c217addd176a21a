"""Cards for moderators of discussions: the queue of topics, a meeting in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.cards import (
    Block,
    Card,
    Facts,
    Heading,
    Markdown,
    Note,
)
from bot.discussions.placeholders import KNOWN
from bot.discussions.settings import Dry, Meeting
from bot.discussions.topics import Topic
from bot.scheduled_posts.options import length_words

DRY = {
    Dry.OPEN: "it comes as “open floor”",
    Dry.AGAIN: "they start over",
    Dry.SKIP: "it is left out",
}


def meeting_words(one: Meeting) -> str:
    """A meeting in a few words."""
    seats = f", {one.seats} seats" if one.seats is not None else ""
    where = f", {one.where}" if one.where else ""
    return f"{one.when}, for {length_words(timedelta(minutes=one.minutes))}{where}{seats}"


def topics_card(name: str, title: str, waiting: Sequence[Topic], dry: Dry, wanted: bool) -> Card:
    """The queue of topics."""
    blocks: list[Block] = [Heading(f"Topics of {name}")]
    if not wanted:
        blocks.append(
            Markdown(
                "Neither title nor text has `{topic}` in it, so these wait in vain. `/discuss edit` changes that."
            )
        )
    if waiting:
        blocks.append(Facts(tuple((f"t{one.id}", one.text) for one in waiting[:25])))
        if len(waiting) > 25:
            blocks.append(Markdown(f"And {len(waiting) - 25} more."))
        blocks.append(Note(f"When the last one is used, {DRY[dry]}."))
    else:
        blocks.append(Markdown(f"No topic is waiting: {DRY[dry]}."))
    blocks.append(
        Markdown(f"`/discuss topics {name} add -- one topic a line` · `/discuss topics {name} drop t3`")
    )
    return Card(f"Topics of {title}", tuple(blocks), replaces=True)


def placeholders_line() -> str:
    """The placeholders for the hint of a form."""
    return " · ".join(f"{{{name}}}" for name in KNOWN)


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    from bot.discussions.examples import PLAN

    return (
        topics_card("d4", PLAN.title, [Topic(3, "Wait time")], Dry.OPEN, True),
        topics_card("d4", PLAN.title, [], Dry.SKIP, False),
    )
