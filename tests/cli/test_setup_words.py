"""What `tilth setup` and the doctor say: a wrong kind of token, wrong options, and findings that say what they cost."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from adapters.discord import setup as discord_setup
from adapters.slack import setup as slack_setup
from bot.admin.doctor_command import findings_card
from bot.chat.plain_text import card_text
from bot.chat.setup_steps import read_country, read_language, read_school_year
from bot.cli.main import app
from bot.cli.startup import CONFIG


@pytest.mark.parametrize(
    ("begins", "text", "words"),
    [
        ("xoxb-", "xoxb-1-2-abc", ""),
        ("xoxb-", "xapp-1-A-2", "This is the app-level token"),
        ("xapp-", "xoxb-1-2-abc", "This is the bot token"),
        ("xoxb-", "xoxp-1-2", "a user's own token"),
        ("xoxb-", "xoxe.xoxb-1-2", "Switch token rotation off"),
        ("xoxb-", "0123456789abcdef0123456789abcdef", "a signing or client secret"),
        ("xoxb-", "hello", "begins with xoxb-"),
        ("xoxb-", "xoxb-", "cut off"),
        ("xoxb-", "", "begins with xoxb-"),
    ],
)
def test_a_token_of_slack_is_known_by_its_form(begins, text, words):
    assert (
        (words in slack_setup.judge_token(begins, text))
        if words
        else not slack_setup.judge_token(begins, text)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc.def-1.ghi_2", ""),
        ("xoxb-1-2", "a token of Slack"),
        ("123456789012345678", "the id of an application or a server"),
        ("0123456789abcdef" * 4, "the public key"),
        ("abcdefgh-ijklmnop_rstuvwxyz01234", "the client secret"),
        ("abc.def", "three parts"),
        ("", "three parts"),
    ],
)
def test_a_token_of_discord_is_known_by_its_form(text, words):
    assert (words in discord_setup.judge_token(text)) if words else not discord_setup.judge_token(text)


def test_words_that_mean_nothing_are_refused_before_anything_is_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["setup", "slack", "--then", "party"])
    assert (done.exit_code, "nothing" in done.stderr) == (2, True)
    done = CliRunner().invoke(app, ["setup", "icq"])
    assert (done.exit_code, "slack, discord" in done.stderr) == (2, True)
    done = CliRunner().invoke(app, ["setup", "slack", "--yes"])
    assert (done.exit_code, "TILTH_SLACK__BOT_TOKEN" in done.stderr) == (CONFIG, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "today", "days"),
    [
        ("aug 17 to jun 4", date(2026, 11, 29), (date(2026, 8, 17), date(2027, 6, 4))),
        ("aug 17 to jun 4", date(2026, 7, 1), (date(2026, 8, 17), date(2027, 6, 4))),
        ("2026-08-17 to 2027-06-04", date(2026, 7, 1), (date(2026, 8, 17), date(2027, 6, 4))),
        ("8/17 to 6/4", date(2027, 2, 1), (date(2026, 8, 17), date(2027, 6, 4))),
        ("2027-08-16 to 2028-06-02", date(2026, 11, 29), (date(2027, 8, 16), date(2028, 6, 2))),
        ("aug 16 2027 to jun 2", date(2026, 11, 29), (date(2027, 8, 16), date(2028, 6, 2))),
        ("8/16/2027 to 6/2/2028", date(2026, 11, 29), (date(2027, 8, 16), date(2028, 6, 2))),
    ],
)
def test_a_school_year_is_the_one_that_today_is_in_or_the_next(text, today, days):
    assert read_school_year(text, today) == days


@pytest.mark.parametrize("text", ["", "soon", "aug 17", "aug 17 to aug 20"])
def test_what_is_no_school_year_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"to|like|day|Nothing"):
        read_school_year(text, date(2026, 11, 29))


def test_languages_and_countries_are_read_as_people_write_them():
    assert [read_language(one) for one in ("English", "es", "Español", "EN")] == ["en", "es", "es", "en"]
    assert read_country(" mx ") == "MX"
    for read, wrong in ((read_language, "klingon"), (read_country, "USA")):
        with pytest.raises(ValueError, match="Write"):
            read(wrong)


def test_in_chat_errors_come_before_warnings_and_what_is_well_is_a_number():
    text = card_text(
        findings_card([("warning", "Late.", "Soon."), ("ok", "Fine.", ""), ("error", "Down.", "Up.")])
    )
    assert text.index("Down. Up.") < text.index("Late. Soon.")
    assert "1 check is well" in text
    assert "Fine" not in text
