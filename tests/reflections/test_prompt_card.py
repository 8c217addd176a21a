"""The card of a prompt: the question comes first and is the largest part of it, and fixed notes shrink to ten words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.chat import plain_text
from bot.chat.cards import Buttons, Card, Markdown, Moment, Note
from bot.reflections import cards
from bot.reflections.cards import CardNotes
from bot.reflections.examples import ASKED, PROMPT
from bot.reflections.prompts.files import read_decks
from bot.reflections.prompts.model import Prompt

CLOSES = datetime(2026, 12, 4, 15, tzinfo=UTC)
SHORT = CardNotes(new=False, anonymous_new=False)


def in_channel(prompt: Prompt = PROMPT, notes: CardNotes = SHORT) -> Card:
    return cards.prompt_card(57, prompt, CLOSES, "America/Chicago", notes=notes, anonymous=True)


def directly(notes: CardNotes) -> Card:
    return cards.direct_card(57, PROMPT, CLOSES, "America/Chicago", "bare", notes=notes, anonymous=True)


def texts(card: Card) -> list[str]:
    return [plain_text.block_text(one).strip("*") for one in card.blocks if not isinstance(one, Buttons)]


@pytest.mark.parametrize("draw", [in_channel, directly])
def test_the_question_comes_right_after_the_title_and_no_part_is_larger(draw):
    title, question, *others = texts(draw(notes=SHORT))
    assert (title, question) == (PROMPT.title, PROMPT.questions[0].ask)
    assert all(len(question) > len(one) for one in others)


def test_over_the_whole_bank_questions_are_a_third_of_their_cards_and_twice_any_other_part():
    found = [texts(in_channel(prompt)) for deck in read_decks(Path("prompts")) for prompt in deck.prompts]
    asked = sum(len(one[1]) for one in found)
    whole = sum(sum(map(len, one[:2])) + sum(map(len, one[-4:])) for one in found)
    assert asked / whole > 0.28
    for part in (0, -1, -2, -3):
        assert asked > 1.4 * sum(len(one[part]) for one in found)


@pytest.mark.parametrize("replies", [True, False])
@pytest.mark.parametrize("shares", [True, False])
def test_a_note_that_was_seen_has_ten_words(replies, shares):
    notes = CardNotes(False, False, replies, shares)
    for card in (in_channel(notes=notes), directly(notes)):
        short = [str(one.words) for one in card.blocks[-2:] if isinstance(one, Note)]
        assert [len(one.split()) for one in short] == [10, 10]


def test_a_note_that_is_new_says_who_reads_what_and_what_is_stored():
    [*_, note] = texts(in_channel(notes=cards.ALL_NEW))
    for said in ("everyone here can read", "only you can read", "don’t name students", "/my data"):
        assert said in note


def test_an_answered_prompt_offers_to_edit_and_nothing_to_let_pass():
    for answered, offered in ((set(), ["Answer", "Not this week"]), ({ASKED.id}, ["Edit your answer"])):
        card = cards.open_prompts_card([ASKED], answered, "America/Chicago")
        shown = [button.label for one in card.blocks if isinstance(one, Buttons) for button in one.buttons]
        assert shown == offered


@pytest.mark.parametrize("language", ["", "en"])
def test_the_card_of_a_deck_with_a_language_says_when_it_closes_in_that_language_too(language):
    asked = replace(PROMPT, language=language)
    for card in (in_channel(asked), cards.direct_card(57, asked, CLOSES, "America/Chicago", "bare")):
        said = [one.words for one in card.blocks if isinstance(one, Markdown)]
        [closing] = [part for words in said for part in words if isinstance(part, Moment)]
        assert closing.in_words is bool(language)
