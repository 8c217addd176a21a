"""What is found: what one would want, on both databases, and nothing of what the asker may not read."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, func, select, text, update

from bot.chat.models import Role
from bot.people.audience import Reader
from bot.search.hits import SearchFilters, SearchHit, cut_weak, find_hits, proposed_by_index, rank_hits
from bot.search.queries import LOOKED_AT, MENDED, list_indexed_like, read_query
from bot.search.tables import SearchEntry, drop_entry, put_entry, search_entry
from bot.store.word_index import forget_words, list_stale_words, search_text
from tests.search.measure import (
    ASIDE,
    EMPTY,
    NOW,
    OWN,
    STAFFROOM,
    STRANGER,
    TEACHERS,
    filled_store,
    item,
    mark,
    may_read,
    measure,
    read_lines,
)

READER = Reader(1, 9, Role.MEMBER)
KINDS = {"answer": may_read}


def test_queries_find_what_one_would_want(database_url):
    marks = measure(OWN, database_url)
    assert marks.leaks == 0, marks
    assert marks.answered_empty == 0, marks
    assert marks.precision >= 0.85, marks
    assert marks.recall >= 0.9, marks


def test_what_teachers_type_finds_what_they_mean(database_url):
    with filled_store(database_url, TEACHERS) as (store, names, queries):
        marks, aside = mark(store, names, queries), mark(store, names, read_lines(ASIDE))
    assert marks.leaks == aside.leaks == 0
    assert marks.answered_empty == aside.answered_empty == 0, (marks, aside)
    assert marks.precision >= 0.88, marks
    assert marks.recall >= 0.9, marks
    assert aside.precision >= 0.78, aside
    assert aside.recall >= 0.9, aside


def test_a_strangers_queries_are_not_found_worse_than_when_they_were_read(database_url):
    marks = measure(STRANGER, database_url)
    assert marks.leaks == 0, marks
    assert marks.answered_empty <= 3, marks
    assert marks.precision >= 0.69, marks
    assert marks.recall >= 0.85, marks


@pytest.mark.parametrize(
    ("asked", "precision", "recall", "answered"),
    [(STAFFROOM[0], 0.73, 0.75, 0), (STAFFROOM[1], 0.70, 0.82, 2), (STAFFROOM[2], 0.66, 0.77, 0),
     (EMPTY[0], 0.83, 0.91, 4), (EMPTY[1], 0.78, 0.87, 2)],
)  # fmt: skip
def test_what_one_says_to_a_colleague_is_not_found_worse_than_when_it_was_read(
    database_url, asked, precision, recall, answered
):
    marks = measure(asked, database_url)
    assert marks.leaks == 0, marks
    assert marks.answered_empty <= answered, marks
    assert marks.precision >= precision, marks
    assert marks.recall >= recall, marks


@pytest.mark.parametrize(
    ("asked", "spelled"),
    [("phnes", "phones"), ("multiplicasion", "multiplicacion"), ("celurares", "celulares")],
)
def test_what_nobody_wrote_is_read_as_it_is_spelled(database_url, asked, spelled):
    with filled_store(database_url, TEACHERS) as (store, _names, _queries):
        said, meant = (store.read_now(lambda conn, q=q: read_query(conn, q)) for q in (asked, spelled))
        assert said == meant
        assert store.read_now(lambda conn: read_query(conn, "comming")).meanings == (), (
            "a small word with a slip"
        )
        assert store.read_now(lambda conn: read_query(conn, "marching")) != store.read_now(
            lambda conn: read_query(conn, "marking")
        )


def test_a_slip_is_mended_in_a_large_index_by_looking_at_a_bounded_part_of_it(database_url):
    """Ten thousand words begin with the same two letters; all of them are not looked at for each word that nobody wrote."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    many = [f"ma{one}{two}{three}" for one in letters if one != "n" for two in letters for three in letters][
        :16000
    ]
    with filled_store(database_url, OWN) as (store, _names, _queries):
        for at in range(0, len(many), 2000):
            words = " ".join(many[at : at + 2000])
            entry = SearchEntry(1, "answer", 1000 + at, words, NOW)
            store.write_now(lambda conn, entry=entry: put_entry(conn, entry))
        store.write_now(lambda conn: put_entry(conn, SearchEntry(1, "answer", 999, "A manatee came.", NOW)))
        for said in ("mantaee", "manattee", "menatee", "manatie"):
            near = store.read_now(lambda conn, said=said: list_indexed_like(conn, said))
            assert len(near) <= LOOKED_AT
            read = store.read_now(lambda conn, said=said: read_query(conn, said))
            assert ("manate",) in {phrase for one in read.meanings for phrase, _worth in one.phrases}, said


def test_only_some_words_of_a_query_are_mended(database_url):
    with filled_store(database_url, OWN) as (store, _names, _queries):
        alone = store.read_now(lambda conn: read_query(conn, "londromat"))
        last = store.read_now(lambda conn: read_query(conn, "fracshons strenghts homewrok londromat"))
    assert (("laundromat",), 1.0) in alone.meanings[0].phrases
    assert len(last.meanings) == MENDED + 1
    assert last.meanings[-1].phrases == ((("londromat",), 1.0), (("londromat0",), 1.0))


def test_a_word_that_is_only_near_something_can_be_asked(database_url):
    with filled_store(database_url, TEACHERS) as (store, _names, _queries):
        query = store.read_now(lambda conn: read_query(conn, "before the test"))
        assert any(one.phrases and not one.named for one in query.meanings)
        store.read_now(lambda conn: find_hits(conn, READER, query, KINDS))


def test_a_topic_that_is_little_of_what_is_meant_is_not_looked_for_alone(database_url):
    with filled_store(database_url, STRANGER) as (store, _names, _queries):
        long, short = (
            store.read_now(lambda conn, q=q: find_hits(conn, READER, read_query(conn, q), KINDS))
            for q in ("paint color front office", "front office")
        )
    assert long == []
    assert short


@pytest.mark.parametrize(
    ("scores", "kept"),
    [
        ([10, 9, 4.5], [10, 9]), ([10, 9, 8, 4.5, 1, 0.9], [10, 9, 8, 4.5, 1]), ([], []),
        ([10] * 9 + [4, 3], [10] * 9 + [4]), ([10] * 12 + [4], [10] * 12),
    ],
)  # fmt: skip
def test_what_is_weak_is_found_only_behind_enough_that_fits(scores, kept):
    found = [SearchHit("answer", ref, score) for ref, score in enumerate(scores)]
    assert [one.score for one in cut_weak(found)] == kept


def test_a_weak_strategy_stands_behind_an_answer_that_fits():
    hits = [SearchHit("answer", 1, 10), SearchHit("answer", 2, 6), SearchHit("strategy", 3, 2)]
    assert [one.ref for one in rank_hits(hits, {"strategy": 1, "answer": 2})] == [1, 2, 3]


def test_what_there_is_little_of_is_found_without_reading_what_there_is_much_of(database_url):
    with filled_store(database_url, OWN) as (store, _names, _queries):
        entries = [SearchEntry(1, "answer", 1000 + one, "Attendance rose.", NOW) for one in range(300)]

        def count_proposed(conn: Connection, kind: str) -> int:
            proposed = proposed_by_index(conn.dialect.name, read_query(conn, "attendance"), kind)
            return conn.execute(select(func.count()).select_from(search_text).where(proposed)).scalar_one()

        before = store.read_now(lambda conn: count_proposed(conn, "strategy"))
        store.write_now(lambda conn: [put_entry(conn, one) for one in entries])
        assert store.read_now(lambda conn: count_proposed(conn, "answer")) >= 300
        assert store.read_now(lambda conn: count_proposed(conn, "strategy")) == before > 0
        [first] = store.read_now(
            lambda conn: find_hits(conn, READER, read_query(conn, "attendance"), {"strategy": may_read})
        )[:1]
        assert first.kind == "strategy"


def test_filters_and_audience_hold_and_nothing_of_a_removed_row_stays(database_url):
    with filled_store(database_url, OWN) as (store, names, _queries):

        def find(words: str, **filters: object) -> list[str]:
            narrowed = SearchFilters(**filters)  # type: ignore[arg-type]
            return [
                names[one.ref]
                for one in store.read_now(
                    lambda conn: find_hits(conn, READER, read_query(conn, words), KINDS, narrowed)
                )
            ]

        assert {"a1", "a3"} <= set(find("attendance"))
        assert "a3" not in find("attendance", language="en")
        assert find("attendance", lesson="none/none") == []
        assert find("attendance", tag="none") == []
        assert find("quetzal laundromat") == [], "half of what is meant is not enough"
        assert find("quetzal exit tickets")[0] == find("exit tickets")[0], (
            "but several words say what is meant"
        )
        number = next(number for number, name in names.items() if name == "a15")
        store.write_now(
            lambda conn: conn.execute(update(item).where(item.c.id == number).values(sharing="me")).rowcount
        )
        assert find("laundromat") == [], "who may read it is asked at every search"
        gone = select(search_entry.c.id).where(search_entry.c.words.like("%laundromat%"))
        store.write_now(
            lambda conn: conn.execute(delete(search_entry).where(search_entry.c.id.in_(gone))).rowcount
        )
        store.write_now(lambda conn: drop_entry(conn, "answer", 1))
        kept = "SELECT count(*) FROM search_vocabulary WHERE term = 'attend'"
        known = "SELECT count(*) FROM search_vocabulary WHERE term = 'laundromat'"
        if store.dialect == "postgresql":
            stale = store.read_now(list_stale_words)
            assert "laundromat" in stale
            store.write_now(lambda conn: forget_words(conn, [*stale, "attend"]))
            assert store.read_now(lambda conn: conn.execute(text(kept)).scalar_one()) == 1, "still in a row"
        assert store.read_now(lambda conn: conn.execute(text(known)).scalar_one()) == 0
        assert "a1" not in find("attendance")
