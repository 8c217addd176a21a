"""A schedule in the making: read from a command or a form, shown before anything is posted, then confirmed.

It is a row in the state `draft`, so that the preview's buttons find it after a restart. It has no name until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Button, Card, Moment, compose
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import DEFAULT, _, speaking
from bot.chat.menu import OptionKind
from bot.chat.models import Refusal
from bot.feature import Request, note_change
from bot.runtime.clock import Clock
from bot.scheduled_posts.cards import done_card, join_words
from bot.scheduled_posts.direct_reach import refuse_unreachable
from bot.scheduled_posts.due_list import next_date
from bot.scheduled_posts.ids import find_draft
from bot.scheduled_posts.model import PostKind
from bot.scheduled_posts.options import read_columns, read_places, read_policies, read_times
from bot.scheduled_posts.previews import PostPreviews, describe_columns
from bot.scheduled_posts.rule_input import read_rule
from bot.schedules import edits, tables
from bot.schedules.model import Schedule, ScheduleState
from bot.store.store import Store

TIMES = (("when", OptionKind.COMING), ("closes", OptionKind.DURATION), ("headsup", OptionKind.DURATION))
"""Fields of forms that are read as a command's options would be."""
KEPT = timedelta(days=1)
"""How long a preview that nobody confirmed is kept."""


class PostDrafts:
    """How a moderator plans a schedule of one kind."""

    def __init__(self, kind: PostKind, previews: PostPreviews) -> None:
        self._kind, self._previews = kind, previews

    def schedule(self, conn: Connection, request: Request) -> Card | Form:
        """Show what a new schedule will do; with something missing, ask for it in a form."""
        self._kind.check_line(request)
        if request.missing:
            return self._kind.new_form(conn, request)
        return self._prepare(conn, request, request.values)

    def take_new(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """The form of a new schedule came back: read as a command would be."""
        values, errors = read_times(given_fields(request.values), TIMES)
        return FieldErrors(errors) if errors else self._prepare(conn, request, values)

    def _prepare(self, conn: Connection, request: Request, values: Mapping[str, object]) -> Card:
        """Write a draft down and show what it will do."""
        kind = self._kind
        direct = values.get("to") == "dm"
        if direct and values.get("pings"):
            raise Refusal(
                _("A direct message notifies only its reader."),
                _("Leave out `pings:`, or post in the channel."),
                request.line,
            )
        time = read_rule(values, request.community.zone, request, direct=direct)
        places = read_places(values, request)
        if direct and (refused := refuse_unreachable(conn, request, places)) is not None:
            return refused
        title, details = kind.read_details(conn, request, values, time["rule"], None)
        columns: dict[str, Any] = {
            "catch_up": kind.late,
            "grace_minutes": kind.grace // timedelta(minutes=1),
            **time,
        }
        columns |= {**read_policies(values), **read_columns({"closes": kind.closes, **values}, request)}
        made = edits.add_draft(
            conn, request.community.id, kind=kind.kind, now=request.now, places=places,
            **{**columns, "title": title, "direct": direct, "details": details},
        )  # fmt: skip
        return self._previews.preview_draft(
            conn, request, find_draft(conn, kind, request, f"{kind.letter}{made}")
        )

    def draft_form(self, conn: Connection, request: Request) -> Form:
        """The form that changes a schedule before it is confirmed."""
        return self._kind.draft_form(conn, request, find_draft(conn, self._kind, request, request.value))

    def take_draft(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """The changed draft came back: shown again."""
        draft = find_draft(conn, self._kind, request, request.value)
        values, errors = read_times(given_fields(request.values), TIMES)
        if errors:
            return FieldErrors(errors)
        if draft.state is not ScheduleState.DRAFT:
            fix = _("{command} changes it.", command=self._kind.command("edit"))
            raise Refusal(_("That one is confirmed already."), fix)
        values.setdefault("closes", None)
        own = request.community.zone if draft.direct else draft.zone
        time = read_rule(values, own, request, direct=draft.direct)
        if time["rule"] == draft.rule:
            time = {}
        rule = time.get("rule", draft.rule)
        title, details = self._kind.read_details(conn, request, values, rule, draft)
        changes: dict[str, Any] = {
            **time,
            **read_columns(values, request),
            "title": title,
            "details": details,
        }
        edits.change_schedule(conn, draft.community_id, draft.id, request.now, **changes)
        return self._previews.preview_draft(
            conn, request, find_draft(conn, self._kind, request, request.value)
        )

    def confirm(self, conn: Connection, request: Request) -> Card:
        """Start what was prepared."""
        kind = self._kind
        draft = find_draft(conn, kind, request, request.value)
        if not self._previews.next_dates(conn, draft, request.now, 1):
            raise Refusal(_("That time has passed."), _("Plan it again with a later time."))
        if draft.state is ScheduleState.DRAFT:
            edits.confirm_draft(conn, draft.community_id, draft.id, kind.letter, request.now)
        running = find_draft(conn, kind, request, request.value)
        if draft.state is ScheduleState.DRAFT:
            note_change(conn, request, "planned", running.name or "", None, state_of(running))
            kind.check(conn, running, request.now)
        first = next_date(conn, running, request.now)
        name = running.name or ""
        if first is not None:
            planned = compose(
                _("It is planned ({schedule}). It is first posted on {when}."),
                schedule=name,
                when=Moment(first, request.community.zone),
            )
            words = join_words(" ", planned, kind.after_confirm(running))
        else:
            words = (_("It is planned ({schedule}), but no date is ahead.", schedule=name),)
        return done_card(words, Button(_("See what is due"), does=f"{kind.noun}.list"), replaces=True)

    def drop(self, conn: Connection, request: Request) -> Card:
        """Forget what was prepared."""
        draft = find_draft(conn, self._kind, request, request.value)
        if draft.state is not ScheduleState.DRAFT:
            cancel = self._kind.command(f"cancel {draft.name}")
            words = _(
                "{schedule} is running already. {command} ends it.", schedule=draft.name, command=cancel
            )
            return done_card(words, replaces=True)
        edits.remove_schedule(conn, draft.community_id, draft.id)
        return done_card(_("Canceled. Nothing was planned."), replaces=True)


async def drop_old_drafts(store: Store, clock: Clock, kind: PostKind) -> int:
    """Forget previews of a kind that nobody confirmed; how many."""
    return await store.write(partial(_drop_old, before=clock.now() - KEPT, kind=kind))


def _drop_old(conn: Connection, before: datetime, kind: PostKind) -> int:
    old = [one for one in tables.drafts_before(conn, before) if one.kind == kind.kind]
    for one in old:
        edits.remove_schedule(conn, one.community_id, one.id)
    return len(old)


def given_fields(values: Mapping[str, object]) -> dict[str, object]:
    """The fields of a form that were filled in."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def state_of(schedule: Schedule) -> dict[str, object]:
    """What the audit log keeps of a schedule, in English whoever changed it."""
    with speaking(DEFAULT):
        rows = {
            label: "".join(str(getattr(part, "id", part)) for part in words)
            for label, words in describe_columns(schedule)
        }
    open_for = str(schedule.open_for) if schedule.open_for else None
    headsup = str(schedule.headsup) if schedule.headsup else None
    for label in ("Open for", "Open", "Heads-up", "Where"):
        rows.pop(label, None)
    places = [f"{one.space}/{one.channel}" for one in schedule.places]
    return {
        "when": schedule.rule, "zone": schedule.zone, "open": open_for, "headsup": headsup, "places": places,
        **schedule.details, **{label.lower(): words for label, words in rows.items()},
    }  # fmt: skip
