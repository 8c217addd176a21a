"""What a viewer may see of a team: nobody is named against their will, and nobody can be worked out from the counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.models import Role, Sharing
from bot.courses.teams.progress_view import (
    Learner,
    TeamProgressView,
    TeamTotal,
    may_see,
    view_progress,
)
from bot.people.audience import Reader

LESSONS = {"one": "One", "two": "Two", "three": "Three"}
TEAM = frozenset(range(15))
MATE = Reader(1, 0, Role.MEMBER, TEAM)


def learner(number: int, sharing: Sharing = Sharing.ME, done: int = 0, started: int = 0) -> Learner:
    slugs = list(LESSONS)
    return Learner(
        number, f"Member {number}", sharing, frozenset(slugs[:done]), frozenset(slugs[: done + started])
    )


def seen(learners: list[Learner], viewer: Reader = MATE, total: TeamTotal | None = None) -> TeamProgressView:
    return view_progress("North", "Course", len(learners), learners, LESSONS, viewer, total)


def test_those_who_show_nothing_are_not_counted_however_many_they_are():
    found = seen([learner(number, done=number % 3) for number in range(5)])
    assert found.named == (), "the viewer has begun nothing"
    assert found.waiting == 0, "of the others nothing is known"
    assert found.lessons == ()
    assert found.whole is False


def test_the_counts_are_of_those_who_are_named():
    shown = [learner(number, Sharing.TEAM, done=1) for number in range(5)]
    found = seen([*shown, *(learner(number, done=3) for number in range(5, 12))])
    assert [one.of for one in found.lessons] == [5, 5, 5]
    assert found.lessons[2].done == 0, "those who keep theirs have done it, and nothing tells"
    assert found.whole is False


def test_nobody_stands_there_by_name_with_nothing_begun():
    found = seen([learner(1, Sharing.TEAM, started=1), learner(2, Sharing.TEAM), learner(3, Sharing.TEAM)])
    assert [name for name, _ in found.named] == ["Member 1"]
    assert found.waiting == 2
    assert [one.of for one in found.lessons] == [3, 3, 3], "they count"


def test_a_team_in_which_everybody_shows_theirs_is_whole():
    assert seen([learner(number, Sharing.TEAM) for number in range(3)]).whole is True


def test_names_are_for_those_they_are_meant_for():
    teammate, mods = learner(1, Sharing.TEAM), learner(2, Sharing.MODERATORS)
    everyone = learner(3, Sharing.EVERYONE)
    outside = Reader(1, 9, Role.MEMBER)
    moderator = Reader(1, 8, Role.MODERATOR)
    assert [may_see(one, MATE) for one in (teammate, mods, everyone)] == [True, False, True]
    assert [may_see(one, outside) for one in (teammate, mods, everyone)] == [False, False, True]
    assert [may_see(one, moderator) for one in (teammate, mods, everyone)] == [False, True, True]


_learners = st.lists(
    st.tuples(st.sampled_from(list(Sharing)), st.integers(0, 3), st.integers(0, 1)), min_size=0, max_size=12
)
_viewers = st.builds(
    Reader,
    st.just(1),
    st.integers(0, 14),
    st.sampled_from([Role.MEMBER, Role.MODERATOR]),
    st.frozensets(st.integers(0, 14)),
)


@given(rows=_learners, viewer=_viewers)
def test_what_is_seen_does_not_depend_on_what_those_do_whom_one_may_not_see(rows, viewer):
    learners = [
        learner(number, sharing, done, started) for number, (sharing, done, started) in enumerate(rows)
    ]
    others = [
        one if may_see(one, viewer) else learner(one.member_id, one.sharing, 3 - len(one.done))
        for one in learners
    ]
    found = seen(learners, viewer)
    assert {name for name, _ in found.named} == {
        one.name for one in learners if may_see(one, viewer) and one.begun
    }
    assert seen(others, viewer) == found
