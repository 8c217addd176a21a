"""Likely names in what students said, which are asked about before they stand in a plan."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.team_plans.access import known_names
from bot.team_plans.drafts import PlanDraft
from bot.team_plans.model import FIELDS, PlanSheet
from bot.team_plans.names import capitalized_words, find_likely_names


def fields_of_students(draft: PlanDraft) -> Sequence[str]:
    """The fields that hold a student's own words."""
    if draft.sheet is PlanSheet.VOICES:
        fields: tuple[str, ...] = FIELDS[PlanSheet.VOICES]
    else:
        fields = ("evidence",) if draft.words.get("basis") == "voice" else ()
    return [name for name in fields if draft.words.get(name)]


def find_student_names(conn: Connection, community_id: int, draft: PlanDraft) -> list[str]:
    """Likely names in what students said, each once."""
    fields = fields_of_students(draft)
    if not fields:
        return []
    words = capitalized_words("\n".join(draft.words[one] for one in fields))
    known = known_names(conn, community_id, words)
    found = [name for one in fields for name in find_likely_names(draft.words[one], known)]
    return list(dict.fromkeys(found))
