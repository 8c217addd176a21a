"""What a prompt that is asked puts into the outbox: a post in each channel with its thread, or a message to each member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, select, update

from bot.chat.cards import Card, load_card
from bot.chat.mass_mentions import group_id
from bot.chat.models import Place
from bot.delivery import outbox
from bot.delivery import tables as delivery_tables
from bot.delivery.facts import Draft, OutboxState, Verb
from bot.people import channel_members
from bot.people import tables as people
from bot.people.hours import hours_of, own_hours
from bot.people.languages import speaking_to, speaking_to_all
from bot.people.preferences import preferences_of
from bot.reflections import cards
from bot.reflections.answers.help_size import find_help_size
from bot.reflections.answers.told_counts import find_told
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule import asked_prompts, card_notes
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.settings import settings_of
from bot.schedules import tables
from bot.schedules.breaks import ON_TIME, catch_up
from bot.schedules.model import BreakPolicy, Schedule, SchedulePlace
from bot.schedules.recurrence import local_to_utc


def stem(schedule_id: int, key: str) -> str:
    """What the outbox keys of all posts of one occurrence begin with."""
    return f"prompt:{schedule_id}:{key}:"


def queue_in_channel(
    conn: Connection, here: AskedPrompt, schedule: Schedule, spot: SchedulePlace, key: str, zone: str, now: datetime, *,
    owed: datetime | None = None, attempt: int = 0, priority: int = 2,
) -> None:  # fmt: skip
    """Post a prompt in a channel and open its thread. `attempt` counts the times it was tried again.

    `owed` is when it was due: what is late is looked for before it is said, because another process, or this one
    before a crash, may have said it. What is tried again was refused, so nobody has.
    """
    again = f":again:{attempt}" if attempt else ""
    name = f"{stem(here.schedule_id, key)}{spot.space}:{spot.channel}{again}"
    card = channel_card(conn, here, spot.space, spot.channel, zone)
    card = replace(card, pings=group_id(spot.pings), tags=settings_of(schedule).tags)
    post = Draft(
        community_id=here.community_id, space=spot.space, channel=spot.channel, key=name, kind="prompt", card=card,
        not_before=owed, ref=str(here.id), priority=priority, expires_at=here.closes_at if attempt else None,
        refused=attempt > 0,
    )  # fmt: skip
    thread = Draft(
        community_id=here.community_id, space=spot.space, channel=spot.channel, key=f"{name}:thread",
        kind="prompt-thread", verb=Verb.THREAD, after=name, name=here.prompt.title, ref=str(here.id),
    )  # fmt: skip
    outbox.queue_draft(conn, post, now)
    outbox.queue_draft(conn, thread, now)


def take_back_post(conn: Connection, here: AskedPrompt, key: str, place: Place) -> bool:
    """Take back what waits to be said there; False when it is being said, or may have been."""
    c = delivery_tables.outbox.c
    base = f"{stem(here.schedule_id, key)}{place.space}:{place.channel}"
    ours = and_(c.kind == "prompt", c.key.startswith(base, autoescape=True), c.channel == place.channel)
    rows = conn.execute(select(c.key, c.state).where(ours).with_for_update()).all()
    if any(row.state in (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.SENT) for row in rows):
        return False
    return all(outbox.cancel_draft(conn, row.key) for row in rows if row.state is OutboxState.PENDING)


def move_unposted(conn: Connection, occurrence_id: int, old: Place, new: Place) -> None:
    """Let a prompt that a place refused belong into another one, unless it is asked there already."""
    rows = {Place(row.space, row.channel) for row in asked_prompts.list_posts(conn, occurrence_id)}
    if new not in rows:
        c = asked_prompts.asked_in.c
        here = and_(c.occurrence_id == occurrence_id, c.space == old.space, c.channel == old.channel)
        moved = update(asked_prompts.asked_in).where(here)
        conn.execute(moved.values(space=new.space, channel=new.channel))


@dataclass(frozen=True, slots=True)
class DirectHour:
    """The hour at which members are written to, each by their own clock: the local time `wall` (None: at once).

    Lateness is each member's own: whoever's hour has passed gets it as the schedule says of what is late. `by_hand`:
    a moderator wants it sent however late it is.
    """

    schedule: Schedule
    wall: datetime | None
    by_hand: bool = False

    def times(self, zone: str, now: datetime) -> tuple[datetime, datetime] | None:
        """(when it was or is owed in a zone, when it is said); None where it is too late."""
        if self.wall is None:
            return now, now
        own = ZoneInfo(zone)
        owed = local_to_utc(self.wall, own)[0]
        if now - owed < ON_TIME:
            return owed, owed
        late = catch_up(self.schedule, owed, owed, now, self.wall.time(), own)
        if late is None:
            return (owed, now) if self.by_hand else None
        return owed, late.fire_at or now


def is_in_time(
    conn: Connection, community_id: int, schedule: Schedule, hour: DirectHour, now: datetime
) -> bool:
    """Whether a direct post is not too late for everybody in its places."""
    zones = zones_of(conn, community_id, schedule)
    return not zones or any(hour.times(zone, now) is not None for zone in zones)


def zones_of(conn: Connection, community_id: int, schedule: Schedule) -> set[str]:
    """The zones of everybody in the open places of a schedule."""
    return set(channel_members.count_zones(conn, community_id, [one.place for one in schedule.open_places]))


def queue_direct_messages(
    conn: Connection, here: AskedPrompt, place: Place, key: str, hour: DirectHour, told: set[int], now: datetime
) -> None:  # fmt: skip
    """Write to everyone in a channel, at their own hour.

    `told` are members who are written to elsewhere already; somebody with an account here and there hears it once.
    """
    for member_id, person, own in channel_members.members_in_channel(
        conn, here.community_id, place.space, place.channel
    ):
        if member_id in told:
            continue
        told.add(member_id)
        times = hour.times(own, now)
        free = None if times is None else _welcome(conn, here, hour.schedule, member_id, times[1], now)
        if times is None or free is None:
            continue
        # What is said late and at once is looked for before, so it is queued for the time at which it was owed.
        owed = times[0] if free == now else free
        outbox.queue_draft(
            conn,
            Draft(
                community_id=here.community_id, space=place.space, verb=Verb.DIRECT, person=person,
                key=f"{stem(here.schedule_id, key)}{place.space}:@{person}", kind="prompt-direct",
                card=member_card(conn, here, member_id, own),
                not_before=None if hour.wall is None and free == now else owed,
                expires_at=here.closes_at,
                ref=f"{here.id}/{person}",
            ),
            now,
        )  # fmt: skip


def _welcome(
    conn: Connection, here: AskedPrompt, schedule: Schedule, member_id: int, at: datetime, now: datetime
) -> datetime | None:
    """When a member may be written to from then on; None when not before the prompt closes, or not at all.

    Their next working hours are waited for; days away are not, and neither are breaks that the schedule ignores. What is
    not written is not lost: `/reflect` shows every open prompt.
    """
    if not preferences_of(conn, member_id).reachable:
        return None
    own = own_hours(conn, member_id, now)
    if own.is_off(own.day_of(at)):
        return None
    working = hours_of(conn, here.community_id, member_id, now)
    if schedule.break_policy is BreakPolicy.IGNORE:
        working = replace(working, off=own.off)
    free = working.free_from(at)
    return None if free is None or free >= here.closes_at else free


def reword(conn: Connection, here: AskedPrompt, prompt: Prompt) -> bool:
    """Let a prompt that is going out go out with other words; False when somebody may have read the old ones.

    All of its posts or none: nobody reads one text here and another there.
    """
    one = tables.find_occurrence(conn, here.community_id, here.id)
    if one is None:
        return False
    c = delivery_tables.outbox.c
    ours = and_(
        c.community_id == here.community_id, c.key.startswith(stem(one.schedule_id, one.key), autoescape=True)
    )
    rows = conn.execute(select(c.key, c.kind, c.state, c.person).where(ours).with_for_update()).all()
    said = [row for row in rows if row.kind in ("prompt", "prompt-direct")]
    if not said or any(row.state is not OutboxState.PENDING for row in said):
        return False
    zone, asked = people.community_by_id(conn, here.community_id).zone, replace(here, prompt=prompt)
    readers = _readers(conn, here)
    for row in said:
        known = outbox.find_by_key(conn, row.key)
        if known is None or known.card is None:
            return False
        if row.person is None:
            was = load_card(known.card)
            card = replace(
                channel_card(conn, asked, known.space, known.channel or "", zone),
                pings=was.pings,
                tags=was.tags,
            )
        else:
            member_id, own = readers.get((known.space, row.person), (0, zone))
            card = member_card(conn, asked, member_id, own)
        outbox.replace_card(conn, row.key, card)
    threads = and_(ours, c.kind == "prompt-thread", c.state == OutboxState.PENDING)
    conn.execute(update(delivery_tables.outbox).where(threads).values(name=prompt.title))
    asked_prompts.reword_asked_prompt(conn, here.id, prompt)
    return True


def channel_card(conn: Connection, here: AskedPrompt, space: str, channel: str, zone: str) -> Card:
    """A prompt as a channel reads it now, open or closed."""
    place = Place(space, channel)
    with speaking_to_all(conn, here.community_id, here.prompt.language):
        if here.closed:
            digest = find_digest(conn, here, place)
            return cards.closed_card(here.prompt, f"{channel}/{digest}" if digest else "")
        notes, told = card_notes.channel_notes(conn, here, place), find_told(conn, here.id)
        return cards.prompt_card(
            here.id, here.prompt, here.closes_at, zone, notes=notes, anonymous=here.anonymous,
            answered=told.answered if told is not None else None,
        )  # fmt: skip


def find_digest(conn: Connection, here: AskedPrompt, place: Place) -> str | None:
    """The message of a prompt's digest in a channel, once it is there."""
    c = asked_prompts.asked_in.c
    there = and_(c.occurrence_id == here.id, c.space == place.space, c.channel == place.channel)
    found: str | None = conn.execute(select(c.digest).where(there)).scalar_one_or_none()
    return found


def member_card(conn: Connection, here: AskedPrompt, member_id: int, zone: str) -> Card:
    """A prompt as a member reads it directly, with the help they get; 0 is somebody unknown."""
    size = "bare"
    if member_id:
        size = find_help_size(conn, here.community_id, member_id, people.help_of(conn, member_id))
    notes, language = card_notes.direct_notes(conn, member_id), here.prompt.language
    own = member_id and not language  # a deck of one language frames its prompts in it
    with speaking_to(conn, member_id) if own else speaking_to_all(conn, here.community_id, language):
        return cards.direct_card(
            here.id, here.prompt, here.closes_at, zone, size, notes=notes, anonymous=here.anonymous
        )


def _readers(conn: Connection, here: AskedPrompt) -> dict[tuple[str, str], tuple[int, str]]:
    """(member, zone) by account of everyone whom a direct prompt goes to."""
    found = {}
    for row in asked_prompts.list_posts(conn, here.id) if here.direct else ():
        for member_id, person, zone in channel_members.members_in_channel(
            conn, here.community_id, row.space, row.channel
        ):
            found[row.space, person] = (member_id, zone)
    return found
