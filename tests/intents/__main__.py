"""Prints how each set of messages is understood: `python -m tests.intents`."""

from __future__ import annotations

from collections.abc import Sequence

from tests.intents.measure import (
    AMBIGUOUS,
    NEWCOMER,
    REQUESTS,
    SETS,
    STORED,
    UNREAD,
    Said,
    measured,
    right,
    stored_needs,
    stored_requests,
    stored_unclear,
    table,
    unkept_answers,
    visited,
)


def main() -> None:
    """Print a table for each set, and the shares that matter."""
    for name in (*SETS, UNREAD, NEWCOMER):
        print_set(name, measured(name), measured(name, asked=True))
    for name, held in (("visitor, read", False), ("visitor, held back", True)):
        rows = visited(held=held)
        print_set(name, rows, visited(held=held, asked=True))
        print("the same as at first, without the lines that nobody can tell:")
        print_shares([one for one in rows if one.number not in AMBIGUOUS])
    for one in [*measured("own"), *visited(held=False)]:
        if one.label != one.found:
            print(f"  {one.label} -> {one.found}: {one.text}")


def print_set(name: str, rows: Sequence[Said], asked: Sequence[Said]) -> None:
    """Print how a set is understood, and how if an open prompt asked for a question."""
    print(f"\n{name}: {len(rows)} messages, {right(rows):.1%} taken for what was meant")
    print(table(rows))
    print_shares(rows)
    print(f"unclear words that would be stored: {len(stored_unclear(rows))}")
    alarms = sum(one.alarms for one in rows if one.label in STORED)
    print(f"answers and values that are taken for somebody in danger: {alarms}")
    print("the same, where an open prompt asks for a question:")
    print_shares(asked)


def print_shares(rows: Sequence[Said]) -> None:
    """Print what would be stored and must not be, and what would not be kept at once."""
    wishes = sum(one.label in REQUESTS for one in rows)
    answers = sum(one.label in STORED for one in rows)
    print(
        f"wishes that would be stored: {len(stored_requests(rows))} of {wishes}, of them needs: {len(stored_needs(rows))}"
    )
    print(f"answers and values that are not kept at once: {len(unkept_answers(rows))} of {answers}")


if __name__ == "__main__":
    main()
