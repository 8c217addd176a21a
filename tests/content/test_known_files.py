"""What a content file says is remembered from one start to the next, and never believed more than the file itself."""

import json
import stat
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.content import ContentErrors, KnownFiles, document, read_document, yaml_tree

TEXT = "name: Kitchen garden\nbeds: [beans, kale]\n"


class Garden(BaseModel):
    name: str
    beds: tuple[str, ...]


class Shed(BaseModel):
    name: str
    beds: tuple[str, ...]
    roof: str


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "garden.yaml").write_text(TEXT)
    return tmp_path / "files"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were taken apart."""
    seen, tree = [], yaml_tree.Tree

    def counted(path: str, text: str) -> yaml_tree.Tree:
        seen.append(path)
        return tree(path, text)

    monkeypatch.setattr(yaml_tree, "Tree", counted)
    return seen


def start(root: Path, model: type[BaseModel] = Garden) -> document.ContentDocument:
    known = KnownFiles(root.parent)
    found = read_document(root, "garden.yaml", model, known)
    known.save()
    return found


def test_a_file_that_is_as_it_was_is_taken_apart_once(root, parsed):
    first, second = start(root), start(root)
    assert parsed == ["garden.yaml"]
    assert second.value == first.value == Garden(name="Kitchen garden", beds=("beans", "kale"))


def test_a_file_that_has_changed_says_what_it_says_now_and_the_old_is_forgotten(root, parsed):
    start(root)
    (root / "garden.yaml").write_text(TEXT.replace("Kitchen", "Roof"))
    assert start(root).value.name == "Roof garden"
    assert len(parsed) == 2
    assert len(json.loads((root.parent / "content.json").read_text())) == 1


def test_where_something_stands_is_known_all_the_same(root, parsed):
    first, second = start(root), start(root)
    assert second.error(("beds", 1), "no kale.").line == first.error(("beds", 1), "no kale.").line == 2
    assert second.spots == first.spots
    assert len(parsed) == 2


def test_a_model_that_wants_more_says_so_with_the_place(root):
    start(root)
    with pytest.raises(ContentErrors, match=r"garden.yaml:1:1: .*roof"):
        start(root, Shed)


def test_a_file_with_a_fault_is_not_remembered(root):
    (root / "garden.yaml").write_text("name: [\n")
    for _ in range(2):
        with pytest.raises(ContentErrors):
            start(root)
    assert not (root.parent / "content.json").exists()


@pytest.mark.parametrize("odd", ["", "{", "[]", '{"a": 1}', '"text"', "\0", "null"])
def test_whatever_stands_in_the_file_of_what_is_known_the_content_is_read(root, odd):
    (root.parent / "content.json").write_text(odd)
    assert start(root).value.name == "Kitchen garden"
    assert start(root).value.beds == ("beans", "kale")


def test_a_known_text_that_says_what_no_file_may_say_is_not_believed(root):
    start(root)
    file = root.parent / "content.json"
    file.write_text(json.dumps(dict.fromkeys(json.loads(file.read_text()), '{"name": 5}')))
    assert start(root).value.name == "Kitchen garden"


def test_a_folder_that_takes_no_file_is_no_fault(root):
    root.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert start(root).value.name == "Kitchen garden"
    finally:
        root.parent.chmod(stat.S_IRWXU)


def test_a_folder_that_is_not_there_is_no_fault(root):
    known = KnownFiles(root.parent / "nowhere")
    assert read_document(root, "garden.yaml", Garden, known).value.name == "Kitchen garden"
    known.save()
