"""The one way into a team's plan: every change is checked against what others wrote meanwhile, noted, and told.

Forms, meetings and whatever else writes into plans use `PlanWriter`. An edit names the version of the entry it was made
from. What only one side changed since then is joined; where both changed the same field, nothing is written, and the
answer is a `PlanClash` with what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.facts import PlanChanged
from bot.feature import UNDO
from bot.team_plans import tables
from bot.team_plans.lessons_learned import lesson_of
from bot.team_plans.model import DAY, FIELDS, ONCE, OWNER, WEEKS, PlanEntry, PlanPart, PlanSheet, TeamPlan
from bot.team_plans.tables import EntryState, StoredEntry

PlanValue = str | int | date | None
"""What a field holds: words, a member's id (`owner`), or a date (`day`)."""


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """What somebody writes into a plan: the fields of one form, all of them.

    `entry_id` is the entry that is changed, and `version` the one it was made from; without them it is a new one.
    `about_id` is what a new one is about (see `PlanEntry`).
    """

    team_id: int
    sheet: PlanSheet
    values: Mapping[str, PlanValue] = field(default_factory=dict)
    entry_id: int | None = None
    version: int = 0
    about_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlanSaved:
    """An edit was written; `undo` is the version that Undo takes back, 0 where nothing had to change."""

    entry: PlanEntry
    undo: int


@dataclass(frozen=True, slots=True)
class PlanClash:
    """Nothing was written: `fields` of the edit were changed by `member_id` meanwhile. `theirs` is what stands there.

    `mine` is what the edit would make of that.
    """

    theirs: PlanEntry
    mine: PlanEntry
    fields: tuple[str, ...]
    member_id: int | None


class PlanWriter:
    """Writes into the plans of teams."""

    def __init__(self, tell: Callable[[Connection, object], None]) -> None:
        self._tell = tell

    def write_part(
        self, conn: Connection, edit: PlanEdit, member_id: int | None, now: datetime
    ) -> PlanSaved | PlanClash | None:
        """Write an edit; None where the entry it changes is no longer there. Without a member it came from a canvas."""
        plan = tables.load_plan(conn, edit.team_id)
        known = self._entry_of(conn, plan, edit)
        if known is None:
            return None if edit.entry_id is not None else self._add(conn, plan, edit, member_id, now)
        base = _state_at(conn, known, edit.version)
        mine = {name: value for name, value in edit.values.items() if _value(base, name) != _clean(value)}
        clashing = tuple(
            name for name, value in mine.items()
            if _value(known.state, name) not in (_value(base, name), _clean(value))
        )  # fmt: skip
        if clashing:
            last = tables.find_revision(conn, edit.team_id, known.entry.id, known.entry.version)
            wanted = _with_values(known.state, mine)
            ours = replace(known.entry, words=wanted.words, owner_id=wanted.owner_id, day=wanted.day)
            return PlanClash(known.entry, ours, clashing, last.member_id if last is not None else None)
        state = _with_values(known.state, mine)
        if state == known.state:
            return PlanSaved(known.entry, 0)
        return self._change(conn, known, edit.sheet, state, member_id, now)

    def set_done(
        self,
        conn: Connection,
        team_id: int,
        entry_id: int,
        member_id: int | None,
        now: datetime,
        *,
        done: bool,
    ) -> PlanSaved | None:
        """Mark a step as done, or as not done; None where it is no longer there."""
        known = _present(conn, team_id, entry_id)
        if known is None:
            return None
        if (known.entry.done_at is not None) is done:
            return PlanSaved(known.entry, 0)
        state = replace(known.state, done_at=now if done else None)
        return self._change(conn, known, PlanSheet(known.entry.part.value), state, member_id, now)

    def remove(
        self, conn: Connection, team_id: int, entry_id: int, member_id: int, now: datetime
    ) -> PlanSaved | None:
        """Take an entry out of a plan; it can be brought back. None where it is no longer there."""
        known = _present(conn, team_id, entry_id)
        if known is None:
            return None
        state = replace(known.state, gone_at=now)
        return self._change(conn, known, PlanSheet(known.entry.part.value), state, member_id, now)

    def restore(
        self, conn: Connection, team_id: int, entry_id: int, member_id: int, now: datetime
    ) -> PlanSaved | None:
        """Bring back what was removed; None where there is nothing of the kind, or another one stands in its place."""
        known = tables.find_entry(conn, team_id, entry_id)
        if known is None:
            return None
        if known.gone_at is None:
            return PlanSaved(known.entry, 0)
        if _rival(tables.load_plan(conn, team_id), known.entry) is not None:
            return None
        state = replace(known.state, gone_at=None)
        return self._change(conn, known, PlanSheet(known.entry.part.value), state, member_id, now)

    def undo(
        self, conn: Connection, team_id: int, entry_id: int, version: int, member_id: int, now: datetime
    ) -> PlanSaved | None:
        """Take back a version of an entry, within ten minutes; None where it is too late, or somebody changed it since."""
        known = tables.find_entry(conn, team_id, entry_id)
        made = tables.find_revision(conn, team_id, entry_id, version)
        if known is None or made is None or known.entry.version != version or now - made.at > UNDO:
            return None
        state = made.before if made.before is not None else replace(known.state, gone_at=now)
        if (
            state.gone_at is None
            and known.gone_at is not None
            and _rival(tables.load_plan(conn, team_id), known.entry)
        ):
            return None
        return self._change(conn, known, made.sheet, state, member_id, now)

    # ── writing ───────────────────────────────────────────────────────────────

    def _entry_of(self, conn: Connection, plan: TeamPlan, edit: PlanEdit) -> StoredEntry | None:
        """The entry that an edit changes: the one it names, or the one that somebody else made in its place."""
        if edit.entry_id is not None:
            return _present(conn, edit.team_id, edit.entry_id)
        new = PlanEntry(0, edit.sheet.part, 0, _with_values(EntryState({}), edit.values).words, edit.about_id)
        rival = _rival(plan, new)
        return None if rival is None else tables.find_entry(conn, edit.team_id, rival.id)

    def _add(
        self, conn: Connection, plan: TeamPlan, edit: PlanEdit, member_id: int | None, now: datetime
    ) -> PlanSaved:
        part, state = edit.sheet.part, _with_values(EntryState({}), edit.values)
        made = tables.add_entry(
            conn, plan.community_id, plan.team_id, part, edit.about_id, state, member_id, now
        )
        return self._saved(conn, plan.team_id, made, edit.sheet, None, member_id, now)

    def _change(
        self, conn: Connection, known: StoredEntry, sheet: PlanSheet, state: EntryState, member_id: int | None,
        now: datetime,
    ) -> PlanSaved:  # fmt: skip
        tables.change_entry(conn, known.entry.id, known.entry.version + 1, state)
        return self._saved(conn, known.team_id, known.entry.id, sheet, known.state, member_id, now)

    def _saved(
        self, conn: Connection, team_id: int, entry_id: int, sheet: PlanSheet, before: EntryState | None,
        member_id: int | None, now: datetime,
    ) -> PlanSaved:  # fmt: skip
        stored = tables.find_entry(conn, team_id, entry_id)
        assert stored is not None  # noqa: S101 - it was written in this transaction
        tables.note_revision(conn, stored, sheet, member_id, now, before)
        plan = tables.load_plan(conn, team_id)
        filled = bool(plan.of(sheet.part))
        self._tell(conn, PlanChanged(stored.community_id, team_id, sheet.value, member_id, filled))
        if sheet is PlanSheet.LOOK and (lesson := lesson_of(plan, stored.entry)):
            self._tell(conn, lesson)
        return PlanSaved(stored.entry, stored.entry.version)


# ── what stands there ─────────────────────────────────────────────────────────


def _present(conn: Connection, team_id: int, entry_id: int) -> StoredEntry | None:
    known = tables.find_entry(conn, team_id, entry_id)
    return known if known is not None and known.gone_at is None else None


def _rival(plan: TeamPlan, one: PlanEntry) -> PlanEntry | None:
    """The entry that stands where another would: the one problem, the choice of a cause, the change that runs, a look at it."""
    for there in plan.of(one.part):
        if there.id == one.id:
            continue
        same = there.about_id == one.about_id
        if one.part in ONCE or (one.part is PlanPart.CHOICE and same):
            return there
        if one.part is PlanPart.CHANGE and not one.id and there == plan.change:
            return there
        if one.part is PlanPart.LOOK and same and there.text("weeks") == one.text("weeks"):
            return there
    return None


def _state_at(conn: Connection, known: StoredEntry, version: int) -> EntryState:
    """What an entry held in a version; nothing in version 0, or where that is no longer known."""
    if version >= known.entry.version:
        return known.state
    after = tables.find_revision(conn, known.team_id, known.entry.id, version + 1)
    return after.before if after is not None and after.before is not None else EntryState({})


def _value(state: EntryState, name: str) -> Any:
    if name == OWNER:
        return state.owner_id
    return state.day if name == DAY else state.words.get(name, "")


def _clean(value: PlanValue) -> Any:
    return value.strip() if isinstance(value, str) else value


def _with_values(state: EntryState, values: Mapping[str, PlanValue]) -> EntryState:
    """The state with these fields in it; an empty one is left out."""
    words = dict(state.words)
    owner, day = state.owner_id, state.day
    for name, value in values.items():
        match name, value:
            case "owner", int() | None:
                owner = value
            case "day", date() | None:
                day = value
            case _, str() if value.strip():
                words[name] = value.strip()
            case _:
                words.pop(name, None)
    return replace(state, words=words, owner_id=owner, day=day)


# ── values as text, for what is kept for a while ──────────────────────────────


def values_of(entry: PlanEntry, sheet: PlanSheet) -> dict[str, PlanValue]:
    """What an entry holds in the fields of a form."""
    found: dict[str, PlanValue] = {name: entry.text(name) for name in FIELDS[sheet]}
    if OWNER in found:
        found[OWNER] = entry.owner_id
    if DAY in found:
        found[DAY] = entry.day
    if WEEKS in entry.words:
        found[WEEKS] = entry.text(WEEKS)
    return found


def as_text(values: Mapping[str, PlanValue]) -> dict[str, str]:
    """The values of an edit as a draft holds them."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in values.items()
        if value not in (None, "")
    }


def as_values(texts: Mapping[str, str]) -> dict[str, PlanValue]:
    """The values of an edit that a draft held."""
    found: dict[str, PlanValue] = dict(texts)
    if OWNER in texts:
        found[OWNER] = int(texts[OWNER])
    if DAY in texts:
        found[DAY] = date.fromisoformat(texts[DAY])
    return found
