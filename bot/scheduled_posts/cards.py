"""The cards of the workflow: heads-ups, dates that are late or were skipped, schedules that are suspended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.alerts.cards import code_note, other_channel_button, reason
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Markdown,
    Moment,
    Note,
    Words,
    compose,
    say,
)
from bot.chat.language import _
from bot.scheduled_posts.model import PostKind, PostPreview
from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import Approver, OccurrenceState, Schedule, SchedulePlace, Unapproved

AFTER = {
    Unapproved.WAIT: "Without that it waits.",
    Unapproved.SKIP: "Without that it is left out.",
    Unapproved.POST: "Without that it goes out all the same.",
}


def headsup_key(schedule_id: int, key: str) -> str:
    """The alert about one date of a schedule that is to come."""
    return f"headsup:{schedule_id}/{key}"


def late_key(schedule_id: int, key: str) -> str:
    """The alert about one date of a schedule that is too late to go out unasked."""
    return f"late:{schedule_id}/{key}"


def suspended_key(schedule_id: int) -> str:
    """The alert that a place of a schedule gets no posts any more."""
    return f"suspended:{schedule_id}"


def where_words(places: Sequence[SchedulePlace], *, direct: bool) -> Words:
    """The places of a schedule in a sentence."""
    parts: list[str | ChannelLink] = []
    for number, spot in enumerate(places):
        if number:
            parts.append(" and " if number == len(places) - 1 else ", ")
        parts.append(ChannelLink(spot.channel))
    return ("a direct message to everyone in ", *parts, " whom I can write to") if direct else tuple(parts)


def done_card(words: Words, *buttons: Button, replaces: bool = False) -> Card:
    """A short answer with buttons."""
    blocks: tuple[Block, ...] = (Markdown(words), Buttons(buttons)) if buttons else (Markdown(words),)
    title = words if isinstance(words, str) and len(words) < 100 else "Done"
    return Card(title, blocks, replaces=replaces)


def headsup_card(
    kind: PostKind, one: UpcomingOccurrence, shown: PostPreview, zone: str, approved: str = ""
) -> Card:
    """A post as it will look, with what moderators can do about it. `approved` says who let it go out."""
    schedule, value = one.schedule, f"{one.schedule.name}/{one.key}"
    overdue = one.state is OccurrenceState.ASKED
    into = " as " if schedule.direct else " in "
    head: Words = (
        f"**{schedule.name} {schedule.label}** ", "was due on " if overdue else "goes out on ", Moment(one.at, zone), into,
        *where_words(schedule.places, direct=schedule.direct), ".",
    )  # fmt: skip
    blocks: list[Block] = [Markdown(head), *_post_blocks(kind, shown)]
    if schedule.direct:
        blocks.append(
            Note("Each member gets it at their own hour. Members whose hour has passed by then get it late.")
        )
    blocks.append(Note(f"Approved by {approved}." if approved else _approval_words(schedule, overdue)))
    skip = Button("Leave it out" if overdue else "Skip", does=f"{kind.noun}.skip", value=value)
    buttons = (*shown.buttons, skip)
    if schedule.approver is not None and not approved:
        buttons = (Button("Approve", does=f"{kind.noun}.approve", value=value, style="main"), *buttons)
    title = f"A {kind.one} waits for you" if overdue else f"A {kind.one} is coming"
    return say(title, *blocks, Buttons(buttons))


def now_card(kind: PostKind, one: UpcomingOccurrence, shown: PostPreview, zone: str) -> Card:
    """A post as it will look, before a moderator sends it at once."""
    schedule, value = one.schedule, f"{one.schedule.name}/{one.key}"
    head: Words = (
        f"{schedule.name} would post this now", " as " if schedule.direct else " in ",
        *where_words(schedule.places, direct=schedule.direct), ", in place of the one on ", Moment(one.at, zone), ":",
    )  # fmt: skip
    return say(
        f"Post this {kind.one} now?", Markdown(head), *_post_blocks(kind, shown),
        Buttons(
            (
                Button("Post", does=f"{kind.noun}.post", value=value, style="main"),
                Button("Cancel", does=f"{kind.noun}.dismiss", value=value),
            )
        ),
    )  # fmt: skip


def _post_blocks(kind: PostKind, shown: PostPreview) -> Sequence[Block]:
    if shown.card is None:
        return [Markdown(f"There is no {kind.one} to post.")]
    return [block for block in shown.card.blocks if not isinstance(block, Buttons)]


def _approval_words(schedule: Schedule, overdue: bool) -> str:
    if schedule.approver is None:
        return "It goes out by itself."
    if overdue:
        return f"It waits until {schedule.approver.one} approves it."
    return f"It needs the word of {schedule.approver.one}. {AFTER[schedule.unapproved]}"


def settled_card(schedule: Schedule, said: str) -> Card:
    """What was shown is settled."""
    return say("Settled", Markdown(f"**{schedule.name} {schedule.label}**: {said}"))


def cancelled_card(kind: PostKind, schedule: Schedule) -> Card:
    """A schedule was cancelled: whatever moderators were asked about it is settled."""
    words = f"{schedule.name} was cancelled (**{schedule.label}**). Nothing of it is tried again."
    return say(
        f"{schedule.name} was cancelled",
        Markdown(words),
        Markdown(f"{kind.command('list')} shows what is due."),
    )


def skipped_card(
    kind: PostKind, schedule: Schedule, occurrence_id: int, due: datetime, zone: str, who: str
) -> Card:
    """A date was skipped; undoing it is one click."""
    return done_card(
        (
            f"**{schedule.name} {schedule.label}**: {who} left this one out (o{occurrence_id}). It was to come on ",
            Moment(due, zone), ".",
        ),
        Button("Undo", does=f"{kind.noun}.unskip", value=f"o{occurrence_id}"),
    )  # fmt: skip


def late_card(kind: PostKind, schedule: Schedule, key: str, due: datetime, zone: str) -> Card:
    """A post that came due while the bot was away, for too long to go out unasked."""
    value = f"{schedule.name}/{key}"
    return say(
        f"A {kind.one} is late",
        Markdown((f"**{schedule.name} {schedule.label}** was due on ", Moment(due, zone), ", and I was away. Post it now?")),
        Buttons(
            (
                Button("Post it now", does=f"{kind.noun}.post", value=value, style="main"),
                Button("Skip it", does=f"{kind.noun}.skip", value=value),
            )
        ),
    )  # fmt: skip


def suspended_card(kind: PostKind, schedule: Schedule, spot: SchedulePlace, *, whole: bool) -> Card:
    """What could not be posted several times is tried no more until somebody says so."""
    lead = (
        _("**{name} {title}** could not be posted in {channel}, so it is on hold.")
        if whole
        else _("**{name} {title}** could not be posted in {channel}. It goes on in its other channels.")
    )
    name = schedule.name or ""
    return say(
        _("A schedule is on hold"),
        Markdown(compose(lead, name=name, title=schedule.label, channel=ChannelLink(spot.channel))),
        Markdown(" ".join(reason(spot.suspended))),
        Markdown(_("When the channel is ready, press Resume. Nothing is posted there before that.")),
        Buttons(
            (
                Button(_("Resume"), does=f"{kind.noun}.resume", value=name, style="main"),
                other_channel_button(kind.noun, name, spot.place),
            )
        ),
        code_note(spot.suspended),
    )


def card_examples(kind: PostKind, upcoming: UpcomingOccurrence, shown: PostPreview) -> tuple[Card, ...]:
    """Every card of this module, for one kind."""
    from dataclasses import replace

    schedule, zone = upcoming.schedule, "Europe/Dublin"
    strict = replace(upcoming, schedule=replace(schedule, approver=Approver.ADMIN))
    late = replace(strict, state=OccurrenceState.ASKED)
    spot = SchedulePlace("local:example", "c1", "", "is_archived")
    return (
        headsup_card(kind, upcoming, shown, zone),
        headsup_card(kind, strict, shown, zone),
        headsup_card(kind, late, PostPreview(None), zone),
        headsup_card(kind, strict, shown, zone, approved="Ida Vale"),
        now_card(kind, upcoming, shown, zone),
        settled_card(schedule, "It has gone out."),
        cancelled_card(kind, schedule),
        skipped_card(kind, schedule, 57, upcoming.at, zone, "Mo Hale"),
        late_card(kind, schedule, upcoming.key, upcoming.at, zone),
        suspended_card(kind, schedule, spot, whole=True),
        suspended_card(kind, schedule, spot, whole=False),
    )
