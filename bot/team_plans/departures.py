"""What becomes of a plan when one of its people is erased, and what of it is handed over to them.

The plan belongs to the team and stays whole: nobody is author or owner in the place of whoever was erased, and their name
is taken out of the words (`docs/decisions/0016-a-plan-outlives-its-people.md`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Table, select, update

from bot.chat.language import _
from bot.courses.teams.tables import team, teams_of
from bot.feature import DataSubject
from bot.people.accounts import account, name_of
from bot.people.languages import speaking_to_all
from bot.team_plans import drafts, rooms, tables
from bot.team_plans.canvas import tables as canvases
from bot.team_plans.check_ins.tables import plan_question
from bot.team_plans.drafts import plan_draft
from bot.team_plans.model import CODES, DAY, OWNER, WEEKS
from bot.team_plans.names import replace_name
from bot.team_plans.tables import plan_entry, plan_revision, plan_share

_KEPT = CODES | {DAY, OWNER, WEEKS}
"""Fields that hold no words."""


def forget_canvases(conn: Connection, whose: DataSubject) -> set[int]:
    """Forget what a person did not save, and take their names out of canvases; returns the teams whose words changed."""
    home, member_id = whose.community.id, whose.member_id
    drafts.forget_drafts(conn, home, member_id)
    return _take_from_canvases(conn, home, _names_of(conn, home, member_id), _teams_about(conn, whose))


def forget_names(conn: Connection, whose: DataSubject) -> set[int]:
    """Take the names of a person out of the words of every plan, which stays whole; returns the teams whose words changed."""
    home, member_id = whose.community.id, whose.member_id
    names, mine = _names_of(conn, home, member_id), _teams_about(conn, whose)
    with speaking_to_all(conn, home):
        somebody = _("somebody")
    touched = set[int]()
    for table in (plan_entry, plan_revision, plan_draft, plan_question):
        for name in sorted(names, key=len, reverse=True):  # a whole name before a part of it
            touched |= _take_out(conn, table, home, name, somebody, mine)
    return touched


def forget_deeds(conn: Connection, whose: DataSubject) -> set[int]:
    """Forget who wrote, owns and shared what in plans, after their names are out of these; returns the person's teams."""
    mine = _teams_about(conn, whose)
    for table, column in (
        (plan_entry, plan_entry.c.author_id), (plan_entry, plan_entry.c.owner_id),
        (plan_revision, plan_revision.c.member_id), (plan_revision, plan_revision.c.owner_id),
        (plan_share, plan_share.c.member_id),
    ):  # fmt: skip
        conn.execute(update(table).where(column == whose.member_id).values({column.name: None}))
    rooms.owe_farewells(conn, mine, whose.accounts, whose.now)
    return mine


def _teams_about(conn: Connection, whose: DataSubject) -> set[int]:
    """The teams of a person, and those in whose plans something is theirs."""
    home, member_id = whose.community.id, whose.member_id
    return {one.id for one in teams_of(conn, home, member_id)} | tables.touched_teams(conn, home, member_id)


def _names_of(conn: Connection, community_id: int, member_id: int) -> set[str]:
    """Every name by which a member is known."""
    mine = (account.c.community_id == community_id) & (account.c.member_id == member_id)
    found = set(conn.execute(select(account.c.name).where(mine)).scalars()) | {name_of(conn, member_id) or ""}
    return {name for name in found if len(name.strip()) > 1 and name != "someone"}


def _take_from_canvases(
    conn: Connection, community_id: int, names: Collection[str], mine: Collection[int]
) -> set[int]:
    """Where one of these names waits on a line of a canvas, let the plan's words take its place: it would be read again.

    The teams of these canvases are returned."""
    changed: set[int] = set()
    waiting = (plan_draft.c.community_id == community_id) & plan_draft.c.line.is_not(None)
    for one in conn.execute(select(plan_draft).where(waiting)).all():
        text = one.words.get(one.line.rpartition("/")[2], "")
        if any(replace_name(text, name, "", given=one.team_id in mine) != text for name in names):
            canvases.settle_line(conn, one.team_id, one.line)
            if one.member_id is None:
                drafts.drop_draft(conn, one.id)
            changed.add(one.team_id)
    return changed


def _take_out(
    conn: Connection, table: Table, community_id: int, name: str, by: str, mine: Collection[int]
) -> set[int]:
    """Replace the name of a person in a table: the whole name everywhere, the given name in plans of their teams.

    The teams whose words have changed are returned."""
    changed: set[int] = set()
    for row in tables.rows_naming(conn, table, community_id, name):
        told = {
            field: text if field in _KEPT else replace_name(text, name, by, given=row.team_id in mine)
            for field, text in row.words.items()
        }
        if told != row.words:
            conn.execute(update(table).where(table.c.id == row.id).values(words=told))
            changed.add(row.team_id)
    return changed


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a person wrote into plans and does there, and what they changed."""
    home, member_id = whose.community.id, whose.member_id
    entry, revision = plan_entry.c, plan_revision.c
    mine = (
        select(plan_entry, team.c.name)
        .join(team, team.c.id == entry.team_id)
        .where(entry.community_id == home, (entry.author_id == member_id) | (entry.owner_id == member_id))
    )
    written: list[dict[str, object]] = [
        {
            "team": row.name, "part": row.part.value, "words": row.words, "written by me": row.author_id == member_id,
            "I do it": row.owner_id == member_id, "day": row.day.isoformat() if row.day is not None else None,
            "written at": row.made_at.isoformat(),
            "done at": row.done_at.isoformat() if row.done_at is not None else None,
            "removed at": row.gone_at.isoformat() if row.gone_at is not None else None,
        }
        for row in conn.execute(mine.order_by(entry.id))
    ]  # fmt: skip
    changes = (
        select(plan_revision, team.c.name)
        .join(team, team.c.id == revision.team_id)
        .where(revision.community_id == home, revision.member_id == member_id)
    )
    changed: list[dict[str, object]] = [
        {"team": row.name, "part": row.sheet.value, "at": row.at.isoformat(), "before": row.words}
        for row in conn.execute(changes.order_by(revision.id))
    ]
    waiting: list[dict[str, object]] = [dict(one) for one in drafts.drafts_of(conn, home, member_id)]
    return {
        "team plans": written, "changes of team plans": changed, "unsaved words for team plans": waiting,
    }  # fmt: skip
