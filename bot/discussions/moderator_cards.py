"""How planning looks to moderators: the preview of a new discussion, what is due, the queue of topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Quote,
    Words,
    say,
)
from bot.discussions.placeholders import KNOWN
from bot.discussions.settings import DiscussionSettings, Dry, Meeting
from bot.discussions.topics import Topic
from bot.schedules.model import BreakPolicy, OccurrenceState

DRY = {
    Dry.OPEN: "it comes as “open floor”",
    Dry.AGAIN: "they start over",
    Dry.SKIP: "it is left out",
}
BREAKS = {
    BreakPolicy.SKIP: "left out",
    BreakPolicy.HOLD: "held until the return",
    BreakPolicy.IGNORE: "comes all the same",
}


MOST = 20
"""Lines on one card: more would be longer than a message may be."""


@dataclass(frozen=True, slots=True)
class DiscussionLine:
    """One dated discussion as moderators see it: when, what it will be called, and what becomes of it."""

    at: datetime
    title: str
    state: str
    schedule: str = ""


def length(one: timedelta) -> str:
    """A length of time for people."""
    weeks, days = divmod(one.days, 7)
    hours, minutes = one.seconds // 3600, one.seconds % 3600 // 60
    parts = [(weeks, "week"), (days, "day"), (hours, "hour"), (minutes, "minute")]
    return " ".join(f"{many} {name}{'s' if many != 1 else ''}" for many, name in parts if many) or "no time"


def state(now: OccurrenceState, reason: str | None) -> str:
    """What becomes of it, with the reason."""
    word = {
        OccurrenceState.PLANNED: "planned",
        OccurrenceState.SKIPPED: "skipped",
        OccurrenceState.ASKED: "waits",
        OccurrenceState.QUEUED: "going out",
    }
    return word.get(now, now.value) + (f" ({reason})" if reason else "")


def plan_facts(plan: DiscussionSettings, sentence: str, once: bool, breaks: BreakPolicy) -> Facts:
    """A plan, a line for each part of it."""
    rows: list[tuple[str, Words]] = [("When", sentence), ("Where", (ChannelLink(plan.place.channel),))]
    if plan.close is not None:
        rows.append(("Open for", length(plan.close)))
    else:
        rows.append(("Open", "for 1 week" if once else "until the next one"))
    if plan.tags:
        rows.append(("Tags", ", ".join(plan.tags)))
    if plan.meeting is not None:
        rows.append(("Meeting", meeting_words(plan.meeting)))
    if plan.approve is not None:
        rows.append(
            (
                "Approval",
                f"by {plan.approve.one}, each time",
            )
        )
    if plan.heads_up is not None:
        rows.append(("Heads-up", f"{length(plan.heads_up)} before"))
    if plan.pings:
        rows.append(("Notifies", plan.pings))
    if breaks is not BreakPolicy.SKIP:
        rows.append(("In a break", BREAKS[breaks]))
    return Facts(tuple(rows))


def meeting_words(one: Meeting) -> str:
    """A meeting in a few words."""
    seats = f", {one.seats} seats" if one.seats is not None else ""
    where = f", {one.where}" if one.where else ""
    return f"{one.when}, for {length(timedelta(minutes=one.minutes))}{where}{seats}"


def preview_card(
    schedule_id: int,
    plan: DiscussionSettings,
    facts: Facts,
    lines: Sequence[DiscussionLine],
    zone: str,
    notes: Sequence[str],
    once: bool,
) -> Card:
    """What a new discussion will do, before it is confirmed."""
    blocks: list[Block] = [Heading("A new discussion"), facts]
    blocks.append(Markdown("**When it comes**" if once else "**The next dates**"))
    blocks.append(lines_block(lines, zone))
    if plan.text:
        blocks += [Markdown("**It begins with**"), Quote(plan.text)]
    else:
        blocks.append(Markdown("It has no opening text yet: press Edit to write one."))
    blocks += [Note(one) for one in notes]
    state = f"d{schedule_id}"
    blocks.append(
        Buttons(
            (
                Button("Confirm", does="discuss.confirm", value=state, style="main"),
                Button("Edit", opens="discuss.draft", value=state),
                Button("Cancel", does="discuss.drop", value=state),
            )
        )
    )
    return Card("A new discussion", tuple(blocks))


def lines_block(lines: Sequence[DiscussionLine], zone: str) -> Block:
    """Dated discussions, a line each."""
    rows = [(_label(number, one), _about(one, zone)) for number, one in enumerate(lines[:MOST], 1)]
    if len(lines) > MOST:
        rows.append(("…", f"and {len(lines) - MOST} more; `/discuss preview` has all of them in a file"))
    return Facts(tuple(rows)) if rows else Markdown("Nothing.")


def _label(number: int, one: DiscussionLine) -> str:
    return one.schedule or str(number)


def _about(one: DiscussionLine, zone: str) -> Words:
    title = f": {one.title}" if one.title else ""
    state = f" · {one.state}" if one.state and one.state != "planned" else ""
    return (Moment(one.at, zone), f"{title}{state}")


def list_card(
    lines: Sequence[DiscussionLine],
    open_now: Sequence[tuple[str, str, datetime | None]],
    days: int,
    zone: str,
) -> Card:
    """What is due in the next days, and what is open. `open_now`: (schedule, title, closing date)."""
    blocks: list[Block] = [Heading("Discussions")]
    if open_now:
        blocks.append(Markdown("**Open now**"))
        rows: list[tuple[str, Words]] = []
        for name, title, closes in open_now[:MOST]:
            until: Words = (
                (f"{title}, until the next one",)
                if closes is None
                else (f"{title}, until ", Moment(closes, zone))
            )
            rows.append((name, until))
        blocks.append(Facts(tuple(rows)))
    if lines:
        blocks += [Markdown(f"**In the next {days} days**"), lines_block(lines, zone)]
    elif not open_now:
        return say(
            "No discussion is planned",
            Heading("No discussion is planned"),
            Markdown(
                'Plan one like this: `/discuss schedule #channel "thu 16:00" title:"Week {week}" repeat:weekly`'
            ),
            Buttons((Button("Plan a discussion", opens="discuss.new", style="main"),)),
        )
    else:
        blocks.append(Markdown(f"Nothing is due in the next {days} days."))
    blocks.append(Buttons((Button("Plan a discussion", opens="discuss.new"),)))
    return Card("Discussions", tuple(blocks))


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


def done(words: Words, *buttons: Button, replaces: bool = False) -> Card:
    """A short answer with buttons."""
    blocks: tuple[Block, ...] = (Markdown(words), Buttons(buttons)) if buttons else (Markdown(words),)
    title = words if isinstance(words, str) else "Done"
    return Card(title if len(title) < 100 else "Done", blocks, replaces=replaces)


def heads_up_card(name: str, card: Card, at: datetime, zone: str, value: str, approve: str) -> Card:
    """A discussion as it will look, before it goes out."""
    lead: Words = (
        f"{name} goes out on ",
        Moment(at, zone),
        f" in this form{', once ' + approve + ' approves' if approve else ''}:",
    )
    shown = tuple(block for block in card.blocks if not isinstance(block, Buttons))
    buttons = [
        Button("Edit", opens="discuss.edit", value=value),
        Button("Skip", does="discuss.skip", value=value),
    ]
    if approve:
        buttons.insert(0, Button("Approve", does="discuss.approve", value=value, style="main"))
    return Card(f"Coming up: {card.title}", (Markdown(lead), *shown, Buttons(tuple(buttons))))


def placeholders_line() -> str:
    """The placeholders for the hint of a form."""
    return " · ".join(f"{{{name}}}" for name in KNOWN)


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    from bot.discussions.cards import discussion_card
    from bot.discussions.examples import OPENED, PLAN, ROW

    lines = [
        DiscussionLine(OPENED + timedelta(weeks=n), f"Week {41 + n}: Wait time", "planned") for n in range(3)
    ]
    lines.append(DiscussionLine(OPENED + timedelta(weeks=3), "", "skipped (break: Half term)"))
    facts = plan_facts(PLAN, "every Thursday at 16:00, Europe/Dublin", False, BreakPolicy.HOLD)
    shown = discussion_card(ROW, PLAN, {}, "Europe/Dublin")
    return (
        preview_card(4, PLAN, facts, lines, "Europe/Dublin", ("On Sunday the clocks change.",), False),
        list_card(lines, [("d4", "Week 40: Corridors", OPENED)], 14, "Europe/Dublin"),
        list_card([], [], 14, "Europe/Dublin"),
        topics_card("d4", PLAN.title, [Topic(3, "Wait time")], Dry.OPEN, True),
        topics_card("d4", PLAN.title, [], Dry.SKIP, False),
        done("d4 rests.", Button("Undo", does="discuss.resume", value="d4")),
        heads_up_card(
            "d4",
            shown,
            OPENED,
            "Europe/Dublin",
            "d4/2026-W41",
            "a moderator",
        ),
    )
