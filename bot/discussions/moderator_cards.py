"""Cards for moderators of discussions: the queue of topics, a meeting in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Note,
)
from bot.chat.language import N_, _, ngettext
from bot.discussions.placeholders import KNOWN
from bot.discussions.settings import Dry, Meeting
from bot.discussions.topics import Topic
from bot.scheduled_posts.options import length_words
from bot.schedules.model import label_of

DRY = {
    Dry.OPEN: N_("When the list is empty, the discussion has an open floor."),
    Dry.AGAIN: N_("When the list is empty, it starts over."),
    Dry.SKIP: N_("When the list is empty, the discussion is skipped."),
}


def meeting_words(one: Meeting) -> str:
    """A meeting in a few words."""
    seats = ngettext("{count} seat", "{count} seats", one.seats) if one.seats is not None else ""
    return ", ".join(filter(None, (one.when, length_words(timedelta(minutes=one.minutes)), one.where, seats)))


def topics_card(name: str, title: str, waiting: Sequence[Topic], dry: Dry, wanted: bool) -> Card:
    """The queue of topics."""
    blocks: list[Block] = [Heading(_("Topics of {name}", name=name))]
    if not wanted:
        blocks.append(
            Markdown(
                _("No topic is used yet. To use them, put {word} in the title or the text.", word="`{topic}`")
            )
        )
        blocks.append(Buttons((Button(_("Change the title"), opens="discuss.change", value=name),)))
    if waiting:
        blocks.append(Facts(tuple((f"t{one.id}", one.text) for one in waiting[:25])))
        if len(waiting) > 25:
            blocks.append(Markdown(ngettext("And {count} more.", "And {count} more.", len(waiting) - 25)))
    else:
        blocks.append(Markdown(_("The list is empty.")))
    blocks.append(Note(_(DRY[dry])))
    blocks.append(Buttons((Button(_("Add topics"), opens="discuss.topics", value=name, style="main"),)))
    if waiting:
        drop = f"/discuss topics {name} drop t{waiting[0].id}"
        blocks.append(Note(_("{command} takes one out.", command=drop)))
    return Card(_("Topics of {name}", name=label_of(title)), tuple(blocks), replaces=True)


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
