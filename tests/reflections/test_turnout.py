"""What a digest says of how many answered tells nothing of fewer than five who did so unseen, then or later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from bot.all_tables import metadata
from bot.chat.models import Sharing
from bot.people import tables as people
from bot.people.small_groups import MINIMUM
from bot.reflections.answers import tables
from bot.reflections.answers.told_counts import find_told
from bot.reflections.answers.turnout import Turnout, count_answered, read_turnout, tell_count
from bot.reflections.examples import PROMPT
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt

AT = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
MEMBERS = range(1, 13)
PRIVATE = [Sharing.ME, Sharing.MODERATORS, Sharing.TEAM]


class Answers:
    """The answers to one prompt, and who is seen to have answered."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.threaded: set[int] = set()

    def give(self, member: int, sharing: Sharing, *, thread: bool = False) -> None:
        row = {
            "id": member, "community_id": 1, "occurrence_id": 1, "member_id": member, "sharing": sharing.value,
            "first_at": AT, "shared_at": AT, "late": False,
        }  # fmt: skip
        self.conn.execute(insert(tables.answer).values(row))
        part = {
            "community_id": 1, "answer_id": member, "via": "thread" if thread else "form", "source": f"s/{member}",
            "text": "Words.", "said_at": AT,
        }  # fmt: skip
        self.conn.execute(insert(tables.part).values(part))
        self.threaded |= {member} if thread else set()

    def share(self, member: int, sharing: Sharing) -> None:
        tables.set_sharing(self.conn, member, sharing, AT)

    def withdraw(self, member: int, gone: bool) -> None:
        tables.set_withdrawn(self.conn, member, AT if gone else None)

    def close(self) -> None:
        asked_prompts.close_prompt(self.conn, 1, AT, count_answered(self.conn, self.here()))

    def here(self) -> AskedPrompt:
        found = asked_prompts.find_asked_prompt(self.conn, 1, 1)
        assert found is not None
        return found

    def turnout(self) -> Turnout:
        return read_turnout(self.conn, self.here())

    def given(self) -> set[int]:
        rows = self.conn.execute(select(tables.answer.c.member_id).where(tables.IS_GIVEN))
        return set(rows.scalars())

    def named(self) -> set[int]:
        """Who is named now, in the digest or by their own message in the thread."""
        everyone = tables.answer.c.sharing == Sharing.EVERYONE.value
        rows = self.conn.execute(select(tables.answer.c.member_id).where(tables.IS_GIVEN, everyone))
        return set(rows.scalars()) | (self.threaded & self.given())


@pytest.fixture(scope="module")
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        metadata.create_all(conn)
        people.ensure_community(conn, "home", "Home", "Europe/Dublin", AT)
        for number in MEMBERS:
            row = {"id": number, "community_id": 1, "name": f"Member {number}", "created_at": AT}
            conn.execute(insert(people.member).values(row))
        asked_prompts.open_asking(
            conn, occurrence_id=1, community_id=1, schedule_id=1, prompt_id=1, prompt=PROMPT, direct=False,
            opened_at=AT, closes_at=AT,
        )  # fmt: skip
        conn.commit()
        yield conn
    engine.dispose()


@pytest.fixture
def answers(conn: Connection) -> Iterator[Answers]:
    yield Answers(conn)
    conn.rollback()


_sharing = st.sampled_from([*PRIVATE, Sharing.EVERYONE])
_steps = st.one_of(
    st.tuples(st.just("share"), st.sampled_from(list(MEMBERS)), _sharing),
    st.tuples(st.just("withdraw"), st.sampled_from(list(MEMBERS)), st.booleans()),
)


@given(
    given=st.lists(st.tuples(_sharing, st.booleans()), max_size=len(MEMBERS)),
    steps=st.lists(_steps, max_size=15),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_digest_and_no_two_of_them_tell_of_fewer_than_five(conn, given, steps):
    answers = Answers(conn)
    try:
        for member, (sharing, thread) in zip(MEMBERS, given, strict=False):
            answers.give(member, sharing, thread=thread)
        before = answers.given()
        answers.close()
        told = set()
        for verb, member, what in (("share", 0, Sharing.ME), *steps):
            getattr(answers, verb)(member, what)
            found = answers.turnout()
            if found.answered is not None:
                told.add(found.answered)
                assert found.answered == len(before)
                assert len(before - answers.named()) >= MINIMUM
        assert len(told) <= 1, "two of them could be subtracted"
    finally:
        conn.rollback()


@given(
    given=st.lists(st.tuples(_sharing, st.booleans()), max_size=len(MEMBERS)),
    looks=st.sets(st.integers(0, len(MEMBERS)), max_size=8),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_two_numbers_on_a_card_and_its_digest_differ_by_five_people_or_not_at_all(conn, given, looks):
    answers = Answers(conn)
    try:
        unseen: list[int] = []
        for number, (sharing, thread) in enumerate(given[: len(MEMBERS)]):
            answers.give(MEMBERS[number], sharing, thread=thread)
            if number in looks:
                tell_count(conn, answers.here())
                told = find_told(conn, 1)
                if told is not None and told.unseen not in unseen:
                    unseen.append(told.unseen)
                    assert told.answered == len(answers.given())
        answers.close()
        said = answers.turnout()
        if said.answered is not None and not said.at_least:
            unseen.append(len(answers.given() - answers.named()))
        assert all(unseen[0] >= MINIMUM for _ in unseen[:1])
        assert all(after - before >= MINIMUM for before, after in pairwise(unseen))
    finally:
        conn.rollback()


def test_four_who_did_not_share_are_told_like_nobody(answers):
    answers.give(1, Sharing.EVERYONE)
    for member in range(2, 6):
        answers.give(member, Sharing.ME)
    answers.close()
    assert (answers.turnout().answered, answers.turnout().shared) == (None, 1)


def test_a_reply_in_the_thread_is_seen_whatever_its_author_says_afterwards(answers):
    for member in range(1, 6):
        answers.give(member, Sharing.ME, thread=member == 1)
    answers.close()
    assert answers.here().answered is None
    assert answers.turnout().answered is None


def test_the_number_is_counted_once(answers):
    for member in range(1, 8):
        answers.give(member, Sharing.ME)
    answers.close()
    answers.withdraw(1, True)
    assert answers.turnout().answered == 7
    for member in range(1, 8):
        answers.withdraw(member, True)
    assert answers.turnout().answered == 7


def test_the_number_goes_when_fewer_than_five_are_left_beside_the_names(answers):
    for member in range(1, 7):
        answers.give(member, Sharing.TEAM)
    answers.close()
    answers.share(1, Sharing.EVERYONE)
    assert answers.turnout().answered == 6
    answers.share(2, Sharing.EVERYONE)
    assert answers.turnout().answered is None
