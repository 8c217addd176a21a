"""The prompt that comes next to somebody: when and where, for whoever asks when the next question comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.chat.cards import ChannelLink, Moment, Note, compose
from bot.chat.language import _
from bot.chat.models import Person
from bot.people.channel_members import presence
from bot.reflections.schedule.settings import KIND
from bot.schedules.forecast import upcoming_occurrences
from bot.schedules.tables import schedule_place

AHEAD = timedelta(weeks=6)
"""How far ahead is looked: as far as a usual rhythm and a break together reach."""


@dataclass(frozen=True, slots=True)
class ComingPrompt:
    """A prompt that is planned: when, and in which channel; "" where it goes to each member directly."""

    at: datetime
    channel: str


def find_next_prompt(conn: Connection, community_id: int, who: Person, now: datetime) -> ComingPrompt | None:
    """The next prompt planned for a channel that somebody is known to be in; of others they learn nothing here."""
    reached = (presence.c.space == schedule_place.c.space) & (presence.c.channel == schedule_place.c.channel)
    mine = (presence.c.space == who.space) & (presence.c.person == who.id)
    asked = select(schedule_place.c.schedule_id, schedule_place.c.channel).join(presence, reached)
    rows = conn.execute(asked.where(mine, presence.c.community_id == community_id))
    channels = {row.schedule_id: row.channel for row in rows}
    if not channels:
        return None
    ahead = upcoming_occurrences(conn, community_id, now, now + AHEAD, kinds=(KIND,), among=channels)
    for one in ahead:
        if one.goes_out:
            return ComingPrompt(one.at, "" if one.schedule.direct else channels[one.schedule.id])
    return None


def coming_note(coming: ComingPrompt, zone: str) -> Note:
    """When and where the next prompt comes, below what is open."""
    when = Moment(coming.at, zone)
    if not coming.channel:
        return Note(compose(_("The next prompt is planned for {when}, as a direct message."), when=when))
    words = _("The next prompt is planned for {when}, in {channel}.")
    return Note(compose(words, when=when, channel=ChannelLink(coming.channel)))
