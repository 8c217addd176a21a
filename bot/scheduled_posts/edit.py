"""Changing a schedule with options: its next date only, or that and all that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Facts, Moment, Words, compose
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import _, ngettext
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_id
from bot.chat.time.moment_parser import After, AtLocal, resolve_when
from bot.chat.time.rules import Once, write_rule
from bot.feature import Request, note_change
from bot.people.languages import speaking_to_all
from bot.scheduled_posts.approval import PostApproval, too_late
from bot.scheduled_posts.cards import done_card, join_words, settled_card
from bot.scheduled_posts.drafts import TIMES, state_of
from bot.scheduled_posts.due_list import next_date
from bot.scheduled_posts.ids import named_date, named_schedule
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.options import changed_places, columns_of, read_columns, read_policies, read_times
from bot.scheduled_posts.previews import describe_columns
from bot.scheduled_posts.rule_input import read_rule, read_zone
from bot.schedules import edits, tables
from bot.schedules.breaks import rule_of
from bot.schedules.model import BreakPolicy, Occurrence, Schedule, ScheduleState
from bot.schedules.reasons import MOVED
from bot.schedules.recurrence import local_to_utc, next_instant

THIS, FOLLOWING = "this", "following"


class PostEdits:
    """The moderator's way of changing schedules of one kind."""

    def __init__(self, kind: PostKind, approval: PostApproval) -> None:
        self._kind, self._approval = kind, approval

    def edit(self, conn: Connection, request: Request) -> Card | Form:
        """Change what was named, or ask what to change."""
        given = {
            name: value
            for name, value in request.values.items()
            if name not in ("schedule", "scope", "prompt")
        }
        if given:
            schedule = named_schedule(conn, self._kind, request)
            return self.change(conn, request, schedule, given)
        return self.build_form(conn, request)

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form of a schedule, filled."""
        return self._kind.edit_form(conn, request, named_schedule(conn, self._kind, request))

    def take(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """The form came back; what was left as it was changes nothing."""
        schedule = named_schedule(conn, self._kind, request)
        given = dict(request.values)
        unchanged = (rule_text(schedule, request.community.zone), schedule.rule)
        if " ".join(str(given.get("when")).split()) in unchanged:
            given.pop("when")
        values, errors = read_times(given, TIMES)
        if errors:
            return FieldErrors(errors)
        values = {name: None if value == "" else value for name, value in values.items()}
        return self._kind.take_edit(conn, request, schedule, values)

    def change(
        self, conn: Connection, request: Request, schedule: Schedule, given: Mapping[str, object]
    ) -> Card:
        """Change what was given: of the next date, or of that and all that follow."""
        tables.lock_schedule(conn, schedule.community_id, schedule.id)
        if request.text("scope") == THIS:
            return self.move(conn, request, schedule, given)
        return self.change_following(conn, request, schedule, given)

    def change_following(
        self, conn: Connection, request: Request, found: Schedule, given: Mapping[str, object]
    ) -> Card:
        """Change a schedule from its next date on."""
        changes: dict[str, Any] = {**read_policies(given), **read_columns(given, request)}
        if given.get("when"):
            own = request.community.zone if found.direct else found.zone
            changes |= read_rule(given, own, request, direct=found.direct)
            if found.state is not ScheduleState.ACTIVE:
                changes.pop("paused_until")  # another rule does not end a pause
            once = isinstance(rule_of(changes["rule"]), Once)
            if once and not isinstance(rule_of(found.rule), Once):
                fix = _('Write when:"every tue 10am", or scope:this.')
                raise Refusal(_("That is a single time, not a schedule."), fix, request.line)
        rule = str(changes.get("rule", found.rule))
        changes["title"], changes["details"] = self._kind.read_details(conn, request, given, rule, found)
        places = changed_places(found, given, request)
        going = edits.change_schedule(
            conn,
            found.community_id,
            found.id,
            request.now,
            None if places == found.places else places,
            **changes,
        )
        after = tables.find_schedule(conn, found.community_id, found.id) or found
        self._approval.start_over(conn, after, request.now)
        note_change(conn, request, "changed", found.name or "", state_of(found), state_of(after))
        self._kind.check(conn, after, request.now)
        return self._changed_card(conn, request, after, going)

    def _changed_card(
        self, conn: Connection, request: Request, after: Schedule, going: list[Occurrence]
    ) -> Card:
        """What was changed, and what goes out as it was."""
        said = _("{schedule} is changed.", schedule=after.name)
        gone = (
            ngettext(
                "{ids} is going out already, as it was before, with the old words.",
                "{ids} are going out already, as they were before, with the old words.",
                len(going),
                ids=", ".join(f"o{one.id}" for one in going),
            )
            if going
            else ""
        )
        card = done_card(join_words(" ", said, gone, self._next_words(conn, request, after)))
        rows = (*self._kind.describe(conn, after), *describe_columns(after))
        return replace(card, blocks=(*card.blocks, Facts(rows)))

    @staticmethod
    def _next_words(conn: Connection, request: Request, after: Schedule) -> Words:
        """What comes next of a schedule that was changed."""
        due = next_instant(rule_of(after.rule), ZoneInfo(after.zone), after.anchor, after.cursor)
        first = next_date(conn, after, request.now)
        if due is not None and due.at <= request.now and after.paused_until is None:
            return _("The one that is due now goes out as it is now.")
        if first is not None:
            when = Moment(first, request.community.zone)
            return compose(_("The next one comes on {when}, as it is now."), when=when)
        return _("It is paused.") if after.paused_until is not None else _("Nothing more will come.")

    # ── only one ──────────────────────────────────────────────────────────────

    def move(self, conn: Connection, request: Request, found: Schedule, given: Mapping[str, object]) -> Card:
        """Change one date: it is skipped, and a single schedule with what was changed takes its place."""
        _schedule, one = named_date(
            conn, self._kind, replace(request, values={"schedule": read_id(found.name or "")})
        )
        local, zone = self._new_time(request, found, one, given)
        if local_to_utc(local, ZoneInfo(zone))[0] <= request.now:
            raise Refusal(_("That time has passed."), _("Pick one that is still to come."), request.line)
        rule = str(Once(local.date(), local.time()))
        title, details = self._kind.read_details(conn, request, given, rule, found, one)
        columns: dict[str, Any] = {**columns_of(found), **read_columns(given, request), "details": details}
        columns |= {"instead_of": found.id, "instead_key": one.key}
        made = edits.add_schedule(
            conn, found.community_id, kind=found.kind, letter=self._kind.letter, now=request.now, title=title,
            places=changed_places(found, given, request), rule=rule, zone=zone, anchor=local.date(),
            catch_up=found.catch_up, grace_minutes=found.grace_minutes, break_policy=BreakPolicy.IGNORE, **columns,
        )  # fmt: skip
        single = tables.find_schedule(conn, found.community_id, made) or found
        if not edits.skip_occurrence(conn, found.community_id, one.id, MOVED.format(name=single.name)):
            raise Refusal(*too_late(self._kind, one.state), request.line)
        with speaking_to_all(conn, found.community_id):
            told = settled_card(found, _("It was changed and is {schedule} now.", schedule=single.name))
        self._approval.settle(conn, found, one.key, request.now, "", told)
        note_change(conn, request, "changed", f"{found.name} {one.key}", state_of(found), state_of(single))
        at = next_date(conn, single, request.now) or one.due_at
        words = compose(
            _("Only this one is changed: it comes on {when} ({single}). {schedule} goes on as before. {command} takes this back."),
            when=Moment(at, request.community.zone), single=single.name or "", schedule=found.name or "",
            command=self._kind.command(f"unskip o{one.id}"),
        )  # fmt: skip
        return done_card(words)

    @staticmethod
    def _new_time(
        request: Request, found: Schedule, one: Occurrence, given: Mapping[str, object]
    ) -> tuple[datetime, str]:
        """The local time and zone of a moved date: what was asked for, or what it had."""
        wanted = given.get("when")
        own = found.zone
        if not isinstance(wanted, tuple):
            return datetime.fromisoformat(one.wall), own
        name, phrase = read_zone(wanted[1] or own, request.line), wanted[0]
        if isinstance(phrase, Once):
            local = datetime.combine(phrase.on, phrase.at)
        elif isinstance(phrase, AtLocal | After):
            now = request.now.astimezone(ZoneInfo(name))
            local = resolve_when(phrase, now, datetime.fromisoformat(one.wall).time())
        else:
            raise Refusal(
                _("Only one is changed, so it needs one time."),
                _('Try when:"tue 10am" scope:this.'),
                request.line,
            )
        if name != own:
            local = local_to_utc(local, ZoneInfo(name))[0].astimezone(ZoneInfo(own)).replace(tzinfo=None)
        return local, own


def rule_text(schedule: Schedule, zone: str) -> str:
    """The rule of a schedule as a moderator would write it."""
    rule = write_rule(schedule.rule)
    here = schedule.direct or schedule.zone == zone
    return rule if here else f"{rule} {schedule.zone}"
