"""Decks are read as their authors meant them, and every mistake is told with its place."""

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from bot.content import ContentErrors
from bot.reflections.prompts.answer_kinds.choice import ChoiceAnswer
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.prompts.answer_kinds.text import TextAnswer
from bot.reflections.prompts.answer_kinds.yes_no import YesNoAnswer
from bot.reflections.prompts.files import advise_on_deck, build_schemas, read_decks
from bot.reflections.prompts.model import Deck, Prompt, Question

SHIPPED = Path(__file__).parents[2] / "prompts"
CORPUS = Path(__file__).parents[1] / "content" / "corpus" / "prompts"

DECK = "title: Weekly\nabout: Two minutes a week.\nfiles: [general.yaml]\n"
ONE = """
  - id: {id}
    title: The quiet corner
    form: {form}
    level: relating
    question: Where did you last see two adults really listen to each other?
    one_line: I saw it near the ...
"""
RICH = """
theme: Prepare Your Soil
lesson: root-causes/prepare-your-soil
prompts:
  - id: the-hour-nobody-touches
    title: "The hour: whole"
    form: one-moment
    level: reasoning
    question: >-
      Recall the last hour that nobody broke into.
      What kept it whole?
    one_line: Finish this - "Nobody came in because ..."
    deeper: Which hour would you protect next?
    help:
      full: [When and where was it?, Was it luck?, What could be arranged?]
      half: [Was it luck?, What could be arranged?]
    tags: [time, space]
  - id: room-to-think
    title: Room to think
    form: scale-with-reason
    level: reporting
    question: How much room to think did you have?
    answer:
      scale: {from: 1, to: 5, low: none at all, high: plenty}
    reason: none
    one_line: One tap.
  - id: where-the-honest-talk-is
    title: Where the honest talk is
    form: which-of-three
    level: relating
    question: Where do adults talk most honestly?
    answer:
      choice: [On the move, Sitting down, Later on]
    one_line: One tap.
  - id: then-and-now
    title: Then and now
    form: before-after
    level: reconstructing
    questions:
      - ask: How did you do it in your first weeks?
      - ask: Would you go back?
        answer: yes_no
        reason: asked
    one_line: Two words are enough.
"""


def page(*prompts: tuple[str, str], theme: str = "General") -> str:
    """A file of prompts from pairs of id and form."""
    return f"theme: {theme}\nprompts:\n" + "".join(ONE.format(id=slug, form=form) for slug, form in prompts)


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into a deck folder (`deck.yaml` unless given), and gives the content root."""

    def write(files: dict[str, str], deck: str = "weekly") -> Path:
        folder = tmp_path / "reflections" / deck
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in ({"deck.yaml": DECK} | files).items():
            (folder / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentErrors) as caught:
        read_decks(root)
    return [str(error).removeprefix("reflections/") for error in caught.value.errors]


def test_a_deck_becomes_values_in_the_order_of_its_files(put):
    rest = DECK.replace("[general.yaml]", "[soil.yaml, general.yaml]") + "language: es\n"
    root = put({"deck.yaml": rest, "general.yaml": page(("last", "small-test")), "soil.yaml": RICH})
    (deck,) = read_decks(root)
    assert (deck.slug, deck.title, deck.about, deck.language) == (
        "weekly",
        "Weekly",
        "Two minutes a week.",
        "es",
    )
    assert [prompt.slug for prompt in deck.prompts] == [
        "the-hour-nobody-touches", "room-to-think", "where-the-honest-talk-is", "then-and-now", "last",
    ]  # fmt: skip
    hour, room, talk, then, last = deck.prompts
    assert hour == Prompt(
        slug="the-hour-nobody-touches",
        title="The hour: whole",
        form="one-moment",
        level="reasoning",
        theme="Prepare Your Soil",
        lesson="root-causes/prepare-your-soil",
        questions=(
            Question(
                "Recall the last hour that nobody broke into. What kept it whole?", TextAnswer(), "none"
            ),
        ),
        one_line='Finish this - "Nobody came in because ..."',
        deeper="Which hour would you protect next?",
        help_full=("When and where was it?", "Was it luck?", "What could be arranged?"),
        help_half=("Was it luck?", "What could be arranged?"),
        tags=("time", "space"),
        language="es",
    )
    assert room.questions[0].answer == ScaleAnswer(1, 5, "none at all", "plenty")
    assert room.questions[0].reason == "none"
    assert talk.questions[0].answer == ChoiceAnswer(("On the move", "Sitting down", "Later on"))
    assert talk.questions[0].reason == "optional"
    assert [question.answer for question in then.questions] == [TextAnswer(), YesNoAnswer()]
    assert [question.reason for question in then.questions] == ["none", "asked"]
    assert (last.theme, last.lesson, last.deeper, last.help_full, last.help_half) == (
        "General",
        None,
        "",
        (),
        (),
    )


def test_a_prompt_comes_back_from_a_database_column_as_it_was(put):
    (deck,) = read_decks(put({"general.yaml": RICH}))
    for prompt in deck.prompts:
        assert Prompt.from_json(json.loads(json.dumps(prompt.to_json()))) == prompt


def test_what_is_stored_keeps_its_shape():
    prompt = Prompt(
        "a",
        "A",
        "one-moment",
        "relating",
        "General",
        None,
        (Question("How much?", ScaleAnswer(0, 9, "no", "yes"), "asked"),),
        "One tap.",
    )
    assert prompt.to_json() == {
        "slug": "a", "title": "A", "form": "one-moment", "level": "relating", "theme": "General", "lesson": None,
        "questions": [
            {"ask": "How much?", "answer": {"scale": {"from": 0, "to": 9, "low": "no", "high": "yes"}}, "reason": "asked"}
        ],
        "one_line": "One tap.", "deeper": "", "help_full": [], "help_half": [], "tags": [],
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["color", {}, {"choices": []}, None])
def test_an_answer_that_was_never_stored_is_an_error(answer):
    stored = {"slug": "a", "title": "A", "form": "f", "level": "l", "theme": "t", "lesson": None, "one_line": "", "deeper": "",
              "help_full": [], "help_half": [], "tags": [], "questions": [{"ask": "?", "answer": answer, "reason": "none"}]}  # fmt: skip
    with pytest.raises(ValueError, match="not a stored answer"):
        Prompt.from_json(stored)


def test_values_do_not_change(put):
    (deck,) = read_decks(put({"general.yaml": RICH}))
    with pytest.raises(FrozenInstanceError):
        deck.title = "Other"
    assert hash(deck) == hash(replace(deck))


@pytest.mark.parametrize("name", sorted(path.stem for path in CORPUS.glob("*.yaml")))
def test_each_mistake_of_the_corpus_is_told_with_its_place(put, name):
    text = (CORPUS / f"{name}.yaml").read_text(encoding="utf-8")
    expected = [line.removeprefix("#! ") for line in text.splitlines() if line.startswith("#! ")]
    assert expected, "the file says nothing about what its author is told"
    told = [each.removeprefix("weekly/general.yaml:") for each in problems(put({"general.yaml": text}))]
    assert [each.split(" ")[0].rstrip(":") for each in told] == [each.split(" ")[0] for each in expected]
    for each, words in zip(told, expected, strict=True):
        assert words.partition(" ")[2] in each


def test_the_problems_of_all_files_are_told_together_sorted_by_file_and_line(put):
    put({"general.yaml": page(("twice", "small-test"), ("Not Kebab", "one-momnt"))}, deck="second")
    root = put({"deck.yaml": DECK + "color: green\n", "general.yaml": page(("a", "one-momnt"))}, deck="first")
    assert [told.split(" ")[0] for told in problems(root)] == [
        "first/deck.yaml:4:1:",
        "first/general.yaml:6:11:",
        "second/general.yaml:11:9:",
        "second/general.yaml:13:11:",
    ]


def test_an_id_is_taken_only_once_and_the_other_place_is_named(put):
    deck = DECK.replace("[general.yaml]", "[general.yaml, more.yaml]")
    files = {
        "deck.yaml": deck,
        "general.yaml": page(("a", "small-test")),
        "more.yaml": page(("b", "small-test"), ("a", "one-moment")),
    }
    assert problems(put(files)) == [
        'weekly/more.yaml:11:9: the id "a" is already taken. Choose another; the first is at reflections/weekly/general.yaml:4:9.'
    ]


def test_two_decks_may_use_the_same_id(put):
    put({"general.yaml": page(("a", "small-test"))}, deck="first")
    decks = read_decks(put({"general.yaml": page(("a", "small-test"))}, deck="second"))
    assert [deck.slug for deck in decks] == ["first", "second"]


def test_a_listed_file_must_exist_and_a_near_name_is_offered(put):
    deck = DECK.replace("[general.yaml]", "[genral.yaml, gone.yaml]")
    assert problems(put({"deck.yaml": deck, "general.yaml": page(("a", "small-test"))})) == [
        'weekly/deck.yaml:3:8: "general.yaml" is in this folder and not listed. Add it to the list, or move it out of the folder.',
        'weekly/deck.yaml:3:9: there is no file "genral.yaml" in this folder. Did you mean "general.yaml"?',
        'weekly/deck.yaml:3:22: there is no file "gone.yaml" in this folder. Create it, or take it off the list.',
    ]


@pytest.mark.parametrize(
    "name",
    ["../../secret.yaml", "/etc/passwd", "deck.yaml", "general.yml", "sub/general.yaml", ".hidden.yaml"],
)
def test_a_deck_lists_only_files_of_prompts_beside_it(put, name):
    root = put({"deck.yaml": DECK.replace("general.yaml", name), "general.yaml": page(("a", "small-test"))})
    assert problems(root) == [
        f'weekly/deck.yaml:3:9: "{name}" cannot be a file of prompts. Write the name of a file beside it, "general.yaml".'
    ]


def test_a_listed_link_to_somewhere_else_is_not_followed(put, tmp_path):
    root = put({"deck.yaml": DECK}) / "reflections"
    secret = tmp_path.parent / f"{tmp_path.name}-secret.yaml"
    secret.write_text(page(("a", "small-test")))
    (root / "weekly" / "general.yaml").symlink_to(secret)
    assert "this link leads out of the content folder" in problems(tmp_path)[0]


def test_what_is_not_part_of_a_deck_is_reported_and_notes_are_not(put):
    root = put({"general.yaml": page(("a", "small-test")), "README.md": "Notes.", "draft.txt": "Later."})
    (root / "reflections" / "stray.yaml").write_text("theme: Alone\n")
    (root / "reflections" / "README.md").write_text("Notes.\n")
    told = problems(root)
    assert len(told) == 2
    assert told[0].startswith("stray.yaml:1:1: this file is in no deck.")
    assert '"draft.txt" is in this folder and not listed' in told[1]


def test_a_folder_without_a_deck_and_one_with_an_odd_name_are_reported(put):
    root = put({"general.yaml": page(("a", "small-test"))}, deck="Odd Name")
    (root / "reflections" / "empty").mkdir()
    assert [told.partition(". ")[0] for told in problems(root)] == [
        "Odd Name/deck.yaml:1:1: the folder of this deck has an odd name",
        "empty/deck.yaml:1:1: there is nothing of this name",
    ]


def test_a_language_is_a_code_and_norwegian_needs_quotes(put):
    told = problems(put({"deck.yaml": DECK + "language: no\n", "general.yaml": page(("a", "small-test"))}))
    assert told == [
        'weekly/deck.yaml:4:11: "language" must be text, but no can be read as true or false. Put it in quotes: "no".'
    ]
    told = problems(put({"deck.yaml": DECK + "language: English\n"}))
    assert told == [
        'weekly/deck.yaml:4:11: "English" is not the code of a language. Write it like "en", "es" or "pt-BR".'
    ]


def test_content_without_a_folder_of_decks_is_reported(tmp_path):
    assert problems(tmp_path) == [
        "reflections:1:1: there is nothing of this name. Check the spelling, or create it."
    ]


def test_neighbors_of_the_same_form_are_advised_against_and_not_refused(put):
    forms = [("a", "one-moment"), ("b", "one-moment"), ("c", "small-test"), ("d", "one-moment")]
    (deck,) = read_decks(put({"general.yaml": page(*forms)}))
    assert advise_on_deck(deck) == (
        'In weekly, "a" and "b" follow each other and have the same form, one-moment.',
    )


def test_the_schemas_that_editors_use_are_current():
    for name, text in build_schemas().items():
        assert (SHIPPED / "schema" / name).read_text(encoding="utf-8") == text, "run: make generated"


def test_a_schema_knows_the_keys_and_the_choices():
    prompts = json.loads(build_schemas()["prompts.schema.json"])
    prompt = prompts["$defs"]["PromptSheet"]
    assert prompt["additionalProperties"] is False
    assert prompt["required"] == ["id", "title", "form", "level", "one_line"]
    assert prompt["properties"]["title"]["maxLength"] == 60
    assert len(prompt["properties"]["form"]["enum"]) == 14
    assert prompts["$defs"]["ScaleEnds"]["required"] == ["from", "to", "low", "high"]


def test_the_shipped_decks_load():
    decks = read_decks(SHIPPED)
    assert decks
    for deck in decks:
        assert isinstance(deck, Deck)
        assert deck.prompts
        assert all(Prompt.from_json(prompt.to_json()) == prompt for prompt in deck.prompts)
