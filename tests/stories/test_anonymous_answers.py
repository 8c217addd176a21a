"""Members answer anonymously: what is told them is true, before the prompt closes and from then on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.reflections.anonymous import tables
from bot.reflections.anonymous.keys import FOLDER
from bot.reflections.prompts.files import read_decks
from bot.reflections.schedule import asked_prompts
from tests.stories import stage as stage_module
from tests.stories.stage import DECKS, staged

EVERYBODY = ("ada", "ben", "cleo", "mo", "ida")
SAID = {who: f"Zorvex-{who}: the quiet room." for who in EVERYBODY}


@pytest.fixture
async def unnamed(stage):
    """The first prompt is in the room, and takes anonymous answers."""
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d anonymous:yes")
    await stage.until("2026-10-05 09:00")
    return stage


async def answer(stage, who, text=None):
    """Somebody answers anonymously; their receipt."""
    form = await stage.presses(who, stage.prompts()[-1], "Answer anonymously")
    return await stage.fills_in(who, form, q0=text or SAID[who])


def code_of(stage, receipt):
    return re.search(r"\d+-[a-z2-7]{26}", stage.text(receipt))[0]


async def close(stage):
    await stage.until("2026-10-09 12:00")
    return stage.text(stage.digests()[-1])


async def rows(stage, table):
    return await stage.app.store.read(lambda conn: conn.execute(select(table)).all())


def keys(stage):
    return [one.name for one in (stage.folder / FOLDER).glob("*.key")]


async def test_five_anonymous_answers_are_shown_together_when_the_prompt_closes(unnamed):
    stage = unnamed
    for who in EVERYBODY:
        receipt = await answer(stage, who)
        assert SAID[who] not in stage.text(receipt), "the receipt stays where it is said"
    assert not any("Zorvex" in line for line in await stage.dump()), "nothing can be read before"
    assert stage.is_form(await stage.asks("mo", "/reflect anonymous p1")), "there is nothing to read yet"
    digest = await close(stage)
    assert "5 anonymous answers" in digest
    assert "no answers to show" not in digest
    quoted = [who for who in EVERYBODY if SAID[who] in digest]
    assert len(quoted) == 3
    assert not any(name in digest for name in ("Ada", "Ben", "Cleo", "Quinn", "Okafor", "Marsh"))
    page = stage.text(await stage.presses("ben", stage.digests()[-1], "Read all anonymous answers"))
    assert all(SAID[who] in page for who in EVERYBODY)
    assert "Ada" not in page
    assert keys(stage) == []
    assert await rows(stage, tables.sealed_answer) == await rows(stage, tables.anonymous_ticket) == []


async def test_four_are_too_few_for_anybody_and_are_deleted_unread(unnamed):
    stage = unnamed
    for who in EVERYBODY[:4]:
        await answer(stage, who)
    await stage.until("2026-10-09 12:00")
    assert stage.digests() == [], "there is nothing to show"
    for who in ("mo", "ida", "ada"):
        assert "Fewer than 5" in stage.text(await stage.asks(who, "/reflect anonymous p1"))
    for table in (
        tables.sealed_answer,
        tables.anonymous_ticket,
        tables.anonymous_key,
        tables.anonymous_answer,
    ):
        assert await rows(stage, table) == []
    assert keys(stage) == []


async def test_nobody_learns_from_a_digest_whether_there_was_none_or_were_a_few(unnamed):
    stage = unnamed
    await stage.says("ben", "The bus.", thread=stage.prompts()[0])
    await answer(stage, "ada")
    few = await close(stage)
    await stage.until("2026-10-12 09:00")
    await stage.says("ben", "The bus.", thread=stage.prompts()[-1])
    await stage.until("2026-10-16 12:00")
    none = stage.text(stage.digests()[-1])
    tail = "Fewer than 5 people answered anonymously, so none of these answers are shown to anybody."
    assert tail in few
    assert tail in none


async def test_the_form_says_what_this_platform_cannot_hide_and_who_reads_it(unnamed):
    stage = unnamed
    form = await stage.presses("ada", stage.prompts()[0], "Answer anonymously")
    said = stage.text(form)
    [adapter] = stage.app.adapters.values()
    assert adapter.form_witness in said.replace("\n", " ")
    for promise in (
        "without your name",
        "fewer than 5",
        "deleted unread",
        "could watch",
        "stops no reminder",
    ):
        assert promise in said
    assert "without your name after the prompt closes" in stage.text(stage.prompts()[0])


async def test_each_person_answers_once_and_the_words_come_back(unnamed):
    stage = unnamed
    await answer(stage, "ada")
    again = await answer(stage, "ada", "Zorvex-again: the library.")
    assert "already" in stage.text(again)
    assert "Zorvex-again" in stage.text(again)
    assert len(await rows(stage, tables.sealed_answer)) == 1


async def test_a_receipt_code_changes_and_deletes_until_closing(unnamed):
    stage = unnamed
    codes = {who: code_of(stage, await answer(stage, who)) for who in EVERYBODY}
    found = await stage.asks("ada", f"/reflect receipt {codes['ada']}")
    form = await stage.presses("ada", found, "Change")
    assert stage.value(form, "q0") == SAID["ada"]
    assert "changed" in stage.text(await stage.fills_in("ada", form, q0="Zorvex-new: the garden."))
    found = await stage.asks("ben", f"/reflect receipt {codes['ben']}")
    assert "deleted for good" in stage.text(await stage.presses("ben", found, "Delete"))
    assert "no anonymous answer" in stage.text(await stage.asks("ben", f"/reflect receipt {codes['ben']}"))
    await answer(stage, "ben", "Zorvex-second: the hall.")
    await close(stage)
    page = stage.text(await stage.asks("cleo", "/reflect anonymous p1"))
    assert "Zorvex-new" in page
    assert "Zorvex-second" in page
    assert SAID["ada"] not in page
    assert SAID["ben"] not in page


async def test_after_closing_a_receipt_still_deletes_and_fewer_than_five_are_hidden_with_it(unnamed):
    stage = unnamed
    codes = {who: code_of(stage, await answer(stage, who)) for who in EVERYBODY}
    assert "5 anonymous answers" in await close(stage)
    found = await stage.asks("ada", f"/reflect receipt {codes['ada']}")
    assert "Change" not in found.buttons
    await stage.presses("ada", found, "Delete")
    await stage.settles()
    digest = stage.text(stage.digests()[-1])
    assert "Zorvex" not in digest
    assert "Fewer than 5" in digest
    assert not any(SAID["ada"] in line for line in await stage.dump())


async def test_no_anonymous_answer_is_taken_where_it_is_not_allowed_or_too_late(unnamed):
    stage = unnamed
    [prompt] = stage.prompts()
    late = await stage.presses("ada", prompt, "Answer anonymously")
    await stage.until("2026-10-09 12:00")
    refused = stage.text(await stage.fills_in("ada", late, q0=SAID["ada"]))
    assert "has closed" in refused
    assert SAID["ada"] in refused
    await stage.asks("mo", "/prompt edit s1 anonymous:no")
    await stage.until("2026-10-12 09:00")
    assert "Answer anonymously" not in stage.prompts()[-1].buttons
    assert "takes no anonymous answers" in stage.text(await stage.asks("ada", "/reflect anonymous p2"))


async def test_a_moderator_hides_an_anonymous_answer_and_can_undo_it(unnamed):
    stage = unnamed
    await stage.joins("zoe", "Zoe Lang")
    for who in (*EVERYBODY, "zoe"):
        await answer(stage, who, f"Zorvex-{who}")
    await close(stage)
    page = await stage.asks("mo", "/reflect anonymous p1")
    first = re.search(r"Zorvex-\w+", stage.text(page))[0]
    assert "Hide" not in (await stage.asks("ada", "/reflect anonymous p1")).buttons
    hidden = await stage.presses("mo", page, "Hide")
    assert "nobody knows who that is" in stage.text(hidden)
    await stage.settles()
    assert first not in stage.text(await stage.asks("ada", "/reflect anonymous p1"))
    assert first not in stage.text(stage.digests()[-1])
    audit = stage.text(await stage.asks("ida", "/tilth audit"))
    assert "hid an anonymous answer" in audit
    assert "Zorvex" not in audit
    await stage.presses("mo", hidden, "Undo")
    await stage.settles()
    assert "6 anonymous answers" in stage.text(stage.digests()[-1])


async def test_an_erased_member_may_answer_anew_and_what_was_answered_stays_nobodys(unnamed):
    stage = unnamed
    for who in EVERYBODY:
        await answer(stage, who)
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    assert len(await rows(stage, tables.anonymous_ticket)) == 4
    assert "5 anonymous answers" in await close(stage)
    assert "stands in no list" not in stage.text(await stage.asks("ada", "/reflect history"))


@pytest.mark.only("local", reason="where a key is, is no platform's business")
async def test_a_process_without_the_key_takes_nothing_in_and_waits_for_one_that_has_it(unnamed):
    stage = unnamed
    for who in EVERYBODY[:4]:
        await answer(stage, who)
    [key] = (stage.folder / FOLDER).iterdir()
    away = key.rename(stage.folder / "elsewhere")
    refused = await answer(stage, "ida")
    assert "stored nothing" in stage.text(refused)
    assert len(await rows(stage, tables.sealed_answer)) == 4
    assert not key.exists(), "and no other key is made"
    here = await stage.app.store.read(lambda conn: asked_prompts.find_asked_prompt(conn, 1, int(key.stem)))
    assert not await stage.app.store.write(lambda conn: tables.claim_key(conn, here, "another"))
    away.rename(key)
    await answer(stage, "ida")
    away = key.rename(stage.folder / "elsewhere")
    await stage.until("2026-10-09 09:10")
    assert stage.digests() == [], "another process may have it"
    away.rename(key)
    assert "5 anonymous answers" in await close(stage)


@pytest.mark.only("local", reason="where a key is, is no platform's business")
async def test_answers_whose_key_is_lost_are_deleted_unread(unnamed):
    stage = unnamed
    for who in EVERYBODY:
        await answer(stage, who)
    [key] = (stage.folder / FOLDER).iterdir()
    key.unlink()
    await stage.until("2026-10-09 12:00")
    assert stage.digests() == []
    for table in (
        tables.sealed_answer,
        tables.anonymous_ticket,
        tables.anonymous_key,
        tables.anonymous_answer,
    ):
        assert await rows(stage, table) == []


async def test_a_prompt_in_a_direct_message_is_answered_anonymously_too(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d to:dm anonymous:yes")
    await stage.until("2026-10-05 09:00")
    form = await stage.presses("ada", stage.inbox("ada")[-1], "Answer anonymously")
    receipt = await stage.fills_in("ada", form, q0=SAID["ada"])
    assert "receipt code" in stage.text(receipt)
    assert len(await rows(stage, tables.sealed_answer)) == 1
    assert await stage.answers() == {}


DECK = """
title: Candid
about: Invented prompts.
anonymous: true
files: [all.yaml]
"""
PROMPTS = """
theme: General
prompts:
  - {id: one, title: What nobody says, form: one-moment, level: reporting, question: What?, one_line: A word.}
"""


@pytest.mark.only("local", reason="what a deck says is no platform's business")
async def test_a_deck_allows_anonymous_answers_and_a_schedule_may_say_otherwise(
    tmp_path, platform, monkeypatch
):
    folder = tmp_path / "content" / "reflections" / "candid"
    folder.mkdir(parents=True)
    (folder / "deck.yaml").write_text(DECK)
    (folder / "all.yaml").write_text(PROMPTS)
    monkeypatch.setattr(
        stage_module, "story_decks", lambda: (*read_decks(tmp_path / "content"), *read_decks(DECKS))
    )
    async with staged(tmp_path, platform) as stage:
        for hour, line in ((9, "deck:candid"), (10, "deck:candid anonymous:no"), (11, "deck:weekly")):
            await stage.confirms(f"/prompt schedule #staffroom every mon {hour}:00 closes:4d {line}")
        await stage.until("2026-10-05 12:00")
        offered = [(one.title, "Answer anonymously" in one.buttons) for one in stage.prompts()]
    assert offered == [("What nobody says", True), ("What nobody says", False), ("A door held open", False)]


@pytest.mark.only("local", reason="the rules are the core's")
async def test_an_answer_of_another_community_is_as_good_as_not_there(unnamed):
    stage = unnamed
    code = code_of(stage, await answer(stage, "ada"))
    other = code[:-1] + ("a" if code[-1] != "a" else "b")
    for wrong in (other, f"99{code}", "57-nonsense"):
        assert "Zorvex" not in stage.text(await stage.asks("ben", f"/reflect receipt {wrong}"))
    assert len(await rows(stage, tables.sealed_answer)) == 1


@pytest.mark.only("local", reason="retention is the core's")
async def test_anonymous_answers_go_when_answers_of_their_age_do(unnamed):
    stage = unnamed
    for who in EVERYBODY:
        await answer(stage, who)
    await close(stage)
    assert len(await rows(stage, tables.anonymous_answer)) == 5
    stage.clock.set(stage.clock.now().replace(year=2027, month=12))
    await stage.app.upkeep.tidy()
    assert await rows(stage, tables.anonymous_answer) == []
