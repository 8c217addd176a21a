"""Every text that people read is in the catalog, and the catalog holds nothing else."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from adapters.discord.say import message_payload as discord_payload
from adapters.slack.say import card_pages as slack_pages
from bot.admin.deeds import DEEDS
from bot.chat.language import LANGUAGES, _, load_catalogs, ngettext, speaking
from bot.playground.bare_app import bare_app, bare_menu
from bot.schedules.model import BY_HAND, PAUSED
from bot.schedules.reasons import reason_words
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


def found_in(what: re.Pattern[str], text: str | tuple[str, ...] | list[str]) -> set[str]:
    """What stands in any form of a text: "one seat" may leave its number out."""
    return {found for one in forms(text) for found in what.findall(one)}


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_the_catalog_has_each_text_and_no_other(language):
    known = {one.id for one in entries(language)}
    assert known == said_in_the_code(), "run `make texts`"
    assert not catalog_of(language).obsolete
    assert not any(one.fuzzy for one in entries(language))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_each_text_is_said_in_every_language(language):
    assert [one.id for one in entries(language) if not all(forms(one.string))] == []


def test_each_text_of_the_menu_is_in_the_catalog():
    menu = bare_menu(load(_env_file=None))
    options = [option for command in menu.commands for option in command.options]
    texts = {*menu.nouns.values(), *(text for one in menu.commands for text in (one.summary, one.label))}
    texts |= {text for one in options for text in (one.summary, *one.labels)}
    assert len(texts) > 200
    # A language is called as its speakers call it.
    assert texts - {"", "English", "Español"} - said_in_the_code() == set()


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
    wrong = {
        one.id: one.string
        for one in entries(language)
        for what in (PLACEHOLDER, CODE)
        if all(forms(one.string)) and found_in(what, one.id) != found_in(what, one.string)
    }
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


RECORDS = {"note_change": 2, "record_source": 2, "record_change": 4, "_change_places": 4}
"""What writes into the audit log, with the place of its verb."""


def test_each_deed_of_the_audit_log_has_its_sentence():
    verbs = set()
    for file in modules(ROOT / "bot"):
        for one in ast.walk(ast.parse(file.read_text())):
            if not isinstance(one, ast.Call):
                continue
            name = getattr(one.func, "id", getattr(one.func, "attr", ""))
            place = RECORDS.get(name, len(one.args))
            for verb in one.args[place : place + 1]:
                verbs.update(it.value for it in ast.walk(verb) if isinstance(it, ast.Constant))
    assert verbs
    assert verbs <= set(DEEDS)


def test_a_reason_is_said_in_the_readers_language_and_what_it_names_stays():
    with speaking("es_US"):
        assert reason_words(PAUSED) == "en pausa"
        assert (
            reason_words("break: Fall break, held until the return")
            == "receso: Fall break, espera hasta el regreso"
        )
        assert reason_words("break: Fall break") == "receso: Fall break"
        assert reason_words("channel_not_found") == "channel_not_found"
    for stored in (PAUSED, BY_HAND, "break: A, B", "the deck weekly has no prompts"):
        assert reason_words(stored) == stored


def test_no_text_is_said_past_the_catalog():
    found = [one for room in ROOMS for file in modules(ROOT / room) for one in find_bare_texts(file)]
    assert found == []
