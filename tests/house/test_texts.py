"""Every text that people read is in the catalog, and the catalog holds nothing else."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from adapters.discord.say import message_payload as discord_payload
from adapters.slack.say import card_pages as slack_pages
from bot.chat.language import LANGUAGES, _, load_catalogs, ngettext, speaking
from bot.playground.bare_app import bare_app
from bot.settings.environment import load
from tests.house.bare_texts import ROOMS, find_bare_texts, modules

ROOT = Path(__file__).parents[2]
PLACEHOLDER = re.compile(r"\{\w+\}")
CODE = re.compile(r"`[^`]+`")
TRANSLATIONS = LANGUAGES[1:]


@cache
def said_in_the_code() -> frozenset[str | tuple[str, ...]]:
    """Every text that goes through the catalog."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS)
    return frozenset(text for _file, _line, text, *_rest in found)


@cache
def catalog_of(language: str) -> Catalog:
    with (ROOT / "bot" / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file)


def entries(language: str) -> list[Message]:
    return [one for one in catalog_of(language) if one.id]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_catalog_has_each_text_and_no_other(language):
    known = {one.id for one in entries(language)}
    assert known == said_in_the_code(), "run `make texts`"
    assert not catalog_of(language).obsolete
    assert not any(one.fuzzy for one in entries(language))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_each_text_is_said_in_every_language(language):
    assert [one.id for one in entries(language) if not all(forms(one.string))] == []


@pytest.mark.parametrize("locale", ["en_US", "es_US"])
def test_every_card_fits_in_every_language(locale):
    """A label that is too long for a button raises where the card is made, anything else where a platform draws it."""
    with speaking(locale), bare_app(load(_env_file=None)) as bare:
        for feature in bare.features:
            for card in feature.examples():
                assert card.locale == locale
                slack_pages(card)
                discord_payload(card)


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_translation_fills_in_what_its_text_does(language):
    """What stands in braces is filled in, and commands are the same in every language."""
    wrong = {}
    for one in entries(language):
        if not all(forms(one.string)):
            continue
        for text, said in zip(forms(one.id), forms(one.string), strict=True):
            for what in (PLACEHOLDER, CODE):
                meant, got = Counter(what.findall(text)), Counter(what.findall(said))
                if set(meant) != set(got) and not isinstance(one.id, tuple):
                    wrong[text] = said
    assert wrong == {}


def test_what_is_said_by_a_number_fits_it():
    with speaking("en_US"):
        assert [ngettext("{count} seat", "{count} seats", n) for n in (0, 1, 2)] == [
            "0 seats",
            "1 seat",
            "2 seats",
        ]
        assert _("There is no prompt {id}.", id="p9") == "There is no prompt p9."


def test_the_catalogs_can_be_read():
    load_catalogs()


BARE = {
    "adapters/discord", "adapters/slack",
    "bot/admin", "bot/calendars", "bot/chat",
    "bot/discussions", "bot/forecast",
    "bot/reflections/prompts", 
    "bot/reflections/schedule", "bot/scheduled_posts",
}  # fmt: skip
"""Rooms that still say texts past the catalog. Take yours out when it does no more; none comes in."""


def test_no_text_is_said_past_the_catalog():
    found = {
        str(one.file.parent.relative_to(ROOT))
        for room in ROOMS
        for file in modules(ROOT / room)
        for one in find_bare_texts(file)
    }
    assert found <= BARE
    assert found >= BARE, "these say none any more: take them out of BARE"
