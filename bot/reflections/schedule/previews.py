"""A prompt schedule before it starts: its next dates as each space and some members see them, and what may surprise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Moment, Note, Table, Words
from bot.chat.time.rule_parser import parse_rule
from bot.people import channel_members
from bot.people import tables as people
from bot.people.tables import Community
from bot.reflections.prompts import selection
from bot.reflections.schedule.dates import as_people_see_it, coming, foreseen
from bot.reflections.schedule.notices import where_words
from bot.reflections.schedule.settings import PromptScheduleSettings, length, terms_of
from bot.schedules.model import BreakPolicy, CatchUp, Schedule
from bot.schedules.occurrences import PreviewedInstant
from bot.schedules.recurrence import clock_notes, describe, local_to_utc

SAMPLES = 3
"""Zones of members that are shown beside the community's own."""
NUMBERS = ("no", "one", "two", "three", "four", "five")
BREAKS = {
    BreakPolicy.SKIP: "skipped in breaks",
    BreakPolicy.HOLD: "held until the return from a break",
    BreakPolicy.IGNORE: "also in breaks",
}
LATE = {CatchUp.LATEST: "posted late", CatchUp.SKIP: "left out", CatchUp.ASK: "moderators are asked"}


@dataclass(frozen=True, slots=True)
class Preview:
    """What a new schedule will do: its rule in words, its facts, its dates, how others see them, what may surprise."""

    number: int
    sentence: str
    rows: tuple[tuple[str, Words], ...]
    dates: tuple[Words, ...]
    others: Table | None
    notes: tuple[str, ...]


def preview(conn: Connection, home: Community, draft: Schedule, now: datetime) -> Preview | None:
    """What a new schedule will do; None when nothing of it is still to come."""
    terms = terms_of(draft)
    seen = as_people_see_it(draft, home.zone)
    dates = foreseen(conn, draft, home.zone, now)
    if not dates:
        return None
    rule, _ = parse_rule(seen.rule)
    zone = ZoneInfo(seen.zone)
    notes = (
        *clock_notes(rule, zone, now.astimezone(zone).date(), 400),
        *_clashes(conn, home, draft, terms, dates),
        *_short(conn, draft, terms),
    )
    return Preview(
        draft.id,
        describe(rule, zone),
        facts(conn, draft, terms),
        tuple(_date(one, seen.zone) for one in dates),
        views(conn, home, draft, terms, dates),
        notes,
    )


def preview_card(seen: Preview) -> Card:
    """A new schedule, before it is confirmed."""
    count = len(seen.dates)
    blocks: list[Block] = [
        Heading("A new prompt schedule"),
        Facts((("When", seen.sentence), *seen.rows)),
        Markdown(f"The first {NUMBERS[count]} dates:" if count > 1 else "The date:"),
        Facts(tuple((f"{number}", date) for number, date in enumerate(seen.dates, 1))),
    ]
    if seen.others is not None:
        blocks += [Markdown("As people see them:"), seen.others]
    blocks += [Note(text) for text in seen.notes]
    blocks.append(
        Buttons(
            (
                Button("Confirm", does="prompt.confirm", value=f"s{seen.number}", style="main"),
                Button("Cancel", does="prompt.cancel", value=f"s{seen.number}"),
            )
        )
    )
    return Card("A new prompt schedule", tuple(blocks))


def facts(
    conn: Connection, schedule: Schedule, terms: PromptScheduleSettings
) -> tuple[tuple[str, Words], ...]:
    """What a schedule does beside its rule, as labels and values."""
    left = selection.count_supply(conn, schedule.community_id, terms.source(schedule.id))
    decks = ", then ".join(terms.decks) + (f" with #{terms.tag}" if terms.tag else "")
    rows: list[tuple[str, Words]] = [
        ("Deck", f"{decks} ({left.total} prompt{'s' if left.total != 1 else ''})"),
        ("Where", where_words(terms.places, direct=terms.direct)),
        ("Open for", length(terms.open_for)),
    ]
    if terms.direct:
        rows.append(("Hour", "each member's own"))
    if terms.notice is not None:
        rows.append(("Shown to moderators", f"{length(terms.notice)} before"))
    if terms.approver is not None:
        rows.append(
            ("Needs the word of", f"a role of {terms.approver} or more; without it: {terms.unapproved}")
        )
    if schedule.break_policy is not BreakPolicy.SKIP:
        rows.append(("Breaks", BREAKS[schedule.break_policy]))
    if schedule.catch_up is not CatchUp.LATEST:
        rows.append(("When I was away", LATE[schedule.catch_up]))
    if any(spot.pings for spot in terms.places):
        rows.append(("Calls", ", ".join(dict.fromkeys(spot.pings for spot in terms.places if spot.pings))))
    return tuple(rows)


def _date(one: PreviewedInstant, zone: str) -> Words:
    if one.fire_at is None:
        return (Moment(one.instant.at, zone), f": {one.reason or one.state.value}")
    held = f": {one.reason}" if one.reason else ""
    return (Moment(one.fire_at, zone), held) if held else (Moment(one.fire_at, zone),)


def views(
    conn: Connection,
    home: Community,
    schedule: Schedule,
    terms: PromptScheduleSettings,
    dates: Sequence[PreviewedInstant],
) -> Table | None:
    """The dates as each space has them, and as members in other zones do; None when everybody has the same."""
    names = people.spaces(conn, home.id)
    spaces = list(dict.fromkeys(names.get(spot.space, spot.space) for spot in terms.places))
    zones = _samples(conn, home, terms)
    if len(spaces) < 2 and not zones:
        return None
    columns = (*(f"{name} ({home.zone})" for name in spaces), *(f"a member in {zone}" for zone in zones))
    rows = tuple(
        tuple(_local(one, schedule, terms, zone) for zone in (*(home.zone for _ in spaces), *zones))
        for one in dates
        if one.fire_at is not None
    )
    return Table(columns, rows) if rows else None


def _samples(conn: Connection, home: Community, terms: PromptScheduleSettings) -> list[str]:
    """Zones of members in the schedule's places other than the community's, the most frequent first."""
    zones: Counter[str] = Counter()
    for spot in terms.places:
        for _, _, zone in channel_members.members_in_channel(conn, home.id, spot.space, spot.channel):
            zones[zone] += zone != home.zone
    return [zone for zone, count in sorted(zones.items(), key=lambda pair: (-pair[1], pair[0])) if count][
        :SAMPLES
    ]


def _local(one: PreviewedInstant, schedule: Schedule, terms: PromptScheduleSettings, zone: str) -> str:
    """A date as it reads on a wall in this zone."""
    at = one.fire_at or one.instant.at
    if terms.direct:
        wall = at.astimezone(ZoneInfo(as_people_see_it(schedule, "UTC").zone)).replace(tzinfo=None)
        wall = one.instant.local.replace(tzinfo=None) if one.fire_at == one.instant.at else wall
        at = local_to_utc(wall, ZoneInfo(zone))[0]
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _clashes(
    conn: Connection,
    home: Community,
    draft: Schedule,
    terms: PromptScheduleSettings,
    dates: Sequence[PreviewedInstant],
) -> list[str]:
    """Schedules that ask in one of the same places at one of the same times."""
    times = {one.fire_at for one in dates if one.fire_at is not None}
    if not times or terms.direct:
        return []
    mine = {spot.place for spot in terms.places}
    first, last = min(times) - timedelta(seconds=1), max(times)
    others = {
        f"s{one.schedule.id}"
        for one in coming(conn, home.id, home.zone, first, last)
        if one.schedule.id != draft.id and one.at in times and one.goes_out
        if mine & {spot.place for spot in terms_of(one.schedule).places}
    }
    return [f"{name} asks there at the same time." for name in sorted(others)]


def _short(conn: Connection, draft: Schedule, terms: PromptScheduleSettings) -> list[str]:
    """A deck that begins again soon."""
    left = selection.count_supply(conn, draft.community_id, terms.source(draft.id))
    if left.total == 0:
        return ["There is nothing to ask yet: its dates are skipped until there is."]
    if left.total < 6:
        return [f"After {left.total} prompt{'s' if left.total != 1 else ''} it begins again with the first."]
    return []


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    others = Table(
        ("Harbour (Europe/Dublin)", "a member in Asia/Tokyo"), (("Mon 5 Oct 09:00", "Mon 5 Oct 17:00"),)
    )
    dates = tuple((Moment(at + timedelta(weeks=week), "Europe/Dublin"),) for week in range(5))
    rows: tuple[tuple[str, Words], ...] = (
        ("Deck", "a-year-of-noticing (40 prompts)"),
        ("Open for", "4 days"),
    )
    seen = Preview(
        3, "every Monday at 09:00, Europe/Dublin", rows, dates, others, ("s2 asks there at the same time.",)
    )
    return (preview_card(seen), preview_card(Preview(4, "once", rows, dates[:1], None, ())))
