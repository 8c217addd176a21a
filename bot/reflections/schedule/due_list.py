"""What is due: everything that comes in the next days, with the prompt it will ask, its state and the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Facts, Heading, Markdown, Moment, Note, say
from bot.people.tables import Community
from bot.reflections.prompts import bank, bank_cards, selection
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.schedule import shown_prompts
from bot.reflections.schedule.dates import coming
from bot.reflections.schedule.settings import terms_of
from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import PAUSED, OccurrenceState

SHOWN = 25
"""Dates that one card shows."""


def queue_card(conn: Connection, home: Community, now: datetime, days: int) -> Card:
    """Everything of prompts that comes in so many days."""
    found = _seen_once(
        coming(conn, home.id, home.zone, now - timedelta(seconds=1), now + timedelta(days=days))
    )
    titles = _titles(conn, home.id, found)
    rows = [(one, titles.get((one.schedule.id, one.key))) for one in found]
    return dates_card(rows, bank.list_queue(conn, home.id), home.zone, days)


def _seen_once(found: Sequence[UpcomingOccurrence]) -> list[UpcomingOccurrence]:
    """Without the many dates of a schedule that rests: the first says it."""
    seen: Counter[int] = Counter()
    kept = []
    for one in found:
        rests = one.state is OccurrenceState.SKIPPED and one.reason == PAUSED
        if not rests or not seen[one.schedule.id]:
            kept.append(one)
        seen[one.schedule.id] += rests
    return kept


def _titles(
    conn: Connection, community_id: int, found: Sequence[UpcomingOccurrence]
) -> dict[tuple[int, str], BankedPrompt]:
    """Which prompt each date will ask, if nothing changes: by schedule and key."""
    titles: dict[tuple[int, str], BankedPrompt] = {}
    for schedule in {one.schedule.id: one.schedule for one in found}.values():
        dates = [
            one
            for one in found
            if one.schedule.id == schedule.id and (one.goes_out or one.state is OccurrenceState.ASKED)
        ]
        terms = terms_of(schedule)
        kept: dict[str, int] = {}
        for one in dates:
            row = shown_prompts.find(conn, schedule.id, one.key)
            chosen = row.prompt_id if row is not None and row.prompt_id is not None else terms.kept
            if chosen is not None:
                kept[one.key] = chosen
        line = selection.next_prompts(conn, community_id, terms.source(schedule.id), len(dates) + len(kept))
        rest = [one for one in line if one.id not in kept.values()]
        for one in dates:
            known = bank.find_prompt(conn, community_id, kept[one.key]) if one.key in kept else None
            known = known or (rest.pop(0) if rest else None)
            if known is not None:
                titles[schedule.id, one.key] = known
    return titles


def state_words(one: UpcomingOccurrence) -> str:
    """The state of a date with its reason and its number."""
    match one.state:
        case OccurrenceState.PLANNED:
            state = "planned" if one.occurrence_id is not None else "to come"
        case OccurrenceState.ASKED:
            state = "waits for you"
        case _:
            state = one.state.value
    if one.reason == PAUSED:
        state = "paused"
    elif one.reason:
        state = f"{state} ({one.reason})"
    return f"{state} · o{one.occurrence_id}" if one.occurrence_id is not None else state


def dates_card(
    rows: Sequence[tuple[UpcomingOccurrence, BankedPrompt | None]],
    queue: Sequence[BankedPrompt],
    zone: str,
    days: int,
) -> Card:
    """What is due, and what was put in front by hand."""
    if not rows and not queue:
        return say(
            "Nothing is due", Markdown(f"Nothing is due in {days} days. `/prompt schedule` starts a rhythm.")
        )
    facts = tuple(
        (
            f"s{one.schedule.id} {one.schedule.title} · {state_words(one)}",
            (Moment(one.at, zone), f": p{banked.id} {banked.prompt.title}" if banked is not None else ""),
        )
        for one, banked in rows[:SHOWN]
    )
    blocks: list[Block] = [Heading("What is due")]
    blocks.append(Facts(facts) if facts else Markdown(f"Nothing is due in {days} days."))
    if len(rows) > SHOWN:
        blocks.append(Note(f"And {len(rows) - SHOWN} more: ask for fewer days."))
    if queue:
        blocks += bank_cards.hand_queue_card(queue).blocks
    return say("What is due", *blocks)
