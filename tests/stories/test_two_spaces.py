"""One schedule feeds two spaces of a community: one occurrence, a post and a digest in each, and nobody counts twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from adapters.local.adapter import LocalAdapter
from bot.app import build, open_store
from bot.chat import plain
from bot.people.accounts import account
from bot.reflections import asked, records
from bot.reflections.content import read_decks
from bot.timing.clock import SteerableClock
from tests.stories.stage import DECKS, SUNDAY, settings_for


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
        return plain.text(await space.command("mo", "c1", line))

    @staticmethod
    def said(space, channel="c1"):
        return [one for one in space.world.look(channel) if one.author is None and not one.private_to]

    async def link(self, person):
        """What `/my link` does: one member behind both accounts."""

        def join(conn):
            first = conn.execute(
                select(account.c.member_id).where(
                    account.c.space == self.here.space, account.c.person == person
                )
            ).scalar_one()
            theirs = (account.c.space == self.there.space) & (account.c.person == person)
            conn.execute(update(account).where(theirs).values(member_id=first))

        await self.app.store.write(join)


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
    app = build(settings, clock, store, [here, there], decks=read_decks(DECKS), release=release)
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
            conn.execute(select(func.count()).select_from(asked.asking)).scalar_one(),
            conn.execute(select(func.count()).select_from(records.answer)).scalar_one(),
        )
    )
    assert count == (1, 1)
    await spaces.until("2026-10-09 09:00")
    for space in (spaces.here, spaces.there):
        digests = [one for one in spaces.said(space) if one.card.title.startswith("Looking back")]
        assert len(digests) == 1
        assert "One person answered." in plain.text(digests[0].card)


async def test_two_people_of_the_same_name_stay_two_until_they_are_linked(spaces):
    await _begin(spaces)
    await spaces.until("2026-10-05 08:01")
    await spaces.here.say("ada", "c1", "Said at the harbour.", spaces.said(spaces.here)[0].id)
    await spaces.there.say("ada", "c1", "Said on the hill.", spaces.said(spaces.there)[0].id)
    await spaces.until("2026-10-09 09:00")
    digest = spaces.said(spaces.here)[-1]
    assert "2 people answered." in plain.text(digest.card)


async def test_a_linked_member_gets_one_direct_message(spaces):
    await spaces.link("ada")
    await _begin(spaces, "to:dm")
    await spaces.until("2026-10-05 08:30")
    inboxes = [
        spaces.said(space, "dm-ada")
        for space in (spaces.here, spaces.there)
        if "dm-ada" in space.world.channels
    ]
    assert sum(len(one) for one in inboxes) == 1


async def test_the_preview_and_the_queue_name_both_spaces(spaces):
    await _begin(spaces)
    assert "in 2 places" in await spaces.asks(spaces.here, "/prompt list")
    form = await spaces.there.command("mo", "c1", "/prompt place s1 #staffroom remove:yes")
    assert "no longer asks in" in plain.text(form)
    await spaces.until("2026-10-05 08:01")
    assert len(spaces.said(spaces.here)) == 1
    assert spaces.said(spaces.there) == []


async def test_a_group_is_called_only_in_the_space_where_an_admin_allowed_it(spaces):
    from bot.chat.cards import load
    from bot.delivery.outbox import outbox

    await _begin(spaces)
    spaces.here.world.add_person("ida", "Ida Vale", facts=("admin",))
    await spaces.here.command("ida", "c1", "/prompt pings s1 @teachers")
    await spaces.until("2026-10-05 08:01")
    rows = await spaces.app.store.read(
        lambda conn: conn.execute(
            select(outbox.c.space, outbox.c.card).where(outbox.c.kind == "prompt")
        ).all()
    )
    assert {row.space: load(row.card).pings for row in rows} == {
        "local:harbour": "teachers",
        "second:hill": "",
    }
