"""Earlier words: what a member answered months ago to the same prompt or about the same theme, for those who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, select

from bot.chat.forms import FormField, Hint
from bot.chat.language import _, format_day
from bot.people.accounts import zone_of
from bot.people.preferences import preferences_of
from bot.reflections.answers.tables import IS_GIVEN, Answer, answer, load_answers
from bot.reflections.cards import clip_text
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking

MONTHS_AGO = timedelta(days=60)
"""How old words are at least that are brought back."""
LOOKED_AT = 30
"""Answers that are looked at for one about the same theme, the newest first."""
SAYS_SOMETHING = 4
"""Words that are worth bringing back."""
SHOWN = 300
"""Characters that are shown."""


def list_earlier_words(conn: Connection, here: AskedPrompt, member_id: int) -> list[FormField]:
    """A note for the form of a prompt with the member's own words; none for those who did not ask for it."""
    if not preferences_of(conn, member_id).recall:
        return []
    found = find_earlier_answer(conn, here, member_id)
    if found is None:
        return []
    then, asked = found
    day = then.first_at.astimezone(ZoneInfo(zone_of(conn, member_id))).date()
    told = _(
        "On {day} you answered “{prompt}”. Only you see this:", day=format_day(day), prompt=asked.prompt.title
    )
    return [Hint(f"{told}\n“{clip_text(' '.join(then.words.split()), SHOWN)}”")]


def find_earlier_answer(
    conn: Connection, here: AskedPrompt, member_id: int
) -> tuple[Answer, AskedPrompt] | None:
    """The latest answer of some months ago to the same prompt, else about its theme."""
    mine = and_(
        answer.c.community_id == here.community_id, answer.c.member_id == member_id, IS_GIVEN,
        answer.c.first_at <= here.opened_at - MONTHS_AGO,
    )  # fmt: skip
    same = select(asking.c.occurrence_id).where(asking.c.prompt_id == here.prompt_id)
    again = load_answers(conn, mine, answer.c.occurrence_id.in_(same), limit=LOOKED_AT)
    found = _first_alike(conn, here, again)
    return found or _first_alike(conn, here, load_answers(conn, mine, limit=LOOKED_AT))


def _first_alike(
    conn: Connection, here: AskedPrompt, answers: Sequence[Answer]
) -> tuple[Answer, AskedPrompt] | None:
    """The first answer that says something to the same prompt or about its theme; all prompts are asked for at once."""
    telling = [one for one in answers if len(one.words.split()) >= SAYS_SOMETHING]
    ids = [one.occurrence_id for one in telling]
    rows = conn.execute(select(*WHOLE).where(asking.c.occurrence_id.in_(ids))) if ids else ()
    known = {one.id: one for one in map(asked_from, rows)}
    for one in telling:
        asked = known.get(one.occurrence_id)
        if asked is not None and (
            asked.prompt_id == here.prompt_id or asked.prompt.theme == here.prompt.theme
        ):
            return one, asked
    return None
