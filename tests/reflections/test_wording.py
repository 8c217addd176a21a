"""What moderators write in a form becomes a prompt, and back, and every prompt of a form can be a content file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.mass_mentions import group_of, mass_mention
from bot.content import Wrong, parse_document
from bot.reflections.prompts import import_export, prompt_form
from bot.reflections.prompts.answer_kinds.choice import ChoiceAnswer
from bot.reflections.prompts.answer_kinds.registry import answer_from_words
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.answer_kinds.yes_no import YesNoAnswer
from bot.reflections.prompts.bank_commands import reorder
from bot.reflections.prompts.file_schema import PromptsSheet

ANSWERS = [
    TextAnswer(),
    YesNoAnswer(),
    ChoiceAnswer(("desk", "hall")),
    ScaleAnswer(1, 5, "none", "plenty"),
    ScaleAnswer(-2, 2, "worse", "better"),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_kind_of_answer_is_read_as_it_is_written(answer):
    assert answer_from_words(answer.words()) == answer


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", TextAnswer()),
        ("Yes / No", YesNoAnswer()),
        ("1-5", ScaleAnswer(1, 5, "low", "high")),
        ("1 to 10: not at all, very", ScaleAnswer(1, 10, "not at all", "very")),
        ("home | school | both", ChoiceAnswer(("home", "school", "both"))),
    ],
)
def test_people_write_it_in_many_ways(said, meant):
    assert answer_from_words(said) == meant


@pytest.mark.parametrize(
    "said", ["maybe", "1 to 99", "a / b / c / d / e / f", "a / a", "1 to 5: only one end"]
)
def test_what_is_no_kind_of_answer_is_refused_with_a_remedy(said):
    with pytest.raises(Wrong) as wrong:
        answer_from_words(said)
    assert wrong.value.fix


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf")), min_size=1, max_size=70
)
hints = st.just("") | st.just("One.\nTwo.\nThree.\n#a #b")


@given(
    title=words,
    question=words,
    answer=st.sampled_from(["text", "yes or no", "1 to 5: low, high", "a / b"]),
    hints=hints,
)
def test_whatever_a_form_takes_passes_as_a_content_file(title, question, answer, hints):
    values = {"deck": "d", "title": title, "question": question, "answer": answer, "hints": hints}
    _, prompt, errors = prompt_form.read_form(values, None)
    if errors:
        return
    [(name, data)] = import_export.write_files("d", [prompt], new=False).items()
    sheet = parse_document(name, data.decode(), PromptsSheet).value
    [again] = [one.value(sheet.theme, sheet.lesson) for one in sheet.prompts]
    assert again == prompt


@pytest.mark.parametrize("word", ["NO", "yes", "off", "null", "~", "7", "1.5"])
def test_a_question_that_looks_like_another_value_is_exported_in_quotes(word):
    values = {"deck": "d", "title": "Short", "question": word, "answer": "text", "hints": ""}
    _, prompt, _ = prompt_form.read_form(values, None)
    [(name, data)] = import_export.write_files("d", [prompt], new=False).items()
    [again] = parse_document(name, data.decode(), PromptsSheet).value.prompts
    assert again.question == word


@given(st.text(max_size=400))
def test_no_pasted_text_breaks_an_import(text):
    for one in import_export.read_prompts(text, "d.yaml", ()):
        assert (one.prompt is None) == bool(one.problem)


def test_several_questions_are_a_line_each_and_answered_in_words():
    values = {"deck": "d", "title": "", "question": "What?\nAnd then?", "answer": "text", "hints": ""}
    _, prompt, errors = prompt_form.read_form(values, None)
    assert [one.ask for one in prompt.questions] == ["What?", "And then?"]
    assert errors == {}
    _, _, errors = prompt_form.read_form({**values, "answer": "yes or no"}, None)
    assert "answered in words" in errors["question"]


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "Hello @here!",
        "(@channel)",
        "<!here>",
        "<!subteam^S1|@heads>",
        "<@&987>",
        "@EVERYONE now",
    ],
)
def test_what_calls_everybody_is_seen(text):
    assert mass_mention(text)


@pytest.mark.parametrize(
    "text", ["here", "ada@here.example", "everyone", "<@U1>", "@hereford", "mail me at a@everyone.org"]
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert mass_mention(text) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<!subteam^S1|@heads>", "S1|heads"), ("<!subteam^S1>", "S1"), ("<!subteam^S1|math heads>", "S1|math"), ("<@&987>", "987"), ("@teachers", "teachers"), ("S123", "S123"),
        ("@everyone", None), ("@here", None), ("<!channel>", None), ("two words", None), ("", None),
    ],
)  # fmt: skip
def test_a_group_is_named_in_any_way_and_everybody_in_none(written, meant):
    assert group_of(written) == meant


def test_the_queue_moves_one_at_a_time():
    assert reorder([1, 2, 3], 3, "top") == [3, 1, 2]
    assert reorder([1, 2, 3], 3, "up") == [1, 3, 2]
    assert reorder([1, 2, 3], 1, "down") == [2, 1, 3]
    assert reorder([1, 2, 3], 1, "bottom") == [2, 3, 1]
    assert reorder([1, 2, 3], 2, "out") == [1, 3]
    assert reorder([1], 2, "up") == [2, 1]
    assert reorder([], 2, "down") == [2]
