"""Prints how each set of messages is understood: `python -m tests.intents`."""

from __future__ import annotations

from tests.intents.measure import (
    REQUESTS,
    SETS,
    STORED,
    UNREAD,
    measured,
    right,
    stored_requests,
    stored_unclear,
    table,
    unkept_answers,
)


def main() -> None:
    """Print a table for each set, and the shares that matter."""
    for name in (*SETS, UNREAD):
        rows = measured(name)
        wishes = sum(one.label in REQUESTS for one in rows)
        answers = sum(one.label in STORED for one in rows)
        print(f"\n{name}: {len(rows)} messages, {right(rows):.1%} taken for what was meant")
        print(table(rows))
        print(f"wishes that would be stored: {len(stored_requests(rows))} of {wishes}")
        print(f"unclear words that would be stored: {len(stored_unclear(rows))}")
        print(f"answers and values that are not kept at once: {len(unkept_answers(rows))} of {answers}")
        rows = measured(name, asked=True)
        print("the same, where an open prompt asks for a question:")
        print(f"wishes that would be stored: {len(stored_requests(rows))} of {wishes}")
        print(f"answers and values that are not kept at once: {len(unkept_answers(rows))} of {answers}")
        for one in measured(name) if name != UNREAD else ():
            if one.label != one.found:
                print(f"  {one.label} -> {one.found}: {one.text}")


if __name__ == "__main__":
    main()
