"""Telling members what others made them a part of: one private message for everything, once, never in quiet hours.

It is a message about one's own membership and no reminder, so it does not count among the two a week. No lesson comes
before it. Whoever said stop, or wants no direct messages, reads it in `/team` and `/course`.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.chat.cards import ChannelLink, Part, compose
from bot.chat.language import _
from bot.courses.enrollment import tables as enrollment
from bot.courses.lessons import catalog
from bot.courses.notices import cards, tables
from bot.courses.notices.cards import CourseNotice, TeamNotice
from bot.courses.notices.tables import MembershipKind, MembershipNotice
from bot.courses.teams import tables as teams_tables
from bot.delivery import outbox
from bot.delivery.facts import EXPIRED, Draft, Failed, Sent, Verb
from bot.people.accounts import name_of, zone_of
from bot.people.languages import speaking_to
from bot.reminders.notices import find_notice_turn
from bot.runtime.clock import Clock
from bot.store.store import Store

KIND, SOURCE, OPERATOR = "membership", "import", "operator"
BATCH = 100
"""Members who are told in one round."""


class MembershipNotices:
    """Tells members what they were made a part of."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def tell_due(self) -> int:
        """Tell everybody who is owed a notice, or put it off; how many those were."""
        now = self._clock.now()
        found = await self._store.read(lambda conn: tables.due_members(conn, now, BATCH))
        for member_id in found:
            await self._store.write(partial(_tell, member_id=member_id, now=now))
        return len(found)

    def sent(self, conn: Connection, fact: Sent) -> None:
        """A notice arrived."""
        if fact.kind == KIND:
            tables.finish_notices(conn, fact.key)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A notice did not arrive: told anew where its time was over, else given up."""
        if fact.kind == KIND and fact.code == EXPIRED:
            tables.requeue_notices(conn, fact.key, self._clock.now())
        elif fact.kind == KIND:
            tables.finish_notices(conn, fact.key)


def forget(conn: Connection, community_id: int, member_id: int, now: datetime) -> None:
    """Forget what a member was to be told, and their name in what others are told."""
    for key in outbox.naming(conn, community_id, KIND, f"/{member_id}/"):
        if outbox.cancel_draft(conn, key):
            tables.requeue_notices(conn, key, now)
    tables.forget(conn, community_id, member_id)


def _tell(conn: Connection, member_id: int, now: datetime) -> None:
    """Queue the message to one member, in the transaction in which it is decided."""
    owed = tables.claim_notices(conn, member_id)
    if not owed:
        return
    home, ids = owed[0].community_id, [one.id for one in owed]
    turn = find_notice_turn(conn, home, member_id, now)
    teams, courses = _still_true(conn, owed)
    if turn is None or not (teams or courses):
        tables.drop_notices(conn, ids)
        return
    if turn.expires is None:
        tables.postpone_notices(conn, ids, turn.at)
        return
    named = {one.made_by for one in owed if one.made_by is not None}
    with speaking_to(conn, member_id):
        card = cards.membership_card(teams, courses, zone_of(conn, member_id))
    draft = Draft(
        community_id=home, space=turn.space, person=turn.person, verb=Verb.DIRECT, kind=KIND, priority=3,
        key=f"{KIND}:{member_id}:{ids[-1]}:{now:%Y%m%d%H%M%S}", not_before=turn.at, expires_at=turn.expires,
        ref=f"/{'/'.join(str(one) for one in sorted(named))}/",
        card=card,
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)
    tables.queue_notices(conn, ids, draft.key)


def _still_true(
    conn: Connection, owed: list[MembershipNotice]
) -> tuple[list[TeamNotice], list[CourseNotice]]:
    """What of it holds now: who was taken out again, or left, is told nothing."""
    leads = {one.subject for one in owed if one.membership is MembershipKind.LEAD}
    teams, courses = [], []
    for one in owed:
        if one.membership is MembershipKind.COURSE:
            course = _course(conn, one)
            courses += [course] if course is not None else []
        elif one.membership is MembershipKind.LEAD or one.subject not in leads:
            team = _team(conn, one)
            teams += [team] if team is not None else []
    return teams, courses


def _team(conn: Connection, one: MembershipNotice) -> TeamNotice | None:
    mine = teams_tables.teams_of(conn, one.community_id, one.member_id)
    team = next((each for each in mine if each.id == one.subject), None)
    if team is None:
        return None
    leads = one.membership is MembershipKind.LEAD and teams_tables.is_lead(conn, team.id, one.member_id)
    return TeamNotice(team, _who(conn, one), leads)


def _course(conn: Connection, one: MembershipNotice) -> CourseNotice | None:
    mine = enrollment.enrollment_in(conn, one.subject, one.member_id)
    listed = catalog.find_course(conn, one.community_id, one.subject)
    rules = {f"rule:{rule.id}": rule for rule in enrollment.enrollment_rules(conn, one.community_id)}
    rule = rules.get(one.source)
    if mine is None or listed is None or mine.left_at is not None:
        return None
    if mine.source == enrollment.SELF and rule is not None:  # they came back by themselves
        return None
    group = () if one.source == SOURCE else _group(conn, rule)
    who = _who(conn, one) if group or one.made_by is not None else ""
    return CourseNotice(listed, who, group, mine.release_at)


def _group(conn: Connection, rule: enrollment.EnrollmentRule | None) -> tuple[Part, ...]:
    """A group, as part of a sentence."""
    if rule is None:  # it has ended meanwhile, and whom it enrolled goes on
        return (_("a group that you were in"),)
    value = rule.value.partition("/")[2]
    if rule.kind == "team":
        team = teams_tables.find_team(conn, rule.community_id, int(rule.value))
        return (_("the team {name}", name=team.name) if team is not None else _("a team"),)
    if rule.kind == "channel":
        return compose(_("everybody in {channel}"), channel=ChannelLink(value))
    return (_("everybody of {group}", group=value),)


def _who(conn: Connection, one: MembershipNotice) -> str:
    name = None if one.made_by is None else name_of(conn, one.made_by)
    return name or (_(cards.OPERATOR) if one.source == OPERATOR else _(cards.NOBODY))
