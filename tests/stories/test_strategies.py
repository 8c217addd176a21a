"""A strategy's life: saved with its author's consent, tried, asked after once, found months later, and gone when they wish."""

from __future__ import annotations

import pytest

from tests.stories.stage import staged
from tests.stories.test_find import find
from tests.stories.test_shared_answers import share

CALLED = "We called by noon of the first missed day and said that they were missed."


async def save(stage, who: str, **more: str) -> str:
    """Somebody saves what worked for them."""
    form = await stage.asks(who, "/strategy save")
    return stage.text(
        await stage.fills_in(
            who,
            form,
            what="Same-day call home",
            happened=CALLED,
            whom="Ninth grade",
            tags="attendance",
            **more,
        )
    )


async def test_what_is_saved_in_october_and_tried_by_three_is_found_in_march(stage):
    await stage.until("2026-10-05 09:00")
    assert "Everyone in the community can find and read it." in await save(stage, "ada")
    for who in ("ben", "cleo", "mo"):
        assert CALLED in await find(stage, who, "absences")
        assert "In two weeks I ask you once in private" in stage.text(
            await stage.presses(who, stage.last(who), "Tried it")
        )
    await find(stage, "ben", "absences")
    again = stage.text(await stage.presses("ben", stage.last("ben"), "I did not try it"))
    assert "I will not ask you about it." in again
    await find(stage, "ben", "absences")
    await stage.presses("ben", stage.last("ben"), "Tried it")
    assert "Tried it" not in (await find(stage, "ada", "absences")), "one's own words are not tried"
    await stage.until("2026-10-18 12:00")
    assert not [one for one in stage.inbox("ben") if "How did it go?" in stage.text(one)]
    await stage.until("2026-10-23 18:00")
    [asked] = [one for one in stage.inbox("ben") if "How did it go?" in stage.text(one)]
    assert CALLED not in stage.text(asked), "the question has no words of it"
    form = await stage.presses("ben", asked, "Say how it went")
    kept = await stage.fills_in("ben", form, result="Two of my five came back.", share="Yes, share it")
    assert "It stands under the card now" in stage.text(kept)
    [asked] = [one for one in stage.inbox("cleo") if "How did it go?" in stage.text(one)]
    form = await stage.presses("cleo", asked, "Say how it went")
    kept = await stage.fills_in("cleo", form, result="Nothing for the record.", share="No, do not store it")
    assert "I stored nothing of it." in stage.text(kept)
    assert not any("for the record" in line for line in await stage.dump())
    await stage.until("2027-03-08 10:00")
    assert len([one for one in stage.inbox("ben") if "How did it go?" in stage.text(one)]) == 1, "once"
    shown = await find(stage, "ida", "asistencia tag:attendance")
    assert "Same-day call home" in shown
    assert "People tried it." in shown, "no number of so few"
    whole = stage.text(await stage.presses("ida", stage.last("ida"), "Read it all"))
    assert "Two of my five came back." in whole
    assert "Ben Okafor" in whole
    assert "Same-day call home" in stage.text(await stage.asks("ida", "/strategy"))
    await stage.fills_in("ben", await stage.asks("ben", "/my data delete"), word="DELETE")
    assert not any("came back" in line for line in await stage.dump()), "what he said of it is gone"
    await find(stage, "ida", "asistencia tag:attendance")
    left = stage.text(await stage.presses("ida", stage.last("ida"), "Read it all"))
    assert CALLED in left
    assert "Ben Okafor" not in left
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    assert "Nothing found" in await find(stage, "ida", "asistencia")
    assert not any("Same-day" in line for line in await stage.dump() if "strateg" in line)
    assert await stage.broken() == []


async def test_somebody_elses_words_are_shown_when_they_agree_and_gone_when_they_take_it_back(monday):
    await agree_and_take_back(monday)


@pytest.mark.postgres
async def test_they_are_shown_and_gone_on_postgres_too(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await agree_and_take_back(stage)


async def agree_and_take_back(stage) -> None:
    """Mo saves what Ada answered; she agrees, takes it back, brings it back, and Mo takes it out."""
    await share(stage, "ada", "everyone", "I wait five seconds after each question now.")
    form = await stage.asks("mo", "/strategy save a1")
    assert "These are the words of Ada Quinn." in stage.text(form)
    saved = await stage.fills_in("mo", form, what="Five second silence")
    assert "I will ask Ada Quinn first." in stage.text(saved)
    again = stage.text(await stage.asks("mo", "/strategy save a1"))
    assert "This is saved already." in again
    assert "Five second silence" in again, "no form is filled in for nothing"
    assert "Five second silence" not in await find(stage, "ben", "silence")
    assert "Five second silence" not in stage.text(await stage.asks("ben", "/strategy"))
    await stage.until("2026-10-06 12:00")
    [asked] = [one for one in stage.inbox("ada") if "as a strategy?" in stage.text(one)]
    assert "Mo Hale found this worth keeping." in stage.text(asked)
    seen = await stage.presses("ada", asked, "See it")
    assert "Five second silence" in stage.text(seen)
    assert "Take it back" not in stage.text(seen), "what she never agreed to"
    await stage.presses("ada", seen, "Yes, share it")
    assert "Five second silence" in await find(stage, "ben", "silence")
    await find(stage, "ada", "silence")
    await stage.presses("ada", stage.last("ada"), "Read it all")
    await stage.presses("ada", stage.last("ada"), "Take it back")
    assert "Five second silence" not in await find(stage, "ben", "silence")
    await stage.presses("ada", stage.last("ada"), "Undo")
    assert "Five second silence" in await find(stage, "ben", "silence")
    await find(stage, "mo", "silence")
    await stage.presses("mo", stage.last("mo"), "Read it all")
    await stage.presses("mo", stage.last("mo"), "Take it out")
    assert "Five second silence" not in await find(stage, "ben", "silence")
    assert await stage.broken() == []


async def test_a_message_becomes_a_strategy_only_if_its_author_agrees(monday):
    stage = monday
    said = await stage.says("ben", "Roles on cards stopped one person from doing all the work in the lab.")
    form = await stage.uses("cleo", "strategy.write", said)
    assert "These are the words of Ben Okafor." in stage.text(form)
    await stage.fills_in("cleo", form, what="Roles on cards")
    await stage.until("2026-10-06 12:00")
    [asked] = [one for one in stage.inbox("ben") if "as a strategy?" in stage.text(one)]
    assert "Only the person who saved it can read it until you agree." in stage.text(asked)
    declined = stage.text(await stage.presses("ben", asked, "No"))
    assert "Only the person who saved it could read it." in declined
    assert "Nothing found" in await find(stage, "ada", "roles")
    assert not any("Roles on cards" in line for line in await stage.dump() if 'INTO "strategy"' in line)
    own = await stage.uses("ben", "strategy.write", said)
    assert "These are the words" not in stage.text(own)
    await stage.fills_in("ben", own, what="Roles on cards")
    assert "Roles on cards" in await find(stage, "ada", "roles")


async def test_a_message_is_saved_once_however_often_it_is_picked(monday):
    stage = monday
    said = await stage.says("ben", "Roles on cards stopped one person from doing all the work in the lab.")
    other = await stage.says("ben", "Exit slips take me four minutes.")
    form = await stage.uses("cleo", "strategy.write", said)
    assert "I will ask Ben Okafor first." in stage.text(
        await stage.fills_in("cleo", form, what="Roles on cards")
    )
    again = await stage.uses("cleo", "strategy.write", said)
    assert "This is saved already." in stage.text(again)
    assert "Roles on cards" in stage.text(await stage.presses("cleo", again, "See it"))
    unseen = await stage.uses("ada", "strategy.write", said)
    assert "These are the words of Ben Okafor." in stage.text(unseen), "what waits is shown to nobody else"
    refused = stage.text(await stage.fills_in("ada", unseen, what="The cards"))
    assert "its author was asked" in refused
    assert "The cards" in refused, "what was written comes back"
    form = await stage.uses("cleo", "strategy.write", other)
    assert "I will ask Ben Okafor first." in stage.text(await stage.fills_in("cleo", form, what="Exit slips"))
    await stage.until("2026-10-06 12:00")
    assert len([one for one in stage.inbox("ben") if "as a strategy?" in stage.text(one)]) == 2
    assert await stage.broken() == []


async def test_a_moderator_who_tried_what_only_moderators_read_is_asked_how_it_went(monday):
    stage = monday
    await share(stage, "ada", "moderators", "A seat by the door calms the last lesson down.")
    await stage.asks("mo", "/reflect read")
    await stage.presses("mo", stage.last("mo"), "Tried it")
    await stage.until("2026-10-23 18:00")
    assert any("How did it go?" in stage.text(one) for one in stage.inbox("mo"))


async def test_of_an_answer_that_was_taken_back_no_strategy_waits(monday):
    stage = monday
    await share(stage, "ada", "everyone", "I wait five seconds after each question now.")
    await stage.fills_in("mo", await stage.asks("mo", "/strategy save a1"), what="Five second silence")
    saved = stage.last("mo")
    assert "Five second silence" in stage.text(await stage.presses("mo", saved, "See it"))
    await stage.asks("ada", "/reflect share a1 me")
    assert "no longer here" in stage.text(await stage.presses("mo", saved, "See it"))
    await stage.until("2026-10-06 12:00")
    assert not any("as a strategy?" in stage.text(one) for one in stage.inbox("ada"))
    assert not any("Five second silence" in line for line in await stage.dump() if "strategy" in line)


async def test_whoever_said_no_is_not_asked_about_the_same_again_and_can_still_save_it(monday):
    stage = monday
    await share(stage, "ben", "everyone", "Roles on cards stopped one person from doing it all.")
    await stage.fills_in("mo", await stage.asks("mo", "/strategy save a1"), what="Roles on cards")
    await stage.until("2026-10-06 12:00")
    [asked] = [one for one in stage.inbox("ben") if "as a strategy?" in stage.text(one)]
    seen = await stage.presses("ben", asked, "See it")
    await stage.asks("ben", "/my settings keep:no")
    assert "Saving is off for you." in stage.text(await stage.presses("ben", seen, "Yes, share it"))
    await stage.asks("ben", "/my settings keep:yes")
    await stage.presses("ben", seen, "No")
    again = await stage.fills_in("cleo", await stage.asks("cleo", "/strategy save a1"), what="Roles on cards")
    assert "its author was asked" in stage.text(again)
    assert "no longer here" in stage.text(await stage.presses("ben", asked, "See it"))
    assert not any("Roles on cards" in line for line in await stage.dump() if 'INTO "strategy"' in line)
    assert await stage.broken() == []
    own = await stage.fills_in("ben", await stage.asks("ben", "/strategy save a1"), what="Roles on cards")
    assert "Everyone in the community can find and read it." in stage.text(own)
