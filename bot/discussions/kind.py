"""Discussions as a kind of scheduled post: how their schedules are read, described, foretold and shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Markdown, Moment, Note, Quote, Words, compose
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal
from bot.discussions import cards, meetings, moderator_cards, schedule_forms, tables, topics
from bot.discussions.left_out import lacks_starter
from bot.discussions.meeting_options import MEETING_OPTIONS, read_meeting
from bot.discussions.settings import KIND, TEXT, TITLE, DiscussionSettings, Dry, settings_of
from bot.discussions.wording import (
    Lessons,
    check_words,
    make_forecaster,
    templates,
    uses_topics,
    wordings,
)
from bot.feature import Request
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.scheduled_posts.cards import card_examples
from bot.scheduled_posts.examples import example_date
from bot.scheduled_posts.ids import running_schedules, upcoming_of
from bot.scheduled_posts.model import PostKind, PostPreview
from bot.scheduled_posts.options import POST_OPTIONS, read_tags
from bot.scheduled_posts.previews import preview_examples
from bot.schedules.breaks import rule_of
from bot.schedules.forecast import ForecastEntry, UpcomingOccurrence, upcoming_occurrences
from bot.schedules.model import CatchUp, Occurrence, OccurrenceState, Schedule

SEPARATED = re.compile(r"\s(--|–|—)\s")
DRY = Option("dry", N_("When no topic is left"), OptionKind.CHOICE, choices=tuple(Dry))
STRAY = re.compile(
    rf"\b({'|'.join(('title', 'repeat', *(one.name for one in (*POST_OPTIONS, DRY, *MEETING_OPTIONS))))}):\S+"
)
"""An option that slipped into the free text, because a title of several words was not quoted."""
Edit = Callable[[Connection, Request, Schedule, Mapping[str, object]], Card]


class DiscussionKind(PostKind):
    """Discussions: a thread with a title and a text, open until it closes or the next one comes."""

    kind, noun, letter, one = KIND, "discuss", "d", "discussion"
    refusal = N_("The discussion “{title}” ({schedule}) was not posted in {channel}.")
    next_comes = N_("The next discussion comes on {when}.")
    going_out = N_("One discussion is already going out.")
    home_label, plan_label = N_("Discussions"), N_("Plan a discussion")
    late, grace = CatchUp.ASK, timedelta(hours=2)
    plan_options = (
        Option("title", N_("Its title, like Week {week}: {topic}"), required=True),
        DRY,
        *MEETING_OPTIONS,
    )
    edit_options = (DRY, *MEETING_OPTIONS)
    text_options = (Option("text", N_("The opening text"), OptionKind.TEXT),)
    examples: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "schedule": (
            '/discuss schedule #lounge "thu 4pm" title:"Week {week}: {topic}" repeat:weekly',
            '/discuss schedule #lounge "fri 12:00" title:"Lunch table" closes:2d -- Bring a question.',
        ),
        "pause": ("/discuss pause d4 until:5 jan",),
        "skip": ("/discuss skip d4", "/discuss skip d4 on:15 oct"),
    }

    def __init__(self, lessons: Lessons | None) -> None:
        self._lessons = lessons
        self.edit: Edit | None = None

    # ── what is planned ───────────────────────────────────────────────────────

    def check_line(self, request: Request) -> None:
        """Refuse an unknown channel, and an option that stands in the opening text."""
        lost = request.text("text")
        if "channel" in request.missing and lost.startswith("#"):
            problem = _("I can’t find a channel {channel} here.", channel=lost.split()[0])
            raise Refusal(problem, _("Pick it from the list as you type."), request.line)
        stray = None if SEPARATED.search(request.line) else STRAY.search(lost)
        if stray is not None:
            raise Refusal(
                _("{option} is in the opening text.", option=f"`{stray[0]}`"),
                _(
                    "Put options before the text, and put a title of several words in quotes: {example}.",
                    example='title:"Week {week}"',
                ),
                request.line,
            )

    def read_details(
        self, conn: Connection, request: Request, values: Mapping[str, object], rule: str, old: Schedule | None,
        one: Occurrence | None = None,
    ) -> tuple[str, Mapping[str, Any]]:  # fmt: skip
        """Words, topics and meeting; a single date says what it would have said, word for word."""
        before = settings_of(old) if old is not None else DiscussionSettings("", "")
        title = str(values.get("title") or before.title).strip()
        text = str(values["text"] or "").strip() if "text" in values else before.text
        if not title or len(title) > TITLE:
            raise Refusal(
                _("A title has 1 to {most} characters.", most=TITLE), _("Shorten it."), request.line
            )
        if len(text) > TEXT:
            problem = _("The opening text has {count} characters; {most} fit.", count=len(text), most=TEXT)
            raise Refusal(problem, _("Shorten it."), text)
        check_words(conn, self._lessons, request.community.id, request.now, title, text, request.line)
        made = replace(before, title=title, text=text)
        if "tags" in values:
            made = replace(made, tags=tuple(read_tags(values["tags"])))
        if values.get("dry"):
            made = replace(made, dry=Dry(str(values["dry"])))
        if {one.name for one in MEETING_OPTIONS} & set(values):
            made = replace(made, meeting=read_meeting(values, rule_of(rule), request.line))
        if one is not None and old is not None:
            made = self._settle_words(conn, request, old, one, made)
        return made.title, made.to_details()

    def _settle_words(
        self, conn: Connection, request: Request, old: Schedule, one: Occurrence, made: DiscussionSettings
    ) -> DiscussionSettings:
        """The words of one date with everything filled in; its topic is used up."""
        before, own = settings_of(old), tables.draft_discussion(conn, old.community_id, old.id, one.key)
        tables.change_discussion(
            conn, own.id,
            title=made.title if made.title != before.title else own.title,
            text=made.text if made.text != before.text else own.text,
        )  # fmt: skip
        going = replace(upcoming_of(old, one), state=OccurrenceState.PLANNED)
        words = wordings(conn, old, [going], self._lessons)[0][0]
        if words is None:
            raise Refusal(_("That one does not go out."), _("`/discuss list` says why."))
        if words.topic is not None:
            topics.use_topic(conn, words.topic.id, request.now)
        return replace(made, title=words.title, text=words.text)

    def describe(self, _conn: Connection, schedule: Schedule) -> Sequence[tuple[str, Words]]:
        """The meeting; the words are shown where they stand."""
        meeting = settings_of(schedule).meeting
        return [] if meeting is None else [(_("Meeting"), moderator_cards.meeting_words(meeting))]

    def preview_blocks(self, _conn: Connection, schedule: Schedule) -> Sequence[Block]:
        """The opening text."""
        plan = settings_of(schedule)
        blocks: list[Block] = [Markdown(_("It has no opening text yet: press Edit to write one."))]
        if plan.text:
            blocks = [Markdown(_("**It begins with**")), Quote(plan.text)]
        if uses_topics(plan):
            blocks.append(
                Note(
                    _(
                        "Each one uses the next topic from its list. You can fill the list after you press "
                        "Confirm."
                    )
                )
            )
        return blocks

    def after_confirm(self, schedule: Schedule) -> str:
        """How to fill the queue of topics."""
        if not uses_topics(settings_of(schedule)):
            return ""
        lines = _("one topic per line")
        return _(
            "Fill its queue with {command}.", command=f"`/discuss topics {schedule.name} add -- {lines}`"
        )

    def more(self, conn: Connection, request: Request) -> Sequence[Block]:
        """What is open now, and a button to plan another."""
        names = {one.id: one.name or "" for one in running_schedules(conn, self, request.community.id)}
        rows: list[tuple[str, Words]] = []
        for one in tables.open_now(conn, request.community.id):
            if one.message:
                until: Words = _("{title}, until the next one", title=one.name)
                if one.closes_at is not None:
                    when = Moment(one.closes_at, request.community.zone)
                    until = compose(_("{title}, until {when}"), title=one.name or "", when=when)
                rows.append((names.get(one.schedule_id, _("canceled")), until))
        blocks: list[Block] = [Markdown(_("**Open now**")), Facts(tuple(rows[:20]))] if rows else []
        return [*blocks, Buttons((Button(_("Plan a discussion"), opens="discuss.new"),))]

    def end(self, conn: Connection, schedule: Schedule, now: datetime) -> None:
        """Meetings are called off; what is open stays open for a week at most."""
        for one in tables.open_of(conn, schedule.id):
            meetings.call_off(conn, one, now)
            if one.closes_at is None:
                tables.change_discussion(conn, one.id, closes_at=now + timedelta(days=7))

    # ── what comes ────────────────────────────────────────────────────────────

    def foretell(
        self, conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence]
    ) -> Sequence[ForecastEntry]:
        """What each will be called."""
        return make_forecaster(self._lessons)(conn, schedule, ahead)

    def show(self, conn: Connection, one: UpcomingOccurrence) -> PostPreview:
        """The message as it will look, with its own closing date."""
        schedule, plan = one.schedule, settings_of(one.schedule)
        community, since = schedule.community_id, min(schedule.cursor, one.at)
        before = [
            it
            for it in upcoming_occurrences(conn, community, since, one.at, kinds=(KIND,))
            if it.schedule.id == schedule.id and it.goes_out and it.at < one.at and it.key != one.key
        ]
        going = replace(one, state=OccurrenceState.PLANNED)
        words = wordings(conn, schedule, [*before, going], self._lessons)[-1][0]
        if words is None:
            return PostPreview(None)
        closes = one.at + schedule.open_for if schedule.open_for is not None else None
        row = replace(tables.imagined_discussion(words.title, words.text), closes_at=closes)
        with speaking_to_all(conn, community):  # as everybody will read it, whoever looks
            card = cards.discussion_card(row, plan, {}, people.community_by_id(conn, community).zone)
        return PostPreview(
            card, (Button(_("Edit"), opens="discuss.change", value=f"{schedule.name}/{one.key}"),)
        )

    def show_now(self, conn: Connection, one: UpcomingOccurrence, now: datetime) -> PostPreview:
        """The same with the lesson, the topic and the closing date of now."""
        schedule, own = one.schedule, tables.by_key(conn, one.schedule.id, one.key)
        lesson = self._lessons(conn, schedule.community_id, now) if self._lessons else None
        if lacks_starter(conn, schedule.id, *templates(settings_of(schedule), own), lesson):
            raise Refusal(
                _("There is nothing to post right now: no new lesson has a starter."),
                _("The next new lesson brings one."),
            )
        return super().show_now(conn, replace(one, at=now), now)

    # ── forms ─────────────────────────────────────────────────────────────────

    def new_form(self, _conn: Connection, request: Request) -> Form:
        """The form of a new discussion."""
        return schedule_forms.new_form(request)

    def draft_form(self, _conn: Connection, request: Request, draft: Schedule) -> Form:
        """The form of what is not confirmed yet."""
        return schedule_forms.draft_form(request, draft)

    def edit_form(self, conn: Connection, request: Request, schedule: Schedule) -> Form:
        """The form that changes words, time and closing."""
        return schedule_forms.edit_form(conn, request, schedule)

    def take_edit(
        self, conn: Connection, request: Request, schedule: Schedule, values: Mapping[str, object]
    ) -> Card | FieldErrors:
        """Change what the form says."""
        if self.edit is None:
            raise LookupError("nobody changes discussions")
        return self.edit(conn, request, schedule, values)


def kind_examples() -> tuple[Card, ...]:
    """Every card of the workflow, about an invented discussion."""
    from bot.discussions.examples import PLAN, ROW

    shown = PostPreview(cards.discussion_card(ROW, PLAN, {}, "Europe/Dublin"))
    kind = DiscussionKind.__new__(DiscussionKind)
    date = example_date(KIND, "d4", PLAN.title, PLAN.to_details())
    return (*card_examples(kind, date, shown), *preview_examples(kind, date))
