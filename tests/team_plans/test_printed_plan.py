"""A plan on paper: one page of parts and one fishbone, whatever a team wrote; what is missing is said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.chat.language import speaking
from bot.chat.models import Refusal
from bot.chat.plain_text import card_text
from bot.pictures import paper
from bot.team_plans import printed_plan
from bot.team_plans.examples import NAMES, example_plan
from bot.team_plans.model import CATEGORIES, PlanEntry, PlanPart, TeamPlan
from bot.team_plans.printed_plan import print_plan, printed_card
from tests.team_plans.test_page import LONG, long_plan

TODAY = date(2026, 10, 20)
EMPTY = TeamPlan(1, 3, "Niños de 7.º / Equipo B")


def crowded_plan():
    """Twenty causes, some in letters that no font has."""
    words = (
        "The bus leaves five minutes before help starts.",
        "No internet at home.",
        "名前 🌱\x07",
        "W" * 40,
    )
    more = (
        PlanEntry(500 + at, PlanPart.CAUSES, 1, {"cause": words[at % 4], "category": CATEGORIES[at % 6]})
        for at in range(20)
    )
    return replace(example_plan(), entries=(*example_plan().entries, *more))


@pytest.fixture
def drawn(monkeypatch):
    """Every word that is drawn, with the number of pages by file."""
    said = []
    from fpdf import FPDF

    for name in ("cell", "multi_cell"):
        real = getattr(FPDF, name)

        def draw(pdf, *given, real=real, **named):
            if not named.get("dry_run"):
                said.append(next((str(one) for one in given if isinstance(one, str)), ""))
            return real(pdf, *given, **named)

        monkeypatch.setattr(FPDF, name, draw)
    return said


def pages(one):
    return len(re.findall(rb"/Type\s*/Page\b", one.data))


@pytest.mark.parametrize("language", ["en_US", "es_US"])
@pytest.mark.parametrize("plan", [example_plan(), EMPTY, crowded_plan()], ids=["filled", "empty", "crowded"])
def test_a_plan_and_its_fishbone_are_one_page_each(plan, language, caplog):
    with speaking(language):
        files = print_plan(plan, NAMES, TODAY)
    assert [pages(one) for one in files] == [1, 1]
    assert all(one.data.startswith(b"%PDF") for one in files)
    assert caplog.text == "", "no letter of anybody's words is logged as missing"


def test_files_are_named_after_the_team_in_letters_that_every_machine_takes():
    assert [one.name for one in print_plan(EMPTY, NAMES, TODAY)] == [
        "ninos-de-7-o-equipo-b-plan.pdf", "ninos-de-7-o-equipo-b-fishbone.pdf",
    ]  # fmt: skip
    assert print_plan(replace(EMPTY, team="名前"), NAMES, TODAY)[0].name == "team-plan.pdf"


def test_paper_holds_everything_whole_that_a_message_shortens(drawn):
    plan, _wall = print_plan(long_plan(), NAMES, TODAY)
    assert pages(plan) > 1
    assert sum(one.count(LONG.strip()) == 2 for one in drawn) >= 30, "causes with what they are based on"
    assert any("more in the plan" in one for one in drawn), "what the fishbone has no room for is counted"


def test_every_cause_stands_on_its_bone_as_long_as_there_are_smaller_letters(drawn, monkeypatch):
    monkeypatch.setattr(printed_plan, "FISHBONE_SIZES", (11.0, 7.0))
    print_plan(crowded_plan(), NAMES, TODAY)
    *_before, large, small = " ".join(drawn).split("Fishbone of North")
    assert "more in the plan" in large
    assert "more in the plan" not in small


def test_a_chosen_cause_and_what_each_is_based_on_are_told_in_words(drawn):
    print_plan(example_plan(), NAMES, TODAY)
    words = " ".join(drawn)
    for said in (
        "a number: 9 of 10 times",
        "a guess, chosen",
        "Family and community",
        "As of Tuesday, October 20, 2026.",
    ):
        assert said in words


def test_without_the_library_the_fishbone_is_a_picture_and_the_card_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(paper, "find_spec", lambda _name: None)
    [picture] = print_plan(example_plan(), NAMES, TODAY)
    assert picture.data.startswith(b"\x89PNG")
    assert "tilth-bot[handouts]" in card_text(printed_card(example_plan(), NAMES, TODAY))
    with pytest.raises(Refusal, match="Printing is not set up here"):
        printed_card(EMPTY, NAMES, TODAY)
