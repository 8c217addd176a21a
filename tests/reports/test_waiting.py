"""The list of answers that wait is what somebody would find by hand, whichever page they are on."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from bot.chat.models import Sharing
from bot.reflections.answers.tables import answer
from bot.reflections.conversations.tables import conversation
from bot.reflections.conversations.thanks import thanks
from bot.reports.waiting_list import count_waiting, list_waiting, moderators_of
from tests.reports.town import CLOSES, OPENS, anybody, founded_town
from tests.seeds import seeds

NOW = CLOSES + timedelta(days=3)


@pytest.mark.parametrize("seed", seeds(8, 200))
def test_what_waits_is_what_nobody_reacted_to(seed):
    chance = random.Random(seed)
    with founded_town() as town:
        waiting = []
        for number in range(1, 25):
            one = anybody(number, chance)
            town.add(one)
            if one.sharing is None:
                continue
            at = OPENS + timedelta(hours=chance.choice((1, 1, 5, 30, 90, 160)))
            town.conn.execute(update(answer).where(answer.c.id == number).values(shared_at=at))
            same = {"answer_id": number, "community_id": 1}
            thanked, replied, own = (chance.random() < 0.2 for _each in range(3))
            if thanked or own:
                who = 100 if thanked else number
                town.conn.execute(insert(thanks).values(**same, member_id=who, at=OPENS))
            if replied:
                two = {"reader_id": 100, "author_id": number, "begun_at": OPENS, "occurrence_id": 1}
                town.conn.execute(insert(conversation).values(**same, **two))
            shared = one.sharing in (Sharing.EVERYONE, Sharing.MODERATORS)
            stands = shared and bool(one.text) and not one.withdrawn and not one.hidden
            if stands and not thanked and not replied and number != 3 and at < NOW - timedelta(days=1):
                waiting.append((at, number))
        town.close()
        reader = moderators_of(1, 3)
        found, before = [], None
        while page := list_waiting(town.conn, reader, NOW, before, 3):
            found += [(one.position.at, one.answer.id) for one in page]
            before = page[-1].position
        assert found == sorted(waiting, reverse=True)
        assert count_waiting(town.conn, reader, NOW) == len(waiting)
        assert list_waiting(town.conn, reader, NOW + timedelta(weeks=5), None, 3) == [], "it is long over"
