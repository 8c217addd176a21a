"""Sentences that end in a time of day, in every way of writing one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.local.page.markdown import PageReader
from bot.chat.cards import Moment, compose, words
from bot.chat.language import _, format_time, speaking

FOUR = datetime(2026, 9, 4, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "at"),
    [
        ("es_US", "4:00 p.m."),
        ("es_CO", "4:00 p. m."),
        ("es_ES", "16:00."),
        ("en_US", "4:00 PM."),
    ],
)
def test_a_sentence_that_ends_in_a_time_ends_once(locale, at):
    with speaking(locale):
        assert _("Until {time}.", time=format_time(FOUR)).endswith(f" {at}")
        said = compose("Until {time}.", time=Moment(FOUR, style="time"))
        assert words(said) == f"Until {at}"
        html = PageReader("ada", "UTC", "UTC", FOUR).markdown(said)
    ends = at if at.endswith("m.") else at[:-1]
    assert f">{ends}</time>{'' if ends == at else '.'}</p>" in html


def test_a_moment_in_words_is_said_in_the_zone_and_language_it_names():
    with speaking("es_US"):
        said = compose("Abierta hasta: {when}", when=Moment(FOUR, "America/Chicago", in_words=True))
        html = PageReader("ada", "UTC", "UTC", FOUR).markdown(said)
    assert "viernes, 4 de septiembre" in html
    assert "11:00" in html


def test_what_goes_on_after_a_time_is_left_alone():
    with speaking("es_US"):
        assert _("{time}...", time=format_time(FOUR)) == "4:00 p.m...."
        assert _("{time}, then.", time=format_time(FOUR)) == "4:00 p.m., then."
