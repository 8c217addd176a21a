"""Small groups: what is counted of people others cannot see by name, and when so few are not counted at all.

A number is told only if at least `MINIMUM` people stand behind it whom its readers do not see by name: neither the number
itself nor what is left of it beside the names says anything of fewer. Each number is of a fixed cell (a week or an
occurrence, with a community or a team) and is told once, so there are no two of them to subtract. Where it is corrected,
as on the card of an open prompt, `may_correct` says when: only once it differs by at least `MINIMUM` people. Where cells
follow each other, `may_follow` says when the next one is due.

Not held back: lists that everybody reads by name anyway, such as who is in a team or who comes to a meeting. Whoever is
one of five knows their own part; of the other four they learn only the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MINIMUM = 5
"""The smallest number of people that is told."""


def may_tell(counted: int, named: int = 0) -> bool:
    """Whether a number of people may be told beside the names of those of them who are seen."""
    return counted - named >= MINIMUM


def may_correct(told: int, now: int) -> bool:
    """Whether a number of unseen people may be told in place of one that was told before.

    By how much two groups differ in size, at least so many people are in only one of them.
    """
    return abs(now - told) >= MINIMUM


def may_follow(earlier: Iterable[Mapping[int, int]], now: Mapping[int, int]) -> bool:
    """Whether a total of these people may be told after earlier totals, which somebody may have written down.

    Each is what it was counted from, by member, without those whose part everybody sees now. Two totals differ by what
    differs in them, so that must be the part of at least `MINIMUM` people; who is only in one of them is one who differs.
    """
    return all(_count_differing(each, now) >= MINIMUM for each in earlier)


def _count_differing(one: Mapping[int, int], other: Mapping[int, int]) -> int:
    return len({member_id for member_id, _ in one.items() ^ other.items()})
