"""The page of a plan fits one message, whatever a team wrote; a part shows all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from adapters.discord.say import card_pages as discord_pages
from adapters.slack.say import card_pages as slack_pages
from bot.chat.plain_text import card_text
from bot.team_plans.cards import part_card
from bot.team_plans.examples import NAMES, example_plan
from bot.team_plans.model import CODES, PlanPart
from bot.team_plans.page import plan_page

TODAY = date(2026, 10, 20)
LONG = ("Multilingual learners wait longer than everybody else until somebody asks. " * 5)[:300]


def long_plan():
    """Everything as long as a form takes it, and ten of what there can be several of."""
    plan, found = example_plan(), []
    for one in plan.entries:
        words = {name: text if name in CODES else LONG for name, text in one.words.items()}
        several = one.part in (PlanPart.CAUSES, PlanPart.VOICES, PlanPart.NEXT)
        found += [
            replace(one, id=one.id if n == 0 else 1000 * n + one.id, words=words)
            for n in range(10 if several else 1)
        ]
    return replace(plan, entries=tuple(found))


def test_a_page_is_one_message_on_each_platform():
    for plan in (example_plan(), long_plan()):
        page = plan_page(plan, NAMES, TODAY)
        assert len(discord_pages(page, 9)) == 1
        assert len(slack_pages(page)) == 1


def test_what_is_shortened_says_so_and_stands_whole_in_its_part():
    page = card_text(plan_page(long_plan(), NAMES, TODAY))
    assert "Long answers are shortened here." in page
    assert LONG not in page
    assert LONG in card_text(part_card(long_plan(), PlanPart.VOICES, NAMES))
    assert "shortened" not in card_text(plan_page(example_plan(), NAMES, TODAY))
