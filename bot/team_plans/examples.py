"""An invented team and its plan, with which the example cards are filled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.models import Sharing
from bot.team_plans import cards, draft_cards, fishbone, history_cards, place_cards
from bot.team_plans.canvas import ask_cards
from bot.team_plans.model import PlanEntry, PlanPart, PlanSheet, TeamPlan
from bot.team_plans.page import plan_page
from bot.team_plans.sheets import field_rows
from bot.team_plans.tables import EntryState

_AT = datetime(2026, 10, 20, 15, tzinfo=UTC)
_TODAY = date(2026, 10, 20)
NAMES = {1: "Ada Quinn", 2: "Ben Okafor"}
_PROBLEM = {
    "what": N_("Students ask for help only after class."), "where": N_("In math, grade 7."),
    "students": N_("Multilingual learners."), "since": N_("Since September."),
    "evidence": N_("4 of 52 questions in a week were theirs."),
}  # fmt: skip
_CAUSES = (
    (N_("We answer the first hand that goes up."), "instruction", "number", N_("9 of 10 times")),
    (N_("Directions are given once, in English."), "instruction", "guess", ""),
    (N_("There are three minutes between classes."), "structures", "number", N_("3 minutes")),
    (N_("Nobody asks how the lesson was."), "relationships", "voice", N_("They never ask us.")),
)  # fmt: skip


def example_plan() -> TeamPlan:
    """A plan in which a change was dropped and the second one runs."""
    causes = tuple(
        PlanEntry(10 + at, PlanPart.CAUSES, 1, _said({"cause": cause, "category": bone, "basis": basis, "evidence": told}))
        for at, (cause, bone, basis, told) in enumerate(_CAUSES)
    )  # fmt: skip
    whys = {"why1": N_("Waiting feels long."), "why2": N_("We never agreed how long to wait.")}
    first = {
        "what": N_("Hand out written directions."), "measure": N_("Questions a week"), "prediction": N_("From 4 to 12"),
    }  # fmt: skip
    second = {
        "what": N_("Wait five seconds before the first answer."), "measure": N_("Questions a week"),
        "prediction": N_("From 4 to 12"), "wrong": N_("The same hands go up after three weeks."),
    }  # fmt: skip
    look = {
        "weeks": "2", "happened": N_("5 questions. Few students read the page."), "verdict": "drop",
        "learned": N_("Ask before you print."),
    }  # fmt: skip
    return TeamPlan(
        1, 3, "North", Sharing.TEAM,
        (
            PlanEntry(1, PlanPart.PROBLEM, 1, _said(_PROBLEM)),
            *causes,
            PlanEntry(20, PlanPart.CHOICE, 2, _said({"why1": N_("We plan alone.")}), 11),
            PlanEntry(21, PlanPart.CHOICE, 2, _said(whys), 10),
            PlanEntry(
                30, PlanPart.VOICES, 1,
                _said({"said": N_("I need a minute to find the words."), "students": N_("A student in grade 7")}),
            ),
            PlanEntry(
                40, PlanPart.AIM, 1,
                _said({"amount": N_("From 4 to 12 questions a week"), "students": N_("Multilingual learners")}),
                day=date(2026, 12, 11),
            ),
            PlanEntry(50, PlanPart.CHANGE, 2, _said(first), 20, 2, date(2026, 9, 28)),
            PlanEntry(60, PlanPart.LOOK, 1, _said(look), 50),
            PlanEntry(51, PlanPart.CHANGE, 2, _said(second), 21, 1, date(2026, 10, 19)),
            PlanEntry(70, PlanPart.NEXT, 1, _said({"what": N_("Count on Thursdays.")}), None, 1, date(2026, 10, 22)),
        ),
    )  # fmt: skip


def _said(words: dict[str, str]) -> dict[str, str]:
    codes = ("category", "basis", "verdict", "weeks")
    return {name: text if name in codes else _(text) for name, text in words.items() if text}


def examples() -> tuple[Card, ...]:
    """Every card of plans."""
    plan = example_plan()
    empty = TeamPlan(1, 3, "North")
    voice, look = plan.voices[0], plan.of(PlanPart.LOOK)[0]
    other = replace(voice, words={**voice.words, "said": _("Give me a minute.")})
    line = history_cards.HistoryLine(
        9, voice, "Ben Okafor", _AT, history_cards.say_change(EntryState({}), None), field_rows(plan, PlanSheet.VOICES, other, NAMES), gone=True,
    )  # fmt: skip
    return (
        plan_page(empty, {}, _TODAY),
        plan_page(plan, NAMES, _TODAY),
        plan_page(replace(plan, sharing=Sharing.EVERYONE), NAMES, _TODAY),
        plan_page(plan, NAMES, _TODAY, editable=False),
        *(cards.part_card(plan, part, NAMES) for part in PlanPart),
        cards.choose_card(plan),
        cards.saved_card(plan, PlanSheet.VOICES, voice, 1, NAMES, _TODAY),
        cards.saved_card(replace(plan, entries=plan.entries[:-2]), PlanSheet.LOOK, look, 1, NAMES, _TODAY),
        draft_cards.names_card(5, ("Maria",), _("Maria says that nobody waits.")),
        draft_cards.clash_card(
            5, "Ben Okafor", draft_cards.clashing_fields(PlanSheet.VOICES, ("said",), voice, other, NAMES)
        ),
        draft_cards.dropped_card(3),
        cards.removed_card(plan, voice),
        cards.undone_card(plan),
        cards.restored_card(plan),
        history_cards.history_card(plan, [line], "America/Chicago", more=True),
        history_cards.history_card(empty, [], "America/Chicago", more=False),
        history_cards.share_card(plan, "North County Network"),
        history_cards.shared_card(plan),
        history_cards.unshared_card(plan),
        fishbone.fishbone_card(plan),
        *_posted(plan),
        *place_cards.examples(plan, empty),
        *ask_cards.examples(plan),
    )


def _posted(plan: TeamPlan) -> tuple[Card, ...]:
    """The page as it is posted, and as its team sees it then."""
    picture, readers = fishbone.fishbone_of(plan), place_cards.readers_here(plan)
    return (
        plan_page(plan, NAMES, _TODAY, pictures=(picture,), readers=readers),
        plan_page(plan, NAMES, _TODAY, readers=place_cards.also_posted(place_cards.EXAMPLE)),
    )
