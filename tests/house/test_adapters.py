"""The same module names mean the same in each adapter's folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.platforms import FOLDERS

ADAPTERS = Path(__file__).parents[2] / "adapters"
ROOMS = {
    "hear": "payload → event",
    "say": "card → payload",
    "blocks": "a block of a card → payload",
    "forms": "form → payload, and what was filled in",
    "errors": "failed calls → errors of the port",
    "api": "the verbs of the port",
    "events": "what happens → core",
    "interactions": "commands, buttons, forms",
    "replies": "where an answer goes",
    "history": "what was said meanwhile",
    "people": "who somebody is",
    "state": "what survives a restart",
    "preview": "drawn for the gallery",
    "timings": "every interval and timeout",
    "doctor": "what `tilth doctor` asks",
    "setup": "what `tilth setup` asks",
    "trial": "what `tilth doctor --live` tries",
    "settings": "what an operator sets",
    "platform": "how the platform describes itself",
    "adapter": "all of it together",
}
"""What each folder has, by the name of its module."""
NOT_LOCAL = {
    "hear": "its world is made of the port's own values",
    "say": "cards are kept as they are, and drawn by its page",
    "blocks": "cards are kept as they are, and drawn by its page",
    "forms": "forms stay values; its page shows them",
    "errors": "nothing fails there but what a test plans (`fault_injection`)",
    "replies": "an answer has one place, where `events` writes it",
    "history": "its world is all there is, and `api` reads it",
    "state": "its world is its state (`world`)",
    "preview": "its page is no sketch",
    "timings": "everything happens at once",
    "doctor": "there are no credentials to examine",
    "setup": "there is nothing to set up",
    "trial": "what it takes and gives back is known",
    "settings": "an operator sets nothing for it but the page's address",
    "platform": "it is no platform that an operator sets up",
}
MISSING = {
    "local": NOT_LOCAL,
}
"""What a folder lacks, with the reason."""


def _modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")}


@pytest.mark.parametrize("folder", [*FOLDERS, "adapters.local"])
def test_every_platform_has_the_same_modules(folder):
    name = folder.rpartition(".")[2]
    assert ROOMS.keys() - _modules(ADAPTERS / name) == MISSING.get(name, {}).keys()


def test_no_room_inside_an_adapter_uses_these_names_for_something_else():
    inside = [path for path in ADAPTERS.glob("*/*/**/*.py") if path.stem in ROOMS]
    assert inside == []


def test_every_adapter_is_known():
    folders = {path.name for path in ADAPTERS.iterdir() if (path / "__init__.py").is_file()}
    assert folders == {folder.rpartition(".")[2] for folder in FOLDERS} | {"local"}
