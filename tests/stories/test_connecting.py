"""A Slack workspace and a Discord server become one community, when an admin of each says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from adapters.local.adapter import LocalAdapter
from bot.app import build_app
from bot.chat import plain_text
from bot.people.accounts import account
from bot.people.tables import member, space
from bot.reflections.prompts.files import read_decks
from bot.runtime.clock import SteerableClock
from bot.settings.model import CommunitySettings
from bot.store.startup import open_store
from tests.stories.stage import DECKS, SUNDAY, settings_for
from tests.stories.test_linking import CODE
from tests.stories.test_two_spaces import Second, on_both_platforms

HILL = CommunitySettings(slug="hill", name="Hill", zone="Europe/Dublin", alerts="")


class TwoCommunities:
    """A bot in two spaces of two communities, with Ada, a moderator and an admin in each."""

    def __init__(self, folder):
        self.folder, self.clock = folder, SteerableClock(SUNDAY)
        self.worlds = {}

    async def starts(self):
        settings = settings_for(self.folder)
        roles = {
            "moderators": settings.roles.moderators | {"second:moderator"},
            "admins": settings.roles.admins | {"second:admin"},
        }
        settings = settings.model_copy(
            update={"roles": settings.roles.model_copy(update=roles), "communities": {"hill": HILL}}
        )
        store, release = open_store(settings)
        self.here = LocalAdapter(self.clock, None, "local:harbour", "Harbour School")
        self.there = Second(self.clock, None, "second:hill", "Hill School")
        self.app = build_app(
            settings, self.clock, store, [self.here, self.there], decks=read_decks(DECKS), release=release,
            belongs=lambda key: "hill" if key == "second:hill" else settings.community.slug,
        )  # fmt: skip
        for adapter in (self.here, self.there):
            adapter.world.add_channel("c1", "staffroom")
            for who, name, facts in (
                ("ada", "Ada Quinn", ()),
                ("mo", "Mo Hale", ("moderator",)),
                ("ida", "Ida Vale", ("admin",)),
            ):
                adapter.world.add_person(who, name, facts=facts)
        await self.app.start()

    async def asks(self, space, line, who="ida"):
        return plain_text.card_text(await space.command(who, "c1", line))

    async def connects(self, one, other):
        code = CODE.search(await self.asks(one, "/tilth connect"))[0]
        return await self.asks(other, f"/tilth connect {code}")

    async def presses(self, space, button, who="ida"):
        card = [one for one in space.world.look("c1", None, who) if one.author is None][-1]
        return plain_text.card_text(await space.press(who, "c1", card.id, button))

    async def homes(self):
        """The community of each space."""
        query = select(space.c.key, space.c.community_id)
        return await self.app.store.read(lambda conn: dict(map(tuple, conn.execute(query))))


@pytest.fixture
async def two(tmp_path):
    stage = TwoCommunities(tmp_path)
    await stage.starts()
    yield stage
    await stage.app.stop()


async def begin(two, space):
    await two.asks(space, "/prompt schedule #staffroom every mon 09:00 closes:4d", "mo")
    await two.presses(space, "Confirm", "mo")


async def test_each_admin_is_told_in_their_own_language(two):
    await begin(two, two.here)
    await two.asks(two.here, "/my settings language:es")
    await two.connects(two.here, two.there)
    assert "is part of the community" in await two.presses(two.there, "Connect")
    await two.app.settle()
    told = [card for card in two.here.world.look("dm-ida") if card.author is None]
    assert "ya es parte de la comunidad" in plain_text.card_text(told[-1].card)


@pytest.mark.parametrize("entered", ["there", "here"])
async def test_the_space_without_data_moves_whichever_side_enters_the_code(two, entered):
    await begin(two, two.here)
    await two.asks(two.there, "/my settings help:bare", "ada")
    one, other = (two.here, two.there) if entered == "there" else (two.there, two.here)
    asked = await two.connects(one, other)
    assert "Hill School becomes part of the community Our community" in asked.replace("*", "")
    before = await two.homes()
    assert len(set(before.values())) == 2, "nothing moves before it is confirmed"
    assert "is part of the community" in await two.presses(other, "Connect")
    assert set((await two.homes()).values()) == {before["local:harbour"]}
    await two.app.settle()
    told = [card for card in one.world.look("dm-ida") if card.author is None]
    assert "is part of the community" in plain_text.card_text(told[-1].card)
    assert "No hints" in await two.asks(two.there, "/my settings", "ada")
    assert "It has 2 places" in await two.asks(two.there, "/prompt place s1 #staffroom", "mo")
    assert "connected" in await two.asks(two.here, "/tilth audit")
    homes = await two.app.store.read(
        lambda conn: {*conn.execute(select(account.c.community_id)).scalars(), *conn.execute(select(member.c.community_id)).scalars()}
    )  # fmt: skip
    assert homes == {before["local:harbour"]}
    assert "one community already" in await two.connects(one, other)


async def test_a_connected_space_stays_so_over_a_restart(two):
    await two.connects(two.here, two.there)
    await two.presses(two.there, "Connect")
    await two.app.stop()
    await two.starts()
    assert len(set((await two.homes()).values())) == 1
    assert "one community already" in await two.connects(two.here, two.there)


async def test_two_spaces_that_both_have_data_are_refused(two):
    await begin(two, two.here)
    await two.asks(two.there, "/team create North", "mo")
    assert "Both spaces have data already" in await two.connects(two.here, two.there)
    assert len(set((await two.homes()).values())) == 2


async def test_it_takes_an_admin_on_both_sides_until_the_end(two):
    assert "admin" in await two.asks(two.here, "/tilth connect", "mo")
    code = CODE.search(await two.asks(two.here, "/tilth connect"))[0]
    assert "admin" in await two.asks(two.there, f"/tilth connect {code}", "mo")
    await two.here.join("ida", "Ida Vale", facts=())
    assert "not an admin anymore" in await two.asks(two.there, f"/tilth connect {code}")


async def test_wrong_codes_and_those_of_accounts_connect_nothing(two):
    assert "That code is wrong" in await two.asks(two.there, "/tilth connect ABCD")
    code = CODE.search(await two.asks(two.here, "/my link"))[0]
    assert "That code is wrong" in await two.asks(two.there, f"/tilth connect {code}")
    assert "another community" in await two.asks(two.there, f"/my link {code}")
    for _ in range(2):
        await two.asks(two.there, "/tilth connect ABCD")
    code = CODE.search(await two.asks(two.here, "/tilth connect"))[0]
    assert "5 wrong codes" in await two.asks(two.there, f"/tilth connect {code}")
    two.clock.advance(timedelta(minutes=61))
    assert "older than ten minutes" in await two.asks(two.there, f"/tilth connect {code}")


async def test_a_workspace_and_a_server_become_one_community_with_one_schedule(tmp_path):
    async with on_both_platforms(tmp_path, further=HILL) as (app, slack, discord):
        await slack.command("mo", "c1", "/prompt schedule #staffroom every mon 09:00 closes:4d")
        await slack.press("mo", slack.look("mo", "c1")[-1], "Confirm")
        code = CODE.search((await slack.command("ida", "c1", "/tilth connect")).text)[0]
        shown = await discord.command("ida", "c1", "/tilth connect")
        form = await discord.press("ida", shown, "Enter a code")
        asked = await discord.submit("ida", form, {"code": code})
        assert "becomes part of the community" in asked.text
        assert "is part of the community" in (await discord.press("ida", asked, "Connect")).text
        for _ in range(2):
            for room in (slack, discord):
                await room.settle()
            await app.settle()
        assert [one for one in slack.inbox("ida") if "are connected" in one.text]
        assert "2 places" in (await discord.command("mo", "c1", "/prompt place s1 #staffroom")).text
        await app.pass_time(datetime(2026, 10, 5, 8, 1, tzinfo=UTC))
        for room in (slack, discord):
            await room.settle()
            assert "held a door open" in room.look(None, "c1")[-1].text
        assert await app.store.read(app.invariants) == []
