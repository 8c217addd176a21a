"""The words of texts and queries: accents, plurals, languages, slips, and the piece of a text that is shown."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import product

import pytest

from bot.chat.models import StaleValue
from bot.finder.state import WORDS, Wanted, clean_words, read_state
from bot.search.queries import QueryPiece, content_words
from bot.search.slips import nearest_words
from bot.search.snippets import cut_snippet
from bot.search.synonyms import FAR, NEAR, longest_at, read_groups
from bot.search.terms import (
    BREAK,
    fold_text,
    index_words,
    is_small,
    language_of,
    split_words,
    stems_of,
)


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


def worths_of(text: str) -> dict[tuple[str, ...], float]:
    """What finds a query of one phrase, and what each is worth."""
    words = split_words(text)
    stems = [stems_of(word) for word in words]
    places, known = longest_at(stems, [is_small(word) for word in words], 0)
    assert len(places) == len(words), "it is no phrase of the file"
    return dict(QueryPiece(tuple(words), stems[0], tuple(known)).weighed())


def test_a_phrase_finds_what_means_the_same_and_less_what_is_near_it():
    assert all(group.same for group in read_groups())
    exit_ticket, wait_time = worths_of("exit tickets"), worths_of("wait time")
    assert exit_ticket[("exit", "ticket")] == 1
    assert exit_ticket[("exit", "slip")] > exit_ticket[("bolet0", "salida0")] > NEAR
    assert NEAR > worths_of("calm corner")[("calm",)] >= FAR, "a narrow word finds the broad one less surely"
    assert wait_time[("count", "five")] == NEAR
    assert longest_at([stems_of("fingers")], [False], 0)[1] == [], (
        "a sign does not lead to what it is a sign of"
    )


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("kids not showing up", "They did not show up."), ("turn in", "They turned it in on Friday."),
        ("no vienen", "Ayer no vino nadie."), ("falta de respeto", "Era una falta de respeto."),
        ("late to class", "Some are tardy."), ("meetings", "The staff meeting is short."),
    ],
)  # fmt: skip
def test_small_words_count_where_they_change_what_is_said(asked, written):
    words = index_words(written)[0].split()
    query = split_words(asked)
    stems, small = [stems_of(word) for word in query], [is_small(word) for word in query]
    found = [one for at in range(len(query)) for one in longest_at(stems, small, at)[1]]
    assert any(set(phrase) <= set(words) for one in found for phrase in one.group.worths(one.written))


WRITTEN = (
    "They did not show up. See https://example.org/a and :smile: it's <@U1>!", "Ayer no vino nadie: falta de interés.",
    "¿Por qué no entregan las tareas? ½ ﬁnal, İstanbul, straße", "学生 не пришли — turn it in, ’til Friday’s class",
    "We asked the students first this time and it helped.", "", "ok\n",
)  # fmt: skip


def fold_plainly(text: str) -> str:
    letters = unicodedata.normalize("NFKD", re.sub(r"['’‘`´]", "", text.casefold()))
    return "".join(one for one in letters if not unicodedata.combining(one))


@pytest.mark.parametrize("text", WRITTEN)
def test_the_short_ways_through_a_text_lead_where_the_long_one_does(text):
    assert fold_text(text) == fold_plainly(text)
    words = fold_plainly(re.sub(r"https?://\S+|<[@#!][^>]*>|:[a-z0-9_+-]+:", " ", text))
    for said, word in ((r"\bfalta de\b|\black of\b", "sin"), (r"\bpor que\b", "porques")):
        words = re.sub(said, word, words)
    assert split_words(text) == re.findall(r"[^\W_]+", words)


@pytest.mark.parametrize(("first", "second"), list(product(WRITTEN, repeat=2)))
def test_what_is_added_in_the_same_language_adds_its_words(first, second):
    words, language = index_words(first)
    more, same = index_words(second, language)
    whole = index_words(first + BREAK + second)
    assert language != same or whole == (f"{words} {more}".strip(), language)


def test_what_a_word_does_not_mean_is_not_found_by_it():
    assert "falt" not in index_words("No era falta de interés, no se veía.")[0], "a lack is no absence"
    assert ("sub0",) not in worths_of("sub"), "short words of one language are none of the other"
    assert stems_of("meetings").isdisjoint(stems_of("meet"))
    assert content_words("why do they not turn in their work") == ["why", "not", "turn", "in", "work"]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("behaivor", "behavior"), ("recieve", "receive"), ("asistensia", "asistencia"), ("famly", "family")],
)
def test_a_small_slip_is_mended(slip, meant):
    assert nearest_words(slip, [meant, "garden", "music"]) == (meant,)


@pytest.mark.parametrize(
    ("word", "other"), [("chess", "chest"), ("parking", "packing"), ("cat", "car"), ("prom0", "prim0")]
)
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
