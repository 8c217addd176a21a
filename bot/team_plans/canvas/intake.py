"""What people wrote on a canvas, taken into the plan: line by line, against what stood there last.

An edit names the version of the entry from which its line was written. What only the canvas changed is saved; where both
changed, or a likely name of a student stands in it, the words wait as a draft, and the line stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, select

from bot.chat.canvas import CHECKS, CanvasLine, LineKind
from bot.courses.teams.tables import team_members
from bot.people import tables as people
from bot.people.accounts import account
from bot.team_plans import tables
from bot.team_plans.access import names_in
from bot.team_plans.canvas.alignment import SENT, KnownLine, digest_of, flip_tick, is_same, pair_lines
from bot.team_plans.canvas.lines import PlanLine, plan_lines
from bot.team_plans.canvas.tables import PlanCanvas
from bot.team_plans.canvas.values import ReadingAids, Unreadable, read_field
from bot.team_plans.drafts import PlanDraft
from bot.team_plans.model import PlanSheet, TeamPlan
from bot.team_plans.sheets import LIMIT
from bot.team_plans.student_names import find_student_names
from bot.team_plans.writer import PlanClash, PlanEdit, PlanSaved, PlanValue, PlanWriter, as_text, values_of

MISSED = "next/new"
"""The key by which it is known that a box on a canvas cannot be read as a step; it is that of no line."""


@dataclass(slots=True)
class CanvasReading:
    """A canvas as it was read, beside the plan: `known` grows, and `asks` are what waits for an answer.

    `missed`: a box that people wrote there cannot be read as a step.
    """

    plan: TeamPlan
    wanted: tuple[PlanLine, ...]
    read: tuple[CanvasLine, ...]
    known: dict[str, KnownLine]
    pairs: dict[str, int]
    asks: list[PlanDraft] = field(default_factory=list)
    missed: bool = False


@dataclass(frozen=True, slots=True)
class CanvasIntake:
    """Takes what people wrote on a canvas into its plan."""

    writer: PlanWriter

    def take_in(
        self, conn: Connection, there: PlanCanvas, read: tuple[CanvasLine, ...], now: datetime
    ) -> CanvasReading:
        """Save what people changed on the canvas; the language is that of the community."""
        team_id = there.team_id
        known = {key: one for key, one in there.known.items() if key != MISSED}
        here = _look(conn, team_id, known, read)
        changed, steps = list(_changed_lines(here)), list(_new_steps(here))
        if not changed and not steps:
            return here
        aids = _aids(conn, here.plan, there.place.space, now)
        for one, stood, line in changed:
            self._take_line(conn, here, one, stood, line, aids, now)
        for line in steps:
            here.missed |= not self._take_step(conn, here, line, aids, now)
        after = _look(conn, team_id, here.known, read)
        after.asks, after.missed = here.asks, here.missed
        return after

    def _take_line(
        self, conn: Connection, here: CanvasReading, one: PlanLine, there: KnownLine, line: CanvasLine, aids: ReadingAids,
        now: datetime,
    ) -> None:  # fmt: skip
        sign = digest_of(line)
        if one.line.kind in CHECKS:
            ticked = self._take_tick(conn, here, one, there, line, now)
            if ticked is None:
                return
            there = ticked
        try:
            value = read_field(one, line, aids, echoes=there.echoes)
        except Unreadable:
            here.known[one.key] = replace(there, kept=sign, unread=True)
            return
        draft = _draft_of(conn, here.plan, one, there, value)
        if find_student_names(conn, here.plan.community_id, draft):
            here.asks.append(draft)
            here.known[one.key] = replace(there, kept=sign, unread=False)
            return
        edit = PlanEdit(
            draft.team_id, draft.sheet, {one.field: value}, there.entry_id, there.version, draft.about_id
        )
        saved = self.writer.write_part(conn, edit, None, now)
        if isinstance(saved, PlanSaved):
            entry, echoes = saved.entry, there.echoes + 1
            here.known[one.key] = KnownLine(one.key, entry.id, entry.version, (sign,), echoes=echoes)
        elif isinstance(saved, PlanClash):
            here.asks.append(_clashing(draft, saved))
            here.known[one.key] = replace(there, kept=sign, unread=False)
        else:  # somebody removed its entry: the words stay on the canvas, as people's own
            del here.known[one.key]

    def _take_tick(
        self,
        conn: Connection,
        here: CanvasReading,
        one: PlanLine,
        there: KnownLine,
        line: CanvasLine,
        now: datetime,
    ) -> KnownLine | None:
        """Tick a step, or take the tick away, as the canvas says, once; None where nothing else is new about the line."""
        sign = digest_of(line)
        if there.entry_id is not None and (not there.ours or there.ours[-1][:1] != sign[:1]):
            done = line.kind is LineKind.DONE
            self.writer.set_done(conn, here.plan.team_id, there.entry_id, None, now, done=done)
        if flip_tick(sign) not in there.ours:
            return _with_tick(there, sign)
        stored = tables.find_entry(conn, here.plan.team_id, there.entry_id or 0)
        version = stored.entry.version if stored is not None else there.version
        here.known[one.key] = replace(there, version=version, ours=(sign,), kept="", unread=False)
        return None

    def _take_step(
        self, conn: Connection, here: CanvasReading, line: CanvasLine, aids: ReadingAids, now: datetime
    ) -> bool:
        """A box that people wrote under the next steps is a step, if it can be read."""
        try:
            what = aids.spoken(line)
        except Unreadable:
            return False
        if len(what) > LIMIT:
            return False
        edit = PlanEdit(here.plan.team_id, PlanSheet.NEXT, {"what": what})
        made = self.writer.write_part(conn, edit, None, now)
        if not isinstance(made, PlanSaved):
            return False
        if line.kind is LineKind.DONE:
            made = self.writer.set_done(conn, here.plan.team_id, made.entry.id, None, now, done=True) or made
        key = f"next/{made.entry.id}/what"
        here.known[key] = KnownLine(key, made.entry.id, made.entry.version, (digest_of(line),))
        return True


def lines_of(conn: Connection, plan: TeamPlan) -> tuple[PlanLine, ...]:
    """The lines of a plan, as whoever is in the place may read them: how it goes is read in `/team plan`."""
    return plan_lines(replace(plan, check_ins=()), names_in(conn, plan))


def _look(
    conn: Connection, team_id: int, known: dict[str, KnownLine], read: tuple[CanvasLine, ...]
) -> CanvasReading:
    plan = tables.load_plan(conn, team_id)
    wanted = lines_of(conn, plan)
    return CanvasReading(plan, wanted, read, known, pair_lines(known, wanted, read))


def _aids(conn: Connection, plan: TeamPlan, space: str, now: datetime) -> ReadingAids:
    home = people.community_by_id(conn, plan.community_id)
    mates = [one.member_id for one in team_members(conn, plan.team_id)]
    theirs = select(account.c.person, account.c.member_id).where(
        account.c.space == space, account.c.member_id.in_(mates), account.c.left_at.is_(None)
    )
    accounts = {row.person: row.member_id for row in conn.execute(theirs)}
    known = names_in(conn, plan, *mates)  # others whom the plan names are in the team no more
    return ReadingAids(home.day_of(now), {one: known[one] for one in mates if one in known}, accounts)


def _changed_lines(here: CanvasReading) -> Iterator[tuple[PlanLine, KnownLine, CanvasLine]]:
    """Lines of the plan that hold other words than ours, and than the plan."""
    for one in here.wanted:
        there, at = here.known.get(one.key), here.pairs.get(one.key)
        if there is None or at is None or is_same(one.line, here.read[at]):
            continue
        if digest_of(here.read[at]) not in there.ours:
            yield one, there, here.read[at]


def _new_steps(here: CanvasReading) -> Iterator[CanvasLine]:
    """Boxes below the heading of the next steps that are no step of the plan yet."""
    begins = here.pairs.get("part/next")
    taken = set(here.pairs.values())
    for at in range(begins + 1 if begins is not None else len(here.read), len(here.read)):
        line = here.read[at]
        if line.kind in (LineKind.TITLE, LineKind.HEADING):
            return
        if at not in taken and line.kind in CHECKS and line.plain.strip():
            yield line


def _with_tick(there: KnownLine, sign: str) -> KnownLine:
    """A line whose last words of ours have the tick of this sign: it was taken, and the words may wait."""
    if not there.ours or there.ours[-1][:1] == sign[:1]:
        return there
    last = flip_tick(there.ours[-1])
    return replace(there, ours=(*(old for old in there.ours if old != last), last)[-SENT:])


def _draft_of(
    conn: Connection, plan: TeamPlan, one: PlanLine, there: KnownLine, value: PlanValue
) -> PlanDraft:
    """The words of a line as a draft of its whole form, over what stands in the plan now."""
    assert one.sheet is not None  # noqa: S101 - a field belongs to a form
    stored = tables.find_entry(conn, plan.team_id, there.entry_id or 0)
    entry = stored.entry if stored is not None else None
    values: Mapping[str, PlanValue] = values_of(entry, one.sheet) if entry is not None else {}
    clash: Sequence[str] = (one.field,) if entry is not None and entry.version != there.version else ()
    return PlanDraft(
        0, plan.team_id, one.sheet, there.entry_id, entry.about_id if entry is not None else None,
        entry.version if entry is not None else 0, as_text({**values, one.field: value}), tuple(clash), one.key,
    )  # fmt: skip


def _clashing(draft: PlanDraft, clash: PlanClash) -> PlanDraft:
    """The words of a line over what somebody else wrote meanwhile."""
    theirs, words = clash.theirs, as_text(values_of(clash.mine, draft.sheet))
    return replace(draft, entry_id=theirs.id, version=theirs.version, words=words, clash=clash.fields)
