"""What a plan says of itself: which part comes next, and how a change stands."""

from __future__ import annotations

from datetime import date

import pytest

from bot.chat.models import Sharing
from bot.team_plans.model import PlanEntry, PlanPart, PlanSheet, TeamPlan, look_day, next_sheet

DAY = date(2026, 10, 5)


def entry(number, part, about=None, day=None, done=None, **words):
    return PlanEntry(number, part, 1, words, about, None, day, done)


GROWING = (
    (PlanSheet.PROBLEM, entry(1, PlanPart.PROBLEM, what="Few ask.")),
    (PlanSheet.CAUSES, entry(2, PlanPart.CAUSES, cause="First hand.", category="relationships")),
    (PlanSheet.CAUSES, entry(3, PlanPart.CAUSES, cause="Loud halls.", category="structures")),
    (PlanSheet.CHOICE, entry(4, PlanPart.CHOICE, 2, why1="Waiting feels long.")),
    (PlanSheet.VOICES, entry(5, PlanPart.VOICES, said="Give me a minute.")),
    (PlanSheet.AIM, entry(6, PlanPart.AIM, amount="4 to 12")),
    (PlanSheet.CHANGE, entry(7, PlanPart.CHANGE, 4, DAY, what="Wait.", measure="Questions")),
    (PlanSheet.NEXT, entry(8, PlanPart.NEXT, what="Count.")),
)


def plan(*more, until=8):
    return TeamPlan(1, 3, "North", Sharing.TEAM, (*(one for _sheet, one in GROWING[:until]), *more))


def test_each_part_is_asked_for_once_the_one_before_it_is_there():
    asked = [next_sheet(plan(until=number), DAY) for number in (0, 1, 3, 4, 5, 6, 7, 8)]
    assert asked == [
        PlanSheet.PROBLEM, PlanSheet.CAUSES, PlanSheet.CHOICE, PlanSheet.VOICES, PlanSheet.AIM, PlanSheet.CHANGE,
        PlanSheet.NEXT, None,
    ]  # fmt: skip


def test_a_choice_without_whys_and_a_change_without_a_measure_are_asked_about_first():
    choice, change = entry(9, PlanPart.CHOICE, 3), entry(9, PlanPart.CHANGE, 4, DAY, what="Wait.")
    assert next_sheet(plan(choice), DAY) is PlanSheet.WHYS
    assert next_sheet(plan(change, until=6), DAY) is PlanSheet.MEASURE


def test_a_look_is_asked_for_from_its_day_on():
    assert look_day(plan().changes[0], "2") == date(2026, 10, 19)
    assert next_sheet(plan(), date(2026, 10, 18)) is None
    assert next_sheet(plan(), date(2026, 10, 19)) is PlanSheet.LOOK
    kept = entry(10, PlanPart.LOOK, 7, weeks="2", verdict="keep")
    assert next_sheet(plan(kept), date(2026, 11, 15)) is None
    assert next_sheet(plan(kept), date(2026, 11, 16)) is PlanSheet.LOOK


@pytest.mark.parametrize(
    ("verdict", "weeks", "following"),
    [("drop", "2", PlanSheet.CHOICE), ("change", "2", PlanSheet.CHANGE), ("drop", "6", PlanSheet.CHOICE)],
)
def test_a_change_that_is_over_makes_room_for_another(verdict, weeks, following):
    looked = plan(entry(10, PlanPart.LOOK, 7, weeks=weeks, verdict=verdict))
    assert looked.change is None
    assert next_sheet(looked, DAY) is following
    second = plan(*looked.of(PlanPart.LOOK), entry(11, PlanPart.CHOICE, 3, why1="Two classes at once."))
    assert next_sheet(second, DAY) is PlanSheet.CHANGE


def test_a_change_that_was_kept_twice_is_kept_and_nothing_is_asked_about_it():
    kept = plan(
        *(entry(9 + n, PlanPart.LOOK, 7, weeks=weeks, verdict="keep") for n, weeks in enumerate("26"))
    )
    assert kept.is_over(kept.changes[0])
    assert next_sheet(kept, date(2027, 3, 1)) is None
