"""What moderators do with one date of a schedule: skip it, take that back, post it at once, try it again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card, Moment, compose
from bot.chat.language import _
from bot.chat.models import Refusal, role_refusal
from bot.feature import Request, note_change
from bot.people.languages import speaking_to_all
from bot.scheduled_posts import headsups
from bot.scheduled_posts.approval import PostApproval, too_late
from bot.scheduled_posts.cards import done_card, now_card, skipped_card
from bot.scheduled_posts.ids import (
    OPEN,
    ahead_of,
    named_date,
    named_schedule,
    running_schedules,
    upcoming_of,
)
from bot.scheduled_posts.model import PostKind
from bot.schedules import edits, tables
from bot.schedules.model import BY_HAND, Occurrence, OccurrenceState, Schedule


class PostDates:
    """The moderator's commands about single dates of one kind."""

    def __init__(self, kind: PostKind, approval: PostApproval) -> None:
        self._kind, self._approval = kind, approval

    def skip(self, conn: Connection, request: Request) -> Card:
        """Leave out one date: the next of a schedule, or the one that was named."""
        schedule, one = named_date(conn, self._kind, request)
        if one.reason == BY_HAND or not edits.skip_occurrence(conn, schedule.community_id, one.id):
            raise Refusal(*too_late(self._kind, one.state))
        note_change(conn, request, "skipped", f"{schedule.name} {one.key}")
        about = (self._kind, schedule, one.id, one.due_at, request.community.zone, request.member.name)
        with speaking_to_all(conn, schedule.community_id):
            told = skipped_card(*about)
        self._approval.settle(conn, schedule, one.key, request.now, "", told)
        return replace(skipped_card(*about), replaces=bool(request.value))

    def unskip(self, conn: Connection, request: Request) -> Card:
        """Take back that a date was skipped; a single one that took its place goes."""
        schedule, one = self._skipped(conn, request)
        if not edits.unskip(conn, schedule.community_id, one.id, request.now):
            raise Refusal(
                _("That date is not skipped, or its time has passed."),
                _("{command} shows what is due.", command=self._kind.command("list")),
            )
        for single in running_schedules(conn, self._kind, schedule.community_id):
            if (single.instead_of, single.instead_key) == (schedule.id, one.key):
                edits.change_schedule(conn, single.community_id, single.id, request.now, instead_of=None)
                edits.cancel_schedule(conn, single.community_id, single.id, request.now)
        headsups.reopen_date(conn, schedule.id, one.key)
        note_change(conn, request, "took back a skip", f"{schedule.name} {one.key}")
        said = compose(
            _("{schedule} is posted on {when} after all."),
            schedule=schedule.name, when=Moment(one.due_at, request.community.zone),
        )  # fmt: skip
        return done_card(said, replaces=bool(request.value))

    def _skipped(self, conn: Connection, request: Request) -> tuple[Schedule, Occurrence]:
        """The date that was named, else the next one that a moderator skipped."""
        if request.value or request.values.get("on") is not None or request.number("occurrence") is not None:
            return named_date(conn, self._kind, request)
        schedule = named_schedule(conn, self._kind, request)
        for one in ahead_of(conn, schedule, request):
            by_people = one.reason is not None and "by a moderator" in one.reason
            if one.occurrence_id is not None and one.state is OccurrenceState.SKIPPED and by_people:
                row = tables.find_occurrence(conn, schedule.community_id, one.occurrence_id)
                if row is not None:
                    return schedule, row
        raise Refusal(
            _("No date of {schedule} was skipped by a moderator.", schedule=schedule.name), "", request.line
        )

    def preview_now(self, conn: Connection, request: Request) -> Card:
        """Show the next post of a schedule as it would go out at once."""
        schedule, one = named_date(conn, self._kind, request)
        self._check_role(request, schedule)
        upcoming = upcoming_of(schedule, one)
        shown = self._kind.show_now(conn, upcoming, request.now)
        if shown.choice is not None and headsups.find_headsup(conn, schedule.id, one.key) is None:
            headsups.choose(conn, schedule.community_id, schedule.id, one.key, shown.choice)
            self._kind.take_choice(conn, schedule, shown.choice)
        return now_card(self._kind, upcoming, shown, request.community.zone)

    def post(self, conn: Connection, request: Request) -> Card:
        """Post one at once; it takes the place of that period's automatic one."""
        schedule, one = named_date(conn, self._kind, request)
        self._check_role(request, schedule)
        open_ = one.state in OPEN and one.reason != BY_HAND
        if open_:
            self._kind.show_now(conn, upcoming_of(schedule, one), request.now)
        if not open_ or not edits.post_now(conn, schedule.community_id, one.id, request.now):
            raise Refusal(*too_late(self._kind, one.state))
        headsups.approve_date(conn, schedule.community_id, schedule.id, one.key, request.now)
        note_change(conn, request, "posted now", f"{schedule.name} {one.key}")
        return done_card(_("On its way. It replaces the next planned one."), replaces=True)

    @staticmethod
    def dismiss(_conn: Connection, _request: Request) -> Card:
        """Post nothing after all."""
        return done_card(_("Canceled. Nothing was posted."), replaces=True)

    def retry(self, conn: Connection, request: Request) -> Card:
        """Try at once to post what a place refused."""
        schedule = named_schedule(conn, self._kind, request)
        if not self._kind.refused.retry(conn, schedule, request.now):
            raise Refusal(
                _("There is nothing to try again."),
                _("{command} shows what is due.", command=self._kind.command("list")),
            )
        note_change(conn, request, "tried again", schedule.name or "")
        return done_card(_("Trying again now."))

    @staticmethod
    def _check_role(request: Request, schedule: Schedule) -> None:
        if schedule.approver is not None and request.role < schedule.approver.role:
            raise role_refusal(schedule.approver.role)
