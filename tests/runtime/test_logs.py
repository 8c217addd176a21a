"""Logs hold where and what kind, never what anybody wrote, and no secret."""

from __future__ import annotations

import json
import logging

import pytest

from bot.runtime.logs import calm_logs, configure_logs, scrub_secrets
from bot.store import pieces

CANDID = "what I would never say aloud"


@pytest.fixture(autouse=True)
def _own_logging(monkeypatch):
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(logging, "raiseExceptions", True)
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_an_exception_is_told_by_its_kind_and_place(capsys):
    configure_logs("info")
    try:
        int(CANDID)  # the error says what it was given
    except ValueError:
        logging.getLogger("tilth.test").exception("an answer failed")
    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "an answer failed"
    assert "test_logs.py" in line["exception"]
    assert line["exception"].endswith("ValueError")
    assert CANDID not in json.dumps(line)


def test_text_and_json_say_the_same_and_a_setting_chooses(capsys):
    said = {}
    for form in ("json", "text"):
        configure_logs("info", form)
        logging.getLogger("tilth.test").warning("the beat %s waits", "sending")
        said[form] = capsys.readouterr().err
    fields = json.loads(said["json"])
    assert set(fields) == {"event", "level", "logger", "timestamp"}
    for value in (fields["event"], fields["level"], fields["logger"], fields["timestamp"][:10]):
        assert value in said["text"]
    assert "\x1b[" not in said["text"], "colors are for terminals"


def test_a_log_that_cannot_be_written_does_not_print_what_it_was_about(capsys):
    configure_logs("info")
    logging.getLogger().handlers[0].setStream(type("Full", (), {"write": None, "flush": lambda _: None})())
    try:
        int(CANDID)
    except ValueError:
        logging.getLogger("tilth.test").exception("an answer failed")
    assert CANDID not in capsys.readouterr().err


def test_whoever_only_looks_is_not_told_that_work_waits(capsys):
    configure_logs("info")
    for calm, lines in ((True, 0), (False, 1)):
        calm_logs(calm=calm)
        pieces.log.warning("a piece waited")
        assert len(capsys.readouterr().err.splitlines()) == lines


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("token xoxb-123456-abcdef", "xoxb-123456-abcdef"),
        ("socket xapp-1-A0-99-deadbeef", "xapp-1-A0-99-deadbeef"),
        ("at postgresql+psycopg://tilth:hunter2@db/tilth", "hunter2"),
    ],
)
def test_what_looks_like_a_secret_is_scrubbed(capsys, text, gone):
    configure_logs("info")
    assert gone not in scrub_secrets(text)
    logging.getLogger("tilth.test").warning(text)
    assert gone not in capsys.readouterr().err
