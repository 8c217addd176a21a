"""What a viewer may see of a team: nobody is named against their will, and nobody can be worked out from the counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.models import Role, Sharing
from bot.courses.teams.progress_view import (
    MINIMUM,
    TOTAL,
    Learner,
    TeamProgressView,
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


def seen(learners: list[Learner], viewer: Reader = MATE) -> TeamProgressView:
    return view_progress("North", "Course", len(learners), learners, LESSONS, viewer)


def test_five_who_show_nothing_are_counted_and_only_the_viewer_is_named():
    found = seen([learner(number, done=number % 3) for number in range(5)])
    assert [name for name, _ in found.named] == ["Member 0"]
    assert [one.done for one in found.lessons] == [3, 1, 0]
    assert found.taking == 5


def test_four_who_show_nothing_are_one_total():
    found = seen([learner(number, done=1) for number in range(4)])
    assert found.lessons == ()
    assert found.total == (4, 12)


def test_two_are_not_shown_at_all():
    found = seen([learner(0, done=1), learner(1, done=2)])
    assert found.total is None
    assert found.lessons == ()
    assert [name for name, _ in found.named] == ["Member 0"]


def test_when_most_show_theirs_the_counts_are_of_those_alone():
    shown = [learner(number, Sharing.TEAM, done=1) for number in range(5)]
    found = seen([*shown, learner(5, done=3)])
    assert found.whole is False
    assert found.hidden == 1
    assert [one.of for one in found.lessons] == [5, 5, 5]
    assert found.lessons[2].done == 0, "the one who keeps theirs has done it, and nothing tells"
    assert found.taking is None


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


@given(rows=_learners, viewer=_viewers, lesson=st.sampled_from(list(LESSONS)), data=st.data())
def test_changing_what_one_hidden_member_did_is_seen_by_nobody_who_could_tell_who_it_was(
    rows, viewer, lesson, data
):
    """Whatever a hidden member does, either nothing seen changes, or there are too many it could have been."""
    learners = [
        learner(number, sharing, done, started) for number, (sharing, done, started) in enumerate(rows)
    ]
    before = seen(learners, viewer)
    hidden = [one for one in learners if not may_see(one, viewer)]
    assert {name for name, _ in before.named} == {one.name for one in learners if may_see(one, viewer)}
    if not hidden:
        return
    one = data.draw(st.sampled_from(hidden))
    other = Learner(one.member_id, one.name, one.sharing, one.done ^ {lesson}, one.started)
    after = seen([other if each is one else each for each in learners], viewer)
    if after != before:
        # A total of at least three people, or counts of five or more, in which the viewer may be one.
        itself = any(each.member_id == viewer.member_id for each in learners)
        least = MINIMUM if before.lessons else TOTAL
        assert len(hidden) + itself >= least
        assert before.whole
