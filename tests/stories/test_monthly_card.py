"""Each month a card tells what people tried, if moderators want it, and it never shows what is no longer shared."""

from __future__ import annotations

from bot.settings.model import CommunitySettings
from tests.stories.stage import staged
from tests.stories.test_shared_answers import share
from tests.stories.test_strategies import CALLED, save

DOOR = "I greet each student at the door by name, and the first five minutes are calm."
QUIET = "I moved two seats to the window, for the moderators to know."


async def try_answer(stage, who: str, words: str) -> None:
    """Somebody finds an answer and says that they tried it."""
    await stage.asks(who, f"/find {words}")
    await stage.presses(who, stage.last(who), "Tried it")


async def want(stage, channel: str = "c2") -> str:
    """A moderator wants the card in a channel."""
    form = await stage.presses("mo", await stage.asks("mo", "/strategy monthly"), "Choose a channel")
    return stage.text(await stage.fills_in("mo", form, channel=channel))


async def test_what_was_tried_in_october_is_told_in_november_and_goes_when_it_is_taken_back(monday):
    stage = monday
    await stage.opens_channel("c2", "lounge")
    assert "The card is off." in stage.text(await stage.asks("mo", "/strategy monthly"))
    stage.shut("c2")
    form = await stage.presses("mo", stage.last("mo"), "Choose a channel")
    complaint = await stage.fills_in("mo", form, channel="c2")
    assert any(why in stage.errors(complaint)["channel"] for why in ("is archived", "can’t see"))
    stage.reopen("c2")
    assert "It comes in #lounge." in await want(stage)
    await share(stage, "cleo", "everyone", DOOR)
    await share(stage, "ben", "moderators", QUIET)
    await save(stage, "ada")
    await try_answer(stage, "ben", "door")
    await try_answer(stage, "mo", "seats")
    for who in ("ben", "cleo", "mo"):
        await try_answer(stage, who, "absences")
    await stage.asks("mo", "/prompt pause s1")
    await stage.until("2026-11-02 08:25")
    assert stage.room(channel="c2") == [], "the first of November is a Sunday"
    await stage.until("2026-11-02 08:31")
    await stage.restarts()
    [card] = stage.room(channel="c2")
    told = stage.text(card)
    assert "What people here tried in October" in told
    assert told.index("Same-day call home") < told.index("I greet each student"), "the most tried first"
    assert "Ada Quinn" in told
    assert "People tried it." in told, "no number of so few"
    assert QUIET not in told, "only what everyone may read"
    assert CALLED in stage.text(await stage.presses("ida", card, "Read Same-day call home"))
    assert DOOR in stage.text(await stage.presses("ida", card, "Read what Cleo Marsh wrote"))
    assert "In two weeks" in stage.text(await stage.presses("ida", card, "Tried it"))
    await stage.asks("cleo", "/reflect share a1 me")
    await stage.settles()
    assert DOOR not in stage.text(stage.room(channel="c2")[0])
    assert "Same-day call home" in stage.text(stage.room(channel="c2")[0])
    await stage.asks("ada", "/find absences")
    await stage.presses("ada", stage.last("ada"), "Read it all")
    await stage.presses("ada", stage.last("ada"), "Take it back")
    await stage.settles()
    assert stage.room(channel="c2") == [], "nothing is left on it"
    await stage.until("2026-12-01 09:00")
    assert stage.room(channel="c2") == [], "what Ida tried in November is taken back"
    silent = await stage.asks("mo", "/strategy monthly")
    assert "Nobody tried anything in November, so there was no card." in stage.text(silent)
    off = await stage.presses("mo", silent, "Turn it off")
    assert "The card is off." in stage.text(off)
    assert "changed monthly card" in stage.text(await stage.asks("ida", "/tilth audit"))
    assert await stage.broken() == []


async def test_a_spanish_community_reads_it_in_spanish_and_nothing_of_who_was_erased(tmp_path):
    async with staged(tmp_path, zone="America/Chicago", community=CommunitySettings(language="es")) as stage:
        await stage.until("2026-10-05 09:00")
        await stage.opens_channel("c2", "lounge")
        await stage.asks("mo", "/my settings language:en")
        for who in ("ada", "ben", "cleo"):
            await stage.asks(who, "/my settings language:en")
        await want(stage)
        await save(stage, "ada")
        form = await stage.asks("cleo", "/strategy save")
        await stage.fills_in("cleo", form, what="Roles on cards", happened="Everybody had a part in the lab.")
        await try_answer(stage, "ben", "absences")
        await try_answer(stage, "ben", "roles")
        await stage.until("2026-11-02 08:31")
        [card] = stage.room(channel="c2")
        assert "Lo que se probó aquí en octubre" in stage.text(card)
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
        await stage.settles()
        [card] = stage.room(channel="c2")
        assert "Same-day" not in stage.text(card)
        assert "Roles on cards" in stage.text(card)
        await stage.asks("ben", "/find roles")
        await stage.presses("ben", stage.last("ben"), "I did not try it")
        await stage.settles()
        assert stage.room(channel="c2") == [], "nobody tried anything of it"
        await stage.until("2026-11-10 09:00")
        await try_answer(stage, "ben", "roles")
        stage.shut("c2")
        await stage.until("2026-12-02 09:00")
        assert "The last card could not be posted." in stage.text(await stage.asks("mo", "/strategy monthly"))
        stage.reopen("c2")
        await stage.until("2027-01-05 09:00")
        assert "Nobody tried anything in December" in stage.text(await stage.asks("mo", "/strategy monthly"))
        assert await stage.broken() == []
