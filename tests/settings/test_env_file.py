"""`.env` as setting up writes it: private, whole, with everything that was there."""

from __future__ import annotations

import os
import shlex
import stat

import pytest

from bot.platforms import PLATFORMS
from bot.settings.env_file import read_file, write_file
from bot.settings.environment import load


def test_only_its_owner_can_read_it(tmp_path):
    file = tmp_path / ".env"
    file.write_text("TILTH_LOG=info\n")
    file.chmod(0o644)
    write_file(file, {"TILTH_COMMUNITY__NAME": "Home"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_comments_order_and_other_variables_stay(tmp_path):
    file = tmp_path / ".env"
    file.write_text(
        "# ours\nexport PATH_OF_OURS=/x  # mine\n\nTILTH_LOG=info\n#TILTH_SECRET=\nTILTH_WEB__PORT=1"
    )
    write_file(file, {"TILTH_LOG": "warning", "TILTH_COMMUNITY__ZONE": "America/Denver"})
    assert file.read_text() == (
        "# ours\nexport PATH_OF_OURS=/x  # mine\n\nTILTH_LOG=warning\n#TILTH_SECRET=\nTILTH_WEB__PORT=1\n"
        "TILTH_COMMUNITY__ZONE=America/Denver\n"
    )


def test_what_stands_around_a_variable_stays(tmp_path):
    file = tmp_path / ".env"
    file.write_text(
        "\nexport TILTH_LOG=info  # more than usual\nTILTH_SECRET='a # b'# the old\n b\nTILTH_WEB__PORT= # free\nA=1#2\n"
    )
    write_file(file, {"TILTH_LOG": "it is", "TILTH_SECRET": "new", "TILTH_WEB__PORT": "8421", "A": "3"})
    assert file.read_text() == (
        "\nexport TILTH_LOG='it is'  # more than usual\nTILTH_SECRET=new  # the old\n b\nTILTH_WEB__PORT=8421  # free\nA=3\n"
    )


def test_where_it_is_a_link_the_file_that_it_names_is_written(tmp_path):
    real, link = tmp_path / "tilth.env", tmp_path / ".env"
    real.write_text("TILTH_LOG=info\n")
    link.symlink_to(real)
    write_file(link, {"TILTH_LOG": "debug"})
    assert real.read_text() == "TILTH_LOG=debug\n"
    assert link.is_symlink()


@pytest.mark.parametrize(
    "name", ["O'Brien Schools", "${HOME} or $HOME", 'back\\slash "quoted"', "${A:-b} it's"]
)
def test_the_bot_and_systemd_read_what_setup_wrote(tmp_path, monkeypatch, name):
    for one in [one for one in os.environ if one.startswith("TILTH_")]:
        monkeypatch.delenv(one)
    file = tmp_path / ".env"
    write_file(file, {"TILTH_COMMUNITY__NAME": name})
    assert read_file(file) == {"TILTH_COMMUNITY__NAME": name}
    assert load(PLATFORMS, _env_file=file).community.name == name
    assert shlex.split(file.read_text()) == [f"TILTH_COMMUNITY__NAME={name}"], "quotes as those of a shell"


@pytest.mark.parametrize(
    "value", ["a $HOME #b", "it's", 'say "hi"', "two\nlines", "back\\slash\\", "ñandú 🌱", ""]
)
def test_every_value_comes_back_as_it_was(tmp_path, value):
    write_file(tmp_path / ".env", {"TILTH_COMMUNITY__DANGER_TEXT": value})
    assert read_file(tmp_path / ".env") == {"TILTH_COMMUNITY__DANGER_TEXT": value}


def test_a_change_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / ".env"
    file.write_text("TILTH_LOG=info\n")

    def refuse(*_words, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.settings.env_file.os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_file(file, {"TILTH_LOG": "debug"})
    assert file.read_text() == "TILTH_LOG=info\n"
    assert list(tmp_path.iterdir()) == [file]
