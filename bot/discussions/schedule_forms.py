"""The forms of discussions: a new schedule, a draft, and a change of words."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from bot.chat.forms import Choice, Form, LongText, Pick, ShortText
from bot.chat.models import Refusal
from bot.chat.time.date_list import DateList
from bot.chat.time.moment_parser import After, AtLocal
from bot.chat.time.rules import Monthly, MonthlyNth, Once, OnDates, Weekly
from bot.discussions import moderator_cards, tables
from bot.discussions.settings import KIND, TEXT, TITLE, settings_of
from bot.feature import Request
from bot.scheduled_posts.edit import FOLLOWING, THIS, rule_text
from bot.scheduled_posts.options import REPEATS, length_words
from bot.scheduled_posts.rule_input import spell
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import Schedule

OPEN = "open"
"""The scope of an edit that changes the one that is there already."""


def new_form(request: Request) -> Form:
    """Channel, first time, how often, title and text; filled with the words of a message, if it is about one."""
    about = request.about.text if request.about is not None else ""
    channel = request.text("channel")
    if not channel and not request.place.private:
        channel = request.place.channel
    title = request.text("title") or (about.strip().splitlines() or [""])[0][:TITLE]
    text = request.text("text") or about
    if len(text) > TEXT:
        raise Refusal(
            f"An opening text has up to {TEXT:,} characters; this one has {len(text):,}.", "Shorten it.", text
        )
    return Form(
        "discuss.new", "A new discussion",
        (
            Pick("channel", "Where", "channel", value=channel),
            ShortText("when", "First time", "thu 16:00", value=_written(request)),
            Choice("repeat", "How often", tuple((one, one.capitalize()) for one in REPEATS),
                   value=request.text("repeat") or "once"),
            ShortText("title", "Title", "Week {week}: {topic}", value=title, limit=TITLE),
            _text_field(text),
        ),
        submit="Preview",
    )  # fmt: skip


def draft_form(request: Request, draft: Schedule) -> Form:
    """Words, time, closing and tags of what is not confirmed yet."""
    plan = settings_of(draft)
    return Form(
        "discuss.draft", "Before it is planned",
        (
            ShortText("title", "Title", value=plan.title, limit=TITLE), _text_field(plan.text),
            ShortText("when", "When", "every thu 16:00", value=rule_text(draft, request.community.zone)),
            _closes_field(draft),
            ShortText("tags", "Tags of the forum post", "weekly, staff", required=False, value=", ".join(plan.tags)),
        ),
        value=request.value, submit="Preview",
    )  # fmt: skip


def edit_form(conn: Connection, request: Request, schedule: Schedule) -> Form:
    """Words, time and closing, with what they are to count for."""
    plan, key = settings_of(schedule), request.value.partition("/")[2]
    one = next_going(conn, request, schedule, key)
    now_open = [it for it in tables.open_of(conn, schedule.id) if it.message]
    own = tables.by_key(conn, schedule.id, one.key) if one is not None else None
    scopes = []
    if one is not None:
        day = date.fromisoformat(one.wall[:10])
        scopes = [
            (THIS, f"Only the one on {day:%a} {day.day} {day:%b}"),
            (FOLLOWING, "That one and all that follow"),
        ]
    if now_open and not key:
        scopes.append((OPEN, f"The one that is open: {now_open[-1].name}"[:75]))
    if not scopes:
        raise Refusal(
            f"Nothing of {schedule.name} is coming, and none is open.", "`/discuss schedule` plans one."
        )
    title = own.title if own is not None and own.title else plan.title
    text = own.text if own is not None and own.text is not None else plan.text
    return Form(
        "discuss.change", f"Change {schedule.name}",
        (
            Choice("scope", "For", tuple(scopes), value=request.text("scope") or scopes[0][0]),
            ShortText("title", "Title", value=title, limit=TITLE), _text_field(text),
            ShortText("when", "When", value=rule_text(schedule, request.community.zone)),
            _closes_field(schedule),
        ),
        value=f"{schedule.name}/{key}" if key else schedule.name or "",
    )  # fmt: skip


def next_going(conn: Connection, request: Request, schedule: Schedule, key: str) -> UpcomingOccurrence | None:
    """The next one that goes out, or the one with this key."""
    until = request.now + timedelta(days=400)
    ahead = upcoming_occurrences(conn, schedule.community_id, request.now, until, kinds=(KIND,))
    mine = (one for one in ahead if one.schedule.id == schedule.id)
    return next((one for one in mine if (one.key == key if key else one.goes_out)), None)


def _text_field(text: str) -> LongText:
    hint = f"You may use {moderator_cards.placeholders_line()}"
    return LongText("text", "Opening text", hint, required=False, value=text, limit=TEXT)


def _closes_field(schedule: Schedule) -> ShortText:
    value = length_words(schedule.open_for) if schedule.open_for else ""
    return ShortText("closes", "Open for", "6d; empty: until the next one", required=False, value=value)


def _written(request: Request) -> str:
    """When it was to be, as it was understood."""
    match request.values.get("when"):
        case (DateList(text=text), zone):
            return f"{text} {zone or ''}".strip()
        case (Weekly() | Monthly() | MonthlyNth() | Once() | OnDates() as rule, zone):
            return f"{rule} {zone or ''}".strip()
        case (AtLocal() | After() as when, zone):
            return f"{spell(when)} {zone or ''}".strip()
    return ""
