"""Agendas and cards of meetings by themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.chat import plain_text
from bot.chat.cards import Button, Buttons, Card
from bot.courses.lessons.files import read_courses
from bot.settings.environment import content_root, load
from bot.team_plans.meetings import cards
from bot.team_plans.meetings.agenda import Agenda, plain_agenda
from bot.team_plans.meetings.summary import LINES, summary_card
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import PlanEntry, PlanPart, PlanSheet, TeamPlan

AT = datetime(2026, 10, 9, 15, tzinfo=UTC)
PLAN = TeamPlan(1, 1, "North")
MEETING = TeamMeeting(
    1, 1, 1, 1, "local:harbor", "c1", None, AT, "", online=False, tells=True, agenda=plain_agenda(PlanSheet.CAUSES),
    made_at=AT, started_at=AT, moved_at=AT, step=1,
)  # fmt: skip


def buttons(card: Card) -> list[Button]:
    return [one for block in card.blocks if isinstance(block, Buttons) for one in block.buttons]


def lesson_agendas() -> list[Agenda]:
    courses = read_courses(content_root(load(_env_file=None)))
    found = [(each, one) for each in courses for one in each.lessons if one.protocol is not None]
    return [Agenda(one.title, one.protocol.parts, each.language) for each, one in found]


@pytest.mark.parametrize("online", [False, True])
def test_every_part_of_every_protocol_has_a_card_with_the_form_of_its_part(online):
    agendas = lesson_agendas()
    assert len(agendas) >= 8
    for agenda in (*agendas, plain_agenda(None), plain_agenda(PlanSheet.WHYS)):
        assert Agenda.from_json(json.loads(json.dumps(agenda.to_json()))) == agenda
        for at, part in enumerate(agenda.parts):
            card = cards.step_card(replace(MEETING, agenda=agenda, part=at, online=online), PLAN, "UTC")
            text = plain_text.card_text(card)
            assert f"Part {at + 1} of {len(agenda.parts)}: {part.minutes} minute" in card.title
            assert part.do in text.replace("\\", "")
            assert (bool(part.online) and f"On a video call: {part.online}" in text) is (
                online and bool(part.online)
            )
            written = [one for one in buttons(card) if one.label == "Write it down"]
            assert bool(written) is bool(part.plan)
            assert all(part.plan in one.value or part.plan == "choice" for one in written)
    assert plain_agenda(None).minutes == 45


def test_the_end_counts_what_students_said_and_tells_only_what_may_be_told():
    entries = (
        PlanEntry(1, PlanPart.CAUSES, 1, {"cause": "We answer the first hand."}),
        PlanEntry(2, PlanPart.CHOICE, 1, {"why1": "Waiting feels long."}, about_id=1),
        PlanEntry(3, PlanPart.VOICES, 1, {"said": "Nobody waits for us."}),
        PlanEntry(4, PlanPart.NEXT, 1, {"what": "Print directions."}, owner_id=1, day=date(2026, 10, 16)),
        *(PlanEntry(9 + at, PlanPart.CAUSES, 1, {"cause": f"Cause {at}"}) for at in range(12)),
    )
    plan = replace(PLAN, entries=entries)
    told = plain_text.card_text(summary_card(MEETING, plan, {1, 2, 3, 4}, {1: "Ada Quinn"}))
    for words in ("We answer the first hand.", "Waiting feels long.", "Print directions. (Ada Quinn)"):
        assert words in told
    assert "What students said: 1" in told
    assert "Nobody waits for us." not in told
    assert "Cause 1" not in told, "that was there before"
    quiet = plain_text.card_text(summary_card(replace(MEETING, tells=False), plan, {1, 4}, {}))
    assert "2 things were written into the plan." in quiet
    assert "first hand" not in quiet
    many = plain_text.card_text(summary_card(MEETING, plan, {one.id for one in entries}, {}))
    assert "16 things were written" in many
    assert 0 < many.count("Cause:") <= LINES
    change = PlanEntry(
        50, PlanPart.CHANGE, 1, {"what": "Math help at lunch."}, owner_id=1, day=date(2026, 10, 19)
    )
    look = PlanEntry(
        51, PlanPart.LOOK, 1, {"weeks": "6", "happened": "5 visits.", "verdict": "drop"}, about_id=50
    )
    ends = plain_text.card_text(
        summary_card(MEETING, replace(plan, entries=(change, look)), {50, 51}, {1: "Ada Quinn"})
    )
    for words in (
        "Who: Ada Quinn",
        "From when: Monday, October 19, 2026",
        "After six weeks: 5 visits.",
        "Decision: Drop it",
    ):
        assert words in ends
    assert "Nothing new was written" in plain_text.card_text(summary_card(MEETING, plan, set(), {}))
