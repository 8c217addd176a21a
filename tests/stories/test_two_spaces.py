"""One schedule feeds two spaces of a community: one occurrence, a post and a digest in each, and nobody counts twice."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import func, select

from adapters.local.adapter import LocalAdapter
from bot.app import build_app
from bot.chat import plain_text
from bot.chat.port import CannotConnect, CorePort
from bot.playground.bare_app import bare_menu
from bot.reflections.answers import tables
from bot.reflections.answers.digest import draw_digest
from bot.reflections.prompts.files import read_decks
from bot.reflections.schedule import asked_prompts
from bot.runtime.clock import SteerableClock
from bot.store.adapter_state import StoredAdapterState
from bot.store.startup import open_store
from tests.stories.platforms import make_room
from tests.stories.room import Newcomer
from tests.stories.stage import DECKS, SUNDAY, settings_for
from tests.stories.test_linking import CODE


class Second(LocalAdapter):
    """Another pretend platform, so that two of them run side by side."""

    platform = "second"


class Spaces:
    """A bot in two spaces, each with Ada and a moderator in a channel."""

    def __init__(self, app, clock, here, there):
        self.app, self.clock, self.here, self.there = app, clock, here, there

    async def until(self, text):
        await self.app.pass_time(datetime.fromisoformat(text).replace(tzinfo=UTC))

    async def asks(self, space, line):
        return plain_text.card_text(await space.command("mo", "c1", line))

    @staticmethod
    def said(space, channel="c1"):
        return [one for one in space.world.look(channel) if one.author is None and not one.private_to]

    async def link(self, person):
        """Somebody links their account over there with the one here."""
        shown = plain_text.card_text(await self.here.command(person, "c1", "/my link"))
        await self.there.command(person, "c1", f"/my link {CODE.search(shown)[0]}")
        card = [one for one in self.there.world.look("c1", None, person) if one.author is None][-1]
        await self.there.press(person, "c1", card.id, "Link")


@pytest.fixture
async def spaces(tmp_path):
    settings = settings_for(tmp_path)
    moderators = settings.roles.moderators | {"second:moderator"}
    settings = settings.model_copy(
        update={"roles": settings.roles.model_copy(update={"moderators": moderators})}
    )
    clock = SteerableClock(SUNDAY)
    store, release = open_store(settings)
    here = LocalAdapter(clock, None, "local:harbour", "Harbour")
    there = Second(clock, None, "second:hill", "Hill")
    app = build_app(settings, clock, store, [here, there], decks=read_decks(DECKS), release=release)
    for adapter in (here, there):
        adapter.world.add_channel("c1", "staffroom")
        adapter.world.add_person("ada", "Ada Quinn")
        adapter.world.add_person("mo", "Mo Hale", facts=("moderator",))
    await app.start()
    yield Spaces(app, clock, here, there)
    await app.stop()


async def _begin(spaces, more=""):
    await spaces.asks(spaces.here, f"/prompt schedule #staffroom every mon 09:00 closes:4d {more}")
    card = [one for one in spaces.here.world.look("c1", None, "mo") if one.author is None][-1]
    await spaces.here.press("mo", "c1", card.id, "Confirm")
    assert "It has 2 places" in await spaces.asks(spaces.there, "/prompt place s1 #staffroom")


async def test_one_occurrence_two_posts_one_answer_two_digests(spaces):
    await spaces.link("ada")
    await _begin(spaces)
    await spaces.until("2026-10-05 08:01")
    [here], [there] = spaces.said(spaces.here), spaces.said(spaces.there)
    assert here.card.title == there.card.title
    await spaces.here.say("ada", "c1", "Said at the harbour.", here.id)
    await spaces.there.say("ada", "c1", "Said on the hill.", there.id)
    count = await spaces.app.store.read(
        lambda conn: (
            conn.execute(select(func.count()).select_from(asked_prompts.asking)).scalar_one(),
            conn.execute(select(func.count()).select_from(tables.answer)).scalar_one(),
        )
    )
    assert count == (1, 1)
    await spaces.until("2026-10-09 09:00")
    for space in (spaces.here, spaces.there):
        digests = [one for one in spaces.said(space) if one.card.title.startswith("Looking back")]
        assert len(digests) == 1
        assert "One person shared an answer with everyone." in plain_text.card_text(digests[0].card)


async def test_two_people_of_the_same_name_stay_two_until_they_are_linked(spaces):
    await _begin(spaces)
    await spaces.until("2026-10-05 08:01")
    await spaces.here.say("ada", "c1", "Said at the harbour.", spaces.said(spaces.here)[0].id)
    await spaces.there.say("ada", "c1", "Said on the hill.", spaces.said(spaces.there)[0].id)
    await spaces.until("2026-10-09 09:00")
    digest = spaces.said(spaces.here)[-1]
    assert "2 people shared an answer with everyone." in plain_text.card_text(digest.card)


async def test_a_linked_member_gets_one_direct_message(spaces):
    await spaces.link("ada")
    await _begin(spaces, "to:dm")
    await spaces.until("2026-10-05 08:30")
    asked = [
        one
        for space in (spaces.here, spaces.there)
        if "dm-ada" in space.world.channels
        for one in spaces.said(space, "dm-ada")
        if "are linked" not in one.card.title
    ]
    assert len(asked) == 1


async def test_the_preview_and_the_queue_name_both_spaces(spaces):
    await _begin(spaces)
    listed = await spaces.asks(spaces.here, "/prompt list")
    assert "#c1 and 1 channel in Hill" in listed
    form = await spaces.there.command("mo", "c1", "/prompt place s1 #staffroom remove:yes")
    assert "no longer asks in" in plain_text.card_text(form)
    await spaces.until("2026-10-05 08:01")
    assert len(spaces.said(spaces.here)) == 1
    assert spaces.said(spaces.there) == []


async def test_a_group_is_called_only_in_the_space_where_an_admin_allowed_it(spaces):
    await _begin(spaces)
    spaces.here.world.add_person("ida", "Ida Vale", facts=("admin",))
    await spaces.here.command("ida", "c1", "/prompt pings s1 @teachers")
    await spaces.until("2026-10-05 08:01")
    [here], [there] = spaces.said(spaces.here), spaces.said(spaces.there)
    assert (here.card.pings, there.card.pings) == ("teachers", "")


@asynccontextmanager
async def on_both_platforms(folder, *, further=None):
    """A bot in a Slack workspace and a Discord server, both over the wire; `further` is the Discord server's community."""
    clock = SteerableClock(SUNDAY)
    rooms = [make_room("slack-socket", clock), make_room("discord", clock)]
    settings = settings_for(folder)
    for room in rooms:
        await room.open(bare_menu(settings))
    roles = [room.settings(settings).roles for room in rooms]
    both = settings.roles.model_copy(
        update={
            "admins": roles[0].admins | roles[1].admins,
            "moderators": roles[0].moderators | roles[1].moderators,
        }
    )
    settings = settings.model_copy(update={"roles": both})
    store, release = open_store(settings)
    if further is not None:
        settings = settings.model_copy(update={"communities": {further.slug: further}})
    people = [
        Newcomer("ada", "Ada Quinn"),
        Newcomer("mo", "Mo Hale", ("moderator",)),
        Newcomer("ida", "Ida Vale", ("admin",)),
    ]
    adapters = []
    for room in rooms:
        await room.furnish({"c1": "staffroom"}, people)
        adapters += await room.adapters(settings, partial(StoredAdapterState, store))
    slugs = {rooms[1].space: further.slug} if further is not None else {}
    app = build_app(
        settings, clock, store, adapters, decks=read_decks(DECKS), release=release,
        belongs=lambda space: slugs.get(space, settings.community.slug),
    )  # fmt: skip
    await app.start()
    for room in rooms:
        await room.settle()
    try:
        yield app, *rooms
    finally:
        await app.stop()
        for room in rooms:
            await room.close()


async def test_one_schedule_feeds_a_slack_workspace_and_a_discord_server_at_once(tmp_path):
    async with on_both_platforms(tmp_path) as (app, slack, discord):

        async def until(text):
            await app.pass_time(datetime.fromisoformat(text).replace(tzinfo=UTC))
            for room in (slack, discord):
                await room.settle()
            await app.settle()

        await slack.command("mo", "c1", "/prompt schedule #staffroom every mon 09:00 closes:4d")
        await slack.press("mo", slack.look("mo", "c1")[-1], "Confirm")
        await discord.command("mo", "c1", "/prompt place s1 #staffroom")
        await until("2026-10-05T08:01")
        [here], [there] = slack.look(None, "c1"), discord.look(None, "c1")
        for line in (here, there):
            assert "Who or what held a door open for you this week?" in line.text
        await slack.say("ada", "c1", "Said on Slack.", thread=here.id)
        await discord.say("ada", "c1", "Said on Discord.", thread=there.id)
        asked_once = await app.store.read(
            lambda conn: conn.execute(select(func.count()).select_from(asked_prompts.asking)).scalar_one()
        )
        assert asked_once == 1
        await until("2026-10-09T09:00")
        for room in (slack, discord):
            [_, digest] = room.look(None, "c1")
            assert "2 people shared an answer with everyone." in digest.text
            assert "Said on Slack." in digest.text
            assert "Said on Discord." in digest.text
        assert await app.store.read(app.invariants) == []


async def test_one_person_on_slack_and_discord_is_one_member_until_they_unlink(tmp_path):
    async with on_both_platforms(tmp_path) as (app, slack, discord):

        async def settle():
            for _ in range(2):
                for room in (slack, discord):
                    await room.settle()
                await app.settle()

        await slack.command("mo", "c1", "/prompt schedule #staffroom every mon 09:00 closes:4d")
        await slack.press("mo", slack.look("mo", "c1")[-1], "Confirm")
        await discord.command("mo", "c1", "/prompt place s1 #staffroom")
        await app.pass_time(datetime(2026, 10, 5, 8, 1, tzinfo=UTC))
        await settle()
        await slack.say("ada", "c1", "Said on Slack.", thread=slack.look(None, "c1")[0].id)
        await discord.say("ada", "c1", "Said on Discord.", thread=discord.look(None, "c1")[0].id)
        code = CODE.search((await slack.command("ada", "c1", "/my link")).text)[0]
        asked = await discord.command("ada", "c1", f"/my link {code}")
        assert "Ada Quinn" in asked.text
        assert "are linked" in (await discord.press("ada", asked, "Link")).text
        await app.pass_time(datetime(2026, 10, 5, 8, 3, tzinfo=UTC))  # after the welcome
        await settle()
        [told] = [one for one in slack.inbox("ada") if "are linked" in one.text]
        both = await discord.command("ada", "c1", "/reflect history")
        for words in ("Said on Slack.", "Said on Discord."):
            assert words in both.text
        assert "One person shared an answer with everyone." in plain_text.card_text(await _digest(app))
        assert "two members again" in (await slack.press("ada", told, "Unlink")).text
        await settle()
        assert [one for one in discord.inbox("ada") if "two members again" in one.text]
        assert "2 people shared an answer with everyone." in plain_text.card_text(await _digest(app))
        apart = await discord.command("ada", "c1", "/reflect history")
        assert "Said on Discord." in apart.text
        assert "Said on Slack." not in apart.text
        assert await app.store.read(app.invariants) == []


async def _digest(app):
    """What the digest of the first prompt would say now."""
    return await app.store.read(lambda conn: draw_digest(conn, 1, "1"))


class Late(LocalAdapter):
    """An adapter that is connected once `after` is set, and sets `connected` then; it knows whether it was given up."""

    def __init__(self, *about: object, after: asyncio.Event, platform: str = "local") -> None:
        super().__init__(*about)
        self.after, self.connected, self.given_up, self.platform = after, asyncio.Event(), False, platform

    async def start(self, core: CorePort) -> None:
        try:
            async with asyncio.timeout(20):
                await self.after.wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        await super().start(core)
        self.connected.set()


class Refused(LocalAdapter):
    """An adapter whose platform refuses us."""

    platform = "second"

    async def start(self, core: CorePort) -> None:
        await asyncio.sleep(0)
        raise CannotConnect("The token is wrong.")


def put_together(tmp_path, clock, *adapters):
    settings = settings_for(tmp_path)
    store, release = open_store(settings)
    return build_app(settings, clock, store, adapters, decks=(), lessons=(), release=release)


async def test_no_platform_waits_for_another_to_be_connected(tmp_path):
    clock, free = SteerableClock(SUNDAY), asyncio.Event()
    there = Late(clock, None, "second:hill", "Hill", after=free, platform="second")
    here = Late(clock, None, "local:harbour", "Harbour", after=there.connected)
    free.set()
    app = put_together(tmp_path, clock, here, there)
    try:
        await app.start()
        assert here.connected.is_set()
    finally:
        await app.stop()


async def test_a_platform_that_refuses_us_ends_the_start_of_the_others(tmp_path):
    clock = SteerableClock(SUNDAY)
    here = Late(clock, None, "local:harbour", "Harbour", after=asyncio.Event())
    app = put_together(tmp_path, clock, here, Refused(clock, None, "second:hill", "Hill"))
    with pytest.raises(CannotConnect):
        await app.start()
    assert here.given_up
    await app.stop()
