"""Sensitive prompts stay with their authors; help and the step up reach whoever wants them; a lesson calls its prompt."""

from __future__ import annotations

import re

import pytest

from bot.reflections.prompts.files import read_decks
from tests.stories import stage as stage_module
from tests.stories.stage import DECKS, staged

DECK = "title: Candid\nabout: Invented, for this story.\nfiles: [all.yaml]\n"
PROMPTS = """
theme: Prepare Your Soil
lesson: root-causes/prepare-your-soil
prompts:
  - id: help-not-blame
    title: Help, not blame
    form: one-moment
    level: relating
    question: When did you get help and not blame?
    one_line: A word.
    deeper: Who else needs that?
    help:
      full: [Where were you?, What was said?, What could you do next?]
      half: [Where were you?, What was said?]
    audience: me
  - {id: whose-time, title: Whose time, form: which-of-three, level: reasoning, question: Who got the least of your time?,
     one_line: One tap., answer: {choice: [the quiet ones, the absent ones]}, audience: anonymous, deeper: Who got the most?}
  - {id: our-problem-is, title: Two rules for one table, form: small-test, level: reconstructing,
     question: Which rule have you tried?, one_line: The rule., completes: yes, months: [september, october, may]}
"""


@pytest.fixture
async def candid(tmp_path, platform, monkeypatch):
    """A room with a deck of sensitive prompts, asked on Mondays; Ada shares her answers with everyone by default."""
    folder = tmp_path / "content" / "reflections" / "candid"
    folder.mkdir(parents=True)
    (folder / "deck.yaml").write_text(DECK)
    (folder / "all.yaml").write_text(PROMPTS)
    decks = (*read_decks(tmp_path / "content"), *read_decks(DECKS))
    monkeypatch.setattr(stage_module, "story_decks", lambda: decks)
    async with staged(tmp_path, platform) as stage:
        await stage.asks("ada", "/my settings share:everyone")
        await stage.confirms("/prompt schedule #staffroom every mon 10:00 closes:4d deck:candid")
        await stage.until("2026-10-05 10:00")
        yield stage


async def test_an_answer_to_a_sensitive_prompt_is_its_authors_alone_wherever_it_is_said(candid):
    stage = candid
    [prompt] = stage.prompts()
    assert "only you can read it unless you share it" in stage.text(prompt)
    assert "Please do not answer in the thread" in stage.text(prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    receipt = await stage.fills_in("ada", form, q0="When the copier broke.")
    assert "Only you can read this answer." in stage.text(receipt)
    await stage.says(
        "ben", "The day I lost the keys, somebody just opened the door and said nothing.", thread=prompt
    )
    assert "Only you can read this answer." in stage.text(await stage.asks("ben", "/reflect history"))
    await stage.until("2026-10-09 12:00")
    digest = " ".join(stage.text(one) for one in stage.digests())
    assert "copier" not in digest
    assert "keys" not in digest


async def test_the_step_up_is_an_invitation_after_an_answer_and_not_before(candid):
    stage = candid
    [prompt] = stage.prompts()
    assert "Who else needs that?" not in stage.text(prompt)
    form = await stage.presses("ada", prompt, "Answer or edit")
    receipt = await stage.fills_in("ada", form, q0="When the copier broke.")
    assert "One more question, if you have time: Who else needs that?" in stage.text(receipt)
    said = "One more question"
    assert said not in stage.text(await stage.asks("ada", "/reflect history"))
    await stage.later(minutes=5)
    assert said not in stage.text(await stage.asks("ada", "/reflect answer When the copier stood still."))
    await stage.writes_to_the_bot("ben", "When I lost the keys, somebody just opened the door.")
    assert said in stage.text(stage.inbox("ben")[-1])


async def test_the_step_up_is_an_invitation_after_a_tap_too(candid):
    stage = candid
    await stage.until("2026-10-12 10:00")
    receipt = await stage.presses("ada", stage.prompts()[-1], "the quiet ones")
    assert "One more question, if you have time: Who got the most?" in stage.text(receipt)


async def test_whoever_answers_in_the_thread_gets_hints_by_asking_for_them(candid):
    stage = candid
    [prompt] = stage.prompts()
    assert "Where were you?" not in stage.text(prompt), "the channel shows the bare question"
    hints = stage.text(await stage.presses("ben", prompt, "Hints"))
    assert all(hint in hints for hint in ("Where were you?", "What was said?", "What could you do next?"))
    assert "Only you can see this." in hints


@pytest.mark.only("local", reason="what a deck says is no platform's business")
async def test_a_prompt_can_be_anonymous_in_a_deck_that_is_not(candid):
    stage = candid
    await stage.until("2026-10-12 10:00")
    assert [(one.title, "Answer anonymously" in one.buttons) for one in stage.prompts()] == [
        ("Help, not blame", False),
        ("Whose time", True),
    ]


@pytest.mark.only("local", reason="what a deck says is no platform's business")
async def test_the_prompt_of_a_lesson_comes_in_the_week_in_which_the_lesson_has_come(candid):
    stage = candid
    await stage.asks("ben", "/course join c1")
    await stage.presses("ben", stage.last("ben"), "Join")
    await stage.until("2026-10-12 10:00")
    assert stage.prompts()[-1].title == "Whose time", "on the morning on which it comes nothing is done yet"
    await stage.until("2026-10-19 10:00")
    assert stage.prompts()[-1].title == "Two rules for one table"
    await stage.says("ben", "One voice at a time.", thread=stage.prompts()[-1])
    assert "Prepare Your Soil: done" in stage.text(await stage.asks("ben", "/course progress"))


@pytest.mark.only("local", reason="what a deck says is no platform's business")
async def test_moderators_see_when_a_prompt_is_asked_and_who_reads_its_answers(candid):
    stage = candid
    listed = stage.text(await stage.asks("mo", "/prompt list deck:candid"))
    ids = dict(zip(("own", "tap", "lesson"), re.findall(r"\bp\d+", listed), strict=False))
    assert "Only the writer, unless they share." in stage.text(
        await stage.asks("mo", f"/prompt show {ids['own']}")
    )
    assert "It can be answered anonymously, too." in stage.text(
        await stage.asks("mo", f"/prompt show {ids['tap']}")
    )
    shown = stage.text(await stage.asks("mo", f"/prompt show {ids['lesson']}"))
    assert "In the two weeks after its lesson comes to somebody. In a longer lesson" in shown
    assert "September, October" in shown
