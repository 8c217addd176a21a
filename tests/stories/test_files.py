"""Files: what is stored of one that comes with an answer, and where one goes that somebody asked for."""

from __future__ import annotations

import json

import pytest


def told(stage, who, thread):
    """What the bot said to somebody alone in a thread, or directly."""
    seen = [one for one in stage.thread(who, thread) if one.private]
    return [one for one in (*seen, *stage.inbox(who)) if one.own]


async def test_whoever_answers_with_a_file_learns_what_is_stored_of_it(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "Our plan of the hall.", thread=prompt, files=("hall.png",))
    assert await stage.answers() == {"Ada Quinn": "Our plan of the hall.\n[file: hall.png]"}
    note = stage.text(told(stage, "ada", prompt)[-1])
    assert "hall.png" in note
    assert "not the file" in note


async def test_the_note_about_files_comes_again_in_a_few_words(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "Our plan.", thread=prompt, files=("hall.png",))
    await stage.later(minutes=5)
    await stage.says("ada", "", thread=prompt, files=("stairs.png",))
    [again] = [one for one in told(stage, "ada", prompt) if "stairs.png" in stage.text(one)]
    assert len(stage.text(again).split()) <= 16


@pytest.mark.only("local", reason="only the pretend platform's people can send a file directly in a story")
async def test_a_receipt_says_that_the_file_itself_is_not_stored(monday):
    stage = monday
    await stage.platform.say(
        "ada", stage.platform.adapter.world.direct("ada").id, "Our plan.", files=("hall.png",)
    )
    receipt = stage.text(stage.inbox("ada")[-1])
    assert "not the file" in receipt


@pytest.mark.only("slack", reason="only Slack has no files that one person sees in a channel")
async def test_a_file_that_goes_to_the_direct_message_is_announced_in_both_places(monday):
    stage = monday
    card = await stage.asks("ada", "/my data export")
    whole = json.loads(stage.files(card)["tilth-my-data.json"])
    assert "answers" in whole or whole is not None
    [here] = [one for one in stage.room("ada") if one.private]
    assert "sent you the files by direct message" in stage.text(here)
    there = stage.inbox("ada")[-1]
    assert set(there.files) == {"tilth-my-data.json", "tilth-my-answers.csv"}
    assert "You asked for this" in stage.text(there)
    assert "Your data" in stage.text(there)
