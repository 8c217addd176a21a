"""The card of answers that wait, each with its buttons and the way to its message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, Quote, compose
from bot.chat.language import _
from bot.reflections.answers.tables import Answer
from bot.reflections.cards import clip_text
from bot.reflections.conversations.buttons import talk_buttons
from bot.reports.cards import WAITING
from bot.reports.waiting_list import WaitingPlace

EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """An answer that waits, with the title of its prompt and where its message stands (space, channel, message)."""

    answer: Answer
    prompt: str
    position: WaitingPlace
    post: tuple[str, str, str] | None = None


def waiting_card(
    rows: Sequence[WaitingRow],
    zone: str,
    links: Mapping[int, str],
    *,
    older: str = "",
) -> Card:
    """A page of answers that wait. `links` are addresses by answer; `older` is the state of the next page."""
    title = _("Answers that wait")
    if not rows:
        nothing = _("Every answer that you can read has thanks or a private reply, or is not a day old yet.")
        return Card(title, (Heading(title), Markdown(nothing)))
    blocks: list[Block] = [
        Heading(title),
        Markdown(_("Nobody has thanked for these or replied in private. A tap is enough.")),
    ]
    for one in rows:
        blocks += _row(one, zone, links.get(one.answer.id, ""))
    if older:
        blocks.append(Buttons((Button(_("Older"), does=WAITING, value=older),)))
    note = _("These are answers to prompts of the last four weeks. Replies in a thread are not counted.")
    return Card(title, (*blocks, Note(note)))


def _row(one: WaitingRow, zone: str, link: str) -> tuple[Block, ...]:
    text = clip_text(one.answer.text)
    about = compose(_("{prompt} · {day}"), prompt=one.prompt, day=Moment(one.answer.first_at, zone, "date"))
    buttons = list(talk_buttons(one.answer.id, one.answer.name))
    if text != one.answer.text:
        buttons.append(Button(_("Read it all"), does="reflect.whole", value=f"a{one.answer.id}"))
    if link:
        buttons.append(Button(_("Go to the message"), link=link))
    return Quote(text, by=one.answer.name), Note(about), Buttons(tuple(buttons))


def page_state(position: WaitingPlace) -> str:
    """A place in the list as it travels in a button: microseconds since 1970, and the answer."""
    return f"{(position.at - EPOCH) // TICK}.{position.id}"
