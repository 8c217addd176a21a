"""Whole groups take a course: a team, a role or group of the platform, a channel; kept in sync, later joiners too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from bot.chat.cards import Button, Buttons, Card, ChannelLink, Facts, Heading, Markdown, Note, Part, say
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment, Intake
from bot.courses.lessons import catalog, resolve
from bot.courses.lessons.course_views import COURSE
from bot.courses.lessons.release import plan
from bot.courses.teams import tables as teams_tables
from bot.feature import ButtonHandler, CommandHandler, Completion, Request, Waits, note
from bot.people.accounts import account, presence
from bot.people.hours import hours_of
from bot.people.tables import member
from bot.runtime.clock import Clock
from bot.store.store import Store

RULE = "intake"


class GroupEnrollment:
    """Moderators enrol groups, and a beat keeps them in sync."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    # ── in sync ───────────────────────────────────────────────────────────────

    async def sync(self) -> int:
        """Enrol who came into a group, and let go who went out of it; how many."""
        now = self._clock.now()
        if not await self._store.read(_amiss):
            return 0
        return await self._store.write(lambda conn: sync(conn, now))

    def next_due(self, conn: Connection) -> datetime | None:
        """Now, where somebody is to be enrolled or let go."""
        return self._clock.now() if _amiss(conn) else None

    # ── moderators ────────────────────────────────────────────────────────────

    async def enrol(self, request: Request) -> Card:
        """A group takes a course from now on; without a group, which groups do."""

        def work(conn: Connection) -> Card:
            listed = resolve.offered(conn, request)
            found = self._group(conn, request)
            if found is None:
                return self._rules(conn, request)
            if listed is None:
                known = ", ".join(one.name for one in catalog.offered(conn, request.community.id)) or "none"
                raise Refusal("Which course?", f"Courses: {known}.", request.line)
            kind, value = found
            one = tables.add_intake(conn, request.community.id, listed.id, kind, value, request.now)
            note(conn, request, "enrolled a group", listed.name, None, {kind: value})
            sync(conn, request.now)
            count = sum(each.left_at is None for each in tables.enrolled_by(conn, one).values())
            people = "1 person" if count == 1 else f"{count} people"
            return say(
                f"A group takes {listed.course.title}",
                Markdown((*_name(conn, one), f" takes **{listed.course.title}** from now on: {people}.")),
                Markdown(
                    "Who comes into the group later takes it too; who leaves the group leaves the course."
                ),
                Buttons((Button("Undo", does="course.unenrol", value=f"i{one.id}", style="danger"),)),
                Note("Everybody can pause or leave it by themselves, and is then not enrolled again."),
            )

        return await self._store.write(work)

    @staticmethod
    def _group(conn: Connection, request: Request) -> tuple[str, str] | None:
        given = [name for name in ("team", "group", "channel") if request.text(name)]
        if len(given) > 1:
            raise Refusal("Name one group at a time.", "team:, group: or channel:", request.line)
        if not given:
            return None
        space = request.person.space
        if given[0] == "team":
            team = teams_tables.by_name(conn, request.community.id, request.text("team"))
            if team is None:
                known = (
                    ", ".join(one.name for one in teams_tables.teams(conn, request.community.id)[:10])
                    or "none yet"
                )
                raise Refusal(
                    f"I know no team {request.text('team')[:40]}.", f"Teams: {known}.", request.line
                )
            return "team", str(team.id)
        if given[0] == "channel":
            return "channel", f"{space}/{request.text('channel')}"
        known_facts = _facts(conn, request.community.id, space)
        if request.text("group") not in known_facts:
            some = ", ".join(sorted(known_facts)[:10]) or "none that I have seen"
            raise Refusal("I have seen nobody of that group.", f"Groups and roles: {some}.", request.line)
        return "fact", f"{space}/{request.text('group')}"

    @staticmethod
    def _rules(conn: Connection, request: Request) -> Card:
        rules = tables.intakes(conn, request.community.id)
        listed = catalog.of_ids(conn, request.community.id, [one.course_id for one in rules])
        if not rules:
            return say(
                "No group is enrolled",
                Markdown("No group is enrolled. `/course enrol c1 team:North` enrols one."),
            )
        rows = tuple(
            (f"{number}. {listed[one.course_id].course.title}", _name(conn, one))
            for number, one in enumerate(rules, 1)
        )
        ends = tuple(
            Button(f"End {number}", does="course.unenrol", value=f"i{one.id}")
            for number, one in enumerate(rules[:5], 1)
        )
        return say("Enrolled groups", Heading("Enrolled groups"), Facts(rows), Buttons(ends))

    async def unenrol(self, request: Request) -> Card:
        """A group is no longer enrolled as such; who takes the course goes on."""

        def work(conn: Connection) -> Card:
            number = int(request.value[1:])
            for one in tables.intakes(conn, request.community.id):
                if one.id == number:
                    note(conn, request, "enrols no longer", f"c{one.course_id}", {one.kind: one.value}, None)
            tables.drop_intake(conn, request.community.id, number)
            return say(
                "The rule is gone",
                Markdown(
                    "The rule is gone: nobody else is enrolled. Who takes the course goes on by themselves."
                ),
            )

        return await self._store.write(work)

    # ── what it offers ────────────────────────────────────────────────────────

    def _groups_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = _facts(conn, request.community.id, request.person.space)
        return ((fact, f"{fact} ({count})") for fact, count in sorted(found.items()))

    def _teams_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = teams_tables.teams(conn, request.community.id)
        return ((one.name, f"{one.name} ({one.size})") for one in found)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The moderators' command for groups."""
        return (
            CommandHandler(
                Command(
                    "course", "enrol", "Let a group take a course, later joiners too",
                    (
                        COURSE,
                        Option("team", "A team", completes=True),
                        Option("group", "A role or group of the platform", completes=True),
                        Option("channel", "Everybody in a channel", OptionKind.CHANNEL),
                    ),
                    role=Role.MODERATOR,
                    examples=("/course enrol c1 team:North", "/course enrol c1 channel:#staffroom"),
                ),
                Waits(self.enrol),
            ),
        )  # fmt: skip

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The button that ends a rule."""
        return (ButtonHandler("course.unenrol", Waits(self.unenrol), Role.MODERATOR),)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        return (
            Completion("course enrol", "group", self._groups_like),
            Completion("course enrol", "team", self._teams_like),
        )


# ── who is in a group ─────────────────────────────────────────────────────────


def sync(conn: Connection, now: datetime) -> int:
    """Make the enrolments agree with the rules; how many changed."""
    changed = 0
    for one, came, went in _differences(conn):
        for member_id in came:
            hours = hours_of(conn, one.community_id, member_id, now)
            source = f"{RULE}:{one.id}"
            new = tables.enrol(
                conn, one.community_id, one.course_id, member_id, source, hours.day_of(now), now
            )
            plan(conn, new, now)
            teams_tables.recount_member(conn, one.community_id, member_id, one.course_id)
        for gone in went:
            tables.change(conn, gone.id, left_at=now, left_by=RULE, drip_at=None, nudge_at=None)
            teams_tables.recount_member(conn, one.community_id, gone.member_id, one.course_id)
        changed += len(came) + len(went)
    return changed


def _amiss(conn: Connection) -> bool:
    return any(came or went for _, came, went in _differences(conn))


def _differences(conn: Connection) -> list[tuple[Intake, list[int], list[Enrollment]]]:
    """For each rule: who is to be enrolled, and which enrolments of its making no longer hold."""
    rules = tables.intakes(conn)
    groups = {one.id: _members(conn, one) for one in rules}
    found = []
    for one in rules:
        there = tables.enrolled_by(conn, one)
        came = [
            member_id
            for member_id in sorted(groups[one.id])
            if (known := there.get(member_id)) is None
            or (known.left_at is not None and known.left_by == RULE)
        ]
        source = f"{RULE}:{one.id}"
        others = set().union(
            *(groups[each.id] for each in rules if each.course_id == one.course_id and each.id != one.id)
        )
        went = [
            known
            for member_id, known in there.items()
            if known.source == source and known.left_at is None and member_id not in groups[one.id] | others
        ]
        found.append((one, came, went))
    return found


def _members(conn: Connection, one: Intake) -> set[int]:
    """The members of a group as it is now: people who may be written to, no strangers, nobody who left."""
    query = (
        select(member.c.id)
        .join(account, account.c.member_id == member.c.id)
        .where(
            member.c.community_id == one.community_id,
            member.c.erased_at.is_(None),
            account.c.left_at.is_(None),
            account.c.stranger.is_(False),
        )
    )
    space, _, value = one.value.partition("/")
    if one.kind == "team":
        query = query.join(teams_tables.teammate, teams_tables.teammate.c.member_id == member.c.id).where(
            teams_tables.teammate.c.team_id == int(one.value), teams_tables.teammate.c.left_at.is_(None)
        )
        return set(conn.execute(query).scalars())
    query = query.where(account.c.space == space)
    if one.kind == "channel":
        here = (presence.c.space == account.c.space) & (presence.c.person == account.c.person)
        query = query.join(presence, here).where(presence.c.channel == value)
        return set(conn.execute(query).scalars())
    rows = conn.execute(query.add_columns(account.c.facts))
    return {member_id for member_id, facts in rows if value in facts}


def _facts(conn: Connection, community_id: int, space: str) -> Mapping[str, int]:
    """The roles and groups that people of a space have, with how many."""
    found: dict[str, int] = {}
    rows = conn.execute(
        select(account.c.facts).where(
            account.c.community_id == community_id, account.c.space == space, account.c.left_at.is_(None)
        )
    )
    for facts in rows.scalars():
        for fact in facts:
            found[fact] = found.get(fact, 0) + 1
    return found


def _name(conn: Connection, one: Intake) -> tuple[Part, ...]:
    """A group, in words that the platform can link."""
    if one.kind == "team":
        team = teams_tables.find(conn, one.community_id, int(one.value))
        return ("a team that is no more" if team is None else f"Team {team.name}",)
    value = one.value.partition("/")[2]
    return ("Everybody in ", ChannelLink(value)) if one.kind == "channel" else (f"Everybody of {value}",)
