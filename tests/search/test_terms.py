"""The words of texts and queries: accents, plurals, languages, slips, and the piece of a text that is shown."""

from __future__ import annotations

from datetime import date

import pytest

from bot.chat.models import StaleValue
from bot.finder.state import WORDS, Wanted, clean_words, read_state
from bot.search.slips import nearest_words
from bot.search.snippets import cut_snippet
from bot.search.synonyms import meant_by, read_groups
from bot.search.terms import index_words, language_of, split_words, stems_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Families", "family"), ("attendances", "attendance"), ("PARTICIPACIÓN", "participacion"),
        ("tareas", "tarea"), ("alumnas", "alumnos"), ("conversaciones", "conversación"), ("padres", "padre"),
    ],
)  # fmt: skip
def test_plurals_accents_and_capitals_do_not_matter(one, other):
    [first], [second] = split_words(one), split_words(other)
    assert stems_of(first) & stems_of(second)


def test_a_text_says_its_language_by_its_small_words():
    assert language_of("We called the families and it was good.") == "en"
    assert language_of("Llamamos a las familias y fue bueno.") == "es"
    assert language_of("Tareas.", "es") == "es"
    assert index_words("Los callados hablan.")[0] != index_words("They call and talk.")[0]


def test_addresses_mentions_and_small_words_are_no_words():
    assert (
        index_words("See https://example.org/attendance and <@U123|Ada>: it was the bus :smile:")[0] == "bus"
    )


def test_every_phrase_of_the_synonyms_has_words():
    assert all(len(group) > 1 for group in read_groups())
    assert ("bolet0", "sal0") in (meant_by((stems_of("exit"), stems_of("tickets"))) or ())


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("behaivor", "behavior"), ("recieve", "receive"), ("asistensia", "asistencia"), ("famly", "family")],
)
def test_a_small_slip_is_mended(slip, meant):
    assert nearest_words(slip, [meant, "garden", "music"]) == (meant,)


@pytest.mark.parametrize(("word", "other"), [("chess", "chest"), ("parking", "packing"), ("cat", "car")])
def test_another_word_is_no_slip(word, other):
    assert nearest_words(word, [other]) == ()


def test_a_snippet_is_cut_around_the_word():
    long = "Nothing here. " * 40 + "Then attendance rose at once. " + "And nothing more. " * 40
    piece = cut_snippet(long, stems_of("attendance"))
    assert "attendance rose" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < 300
    assert cut_snippet("Short  and\nsweet.", ()) == "Short and sweet."


def test_what_is_looked_for_fits_a_button_whatever_it_is():
    words = clean_words(
        "how do I get " + "quiet students to speak up in the discussion of a very long chapter " * 3
    )
    assert len(words) <= WORDS
    assert words.startswith("quiet students speak")
    wanted = Wanted(words, "123.45", "t" * 20, "es", date(2026, 9, 1), page=99)
    assert len(f"find.page:{wanted.state}") <= 100
    assert len(wanted.state) <= 85
    assert read_state(wanted.state) == wanted


def test_a_day_at_the_edge_of_time_is_none():
    for day in ("0001-01-01", "9999-12-31", "2026-02-30"):
        with pytest.raises(StaleValue):
            read_state(f"0||||{day}|attendance")
