"""Mutations: one mechanism each, the few lines that switch it off, and the tests that must fail then."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


class MutationMisplaced(Exception):
    """The text that a mutation replaces is not in its file, or is there more than once."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """A mechanism and how to switch it off.

    `scenarios` are the numbers of the promises it serves (see the page beside this file). `old` stands in `file`
    exactly once, wherever it has moved to; `new` takes its place. Each of `tests` must fail then: by an assertion,
    or by an error of the type `by` where the failure cannot take another form. `on` is where they run, when it is not
    the playground and SQLite: a platform, or `postgres`.
    """

    name: str
    scenarios: tuple[int, ...]
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    by: str = ""
    on: str = "local"

    @property
    def options(self) -> tuple[str, ...]:
        """What chooses among the parameters of its tests."""
        if self.on == "postgres":
            return ("--platform", "local")
        return ("--platform", self.on, "-m", "not postgres")

    def apply(self, root: Path) -> str:
        """Switch the mechanism off in a copy of the tree; the file's text before."""
        path = root / self.file
        before = path.read_text()
        times = before.count(self.old)
        if times != 1:
            raise MutationMisplaced(f"{self.name}: its text stands {times} times in {self.file}")
        path.write_text(before.replace(self.old, self.new))
        forget_bytecode(path)
        return before

    def undo(self, root: Path, before: str) -> None:
        """Switch it on again."""
        path = root / self.file
        path.write_text(before)
        forget_bytecode(path)


def forget_bytecode(path: Path) -> None:
    """Python takes a file of the same second and length for unchanged."""
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()
