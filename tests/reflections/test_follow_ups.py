"""A follow-up names the answers after which it is asked as people read them, in a file and back."""

from __future__ import annotations

import pytest

from bot.chat.language import speaking
from bot.content import Wrong
from bot.content.document import parse_document
from bot.reflections.prompts.answer_kinds.choice import ChoiceAnswer
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.answer_kinds.yes_no import YesNoAnswer
from bot.reflections.prompts.file_schema import PromptsSheet
from bot.reflections.prompts.follow_ups import is_asked, name_answers, read_after
from bot.reflections.prompts.import_export import write_files
from bot.reflections.prompts.model import Prompt, Question
from bot.reflections.prompts.question_lines import read_lines, write_lines

CHOICE = Question("Where?", ChoiceAnswer(("At home", "At school")))
SCALE = Question("How much?", ScaleAnswer(1, 5, "none", "plenty"))
WORDS = Question("What was it?")


@pytest.mark.parametrize(
    ("first", "written", "values"),
    [
        (Question("All?", YesNoAnswer()), (False,), ("no",)),
        (Question("All?", YesNoAnswer()), ("Yes",), ("yes",)),
        (CHOICE, ("at school",), ("1",)),
        (SCALE, (1, "2"), ("1", "2")),
    ],
)
def test_an_answer_is_named_as_its_button_says_it(first, written, values):
    assert read_after((first, WORDS), written) == values
    assert read_after((WORDS, first), written) == values


def test_an_answer_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(Wrong, match="not an answer") as wrong:
        read_after((CHOICE,), ("In the hall",))
    assert wrong.value.fix == 'Write "At home", "At school".'
    with pytest.raises(Wrong, match="no question to tap"):
        read_after((WORDS,), ("no",))


def test_it_is_asked_after_the_nearest_question_that_is_tapped():
    after = Question("Why there?", after=("1",))
    prompt = Prompt("a", "A", "small-test", "relating", "T", None, (CHOICE, WORDS, after), "")
    assert is_asked(prompt, 2, {0: "1"})
    assert not is_asked(prompt, 2, {0: "0"})
    assert not is_asked(prompt, 2, {})
    assert is_asked(prompt, 1, {})
    assert name_answers(prompt.questions, 2) == ("At school",)


def test_a_prompt_with_follow_ups_is_written_and_read_back():
    first = Question("All?", YesNoAnswer(), "none")
    asked = (first, Question("Why not?", after=("no",)), Question("How?", after=("yes",)))
    prompt = Prompt("a", "A", "small-test", "relating", "T", None, asked, "One tap.")
    assert Prompt.from_json(prompt.to_json()) == prompt
    with speaking("es_US"):  # by whom it is exported is not who reads it
        files = write_files("weekly", [prompt], new=False)
    [text] = files.values()
    sheet = parse_document("x.yaml", text.decode(), PromptsSheet).value
    assert sheet.prompts[0].value("T", None) == prompt


def test_lines_are_questions_and_follow_ups_and_keep_the_kinds_that_the_form_does_not_show():
    choice = ChoiceAnswer(("At home", "At school", "Yes or no"))
    found = read_lines(
        ["Where?", "If at home or at school: Why there?", "If yes or no: Why?"], choice, "none", None
    )
    assert [one.after for one in found] == [(), ("0", "1"), ("2",)]
    prompt = Prompt(
        "a", "A", "small-test", "relating", "T", None, (SCALE, CHOICE, Question("Why?", after=("1",))), ""
    )
    lines = write_lines(prompt.questions).replace("Where?", "Where now?").splitlines()
    assert lines[2] == "If At school: Why?"
    again = read_lines(lines, TextAnswer(), "none", prompt)
    assert [one.ask for one in again] == ["How much?", "Where now?", "Why?"]
    assert [one.answer for one in again] == [one.answer for one in prompt.questions]
    assert again[2].after == ("1",)


def test_a_question_that_begins_with_if_is_no_follow_up_where_nothing_is_tapped():
    lines = ["If you could: what would you change?", "If not you: who?"]
    assert [one.ask for one in read_lines(lines, TextAnswer(), "none", None)] == lines
    assert read_lines(lines[:1], YesNoAnswer(), "none", None)[0].ask == lines[0]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "0 questions"),
        (["a"] * 4, "4 questions"),
        (["a", "b"], "answered in words"),
        (["a" * 300], "at most 299"),
        (["a", "If never: What?"], "not an answer"),
    ],
)
def test_lines_that_cannot_be_asked_are_refused(lines, problem):
    with pytest.raises(Wrong, match=problem):
        read_lines(lines, YesNoAnswer(), "none", None)
