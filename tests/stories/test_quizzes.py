"""A lesson's quiz is answered once, whichever way; what was wrong is explained, and only its member sees the score."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO


async def test_a_quiz_is_answered_once_and_its_score_is_ones_own(stage):
    await stage.asks("ada", "/course join c2")
    await stage.presses("ada", stage.last("ada"), "Join")
    assert "No lesson that has come to you has a quiz." in stage.text(await stage.asks("ada", "/course quiz"))
    await stage.until("2026-10-05 12:00")
    form = await stage.presses("ada", stage.inbox("ada")[-1], "Quiz")
    two_forms = stage.platform.platform == "local"  # elsewhere a second form takes the place of the first
    again = await stage.asks("ada", "/course quiz c2.1") if two_forms else form
    shown = await stage.fills_in("ada", form, q0="0", q1="0")
    said = stage.text(shown)
    assert "1 of 2 right" in said
    assert "You chose:" in said
    assert "The right answer: And what else?" in said
    assert "Only you see your score." in said
    # A second try, by a form that was open already or by the command, changes nothing.
    if two_forms:
        assert "1 of 2 right" in stage.text(await stage.fills_in("ada", again, q0="0", q1="1"))
    assert "1 of 2 right" in stage.text(await stage.asks("ada", "/course quiz"))
    # It is in the evidence, in one's own data, and gone with them.
    await stage.asks("ada", "/course done c2.1 -- I counted to five, and a second thought came.")
    await stage.asks("ada", "/course done c2.2 -- I asked what would help, and got an answer.")
    made = await stage.fills_in("ada", await stage.asks("ada", "/course evidence c2"), name="Ada Q.")
    [(_name, data)] = stage.files(made).items()
    inside = zipfile.ZipFile(BytesIO(data))
    assert json.loads(inside.read("evidence.json"))["lessons"][0].get("quiz") == {"right": 1, "of": 2}
    assert "Quiz: 1 of 2 right" in inside.read("evidence.html").decode()
    whole = json.loads(stage.files(await stage.asks("ada", "/my data export"))["tilth-my-data.json"])
    assert whole["quizzes"][0]["right"] == 1
    await stage.fills_in("ada", await stage.asks("ada", "/my data delete"), word="DELETE")
    assert not any(line.startswith('INSERT INTO "quiz_attempt"') for line in await stage.dump())


async def test_each_choice_has_its_own_word_and_no_lesson_waits_for_a_quiz(stage):
    await stage.asks("ada", "/course join c3")
    await stage.presses("ada", stage.last("ada"), "Join")
    await stage.until("2026-10-19 12:00")
    quiz = await stage.asks("ada", "/course quiz c3.2")
    said = stage.text(await stage.fills_in("ada", quiz, q0="1", q1="2", q2="1"))
    assert "2 of 3 right" in said
    assert "Suena a causa." in said
    assert "Es una buena razón para preguntar ahora a los estudiantes." in said
    # The lesson is open as before, and it is done without the quiz of the third.
    await stage.asks("ada", "/course done c3.2 -- Contamos, y la causa se sostiene.")
    assert "done" in stage.text(await stage.asks("ada", "/course progress c3"))
