"""Errors in a content file, in words for its author."""

from __future__ import annotations

from collections.abc import Iterable


class ContentError(Exception):
    """One problem in a content file, in words for its author.

    `path` is relative to the content root; `line` and `column` count from 1, in characters. `problem` and `fix`
    are one sentence each; `fix` may be empty.
    """

    def __init__(self, path: str, line: int, column: int, problem: str, fix: str = "") -> None:
        problem = " ".join(problem.split())  # the author's own words are in it, however many
        problem = problem if len(problem) <= 200 else f"{problem[:150]} … {problem[-40:]}"
        super().__init__(path, line, column, problem, fix)
        self.path, self.line, self.column, self.problem, self.fix = path, line, column, problem, fix

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.problem} {self.fix}".rstrip()


class ContentErrors(Exception):
    """All problems found together, sorted by file, line and column; its text has one line for each."""

    def __init__(self, errors: Iterable[ContentError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.path, error.line, error.column)))
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(map(str, self.errors))


class Wrong(ValueError):
    """What a validator in a model raises: the author reads `problem` and `fix` as they stand."""

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(problem)
        self.problem, self.fix = problem, fix
