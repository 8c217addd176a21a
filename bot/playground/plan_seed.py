"""The plan of a team of the playground: what its people wrote in their first two weeks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.people.accounts import member_at
from bot.people.tables import Community
from bot.team_plans.model import DAY, PlanSheet
from bot.team_plans.writer import PlanEdit, PlanSaved, PlanValue, PlanWriter

_PROBLEM = {
    "what": "Students ask for help only after class.", "where": "Math, grade 7", "students": "Multilingual learners",
    "since": "September", "evidence": "4 of 52 questions in one week were theirs.",
}  # fmt: skip
_CAUSES = (
    ("tomas", "We answer the first hand that goes up.", "instruction", "number", "9 of 10 times"),
    ("lucia", "Directions are given once, in English.", "instruction", "guess", ""),
    ("priya", "There are three minutes between classes.", "structures", "number", "3 minutes"),
    ("sam", "Nobody asks how the lesson was.", "relationships", "voice", "They never ask us."),
)
_WHYS = (
    ("Waiting feels long.", "We never agreed how long to wait."),
    ("We plan alone.", "There is no shared hour."),
)
_VOICE = {
    "said": "I need a minute to find the words.",
    "students": "A student in grade 7",
    "asked": "When do you ask?",
}
_AIM = {"amount": "From 4 to 12 questions a week", "students": "Multilingual learners"}


def seed_plan(conn: Connection, home: Community, space: str, team_id: int, now: datetime) -> None:
    """Let the team write its plan up to the aim; the change is left to whoever tries it out."""
    writer = PlanWriter(lambda _conn, _fact: None)

    def writes(
        who: str, days_ago: int, sheet: PlanSheet, values: Mapping[str, PlanValue], about_id: int | None = None,
        entry_id: int | None = None,
    ) -> int:  # fmt: skip
        found = member_at(conn, home.id, space, who)
        if found is None:
            return 0
        edit = PlanEdit(team_id, sheet, values, entry_id, 1 if entry_id is not None else 0, about_id)
        saved = writer.write_part(conn, edit, found[0], now - timedelta(days=days_ago))
        return saved.entry.id if isinstance(saved, PlanSaved) else 0

    writes("maya", 13, PlanSheet.PROBLEM, _PROBLEM)
    causes = [
        writes(who, 9, PlanSheet.CAUSES, {"cause": cause, "category": bone, "basis": basis, "evidence": told})
        for who, cause, bone, basis, told in _CAUSES
    ]
    for cause, (why, deeper) in zip(causes, _WHYS, strict=False):
        chosen = writes("maya", 6, PlanSheet.CHOICE, {}, about_id=cause)
        writes("maya", 6, PlanSheet.WHYS, {"why1": why, "why2": deeper}, entry_id=chosen)
    writes("sam", 3, PlanSheet.VOICES, _VOICE)
    today = now.astimezone(ZoneInfo(home.zone)).date()
    writes("maya", 2, PlanSheet.AIM, {**_AIM, DAY: today + timedelta(weeks=8)})
