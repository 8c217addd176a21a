"""What is due, in a calendar program: by an address that only its owner has, that ends when they wish, and tells nothing candid."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from icalendar import Calendar

from bot.forecast.year import forecast_year, forecasters
from bot.people import tables as people
from bot.settings.web import WebSettings
from tests.stories.stage import staged
from tests.stories.test_courses import join

BASE = "https://tilth.example"
ADDRESS = re.compile(rf"{BASE}(/calendar/[A-Za-z0-9_-]+\.ics)")


@pytest.fixture
async def open_stage(tmp_path, platform):
    """A bot whose operator said how its server is reached from outside."""
    web_settings = WebSettings(public_url=f"{BASE}/")
    async with staged(tmp_path, platform, web=web_settings) as stage:
        yield stage


class Reader:
    """A calendar program."""

    def __init__(self, client):
        self._client = client

    async def get(self, path, **headers):
        return await self._client.get(path, headers=headers)

    async def events(self, path):
        """The events of a feed by their ids."""
        answer = await self.get(path)
        assert answer.status == 200
        assert answer.content_type == "text/calendar"
        whole = Calendar.from_ical(await answer.read())
        return {str(one["uid"]): one for one in whole.walk("VEVENT")}


@pytest.fixture
async def reader(open_stage):
    app = web.Application()
    app.add_routes([route for feature in open_stage.app.features for route in feature.routes])
    async with TestClient(TestServer(app)) as client:
        yield Reader(client)


def path_in(text):
    return ADDRESS.search(text)[1]


async def own(stage, who="ada"):
    """Somebody turns their own feed on; its path."""
    card = await stage.asks(who, "/my calendar")
    return path_in(stage.text(await stage.presses(who, card, "Make the address")))


async def community(stage, line="/tilth feed"):
    """A moderator turns the community's feed on; its path."""
    card = await stage.asks("mo", line)
    return path_in(stage.text(await stage.presses("mo", card, "Make the address")))


def titles(events):
    return sorted(str(one["summary"]) for one in events.values())


def day_of(event):
    starts = event["dtstart"].dt
    return starts.date() if isinstance(starts, datetime) else starts


async def test_what_is_due_is_what_the_forecast_says(open_stage, reader):
    stage = open_stage
    await stage.opens_channel("c2", "hallway")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.confirms(
        '/discuss schedule #hallway every thu 16:00 title:"Hallways" meets:"fri 15:00" lasts:90m'
    )
    await stage.asks("mo", "/tilth calendar add 26 oct to 30 oct -- Mid-term break")
    path = await community(stage)
    now = stage.clock.now()

    def foresee(conn):
        [home] = people.communities(conn)
        return forecast_year(conn, home, now, now + timedelta(weeks=13), forecasters(stage.app.features))

    year = await stage.app.store.read(foresee)
    events = await reader.events(path)
    due = [one for one in events.values() if isinstance(one["dtstart"].dt, datetime)]
    assert sorted(one["dtstart"].dt for one in due) == sorted(row.at for row in year.rows if row.goes_out)
    assert len(due) == 24, "13 Mondays and Thursdays, but for the week away"
    assert all(one["dtstart"].dt.tzinfo is UTC or one["dtstart"].dt.utcoffset() == timedelta() for one in due)
    nine = [one["dtstart"].dt for one in due if one["summary"] == "A question to reflect on"]
    assert nine[0].astimezone(UTC) == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert nine[-1].hour == 9, "in winter Dublin is at UTC"
    [away] = [one for one in events.values() if not isinstance(one["dtstart"].dt, datetime)]
    assert (away["summary"], away["dtstart"].dt, away["dtend"].dt) == (
        "Away: Mid-term break", date(2026, 10, 26), date(2026, 10, 31),
    )  # fmt: skip
    # What was posted is open until it closes; a meeting that was announced is there; ids stay.
    await stage.until("2026-10-08 17:00")
    later = await reader.events(path)
    known = [
        uid
        for uid, one in later.items()
        if uid.startswith(("s1", "d1", "away")) and day_of(one) < date(2027, 1, 1)
    ]
    assert len(known) == 23
    assert set(known) < set(events), "what was foreseen has the same id when it comes nearer"
    assert {"Last chance to answer the question", "Meeting: Hallways"} <= set(titles(later))
    [closes] = [one for one in later.values() if one["summary"] == "Last chance to answer the question"]
    assert closes["dtend"].dt == datetime(2026, 10, 9, 8, tzinfo=UTC)
    [meeting] = [one for one in later.values() if one["summary"] == "Meeting: Hallways"]
    assert (meeting["dtstart"].dt.hour, meeting["dtend"].dt - meeting["dtstart"].dt) == (
        14,
        timedelta(minutes=90),
    )
    # What a moderator skips is gone.
    [coming] = [
        uid for uid, one in later.items() if uid.startswith("d1") and day_of(one) == date(2026, 10, 15)
    ]
    await stage.asks("mo", "/discuss skip d1")
    assert coming not in await reader.events(path)


async def test_a_feed_of_one_channel_has_only_what_comes_there(open_stage, reader):
    stage = open_stage
    await stage.opens_channel("c2", "hallway")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.confirms('/discuss schedule #hallway every thu 16:00 title:"Hallways"')
    path = await community(stage, "/tilth feed #hallway")
    assert set(titles(await reader.events(path))) == {"Discussion: Hallways"}
    assert path != await community(stage), "the whole community has an address of its own"


async def test_no_word_of_a_member_and_no_question_is_in_a_feed(open_stage, reader):
    stage = open_stage
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:00")
    [prompt] = stage.prompts()
    await stage.says("ada", "Only Ada says this about the corridor.", thread=prompt)
    said = await (await reader.get(await community(stage))).text()
    for word in ("corridor", "Ada", "Quinn", prompt.title, "Mo Hale"):
        assert word not in said


async def test_a_members_lessons_come_and_are_due_in_their_own_calendar(open_stage, reader):
    stage = open_stage
    await join(stage, "ada")
    path = await own(stage)
    await stage.until("2026-10-05 10:00")
    events = await reader.events(path)
    assert "Due: Prepare Your Soil" in titles(events)
    assert not any("Ada" in str(one.to_ical()) for one in events.values())
    [due] = [one for one in events.values() if str(one["summary"]).startswith("Due: ")]
    assert due["dtstart"].dt > stage.clock.now()
    await stage.asks("ada", "/course done c1.1 -- We tried it with one class, and wrote down what they said.")
    after = await reader.events(path)
    assert "Due: Prepare Your Soil" not in titles(after)
    assert [one for one in titles(after) if one.startswith("New lesson: ")]
    await stage.asks("ada", "/course pause c1")
    assert await reader.events(path) == {}


async def test_the_same_calendar_is_not_sent_twice(open_stage, reader):
    stage = open_stage
    await join(stage, "ada")
    path = await own(stage)
    first = await reader.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    again = await reader.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    await stage.until("2026-10-05 10:00")
    assert (await reader.get(path, **{"If-None-Match": first.headers["ETag"]})).status == 200


async def seen(reader, path):
    """All that tells one missing feed from another."""
    answer = await reader.get(path)
    kept = {name: value for name, value in answer.headers.items() if name != "Date"}
    return answer.status, kept, await answer.read()


async def test_a_former_address_is_like_one_that_never_was(open_stage, reader):
    stage = open_stage
    never = await seen(reader, "/calendar/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics")
    assert never[0] == 404
    path = await own(stage)
    one, two = [await stage.asks("ada", "/my calendar") for _twice in range(2)]
    new = path_in(stage.text(await stage.presses("ada", one, "Make a new address")))
    assert new != path
    assert await seen(reader, path) == never
    assert path_in(stage.text(await stage.presses("ada", two, "Make a new address"))) == new, (
        "pressed again, it is the same"
    )
    assert (await reader.get(new)).status == 200
    one, two = [await stage.asks("ada", "/my calendar") for _twice in range(2)]
    assert "shows nothing anymore" in stage.text(await stage.presses("ada", one, "Turn it off"))
    await stage.presses("ada", two, "Turn it off")
    assert "paste this address" not in stage.text(await stage.asks("ada", "/my calendar"))
    assert await seen(reader, new) == never
    for forged in (
        new[:-5] + "A.ics",
        "/calendar/x.ics",
        "/calendar/%00.ics",
        "/calendar/é.ics",
        f"/calendar/{'A' * 3000}.ics",
    ):
        assert await seen(reader, forged) == never


@pytest.mark.parametrize("how", ["erases", "leaves"])
async def test_whoever_is_erased_or_leaves_has_no_feed_any_more(open_stage, reader, how):
    stage = open_stage
    await join(stage, "ada")
    path, never = await own(stage), await seen(reader, "/calendar/x.ics")
    assert (await reader.get(path)).status == 200
    if how == "erases":
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
    else:
        await stage.leaves("ada")
    await stage.settles()
    assert await seen(reader, path) == never
    if how == "leaves":
        await stage.joins("ada", "Ada Quinn")
        assert await seen(reader, path) == never, "who comes back makes a new one"
    assert await stage.broken() == []


async def test_a_feed_is_in_a_members_data_without_its_address(open_stage):
    stage = open_stage
    path = await own(stage)
    exported = b"".join(stage.files(await stage.asks("ada", "/my data export")).values())
    assert b"calendar feed" in exported
    assert path.encode() not in exported


async def test_nothing_in_the_database_is_an_address(open_stage):
    stage = open_stage
    path = await own(stage)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert not any(token in line or token[-20:] in line for line in await stage.dump())


async def test_without_a_public_address_it_says_what_is_missing(stage):
    assert "TILTH_WEB__PUBLIC_URL" in stage.text(await stage.asks("ada", "/my calendar"))
    assert "TILTH_WEB__PUBLIC_URL" in stage.text(await stage.asks("mo", "/tilth feed"))
    assert not [
        route for feature in stage.app.features if feature.name == "feeds" for route in feature.routes
    ]


async def test_only_moderators_have_the_communitys_feed(open_stage):
    stage = open_stage
    refused = stage.text(await stage.asks("ada", "/tilth feed"))
    assert "moderator" in refused
    await community(stage)
    assert "calendar feed" in stage.text(await stage.asks("ida", "/tilth audit"))


async def test_feeds_speak_spanish(open_stage, reader):
    stage = open_stage
    await join(stage, "ada")
    await stage.asks("ada", "/my settings language:es")
    card = await stage.asks("ada", "/my calendar")
    path = path_in(stage.text(await stage.presses("ada", card, "Crear la dirección")))
    await stage.until("2026-10-05 10:00")
    assert [one for one in titles(await reader.events(path)) if one.startswith("Para esta fecha: ")]
