"""The forms of discussions: a new schedule, a draft, and a change of words."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from bot.chat.forms import Choice, Form, LongText, Pick, ShortText
from bot.chat.language import _, format_short_day
from bot.chat.models import Refusal
from bot.chat.time.date_list import DateList
from bot.chat.time.moment_parser import After, AtLocal
from bot.chat.time.rules import Monthly, MonthlyNth, Once, OnDates, Weekly
from bot.discussions import moderator_cards, tables
from bot.discussions.settings import KIND, TEXT, TITLE, settings_of
from bot.feature import Request
from bot.scheduled_posts.edit import FOLLOWING, THIS, rule_text
from bot.scheduled_posts.options import REPEATS, write_length
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
            _("The opening text has {count} characters. Up to {most} fit.", count=len(text), most=TEXT),
            _("Make it shorter."),
            text,
        )
    return Form(
        "discuss.new", _("A new discussion"),
        (
            Pick("channel", _("Where"), "channel", value=channel),
            ShortText("when", _("First time"), _("Like thu 4pm"), value=_written(request)),
            Choice("repeat", _("How often"), tuple((one, _(said)) for one, said in REPEATS.items()),
                   value=request.text("repeat") or "once"),
            ShortText("title", _("Title"), value=title, limit=TITLE),
            _text_field(text),
        ),
        submit=_("Preview"),
    )  # fmt: skip


def draft_form(request: Request, draft: Schedule) -> Form:
    """Words, time, closing and tags of what is not confirmed yet."""
    plan = settings_of(draft)
    return Form(
        "discuss.draft", _("Before it is planned"),
        (
            ShortText("title", _("Title"), value=plan.title, limit=TITLE), _text_field(plan.text),
            ShortText("when", _("When"), _("Like every thu 4pm"), value=rule_text(draft, request.community.zone)),
            _closes_field(draft),
            ShortText("tags", _("Tags of the forum post"), _("With commas"), required=False, value=", ".join(plan.tags)),
        ),
        value=request.value, submit=_("Preview"),
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
            (THIS, _("Only the one on {day}", day=format_short_day(day))),
            (FOLLOWING, _("That one and all that follow")),
        ]
    if now_open and not key:
        scopes.append((OPEN, _("The one that is open: {title}", title=now_open[-1].name)[:75]))
    if not scopes:
        raise Refusal(
            _("{schedule} has no next date, and none is open.", schedule=schedule.name),
            _("`/discuss schedule` plans a new one."),
        )
    title = own.title if own is not None and own.title else plan.title
    text = own.text if own is not None and own.text is not None else plan.text
    return Form(
        "discuss.change", _("Change {schedule}", schedule=schedule.name),
        (
            Choice("scope", _("For"), tuple(scopes), value=request.text("scope") or scopes[0][0]),
            ShortText("title", _("Title"), value=title, limit=TITLE), _text_field(text),
            ShortText("when", _("When"), value=rule_text(schedule, request.community.zone)),
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
    hint = _("Filled in by themselves: {words}", words=moderator_cards.placeholders_line())
    return LongText("text", _("Opening text"), hint, required=False, value=text, limit=TEXT)


def _closes_field(schedule: Schedule) -> ShortText:
    hint = _("Like 6d. Empty: until the next one")
    return ShortText("closes", _("Open for"), hint, required=False, value=write_length(schedule.open_for))


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
