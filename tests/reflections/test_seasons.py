"""A year of prompts: no form twice running, each in its months, and a lesson's own prompt while the lesson is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.people import tables as people
from bot.reflections.answers.help_size import choose_help_size
from bot.reflections.prompts import bank, selection
from bot.reflections.prompts.files import read_decks
from bot.reflections.prompts.import_export import write_files
from bot.reflections.prompts.model import Deck, Prompt, Question
from bot.reflections.prompts.selection import PromptSource
from tests.databases import open_quickly

SHIPPED = {deck.slug: deck for deck in read_decks(Path(__file__).parents[2] / "prompts")}
YEAR = SHIPPED["a-year-of-noticing"]
AUGUST = datetime(2026, 8, 31, 14, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Chicago."""
MONDAYS = [AUGUST + timedelta(weeks=week) for week in range(150)]
LESSONS = ("prepare-your-soil", "change-the-discourse", "center-student-perspectives")
COMPLETING = ("our-problem-is", "we-thought-and-we-saw", "you-told-us")


def made(slug: str, form: str = "one-moment", **more: object) -> Prompt:
    return Prompt(slug, slug, form, "relating", "General", None, (Question(f"What of {slug}?"),), "", **more)  # type: ignore[arg-type]


@pytest.fixture
def bank_of(tmp_path):
    """A community's bank of a deck; what is asked on dates, after what came to somebody before each."""
    file = tmp_path / "seasons.sqlite"
    file.touch()
    store = open_quickly(f"sqlite:///{file}", "truncate")

    def ask(
        deck: Deck,
        dates: list[datetime],
        lessons: dict[datetime, str] | None = None,
        takes: timedelta = timedelta(days=5),
    ) -> list[Prompt]:
        def work(conn):
            home = people.ensure_community(conn, "home", "Home", "America/Chicago", AUGUST)
            bank.sync_bank(conn, home.id, [deck], AUGUST)
            source, found = PromptSource(1, (deck.slug,), zone="America/Chicago"), []
            for number, at in enumerate(dates):
                if lessons and at in lessons:
                    slug = COMPLETING[LESSONS.index(lessons[at])]
                    bank.note_lesson(conn, home.id, f"root-causes/{lessons[at]}", slug, at, at + takes)
                [told] = selection.next_prompts(conn, home.id, source, [at])
                drawn = selection.draw_prompt(conn, home.id, source, number + 1, at)
                assert drawn.prompt is not None
                assert drawn.prompt.id == told.id, "what is foretold is what comes"
                assert drawn.left == selection.count_supply(conn, home.id, source, at), "as if counted anew"
                found.append(drawn.prompt.prompt)
            return found

        return store.write_now(work)

    yield ask
    store.close_now()


@pytest.mark.parametrize("deck", SHIPPED.values(), ids=lambda one: one.slug)
def test_no_form_comes_two_weeks_running_in_three_years(bank_of, deck):
    asked = bank_of(deck, MONDAYS, {MONDAYS[2]: LESSONS[0], MONDAYS[3]: LESSONS[1], MONDAYS[4]: LESSONS[2]})
    twice = [(one.slug, other.slug) for one, other in pairwise(asked) if one.form == other.form]
    assert twice == []


def test_prompts_come_in_their_months_and_none_comes_back_before_the_others(bank_of):
    mondays = [at - timedelta(weeks=12) for at in MONDAYS[:52]]
    asked = bank_of(YEAR, mondays)
    for at, one in zip(mondays, asked, strict=True):
        assert not one.months or at.month in one.months, one.slug
    slugs = [one.slug for one in asked]
    assert len(set(slugs[:45])) == 45, "a school year of different questions"
    assert mondays[slugs.index("first-morning")].month == 8, "what has few months comes while it can"
    assert len(set(slugs)) >= 50, "and nearly nothing comes back within the year"


def test_a_prompt_that_completes_a_lesson_comes_when_the_lesson_has_come(bank_of):
    arrivals = {MONDAYS[10]: LESSONS[0], MONDAYS[12]: LESSONS[1], MONDAYS[14]: LESSONS[2]}
    slugs = [one.slug for one in bank_of(YEAR, MONDAYS[:40], arrivals)]
    assert {week: slug for week, slug in enumerate(slugs) if slug in COMPLETING} == dict(
        zip((11, 13, 15), COMPLETING, strict=True)
    )


def test_nobody_is_asked_what_came_of_a_lesson_that_came_to_nobody(bank_of):
    assert not {one.slug for one in bank_of(YEAR, MONDAYS[:53])} & set(COMPLETING)


def test_two_weeks_after_a_lesson_its_prompt_waits_for_the_next_time(bank_of):
    late = {MONDAYS[0]: LESSONS[0]}
    deck = replace(YEAR, prompts=(made("hello"), *(one for one in YEAR.prompts if one.slug == COMPLETING[0])))
    dates = [*MONDAYS[:2], *MONDAYS[3:6]]
    hello, asked = "hello", COMPLETING[0]
    assert [one.slug for one in bank_of(deck, dates, late)] == [hello, asked, hello, hello, hello]


@pytest.mark.parametrize(
    ("days", "came", "wanted"),
    [((0, 6, 8, 30), (0,), [False, False, True, False]), ((0, 10, 11), (0, 10), [False, True, False])],
    ids=["its last two weeks", "who comes later takes them from nobody"],
)
def test_a_lesson_of_three_weeks_is_asked_about_in_its_last_two(bank_of, days, came, wanted):
    deck = replace(YEAR, prompts=(made("hello"), *(one for one in YEAR.prompts if one.slug == COMPLETING[2])))
    dates = [MONDAYS[0] + timedelta(days=one) for one in days]
    lessons = {MONDAYS[0] + timedelta(days=one): LESSONS[2] for one in came}
    asked = bank_of(deck, dates, lessons, timedelta(days=21))
    assert [one.slug == COMPLETING[2] for one in asked] == wanted


def test_a_deck_of_one_season_is_rather_asked_out_of_it_than_silent(bank_of):
    deck = replace(YEAR, prompts=(made("snow", months=(12, 1)),))
    assert [one.slug for one in bank_of(deck, MONDAYS[:2])] == ["snow", "snow"]


def test_a_month_is_that_of_the_community(bank_of):
    deck = replace(YEAR, prompts=(made("any", "small-test"), made("october", months=(10,))))
    still_september = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
    assert [one.slug for one in bank_of(deck, [still_september])] == ["any"]


def test_of_two_forms_the_frequent_one_comes_first_so_that_none_has_to_come_twice(bank_of):
    forms = ["small-test", "one-moment", "one-moment", "one-moment", "small-test"]
    deck = replace(YEAR, prompts=tuple(made(f"p{number}", form) for number, form in enumerate(forms)))
    assert [one.form for one in bank_of(deck, MONDAYS[:5])] == [
        "one-moment", "small-test", "one-moment", "small-test", "one-moment",
    ]  # fmt: skip


def test_an_exported_prompt_keeps_its_months_and_its_readers():
    one = made("first", audience="me", months=(9, 1))
    [(_, data)] = write_files("weekly", [one], new=False).items()
    assert b"audience: me" in data
    assert b"- september" in data
    assert Prompt.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    ("answers", "size"), [(0, "full"), (3, "full"), (4, "half"), (11, "half"), (12, "bare")]
)
def test_help_fades_with_the_number_of_answers_and_whoever_wants_another_size_has_it(answers, size):
    assert choose_help_size(None, answers) == size
    assert choose_help_size("full", answers) == "full"
