"""Texts that are said past the catalog: a list of them, for the test that holds their number and for whoever mends one.

python -m tests.house.bare_texts bot/courses
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "adapters")
SPOKEN: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "Button": ((0,), ("label",)),
    "Card": ((0,), ("title",)),
    "Choice": ((1, 3), ("label", "hint")),
    "Choices": ((1, 3), ("label", "hint")),
    "Command": ((2,), ("summary",)),
    "DateTime": ((1,), ("label", "hint")),
    "Facts": ((0,), ("rows",)),
    "File": ((2,), ("about",)),
    "ForecastEntry": ((0, 1), ("title", "warning")),
    "Form": ((1,), ("title", "submit")),
    "Heading": ((0,), ("text",)),
    "Hint": ((0,), ("text",)),
    "LongText": ((1, 2), ("label", "hint")),
    "Markdown": ((0,), ("words",)),
    "Note": ((0,), ("words",)),
    "Option": ((1,), ("summary",)),
    "Pick": ((1, 2), ("label", "hint")),
    "Picture": ((1,), ("alt",)),
    "Progress": ((0,), ("label",)),
    "Refusal": ((0, 1), ("problem", "fix")),
    "Retention": ((), ("words",)),
    "Scale": ((1,), ("label", "hint", "low_label", "high_label")),
    "Select": ((0,), ("label",)),
    "ShortText": ((1, 2), ("label", "hint")),
    "Shortcut": ((1, 2), ("label", "summary")),
    "Table": ((0,), ("columns",)),
    "old_rows": ((), ("words",)),
    "Upload": ((1,), ("label", "hint")),
    "say": ((0,), ("title",)),
}
"""What a reader sees of what each of these is given: positions and names of arguments."""
WORD = re.compile(r"[^\W\d_]{2,}")
NAME = re.compile(r"[a-z_0-9]+")
SAMPLES = re.compile(r"_?examples?$|_example_|_sample")
"""Functions that make cards to look at: what they are filled with is content, not ours."""


@dataclass(frozen=True, slots=True)
class BareText:
    """A text in the code that no translator sees."""

    file: Path
    node: ast.expr

    @property
    def text(self) -> str:
        """What it says, with `{}` for what is filled in."""
        return words_of(self.node)


def words_of(node: ast.expr) -> str:
    """The text of a literal, with `{}` for what is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(words_of(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def find_bare_texts(file: Path) -> Iterator[BareText]:
    """Every text of a module that is said past the catalog."""
    yield from _look(file, ast.parse(file.read_text()))


def modules(where: Path) -> list[Path]:
    """The modules in which texts for members and moderators are said; an operator's are in English."""
    files = [where] if where.is_file() else sorted(where.rglob("*.py"))
    return [one for one in files if "cli" not in one.parts and one.name not in ("doctor.py", "settings.py")]


def _look(file: Path, node: ast.AST) -> Iterator[BareText]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if not SAMPLES.match(child.name):
                yield from _look(file, child)
            continue
        if isinstance(child, ast.Call) and (spoken := SPOKEN.get(_name(child))) is not None:
            places, names = spoken
            told = [one for place, one in enumerate(child.args) if place in places]
            told += [one.value for one in child.keywords if one.arg in names]
            for one in told:
                yield from _bare(file, one)
            for one in (one.value for one in child.keywords if one.arg == "options"):
                yield from _options(file, one)
        yield from _look(file, child)


def _bare(file: Path, node: ast.expr) -> Iterator[BareText]:
    """The bare texts in an argument, not within calls: those are looked at by themselves."""
    if isinstance(node, ast.Constant | ast.JoinedStr):
        said = words_of(node)
        if WORD.search(re.sub(r"`[^`]*`|https?:\S+", "", said)) and not NAME.fullmatch(said):
            yield BareText(file, node)
        return
    if isinstance(node, ast.Call):
        return
    if isinstance(node, ast.IfExp):
        yield from _bare(file, node.body)
        yield from _bare(file, node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from _bare(file, node.left)
        yield from _bare(file, node.right)
    elif isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from _bare(file, one)
    elif isinstance(node, ast.Starred):
        yield from _bare(file, node.value)


def _options(file: Path, node: ast.expr) -> Iterator[BareText]:
    """The bare labels of (value, label) pairs."""
    pairs = node.elts if isinstance(node, ast.Tuple | ast.List) else ()
    for pair in pairs:
        if isinstance(pair, ast.Tuple) and len(pair.elts) == 2:
            yield from _bare(file, pair.elts[1])


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def main() -> None:
    """Print what is said past the catalog in the folders that are named."""
    total = 0
    for where in sys.argv[1:] or ROOMS:
        for file in modules(ROOT / where):
            for one in find_bare_texts(file):
                print(f"{file.relative_to(ROOT)}:{one.node.lineno}: {one.text[:110]!r}")
                total += 1
    print(f"{total} texts")


if __name__ == "__main__":
    main()
