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
        ("TILTH_ROLES__ADMINS", "local:admin", ["roles", "JSON"]),
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
    assert unknown_variables(load(PLATFORMS, _env_file=None)) == ["TILTH_LGO"]


def test_every_setting_says_what_it_is_for():
    assert all(one.description for one in list_variables(compose_settings(PLATFORMS)))
