"""What a person is owed: seeing what is kept, taking it away, having it erased, and staying erased."""

from __future__ import annotations

import json
import logging
import shutil
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.chat.models import Sharing
from bot.people.tables import member
from bot.reflections.answers import existing_answer, tables
from bot.reflections.schedule import asked_prompts
from bot.store.adapter_state import StoredAdapterState

SECRET = "The third drawer sticks, and everyone knows why."


async def test_the_export_holds_everything_about_one_person_and_nothing_about_others(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    await stage.says("ben", "Ben's own words.", thread=prompt)
    card = await stage.asks("ada", "/my data export")
    both = stage.files(card)
    whole = json.loads(both["tilth-my-data.json"])
    assert whole["answers"][0]["parts"][0]["text"] == SECRET
    assert whole["about you"][0]["name"] == "Ada Quinn"
    for data in both.values():
        assert "Ben" not in data.decode()
    assert SECRET in both["tilth-my-answers.csv"].decode()


async def test_a_cell_that_looks_like_a_formula_does_not_become_one(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "=HYPERLINK(0)", thread=prompt)
    card = await stage.asks("ada", "/my data export")
    assert "'=HYPERLINK(0)" in stage.files(card)["tilth-my-answers.csv"].decode()


async def test_erasing_asks_for_a_typed_word_and_then_leaves_no_byte(monday, tmp_path):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    form = await stage.asks("ada", "/my data delete")
    assert stage.is_form(form)
    wrong = await stage.fills_in("ada", form, word="yes")
    assert stage.errors(wrong)
    assert SECRET in (await stage.answers()).values()
    await stage.fills_in("ada", await stage.amends("ada", wrong), word="delete")
    assert await stage.answers() == {}
    # The playground's own shelf keeps what people wrote, as a platform would; every other table has forgotten.
    dump = await stage.dump()
    assert [line for line in dump if SECRET in line] == []
    assert [line for line in dump if "Ada Quinn" in line] == []


async def test_what_was_said_before_the_erasure_is_not_taken_in_again(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    await stage.later(hours=7)  # the scan comes by and finds the message still standing in the thread
    assert await stage.answers() == {}
    await stage.says("ada", "Here I am again.", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "Here I am again."}


async def test_a_restored_backup_does_not_bring_an_erased_person_back(monday, tmp_path):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    await stage.stops()
    shutil.copy(tmp_path / "tilth.db", tmp_path / "yesterday.db")
    await stage.starts()
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    await stage.stops()
    shutil.copy(tmp_path / "yesterday.db", tmp_path / "tilth.db")
    await stage.starts()
    await stage.settles()
    assert await stage.answers() == {}


async def erases(stage, who):
    """Somebody has everything about them erased."""
    form = await stage.asks(who, "/my data delete")
    await stage.fills_in(who, form, word="DELETE")


async def test_whoever_comes_back_after_erasing_stays_over_every_start(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    await stage.asks("mo", "/team create North")
    await erases(stage, "ada")
    await stage.later(minutes=5)
    await stage.says("ada", "Here I am again.", thread=prompt)
    await stage.asks("ada", "/team join North")
    await stage.asks("ada", "/my settings reminders:off help:bare")
    for _ in range(2):
        await stage.restarts()
        await stage.settles()
    assert await stage.answers() == {"Ada Quinn": "Here I am again."}
    assert "North" in stage.text(await stage.asks("ada", "/team"))
    settings = stage.text(await stage.asks("ada", "/my settings"))
    assert "None" in settings
    assert "No hints" in settings


async def test_what_was_said_before_a_second_erasure_is_not_taken_in_again(monday):
    stage, [prompt] = monday, monday.prompts()
    await erases(stage, "ada")
    await stage.later(minutes=5)
    await stage.says("ada", SECRET, thread=prompt)
    assert await stage.answers() == {"Ada Quinn": SECRET}
    await stage.later(minutes=5)
    await erases(stage, "ada")
    await stage.restarts()
    await stage.later(hours=7)
    assert await stage.answers() == {}


async def test_a_backup_from_after_the_return_keeps_what_came_after_the_erasure(monday, tmp_path):
    stage, [prompt] = monday, monday.prompts()
    await erases(stage, "ada")
    await stage.later(minutes=5)
    await stage.says("ada", "Here I am again.", thread=prompt)
    await stage.asks("ada", "/my settings help:bare")
    await stage.stops()
    shutil.copy(tmp_path / "tilth.db", tmp_path / "yesterday.db")
    await stage.starts()
    await stage.later(hours=1)
    await stage.stops()
    shutil.copy(tmp_path / "yesterday.db", tmp_path / "tilth.db")
    await stage.starts()
    await stage.settles()
    assert await stage.answers() == {"Ada Quinn": "Here I am again."}
    assert "No hints" in stage.text(await stage.asks("ada", "/my settings"))


async def test_an_erased_person_is_a_stranger_until_they_do_something_themselves(monday):
    stage = monday
    await erases(stage, "ada")
    await stage.joins("ada", "Ada Quinn")
    await stage.restarts()
    await stage.settles()
    assert [line for line in await stage.dump() if "Ada Quinn" in line] == []
    await stage.later(minutes=1)
    await stage.asks("ada", "/my settings")
    assert [line for line in await stage.dump() if "Ada Quinn" in line]


async def test_what_was_under_way_when_somebody_was_erased_goes_as_well(monday):
    """A form that was sent a moment before, or another process, knows the member from before the erasure."""
    stage = monday
    await stage.says("ben", "The bell.", thread=stage.prompts()[0])
    await stage.asks("ada", "/my settings")
    await erases(stage, "ada")

    def late(conn):
        [ada] = conn.execute(select(member.c.id).where(member.c.erased_at.is_not(None))).scalars()
        [here] = asked_prompts.list_open_prompts(conn, 1, stage.clock.now())
        answer_id, _ = existing_answer.open_answer(
            conn, here, ada, Sharing.EVERYONE, stage.clock.now(), stage.clock.now()
        )
        tables.store_part(conn, 1, answer_id, "form", "form/0/0", SECRET, None, stage.clock.now(), None)

    await stage.app.store.write(late)
    [again] = [job for job in stage.app.runner.jobs if job.name == "forgetting again"]
    await again.run()
    assert await stage.answers() == {"Ben Okafor": "The bell."}
    assert [line for line in await stage.dump() if SECRET in line] == []
    stage.clock.advance(timedelta(hours=2))
    assert await again.run() == 0


async def test_the_digest_forgets_an_erased_person(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    await stage.until("2026-10-09 12:00")
    assert SECRET in stage.text(stage.digests()[0])
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    await stage.settles()
    assert SECRET not in stage.text(stage.digests()[0])


async def test_the_first_reply_in_a_thread_brings_the_notice_once(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.later(seconds=10)
    assert "You see this once." in stage.text(stage.inbox("ada")[-1])
    seen = len(stage.thread("ada", prompt) + stage.inbox("ada"))
    await stage.says("ada", "And the lift.", thread=prompt)
    await stage.later(seconds=10)
    assert len(stage.thread("ada", prompt) + stage.inbox("ada")) == seen + 1, "only Ada's own message is new"


async def test_no_log_holds_what_people_wrote_even_at_its_loudest(monday, caplog):
    caplog.set_level(logging.DEBUG)
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", SECRET, thread=prompt)
    await stage.edits("ada", message, SECRET + " Still.")
    form = await stage.presses("ben", prompt, "Answer or edit")
    await stage.fills_in("ben", form, q0=SECRET, sharing="everyone")
    await stage.writes_to_the_bot("cleo", SECRET)
    assert SECRET in stage.text(await stage.asks("cleo", f"/reflect answer p9 -- {SECRET}"))
    stage.lose_answer()
    await stage.until("2026-10-09 12:00")
    assert SECRET in stage.text(stage.digests()[0])
    assert SECRET not in caplog.text


async def test_an_answer_is_removed_after_the_days_that_answers_are_kept(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", SECRET, thread=prompt)
    stage.clock.advance(timedelta(days=399))
    await stage.app.upkeep.tidy()
    assert await stage.answers() == {"Ada Quinn": SECRET}
    stage.clock.advance(timedelta(days=2))
    await stage.app.upkeep.tidy()
    assert await stage.answers() == {}
    assert [line for line in await stage.dump() if SECRET in line] == []


@pytest.mark.only("local", reason="what an adapter keeps is kept on the same shelf everywhere")
async def test_erasing_reaches_what_the_adapter_keeps_about_a_person(stage):
    shelf = StoredAdapterState(stage.app.store, "local")
    await shelf.put({"person:ada": {"direct": "dm-ada"}, "person:ben": {"direct": "dm-ben"}, "commands": "x"})
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    assert set(await shelf.load()) == {"person:ben", "commands"}


@pytest.mark.only("slack", "discord", reason="the playground has no tokens")
async def test_no_token_of_a_platform_is_stored(monday):
    stage, room = monday, monday.platform
    await stage.says("ada", "The caretaker.", thread=stage.prompts()[0])
    await stage.asks("ada", "/my settings")
    await stage.restarts()
    tokens = (
        (room.slack.bot_token, room.slack.app_token, room.slack.signing_secret)
        if room.platform == "slack"
        else (room.fake.token,)
    )
    assert all(len(one) > 8 for one in tokens)
    assert [line for line in await stage.dump() if any(one in line for one in tokens)] == []
