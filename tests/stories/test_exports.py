"""Exports: what every moderator may read, as files without names, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import timedelta

from bot.exports.maker import ExportMaker
from tests.stories.room import Line
from tests.stories.stage import Stage

LIVE = '=HYPERLINK("http://evil.example";"Click")'


def unzip(stage: Stage, shown) -> dict[str, str]:
    """The files in the one zip file of a card."""
    [data] = stage.files(shown).values()
    return unpack(data)


def unpack(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return {name: whole.read(name).decode("utf-8-sig") for name in whole.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def answered(stage: Stage) -> None:
    """A Monday with answers of every kind of audience, one of which a spreadsheet would run."""
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:05")
    await stage.asks("ada", f"/reflect answer share:everyone -- {LIVE}")
    await stage.asks("ben", "/reflect answer share:moderators -- The bell is early.")
    await stage.asks("cleo", "/reflect answer share:me -- Nobody may read this.")


async def test_a_moderator_exports_what_moderators_may_read_and_gets_it_alone(stage):
    await answered(stage)
    refused = await stage.asks("ada", "/report export format:csv")
    assert "Only a moderator can" in stage.text(refused)
    assert stage.files(refused) == {}
    form = await stage.asks("mo", "/report export")
    wrong = await stage.fills_in("mo", form, prompts="p1 p999", since="soon", lesson="c77")
    assert "There is no prompt p999" in stage.errors(wrong)["prompts"]
    wrong = await stage.fills_in("mo", await stage.amends("mo", wrong), prompts="", since="soon", lesson="")
    assert "can’t read this day" in stage.errors(wrong)["since"]
    shown = await stage.fills_in("mo", await stage.amends("mo", wrong), since="")
    assert "It has 2 answers." in stage.text(shown)
    found = unzip(stage, shown)
    assert set(found) == {
        f"{name}.csv" for name in ("answers", "prompts", "anonymous", "progress", "codebook")
    }
    words = {row["words"]: row for row in rows(found["answers.csv"])}
    assert set(words) == {f"'{LIVE}", "The bell is early."}
    assert words[f"'{LIVE}"]["everyone_may_read"] == "yes"
    assert words["The bell is early."]["everyone_may_read"] == "no"
    assert {row["agreed_to_highlight"] for row in words.values()} == {"no"}, "nobody was asked"
    whole = "".join(found.values())
    assert not any(name in whole for name in ("Ada", "Ben Okafor", "Cleo", "Nobody may read this"))  # fmt: skip
    described = {(row["table"], row["column"]) for row in rows(found["codebook.csv"])}
    assert {("answers", column) for column in rows(found["answers.csv"])[0]} <= described
    again = await stage.asks("mo", "/report export format:json since:2026-10-01 until:2026-10-31")
    listed = json.loads(unzip(stage, again)["answers.json"])
    assert {one["words"] for one in listed} == {LIVE, "The bell is early."}, "in JSON, words are as they were"
    assert {one["person"] for one in listed} == {row["person"] for row in words.values()}
    assert all(re.fullmatch(r"person-[a-z2-7]{12}", one["person"]) for one in listed)
    assert "Mo Hale (moderator) exported answers: csv" in stage.text(await stage.asks("ida", "/tilth audit"))
    none = await stage.asks("mo", "/report export since:2026-10-06")
    assert "No prompt was asked that fits all of this." in stage.text(none)
    assert [line for line in await stage.dump() if "export_piece" in line and "INSERT" in line] == []


def ready(stage: Stage) -> Line:
    """The newest message that says that an export is ready."""
    return [one for one in stage.inbox("mo") if "Your export is ready" in one.text][-1]


async def many(stage: Stage, *, told: bool = False) -> ExportMaker:
    """Answers that take several slices unless they are `told` already; the room that makes exports, with slices of one answer."""
    if not told:
        await answered(stage)
    [handler] = [f for one in stage.app.features if one.name == "exports" for f in one.forms]
    commands = handler.submit.do.__self__
    object.__setattr__(commands, "at_once", 0)
    commands.maker.slice, commands.maker.slices = 1, 1
    return commands.maker


async def test_a_long_export_shows_how_far_it_is_can_be_stopped_and_is_told_when_ready(stage):
    maker = await many(stage)
    going = await stage.fills_in("mo", await stage.asks("mo", "/report export"))
    assert "0 of 2 answers are in it." in stage.text(going)
    assert "0 of 2 answers are in it." in stage.text(await stage.asks("mo", "/report export format:json")), (
        "one at a time"
    )
    await maker.make_some()
    assert "1 of 2 answers are in it." in stage.text(
        await stage.presses("mo", stage.last("mo"), "See how far it is")
    )
    stopped = await stage.presses("mo", stage.last("mo"), "Stop it")
    assert "You stopped this export." in stage.text(stopped)
    await stage.settles()
    assert not any("ready" in one.text for one in stage.inbox("mo"))
    await stage.asks("mo", "/report export format:json")
    await stage.later(minutes=1)
    told = ready(stage)
    assert "It has 2 answers." in told.text
    got = unzip(stage, await stage.presses("mo", told, "Get the file"))["answers.json"]
    assert {one["words"] for one in json.loads(got)} == {LIVE, "The bell is early."}
    await stage.asks("ben", "/reflect share a2 me")
    refused = await stage.presses("mo", told, "Get the file")
    assert "somebody changed what moderators may read" in stage.text(refused)
    assert stage.files(refused) == {}
    assert "There is no file" in stage.text(await stage.presses("mo", told, "Get the file"))
    await stage.asks("mo", "/report export format:json")
    await stage.later(minutes=1)
    told = ready(stage)
    await stage.later(hours=13)
    assert "no longer here" in stage.text(await stage.presses("mo", told, "Get the file"))
    assert await stage.broken() == []


async def test_an_erasure_deletes_the_files_that_may_hold_their_words(stage):
    await many(stage)
    await stage.asks("mo", "/report export format:json")
    await stage.later(minutes=1)
    assert any("INSERT" in line and "export_piece" in line for line in await stage.dump())
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    assert not any("INSERT" in line and "export_piece" in line for line in await stage.dump())
    refused = await stage.presses("mo", ready(stage), "Get the file")
    assert "There is no file" in stage.text(refused)


async def test_an_export_that_was_under_way_when_the_bot_was_killed_is_told_as_ended(stage):
    maker = await many(stage)
    await stage.asks("mo", "/report export format:csv")
    await maker.make_some()
    await stage.restarts()
    await stage.settles()
    assert not any("export" in one.text for one in stage.inbox("mo")), "its process may still be there"
    stage.clock.advance(timedelta(minutes=3))
    await stage.settles()
    ended = "This export ended before it was done. Nothing was sent"
    assert [one for one in stage.inbox("mo") if ended in one.text], "and told when it is not"
    form = await stage.presses("mo", stage.inbox("mo")[-1], "Export again")
    assert "It has 2 answers." in stage.text(await stage.fills_in("mo", form))
