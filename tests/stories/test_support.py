"""Whoever leads a team sees who might want a hand: of those who chose to show it, and nobody else sees that."""

from __future__ import annotations


async def test_a_lead_sees_who_might_want_a_hand_of_those_who_show_it(stage):
    await stage.asks("mo", "/team create Lincoln Middle School")
    for who in ("ada", "ben", "cleo"):
        await stage.asks(who, "/team join Lincoln Middle School")
    await stage.asks("mo", "/team lead @Ada Quinn Lincoln Middle School")
    for who in ("ben", "cleo"):
        await stage.asks(who, "/course join c1")
        await stage.presses(who, stage.last(who), "Join")
    # Ben shows it, by the form of his settings; Cleo does not.
    form = await stage.presses("ben", await stage.asks("ben", "/my"), "Answers and privacy")
    assert "the people who lead your team see the title of a lesson" in stage.text(form)
    assert stage.value(form, "hand") == "no", "off by default"
    assert "My team’s lead sees when I might want a hand: Yes" in stage.text(
        await stage.fills_in("ben", form, hand="yes")
    )
    await stage.until("2026-10-05 12:00")
    nobody = stage.text(await stage.asks("ada", "/team support"))
    assert "Nobody who shows you this has a lesson open longer than planned." in nobody
    await stage.until("2026-10-13 12:00")
    seen = stage.text(await stage.asks("ada", "/team support Lincoln Middle School"))
    assert "Ben Okafor" in seen
    assert "Prepare Your Soil" in seen
    assert "Cleo" not in seen
    # Nobody else: neither a mate nor a moderator.
    for who in ("cleo", "mo"):
        said = stage.text(await stage.asks(who, "/team support Lincoln Middle School"))
        assert "Only the people who lead Lincoln Middle School can see this list." in said
        assert "Ben" not in said
    # Who is away, pauses, or shows it no more is not on the list.
    await stage.asks("ben", "/my away 13 oct to 16 oct")
    assert "Ben" not in stage.text(await stage.asks("ada", "/team support"))
    await stage.asks("ben", "/my back")
    assert "Ben" in stage.text(await stage.asks("ada", "/team support"))
    await stage.asks("ben", "/course pause c1")
    assert "Ben" not in stage.text(await stage.asks("ada", "/team support"))
    await stage.asks("ben", "/course resume c1")
    await stage.asks("ben", "/my settings hand:no")
    assert "Ben" not in stage.text(await stage.asks("ada", "/team support"))
