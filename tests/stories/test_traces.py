"""Nothing of what somebody took back, or never wanted kept, is left: not in a table, not in a byte on the disk."""

from __future__ import annotations

import logging
import os
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.reflections.answers.tables import part
from bot.store.backup import back_up
from bot.store.scrub import next_rewrite
from bot.store.sqlite import sqlite3
from tests.stories.stage import staged
from tests.stories.test_linking import link
from tests.stories.test_moderation import hide
from tests.stories.traces import search_files, search_tables

WORDS = (
    "Zorvex-thread",
    "Zorvex-edited",
    "Zorvex-form",
    "Zorvex-direct",
    "Zorvex-idea",
    "Zorvex-note",
    "Zorvex-long",
    "Zorvex-aside",
    "Zorvex-reply",
    "Zorvex-held",
)
"""What Ada says, wherever the bot lets her say something: each once, so that a find tells where it came from."""
INDEXED = "zorvex"
"""What the index of words holds of them."""
INDEX = {"search_vocabulary.term", "search_text_data.block", "search_text.words"}
"""The index itself, which follows `search_entry` by triggers."""
ELSEWHERE = {"strategy_try.result", "export_piece.data"}
"""Columns whose words come weeks later, or in files of more than a thousand answers: the stories of strategies and of
exports look for what is left there."""
NIGHTLY = bool(os.environ.get("NIGHTLY"))
JOURNALS = ("truncate", "wal")
ENDINGS = ("erased", "opted out", "withdrawn", "outdated")


@asynccontextmanager
async def on_stage(tmp_path, platform, monkeypatch, journal="wal", url=""):
    """A bot whose platform keeps nothing on the bot's disk."""
    if journal == "wal":
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    async with staged(tmp_path, platform, url=url, journal=journal, on_disk=False) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        yield stage


async def says_everything(stage, *, opted_out=False):
    """Ada uses every way there is to tell the bot something; others do as well. The message in the thread."""
    [prompt] = stage.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    if opted_out:
        await stage.asks("ada", "/my settings keep:no")
    message = await stage.says("ada", "Zorvex-thread", thread=prompt)
    await stage.edits("ada", message, "Zorvex-edited")
    await stage.fills_in("ada", form, q0="Zorvex-form", sharing="everyone")
    await stage.writes_to_the_bot("ada", "Zorvex-direct it was, all week.")
    await stage.writes_to_the_bot("ada", "Zorvex-long " * 1000)
    await stage.asks("ada", "/reflect suggest -- Zorvex-idea?")
    await stage.asks("ada", "/course join c2")
    await stage.presses("ada", stage.last("ada"), "Join")
    await stage.asks("ada", "/course done c2.1 -- Zorvex-note")
    await comes_with_another_account(stage, opted_out=opted_out)
    await stage.says("ben", "Ben's own.", thread=prompt)
    await stage.asks("mo", "/prompt review")
    await stage.asks("ida", "/tilth audit")
    await stage.asks("ada", "/my data export")
    await stage.until("2026-10-09 12:00")
    [digest] = stage.digests()
    private = await stage.presses("ada", digest, "Reply to Ben Okafor")
    if not opted_out:
        await stage.fills_in("ada", private, text="Zorvex-reply")
    await stage.writes_to_the_bot("ada", "Zorvex-held")
    table = await stage.asks("mo", "/course import")
    await stage.fills_in("mo", table, lines="person,lesson\nAda Quinn,c2.1\n")
    await stage.settles()
    return message


async def comes_with_another_account(stage, *, opted_out):
    """Ada did the same lesson from another account, and links both."""
    await stage.joins("ada2", "Ada at home")
    if opted_out:
        await stage.asks("ada2", "/my settings keep:no")
    await stage.asks("ada2", "/course join c2")
    await stage.presses("ada2", stage.last("ada2"), "Join")
    await stage.asks("ada2", "/course done c2.1 -- Zorvex-aside")
    await link(stage)


async def plans_a_step(stage):
    """Ada's team has a plan that names her, and asks her on its day."""
    await stage.asks("mo", "/team create Roots")
    await stage.asks("ada", "/team join Roots")
    step = await stage.asks("ada", "/team plan next")
    await stage.fills_in("ada", step, what="Ada Quinn prints it.", owner="ada", day="Oct 8")


async def says_how_it_went(stage):
    """Ada names herself in what she says of the step, and in words that wait for her yes."""
    [question] = [one for one in stage.inbox("ada") if "Ada Quinn prints it." in stage.text(one)]
    said = await stage.presses("ada", question, "Done")
    line = await stage.presses("ada", said, "Add a line")
    await stage.fills_in("ada", line, line="Ada Quinn did.")
    voice = await stage.asks("ada", "/team plan voice")
    await stage.fills_in("ada", voice, said="Ada Quinn asked me first.", students="A student")


async def saves_a_strategy(stage):
    """Ada names herself in every part of a strategy of hers."""
    form = await stage.asks("ada", "/strategy save")
    named = dict.fromkeys(("what", "happened", "whom", "learned"), "Ada Quinn")
    await stage.fills_in("ada", form, **named, tags=INDEXED)


async def ends(stage, how, message):
    """What Ada, or time, does about it."""
    if how == "erased":
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
    elif how == "withdrawn":
        asked = [one for one in stage.inbox("ada") if "save this" in stage.text(one).lower()]
        await stage.presses("ada", asked[-1], "No")
        await stage.asks("ada", "/reflect delete a1")
        await stage.erases("ada", message)
        await stage.later(minutes=11)
    elif how == "outdated":
        stage.clock.advance(timedelta(days=401))
        await stage.app.upkeep.tidy()
    await stage.settles()
    [minutely] = [job for job in stage.app.runner.jobs if job.name == "scrubbing"]
    await minutely.run()


def sought(stage, how):
    """What must not be found afterwards."""
    if how == "erased":
        own = stage.platform.id_of("ada")
        return (*WORDS, INDEXED, "Ada Quinn", "Ada at home", *([own] if len(own) > 5 else []))
    kept = (
        () if how == "opted out" else ("Zorvex-idea", "Zorvex-note", "Zorvex-aside", "Zorvex-reply")
    )  # she took only her answers back
    return tuple(one for one in WORDS if one not in kept)


async def story(stage, how):
    """The whole of it, until the bot is at rest; what must not be found from then on."""
    message = await says_everything(stage, opted_out=how == "opted out")
    await ends(stage, how, message)
    return sought(stage, how)


def matrix():
    """Each ending once for everybody; with both journals at night."""
    usual = [("erased", "truncate"), ("opted out", "wal"), ("withdrawn", "wal"), ("outdated", "truncate")]
    pairs = [(how, journal) for how in ENDINGS for journal in JOURNALS] if NIGHTLY else usual
    return [pytest.param(*pair, id="-".join(pair).replace(" ", "-")) for pair in pairs]


@pytest.mark.only("local", reason="every table is the core's")
async def test_every_column_that_holds_members_words_is_named_by_its_feature(tmp_path, platform, monkeypatch):
    """Whoever adds a copy of them names it, and the searches below go through it."""
    async with on_stage(tmp_path, platform, monkeypatch) as stage:
        await plans_a_step(stage)
        await says_everything(stage)
        await says_how_it_went(stage)
        await saves_a_strategy(stage)
        named = {f"{column.table.name}.{column.name}" for one in stage.app.features for column in one.keeps}
        words = (*WORDS, "Ada Quinn", INDEXED)
        found = {hit.partition(":")[0] for hit in search_tables(stage.app.store, words)}
        assert found - INDEX == named - ELSEWHERE


@pytest.mark.only(
    *(("local", "slack-socket", "discord") if NIGHTLY else ("local",)), reason="the bytes are the core's"
)
@pytest.mark.parametrize(("how", "journal"), matrix())
async def test_no_byte_is_left_while_it_runs_after_it_closed_and_after_a_restart(
    tmp_path, platform, monkeypatch, caplog, how, journal
):
    caplog.set_level(logging.DEBUG)
    async with on_stage(tmp_path, platform, monkeypatch, journal) as stage:
        words = await story(stage, how)
        assert search_tables(stage.app.store, words) == set()
        assert search_files(tmp_path, words) == [], "while it runs"
        back_up(stage.app.store.url, tmp_path / "backup.db")
        assert search_files(tmp_path, words) == [], "in a backup made afterwards"
        await stage.stops()
        assert search_files(tmp_path, words) == [], "after it closed"
        await stage.starts()
        await stage.later(hours=7)
        assert search_files(tmp_path, words) == [], "after a restart and a re-reading of every thread"
        assert search_tables(stage.app.store, words) == set()
        for data in stage.files(await stage.asks("ben", "/my data export")).values():
            assert [one for one in words if one in data.decode()] == []
    assert [one for one in words if one in caplog.text] == []


@pytest.mark.only("local", reason="every table is the core's")
@pytest.mark.parametrize("how", ENDINGS if NIGHTLY else ("erased", "withdrawn"))
async def test_no_row_is_left_on_postgresql(tmp_path, platform, monkeypatch, postgres_url, how):
    async with on_stage(tmp_path, platform, monkeypatch, url=postgres_url) as stage:
        words = await story(stage, how)
        assert search_tables(stage.app.store, words) == set()
        await stage.restarts()
        await stage.later(hours=7)
        assert search_tables(stage.app.store, words) == set()
        assert search_files(tmp_path, words) == []


@pytest.mark.only("local", reason="the bytes are the core's")
async def test_the_log_of_the_database_forgets_at_once(tmp_path, platform, monkeypatch):
    async with on_stage(tmp_path, platform, monkeypatch) as stage:
        taken_back = await stage.says("ada", "Zorvex-thread", thread=stage.prompts()[0])
        assert search_files(tmp_path, WORDS) != []
        await stage.erases("ada", taken_back)
        assert search_files(tmp_path, WORDS) == [], "what was taken back"
        await stage.says("ada", "Zorvex-thread", thread=stage.prompts()[0])
        assert search_files(tmp_path, WORDS) != []
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
        assert [one for one in search_files(tmp_path, sought(stage, "erased")) if INDEXED not in one] == []
        assert await stage.app.store.read(next_rewrite) == stage.clock.now(), (
            "and what is left between rows goes soon"
        )
        await stage.settles()
        assert await stage.app.store.read(next_rewrite) is None
        assert search_files(tmp_path, sought(stage, "erased")) == []
        await stage.says("ben", "Zorvex-edited", thread=stage.prompts()[0])
        stage.clock.advance(timedelta(days=401))
        await stage.app.upkeep.tidy()
        assert search_files(tmp_path, WORDS) == [], "what is too old"


@pytest.mark.only("local", reason="every table is the core's")
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_a_hidden_answer_is_left_in_no_copy_but_its_authors_own(
    tmp_path, platform, monkeypatch, database, request
):
    url = request.getfixturevalue("postgres_url") if database == "postgres" else ""
    async with on_stage(tmp_path, platform, monkeypatch, url=url) as stage:
        await says_everything(stage)
        said = ("Zorvex-form", "Zorvex-direct")
        [digest] = stage.digests()
        assert said[0] in stage.text(digest)
        await hide(stage)
        await ends(stage, "hidden", None)
        [digest] = stage.digests()
        assert not [one for one in said if one in stage.text(digest)]
        columns = {hit.partition(":")[0] for hit in search_tables(stage.app.store, said)}
        assert columns == {f"{part.name}.{part.c.text.name}"}
        for who in ("ben", "mo"):
            for data in stage.files(await stage.asks(who, "/my data export")).values():
                assert not [one for one in said if one in data.decode()]
