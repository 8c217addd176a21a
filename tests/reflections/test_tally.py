"""The picture of what was tapped tells nothing of fewer than five people who are not seen by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, insert

from bot.all_tables import metadata
from bot.chat.models import Sharing
from bot.people import tables as people
from bot.reflections.answers import tables
from bot.reflections.answers.turnout import count_answered
from bot.reflections.examples import SCALED
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.cards import tally_blocks
from bot.reflections.taps.tally import QuestionTally, count_picks, list_tallies

AT = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


class Taps:
    """The answers to one scale from 1 to 5."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def give(self, member: int, pick: int, sharing: Sharing = Sharing.ME, *, late: bool = False) -> None:
        row = {
            "id": member, "community_id": 1, "occurrence_id": 1, "member_id": member, "sharing": sharing.value,
            "first_at": AT, "shared_at": AT, "late": late,
        }  # fmt: skip
        self.conn.execute(insert(tables.answer).values(row))
        self.say(member, "form", f"form/{member}/0", pick, AT)

    def say(self, member: int, via: str, source: str, pick: int, at: datetime) -> None:
        value = {"pick": pick, "reason": ""}
        tables.store_part(self.conn, 1, member, via, source, f"{pick} of 5", value, at, None, 0)

    def close(self) -> None:
        here = self.here()
        answered, picked = count_answered(self.conn, here), count_picks(self.conn, here)
        asked_prompts.close_prompt(self.conn, 1, AT, answered, picked)

    def here(self) -> AskedPrompt:
        found = asked_prompts.find_asked_prompt(self.conn, 1, 1)
        assert found is not None
        return found

    def told(self) -> tuple[QuestionTally, ...]:
        return list_tallies(self.conn, self.here())


@pytest.fixture
def taps() -> Iterator[Taps]:
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        metadata.create_all(conn)
        people.ensure_community(conn, "home", "Home", "Europe/Dublin", AT)
        for number in range(1, 10):
            row = {"id": number, "community_id": 1, "name": f"Member {number}", "created_at": AT}
            conn.execute(insert(people.member).values(row))
        asked_prompts.open_asking(
            conn, occurrence_id=1, community_id=1, schedule_id=1, prompt_id=1, prompt=SCALED, direct=False,
            opened_at=AT, closes_at=AT,
        )  # fmt: skip
        yield Taps(conn)
    engine.dispose()


def test_five_unseen_picks_are_told_in_the_order_of_the_scale(taps):
    for member, pick in enumerate((5, 1, 4, 4, 4), 1):
        taps.give(member, pick)
    taps.close()
    assert taps.told() == (QuestionTally(0, (1, 0, 0, 3, 1)),)
    [picture] = tally_blocks(taps.here().prompt, taps.told())
    assert picture.alt == (
        "How much room to think did this week leave you? 5 people answered. "
        "1 (none): 1 person. 2: 0 people. 3: 0 people. 4: 3 people. 5 (plenty): 1 person."
    )


def test_four_unseen_picks_are_not_counted(taps):
    taps.give(1, 5, Sharing.EVERYONE)
    for member in range(2, 6):
        taps.give(member, 1)
    taps.close()
    assert taps.here().picked == {}
    assert taps.told() == ()


def test_what_was_counted_is_hidden_once_too_few_are_unseen(taps):
    for member in range(1, 6):
        taps.give(member, member)
    taps.close()
    assert taps.told()
    tables.set_sharing(taps.conn, 1, Sharing.EVERYONE, AT)
    assert taps.told() == ()


def test_a_late_tap_is_not_in_it_and_a_change_afterwards_does_not_change_it(taps):
    for member in range(1, 6):
        taps.give(member, 2)
    taps.give(6, 5, late=True)
    taps.close()
    taps.say(1, "form", "form/1/0", 3, AT + timedelta(days=1))
    tables.set_withdrawn(taps.conn, 2, AT)
    assert taps.told() == (QuestionTally(0, (0, 5, 0, 0, 0)),)


def test_everybody_counts_once_with_their_last_pick(taps):
    for member in range(1, 6):
        taps.give(member, 2)
    taps.say(1, "direct", "local:x/d1/m9", 4, AT + timedelta(minutes=1))
    taps.close()
    assert taps.told() == (QuestionTally(0, (0, 4, 0, 1, 0)),)


def test_a_prompt_in_words_has_no_tally(taps):
    here = taps.here()
    words = replace(here, prompt=replace(here.prompt, questions=()))
    assert count_picks(taps.conn, words) == {}
