"""`.env` as setting up writes it: private, whole, with everything that was there."""

from __future__ import annotations

import stat

import pytest

from bot.settings.env_file import read_file, write_file


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
