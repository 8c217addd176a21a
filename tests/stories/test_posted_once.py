"""What a platform took although its answer was lost is there once: whatever the clock, the kind of post, or a restart."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.chat.cards import File, Markdown, load_card, say
from bot.delivery import outbox
from bot.delivery.tables import COLUMNS, rows
from tests.delivery.rig import Killed, dies_at
from tests.stories.stage import staged

PROMPT = "/prompt schedule #{} every mon 09:00 closes:4d"
MEETING = (
    '/discuss schedule #staffroom "thu 16:00" title:"Book club {n}" repeat:weekly closes:6d'
    ' meets:"fri 15:00" lasts:90m where:"Library" -- Chapter one.'
)
EVENTS = "POST /guilds/{}/scheduled-events"


async def _plan(stage, line, who="mo"):
    await stage.confirms(line, who=who)


def _monday(ahead: timedelta) -> str:
    """The first Monday morning by the bot's own clock."""
    return "2026-10-12 09:00" if ahead > timedelta(days=1) else "2026-10-05 09:00"


@pytest.mark.parametrize("minutes", [10, -10, 3 * 24 * 60])
async def test_a_prompt_whose_answer_was_lost_is_there_once_whatever_this_machines_clock_says(
    tmp_path, platform, minutes
):
    ahead = timedelta(minutes=minutes)
    async with staged(tmp_path, platform, ahead=ahead) as stage:
        await _plan(stage, PROMPT.format("staffroom"))
        stage.lose_answer()
        await stage.until(_monday(ahead))
        await stage.later(minutes=30)
        assert len(stage.prompts()) == 1
        [row] = await stage.app.store.read(lambda conn: posted_rows(conn))
        assert (row.state, row.external_id) == ("sent", stage.prompts()[0].id)


@pytest.mark.only("discord", reason="the only one with forums")
@pytest.mark.parametrize("minutes", [10, -10, 3 * 24 * 60])
async def test_a_forum_post_whose_answer_was_lost_is_there_once_whatever_this_machines_clock_says(
    tmp_path, platform, minutes
):
    ahead = timedelta(minutes=minutes)
    async with staged(tmp_path, platform, ahead=ahead) as stage:
        await stage.opens_channel("c3", "ideas", forum=True)
        await _plan(stage, PROMPT.format("ideas"))
        stage.lose_answer()
        await stage.until(_monday(ahead))
        await stage.later(minutes=30)
        assert len(stage.room(channel="c3")) == 1


def posted_rows(conn):
    c = outbox.outbox.c
    return conn.execute(select(c.state, c.external_id, c.attempt).where(c.kind == "prompt")).all()


# ── a library that repeats calls ──────────────────────────────────────────────


@pytest.mark.only("discord", reason="the only one with forums")
@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_a_forum_post_that_was_answered_with_an_error_is_there_once(stage, status):
    await stage.opens_channel("c3", "ideas", forum=True)
    await _plan(stage, PROMPT.format("ideas"))
    stage.platform.answer_with(status, "POST /channels/{}/threads")
    await stage.until("2026-10-05 09:00")
    await stage.later(minutes=30)
    [post] = stage.room(channel="c3")
    await stage.says("ada", "Heard.", thread=post)
    assert await stage.answers() == {"Ada Quinn": "Heard."}


@pytest.mark.only("discord", reason="the only one with a list of events")
@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_a_meeting_whose_listing_was_answered_with_an_error_is_listed_once_and_known(stage, status):
    await _plan(stage, MEETING)
    stage.platform.answer_with(status, EVENTS)
    await stage.until("2026-10-08 16:10")
    assert len(stage.platform.gatherings()) == 1
    await stage.asks("mo", "/discuss cancel d1")
    await stage.later(minutes=10)
    assert stage.platform.gatherings() == []


@pytest.mark.only("discord", reason="the only one with a list of events")
async def test_a_meeting_that_is_called_off_before_anybody_knows_that_it_is_listed_leaves_the_list(stage):
    await _plan(stage, MEETING)
    stage.platform.answer_with(502, EVENTS)
    await stage.until("2026-10-08 16:00")
    await stage.settles()
    assert len(stage.platform.gatherings()) == 1
    await stage.asks("mo", "/discuss cancel d1")
    await stage.later(minutes=10)
    assert stage.platform.gatherings() == []


@pytest.mark.only("discord", reason="elsewhere a thread needs no call")
async def test_a_thread_whose_opening_was_answered_with_an_error_is_asked_for_again_by_us_alone(stage):
    await _plan(stage, PROMPT.format("staffroom"))
    route = "POST /channels/{}/messages/{}/threads"
    stage.platform.answer_with(502, route)
    await stage.until("2026-10-05 09:00")
    await stage.settles()
    assert len(stage.platform.fake.calls_to(route)) == 1
    await stage.later(minutes=10)
    await stage.says("ada", "Heard.", thread=stage.prompts()[0])
    assert await stage.answers() == {"Ada Quinn": "Heard."}


# ── a definite no ─────────────────────────────────────────────────────────────


async def test_what_was_refused_is_tried_again_after_a_long_stop_and_holds_up_nothing(stage):
    await _plan(stage, PROMPT.format("staffroom"))
    stage.shut()
    await stage.until("2026-10-05 09:05")
    assert stage.prompts() == []
    await stage.stops()
    stage.clock.advance(timedelta(minutes=40))
    stage.reopen()
    await stage.starts()
    stage.hide_history()
    await stage.later(minutes=10)
    assert len(stage.prompts()) == 1
    assert not [one for one in stage.inbox("mo") if "did not say" in one.text]


async def test_a_refused_discussion_is_tried_again_after_a_long_stop_too(stage):
    await _plan(stage, MEETING)
    stage.shut()
    await stage.until("2026-10-08 16:05")
    await stage.stops()
    stage.clock.advance(timedelta(minutes=40))
    stage.reopen()
    await stage.starts()
    stage.hide_history()
    await stage.later(minutes=10)
    assert len(stage.room()) == 1


# ── a restore ─────────────────────────────────────────────────────────────────


@pytest.mark.only(
    "slack-socket", "discord", reason="the playground keeps its world in the database that is restored"
)
async def test_what_was_posted_after_the_backup_is_not_posted_again_by_the_restored_database(stage):
    """A minute after it was due it is not late: only that the database is another one makes the bot look first."""
    await _plan(stage, PROMPT.format("staffroom"))
    await stage.stops()
    database, copy = stage.folder / "tilth.db", stage.folder / "copy.db"
    shutil.copyfile(database, copy)
    await stage.starts()
    await stage.until("2026-10-05 09:00")
    [prompt] = stage.prompts()
    await stage.stops()
    for rest in stage.folder.glob("tilth.db*"):
        rest.unlink()
    shutil.copyfile(copy, database)
    stage.clock.advance(timedelta(minutes=1))
    await stage.starts()
    await stage.settles()
    [row] = await stage.app.store.read(lambda conn: posted_rows(conn))
    assert (row.state, row.external_id, row.attempt) == ("sent", prompt.id, 0)
    await stage.later(minutes=20)
    assert [one.id for one in stage.prompts()] == [prompt.id]


# ── a copy, and what people wrote under it ────────────────────────────────────


async def _doubled(stage):
    """A prompt that stands there twice, since a call that seemed lost landed minutes later; the original, the copy."""
    await _plan(stage, PROMPT.format("staffroom"))
    stage.break_before()
    await stage.until("2026-10-05 09:00")
    [row] = await stage.app.store.read(
        lambda conn: rows(conn, select(*COLUMNS).where(outbox.outbox.c.kind == "prompt"))
    )
    await stage.later(minutes=8)
    assert len(stage.prompts()) == 1
    await stage.platform.adapter.post(stage.place(), load_card(row.card), row.marker)
    await stage.platform.settle()
    both = stage.prompts()
    assert len(both) == 2
    return both


async def test_what_people_answered_under_a_copy_is_kept_when_the_copy_goes(stage):
    first, copy = await _doubled(stage)
    await stage.says("ada", "Under the first.", thread=first)
    mine = await stage.says("ben", "Under the copy.", thread=copy)
    await stage.later(minutes=15)
    assert [one.id for one in stage.prompts()] == [first.id]
    assert await stage.answers() == {"Ada Quinn": "Under the first.", "Ben Okafor": "Under the copy."}
    thread = stage.thread("ben", copy)
    assert [one.text for one in thread if "posted twice by mistake" in one.text]
    assert [one.text for one in thread if one.author == "ben"] == ["Under the copy."]
    await stage.edits("ben", mine, "Under the copy, but better.")
    await stage.restarts()
    await stage.later(hours=13)
    assert await stage.answers() == {
        "Ada Quinn": "Under the first.",
        "Ben Okafor": "Under the copy, but better.",
    }


async def test_where_somebody_has_removed_the_first_by_hand_the_copy_stays_and_is_answered(stage):
    first, copy = await _doubled(stage)
    await stage.platform.adapter.delete(stage.place(), first.id)
    await stage.later(minutes=15)
    assert [one.id for one in stage.prompts()] == [copy.id]
    await stage.says("ada", "Under the copy.", thread=copy)
    assert await stage.answers() == {"Ada Quinn": "Under the copy."}


async def test_a_copy_under_which_nobody_wrote_goes_without_a_trace(stage):
    first, _ = await _doubled(stage)
    await stage.later(minutes=15)
    assert [one.id for one in stage.prompts()] == [first.id]
    await stage.says("ada", "Under the first.", thread=first)
    assert await stage.answers() == {"Ada Quinn": "Under the first."}


# ── several messages that are one card ────────────────────────────────────────


@pytest.mark.only("slack-socket", reason="elsewhere a card is one message, and its files are part of it")
@pytest.mark.parametrize("point", ["called", "finished"])
async def test_every_page_and_file_of_a_long_card_is_there_once_though_the_bot_is_killed_after_each(
    stage, point
):
    words = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(60))
    card = say("Looking back", Markdown(words), File("notes.txt", b"two words", "Notes"))
    where = stage.place()
    draft = outbox.Draft(
        community_id=1, space=where.space, key="long", kind="note", channel=where.channel, card=card
    )
    await stage.app.store.write(lambda conn: outbox.queue_draft(conn, draft, stage.clock.now()))
    killed = 0
    for _ in range(40):
        stage.app.sender._at = dies_at(point)
        try:
            await stage.later(minutes=1)
        except Killed:
            killed += 1
            for one in stage.platform.adapter.workspaces:
                await one._background.finish(0)
            await stage.restarts()
    [root] = [one for one in stage.room() if "Paragraph 0." in one.text]
    thread = stage.thread(None, root)
    shown = "\n".join(one.text for one in thread)
    assert [shown.count(f"Paragraph {number}.") for number in range(60)] == [1] * 60
    assert [name for one in thread[1:] for name in one.files] == ["notes.txt"]
    later = [shown.index(f"Paragraph {number}.") for number in range(60)]
    assert later == sorted(later)
    assert killed > 3, "it was killed after each of its pages and its file"
