"""A month of a quiet member, a keen one and a moderator: everything that each receives, printed.

`pytest -s tests/stories/test_a_month.py --platform local` shows it, for people to read.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import or_, select

from bot.chat.language import LANGUAGES, _, speaking
from bot.delivery.facts import Verb
from bot.delivery.tables import outbox
from bot.people.channel_members import presence
from bot.settings.model import CommunitySettings
from tests.stories.stage import PEOPLE, staged

CHICAGO = ZoneInfo("America/Chicago")
FIRST, LAST = date(2026, 11, 2), date(2026, 11, 27)
HOLIDAYS = {date(2026, 11, 11), date(2026, 11, 26)}
NAMES = {"quiet": "ben", "keen": "ada", "moderator": "mo"}
QUESTIONS = (
    "The question back | What did a student ask you this week that you had no answer to?",
    "Ten minutes | Which ten minutes of this week would you like to have again?",
    "Fewer chances | Who got fewer chances to speak in your room this week?",
    "A call home | What did a family tell you that changed what you did next?",
    "Half done | Which student work surprised you, and what was it about?",
    "One number | Which number from this week would you show a colleague?",
)
"""A year's deck is longer than that of the stories; of a short one, moderators are told that it runs out."""


async def arrivals(stage, who):
    """(local time, text, whether it came in a channel) of everything that the bot said to somebody by itself."""
    c, person = outbox.c, stage.platform.id_of(who)
    mine = select(presence.c.channel).where(presence.c.person == person)
    query = (
        select(c.sent_at, c.external_id, c.verb)
        .where(c.sent_at.is_not(None), or_(c.person == person, c.channel.in_(mine)))
        .where(c.verb.in_((Verb.DIRECT, Verb.POST)), c.thread.is_(None), c.part == 0)
        .order_by(c.sent_at, c.id)
    )
    rows = await stage.app.store.read(lambda conn: conn.execute(query).all())
    seen = {one.id: one for one in (*stage.room(), *stage.inbox(who))}
    return [
        (row.sent_at.astimezone(CHICAGO), stage.text(seen[row.external_id]), row.verb is Verb.POST)
        for row in rows
        if row.external_id in seen
    ]


def asked(stage):
    """The prompt that was asked last, framed in the language of the community."""
    return [one for one in stage.room() if {"Answer or edit", "Responder o editar"} & set(one.buttons)][-1]


async def live_a_month(stage, language, said):
    """Four weeks of November: a prompt on Mondays, a course for the team, thanks; Thanksgiving at the end."""
    await stage.until(f"{FIRST - timedelta(days=3)} 10:00")
    for one in PEOPLE:  # whose clients speak the language
        await stage.joins(one.id, one.name, facts=one.facts, locale=language)
    form = await stage.asks("mo", "/prompt import")
    await stage.fills_in("mo", form, deck="weekly", text="\n".join(QUESTIONS))
    await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.presses("mo", stage.last("mo"), said("Confirm"))
    await stage.asks("mo", "/team create North")
    for name in ("Ada Quinn", "Ben Okafor"):
        await stage.asks("mo", f"/team add @{name} North")
    await stage.asks("mo", "/course enroll c1 team:North")
    for week in range(4):
        monday = FIRST + timedelta(days=7 * week)
        await stage.until(f"{monday} 10:30")
        await stage.says("ada", "We moved the table to the window.", thread=asked(stage))
        if week == 0:
            await stage.says("ben", "The bell.", thread=asked(stage))
        if week in (1, 2):
            await stage.asks("ada", f"/course done c1.{week} -- We did it.")
        await stage.until(f"{monday + timedelta(days=4)} 13:00")
        thanked = [one for one in stage.room() if any("Ada Quinn" in label for label in one.buttons)]
        if week < 2:
            thank = next(label for label in thanked[-1].buttons if "Ada Quinn" in label)
            await stage.presses("cleo", thanked[-1], thank)
    await stage.until(f"{LAST + timedelta(days=1)} 12:00")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_month_of_three_people(tmp_path, language):
    home = CommunitySettings(language=language)

    def said(text, **values):
        with speaking(f"{language}_US"):
            return _(text, **values)

    async with staged(tmp_path, zone="America/Chicago", community=home) as stage:
        await live_a_month(stage, language, said)
        printed = []
        for kind, who in NAMES.items():
            got = await arrivals(stage, who)
            assert got, kind
            printed += [
                f"# A month of a {kind} member" if kind != "moderator" else "# A month of a moderator",
                "",
            ]
            for at, text, posted in got:
                where = "in the channel" if posted else "in private"
                printed += [f"## {at:%a %d %b, %H:%M}, {where}", "", text, ""]
            times = [at for at, *_rest in got]
            busiest = max(sum(at - timedelta(days=7) < one <= at for one in times) for at in times)
            assert busiest <= 6, f"{kind}: {busiest} messages in a week"
            assert [at for at, next_at in pairwise(times) if next_at - at < timedelta(minutes=1)] == [], kind
            off = [at for at in times if at.weekday() > 4 or at.date() in HOLIDAYS]
            assert off == [], kind
        print("\n".join(printed))
