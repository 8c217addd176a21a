"""Whom a moderator may ask about an answer, when they press the button of a card that may be old."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.chat.cards import Buttons
from bot.chat.models import Person, Place, Refusal, Role, Sharing
from bot.chat.plain_text import card_text
from bot.feature import Request
from bot.people.accounts import member_of
from bot.reflections.answers import tables as answers
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.moderation.tables import HidingReason, answer_report
from bot.reflections.schedule import asked_prompts
from bot.reports.highlights import posts, tables
from bot.reports.highlights.commands import ask_author, list_highlights, turn_list
from bot.reports.highlights.tables import Consent
from bot.runtime.clock import SteerableClock
from tests.reports import town as towns
from tests.reports.town import CLOSES, OPENS, SPACE, Town, founded_town

NOW = CLOSES + timedelta(days=3)
LONG = "We asked three students what they would change about the hallway, and they said the noise."


def two_answers(town: Town) -> None:
    """Ada, who is 1, answered two prompts, and moderators can read both answers."""
    for number in (1, 2, 3):
        town.add(towns.Person(number, sharing=Sharing.MODERATORS if number == 1 else None, text=LONG))
    town.close()
    asked_prompts.open_asking(
        town.conn, occurrence_id=2, community_id=1, schedule_id=1, prompt_id=2, prompt=town.here().prompt,
        direct=False, opened_at=OPENS, closes_at=CLOSES,
    )  # fmt: skip
    row = {
        "id": 9, "community_id": 1, "occurrence_id": 2, "member_id": 1, "sharing": Sharing.EVERYONE.value,
        "first_at": OPENS, "shared_at": OPENS, "late": False,
    }  # fmt: skip
    town.conn.execute(insert(answers.answer).values(row))
    answers.store_part(town.conn, 1, 9, "form", "form/9/0", LONG, None, OPENS, None)
    asked_prompts.close_prompt(town.conn, 2, CLOSES, None, None)


def request_of(town: Town, moderator: int, value: str = "") -> Request:
    who, where = Person(SPACE, f"p{moderator}", ""), Place(SPACE, "c1")
    member = member_of(town.conn, who, town.home, NOW)
    return Request(town.home, member, Role.MODERATOR, who, where, NOW, value=value)


def press(town: Town, number: int, moderator: int = 2, **changes: object) -> str:
    asked = request_of(town, moderator, f"a{number}")
    return ask_author(town.conn, replace(asked, **changes)).title


def test_the_rules_of_the_choice_hold_when_somebody_is_asked():
    with founded_town() as town:
        two_answers(town)
        assert press(town, 1) == "Asked"
        with pytest.raises(Refusal, match="cannot be asked about this answer now"):
            press(town, 9, 3)
        assert len(tables.of_author(town.conn, 1, 1)) == 1
        assert press(town, 9, 3, now=NOW + timedelta(days=61)) == "Asked"


def test_nobody_is_asked_about_a_reported_answer_or_a_private_prompt():
    with founded_town() as town:
        two_answers(town)
        report = {
            "answer_id": 1,
            "community_id": 1,
            "member_id": 3,
            "reason": HidingReason.OTHER,
            "at": OPENS,
        }
        town.conn.execute(insert(answer_report).values(report))
        town.conn.execute(
            update(asked_prompts.asking)
            .where(asked_prompts.asking.c.occurrence_id == 2)
            .values(anonymous=True)
        )
        for number in (1, 9):
            with pytest.raises(Refusal, match="cannot be asked about this answer now"):
                press(town, number)


def test_what_is_shown_and_what_may_be_shown_stands_before_what_is_over():
    with founded_town() as town:
        for number in range(1, 8):
            town.add(towns.Person(number, sharing=Sharing.EVERYONE, text=LONG))
        for number in range(1, 7):
            made = tables.begin_highlight(town.conn, 1, 1, number, number, 7, NOW)
            tables.decide(town.conn, made, Consent.AGREED if number < 3 else Consent.DECLINED, NOW)
        tables.set_post(town.conn, 1, "highlight:1:1", Place(SPACE, "c1"), 1)
        first = list_highlights(town.conn, request_of(town, 7))
        lines = [line for line in card_text(first).splitlines() if "Member" in line]
        assert "Member 1: it is shown" in lines[0]
        assert any("Member 2: they said yes" in line for line in lines)
        rest = card_text(turn_list(town.conn, request_of(town, 7, "1")))
        assert [number for number in range(1, 7) if f"Member {number}:" in rest] == [3, 4]


def test_only_what_is_shared_with_everyone_can_be_thanked_for_where_it_is_shown():
    with founded_town() as town:
        for number, sharing in enumerate((Sharing.EVERYONE, Sharing.MODERATORS), 1):
            town.add(towns.Person(number, sharing=sharing, text=LONG))
            made = tables.begin_highlight(town.conn, 1, 1, number, number, 7, NOW)
            tables.decide(town.conn, made, Consent.AGREED, NOW, named=True)
            tables.set_post(town.conn, number, f"highlight:{number}:1", Place(SPACE, "c1"), 1)
        shared, kept = (posts.draw_post(town.conn, 1, str(number)) for number in (1, 2))
        assert any(isinstance(one, Buttons) for one in shared.blocks)
        assert not any(isinstance(one, Buttons) for one in kept.blocks)


def test_a_post_is_edited_only_where_it_looks_different():
    with founded_town() as town:
        for number in (1, 2):
            town.add(towns.Person(number, sharing=Sharing.MODERATORS, text=LONG))
        made = tables.begin_highlight(town.conn, 1, 1, 1, 1, 2, NOW)
        tables.decide(town.conn, made, Consent.AGREED, NOW, named=True)
        posts.queue_post(town.conn, tables.find_highlight(town.conn, 1, made), Place(SPACE, "c1"), NOW)
        keeper = posts.HighlightPosts(SteerableClock(NOW))

        def count_turns() -> int:
            keeper.changed(town.conn, AnswerChanged(1, 1))
            return tables.find_highlight(town.conn, 1, made).turn

        assert count_turns() == 1, "somebody else's answer changed"
        answers.store_part(town.conn, 1, 1, "thread", f"{SPACE}/c1/1", "We asked nobody.", None, OPENS, NOW)
        assert count_turns() == 2
        assert count_turns() == 2
        everyone = update(answers.answer).where(answers.answer.c.id == 1)
        town.conn.execute(everyone.values(sharing=Sharing.EVERYONE.value))
        assert count_turns() == 3, "it can be thanked for now"
