"""Two communities of one deployment: an admin of one is shown nothing of the other."""

from __future__ import annotations

import threading

import pytest

from adapters.local.adapter import LocalAdapter
from bot.app import build_app
from bot.doctor.deployment import examine_running
from bot.people.tables import communities
from bot.reflections.prompts.files import read_decks
from bot.runtime.clock import SteerableClock
from bot.settings.model import CommunitySettings
from bot.store.startup import open_store
from tests.stories.stage import DECKS, SUNDAY, settings_for


class Examined(LocalAdapter):
    """A pretend platform with something to say of every space and channel."""

    platform = "second"

    async def examine(self, channels, spaces=None):
        seen = [self.world.space] if spaces is None or self.world.space in spaces else []
        return [("error", f"{one} is shut.", "") for one in (*seen, *channels)]


@pytest.fixture
async def app(tmp_path):
    settings = settings_for(tmp_path)
    north = CommunitySettings(slug="north", name="Northern Schools")
    roles = settings.roles.model_copy(update={"moderators": settings.roles.moderators | {"second:moderator"}})
    settings = settings.model_copy(update={"communities": {"north": north}, "roles": roles})
    clock = SteerableClock(SUNDAY)
    store, release = open_store(settings)
    here = LocalAdapter(clock, None, "local:harbour", "Harbour")
    there = Examined(clock, None, "second:hill", "Hill")
    belongs = {"local:harbour": settings.community.slug, "second:hill": "north"}.get
    app = build_app(
        settings, clock, store, [here, there], decks=read_decks(DECKS), belongs=belongs, release=release
    )
    for adapter in (here, there):
        adapter.world.add_channel("c1", "staffroom")
        adapter.world.add_person("mo", "Mo Hale", facts=("moderator",))
    await app.start()
    await there.command("mo", "c1", "/prompt schedule #staffroom every mon 09:00")
    card = [one for one in there.world.look("c1", None, "mo") if one.author is None][-1]
    await there.press("mo", "c1", card.id, "Confirm")
    yield app
    await app.stop()


async def test_the_doctor_tells_an_admin_nothing_of_the_other_community(app):
    home, north = await app.store.read(communities)
    found = str(await examine_running(app.settings, app.store, app.adapters, home))
    assert "Harbour" in found
    for secret in ("Hill", "second:hill", "Northern Schools"):
        assert secret not in found
    theirs = str(await examine_running(app.settings, app.store, app.adapters, north))
    assert "Harbour" not in theirs
    for own in ("Hill", "second:hill is shut", "Northern Schools"):
        assert own in theirs


async def test_the_doctor_reads_files_in_a_thread_and_the_bot_answers_meanwhile(app, monkeypatch):
    waited = []
    monkeypatch.setattr("os.fsync", lambda _file: waited.append(threading.current_thread()))
    [home, _] = await app.store.read(communities)
    await examine_running(app.settings, app.store, app.adapters, home)
    assert waited
    assert threading.main_thread() not in waited
