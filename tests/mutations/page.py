"""The page that lists every mechanism, `README.md` beside this file (`python -m tests.mutations.page` writes it)."""

from __future__ import annotations

from pathlib import Path

from tests.mutations.catalog import MUTATIONS, ROOMS
from tests.mutations.mutation import Mutation
from tests.mutations.scenarios import SCENARIOS

PAGE = Path(__file__).parent / "README.md"
HEAD = """# The mechanisms, and the tests that miss them

Each line is a mechanism that keeps a promise. It is a small patch in this folder that switches the mechanism off; the
tests beside it fail then, or the mutation has survived and the guard says so.

- `make mutations` tries all of them, `make mutations ARGS="look"` those with a part of a name.
- `make test` holds that each text is still found (`test_mutations.py`); `make nightly` tries all.
- A new mechanism is an entry in the file of its room: a name, the scenarios it serves, the file, the exact text and what
  takes its place, and the tests. `python -m tests.mutations.page` writes this page anew; a test holds it.

Patches are applied to copies of the tree. A test counts as having caught one when it passes without it and ends in a
failed assertion with it, or in the error the entry names; a text that is no longer found is a failure of the guard.
"""


def write_page() -> str:
    """The text of the page."""
    parts = [HEAD]
    for room, mutations in ROOMS.items():
        parts.append(
            f"## {room}\\n\\n| mechanism | scenarios | file | tests |\\n|---|---|---|---|".replace(
                "\\n", "\n"
            )
        )
        parts[-1] += "".join(f"\n{_row(one)}" for one in mutations)
        parts[-1] += "\n"
    used = sorted({number for one in MUTATIONS for number in one.scenarios})
    parts.append(
        "## The scenarios\n\n" + "\n".join(f"{number}. {SCENARIOS[number]}" for number in used) + "\n"
    )
    return "\n".join(parts)


def _row(one: Mutation) -> str:
    tests = "<br>".join(
        f"`{Path(file).name}` {name.replace('_', ' ')}" for file, name in map(_split, one.tests)
    )
    numbers = ", ".join(map(str, one.scenarios))
    return f"| {one.name} | {numbers} | `{one.file}` | {tests} |"


def _split(test: str) -> tuple[str, str]:
    file, _, name = test.partition("::")
    return file, name.removeprefix("test_")


if __name__ == "__main__":
    PAGE.write_text(write_page())
