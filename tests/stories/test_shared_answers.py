"""What is shared is read by whom it was shared with: by prompt, the latest first, from the moment on in which they may."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.stories.test_menus_and_home import HOME

LINES = {
    "me": "Only you can read this answer.",
    "moderators": "You and the moderators can read this answer.",
    "team": "You and your team can read this answer.",
    "everyone": "Everyone in the community can read this answer.",
}


async def read(stage, who: str) -> str:
    """What somebody is shown by `/reflect read`."""
    return stage.text(await stage.asks(who, "/reflect read"))


async def share(stage, who: str, sharing: str, text: str) -> str:
    """Answer the open prompt for an audience; what the receipt says."""
    return stage.text(await stage.asks(who, f"/reflect answer share:{sharing} -- {text}"))


async def in_team(stage, *people: str, name: str = "North") -> None:
    await stage.asks("mo", f"/team create {name}")
    for who in people:
        await stage.asks(who, f"/team join {name}")


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [
        ("me", ()),
        ("moderators", ("mo", "ida")),
        ("team", ("ben",)),
        ("everyone", ("ben", "cleo", "mo", "ida")),
    ],
)
async def test_a_receipt_names_those_who_can_read_the_answer_and_nobody_else(monday, sharing, readers):
    stage = monday
    await in_team(stage, "ada", "ben")
    assert LINES[sharing] in await share(stage, "ada", sharing, "By the bins.")
    for who in ("ben", "cleo", "mo", "ida"):
        assert ("By the bins." in await read(stage, who)) is (who in readers), who


async def test_a_new_team_role_or_audience_counts_at_once_for_what_was_said_before(monday):
    stage = monday
    await in_team(stage, "ada")
    await share(stage, "ada", "team", "The side gate was open.")
    assert "The side gate" not in await read(stage, "ben")
    await stage.asks("ben", "/team join North")
    assert "The side gate" in await read(stage, "ben")
    await stage.asks("ben", "/team leave North")
    assert "The side gate" not in await read(stage, "ben")
    await stage.asks("ben", "/team join North")
    await stage.asks("ada", "/team leave North")
    assert "The side gate" not in await read(stage, "ben"), "the author is no mate any more"
    await stage.asks("ada", "/reflect share a1 moderators")
    assert "The side gate" in await read(stage, "mo")
    await stage.joins("mo", "Mo Hale")
    assert "The side gate" not in await read(stage, "mo")
    await stage.asks("ada", "/reflect share a1 everyone")
    assert "The side gate" in await read(stage, "mo")
    await stage.asks("ada", "/reflect delete a1")
    assert "The side gate" not in await read(stage, "mo")


async def test_a_team_is_only_named_as_a_reader_where_there_is_one(monday):
    stage = monday
    assert "You are in no team yet, so only you can read this answer." in await share(
        stage, "ada", "team", "One."
    )
    await in_team(stage, "ada")
    assert "You are in no team yet" in stage.text(await stage.asks("ada", "/reflect history")), (
        "and nobody else"
    )
    await stage.asks("ben", "/team join North")
    assert LINES["team"] in stage.text(await stage.asks("ada", "/reflect history"))


async def test_what_stands_in_the_thread_is_not_promised_to_be_private(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "By the photocopier.", thread=prompt)
    shown = stage.text(await stage.asks("ada", "/reflect share a1 me"))
    assert "Only you can read this answer. Your own message stays where you wrote it" in shown


async def test_answers_are_paged_the_latest_first_and_new_until_the_next_look(monday):
    stage = monday
    for number, who in enumerate(("ada", "ben", "cleo", "mo", "ida")):
        await stage.later(minutes=1)
        await share(stage, who, "everyone", f"Answer number {number}.")
    await stage.joins("dara", "Dara Lake")
    first = await stage.asks("dara", "/reflect read")
    said = stage.text(first)
    assert [one for one in range(5) if f"number {one}." in said] == [1, 2, 3, 4]
    assert said.index("number 4.") < said.index("number 1."), "the latest first"
    assert said.count("New · ") == 4
    rest = stage.text(await stage.presses("dara", stage.last("dara"), "Older"))
    assert "number 0." in rest
    assert "New · " in rest, "the pages of one look tell the same"
    await stage.later(minutes=1)
    again = stage.text(await stage.presses("dara", stage.last("dara"), "Newest"))
    assert "number 4." in again
    assert "New · " not in again
    await stage.asks("ada", "/reflect share a1 me")
    await stage.later(minutes=1)
    await stage.asks("ada", "/reflect share a1 everyone")
    newly = await read(stage, "dara")
    assert "number 0." in newly
    assert newly.index("number 0.") < newly.index("number 4."), "what was shared last comes first"
    assert newly.count("New · ") == 1


async def test_several_prompts_are_listed_with_what_is_new(monday):
    stage = monday
    await share(stage, "ada", "everyone", "The first week.")
    await stage.until("2026-10-12 09:00")
    await stage.says("ada", "The second week.", thread=stage.prompts()[1])
    shown = await read(stage, "ben")
    assert shown.count("1 answer, 1 new") == 2
    page = await stage.presses("ben", stage.last("ben"), "Read Room to think")
    assert "The second week." in stage.text(page)
    assert "The first week." not in stage.text(page)
    await stage.later(minutes=1)
    shown = stage.text(await stage.presses("ben", stage.last("ben"), "Other prompts"))
    assert shown.count("1 new") == 1
    assert "The first week." in stage.text(await stage.asks("ben", "/reflect read p1"))


async def test_a_long_answer_is_read_in_full(monday):
    stage, [prompt] = monday, monday.prompts()
    for start in ("First, ", "Then, ", "At last, "):
        await stage.says("ada", start + "we walked the halls at noon. " * 45, thread=prompt)
    await stage.says("ada", "The end.", thread=prompt)
    assert "The end." not in await read(stage, "ben")
    await stage.presses("ben", stage.last("ben"), "Read it all")
    assert "The end." in stage.text(await stage.presses("ben", stage.last("ben"), "Read on"))
    await stage.presses("ben", stage.last("ben"), "Back to the answers")
    await stage.asks("ada", "/reflect share a1 me")
    said = stage.text(await stage.presses("ben", stage.last("ben"), "Read it all"))
    assert said.startswith("That answer is not shared with you.")


async def test_nothing_shared_says_how_to_share(monday):
    assert "Nobody has shared an answer with you yet." in await read(monday, "ben")
    assert "There is no prompt p999" in monday.text(await monday.asks("ben", "/reflect read p999"))


async def test_an_author_reads_how_many_opened_from_five_on_and_never_who(monday):
    stage = monday
    others = ("ben", "cleo", "mo", "ida", "dara", "eli")
    await stage.joins("dara", "Dara Lake")
    await stage.joins("eli", "Eli Stone")
    await share(stage, "ada", "everyone", "By the bins.")
    for number, who in enumerate(others, 1):
        assert "By the bins." in await read(stage, who)
        await read(stage, who)
        mine = stage.text(await stage.asks("ada", "/reflect history"))
        assert ("Opened in Tilth by 5 or more people." in mine) is (number >= 5), number
        assert ("Opened" in mine) is (number >= 5), number
        assert "Eli" not in mine
    assert "Opened" not in await read(stage, "ben"), "nobody else is told"


async def test_that_all_of_a_team_opened_an_answer_is_not_told(monday):
    stage = monday
    await stage.joins("dara", "Dara Lake")
    await in_team(stage, "ada", "ben", "cleo", "mo", "ida", "dara")
    await share(stage, "ada", "team", "By the bins.")
    for who in ("ben", "cleo", "mo", "ida", "dara"):
        await read(stage, who)
    assert "Opened" not in stage.text(await stage.asks("ada", "/reflect history")), (
        "all five did: that says who"
    )
    await stage.joins("eli", "Eli Stone")
    await stage.asks("eli", "/team join North")
    assert "Opened in Tilth by 5 or more people." in stage.text(await stage.asks("ada", "/reflect history"))


async def test_pressing_what_only_another_was_shown_opens_nothing(monday):
    stage = monday
    await share(stage, "ada", "me", "By the bins.")
    receipt = stage.last("ada")
    for button in ("Edit", "Delete"):
        said = stage.text(await stage.forges("ben", receipt, button))
        assert "You have no answer a1." in said
        assert "By the bins." not in said
    assert await stage.answers() == {"Ada Quinn": "By the bins."}


async def test_a_digest_quotes_what_everybody_may_read_and_follows_its_audience(monday):
    stage = monday
    for who, sharing in (("ada", "me"), ("ben", "moderators"), ("cleo", "team"), ("ida", "everyone")):
        await share(stage, who, sharing, f"The words of {who}.")
    await stage.until("2026-10-09 12:00")
    said = stage.text(stage.digests()[0])
    assert [who for who in ("ada", "ben", "cleo", "ida") if f"of {who}." in said] == ["ida"]
    await stage.asks("ida", "/reflect share a4 moderators")
    await stage.asks("ben", "/reflect share a2 everyone")
    await stage.later(minutes=1)
    said = stage.text(stage.digests()[0])
    assert [who for who in ("ada", "ben", "cleo", "ida") if f"of {who}." in said] == ["ben"]


@HOME
async def test_the_home_page_shows_what_is_new_to_read(monday):
    stage = monday
    await share(stage, "ada", "moderators", "By the bins.")
    assert "New answers to read" in stage.text(await stage.opens_home("mo"))
    assert "By the bins." not in stage.text(await stage.opens_home("mo")), (
        "a page that stays open keeps no words"
    )
    assert "New answers to read" not in stage.text(await stage.opens_home("ben"))
    home = await stage.opens_home("mo")
    assert "By the bins." in stage.text(await stage.presses("mo", home, "Read A door held open"))
    await stage.later(minutes=1)
    assert "New answers to read" not in stage.text(await stage.opens_home("mo"))


async def test_whoever_is_forgotten_is_no_opener_and_what_they_wrote_is_read_by_nobody(monday):
    stage = monday
    await share(stage, "ada", "everyone", "By the bins.")
    assert "By the bins." in await read(stage, "ben")
    handed = json.loads(stage.files(await stage.asks("ben", "/my data export"))["tilth-my-data.json"])
    assert handed["shared answers you read"][-1] == {"answers of others opened": 1}
    await stage.fills_in("ben", await stage.asks("ben", "/my data delete"), word="DELETE")
    assert [line for line in await stage.dump() if line.startswith(("opening ", "last_look "))] == []
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    assert "By the bins." not in await read(stage, "cleo")
    assert await stage.broken() == []


async def test_when_somebody_looked_is_forgotten_with_the_answers(monday):
    stage = monday
    await share(stage, "ada", "everyone", "By the bins.")
    await read(stage, "ben")
    [looks] = [kind for kind in stage.app.upkeep.kinds if kind.kind == "looks at answers"]
    before = stage.clock.now() + timedelta(days=1)
    found = await stage.app.store.read(lambda conn: looks.find(conn, before, 10))
    assert await stage.app.store.write(lambda conn: looks.remove(conn, found, before)) == 1
    assert looks.kept == timedelta(days=400)
