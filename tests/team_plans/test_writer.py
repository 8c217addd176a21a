"""The one way into plans: what is told, joined, refused and brought back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.courses.teams import tables as teams_tables
from bot.facts import PlanChanged
from bot.team_plans import tables
from bot.team_plans.model import PlanSheet
from bot.team_plans.writer import PlanClash, PlanEdit, PlanSaved, PlanWriter
from tests.stories.stage import staged

NOW = datetime(2026, 10, 5, 9, tzinfo=UTC)
CAUSE = {"cause": "The hall is loud.", "category": "structures", "basis": "guess", "evidence": ""}


@pytest.fixture
async def on_paper(tmp_path):
    """Runs work on a database in which there is a team (1) and three members, with a writer that notes what it tells."""
    async with staged(tmp_path) as stage:
        for who in ("ada", "ben", "mo"):
            await stage.asks(who, "/tilth")
        told = []
        writer = PlanWriter(lambda _conn, fact: told.append(fact))

        async def run(work):
            return await stage.app.store.write(lambda conn: work(conn, writer))

        await run(lambda conn, _writer: teams_tables.create_team(conn, 1, "North", NOW))
        yield run, told


async def test_each_change_is_told_once_and_no_change_is_not(on_paper):
    run, told = on_paper
    new = PlanEdit(1, PlanSheet.CAUSES, CAUSE)
    saved = await run(lambda conn, writer: writer.write_part(conn, new, 1, NOW))
    assert isinstance(saved, PlanSaved)
    same = PlanEdit(1, PlanSheet.CAUSES, {**CAUSE, "cause": " The hall is loud. "}, saved.entry.id, 1)
    assert (await run(lambda conn, writer: writer.write_part(conn, same, 2, NOW))).undo == 0
    other = PlanEdit(1, PlanSheet.CAUSES, {**CAUSE, "basis": "number"}, saved.entry.id, 1)
    assert (await run(lambda conn, writer: writer.write_part(conn, other, 2, NOW))).undo == 2
    assert told == [PlanChanged(1, 1, "causes", 1), PlanChanged(1, 1, "causes", 2)]


async def test_what_only_one_side_changed_is_joined_and_the_same_field_is_not(on_paper):
    run, _told = on_paper
    made = (
        await run(lambda conn, writer: writer.write_part(conn, PlanEdit(1, PlanSheet.CAUSES, CAUSE), 1, NOW))
    ).entry
    edits = [
        PlanEdit(1, PlanSheet.CAUSES, {**CAUSE, **change}, made.id, 1)
        for change in (
            {"evidence": "80 dB", "basis": "number"},
            {"cause": "The bell is loud."},
            {"evidence": "90 dB"},
        )
    ]
    first, second, third = [
        await run(lambda conn, writer, edit=edit: writer.write_part(conn, edit, 2, NOW)) for edit in edits
    ]
    assert isinstance(first, PlanSaved)
    assert dict(second.entry.words) == {
        "cause": "The bell is loud.", "category": "structures", "basis": "number", "evidence": "80 dB",
    }  # fmt: skip
    assert isinstance(third, PlanClash)
    assert (third.fields, third.theirs.text("evidence"), third.mine.text("evidence")) == (
        ("evidence",),
        "80 dB",
        "90 dB",
    )
    assert third.mine.text("cause") == "The bell is loud.", "what they did not touch is as it is now"


async def test_two_who_begin_the_one_problem_at_once_clash_and_a_cause_is_chosen_once(on_paper):
    run, _told = on_paper
    problem = [
        PlanEdit(1, PlanSheet.PROBLEM, {"what": what, "students": "All"})
        for what in ("Few ask.", "Many wait.")
    ]
    await run(lambda conn, writer: writer.write_part(conn, problem[0], 1, NOW))
    clash = await run(lambda conn, writer: writer.write_part(conn, problem[1], 2, NOW))
    assert isinstance(clash, PlanClash)
    assert clash.fields == ("what",), "who said the same is not asked"
    cause = (
        await run(lambda conn, writer: writer.write_part(conn, PlanEdit(1, PlanSheet.CAUSES, CAUSE), 1, NOW))
    ).entry
    choice = PlanEdit(1, PlanSheet.CHOICE, about_id=cause.id)
    for _twice in range(2):
        await run(lambda conn, writer: writer.write_part(conn, choice, 1, NOW))
    plan = await run(lambda conn, _writer: tables.load_plan(conn, 1))
    assert len(plan.choices) == 1


async def test_two_who_write_the_change_at_once_make_one_change(on_paper):
    run, _told = on_paper
    first, second = (
        PlanEdit(1, PlanSheet.CHANGE, {"what": words, "day": NOW.date()}) for words in ("Wait.", "Write.")
    )
    await run(lambda conn, writer: writer.write_part(conn, first, 1, NOW))
    clash = await run(lambda conn, writer: writer.write_part(conn, second, 2, NOW))
    assert isinstance(clash, PlanClash)
    assert [one.text("what") for one in (await run(lambda conn, _w: tables.load_plan(conn, 1))).changes] == [
        "Wait."
    ]


async def test_what_was_removed_comes_back_unless_something_stands_in_its_place(on_paper):
    run, told = on_paper
    edits = [
        PlanEdit(1, PlanSheet.AIM, {"amount": amount, "students": "All"}) for amount in ("4 to 12", "4 to 8")
    ]
    aim = (await run(lambda conn, writer: writer.write_part(conn, edits[0], 1, NOW))).entry
    for _twice in range(2):
        await run(lambda conn, writer: writer.remove(conn, 1, aim.id, 2, NOW))
    gone = PlanEdit(1, PlanSheet.AIM, {"amount": "5", "students": "All"}, aim.id, 1)
    assert await run(lambda conn, writer: writer.write_part(conn, gone, 1, NOW)) is None
    second = (await run(lambda conn, writer: writer.write_part(conn, edits[1], 1, NOW))).entry
    assert second.id != aim.id
    assert await run(lambda conn, writer: writer.restore(conn, 1, aim.id, 1, NOW)) is None
    await run(lambda conn, writer: writer.remove(conn, 1, second.id, 1, NOW))
    assert await run(lambda conn, writer: writer.restore(conn, 1, aim.id, 1, NOW)) is not None
    assert len(told) == 5, "the second press changed nothing"


async def test_undo_works_for_ten_minutes(on_paper):
    run, _told = on_paper
    made = await run(
        lambda conn, writer: writer.write_part(conn, PlanEdit(1, PlanSheet.CAUSES, CAUSE), 1, NOW)
    )

    def undo(conn, writer, at):
        return writer.undo(conn, 1, made.entry.id, made.undo, 1, at)

    assert await run(lambda conn, writer: undo(conn, writer, NOW + timedelta(minutes=11))) is None
    assert await run(lambda conn, writer: undo(conn, writer, NOW + timedelta(minutes=9))) is not None
    assert (await run(lambda conn, _writer: tables.load_plan(conn, 1))).causes == ()
