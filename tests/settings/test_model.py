"""Settings: each wrong one is named with its variable and what to do."""

from __future__ import annotations

import pytest

from bot.platforms import PLATFORMS
from bot.settings.environment import SettingsError, compose_settings, load, unknown_variables
from bot.settings.variables import list_variables


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    import os

    for name in list(os.environ):
        if name.startswith("TILTH_"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        (
            "TILTH_COMMUNITY__ZONE",
            "Europe/Dublim",
            ["TILTH_COMMUNITY__ZONE", "Europe/Dublim", "Europe/Dublin"],
        ),
        ("TILTH_COMMUNITY__ZONE", "localtime", ["TILTH_COMMUNITY__ZONE", "zone"]),
        ("TILTH_COMMUNITY__SLUG", "Our Schools!", ["TILTH_COMMUNITY__SLUG"]),
        ("TILTH_WEB__PORT", "99999", ["TILTH_WEB__PORT", "65535"]),
        ("TILTH_WEB__PROT", "80", ["TILTH_WEB__PROT", "TILTH_WEB__PORT"]),
        ("TILTH_ROLES__ADMINS", "local:admin", ["TILTH_ROLES__ADMINS", "JSON", '["slack:id:U123"]']),
        ("TILTH_ROLES__MODERATORS", "priya", ["TILTH_ROLES__MODERATORS", "JSON", '["slack:id:U123"]']),
        (
            "TILTH_ROLES__MODERATORS",
            '["priya"]',
            ["TILTH_ROLES__MODERATORS", "“priya” names nobody", "slack:"],
        ),
        (
            "TILTH_ROLES__MODERATORS",
            '["skype:id:7"]',
            ["TILTH_ROLES__MODERATORS", "“skype:id:7” names nobody"],
        ),
        ("TILTH_DISCORD__SERVERS", "123", ["TILTH_DISCORD__SERVERS"]),
        ("TILTH_DISCORD__SERVERS", "{home", ["TILTH_DISCORD__SERVERS", "JSON", '{"1234567890": "home"}']),
        ("TILTH_WEB__PORT", "abc", ["TILTH_WEB__PORT", "whole number", "8420"]),
        ("TILTH_DISCORD__MEMBERS", "maybe", ["TILTH_DISCORD__MEMBERS", "true or false"]),
        ("TILTH_STORE__URL", "nonsense", ["TILTH_STORE__URL", "sqlite:///var/tilth.db", "postgresql"]),
        ("TILTH_STORE__URL", "mysql://tilth:hunter@db/tilth", ["TILTH_STORE__URL", "postgresql"]),
        ("TILTH_CONTENT", "/nowhere/at/all", ["TILTH_CONTENT", "/nowhere/at/all"]),
        ("TILTH_REFLECTIONS__LATE_DAYS", "-1", ["TILTH_REFLECTIONS__LATE_DAYS"]),
        ("TILTH_LOG", "loud", ["TILTH_LOG", "debug"]),
    ],
)
def test_a_wrong_setting_names_the_variable_and_the_fix(monkeypatch, variable, value, words):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as wrong:
        load(PLATFORMS, _env_file=None)
    for word in words:
        assert word in str(wrong.value)
    assert "hunter" not in str(wrong.value)


def test_a_misspelled_variable_in_the_file_is_named_as_it_stands_there(tmp_path):
    (tmp_path / "env").write_text("TILTH_WEBB__PORT=3\n")
    with pytest.raises(SettingsError) as wrong:
        load(PLATFORMS, _env_file=tmp_path / "env")
    assert "Did you mean TILTH_WEB__PORT?" in str(wrong.value)
    assert "TILTH_TILTH" not in str(wrong.value)


def test_json_that_is_wrong_in_the_file_is_named_too(tmp_path):
    (tmp_path / "env").write_text("TILTH_ROLES__MODERATORS=priya\n")
    with pytest.raises(SettingsError) as wrong:
        load(PLATFORMS, _env_file=tmp_path / "env")
    assert "TILTH_ROLES__MODERATORS" in str(wrong.value)


def test_a_secret_never_shows_itself(monkeypatch):
    monkeypatch.setenv("TILTH_STORE__URL", "postgresql+psycopg://tilth:hunter2@db/tilth")
    found = load(PLATFORMS, _env_file=None)
    assert "hunter2" not in repr(found)
    assert "hunter2" not in str(found.model_dump())


def test_a_secret_in_a_wrong_setting_is_not_quoted(monkeypatch):
    monkeypatch.setenv("TILTH_STORE__URL", "postgresql+psycopg://tilth:hunter2@db/tilth")
    monkeypatch.setenv("TILTH_STORE__JOURNAL", "hunter2")
    with pytest.raises(SettingsError) as wrong:
        load(PLATFORMS, _env_file=None)
    assert "hunter2" not in str(wrong.value)


def test_a_misspelled_top_level_variable_is_noticed(monkeypatch):
    monkeypatch.setenv("TILTH_LGO", "info")
    assert unknown_variables(load(PLATFORMS, _env_file=None)) == {"TILTH_LGO": "Did you mean TILTH_LOG?"}


def test_every_setting_says_what_it_is_for():
    assert all(one.description for one in list_variables(compose_settings(PLATFORMS)))
