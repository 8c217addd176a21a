"""Two teams see each other's totals once the people who lead both have agreed, and never anybody's own progress."""

from __future__ import annotations

NORTH, SOUTH = ("ada", "ben", "n1", "n2", "n3"), ("cleo", "s1", "s2", "s3", "s4")
TOTAL = "5 of 10 lessons done"


async def test_teams_compare_totals_if_the_leads_of_both_say_so(stage):
    for team, people in (("North", NORTH), ("South", SOUTH)):
        await stage.asks("mo", f"/team create {team}")
        for who in people:
            if who not in ("ada", "ben", "cleo"):
                await stage.joins(who, f"Person {who.title()}")
            await stage.asks(who, f"/team join {team}")
        await stage.asks("mo", f"/course enroll c2 team:{team}")
    await stage.asks("mo", "/team lead @Ada Quinn North")
    await stage.asks("mo", "/team lead @Cleo Marsh South")
    await stage.until("2026-10-05 12:00")
    for who in (*NORTH, *SOUTH):
        await stage.asks(who, "/course done c2.1 -- I counted to five, and a second thought came.")
    await stage.until("2026-10-12 10:00")
    assert "Together they had finished 5 of 10" in stage.text(await stage.asks("ben", "/team progress North"))
    # Nobody else sees the total, until the leads of both have said so.
    closed = stage.text(await stage.asks("ben", "/team progress South"))
    assert "Together" not in closed
    assert "A team’s total is for its own people" in closed
    assert "do not compare totals" in stage.text(await stage.asks("ben", "/team compare South"))
    asked = await stage.presses("ada", await stage.asks("ada", "/team compare South"), "Ask them")
    assert "I asked the people who lead South" in stage.plain(asked)
    await stage.later(minutes=1)
    offer = stage.inbox("cleo")[-1]
    assert "Nobody is named" in stage.text(offer)
    assert TOTAL not in stage.text(await stage.asks("ada", "/team compare South"))
    both = stage.text(await stage.presses("cleo", offer, "Agree"))
    assert both.count(TOTAL) == 2
    await stage.later(minutes=1)
    assert "South agreed" in stage.plain(stage.inbox("ada")[-1])
    # Now everybody in both teams sees both totals, and no name.
    seen = stage.text(await stage.asks("ben", "/team compare South"))
    assert seen.count(TOTAL) == 2
    assert "Cleo" not in seen
    assert "Together they had finished 5 of 10" in stage.text(await stage.asks("ben", "/team progress South"))
    # A lead of either ends it.
    await stage.presses("ada", await stage.asks("ada", "/team compare South"), "Stop comparing")
    assert "do not compare totals" in stage.text(await stage.asks("s1", "/team compare North"))
    assert "Together" not in stage.text(await stage.asks("ben", "/team progress South"))
    # Who asked names nobody, so the others hear of it also when whoever pressed is erased.
    await stage.later(minutes=1)
    await stage.presses("cleo", await stage.asks("cleo", "/team compare North"), "Ask them")
    await stage.fills_in("cleo", await stage.asks("cleo", "/my data delete"), word="DELETE")
    await stage.later(minutes=1)
    offer = stage.plain(stage.inbox("ada")[-1])
    assert "South asks to compare totals with North" in offer
    assert "Cleo" not in offer
    assert await stage.broken() == []
