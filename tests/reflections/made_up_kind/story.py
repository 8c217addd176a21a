"""A made-up kind of answer works everywhere that the others do."""

from __future__ import annotations

from tests.stories.room import Line
from tests.stories.stage import Stage

SHEET = """
theme: Corridors
prompts:
  - id: where-it-was-loud
    title: Where it was loud
    form: which-of-three
    level: relating
    question: Where was it loud?
    answer:
      several: [hall, yard, bus]
    one_line: One tap.
"""


async def test_a_made_up_kind_is_written_asked_answered_and_edited(stage: Stage) -> None:
    form = await stage.asks("mo", "/prompt add")
    assert "any of: desk / hall / yard" in stage.text(form)
    fields = {"deck": "weekly", "title": "Who helped", "question": "Who helped you?", "hints": ""}
    shown = await stage.fills_in("mo", form, **fields, answer="any of: nobody / a friend / a student")
    assert "Any of nobody, a friend, a student" in stage.text(shown)
    number = stage.text(shown).partition("Added as p")[2].partition(".")[0]
    await stage.asks("mo", f"/prompt move p{number} top")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:00")
    assert "Any of nobody, a friend, a student" in stage.text(stage.prompts()[0])
    form = await stage.presses("ada", stage.prompts()[0], "Answer or edit")
    receipt = await stage.fills_in("ada", form, q0=("a friend", "a student"), sharing="everyone")
    assert "a friend, a student" in stage.text(receipt)
    assert isinstance(receipt, Line)
    again = await stage.presses("ada", receipt, "Edit")
    assert stage.value(again, "q0") == ("1", "2"), "the form comes back filled"
    await stage.fills_in("ada", again, q0=("nobody",), r0="A quiet week.")
    await stage.until("2026-10-09 09:01")
    assert "A quiet week." in stage.text(stage.digests()[0])


async def test_a_made_up_kind_is_read_from_a_content_file_and_written_into_one(stage: Stage) -> None:
    form = await stage.asks("mo", "/prompt import")
    assert "Where it was loud" in stage.text(await stage.fills_in("mo", form, deck="loud", text=SHEET))
    ((_, data),) = [
        each
        for each in stage.files(await stage.asks("mo", "/prompt export deck:loud")).items()
        if each[0] != "deck.yaml"
    ]
    assert b"several:" in data
    wrong = await stage.fills_in("mo", form, deck="loud", text=SHEET.replace("several:", "sevral:"))
    assert 'Did you mean "several"?' in str(stage.errors(wrong))
