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
    Part,
    Words,
    compose,
    say,
)
from bot.chat.language import N_, _, format_list
from bot.scheduled_posts.model import PostKind, PostPreview
from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import Approver, OccurrenceState, Schedule, SchedulePlace, Unapproved

NEEDS = {
    (Approver.MODERATOR, Unapproved.WAIT): N_("A moderator has to approve it. Without approval, it waits."),
    (Approver.MODERATOR, Unapproved.SKIP): N_(
        "A moderator has to approve it. Without approval, it is skipped."
    ),
    (Approver.MODERATOR, Unapproved.POST): N_(
        "A moderator has to approve it. Without approval, it goes out anyway."
    ),
    (Approver.ADMIN, Unapproved.WAIT): N_("An admin has to approve it. Without approval, it waits."),
    (Approver.ADMIN, Unapproved.SKIP): N_("An admin has to approve it. Without approval, it is skipped."),
    (Approver.ADMIN, Unapproved.POST): N_(
        "An admin has to approve it. Without approval, it goes out anyway."
    ),
}
"""What is said of a post that somebody has to approve."""
WAITS = {
    Approver.MODERATOR: N_("It waits until a moderator approves it."),
    Approver.ADMIN: N_("It waits until an admin approves it."),
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
    return list_places([ChannelLink(spot.channel) for spot in places], direct=direct)


def list_places(places: Sequence[Part], *, direct: bool) -> Words:
    """Places in a sentence; `direct`: what is posted goes to the people in them."""
    names = format_list([f"{{c{number}}}" for number in range(len(places))])
    listed = compose(names, **{f"c{number}": part for number, part in enumerate(places)})
    if direct:
        return compose(_("direct messages to everyone Tilth can reach in {channels}"), channels=listed)
    return listed


def join_words(separator: str, *said: Words) -> tuple[Part, ...]:
    """Sentences or phrases after each other; an empty one is left out."""
    found: list[Part] = []
    for one in filter(None, said):
        found += [*([separator] if found else []), *((one,) if isinstance(one, str) else one)]
    return tuple(found)


def done_card(words: Words, *buttons: Button, replaces: bool = False) -> Card:
    """A short answer with buttons."""
    blocks: tuple[Block, ...] = (Markdown(words), Buttons(buttons)) if buttons else (Markdown(words),)
    title = words if isinstance(words, str) and len(words) < 100 else _("Done")
    return Card(title, blocks, replaces=replaces)


def headsup_card(
    kind: PostKind, one: UpcomingOccurrence, shown: PostPreview, zone: str, approved: str = ""
) -> Card:
    """A post as it will look, with what moderators can do about it. `approved` says who let it go out."""
    schedule, value = one.schedule, f"{one.schedule.name}/{one.key}"
    overdue = one.state is OccurrenceState.ASKED
    where, facts = (
        where_words(schedule.places, direct=schedule.direct),
        {"name": schedule.name, "title": schedule.label},
    )
    if overdue:
        head = compose(
            _("**{name} {title}** was due on {when}: {where}."),
            when=Moment(one.at, zone),
            where=where,
            **facts,
        )
    else:
        head = compose(
            _("**{name} {title}** goes out on {when}: {where}."),
            when=Moment(one.at, zone),
            where=where,
            **facts,
        )
    blocks: list[Block] = [Markdown(head), *_post_blocks(shown)]
    if schedule.direct:
        blocks.append(
            Note(_("Each member gets it at their own time of day. If that has passed, they get it late."))
        )
    blocks.append(
        Note(_("Approved by {name}.", name=approved) if approved else _approval_words(schedule, overdue))
    )
    skip = Button(_("Skip"), does=f"{kind.noun}.skip", value=value)
    buttons = (*shown.buttons, skip)
    if schedule.approver is not None and not approved:
        buttons = (Button(_("Approve"), does=f"{kind.noun}.approve", value=value, style="main"), *buttons)
    title = _("A post waits for your approval") if overdue else _("Coming soon")
    return say(title, *blocks, Buttons(buttons))


def now_card(kind: PostKind, one: UpcomingOccurrence, shown: PostPreview, zone: str) -> Card:
    """A post as it will look, before a moderator sends it at once."""
    schedule, value = one.schedule, f"{one.schedule.name}/{one.key}"
    head = compose(
        _("{name} can post this now, instead of on {when}: {where}."),
        name=schedule.name, when=Moment(one.at, zone), where=where_words(schedule.places, direct=schedule.direct),
    )  # fmt: skip
    return say(
        _("Post this now?"),
        Markdown(head),
        *_post_blocks(shown),
        Buttons(
            (
                Button(_("Post"), does=f"{kind.noun}.post", value=value, style="main"),
                Button(_("Cancel"), does=f"{kind.noun}.dismiss", value=value),
            )
        ),
    )


def _post_blocks(shown: PostPreview) -> Sequence[Block]:
    if shown.card is None:
        return [Markdown(_("There is nothing to post on that date."))]
    return [block for block in shown.card.blocks if not isinstance(block, Buttons)]


def _approval_words(schedule: Schedule, overdue: bool) -> str:
    if schedule.approver is None:
        return _("It goes out by itself.")
    return _(WAITS[schedule.approver] if overdue else NEEDS[schedule.approver, schedule.unapproved])


def settled_card(schedule: Schedule, said: str) -> Card:
    """What was shown is settled."""
    return say(_("Done"), Markdown(f"**{schedule.name} {schedule.label}**: {said}"))


def cancelled_card(kind: PostKind, schedule: Schedule) -> Card:
    """A schedule was cancelled: whatever moderators were asked about it is settled."""
    words = _(
        "{name} was canceled (**{title}**). It posts nothing more.", name=schedule.name, title=schedule.label
    )  # fmt: skip
    listed = Button(_("See what is due"), does=f"{kind.noun}.list")
    return say(_("{name} was canceled", name=schedule.name), Markdown(words), Buttons((listed,)))


def skipped_card(
    kind: PostKind, schedule: Schedule, occurrence_id: int, due: datetime, zone: str, who: str
) -> Card:
    """A date was skipped; undoing it is one click."""
    words = compose(
        _("**{name} {title}**: {who} skipped the one on {when}."),
        name=schedule.name, title=schedule.label, who=who, when=Moment(due, zone),
    )  # fmt: skip
    return done_card(words, Button(_("Undo"), does=f"{kind.noun}.unskip", value=f"o{occurrence_id}"))


def late_card(kind: PostKind, schedule: Schedule, key: str, due: datetime, zone: str) -> Card:
    """A post that came due while the bot was away, for too long to go out unasked."""
    value = f"{schedule.name}/{key}"
    head = compose(
        _("**{name} {title}** was due on {when}, and Tilth was not running. Post it now?"),
        name=schedule.name, title=schedule.label, when=Moment(due, zone),
    )  # fmt: skip
    return say(
        _("A post is late"),
        Markdown(head),
        Buttons(
            (
                Button(_("Post it now"), does=f"{kind.noun}.post", value=value, style="main"),
                Button(_("Skip it"), does=f"{kind.noun}.skip", value=value),
            )
        ),
    )


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
        settled_card(schedule, _("It has gone out.")),
        cancelled_card(kind, schedule),
        skipped_card(kind, schedule, 57, upcoming.at, zone, "Mo Hale"),
        late_card(kind, schedule, upcoming.key, upcoming.at, zone),
        suspended_card(kind, schedule, spot, whole=True),
        suspended_card(kind, schedule, spot, whole=False),
    )
