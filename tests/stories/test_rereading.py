"""What is found later: answers from before a restore, what is refused too late, and a morning without the bot."""

from __future__ import annotations

import asyncio
import math
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.capture import tables as capture
from bot.chat.models import Place
from bot.job_runner import JobRunner

TOO_LONG = "9,000 characters. I can save up to 8,000"


@pytest.mark.only(
    "slack-socket", "discord", reason="the playground keeps its world in the database that is restored"
)
async def test_answers_from_before_a_restore_are_read_again(stage):
    await stage.writes_to_the_bot("ben", "Hello.")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    database, copy = stage.folder / "tilth.db", stage.folder / "copy.db"
    await stage.stops()
    shutil.copyfile(database, copy)
    await stage.starts()
    await stage.until("2026-10-05 09:05")
    await stage.says("ada", "Before it was restored.", thread=stage.prompts()[0])
    await stage.writes_to_the_bot("ben", "The side gate stood open before it, too.")
    await stage.until("2026-10-05 11:00")
    await stage.stops()
    for rest in stage.folder.glob("tilth.db*"):
        rest.unlink()
    shutil.copyfile(copy, database)
    await stage.starts()
    await stage.later(minutes=10)
    assert len(stage.prompts()) == 1
    assert (await stage.answers())["Ada Quinn"] == "Before it was restored."
    await stage.later(hours=2)
    assert await stage.answers() == {
        "Ada Quinn": "Before it was restored.",
        "Ben Okafor": "The side gate stood open before it, too.",
    }


@pytest.mark.only("slack-socket", reason="Slack's own time is what a machine's clock is held against")
async def test_an_answer_counts_whatever_this_machine_takes_for_the_time(monday):
    stage, [prompt] = monday, monday.prompts()
    place = stage.platform.slack.world.channels[stage.place().channel]
    early = await stage.platform.slack.post(
        stage.platform.id_of("ada"), place.id, "At once.", thread_ts=prompt.id,
        at=stage.clock.now() - timedelta(minutes=5),
    )  # fmt: skip
    assert early.ts
    await stage.restarts()
    await stage.settles()
    assert await stage.answers() == {"Ada Quinn": "At once."}


def _told(stage, who, words):
    return [one.id for one in stage.inbox(who) if words in stage.text(one)]


async def test_what_is_refused_when_it_is_found_is_told_its_author_once(monday):
    stage, [prompt] = monday, monday.prompts()
    stage.deafen()
    await stage.says("ada", "x" * 9000, thread=prompt)
    await stage.says("cleo", "The lift.", thread=prompt)
    stage.deafen(False)
    await stage.later(hours=7)
    [told] = _told(stage, "ada", TOO_LONG)
    assert len(_told(stage, "cleo", "Welcome to Tilth")) == 1, "and what a first answer means"
    await stage.restarts()
    await stage.later(hours=30)
    assert _told(stage, "ada", TOO_LONG) == [told]
    assert len(_told(stage, "cleo", "Welcome to Tilth")) == 1


async def test_what_was_refused_at_once_is_not_told_again(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "x" * 9000, thread=prompt)
    await stage.restarts()
    await stage.later(hours=13)
    rows = await stage.app.store.read(lambda conn: conn.execute(capture.heard.select()).all())
    assert len(rows) == 1
    assert sum(TOO_LONG in stage.text(one) for one in stage.thread("ada", prompt) + stage.inbox("ada")) == 1


async def test_who_wants_nothing_stored_is_told_so_once(monday):
    stage = monday
    await stage.writes_to_the_bot("ben", "The bus.")
    await stage.asks("ben", "/my settings keep:no")
    await stage.writes_to_the_bot("ben", "The bus again.")
    await stage.restarts()
    await stage.later(hours=7)
    assert len(_told(stage, "ben", "Saving is off for you")) == 1


async def test_after_a_morning_without_the_bot_the_rows_equal_the_channel(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-12 09:00")
    old, prompt = stage.prompts()
    people = {f"p{number}": f"Person {number}" for number in range(8)}
    for id, name in people.items():
        await stage.joins(id, name)
    said = {id: await stage.says(id, f"{name} at first.", thread=prompt) for id, name in people.items()}
    await stage.until("2026-10-15 10:00")
    stage.deafen()
    expected = {name: f"{name} at first." for name in people.values()}
    for id in ("p0", "p1", "p2"):
        await stage.edits(id, said[id], f"{people[id]} on second thought.")
        expected[people[id]] = f"{people[id]} on second thought."
    for id in ("p3", "p4"):
        await stage.erases(id, said[id])
        del expected[people[id]]
    for who, name in (("ada", "Ada Quinn"), ("ben", "Ben Okafor")):
        await stage.says(who, "To the one of last week.", thread=old)
        expected[name] = "To the one of last week."
    await stage.says("cleo", "x" * 9000, thread=prompt)
    await stage.later(hours=2)
    stage.deafen(False)
    await stage.restarts()
    await stage.later(minutes=5)
    found = await stage.answers()
    assert {name: found[name] for name in expected} == expected, (
        "within five minutes; two are still missed once"
    )
    assert len(_told(stage, "cleo", TOO_LONG)) == 1
    await stage.later(minutes=15)
    assert await stage.answers() == expected


# ── what a platform bears ─────────────────────────────────────────────────────

THREADS = 750


def _watch(conn: Connection, stage, roots) -> None:
    until = stage.clock.now() + timedelta(days=11)
    for number, root in enumerate(roots):
        place = Place(stage.space, stage.place().channel, root)
        capture.watch_place(conn, 1, place, "prompt", 1000 + number, until, stage.clock.now())


@pytest.mark.only("slack-socket", reason="Slack's limits: 50 readings a minute")
async def test_hundreds_of_threads_are_read_without_a_refusal(stage):
    slack, channel = stage.platform.slack, stage.place().channel
    ada, start = stage.platform.id_of("ada"), stage.clock.now()
    at = start - timedelta(hours=1)
    roots = [(await slack.post(ada, channel, "Here.", at=at)).ts for _ in range(THREADS)]
    await stage.app.store.write(lambda conn: _watch(conn, stage, roots))
    for method in ("conversations.replies", "conversations.history"):
        slack.limit(method, per_minute=50, burst=10, key=None)
    runner = stage.app.runner
    scanning = JobRunner(
        runner.store, runner.clock, tuple(one for one in runner.jobs if one.name == "scanning")
    )
    calls = []
    while len({one.args["ts"] for one in calls}) < THREADS and stage.clock.now() - start < timedelta(
        minutes=25
    ):
        async with asyncio.timeout(60):
            await scanning.settle()
        stage.clock.advance(timedelta(seconds=5))
        calls = slack.calls("conversations.replies")
    assert {one.args["ts"] for one in calls} == set(roots)
    assert [one.status for one in calls if one.status != 200] == []
    assert stage.clock.now() - start < timedelta(minutes=20), "a round over all of them"


@pytest.mark.only("slack-socket", reason="pages, plans and permissions are Slack's")
@pytest.mark.parametrize("trouble", ["plan", "permission", "page"])
async def test_what_slack_does_not_show_is_not_deleted_however_often_it_is_read(monday, trouble):
    stage, [prompt] = monday, monday.prompts()
    slack, channel = stage.platform.slack, stage.place().channel
    await stage.says("ada", "Still here.", thread=prompt)
    await stage.writes_to_the_bot("cleo", "The side gate stands open here, too.")
    await stage.later(minutes=1)
    match trouble:
        case "plan":
            slack.hide_before = stage.clock.now()
        case "permission":
            stage.hide_history()
        case "page":
            # Older than the answer, and so many that it stands on the second page.
            ben, at = stage.platform.id_of("ben"), stage.clock.now() - timedelta(seconds=90)
            for number in range(200):
                await slack.post(
                    ben, channel, f"@mo {number}", thread_ts=prompt.id, at=at + timedelta(milliseconds=number)
                )
            slack.fail(
                "conversations.replies",
                status=503,
                times=math.inf,
                when=lambda args: bool(args.text("cursor")),
            )
    for _ in range(3):
        await stage.restarts()
        await stage.later(hours=1)
    rows = await stage.app.store.read(lambda conn: conn.execute(capture.heard.select()).all())
    assert [row.message for row in rows if row.deleted_at is not None] == []
    found = await stage.answers()
    assert (found["Ada Quinn"], found["Cleo Marsh"]) == (
        "Still here.",
        "The side gate stands open here, too.",
    )
