"""Two people who take a course and both want it are buddies: told by name, changed on request, and seen by nobody else."""

from __future__ import annotations


async def asks_for_a_buddy(stage, who: str):
    offer = await stage.asks(who, "/course buddy c2")
    return stage.plain(await stage.presses(who, offer, "Find me a buddy"))


def told(stage, who: str) -> str:
    """What somebody was told last about a buddy; nothing where they were told nothing."""
    texts = [stage.plain(one) for one in stage.inbox(who)]
    return next((one for one in reversed(texts) if "buddy" in one.lower()), "")


async def test_two_who_both_want_it_are_buddies_and_change_on_request(stage):
    await stage.joins("lupe", "Lupe Vega")
    for who in ("ada", "ben", "cleo", "lupe"):
        await stage.asks(who, "/course join c2")
        await stage.presses(who, stage.last(who), "Join")
    await stage.asks("lupe", "/my settings language:es")
    await stage.until("2026-10-05 12:00")
    assert "I have found nobody for you" in await asks_for_a_buddy(stage, "ada")
    assert "Ada Quinn is your buddy" in await asks_for_a_buddy(stage, "ben")
    await stage.later(minutes=5)
    assert "Ben Okafor is your buddy" in told(stage, "ada")
    # Cleo waits. Ada asks for somebody else, and is paired with her; Ben waits, and is told without a name.
    assert "I have found nobody for you" in await asks_for_a_buddy(stage, "cleo")
    changed = stage.text(
        await stage.presses("ada", await stage.asks("ada", "/course buddy"), "Ask for somebody else")
    )
    assert "Cleo Marsh is your buddy" in changed.replace("*", "")
    await stage.later(minutes=5)
    assert "You have no buddy in Two good questions right now." in told(stage, "ben")
    assert "Ada" not in told(stage, "ben")
    assert "Ada Quinn is your buddy" in told(stage, "cleo")
    # Lupe is told in Spanish who hers is.
    await stage.presses("lupe", await stage.asks("lupe", "/course buddy c2"), "Búscame a alguien")
    await stage.later(minutes=5)
    assert "Ben Okafor" in stage.text(stage.last("lupe"))
    assert "Lupe Vega is your buddy" in told(stage, "ben")
    # Whoever leaves the course, or is erased, is nobody's buddy any more.
    await stage.asks("ada", "/course leave c2")
    await stage.later(minutes=5)
    assert "You have no buddy" in told(stage, "cleo")
    await stage.fills_in("ben", await stage.asks("ben", "/my data delete"), word="DELETE")
    await stage.later(minutes=5)
    assert "Cleo Marsh" in stage.text(stage.inbox("lupe")[-1]), "the two who were left alone have each other"
    # Whoever finishes keeps their buddy; when that ends, nobody promises them a search.
    for lesson in ("c2.1", "c2.2"):
        await stage.asks("lupe", f"/course done {lesson} Pregunté en clase y escuché.")
    # Moderators see no pairs, and whoever stops is not looked for.
    assert "You have not joined" in stage.text(await stage.asks("mo", "/course buddy c2"))
    stopped = await stage.presses("cleo", await stage.asks("cleo", "/course buddy"), "No buddy anymore")
    assert "I am not looking for one" in stage.text(stopped)
    await stage.later(minutes=5)
    assert "Terminaste el curso, así que no busco" in stage.text(stage.inbox("lupe")[-1])
    offered = await stage.asks("lupe", "/course buddy c2")
    assert "Terminaste" in stage.text(offered)
    assert "Búscame a alguien" not in offered.buttons
    assert await stage.broken() == []
    assert sum(line.startswith('INSERT INTO "buddy"') for line in await stage.dump()) == 0
