"""The filter of one's own answers: by a word, by days, by prompt and by lesson, and how it travels in a button."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, func, select

from bot.chat.forms import Form, Hint, ShortText
from bot.chat.language import _
from bot.chat.models import StaleValue
from bot.chat.parsing.button_values import read_fields, read_instant, read_number
from bot.chat.time.date_parser import parse_day
from bot.chat.time.days import EARLIEST, LATEST, Day, past_day
from bot.chat.time.vocabulary import PhraseError
from bot.feature import Request
from bot.reflections.answers.tables import answer, part
from bot.reflections.schedule.asked_prompts import WHOLE, asked_from, asking
from bot.schedules.recurrence import find_day_start

FORM = "reflect.find"
LONGEST, LESSON = 40, 30
"""Characters of a word, and of a lesson's name; they travel in a button."""
_STATE = re.compile(r"([0-9]{0,6})-([0-9]{0,6})-([0-9]{0,9})-([a-z0-9/-]*)")


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which of their own answers somebody wants to see. `until` is the last day; `lesson` is a part of its name."""

    find: str = ""
    since: date | None = None
    until: date | None = None
    prompt: int | None = None
    lesson: str = ""

    def write(self) -> str:
        """It for a button, in as few signs as it takes."""
        days = "-".join("" if day is None else str(day.toordinal()) for day in (self.since, self.until))
        room = LONGEST - len(self.lesson) // 2
        return f"{days}-{self.prompt or ''}-{self.lesson}|{self.find[:room]}"

    def conditions(self, conn: Connection, community_id: int, member_id: int, zone: str) -> list[Any]:
        """It as conditions for a query; days are those of a zone."""
        found: list[Any] = []
        if self.since is not None:
            found.append(answer.c.first_at >= find_day_start(self.since, ZoneInfo(zone)))
        if self.until is not None:
            found.append(answer.c.first_at < find_day_start(self.until + timedelta(days=1), ZoneInfo(zone)))
        if self.find:
            said = func.lower(part.c.text).contains(self.find.lower(), autoescape=True)
            found.append(exists().where(part.c.answer_id == answer.c.id, said))
        if self.prompt is not None or self.lesson:
            found.append(answer.c.occurrence_id.in_(self._occurrences(conn, community_id, member_id)))
        return found

    def _occurrences(self, conn: Connection, community_id: int, member_id: int) -> list[int]:
        """What the member answered of this prompt or lesson."""
        own = select(answer.c.occurrence_id).where(answer.c.member_id == member_id)
        query = select(*WHOLE).where(asking.c.community_id == community_id, asking.c.occurrence_id.in_(own))
        if self.prompt is not None:
            query = query.where(asking.c.prompt_id == self.prompt)
        rows = map(asked_from, conn.execute(query))
        return [one.id for one in rows if self.lesson in (one.prompt.lesson or "")]


def read_filter(text: str, zone: str) -> HistoryFilter:
    """The filter that `write` wrote, or that an older button carries."""
    state, find = read_fields(text, 2, "|")
    found = _STATE.fullmatch(state)
    if found is None:
        since = read_instant(state).astimezone(ZoneInfo(zone)).date() if state else None
        return HistoryFilter(find, since)
    since, until = (_day(one) for one in found.groups()[:2])
    return HistoryFilter(find, since, until, read_number(found[3]) if found[3] else None, found[4])


def _day(ordinal: str) -> date | None:
    try:
        day = date.fromordinal(int(ordinal)) if ordinal else None
    except ValueError:
        raise StaleValue from None
    if day is not None and not EARLIEST <= day <= LATEST:
        raise StaleValue
    return day


def given_filter(request: Request) -> HistoryFilter:
    """The filter that the options of the command say."""
    today = request.community.day_of(request.now)
    given = {name: day for name in ("since", "until") if (day := request.values.get(name))}
    days = {name: past_day(cast("Day", day), today) for name, day in given.items()}
    find = (request.text("word") or request.text("find"))[:LONGEST]
    lesson = _slug(request.text("lesson"))
    return HistoryFilter(find, days.get("since"), days.get("until"), request.number("prompt"), lesson)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9/]+", "-", text.lower()).strip("-")[:LESSON]


# ── the form ──────────────────────────────────────────────────────────────────


def find_form(_conn: Connection, _request: Request) -> Form:
    """The form that asks what to look for."""
    return Form(
        FORM, _("Find an answer"),
        (
            Hint(_("Fill in what you know. Only your own answers are searched.")),
            ShortText("word", _("A word in it"), required=False, limit=LONGEST),
            ShortText("since", _("From which day"), _("Like Sep 1."), required=False, limit=LONGEST),
            ShortText("until", _("Up to which day"), _("Like Nov 30."), required=False, limit=LONGEST),
            ShortText("prompt", _("Which prompt"), _("Like p12."), required=False, limit=LONGEST),
            ShortText("lesson", _("Which lesson"), _("A part of its short name, like root-causes."), required=False, limit=LONGEST),
        ),
        submit=_("Find"),
    )  # fmt: skip


def read_form(request: Request) -> tuple[HistoryFilter, dict[str, str]]:
    """The filter of a filled form, and what is wrong with which field."""
    errors: dict[str, str] = {}
    days: dict[str, date] = {}
    for name in ("since", "until"):
        if text := request.text(name):
            try:
                days[name] = past_day(parse_day(text), request.community.day_of(request.now))
            except PhraseError:
                errors[name] = _("I can’t read this day. Write it like Sep 1, or 2026-09-01.")
    prompt = re.fullmatch(r"[pP]?([0-9]{1,9})", request.text("prompt").strip())
    if request.text("prompt") and prompt is None:
        errors["prompt"] = _("Write a prompt like p12, or leave this empty.")
    number = int(prompt[1]) if prompt is not None else None
    lesson = _slug(request.text("lesson"))
    return HistoryFilter(request.text("word"), days.get("since"), days.get("until"), number, lesson), errors


def lesson_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """The lessons that somebody answered something of, while they type."""
    own = select(answer.c.occurrence_id).where(answer.c.member_id == request.member.id)
    query = select(*WHOLE).where(
        asking.c.community_id == request.community.id, asking.c.occurrence_id.in_(own)
    )
    named: Sequence[str] = sorted({one.prompt.lesson or "" for one in map(asked_from, conn.execute(query))})
    return ((one[-LESSON:], one) for one in named if one)
