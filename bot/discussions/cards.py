"""How discussions look to everybody: the message that opens one, the thanks at its end, meetings and reminders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.alerts.cards import code_note, reason
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    File,
    Heading,
    Markdown,
    Moment,
    Note,
    Words,
    compose,
    say,
)
from bot.chat.language import N_, _, format_list, ngettext
from bot.chat.mass_mentions import group_id
from bot.delivery.facts import Failed
from bot.discussions.rsvps import Attendance, Guest
from bot.discussions.settings import DiscussionSettings
from bot.discussions.tables import Discussion
from bot.scheduled_posts.examples import example_date
from bot.schedules.model import Schedule

FEW = 5
"""Fewer people than this are "a few": a number would be as good as their names."""
NAMED = 40
"""Names in one line of a card."""


def discussion_card(row: Discussion, plan: DiscussionSettings, counts: Mapping[str, int], zone: str) -> Card:
    """The message a discussion begins with."""
    blocks: list[Block] = [Heading(row.name or plan.title)]
    if row.text:
        blocks.append(Markdown(row.text))
    if row.meets_at is not None:
        blocks += _meeting(row, counts, zone)
    blocks.append(Note(_until(row, zone)))
    return Card(row.name or plan.title, tuple(blocks), pings=group_id(plan.pings), tags=plan.tags)


def _until(row: Discussion, zone: str) -> Words:
    if row.closed_at is not None:
        return _("This discussion is closed.")
    if row.closes_at is not None:
        return compose(_("Open until {when}."), when=Moment(row.closes_at, zone))
    return _("Open until the next one.")


def _meeting(row: Discussion, counts: Mapping[str, int], zone: str) -> list[Block]:
    if row.meets_at is None or row.ends_at is None:
        return []
    rows: list[tuple[str, Words]] = [
        (_("When"), (Moment(row.meets_at, zone),)),
        (_("Until"), (Moment(row.ends_at, zone, "time"),)),
    ]
    if row.where:
        rows.append((_("Where"), row.where))
    coming, waiting = str(counts.get("coming", 0)), counts.get("waiting", 0)
    if row.seats is not None:
        coming = ngettext("{coming} of {count} seat", "{coming} of {count} seats", row.seats, coming=coming)
    rows.append((_("Coming"), coming))
    if waiting:
        rows.append((_("Waiting for a seat"), str(waiting)))
    if counts.get("maybe"):
        rows.append((_("Maybe"), str(counts["maybe"])))
    blocks: list[Block] = [Facts(tuple(rows))]
    if row.called_off_at is not None:
        return [*blocks, Markdown(_("**The meeting is canceled.**"))]
    if row.closed_at is None:
        answers = (
            (Attendance.YES, _("I'm coming")), (Attendance.MAYBE, _("Maybe")), (Attendance.NO, _("Can't come"))
        )  # fmt: skip
        buttons = (
            Button(label, does="discuss.rsvp", value=f"{row.id}/{kind.value}") for kind, label in answers
        )
        blocks.append(
            Buttons((*buttons, Button(_("Into my calendar"), does="discuss.ics", value=str(row.id))))
        )
    return blocks


def thanks_card(row: Discussion, people: int | None) -> Card:
    """What is said in the thread when it closes; `people` wrote there, or None where that cannot be seen."""
    if people is None:
        said = _("This discussion is closed.")
    elif people < FEW:
        said = _("This discussion is closed. Thank you to the few who wrote.")
    else:
        said = _("This discussion is closed. Thank you to the {count} people who wrote.", count=people)
    return say(_("Closed: {title}", title=row.name), Markdown(said))


def receipt(row: Discussion, answer: Attendance, waits: bool, ics: bytes, zone: str) -> Card:
    """What somebody sees who answered to a meeting."""
    if row.meets_at is None:
        return say(_("There is no meeting."))
    if answer is Attendance.NO:
        return say(_("Saved"), Markdown(_("You can't come. Somebody else can have the seat.")))
    if waits:
        said = _(
            "All seats are taken for **{title}**, {when}. You are on the waiting list. I write to you when one is free."
        )
    elif answer is Attendance.MAYBE:
        said = _("You may come to **{title}**, {when}.")
    else:
        said = _("You are coming to **{title}**, {when}.")
    return say(
        _("Saved"),
        Markdown(compose(said, title=row.name or "", when=Moment(row.meets_at, zone))),
        File("meeting.ics", ics, _("For your own calendar")),
        Note(
            _(
                "Moderators can see who is coming. The channel sees only numbers. You get a reminder before it begins."
            )
        ),
    )


def ics_card(row: Discussion, ics: bytes) -> Card:
    """The meeting as a file."""
    about = _("{title}, for your own calendar", title=row.name)
    return say(
        _("For your calendar"),
        Markdown(_("Open this file to add the meeting to your calendar.")),
        File("meeting.ics", ics, about),
    )


def moved_up(row: Discussion, zone: str) -> Card:
    """A seat is free for somebody who waited."""
    when = Moment(row.meets_at or datetime.now(UTC), zone)
    words = compose(
        _("A seat is free, and it is yours: **{title}**, {when}."), title=row.name or "", when=when
    )
    return say(_("A seat is free"), Markdown(words))


def reminder(row: Discussion, maybe: bool, zone: str) -> Card:
    """Before a meeting begins."""
    when = Moment(row.meets_at or datetime.now(UTC), zone)
    said = (
        _("You said you may come to **{title}**, {when}.")
        if maybe
        else _("You are coming to **{title}**, {when}.")
    )
    buttons = [Button(_("Can't come"), does="discuss.rsvp", value=f"{row.id}/no")]
    if maybe:
        buttons.insert(0, Button(_("I'm coming"), does="discuss.rsvp", value=f"{row.id}/yes"))
    return say(
        _("Soon: {title}", title=row.name),
        Markdown(compose(said, title=row.name or "", when=when)),
        *((Facts(((_("Where"), row.where),)),) if row.where else ()),
        Buttons(tuple(buttons)),
    )


def called_off(row: Discussion, zone: str) -> Card:
    """A meeting somebody said yes to does not take place."""
    when = Moment(row.meets_at or datetime.now(UTC), zone)
    words = compose(_("**{title}**, {when}, is canceled."), title=row.name or "", when=when)
    return say(_("Canceled: {title}", title=row.name), Markdown(words))


def guests_card(row: Discussion, guests: Sequence[Guest]) -> Card:
    """Who is coming, for moderators."""
    groups = (
        (_("Coming"), [one for one in guests if one.answer is Attendance.YES and not one.waits]),
        (_("Waiting for a seat"), [one for one in guests if one.waits]),
        (_("Maybe"), [one for one in guests if one.answer is Attendance.MAYBE]),
    )
    rows = tuple((f"{name} ({len(some)})", _names(some)) for name, some in groups if some)
    if not rows:
        return say(_("Nobody has answered yet."))
    title = row.name or _("Who is coming")
    return say(title, Heading(title), Facts(rows))


def _names(guests: Sequence[Guest]) -> str:
    names = [one.name for one in guests[:NAMED]]
    if len(guests) > NAMED:
        names.append(ngettext("{count} more", "{count} more", len(guests) - NAMED))
    return format_list(names)


# ── trouble, for moderators ───────────────────────────────────────────────────


DEEDS = {
    "discussion-thread": N_("I could not open the thread of **{title}** in {channel}."),
    "discussion-pin": N_("I could not pin **{title}** in {channel}."),
    "discussion-lock": N_("I could not close the thread of **{title}** in {channel}."),
    "discussion-thanks": N_("I could not post the thank-you in the thread of **{title}** in {channel}."),
}
"""What could not be done about a discussion that is there, by the kind of its outbox row."""


def shortcoming_card(row: Discussion, fact: Failed) -> Card:
    """Something about a discussion could not be done."""
    lead = compose(_(DEEDS[fact.kind]), title=row.name or "", channel=ChannelLink(fact.place.channel))
    return say(
        _("Part of a discussion failed"),
        Markdown(lead),
        Markdown(" ".join(reason(fact.code))),
        code_note(fact.code),
    )


def dry_card(schedule: Schedule) -> Card:
    """It was left out because no topic was left."""
    return say(
        _("A discussion was skipped"),
        Markdown(
            _(
                "**{name} {title}** was skipped. Its list of topics is empty.",
                name=schedule.name,
                title=schedule.label,
            )
        ),
        topics_buttons(schedule),
    )


def last_topic_card(schedule: Schedule, dry: object) -> Card:
    """The last topic was used."""
    name, title = schedule.name, schedule.label
    lead = _("**{name} {title}** has used its last topic.", name=name, title=title)
    if str(dry) == "open":
        then = _("Without a new one, the next discussion has an open floor.")
    else:
        then = _("Without a new one, the next discussion is skipped.")
    return say(_("No topics left"), Markdown(lead), Markdown(then), topics_buttons(schedule))


def topics_buttons(schedule: Schedule) -> Buttons:
    """The button that opens the form for new topics."""
    return Buttons(
        (Button(_("Add topics"), opens="discuss.topics", value=schedule.name or "", style="main"),)
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room, for the gallery and the tests of every platform."""
    from bot.discussions.examples import MEETING, PLAN, ROW

    counts = {"coming": 12, "waiting": 2, "maybe": 3}
    guest = Guest(7, "Ada Quinn", None, Attendance.YES, False, "local:example", "ada")
    closed = MEETING.closes_at or datetime.now(UTC)
    from dataclasses import replace

    schedule = example_date("discussion", "d4", PLAN.title, PLAN.to_details()).schedule

    return (
        discussion_card(ROW, PLAN, {}, "Europe/Dublin"),
        discussion_card(MEETING, PLAN, counts, "Europe/Dublin"),
        discussion_card(replace(MEETING, closed_at=closed), PLAN, counts, "Europe/Dublin"),
        *(thanks_card(ROW, people) for people in (None, 3, 12)),
        receipt(MEETING, Attendance.YES, False, b"BEGIN:VCALENDAR", "Europe/Dublin"),
        receipt(MEETING, Attendance.YES, True, b"BEGIN:VCALENDAR", "Europe/Dublin"),
        receipt(MEETING, Attendance.NO, False, b"", "Europe/Dublin"),
        ics_card(MEETING, b"BEGIN:VCALENDAR"),
        moved_up(MEETING, "Europe/Dublin"),
        reminder(MEETING, True, "Europe/Dublin"),
        called_off(MEETING, "Europe/Dublin"),
        guests_card(MEETING, [guest]),
        shortcoming_card(ROW, Failed("k", "discussion-pin", "9", 1, ROW.place, "missing_permission")),
        dry_card(schedule),
        last_topic_card(schedule, "open"),
    )
