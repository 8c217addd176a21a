"""Whoever finished a course can take it along as an Open Badge, sees first what it says, and nothing else of them is in it."""

from __future__ import annotations

import json

from bot.courses.evidence import credential
from tests.courses.badge_check import check_proof

NOTES = ("Five seconds are long.", "I asked, and then I was quiet.")


async def finish(stage, who):
    await stage.asks(who, "/course join c2")
    await stage.presses(who, stage.last(who), "Join")
    await stage.until("2026-10-05 12:00")
    for lesson, note in enumerate(NOTES, 1):
        await stage.asks(who, f"/course done c2.{lesson} -- {note}")


async def test_a_finished_course_is_a_badge_that_says_what_was_shown_first(stage):
    await stage.asks("ada", "/course join c2")
    await stage.presses("ada", stage.last("ada"), "Join")
    assert "is not finished yet" in stage.text(await stage.asks("ada", "/course badge"))
    await finish(stage, "ben")
    assert "is not finished yet" in stage.text(await stage.asks("ada", "/course badge c2"))
    for lesson, note in enumerate(NOTES, 1):
        await stage.asks("ada", f"/course done c2.{lesson} -- {note}")
    evidence = await stage.fills_in("ada", await stage.asks("ada", "/course evidence c2"))
    form = await stage.presses("ada", evidence, "Get it as an Open Badge")
    said = stage.text(form)
    for told in ("Two good questions", "Monday 5 October 2026", "What else", "no answers, no hours"):
        assert told in said
    assert stage.value(form, "name") == "Ada Quinn"
    shown = await stage.fills_in("ada", form, name="Ada Q.")
    [(name, data)] = stage.files(shown).items()
    assert name == "badge-two-good-questions.json"
    badge = json.loads(data)
    check_proof(badge)
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == "Ada Q."
    assert badge["issuer"]["id"] in stage.text(shown)
    for note in (*NOTES, "Ada Quinn"):
        assert note not in data.decode()


async def test_a_badge_asked_for_twice_is_the_same_badge_and_stored_nowhere(stage):
    await finish(stage, "ada")
    made = []
    for _again in range(2):
        shown = await stage.fills_in(
            "ada", await stage.asks("ada", "/course badge"), name="Ada of the Harbor"
        )
        [data] = stage.files(shown).values()
        made.append(json.loads(data)["id"])
    assert made[0] == made[1]
    await stage.settles()
    assert not [line for line in await stage.dump() if "Ada of the Harbor" in line or made[0] in line]
    assert await stage.broken() == []


async def test_in_spanish_the_badge_is_offered_in_spanish(stage):
    await finish(stage, "ada")
    await stage.asks("ada", "/my settings language:es")
    said = stage.text(await stage.asks("ada", "/course badge"))
    assert "Nada más de ti" in said
    assert "lunes, 5 de octubre de 2026" in said


async def test_where_badges_are_not_set_up_none_is_offered_and_whoever_asks_is_told(stage, monkeypatch):
    monkeypatch.setattr(credential, "find_spec", lambda _name: None)
    await finish(stage, "ada")
    shown = await stage.fills_in("ada", await stage.asks("ada", "/course evidence c2"))
    assert "Open Badge" not in stage.text(shown)
    assert "Open Badges are not set up here" in stage.text(await stage.asks("ada", "/course badge"))
